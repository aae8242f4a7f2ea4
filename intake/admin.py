"""Reference data, organisations and people, for administrators; no case is in here."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from oauth2_provider.models import (
    get_access_token_model,
    get_grant_model,
    get_id_token_model,
    get_refresh_token_model,
)

from intake.actions import closing, weighing
from intake.models import (
    ApiClient,
    AssessmentHours,
    AssessmentType,
    AuthorityCode,
    Code,
    DeliveryBody,
    EmailDomain,
    EthnicGroup,
    Grade,
    Holiday,
    MatchWeight,
    Organisation,
    PlanStep,
    PostcodeArea,
    PriorityWeight,
    Reorganisation,
    Requirement,
    RoleGrant,
    StatutoryClock,
    Target,
    User,
    WorkTarget,
    put_away,
)


class ReferenceAdmin(admin.ModelAdmin):
    """Dated facts with their source and mark; an edit is in force within a minute, here at once."""

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        put_away()

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        super().delete_model(request, obj)
        put_away()


@admin.register(Code)
class CodeAdmin(ReferenceAdmin):
    list_display = ("list", "code", "label", "valid_from", "valid_until", "verified")
    list_filter = ("list", "verified", "nation")
    search_fields = ("code", "label")


@admin.register(AssessmentType)
class AssessmentTypeAdmin(ReferenceAdmin):
    list_display = ("code", "name", "group", "weeks_min", "weeks_max", "verified")
    list_filter = ("group", "verified")
    search_fields = ("code", "name")


@admin.register(Requirement)
class RequirementAdmin(ReferenceAdmin):
    list_display = ("code", "section", "label", "intake", "acceptance", "start", "verified")
    list_filter = ("section", "intake", "acceptance", "start", "verified")
    search_fields = ("code", "label", "fact")


@admin.register(Holiday)
class HolidayAdmin(ReferenceAdmin):
    list_display = ("date", "title", "nation", "ours", "verified")
    date_hierarchy = "date"

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        assert isinstance(obj, Holiday)
        super().save_model(request, obj, form, change)
        closing.count_anew(min(obj.date, form.initial.get("date") or obj.date))

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        assert isinstance(obj, Holiday)
        super().delete_model(request, obj)
        closing.count_anew(obj.date)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for row in queryset:
            self.delete_model(request, row)


@admin.register(StatutoryClock)
class StatutoryClockAdmin(ReferenceAdmin):
    list_display = ("code", "name", "kind", "amount", "unit", "starts_from", "nation", "verified")
    list_filter = ("kind", "nation", "verified")


@admin.register(Target)
class TargetAdmin(ReferenceAdmin):
    list_display = ("code", "nation", "working_days", "cut_off", "closes", "valid_from", "valid_until")


@admin.register(WorkTarget)
class WorkTargetAdmin(ReferenceAdmin):
    list_display = (
        "code",
        "label",
        "type",
        "amount",
        "unit",
        "nation",
        "valid_from",
        "valid_until",
        "verified",
    )
    list_filter = ("code", "verified")


@admin.register(PlanStep)
class PlanStepAdmin(ReferenceAdmin):
    list_display = (
        "code", "label", "type", "before_filing", "after_instruction", "valid_from", "valid_until", "verified",
    )  # fmt: skip
    list_filter = ("type", "verified")


@admin.register(AssessmentHours)
class AssessmentHoursAdmin(ReferenceAdmin):
    list_display = ("type", "hours", "weeks", "skills", "grade", "valid_from", "valid_until", "verified")


@admin.register(Grade)
class GradeAdmin(ReferenceAdmin):
    list_display = ("label", "level", "share", "valid_from", "valid_until", "verified")


@admin.register(PostcodeArea)
class PostcodeAreaAdmin(ReferenceAdmin):
    list_display = ("area", "name", "nation", "latitude", "longitude", "verified")


@admin.register(MatchWeight)
class MatchWeightAdmin(ReferenceAdmin):
    list_display = ("code", "label", "points", "stops", "valid_from", "valid_until")


@admin.register(PriorityWeight)
class PriorityWeightAdmin(ReferenceAdmin):
    """Each edit is a change of the weights, with who and when, like one of the manager's page."""

    list_display = ("factor", "code", "limit", "points", "label", "valid_from", "valid_until")
    list_filter = ("factor",)

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        assert isinstance(obj, PriorityWeight)
        assert isinstance(request.user, User)
        super().save_model(request, obj, form, change)
        weighing.note_edit(row=obj, before=form.initial.get("points", 0), by=request.user)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        assert isinstance(obj, PriorityWeight)
        assert isinstance(request.user, User)
        weighing.note_edit(row=obj, before=obj.points, by=request.user, deleted=True)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for row in queryset:
            self.delete_model(request, row)


@admin.register(EmailDomain)
class EmailDomainAdmin(ReferenceAdmin):
    list_display = ("domain", "kind", "who", "verified")


@admin.register(EthnicGroup, Reorganisation, DeliveryBody)
class OtherReferenceAdmin(ReferenceAdmin):
    list_filter = ("verified",)


class AuthorityCodeInline(admin.TabularInline):
    model = AuthorityCode
    extra = 0


@admin.register(Organisation)
class OrganisationAdmin(ReferenceAdmin):
    list_display = ("name", "kind", "code", "nation", "region", "valid_from", "valid_until")
    list_filter = ("kind", "nation", "region")
    search_fields = ("name", "code", "official_name")
    inlines = (AuthorityCodeInline,)


class RoleInline(admin.TabularInline):
    model = RoleGrant
    fk_name = "user"
    fields = ("role", "granted_by", "granted_at")
    readonly_fields = ("granted_at",)
    extra = 0


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Who works where, in which roles; passwords are set by their owners."""

    list_display = ("name", "email", "organisation", "kind", "is_active")
    list_filter = ("kind", "is_active", "organisation__kind")
    search_fields = ("name", "email")
    fields = ("kind", "name", "email", "job_title", "organisation", "language", "is_active")
    readonly_fields = ("kind",)
    inlines = (RoleInline,)


# Clients are issued by an action, their tokens are nobody's to read.
for model in (
    ApiClient,
    get_access_token_model(),
    get_grant_model(),
    get_id_token_model(),
    get_refresh_token_model(),
):
    if admin.site.is_registered(model):
        admin.site.unregister(model)
