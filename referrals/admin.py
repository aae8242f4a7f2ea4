"""What services cover and their assessors can carry, for administrators; no case is in here."""

from django.contrib import admin

from referrals.models import Assessor, Conflict, Coverage


@admin.register(Coverage)
class CoverageAdmin(admin.ModelAdmin):
    list_display = ("service", "type", "region")
    list_filter = ("service", "region")


@admin.register(Assessor)
class AssessorAdmin(admin.ModelAdmin):
    list_display = ("user", "service", "capacity")
    list_filter = ("service",)


@admin.register(Conflict)
class ConflictAdmin(admin.ModelAdmin):
    list_display = ("service", "person", "authority", "enquiry_reference")
