"""Assessment services at the API: what they cover, who assesses there, what they carry; who could take a referral."""

from datetime import date
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.base import View
from intake.api.reference_views import ON, ReferenceView
from intake.api.schema import list_of
from intake.api.serializers import AuthorityShown
from intake.bodies import Body
from intake.lifecycle import Role
from intake.models import Organisation, User
from intake.refusals import Forbidden, NotFound
from referrals import capacity, suggestions
from referrals.api.timetable import ForecastShown, show_forecast
from referrals.matching import Candidate, Match
from referrals.models import Assessor, Referral


class CoverageShown(serializers.Serializer[Any]):
    type = serializers.CharField()
    region = serializers.CharField(help_text="Empty: everywhere.")
    age_from = serializers.IntegerField()
    age_to = serializers.IntegerField()
    languages = serializers.ListField(child=serializers.CharField())


class LoadShown(serializers.Serializer[Any]):
    """Hours a week."""

    hours_a_week = serializers.FloatField()
    committed = serializers.FloatField()
    free = serializers.FloatField()
    percent = serializers.IntegerField()


class ServiceShown(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    region = serializers.CharField()
    assessors = serializers.IntegerField()
    load = LoadShown()
    coverage = CoverageShown(many=True)


def show_service(row: Candidate, region: str, today: date) -> Body:
    hours = sum(one.diary.hours for one in row.team)
    taken = sum(one.diary.committed(today) for one in row.team)
    return {
        "code": row.service_code,
        "name": row.name,
        "region": region,
        "assessors": len(row.team),
        "load": show_load(capacity.Load(round(hours, 1), round(taken, 1), hours)),
        "coverage": [
            {
                "type": code,
                "region": cover.region,
                "age_from": cover.age_from,
                "age_to": cover.age_to,
                "languages": sorted(cover.languages),
            }
            for code, rows in sorted(row.cover.items())
            for cover in rows
        ],
    }


def show_load(load: capacity.Load) -> Body:
    return {
        "hours_a_week": load.hours_a_week,
        "committed": load.committed,
        "free": load.free,
        "percent": load.percent,
    }


class Services(ReferenceView):
    @extend_schema(
        operation_id="assessment_services",
        parameters=[ON],
        responses=list_of(ServiceShown),
        tags=["reference"],
    )
    def get(self, request: Request) -> Response:
        """With what they cover and carry. The hub sees all, a service itself, an authority none."""
        day = self.day()
        visible = Organisation.objects.visible_to(self.user).services().live(day)
        regions = dict(visible.values_list("pk", "region"))
        rows = suggestions.candidates(day, list(regions)) if regions else []
        return Response({"results": [show_service(row, regions[row.service], day) for row in rows]})


class RegistrationShown(serializers.Serializer[Any]):
    body = serializers.CharField()
    number = serializers.CharField()
    until = serializers.DateField(allow_null=True)
    expires_soon = serializers.BooleanField(help_text="Within 60 days, or it has.")


class AwayShown(serializers.Serializer[Any]):
    first = serializers.DateField()
    last = serializers.DateField()


class AssessorShown(serializers.Serializer[Any]):
    name = serializers.CharField()
    email = serializers.CharField()
    grade = serializers.CharField()
    registration = RegistrationShown()
    skills = serializers.ListField(child=serializers.CharField())
    languages = serializers.ListField(child=serializers.CharField())
    base_area = serializers.CharField()
    capacity = serializers.IntegerField(help_text="Open referrals at the most.")
    load = LoadShown()
    leave = AwayShown(many=True)
    ends_on = serializers.DateField(allow_null=True)


def refuse_reading(user: User) -> None:
    """Coordinators and managers of the hub, and the service's lead."""
    if not user.has(Role.COORDINATOR, Role.MANAGER, Role.SERVICE_LEAD):
        raise Forbidden("Your role does not allow this: read what assessors carry.")


class Assessors(View):
    reading_scope: ClassVar = "referrals:read"
    parameters: ClassVar[frozenset[str]] = frozenset()

    @extend_schema(
        operation_id="assessment_services_assessors", responses=list_of(AssessorShown), tags=["reference"]
    )
    def get(self, request: Request, service: str) -> Response:
        """Of one service, with registration, skills, hours and leave; never why somebody is away."""
        today = timezone.localdate()
        visible = Organisation.objects.visible_to(self.user).services().live(today)
        row = visible.filter(code=service).first()
        if row is None:
            raise NotFound
        refuse_reading(self.user)
        people = Assessor.objects.visible_to(self.user).filter(service=row, user__is_active=True)
        shown = (
            people.select_related("user")
            .prefetch_related("skill_rows", "leave_rows")
            .order_by("user__name", "pk")
        )
        loads = capacity.load(shown, today)
        return Response({"results": [show_assessor(one, loads[one.pk], today) for one in shown]})


def show_assessor(row: Assessor, load: capacity.Load, today: date) -> Body:
    return {
        "name": row.user.name,
        "email": row.user.email,
        "grade": row.grade,
        "registration": {
            "body": row.registration_body,
            "number": row.registration_number,
            "until": row.registration_until,
            "expires_soon": row.registration_ends_soon,
        },
        "skills": sorted(skill.code for skill in row.skill_rows.all() if skill.holds(today)),
        "languages": sorted(row.languages),
        "base_area": row.base_area,
        "capacity": row.capacity,
        "load": show_load(load),
        "leave": [
            {"first": leave.first, "last": leave.last}
            for leave in row.leave_rows.all()
            if leave.last >= today
        ],
        "ends_on": row.ends_on,
    }


# --- Suggestions ---------------------------------------------------------------------------------------------


class MatchPointShown(serializers.Serializer[Any]):
    text = serializers.CharField()
    points = serializers.IntegerField()


class MatchStopShown(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField()
    overridable_by = serializers.CharField(help_text="manager, or empty: nobody.")


class MatchCautionShown(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField()


class MatchShown(serializers.Serializer[Any]):
    """A service, or an assessor of one; `points` add up to `total`."""

    service = AuthorityShown()
    assessor = serializers.CharField(allow_null=True, help_text="The e-mail address; null of a service.")
    name = serializers.CharField()
    best_assessor = serializers.CharField(help_text="Of a service: whose points these are.")
    total = serializers.IntegerField()
    sentence = serializers.CharField()
    points = MatchPointShown(many=True)
    stops = MatchStopShown(many=True)
    cautions = MatchCautionShown(many=True)
    forecast = ForecastShown()


class SuggestionsShown(serializers.Serializer[Any]):
    referral = serializers.CharField()
    hours = serializers.IntegerField()
    weeks = serializers.IntegerField()
    services = MatchShown(many=True)
    assessors = MatchShown(many=True)
    stopped = MatchShown(many=True)


def show_match(found: Match, user: User) -> Body:
    one = found.candidate
    return {
        "service": {"code": one.service_code, "name": one.service_name},
        "assessor": one.email or None,
        "name": one.name,
        "best_assessor": found.best.name if found.best else "",
        "total": found.total,
        "sentence": found.sentence,
        "points": [{"text": point.text, "points": point.points} for point in found.points],
        "stops": [
            {"code": stop.code, "text": stop.text, "overridable_by": stop.overridable_by}
            for stop in suggestions.told_to(user, found)
        ],
        "cautions": [{"code": caution.code, "text": caution.text} for caution in found.cautions],
        "forecast": show_forecast(found.forecast),
    }


class ReferralSuggestions(View):
    model = Referral
    reading_scope: ClassVar = "referrals:read"

    @extend_schema(operation_id="referrals_suggestions", responses=SuggestionsShown, tags=["referral"])
    def get(self, request: Request, reference: str) -> Response:
        """Best first, with reasons; the hub is told of all services, a lead of the assessors of their own."""
        row = self.find(reference, "enquiry__authority", "assessment__type", "service")
        refuse_reading(self.user)
        found = suggestions.suggestions_to(self.user, row, timezone.localdate())
        return Response(
            {
                "referral": row.reference,
                "hours": found.wanted.hours,
                "weeks": found.wanted.weeks,
                "services": [show_match(one, self.user) for one in found.services],
                "assessors": [show_match(one, self.user) for one in found.assessors],
                "stopped": [show_match(one, self.user) for one in found.stopped],
            }
        )
