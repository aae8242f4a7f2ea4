"""What an assessment type needs at each stage, and the JSON Schema that a case system validates against."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.problems import BadRequest
from intake.api.reference_views import ON, ReferenceView, holds
from intake.checks import Fault
from intake.json_schema import json_schema
from intake.models import Organisation, book
from intake.refusals import NotFound
from intake.requirements import STAGES, Requirement, Stage

NATION = OpenApiParameter(
    "nation", str, enum=Organisation.Nation.values, description="Your own authority's without it."
)


class FactShown(serializers.Serializer[Any]):
    """One fact. `fact` is a pattern of JSON pointers (`*` each row); empty where `in_words` says who answers it."""

    code = serializers.CharField()
    section = serializers.CharField()
    fact = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    hint = serializers.CharField()
    level = serializers.ChoiceField(["required", "expected"])
    answer = serializers.ChoiceField(["", "text", "date", "yes_no"])
    when = serializers.CharField()
    nation = serializers.CharField()
    in_words = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    verified = serializers.CharField()


class StagesShown(serializers.Serializer[Any]):
    intake = FactShown(many=True)
    acceptance = FactShown(many=True)
    start = FactShown(many=True)


class RequirementsShown(serializers.Serializer[Any]):
    type = serializers.CharField()
    name = serializers.CharField()
    valid_on = serializers.DateField()
    stages = StagesShown()
    schema = serializers.DictField(
        help_text="JSON Schema 2020-12 of a whole enquiry that asks for this type."
    )


class TypeRequirements(ReferenceView):
    parameters = single = frozenset({"on", "nation"})

    @extend_schema(
        operation_id="assessment_type_requirements",
        parameters=[ON, NATION],
        responses=RequirementsShown,
        tags=["reference"],
    )
    def get(self, request: Request, code: str) -> Response:
        """What this type needs at intake, acceptance and start; a body that fails the schema would be refused."""
        shelf, day, nation = book(), self.day(), self.nation()
        kind = shelf.types.get(code)
        if kind is None or not holds(kind, day):
            raise NotFound
        asked = [row for row in shelf.requirements.on(day, nation) if row.asked_of(code)]
        return Response(
            {
                "type": code,
                "name": kind.name,
                "valid_on": day,
                "stages": {stage: facts(asked, stage) for stage in STAGES},
                "schema": json_schema(code, book=shelf, on=day, nation=nation),
            }
        )

    def nation(self) -> str:
        given = self.request.query_params.get("nation")
        if given is None:
            return self.user.organisation.nation
        if given not in Organisation.Nation.values:
            raise BadRequest([Fault("nation", "invalid", "Give England or Wales.")])
        return str(given)


def facts(asked: list[Requirement], stage: Stage) -> list[dict[str, Any]]:
    return [
        {
            **{name: getattr(row, name) for name in FactShown._declared_fields if name != "level"},
            "level": row.level(stage),
        }
        for row in asked
        if row.level(stage)
    ]
