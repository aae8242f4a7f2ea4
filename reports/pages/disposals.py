"""What was destroyed, for whoever answers for it; each with its certificate."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from intake.models import Disposal
from intake.models.disposal import answers_for_it
from intake.pages.acting import DeskView
from intake.pages.paging import Sort, onward_by
from intake.scoping import Scoped
from intake.words import _
from reports import pdf
from reports.actions import certificates


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
        return render(request, "reports/disposals.html", {"page": page})


class CertificatePaper(DisposalsView):
    def get(self, request: HttpRequest, disposal: int) -> HttpResponse:
        found = self.visible().select_related("authority", "by").filter(pk=disposal).first()
        if found is None:
            raise Http404
        made = certificates.print_certificate(disposal=found, by=self.user)
        return pdf.saved(made, f"certificate-{found.number}.pdf")
