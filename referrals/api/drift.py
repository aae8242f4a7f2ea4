"""The API's view of what drifts."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.base import View
from intake.api.paging import PAGING, Pages
from intake.api.problems import BadRequest
from intake.api.schema import page_of
from intake.checks import Fault
from intake.models import Enquiry
from referrals import drift


class DriftingShown(serializers.Serializer[Any]):
    reference = serializers.CharField()
    url = serializers.CharField()
    status = serializers.CharField()
    service = serializers.CharField(allow_null=True)
    assessor = serializers.CharField(allow_null=True)
    owner = serializers.CharField(allow_null=True)
    reasons = serializers.ListField(child=serializers.CharField())
    updated_at = serializers.DateTimeField()


WHAT = ("referrals", "enquiries")


class Drift(View):
    """Open work that drifts, the longest untouched first; each with why it is here."""

    model = Enquiry
    parameters: ClassVar = PAGING | {"what"}
    single: ClassVar = View.single | {"what"}

    @extend_schema(
        operation_id="oversight_drift",
        parameters=[
            OpenApiParameter(
                "what", str, enum=list(WHAT), description="Referrals, unless you say enquiries."
            ),
            OpenApiParameter("cursor", str),
            OpenApiParameter("page_size", int),
        ],
        responses=page_of(DriftingShown),
        tags=["oversight"],
    )
    def get(self, request: Request) -> Response:
        drift.refuse_looking(self.user)
        what = request.query_params.get("what", WHAT[0])
        if what not in WHAT:
            raise BadRequest([Fault("what", "unknown", "Say referrals or enquiries.")])
        today = timezone.localdate()
        days, pages = drift.days_of(today), Pages(request, "updated_at")
        if what == "referrals":
            rows = drift.drifting_referrals(self.user, today, days).select_related("service", "assessor")
            shown = [show(row, drift.REFERRAL_WHY, days) for row in pages.rows(rows)]
        else:
            found = drift.drifting_enquiries(self.user, today, days).select_related("owner")
            shown = [show(row, drift.ENQUIRY_WHY, days) for row in pages.rows(found)]
        return pages.answer(shown)


def show(row: Any, why: tuple[drift.Why, ...], days: dict[str, int]) -> dict[str, Any]:
    people = {name: getattr(row, name, None) for name in ("service", "assessor", "owner")}
    return {
        "reference": row.reference,
        "url": f"/api/v1/{'enquiries' if isinstance(row, Enquiry) else 'referrals'}/{row.reference}/",
        "status": row.status,
        **{name: person.name if person else None for name, person in people.items()},
        "reasons": drift.reasons_of(row, why, days),
        "updated_at": row.updated_at,
    }
