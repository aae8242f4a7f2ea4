"""What services cover and their assessors can carry, for administrators; no case is in here."""

from django.contrib import admin

from referrals.models import Assessor, Conflict, Coverage, DriftRule


@admin.register(Coverage)
class CoverageAdmin(admin.ModelAdmin):
    list_display = ("service", "type", "region", "age_from", "age_to")
    list_filter = ("service", "region")


@admin.register(Assessor)
class AssessorAdmin(admin.ModelAdmin):
    list_display = ("user", "service", "hours", "capacity", "grade", "registration_until")
    list_filter = ("service",)


@admin.register(DriftRule)
class DriftRuleAdmin(admin.ModelAdmin):
    """After how many days work counts as drifting; what is not here holds as shipped."""

    list_display = ("code", "days", "valid_from", "valid_until", "verified")
    list_filter = ("code",)


@admin.register(Conflict)
class ConflictAdmin(admin.ModelAdmin):
    list_display = ("service", "person", "kind", "authority", "enquiry_reference", "valid_until")
