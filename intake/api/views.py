"""The API's views of the front door: shape, one action, the fresh object."""

from collections.abc import Mapping
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from intake import bodies, filters, shapes
from intake.actions import enquiries, information, sharing
from intake.api.authentication import scopes_of
from intake.api.base import View, answered, read_shape, seen
from intake.api.paging import PAGING, Pages, order_of
from intake.api.problems import BadRequest
from intake.api.schema import page_of
from intake.api.serializers import (
    LINE,
    AnswerBody,
    DisclosedBody,
    EnquiryLine,
    EnquiryShown,
    EventShown,
    MeShown,
    ReasonBody,
    ReasonCodeBody,
    RequestInformationBody,
    show_enquiry,
    show_event,
    show_lines,
)
from intake.api.transitions import IF_MATCH, TransitionView
from intake.checks import Fault
from intake.lifecycle import Role, Transition
from intake.models import Enquiry, Event, Organisation
from intake.refusals import Invalid

KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Repeat with the same key: nothing is made twice.",
)
SHOWN_WITH = ("authority", "owner")


class Enquiries(View):
    """The list, and the door through which enquiries come in."""

    model = Enquiry
    parameters: ClassVar = frozenset(filters.EnquiryFilter.base_filters) | PAGING | {"ordering"}

    @extend_schema(
        operation_id="enquiries_list",
        parameters=[
            *(
                OpenApiParameter(name, str, many=True, description=str(found.label or ""))
                for name, found in filters.EnquiryFilter.base_filters.items()
            ),
            OpenApiParameter("ordering", str, enum=list(filters.ORDERINGS)),
            OpenApiParameter("cursor", str),
            OpenApiParameter("page_size", int),
        ],
        responses=page_of(EnquiryLine),
        tags=["enquiry"],
    )
    def get(self, request: Request) -> Response:
        chosen = filters.EnquiryFilter(request.query_params, self.visible(), request=request)
        if not chosen.is_valid():
            raise BadRequest(flat_parameters(chosen.errors))
        order = order_of(request, filters.orderings_for(self.user), "-received_at")
        pages = Pages(request, order, filters.ORDERINGS[order])
        rows = pages.rows(chosen.qs.values(*LINE, *pages.sort.keys))
        return pages.answer(show_lines(rows, self.user))

    @extend_schema(
        operation_id="enquiries_create",
        parameters=[KEY],
        request=shapes.EnquiryCreate,
        responses={201: EnquiryShown},
        tags=["enquiry"],
    )
    def post(self, request: Request) -> Response:
        """Send an enquiry; with a key, as often as it takes."""
        key = key_of(request)
        body = shapes.validated(request.data, nation=self.user.organisation.nation)
        authority = find_authority(body.pop("authority", ""))
        reason = body.pop("on_behalf_reason", "")
        keep = enquiries.save_draft if body.pop("draft", False) else enquiries.submit
        enquiry, written = keep(
            body=body, by=self.user, authority=authority, on_behalf_reason=reason, key=key
        )
        headers = {"Location": f"/api/v1/enquiries/{enquiry.reference}/"}
        if written is None:
            headers["Idempotent-Replayed"] = "true"
        return answered(enquiry, show_enquiry(enquiry, self.user, written), 201, **headers)


def flat_parameters(errors: Mapping[str, Any]) -> list[Fault]:
    """Each parameter with a value that it does not take, by its name."""
    return [Fault(name, "invalid", "This is none of its values.") for name in errors]


def key_of(request: Request) -> str:
    """Quoted or bare, at most 255 characters."""
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return ""
    key = given.strip()
    if len(key) >= 2 and key[0] == key[-1] == '"':
        key = key[1:-1]
    # An empty one would be none: whoever sends it believes that a retry is safe.
    if not 1 <= len(key) <= 255 or not key.isprintable():
        raise BadRequest([Fault("Idempotency-Key", "invalid", "A key has 1 to 255 printable characters.")])
    return key


def find_authority(code: str) -> Organisation | None:
    if not code:
        return None
    found = Organisation.objects.authorities().filter(code=code).first()
    if found is None:
        raise Invalid([Fault("/authority", "unknown", "Give the DfE code of an authority.")])
    return found


class EnquiryDetail(View):
    model = Enquiry

    @extend_schema(operation_id="enquiries_retrieve", responses=EnquiryShown, tags=["enquiry"])
    def get(self, request: Request, reference: str) -> Response:
        enquiry = self.find(reference, *SHOWN_WITH)
        return answered(enquiry, show_enquiry(enquiry, self.user))

    @extend_schema(
        operation_id="enquiries_amend",
        parameters=[IF_MATCH],
        request=shapes.EnquiryBody,
        responses=EnquiryShown,
        tags=["enquiry"],
    )
    def patch(self, request: Request, reference: str) -> Response:
        """Change members of the body; a member that is sent replaces the old one whole."""
        enquiry = seen(request, self.find(reference))
        faults: list[Fault] = []
        changes = shapes.AMEND.collect(request.data, "", faults, lax=True)
        if faults:
            raise Invalid(faults)
        enquiries.amend(enquiry=enquiry, by=self.user, changes=changes)
        return self.get(request, reference)


class EnquiryTransition(TransitionView):
    model = Enquiry
    noun = "enquiry"

    def show(self, row: Enquiry) -> Response:
        row = self.find(row.reference, *SHOWN_WITH)
        return answered(row, show_enquiry(row, self.user))


# The transitions whose actions live on this floor; triage's stand in referrals/api.
TRANSITIONS: dict[str, tuple[Any, Any]] = {
    Transition.SUBMIT: (None, enquiries.send),
    Transition.DISCARD: (None, enquiries.discard),
    Transition.WITHDRAW: (ReasonCodeBody, enquiries.withdraw),
    Transition.REQUEST_INFORMATION: (RequestInformationBody, information.request_information),
    Transition.ANSWER: (AnswerBody, information.answer),
    Transition.RECALL_REQUEST: (ReasonBody, information.recall_request),
    Transition.LAPSE: (None, None),
}


class Events(View):
    model = Enquiry
    parameters: ClassVar = PAGING

    @extend_schema(operation_id="enquiries_events", responses=page_of(EventShown), tags=["enquiry"])
    def get(self, request: Request, reference: str) -> Response:
        """The history as the caller may see it, oldest first."""
        enquiry = self.find(reference)
        rows = Event.objects.visible_to(self.user).filter(enquiry=enquiry).select_related("organisation")
        pages = Pages(request, "sequence")
        in_hub = self.user.organisation.kind == Organisation.Kind.HUB
        sight = bodies.sight_for(self.user, enquiry) if in_hub else None
        return pages.answer([show_event(row, sight) for row in pages.rows(rows)])


class Disclosure(View):
    model = Enquiry
    shape = ReasonBody()

    @extend_schema(
        operation_id="enquiries_disclose", request=ReasonBody, responses=DisclosedBody, tags=["enquiry"]
    )
    def post(self, request: Request, reference: str) -> Response:
        """The adults with their withheld addresses, for a coordinator, with a reason that stays on record."""
        enquiry = self.find(reference)
        data = read_shape(self.shape, request.data)
        body = sharing.disclose(enquiry=enquiry, by=self.user, reason=data["reason"])
        return Response({"adults": body.get("adults", [])})


class Opening(View):
    """The auditor's way in."""

    model = Enquiry
    shape = ReasonBody()

    @extend_schema(
        operation_id="enquiries_open_with_reason",
        request=ReasonBody,
        responses=EnquiryShown,
        tags=["enquiry"],
    )
    def post(self, request: Request, reference: str) -> Response:
        data = read_shape(self.shape, request.data)
        if not self.user.has(Role.AUDITOR):
            self.find(reference)
        sharing.open_with_reason(reference=reference, by=self.user, reason=data["reason"])
        enquiry = self.find(reference, *SHOWN_WITH)
        return answered(enquiry, show_enquiry(enquiry, self.user))


class Me(View):
    reading_scope = None

    @extend_schema(operation_id="me", responses=MeShown, tags=["reference"])
    def get(self, request: Request) -> Response:
        """Who am I, for whom, what may I do."""
        user = self.user
        return Response(
            {
                "name": user.name,
                "kind": user.kind,
                "organisation": {"kind": user.organisation.kind, "name": user.organisation.name},
                "roles": sorted(user.roles),
                "scopes": scopes_of(request) if request.auth else None,
            }
        )
