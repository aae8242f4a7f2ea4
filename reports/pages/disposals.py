"""What was destroyed, for whoever answers for it; each with its certificate."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from intake.models import Disposal
from intake.models.account_event import KEEPERS
from intake.models.disposal import answers_for_it
from intake.pages.acting import DeskView
from intake.pages.paging import Sort, onward_by
from intake.refusals import Refused
from intake.scoping import Scoped
from intake.words import _
from reports import pdf
from reports.actions import certificates
from reports.languages import asked_for
from reports.pages.views import refusal


class DisposalsView(Scoped, DeskView):
    model = Disposal

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not answers_for_it(self.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class DisposalsPage(DisposalsView):
    def get(self, request: HttpRequest) -> HttpResponse:
        rows = self.visible().select_related("authority", "by")
        page = onward_by(rows, Sort(_("Newest"), "disposed_at", backwards=True), request.GET)
        # Its neighbours are for whoever keeps the organisation's people.
        keeps = self.user.has(*KEEPERS)
        context = {"page": page, "organisation": self.user.organisation if keeps else None}
        return render(request, "reports/disposals.html", context)


class CertificatePaper(DisposalsView):
    def get(self, request: HttpRequest, disposal: int) -> HttpResponse:
        found = self.visible().select_related("authority", "by").filter(pk=disposal).first()
        if found is None:
            raise Http404
        try:
            language = asked_for(request.GET.getlist("language"))
            made = certificates.print_certificate(disposal=found, by=self.user, language=language)
        except Refused as refused:
            return refusal(request, refused)
        return pdf.saved(made, f"certificate-{found.number}.pdf")
