"""Documents over the API: as issued, as a download, with nobody's name in the file's name."""

from typing import ClassVar

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from intake.api.base import View
from intake.api.problems import BadRequest
from intake.checks import Fault
from intake.models import Enquiry
from intake.refusals import NotFound
from intake.words import Language
from reports import pdf
from reports.actions import documents
from reports.actions.documents import Order
from reports.models import Document
from reports.summaries.shelf import SHELVES

PDF = {(200, "application/pdf"): OpenApiTypes.BINARY}
LANGUAGE = OpenApiParameter(
    "language", str, enum=Language.values, description="Of the paper; without it, the enquiry's own."
)


class Paper(View):
    """A document of an enquiry that the caller can see."""

    model = Enquiry
    reading_scope = "documents:read"
    writing_scope = None

    def enquiry(self, reference: str) -> Enquiry:
        enquiry: Enquiry = self.find(reference, "authority")
        return enquiry


class Acknowledgement(Paper):
    """Made by the worker; made now when it has not come to it yet."""

    @extend_schema(operation_id="enquiry_acknowledgement", responses=PDF)
    def get(self, request: Request, reference: str) -> HttpResponse:
        return pdf.download(documents.acknowledge(enquiry=self.enquiry(reference)))


class Summary(Paper):
    """Printed as the case stands now, for one of four audiences; each print is in the history."""

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
        order = Order(Document.Kind.SUMMARY, audience, language=language_in(request))
        return pdf.download(documents.print_paper(enquiry=enquiry, order=order, by=self.user))


class AnyPaper(Paper):
    """Any kind of paper about an enquiry: for whom it may be, and by whom, is a table of the documents."""

    parameters: ClassVar[frozenset[str]] = frozenset({"audience", "subject", "language"})

    @extend_schema(
        operation_id="enquiry_paper",
        responses=PDF,
        parameters=[
            OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=sorted(SHELVES), required=True),
            OpenApiParameter("audience", str, enum=Document.Audience.values, required=True),
            OpenApiParameter("subject", str, description="Of which referral, or which number of questions."),
            LANGUAGE,
        ],
    )
    def get(self, request: Request, reference: str, kind: str) -> HttpResponse:
        enquiry = self.enquiry(reference)
        if kind not in SHELVES:
            raise NotFound
        audience = Document.Audience(audience_in(request))
        subject, language = request.query_params.get("subject", ""), language_in(request)
        order = Order(Document.Kind(kind), audience, subject, language=language)
        return pdf.download(documents.print_paper(enquiry=enquiry, order=order, by=self.user))


def audience_in(request: Request) -> str:
    given = request.query_params.getlist("audience")
    if len(given) != 1 or given[0] not in Document.Audience.values:
        choice = ", ".join(Document.Audience.values)
        raise BadRequest([Fault("audience", "unknown", f"Say for whom: one of {choice}.")])
    return str(given[0])


def language_in(request: Request) -> str:
    given = request.query_params.getlist("language")
    if not given:
        return ""
    if len(given) != 1 or given[0] not in Language.values:
        choice = ", ".join(Language.values)
        raise BadRequest([Fault("language", "unknown", f"Say in which language: one of {choice}.")])
    return str(given[0])
