"""Documents from the pages: the same downloads; a refusal is a page that says why."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from intake.models import Enquiry
from intake.pages.acting import STATUS, DeskView
from intake.refusals import NotFound, Refused
from intake.scoping import Scoped
from reports import pdf
from reports.actions import documents
from reports.models import Document


class Paper(Scoped, DeskView):
    """A document of an enquiry that this person can see."""

    model = Enquiry

    def issue(self, enquiry: Enquiry) -> Document:
        raise NotImplementedError

    def get(self, request: HttpRequest, reference: str) -> HttpResponseBase:
        try:
            return pdf.download(self.issue(self.find(reference, "authority")))
        except NotFound as nothing:
            raise Http404 from nothing
        except Refused as refused:
            return self.refuse(refused)

    def refuse(self, refused: Refused) -> HttpResponse:
        status = next((code for kind, code in STATUS.items() if isinstance(refused, kind)), 422)
        context = {"status": status, "detail": refused.detail}
        return render(self.request, "reports/refused.html", context, status=status)


class Acknowledgement(Paper):
    def issue(self, enquiry: Enquiry) -> Document:
        return documents.acknowledge(enquiry=enquiry)


class Summary(Paper):
    def issue(self, enquiry: Enquiry) -> Document:
        audience = self.request.GET.get("audience", "")
        if audience not in Document.Audience.values:
            raise NotFound
        return documents.print_summary(enquiry=enquiry, audience=audience, by=self.user)
