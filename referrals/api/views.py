"""The API's views of triage and placing: shape, one action, the fresh object."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.attachments import (
    BYTES,
    LIMITS_SHOWN,
    AttachmentBody,
    AttachmentBytes,
    Attachments,
    AttachmentShown,
)
from intake.api.base import View, answered, read_shape
from intake.api.paging import PAGING, Pages, order_of
from intake.api.problems import BadRequest
from intake.api.schema import list_of, page_of
from intake.api.serializers import ReasonBody, ReasonCodeBody
from intake.api.transitions import TransitionView
from intake.api.views import flat_parameters
from intake.checks import Fault
from intake.lifecycle import Transition as EnquiryTransition
from intake.models import Attachment, Enquiry, Organisation, User
from intake.refusals import Invalid, NotFound
from referrals import filters
from referrals.actions import (
    addenda,
    assessments,
    evidence,
    follow_ups,
    oversight,
    placements,
    reviews,
    triage,
    undoing,
)
from referrals.api.serializers import (
    AcceptBody,
    AcceptOfferBody,
    AddendumBody,
    ChallengeBody,
    ChallengeShown,
    CloseBody,
    DeclineBody,
    DeclineOfferBody,
    DeliverBody,
    DuplicateBody,
    EvidenceBody,
    EvidenceShown,
    OfferBody,
    PauseBody,
    ReallocateBody,
    RedirectBody,
    ReferralLine,
    ReferralShown,
    SendBackBody,
    StartBody,
    SubmitReportBody,
    show_line,
    show_referral,
)
from referrals.lifecycle import Transition
from referrals.models import Challenge, Referral

Row = TypeVar("Row")
SHOWN_WITH = ("enquiry__authority", "assessment__type", "service", "assessor__organisation", "co_worker")

# The enquiry's transitions whose actions live on this floor.
OF_ENQUIRY: dict[str, tuple[Any, Any]] = {
    EnquiryTransition.CLAIM: (None, triage.claim),
    EnquiryTransition.TAKE_OVER: (ReasonBody, triage.take_over),
    EnquiryTransition.RELEASE: (None, triage.release),
    EnquiryTransition.ACCEPT: (AcceptBody, triage.accept),
    EnquiryTransition.DECLINE: (DeclineBody, triage.decline),
    EnquiryTransition.REDIRECT: (RedirectBody, triage.redirect),
    EnquiryTransition.MARK_DUPLICATE: (DuplicateBody, triage.mark_duplicate),
    EnquiryTransition.CLOSE: (None, None),
    EnquiryTransition.REOPEN: (ReasonBody, triage.reopen),
    EnquiryTransition.UNDO: (None, undoing.undo),
}
OF_REFERRAL: dict[str, tuple[Any, Any]] = {
    Transition.OFFER: (OfferBody, placements.offer),
    Transition.RECALL_OFFER: (ReasonBody, placements.recall_offer),
    Transition.DECLINE_OFFER: (DeclineOfferBody, placements.decline_offer),
    Transition.LAPSE_OFFER: (None, None),
    Transition.ACCEPT_OFFER: (AcceptOfferBody, placements.accept_offer),
    Transition.REALLOCATE: (ReallocateBody, placements.reallocate),
    Transition.RETURN_TO_WAITING: (ReasonCodeBody, placements.return_to_waiting),
    Transition.START: (StartBody, assessments.start),
    Transition.PAUSE: (PauseBody, assessments.pause),
    Transition.RESUME: (None, assessments.resume),
    Transition.SUBMIT_REPORT: (SubmitReportBody, assessments.submit_report),
    Transition.SEND_BACK: (SendBackBody, reviews.send_back),
    Transition.DELIVER: (DeliverBody, reviews.deliver),
    Transition.REQUEST_ADDENDUM: (AddendumBody, addenda.request_addendum),
    Transition.CLOSE: (CloseBody, follow_ups.close),
    Transition.CANCEL: (ReasonCodeBody, placements.cancel),
    Transition.REOPEN: (ReasonBody, placements.reopen),
}


class Referrals(View):
    model = Referral
    reading_scope = "referrals:read"
    parameters: ClassVar = frozenset(filters.ReferralFilter.base_filters) | PAGING | {"ordering"}

    @extend_schema(
        operation_id="referrals_list",
        parameters=[
            *(OpenApiParameter(name, str, many=True) for name in filters.ReferralFilter.base_filters),
            OpenApiParameter("ordering", str, enum=list(filters.ORDERINGS)),
            OpenApiParameter("cursor", str),
            OpenApiParameter("page_size", int),
        ],
        responses=page_of(ReferralLine),
        tags=["referral"],
    )
    def get(self, request: Request) -> Response:
        rows = self.visible().select_related(*SHOWN_WITH)
        chosen = filters.ReferralFilter(request.query_params, rows, request=request)
        if not chosen.is_valid():
            raise BadRequest(flat_parameters(chosen.errors))
        pages = Pages(request, order_of(request, filters.ORDERINGS, "-created_at"))
        return pages.answer([show_line(row) for row in pages.rows(chosen.qs)])


class ReferralDetail(View):
    model = Referral
    reading_scope = "referrals:read"

    @extend_schema(operation_id="referrals_retrieve", responses=ReferralShown, tags=["referral"])
    def get(self, request: Request, reference: str) -> Response:
        row = self.find(reference, *SHOWN_WITH)
        return answered(row, show_referral(row, self.user))


class ReferralTransition(TransitionView):
    model = Referral
    noun = "referral"

    def show(self, row: Referral) -> Response:
        row = self.find(row.reference, *SHOWN_WITH)
        return answered(row, show_referral(row, self.user))

    def arguments(self, data: dict[str, Any]) -> dict[str, Any]:
        """Names in the body become the rows they name, in the caller's own scope."""
        finders: dict[str, Callable[[Any], Any]] = {
            "service": self.service,
            "assessor": self.assessor,
            "report": self.report,
        }
        return {name: finders[name](value) if name in finders else value for name, value in data.items()}

    def service(self, code: str) -> Organisation:
        rows = Organisation.objects.visible_to(self.user).services().live(timezone.localdate())
        return found(rows.filter(code=code).first(), "/service", "Choose an assessment service.")

    def assessor(self, email: str) -> User:
        rows = User.objects.visible_to(self.user).active().filter(kind=User.Kind.PERSON)
        person: User | None = rows.filter(email=email.lower()).first()
        return found(person, "/assessor", "Choose an assessor of this service.")

    def report(self, pk: int) -> Attachment:
        rows = Attachment.objects.visible_to(self.user).filter(pk=pk, role="report")
        return found(rows.first(), "/report", "Choose a report that is attached to this referral.")


def found(row: Row | None, pointer: str, sentence: str) -> Row:
    """Foreign and non-existent are the same fault."""
    if row is None:
        raise Invalid([Fault(pointer, "unknown", sentence)])
    return row


class ReferralAttachments(Attachments):
    model = Referral
    reading_scope = "referrals:read"

    def enquiry_of(self, row: Referral) -> Enquiry:
        return row.enquiry

    @extend_schema(
        operation_id="referrals_attachments",
        responses=list_of(AttachmentShown, limits=LIMITS_SHOWN),
        tags=["referral"],
    )
    def get(self, request: Request, reference: str) -> Response:
        return super().get(request, reference)

    @extend_schema(
        operation_id="referrals_attach",
        request={"multipart/form-data": AttachmentBody},
        responses={200: AttachmentShown, 201: AttachmentShown},
        tags=["referral"],
    )
    def post(self, request: Request, reference: str) -> Response:
        return super().post(request, reference)


class ReferralAttachment(AttachmentBytes):
    """A referral's file; the authority reads the report once it is delivered."""

    model = Referral
    reading_scope = "referrals:read"

    def enquiry_of(self, row: Referral) -> Enquiry:
        return row.enquiry

    @extend_schema(operation_id="referrals_attachment", responses=BYTES, tags=["referral"])
    def get(self, request: Request, reference: str, pk: int) -> FileResponse:
        """As a download, once the scanner has found it clean; 409 with its state before."""
        return super().get(request, reference, pk)


class EvidenceLog(View):
    model = Referral
    reading_scope = "referrals:read"
    shape = EvidenceBody()

    @extend_schema(operation_id="referrals_evidence", responses=list_of(EvidenceShown), tags=["referral"])
    def get(self, request: Request, reference: str) -> Response:
        rows = self.find(reference).evidence_rows.all()
        return Response({"results": EvidenceShown(rows, many=True).data})

    @extend_schema(
        operation_id="referrals_log_evidence",
        request=EvidenceBody,
        responses={201: EvidenceShown},
        tags=["referral"],
    )
    def post(self, request: Request, reference: str) -> Response:
        """A source asked, received, or not available and why; the same source again says what became of it."""
        row = self.find(reference)
        data = read_shape(self.shape, request.data)
        logged = evidence.log(referral=row, by=self.user, **data)
        return Response(EvidenceShown(logged).data, status=201)


class Challenges(View):
    model = Referral
    reading_scope = "referrals:read"
    shape = ChallengeBody()

    def refuse_authority(self) -> None:
        if self.user.organisation.kind == Organisation.Kind.AUTHORITY:
            raise NotFound

    @extend_schema(operation_id="referrals_challenges", responses=list_of(ChallengeShown), tags=["referral"])
    def get(self, request: Request, reference: str) -> Response:
        self.refuse_authority()
        rows = self.find(reference).challenge_rows.all()
        return Response({"results": ChallengeShown(rows, many=True).data})

    @extend_schema(
        operation_id="referrals_challenge",
        request=ChallengeBody,
        responses={201: ChallengeShown},
        tags=["referral"],
    )
    def post(self, request: Request, reference: str) -> Response:
        self.refuse_authority()
        row = self.find(reference)
        data = read_shape(self.shape, request.data)
        raised = oversight.challenge(referral=row, by=self.user, text=data["text"])
        return Response(ChallengeShown(raised).data, status=201)


class ChallengeAnswer(View):
    model = Referral
    shape = ChallengeBody()

    @extend_schema(
        operation_id="referrals_answer_challenge",
        request=ChallengeBody,
        responses=ChallengeShown,
        tags=["referral"],
    )
    def post(self, request: Request, reference: str, pk: int) -> Response:
        row = self.find(reference)
        challenge = Challenge.objects.visible_to(self.user).filter(referral=row, pk=pk).first()
        if challenge is None or self.user.organisation.kind == Organisation.Kind.AUTHORITY:
            raise NotFound
        data = read_shape(self.shape, request.data)
        answered_row = oversight.answer_challenge(challenge=challenge, by=self.user, text=data["text"])
        return Response(ChallengeShown(answered_row).data)
