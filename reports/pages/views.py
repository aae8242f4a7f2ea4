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


class Acknowledgement(Scoped, DeskView):
    """Of an enquiry that this person can see."""

    model = Enquiry

    def get(self, request: HttpRequest, reference: str) -> HttpResponseBase:
        try:
            return pdf.download(documents.acknowledge(enquiry=self.find(reference, "authority")))
        except NotFound as nothing:
            raise Http404 from nothing
        except Refused as refused:
            return refusal(request, refused)


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """A page that says why there is no paper."""
    status = next((code for kind, code in STATUS.items() if isinstance(refused, kind)), 422)
    context = {"status": status, "detail": refused.detail}
    return render(request, "reports/refused.html", context, status=status)
