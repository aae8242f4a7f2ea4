"""The API of the improvement log."""

from typing import Any, ClassVar

from django.db.models import Q
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.base import read_shape
from intake.api.paging import PAGING, Pages
from intake.api.problems import BadRequest
from intake.api.schema import page_of
from intake.checks import Fault
from intake.refusals import Invalid
from intake.shape import Choice, Day, Number, Prose, Shape, Text
from referrals.actions import improvements
from referrals.api.quality import QualityView
from referrals.models import Audit, Improvement

STATES = ("open", "overdue", "done", "checked")
WITH = ("owner", "raised_by", "referral", "done_by", "checked_by")


class OwnedBody(Shape):
    owner = Text(required=True, max_length=254, help_text="The e-mail address of who brings it about.")
    due_on = Day(required=True)


class ImprovementBody(OwnedBody):
    what = Prose(required=True)
    source = Choice(choices=Improvement.Source.choices)  # type: ignore[assignment]
    audits = serializers.ListField(
        child=Number(required=True, min_value=1),
        max_length=50,
        required=False,
        help_text="It comes from these.",
    )
    defect_code = Text(
        max_length=40, help_text="Of the code list review_defect, where it comes from reviews."
    )
    found = Prose(help_text="What was found, where it comes from no audit or review.")


class ChangeBody(OwnedBody):
    reason = Prose(required=True)


class DoneEvidenceBody(Shape):
    evidence = Prose(required=True)


class EffectBody(Shape):
    worked = Choice(choices=Improvement.Worked.choices)
    effect = Prose(required=True)


class StepShown(serializers.Serializer[Any]):
    verb = serializers.CharField()
    text = serializers.CharField()
    owner = serializers.CharField(source="owner.name")
    due_on = serializers.DateField()
    by = serializers.CharField(source="by.name")
    at = serializers.DateTimeField()


class ImprovementLine(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    what = serializers.CharField()
    state = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    defect_code = serializers.CharField()
    found = serializers.CharField()
    referral = serializers.CharField(source="referral.reference", default=None, allow_null=True)
    owner = serializers.CharField(source="owner.name")
    due_on = serializers.DateField()
    raised_by = serializers.CharField(source="raised_by.name")
    raised_at = serializers.DateTimeField()
    evidence = serializers.CharField()
    done_at = serializers.DateTimeField(allow_null=True)
    worked = serializers.CharField()
    effect = serializers.CharField()
    checked_at = serializers.DateTimeField(allow_null=True)


class ImprovementShown(ImprovementLine):
    audits = serializers.ListField(child=serializers.IntegerField())
    steps = StepShown(many=True)


class ImprovementView(QualityView):
    model = Improvement

    def shown(self, pk: int, status: int = 200) -> Response:
        row = self.numbered(pk, *WITH)
        audits = Audit.objects.visible_to(self.user).filter(improvements=row).values_list("pk", flat=True)
        whole = {
            **ImprovementLine(row).data,
            "audits": list(audits),
            "steps": StepShown(row.steps.select_related("owner", "by"), many=True).data,
        }
        return Response(whole, status=status)


def in_state(state: str) -> Q:
    today = timezone.localdate()
    return {
        "": Q(),
        "open": Q(done_at__isnull=True),
        "overdue": Q(done_at__isnull=True, due_on__lt=today),
        "done": Q(done_at__isnull=False, checked_at__isnull=True),
        "checked": Q(checked_at__isnull=False),
    }[state]


class Improvements(ImprovementView):
    shape = ImprovementBody()
    parameters: ClassVar = PAGING | {"state", "source"}
    single: ClassVar = ImprovementView.single | {"state", "source"}

    @extend_schema(
        operation_id="improvements_list",
        parameters=[
            OpenApiParameter("state", str, enum=list(STATES), description="What is overdue is open, too."),
            OpenApiParameter("source", str, enum=Improvement.Source.values),
            OpenApiParameter("cursor", str),
            OpenApiParameter("page_size", int),
        ],
        responses=page_of(ImprovementLine),
        tags=["improvement"],
    )
    def get(self, request: Request) -> Response:
        """By their day."""
        state, source = (request.query_params.get(name, "") for name in ("state", "source"))
        faults = [
            Fault(name, "unknown", f"Say one of: {', '.join(known)}.")
            for name, value, known in (
                ("state", state, STATES),
                ("source", source, Improvement.Source.values),
            )
            if value and value not in known
        ]
        if faults:
            raise BadRequest(faults)
        rows = self.visible().filter(in_state(state)).select_related(*WITH)
        rows = rows.filter(source=source) if source else rows
        pages = Pages(request, "due_on")
        return pages.answer(list(ImprovementLine(pages.rows(rows), many=True).data))

    @extend_schema(
        operation_id="improvements_enter",
        request=ImprovementBody,
        responses={201: ImprovementShown},
        tags=["improvement"],
    )
    def post(self, request: Request) -> Response:
        """What is to change, whose it is, by when, and where it comes from."""
        improvements.refuse_entering(self.user)
        data = read_shape(self.shape, request.data)
        owner = self.colleague(data, "owner")
        audits = self.audits(data.pop("audits", []))
        row = improvements.add(by=self.user, owner=owner, audits=audits, **data)
        return self.shown(row.pk, 201)

    def audits(self, numbers: list[int]) -> list[Audit]:
        rows = Audit.objects.visible_to(self.user).select_related("referral").in_bulk(numbers)
        unknown = [place for place, number in enumerate(numbers) if number not in rows]
        if unknown:
            raise Invalid(
                [Fault(f"/audits/{place}", "unknown", "There is no such audit.") for place in unknown]
            )
        return [rows[number] for number in dict.fromkeys(numbers)]


class ImprovementDetail(ImprovementView):
    shape = ChangeBody()

    @extend_schema(operation_id="improvements_read", responses=ImprovementShown, tags=["improvement"])
    def get(self, request: Request, improvement: int) -> Response:
        return self.shown(improvement)

    @extend_schema(
        operation_id="improvements_change",
        request=ChangeBody,
        responses=ImprovementShown,
        tags=["improvement"],
    )
    def patch(self, request: Request, improvement: int) -> Response:
        """Another owner or another day, with the reason."""
        row = self.numbered(improvement, "referral")
        data = read_shape(self.shape, request.data)
        owner = self.colleague(data, "owner")
        improvements.change(improvement=row, by=self.user, owner=owner, **data)
        return self.shown(improvement)


class ImprovementDone(ImprovementView):
    shape = DoneEvidenceBody()

    @extend_schema(
        operation_id="improvements_done",
        request=DoneEvidenceBody,
        responses=ImprovementShown,
        tags=["improvement"],
    )
    def post(self, request: Request, improvement: int) -> Response:
        """With what shows it; by its owner or a manager."""
        row = self.numbered(improvement, "referral")
        improvements.finish(improvement=row, by=self.user, **read_shape(self.shape, request.data))
        return self.shown(improvement)


class ImprovementCheck(ImprovementView):
    shape = EffectBody()

    @extend_schema(
        operation_id="improvements_check",
        request=EffectBody,
        responses=ImprovementShown,
        tags=["improvement"],
    )
    def post(self, request: Request, improvement: int) -> Response:
        """Whether it worked, by somebody who neither owned it nor said that it is done."""
        row = self.numbered(improvement, "referral")
        improvements.check_effect(improvement=row, by=self.user, **read_shape(self.shape, request.data))
        return self.shown(improvement)
