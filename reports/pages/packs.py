"""An authority's monthly packs: printed anew, and found again as they were issued."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from intake.checks import Fault
from intake.models import Organisation, book
from intake.pages.acting import DeskView
from intake.pages.paging import Sort, onward_by
from intake.refusals import Forbidden, NotFound, Refused
from intake.scoping import Scoped
from intake.words import _
from reports import pdf
from reports.actions import packs
from reports.actions.documents import printer
from reports.figures.asked import Unreadable
from reports.languages import asked_for
from reports.models import Pack
from reports.models.pack import READERS
from reports.pages.figures import FigureView
from reports.pages.views import refusal

NEWEST = Sort(_("Newest"), "made_at", backwards=True)


class PackPaper(FigureView):
    """The monthly pack of the authority and the month that are chosen."""

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            language = asked_for(request.GET.getlist("language"))
            return pdf.download(packs.print_pack(asked=self.asked, language=language))
        except packs.NoPack as wrong:
            return self.unreadable(Unreadable([Fault("period", "invalid", wrong.sentence)]))
        except Forbidden as refused:
            raise PermissionDenied(refused.detail) from refused
        except Refused as refused:
            return refusal(request, refused)


class PacksPage(Scoped, DeskView):
    """Those that were issued; the hub's of all authorities, or of one."""

    model = Pack

    def get(self, request: HttpRequest) -> HttpResponse:
        if not self.user.has(*READERS):
            raise PermissionDenied
        rows = self.visible().select_related("authority", "made_by__organisation").defer("pdf")
        code = request.GET.get("authority", "")
        # One that there is not is the same as none: a link that is old shows all.
        of = next((row for row in book().askers if row.code == code), None)
        page = onward_by(rows.filter(authority=of.pk) if of else rows, NEWEST, request.GET)
        context = {
            "page": page,
            "lines": [(pack, printer(pack.made_by)) for pack in page.rows],
            "of": of if self.user.organisation.kind == Organisation.Kind.HUB else None,
        }
        return render(request, "reports/packs.html", context)


class KeptPack(DeskView):
    """A pack as it was issued."""

    def get(self, request: HttpRequest, pack: int) -> HttpResponse:
        try:
            return pdf.download(packs.fetch_pack(pack=pack, by=self.user))
        except NotFound as nothing:
            raise Http404 from nothing
