"""The API of audits: samples, one audit as far as it has come, finished, sent back, replied to."""

from typing import Any, ClassVar, NoReturn

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.base import read_shape, seen
from intake.api.paging import PAGING, Pages
from intake.api.problems import BadRequest
from intake.api.schema import list_of, page_of
from intake.checks import Fault
from intake.models import User
from intake.refusals import NotFound
from intake.shape import Choice, Day, Number, Prose, Shape, Text
from referrals import audited
from referrals.actions import audits, samples
from referrals.api.quality import QualityView
from referrals.models import Audit, AuditReply, AuditSample, Referral

STATES = ("open", "finished")
WITH = (
    "auditor",
    "sample",
    "referral__enquiry__authority",
    "referral__assessment__type",
    "referral__service",
)


class WrittenBody(Shape):
    compliance_text = Prose()
    quality_grade = Choice(choices=Audit.Grade.choices, required=False, allow_blank=True)
    quality_text = Prose()
    impact_grade = Choice(choices=Audit.Grade.choices, required=False, allow_blank=True)
    impact_text = Prose(help_text="What the work changed for the child.")
    voice_how = Choice(choices=Audit.Voice.choices, required=False, allow_blank=True)
    voice_text = Prose(help_text="What the child said, or how their experience was understood.")


class AskBody(Shape):
    auditor = Text(required=True, max_length=254, help_text="The e-mail address of somebody independent.")
    due_on = Day(required=True)


class PickBody(AskBody):
    reason = Prose(required=True)


class SampleBody(Shape):
    first = Day(required=True, help_text="Of the days on which the work was closed.")
    last = Day(required=True)
    number = Number(required=True, max_value=samples.MOST)
    due_on = Day(required=True)
    seed = Text(
        max_length=40, help_text="Left out, one is made. The same seed from the same work draws the same."
    )


class WhyBody(Shape):
    reason = Prose(required=True)


class ReplyBody(Shape):
    text = Prose(required=True)


class SampleShown(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    first = serializers.DateField()
    last = serializers.DateField()
    number = serializers.IntegerField()
    seed = serializers.CharField()
    there_were = serializers.IntegerField()
    left_out = serializers.IntegerField()
    by = serializers.CharField(source="by.name")
    at = serializers.DateTimeField()


class ItemShown(serializers.Serializer[Any]):
    code = serializers.CharField()
    state = serializers.CharField()
    why = serializers.CharField()


class AuditLine(serializers.Serializer[Any]):
    """One of a list: its grades once it is finished."""

    id = serializers.IntegerField()
    referral = serializers.CharField(source="referral.reference")
    number = serializers.IntegerField()
    state = serializers.CharField()
    sample = serializers.IntegerField(source="sample_id", allow_null=True)
    auditor = serializers.CharField(source="auditor.name")
    due_on = serializers.DateField()
    finished_at = serializers.DateTimeField(allow_null=True)
    compliance = serializers.CharField()
    quality_grade = serializers.CharField()
    impact_grade = serializers.CharField()
    voice_how = serializers.CharField()

    def to_representation(self, instance: Audit) -> dict[str, Any]:
        """While it is written, its words and grades are its auditor's own."""
        shown: dict[str, Any] = super().to_representation(instance)
        if not instance.words_open_to(self.context["user"]):
            shown |= {name: "" for name in (*audits.CHOSEN, *audits.WRITTEN, "compliance") if name in shown}
        return shown


class ReplyShown(serializers.Serializer[Any]):
    text = serializers.CharField()
    by = serializers.CharField(source="by.name")
    at = serializers.DateTimeField()


class AuditShown(AuditLine):
    compliance_items = ItemShown(many=True, help_text="Derived from the record; kept once it is finished.")
    compliance_text = serializers.CharField()
    quality_text = serializers.CharField()
    impact_text = serializers.CharField()
    voice_text = serializers.CharField()
    replies = ReplyShown(many=True)


def shown(audit: Audit, user: User) -> dict[str, Any]:
    if audit.finished_at is None:
        audit.compliance_items = [row._asdict() for row in audited.items(audit.referral)]
    whole: dict[str, Any] = dict(AuditShown(audit, context={"user": user}).data)
    return whole


class AuditView(QualityView):
    model = Audit

    def answered(self, pk: int) -> Response:
        row = self.numbered(pk, *WITH)
        return Response(shown(row, self.user), headers={"ETag": row.etag})


class Audits(AuditView):
    """What one may see: of those that are open one's own, a manager's all."""

    parameters: ClassVar = PAGING | {"state"}
    single: ClassVar = AuditView.single | {"state"}

    @extend_schema(
        operation_id="audits_list",
        parameters=[
            OpenApiParameter("state", str, enum=list(STATES), description="Both, unless you say one."),
            OpenApiParameter("cursor", str),
            OpenApiParameter("page_size", int),
        ],
        responses=page_of(AuditLine),
        tags=["audit"],
    )
    def get(self, request: Request) -> Response:
        state = request.query_params.get("state", "")
        if state not in ("", *STATES):
            raise BadRequest([Fault("state", "unknown", "Say open or finished.")])
        rows = self.visible().select_related(*WITH)
        rows = rows.filter(finished_at__isnull=state == "open") if state else rows
        pages = Pages(request, "due_on")
        return pages.answer(list(AuditLine(pages.rows(rows), many=True, context={"user": self.user}).data))


class Samples(QualityView):
    model = AuditSample
    shape = SampleBody()
    parameters: ClassVar = PAGING

    @extend_schema(
        operation_id="audits_samples",
        parameters=[OpenApiParameter("cursor", str), OpenApiParameter("page_size", int)],
        responses=page_of(SampleShown),
        tags=["audit"],
    )
    def get(self, request: Request) -> Response:
        """Each draw, with the seed by which it can be drawn again."""
        pages = Pages(request, "-at")
        rows = pages.rows(self.visible().select_related("by"))
        return pages.answer(list(SampleShown(rows, many=True).data))

    @extend_schema(
        operation_id="audits_draw", request=SampleBody, responses={201: SampleShown}, tags=["audit"]
    )
    def post(self, request: Request) -> Response:
        """Draw closed work at random, each service in it, and ask for the audits."""
        audits.refuse_choosing(self.user)
        data = read_shape(self.shape, request.data)
        return Response(SampleShown(samples.choose(by=self.user, **data)).data, status=201)


class OfReferral(AuditView):
    shape = PickBody()

    def keep_out(self) -> NoReturn:
        """Nor does whoever reads no audits see a referral."""
        raise NotFound

    def referral(self, reference: str) -> Referral:
        # Not there, for whoever does not see the work itself.
        rows = Referral.objects.visible_to(self.user).select_related("enquiry")
        found = rows.filter(reference=reference).first() if "\x00" not in reference else None
        return found or self.numbered(0)

    @extend_schema(operation_id="referrals_audits", responses=list_of(AuditLine), tags=["audit"])
    def get(self, request: Request, reference: str) -> Response:
        rows = self.visible().filter(referral=self.referral(reference)).select_related(*WITH)
        return Response({"results": AuditLine(rows, many=True, context={"user": self.user}).data})

    @extend_schema(
        operation_id="referrals_audit", request=PickBody, responses={201: AuditShown}, tags=["audit"]
    )
    def post(self, request: Request, reference: str) -> Response:
        """Have one audited, with the reason why this one."""
        row = self.referral(reference)
        audits.refuse_choosing(self.user)
        data = read_shape(self.shape, request.data)
        auditor = self.colleague(data, "auditor")
        audit = audits.pick(referral=row, by=self.user, auditor=auditor, **data)
        answer = self.answered(audit.pk)
        answer.status_code = 201
        return answer


class AuditDetail(AuditView):
    shape = WrittenBody()

    @extend_schema(operation_id="audits_read", responses=AuditShown, tags=["audit"])
    def get(self, request: Request, audit: int) -> Response:
        return self.answered(audit)

    @extend_schema(operation_id="audits_keep", request=WrittenBody, responses=AuditShown, tags=["audit"])
    def patch(self, request: Request, audit: int) -> Response:
        """What its auditor has so far; needs If-Match."""
        row = seen(request, self.numbered(audit, "referral", "auditor"))
        row.seen_version = row.version
        audits.save(audit=row, by=self.user, **read_shape(self.shape, request.data))
        return self.answered(audit)


class AuditFinish(AuditView):
    shape = WrittenBody()

    @extend_schema(operation_id="audits_finish", request=WrittenBody, responses=AuditShown, tags=["audit"])
    def post(self, request: Request, audit: int) -> Response:
        """Finished, with the impact on the child and the child's voice, or not at all; needs If-Match."""
        row = seen(request, self.numbered(audit, "referral", "auditor"))
        row.seen_version = row.version
        audits.finish(audit=row, by=self.user, **read_shape(self.shape, request.data))
        return self.answered(audit)


class AuditReturn(AuditView):
    shape = WhyBody()

    @extend_schema(operation_id="audits_return", request=WhyBody, responses=AuditShown, tags=["audit"])
    def post(self, request: Request, audit: int) -> Response:
        """Back to its auditor, by a manager who had no part in it."""
        row = self.numbered(audit, "referral", "auditor")
        audits.send_back(audit=row, by=self.user, **read_shape(self.shape, request.data))
        return self.answered(audit)


class AuditAssign(AuditView):
    shape = AskBody()

    @extend_schema(operation_id="audits_assign", request=AskBody, responses=AuditShown, tags=["audit"])
    def post(self, request: Request, audit: int) -> Response:
        """To somebody else, or by another day, while it is open."""
        row = self.numbered(audit, "referral", "auditor")
        audits.refuse_choosing(self.user)
        data = read_shape(self.shape, request.data)
        audits.assign(audit=row, by=self.user, auditor=self.colleague(data, "auditor"), **data)
        return self.answered(audit)


class Replies(AuditView):
    shape = ReplyBody()

    @extend_schema(operation_id="audits_replies", responses=list_of(ReplyShown), tags=["audit"])
    def get(self, request: Request, audit: int) -> Response:
        rows = (
            AuditReply.objects.visible_to(self.user).filter(audit=self.numbered(audit)).select_related("by")
        )
        return Response({"results": ReplyShown(rows, many=True).data})

    @extend_schema(
        operation_id="audits_reply", request=ReplyBody, responses={201: ReplyShown}, tags=["audit"]
    )
    def post(self, request: Request, audit: int) -> Response:
        """By those whose work it was, once it is finished."""
        row = self.numbered(audit, "referral__enquiry", "auditor")
        said = audits.reply(audit=row, by=self.user, **read_shape(self.shape, request.data))
        return Response(ReplyShown(said).data, status=201)
