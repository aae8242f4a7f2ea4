"""Reference data as the API gives it: codes, authorities, assessment types, with dates, source and mark."""

from datetime import date
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.base import View
from intake.api.problems import BadRequest
from intake.api.schema import list_of
from intake.checks import Fault
from intake.models import AssessmentType, Code, Organisation
from intake.refusals import NotFound

ON = OpenApiParameter("on", str, description="The day on which they hold; today without it.")


class CodeShown(serializers.ModelSerializer[Code]):
    class Meta:
        model = Code
        fields = (
            "code",
            "label",
            "hint",
            "group",
            "exclusive",
            "selectable",
            "nation",
            "valid_from",
            "valid_until",
            "source",
            "verified",
        )


class TypeShown(serializers.ModelSerializer[AssessmentType]):
    # Plain integers: the engines have different largest ones, and the description is one.
    weeks_min = serializers.IntegerField(allow_null=True)
    weeks_max = serializers.IntegerField(allow_null=True)

    class Meta:
        model = AssessmentType
        fields = (
            "code",
            "name",
            "group",
            "weeks_min",
            "weeks_max",
            "done_by",
            "needs",
            "gate",
            "valid_from",
            "valid_until",
            "source",
            "verified",
        )


class AuthorityCodeShown(serializers.Serializer[Any]):
    scheme = serializers.CharField()
    code = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)


class OrganisationShown(serializers.ModelSerializer[Organisation]):
    codes = AuthorityCodeShown(many=True, read_only=True)

    class Meta:
        model = Organisation
        fields = (
            "code",
            "name",
            "official_name",
            "nation",
            "region",
            "type",
            "valid_from",
            "valid_until",
            "codes",
        )


# What is counted on from a day stays a day, too.
EARLIEST, LATEST = 1900, 2200


class ReferenceView(View):
    reading_scope = None
    parameters: ClassVar = frozenset({"on"})

    def day(self) -> date:
        given = self.request.query_params.get("on")
        try:
            day = date.fromisoformat(given) if given else timezone.localdate()
            if not EARLIEST <= day.year <= LATEST:
                raise ValueError
        except ValueError:
            raise BadRequest([Fault("on", "invalid", "Give a date such as 2027-03-05.")]) from None
        return day


class Codes(ReferenceView):
    @extend_schema(
        operation_id="codes",
        parameters=[ON],
        responses=list_of(CodeShown, list=serializers.CharField(), on=serializers.DateField()),
        tags=["reference"],
    )
    def get(self, request: Request, name: str) -> Response:
        """One code list, as it holds on a day."""
        day, rows = self.day(), list(Code.objects.filter(list=name))
        if not rows:
            raise NotFound
        held = [row for row in rows if holds(row, day)]
        return Response({"list": name, "on": day, "results": CodeShown(held, many=True).data})


def holds(row: Any, day: date) -> bool:
    return (row.valid_from is None or row.valid_from <= day) and (
        row.valid_until is None or day <= row.valid_until
    )


class AssessmentTypes(ReferenceView):
    @extend_schema(
        operation_id="assessment_types", parameters=[ON], responses=list_of(TypeShown), tags=["reference"]
    )
    def get(self, request: Request) -> Response:
        day = self.day()
        rows = [row for row in AssessmentType.objects.all() if holds(row, day)]
        return Response({"results": TypeShown(rows, many=True).data})


class Authorities(ReferenceView):
    @extend_schema(
        operation_id="authorities",
        parameters=[ON],
        responses=list_of(OrganisationShown),
        tags=["reference"],
    )
    def get(self, request: Request) -> Response:
        rows = Organisation.objects.authorities().live(self.day()).prefetch_related("codes")
        return Response({"results": OrganisationShown(rows, many=True).data})
