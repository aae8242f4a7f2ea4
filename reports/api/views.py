"""Documents over the API: as issued, as a download, with nobody's name in the file's name."""

from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from intake.api.base import View, read_shape
from intake.api.problems import BadRequest
from intake.checks import Fault
from intake.models import Enquiry
from intake.refusals import Invalid, NotFound
from intake.shape import Choice, Prose, Shape, Text
from intake.words import Language
from reports import pdf
from reports.actions import documents
from reports.actions.documents import Order
from reports.languages import asked_for
from reports.models import Document
from reports.summaries.shelf import SHELVES

PDF = {(200, "application/pdf"): OpenApiTypes.BINARY}
LANGUAGE = OpenApiParameter(
    "language", str, enum=Language.values, description="Of the paper; without it, the enquiry's own."
)
KIND = OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=sorted(SHELVES), required=True)
# Of a paper that is about no one enquiry.
READERS_LANGUAGE = OpenApiParameter(
    "language", str, enum=Language.values, description="Of the paper; without it, that of whoever asks."
)


class Paper(View):
    """A document of an enquiry that the caller can see."""

    model = Enquiry
    reading_scope = "documents:read"
    writing_scope: ClassVar[str | None] = None

    def enquiry(self, reference: str) -> Enquiry:
        enquiry: Enquiry = self.find(reference, "authority")
        return enquiry


class Acknowledgement(Paper):
    """Made by the worker; made now when it has not come to it yet."""

    @extend_schema(operation_id="enquiry_acknowledgement", responses=PDF)
    def get(self, request: Request, reference: str) -> HttpResponse:
        return pdf.download(documents.acknowledge(enquiry=self.enquiry(reference)))


class Sections(serializers.ListField):
    def __init__(self, **options: Any) -> None:
        super().__init__(child=Text(required=True, max_length=60), required=False, **options)


class PrintBody(Shape):
    audience = Choice(choices=Document.Audience.choices, required=True)
    subject = Text(max_length=16, help_text="Of which referral, or which number of questions.")
    language = Choice(
        choices=Language.choices, required=False, help_text="Left out, it is the enquiry's own."
    )
    reason = Prose(help_text="Needed of a manager and an auditor; it stands in the history.")
    without = Sections(help_text="Codes of sections to leave out; the paper lists them at its end.")


class Printed(Paper):
    """A paper as the case stands now; each print is in the history, with the reason of whoever has to give one."""

    def hand_out(self, enquiry: Enquiry, order: Order) -> HttpResponse:
        documents.check_may_print(order, self.user)
        documents.check_reason(order, self.user)
        return pdf.download(documents.print_paper(enquiry=enquiry, order=order, by=self.user))


class Summary(Printed):
    """Printed for one of four audiences. Managers and auditors say why: they POST to `papers/summary.pdf`."""

    parameters: ClassVar[frozenset[str]] = frozenset({"audience", "language"})

    @extend_schema(
        operation_id="enquiry_summary",
        responses=PDF,
        parameters=[
            OpenApiParameter("audience", str, enum=Document.Audience.values, required=True),
            LANGUAGE,
        ],
    )
    def get(self, request: Request, reference: str) -> HttpResponse:
        enquiry = self.enquiry(reference)
        audience = Document.Audience(audience_in(request))
        return self.hand_out(enquiry, Order(Document.Kind.SUMMARY, audience, language=language_in(request)))


class AnyPaper(Printed):
    """Any kind of paper about an enquiry: for whom it may be, and by whom, is a table of the documents."""

    writing_scope = "documents:read"
    parameters: ClassVar[frozenset[str]] = frozenset({"audience", "subject", "language"})
    shape = PrintBody()

    @extend_schema(
        operation_id="enquiry_paper",
        responses=PDF,
        parameters=[
            KIND,
            OpenApiParameter("audience", str, enum=Document.Audience.values, required=True),
            OpenApiParameter("subject", str, description="Of which referral, or which number of questions."),
            LANGUAGE,
        ],
    )
    def get(self, request: Request, reference: str, kind: str) -> HttpResponse:
        """For whoever need not say why."""
        enquiry, subject = self.enquiry(reference), request.query_params.get("subject", "")
        wanted = order(kind, audience_in(request), subject=subject, language=language_in(request))
        return self.hand_out(enquiry, wanted)

    @extend_schema(
        operation_id="enquiry_paper_with_a_reason", request=PrintBody, responses=PDF, parameters=[KIND]
    )
    def post(self, request: Request, reference: str, kind: str) -> HttpResponse:
        """With the reason of managers and auditors, which is in no address, and without the sections named."""
        enquiry, given = self.enquiry(reference), read_shape(self.shape, request.data)
        wanted = order(
            kind,
            given["audience"],
            subject=given.get("subject", ""),
            language=given.get("language", ""),
            reason=given.get("reason", ""),
            without=frozenset(given.get("without", ())),
        )
        return self.hand_out(enquiry, wanted)


def order(kind: str, audience: str, **more: Any) -> Order:
    if kind not in SHELVES:
        raise NotFound
    return Order(Document.Kind(kind), Document.Audience(audience), **more)


def audience_in(request: Request) -> str:
    given = request.query_params.getlist("audience")
    if len(given) != 1 or given[0] not in Document.Audience.values:
        choice = ", ".join(Document.Audience.values)
        raise BadRequest([Fault("audience", "unknown", f"Say for whom: one of {choice}.")])
    return str(given[0])


def language_in(request: Request) -> str:
    try:
        return asked_for(request.query_params.getlist("language"))
    except Invalid as wrong:
        raise BadRequest(wrong.faults) from wrong
