"""Who may see an enquiry: restricted, its access list, proposals that another manager decides, conflicts."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.actions import restricting
from intake.api.base import View, read_shape
from intake.api.schema import list_of
from intake.api.serializers import ReasonBody
from intake.bodies import Body
from intake.checks import Fault
from intake.lifecycle import Role
from intake.models import Access, AccessProposal, ConflictBlock, Enquiry, User
from intake.refusals import Forbidden, Invalid, NotFound
from intake.shape import Choice, Prose, Shape, Text, YesNo, texts


class PersonShown(serializers.Serializer[Any]):
    name = serializers.CharField()
    email = serializers.EmailField()
    since = serializers.DateTimeField()


class AccessShown(serializers.Serializer[Any]):
    restricted = serializers.BooleanField()
    people = PersonShown(many=True)
    conflicts = PersonShown(many=True)


class ProposalShown(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    enquiry = serializers.CharField()
    kind = serializers.ChoiceField(choices=AccessProposal.Kind.choices)
    person = serializers.CharField(allow_null=True)
    reason = serializers.CharField()
    proposed_by = serializers.CharField()
    proposed_at = serializers.DateTimeField()
    agreed = serializers.BooleanField(allow_null=True)


class RestrictBody(Shape):
    reason = Prose(required=True)
    people = texts(254)


class ProposeBody(Shape):
    kind = Choice(choices=["let_in", "lift", "unblock"])
    reason = Prose(required=True)
    person = Text(max_length=254, help_text="Their e-mail address; not for lifting.")


class DecideBody(Shape):
    agreed = YesNo(required=True)


class ConflictBody(Shape):
    reason = Prose(required=True)
    person = Text(max_length=254, help_text="Their e-mail address; without it the caller themselves.")


def show_proposal(row: AccessProposal) -> Body:
    return {
        "id": row.pk,
        "enquiry": row.enquiry.reference,
        "kind": row.kind,
        "person": row.person.name if row.person else None,
        "reason": row.reason,
        "proposed_by": row.proposed_by.name,
        "proposed_at": row.proposed_at,
        "agreed": row.agreed,
    }


def shown(row: Access | ConflictBlock) -> Body:
    return {"name": row.person.name, "email": row.person.email, "since": row.since}


class EnquiryPeople(View):
    """Reads e-mail addresses as people whom the enquiry may name."""

    model = Enquiry

    def people(self, enquiry: Enquiry, emails: list[str], pointer: str) -> list[User]:
        rows = restricting.seers(enquiry).filter(email__in=[email.lower() for email in emails])
        found = {row.email: row for row in rows}
        faults = [
            Fault(pointer.format(place), "unknown", "Choose somebody who may see this enquiry.")
            for place, email in enumerate(emails)
            if email.lower() not in found
        ]
        if faults:
            raise Invalid(faults)
        return list(found.values())

    def person(self, enquiry: Enquiry, email: str) -> User | None:
        return self.people(enquiry, [email], "/person")[0] if email else None


class AccessList(EnquiryPeople):
    shape = RestrictBody()

    @extend_schema(operation_id="enquiries_access", responses=AccessShown, tags=["access"])
    def get(self, request: Request, reference: str) -> Response:
        enquiry = self.find(reference)
        restricting.refuse_readers(self.user)
        return Response(self.show(enquiry))

    @extend_schema(
        operation_id="enquiries_restrict", request=RestrictBody, responses=AccessShown, tags=["access"]
    )
    def post(self, request: Request, reference: str) -> Response:
        """From now on only these people see it, and the manager who says so."""
        enquiry = self.find(reference)
        restricting.refuse_others(self.user, "restrict an enquiry")
        data = read_shape(self.shape, request.data)
        people = self.people(enquiry, data.get("people", []), "/people/{}")
        restricting.restrict(enquiry=enquiry, by=self.user, reason=data["reason"], people=people)
        return Response(self.show(self.find(reference)))

    def show(self, enquiry: Enquiry) -> Body:
        rows = [
            kind.objects.visible_to(self.user).live().filter(enquiry=enquiry).select_related("person")
            for kind in (Access, ConflictBlock)
        ]
        people, conflicts = ([shown(row) for row in found] for found in rows)
        return {"restricted": enquiry.restricted, "people": people, "conflicts": conflicts}


class AskToRestrict(View):
    model = Enquiry
    shape = ReasonBody()

    @extend_schema(
        operation_id="enquiries_ask_to_restrict", request=ReasonBody, responses={204: None}, tags=["access"]
    )
    def post(self, request: Request, reference: str) -> Response:
        """The managers are asked to restrict it."""
        enquiry = self.find(reference)
        data = read_shape(self.shape, request.data)
        restricting.ask(enquiry=enquiry, by=self.user, reason=data["reason"])
        return Response(status=204)


class Conflicts(EnquiryPeople):
    shape = ConflictBody()

    @extend_schema(
        operation_id="enquiries_conflict", request=ConflictBody, responses={204: None}, tags=["access"]
    )
    def post(self, request: Request, reference: str) -> Response:
        """A conflict of interest keeps somebody out of the enquiry and those joined with it, at once."""
        enquiry = self.find(reference)
        data = read_shape(self.shape, request.data)
        email = data.get("person", "")
        if email and email.lower() != self.user.email:
            restricting.refuse_others(self.user, "record a conflict of interest of somebody else")
        person = self.person(enquiry, email) or self.user
        restricting.block(enquiry=enquiry, by=self.user, person=person, reason=data["reason"])
        return Response(status=204)


class Proposals(EnquiryPeople):
    shape = ProposeBody()

    @extend_schema(
        operation_id="enquiries_propose_access",
        request=ProposeBody,
        responses={201: ProposalShown},
        tags=["access"],
    )
    def post(self, request: Request, reference: str) -> Response:
        """To let somebody in, lift the restriction or end a conflict: another manager decides."""
        enquiry = self.find(reference)
        restricting.refuse_others(self.user, "propose it")
        data = read_shape(self.shape, request.data)
        row = restricting.propose(
            enquiry=enquiry,
            by=self.user,
            kind=data["kind"],
            reason=data["reason"],
            person=self.person(enquiry, data.get("person", "")),
        )
        return Response(show_proposal(row), status=201)


class WaitingProposals(View):
    @extend_schema(operation_id="access_proposals", responses=list_of(ProposalShown), tags=["access"])
    def get(self, request: Request) -> Response:
        """What waits for a manager, also of enquiries that they do not see."""
        if not self.user.has(Role.MANAGER, Role.AUDITOR):
            raise Forbidden("Your role does not allow this: read what is proposed.")
        rows = AccessProposal.objects.visible_to(self.user).waiting()
        shown_rows = rows.select_related("enquiry", "person", "proposed_by")
        return Response({"results": [show_proposal(row) for row in shown_rows]})


class ProposalDecision(View):
    shape = DecideBody()

    @extend_schema(
        operation_id="access_proposals_decide", request=DecideBody, responses=ProposalShown, tags=["access"]
    )
    def post(self, request: Request, pk: int) -> Response:
        """Agreed or not, by another manager than who proposed it."""
        rows = AccessProposal.objects.visible_to(self.user)
        row = rows.select_related("enquiry", "person", "proposed_by").filter(pk=pk).first()
        if row is None:
            raise NotFound
        data = read_shape(self.shape, request.data)
        decided = restricting.decide(proposal=row, by=self.user, agreed=data["agreed"])
        return Response(show_proposal(decided))
