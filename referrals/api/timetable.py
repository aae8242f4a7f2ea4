"""The timetable of an enquiry over the API: days of court, plans back from filing, earliest realistic dates."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.base import View
from intake.api.clocks import ReadingShown, show_reading
from intake.api.serializers import AuthorityShown
from intake.bodies import Body
from intake.lifecycle import Status
from intake.models import Enquiry, Organisation
from intake.models.reference import Dated
from referrals import court, forecasting
from referrals.court import Day, Plan
from referrals.forecast import Forecast
from referrals.turnaround import OurTarget


class TargetShown(ReadingShown):
    """One of our targets for the work of a referral."""

    code = serializers.CharField()
    promise = serializers.CharField()
    verified = serializers.ChoiceField(Dated.Verified.choices)


def show_target(target: OurTarget) -> Body:
    own = {"code": target.code, "promise": target.promise, "verified": target.verified}
    return own | show_reading(target.reading)


class DayShown(serializers.Serializer[Any]):
    on = serializers.DateField()
    code = serializers.CharField()
    words = serializers.CharField()
    mark = serializers.ChoiceField(["", "passed", "today", "next"])


class PlanShown(serializers.Serializer[Any]):
    """An assessment planned back from the day it is filed; `assessment` is its place in the enquiry."""

    assessment = serializers.IntegerField()
    type = serializers.CharField()
    filing = serializers.DateField()
    days = DayShown(many=True)
    warning = serializers.CharField()


class ForecastShown(serializers.Serializer[Any]):
    starts_on = serializers.DateField()
    ready_on = serializers.DateField()
    needed_by = serializers.DateField(allow_null=True)
    spare = serializers.IntegerField(allow_null=True, help_text="In working days; negative: too late.")
    late = serializers.BooleanField()
    sentence = serializers.CharField()


class EarliestShown(serializers.Serializer[Any]):
    """The earliest realistic date of an assessment; null where no service has room."""

    assessment = serializers.IntegerField()
    type = serializers.CharField()
    forecast = ForecastShown(allow_null=True)


class AtServiceShown(EarliestShown):
    service = AuthorityShown()


class TimetableShown(serializers.Serializer[Any]):
    days = DayShown(many=True)
    plans = PlanShown(many=True)
    earliest = EarliestShown(many=True, help_text="Left empty for a service.")
    services = AtServiceShown(many=True, help_text="The same at each service; for the hub.")


def show_day(day: Day) -> Body:
    return {"on": day.on, "code": day.code, "words": day.words, "mark": day.mark}


def show_plan(plan: Plan) -> Body:
    return {
        "assessment": plan.position,
        "type": plan.type,
        "filing": plan.filing,
        "days": [show_day(day) for day in plan.days],
        "warning": plan.warning,
    }


def show_forecast(found: Forecast | None) -> Body | None:
    if found is None:
        return None
    kept = ("starts_on", "ready_on", "needed_by", "spare", "late", "sentence")
    return {name: getattr(found, name) for name in kept}


def show_services(enquiry: Enquiry, body: Body) -> list[Body]:
    return [
        {
            "assessment": row.position,
            "type": row.type,
            "service": {"code": row.service.code, "name": row.service.name},
            "forecast": show_forecast(row.forecast),
        }
        for row in forecasting.at_services(enquiry, body, timezone.localdate())
    ]


class TimetableView(View):
    model = Enquiry

    @extend_schema(operation_id="enquiries_timetable", responses=TimetableShown, tags=["enquiry"])
    def get(self, request: Request, reference: str) -> Response:
        """Days of court, authority, panel and birth; the plan of each assessment; when there would be room."""
        enquiry = self.find(reference, "authority")
        body, today = court.dates_of(enquiry), timezone.localdate()
        table, kind = court.timetable_of(enquiry, body, today), self.user.organisation.kind
        sent = enquiry.status != Status.DRAFT
        whole = sent and kind != Organisation.Kind.SERVICE
        earliest = forecasting.earliest_of(enquiry, body, today) if whole else []
        in_hub = sent and kind == Organisation.Kind.HUB
        return Response(
            {
                "days": [show_day(day) for day in table.days],
                "plans": [show_plan(plan) for plan in table.plans],
                "earliest": [
                    {"assessment": row.position, "type": row.type, "forecast": show_forecast(row.forecast)}
                    for row in earliest
                ],
                "services": show_services(enquiry, body) if in_hub else [],
            }
        )
