"""Plans of the waiting list over the API: asked for, followed, applied row by row."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.base import View, read_shape
from intake.bodies import Body
from intake.refusals import NotFound
from intake.shape import Day, Number, Shape, Text
from referrals.actions import planning
from referrals.models import PlanRow, PlanRun

URL = "/api/v1/planner/runs/{}/"


class PlanBody(Shape):
    query = Text(
        max_length=2_000, help_text="Which of the waiting referrals: filters of referrals/; left out, all."
    )


class RowNumbers(serializers.ListField):
    def __init__(self, **options: Any) -> None:
        super().__init__(child=Number(required=True, max_value=10_000), max_length=1_000, **options)


class ApplyBody(Shape):
    rows = RowNumbers(required=True, help_text="The numbers of the rows to offer.")
    reply_by = Day(required=True)


class PlanPointShown(serializers.Serializer[Any]):
    text = serializers.CharField()
    points = serializers.IntegerField()


class PlanRowShown(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    referral = serializers.CharField()
    outcome = serializers.ChoiceField(PlanRow.Outcome.choices)
    service = serializers.CharField(help_text="Its code; empty where none was found.")
    assessor = serializers.CharField()
    total = serializers.IntegerField(help_text="The sum of the points.")
    points = PlanPointShown(many=True)
    cost = serializers.IntegerField(help_text="Points lost against the best there was for it alone.")
    forecast = serializers.CharField()
    before = serializers.CharField()
    says = serializers.CharField(help_text="The move, why there is none, or what became of it.")


class PlanFiguresShown(serializers.Serializer[Any]):
    """Of the plan, and beside it (first_) of placing the most pressing first, each with their best."""

    seconds = serializers.FloatField()
    placed = serializers.IntegerField()
    unplaced = serializers.IntegerField()
    late = serializers.IntegerField()
    score = serializers.IntegerField()
    bound = serializers.IntegerField(help_text="A score that no plan can pass.")
    first_placed = serializers.IntegerField()
    first_late = serializers.IntegerField()
    first_score = serializers.IntegerField()


class PlanRunShown(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    url = serializers.CharField()
    state = serializers.ChoiceField(PlanRun.State.choices)
    stopped = serializers.CharField(help_text="Why it was given up; mostly empty.")
    made_at = serializers.DateTimeField()
    made_by = serializers.CharField()
    total = serializers.IntegerField()
    input_hash = serializers.CharField(help_text="Equal for an equal waiting list and equal people.")
    figures = PlanFiguresShown(allow_null=True)
    rows = PlanRowShown(many=True)


def show(run: PlanRun, view: View) -> Body:
    rows = PlanRow.objects.visible_to(view.user).filter(run=run)
    return {
        "id": run.uid,
        "url": URL.format(run.uid),
        "state": run.state,
        "stopped": run.why_given_up,
        "made_at": run.made_at,
        "made_by": run.made_by.name,
        "total": run.total,
        "input_hash": run.input_hash,
        "figures": run.figures or None,
        "rows": [show_row(row) for row in rows.select_related("referral", "service", "assessor")],
    }


def show_row(row: PlanRow) -> Body:
    kept = ("number", "outcome", "total", "points", "cost", "forecast", "before", "says")
    return {
        **{name: getattr(row, name) for name in kept},
        "referral": row.referral.reference,
        "service": row.service.code if row.service else "",
        "assessor": row.assessor.name if row.assessor else "",
    }


class PlanView(View):
    model = PlanRun
    reading_scope = "referrals:read"

    def found(self, run: UUID) -> PlanRun:
        planning.refuse_planning(self.user)
        row: PlanRun | None = self.visible().select_related("made_by").filter(uid=run).first()
        if row is None:
            raise NotFound
        return row

    def answer(self, run: PlanRun) -> Response:
        shown = show(self.found(run.uid), self)
        return Response(shown, status=202, headers={"Location": shown["url"]})


class Plans(PlanView):
    shape = PlanBody()

    @extend_schema(
        operation_id="plans_create", request=PlanBody, responses={202: PlanRunShown}, tags=["planner"]
    )
    def post(self, request: Request) -> Response:
        """Have the waiting list divided among all assessors at once; nothing is offered yet."""
        planning.refuse_planning(self.user)
        given = read_shape(self.shape, request.data)
        return self.answer(planning.ask(by=self.user, query=given.get("query", "")))


class PlanDetail(PlanView):
    @extend_schema(operation_id="plans_retrieve", responses=PlanRunShown, tags=["planner"])
    def get(self, request: Request, run: UUID) -> Response:
        """How far it is; each referral with whom and why, or why not."""
        return Response(show(self.found(run), self))


class PlanApply(PlanView):
    shape = ApplyBody()

    @extend_schema(
        operation_id="plans_apply", request=ApplyBody, responses={202: PlanRunShown}, tags=["planner"]
    )
    def post(self, request: Request, run: UUID) -> Response:
        """Offer these rows; what changed meanwhile is refused alone, and what was offered stays."""
        found = self.found(run)
        given = read_shape(self.shape, request.data)
        asked = planning.apply(run=found, by=self.user, numbers=given["rows"], reply_by=given["reply_by"])
        return self.answer(planning.begin(asked))
