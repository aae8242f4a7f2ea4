"""The API's views of oversight: entries on a referral or an enquiry, their answers, the drift list."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.base import View, read_shape
from intake.api.schema import list_of
from intake.checks import Fault
from intake.models import Enquiry, Organisation, User
from intake.refusals import Invalid, NotFound
from intake.shape import Day, Prose, Shape, Text
from referrals.actions import oversight
from referrals.api.serializers import ChallengeBody, ChallengeShown
from referrals.models import Challenge, OversightEntry, Referral


class EntryBody(Shape):
    decision = Prose()
    challenge = Prose()
    action = Prose(help_text="What is to be done; then by whom and by when as well.")
    owner = Text(max_length=254, help_text="The e-mail address of who does it.")
    due_on = Day()


class DoneBody(Shape):
    outcome = Prose(required=True)


class EntryShown(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    decision = serializers.CharField()
    challenge = ChallengeShown(allow_null=True)
    action = serializers.CharField()
    owner = serializers.CharField(source="owner.name", default=None, allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    entered_by = serializers.CharField(source="entered_by.name")
    entered_at = serializers.DateTimeField()
    outcome = serializers.CharField()
    done_at = serializers.DateTimeField(allow_null=True)


SHOWN_WITH = ("challenge", "owner", "entered_by")


class OverseenView(View):
    """Between the hub and, of a referral, its service; for an authority nothing is here."""

    def subject(self, reference: str) -> Any:
        kind = self.user.organisation.kind
        if kind != Organisation.Kind.HUB and (self.model is Enquiry or kind == Organisation.Kind.AUTHORITY):
            raise NotFound
        return self.find(reference)

    def entries(self, reference: str) -> Any:
        rows = OversightEntry.objects.visible_to(self.user).about(self.subject(reference))
        return rows.select_related(*SHOWN_WITH)

    def colleague(self, email: str, pointer: str) -> User:
        rows = User.objects.visible_to(self.user).active().filter(kind=User.Kind.PERSON)
        person: User | None = rows.filter(email=email.lower()).first()
        if person is None:
            raise Invalid([Fault(pointer, "unknown", "Choose somebody of ours, or of the service.")])
        return person


class Entries(OverseenView):
    shape = EntryBody()

    def get(self, request: Request, reference: str) -> Response:
        return Response({"results": EntryShown(self.entries(reference), many=True).data})

    def post(self, request: Request, reference: str) -> Response:
        """A decision, a challenge or both; while a challenge is open no report is handed in, and nothing closed."""
        row = self.subject(reference)
        oversight.refuse_overseeing(self.user)
        data = read_shape(self.shape, request.data)
        owner = self.colleague(data.pop("owner"), "/owner") if data.get("owner") else None
        entry = oversight.enter(about=row, by=self.user, **{**data, "owner": owner})
        return Response(EntryShown(entry).data, status=201)


class EntryDone(OverseenView):
    shape = DoneBody()

    def post(self, request: Request, reference: str, pk: int) -> Response:
        """What was to be done is done; by whom it was asked of, or a manager."""
        entry = self.entries(reference).filter(pk=pk).first()
        if entry is None:
            raise NotFound
        data = read_shape(self.shape, request.data)
        return Response(EntryShown(oversight.finish(entry=entry, by=self.user, **data)).data)


class ReferralEntries(Entries):
    model = Referral
    reading_scope = "referrals:read"

    @extend_schema(operation_id="referrals_oversight", responses=list_of(EntryShown), tags=["referral"])
    def get(self, request: Request, reference: str) -> Response:
        return super().get(request, reference)

    @extend_schema(
        operation_id="referrals_oversee", request=EntryBody, responses={201: EntryShown}, tags=["referral"]
    )
    def post(self, request: Request, reference: str) -> Response:
        return super().post(request, reference)


class EnquiryEntries(Entries):
    model = Enquiry

    @extend_schema(operation_id="enquiries_oversight", responses=list_of(EntryShown), tags=["enquiry"])
    def get(self, request: Request, reference: str) -> Response:
        return super().get(request, reference)

    @extend_schema(
        operation_id="enquiries_oversee", request=EntryBody, responses={201: EntryShown}, tags=["enquiry"]
    )
    def post(self, request: Request, reference: str) -> Response:
        return super().post(request, reference)


class ReferralEntryDone(EntryDone):
    model = Referral
    reading_scope = "referrals:read"

    @extend_schema(
        operation_id="referrals_oversight_done", request=DoneBody, responses=EntryShown, tags=["referral"]
    )
    def post(self, request: Request, reference: str, pk: int) -> Response:
        return super().post(request, reference, pk)


class EnquiryEntryDone(EntryDone):
    model = Enquiry

    @extend_schema(
        operation_id="enquiries_oversight_done", request=DoneBody, responses=EntryShown, tags=["enquiry"]
    )
    def post(self, request: Request, reference: str, pk: int) -> Response:
        return super().post(request, reference, pk)


class EnquiryChallengeAnswer(OverseenView):
    model = Enquiry
    shape = ChallengeBody()

    @extend_schema(
        operation_id="enquiries_answer_challenge",
        request=ChallengeBody,
        responses=ChallengeShown,
        tags=["enquiry"],
    )
    def post(self, request: Request, reference: str, pk: int) -> Response:
        """Of a challenge about the enquiry as a whole; one about a referral is answered there."""
        rows = Challenge.objects.visible_to(self.user).about(self.subject(reference))
        challenge = rows.filter(pk=pk).first()
        if challenge is None:
            raise NotFound
        data = read_shape(self.shape, request.data)
        return Response(
            ChallengeShown(oversight.answer_challenge(challenge=challenge, by=self.user, **data)).data
        )
