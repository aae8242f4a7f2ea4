"""Exports as pages: what is wanted is asked, its page says how far it is and has the file; a second person agrees."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from intake.models import SavedView
from intake.pages.forms import DeskForm, words
from intake.pages.paging import Sort, onward_by
from intake.refusals import Refused
from intake.words import _
from referrals.selection import ENQUIRIES, REFERRALS
from reports import files
from reports.actions import export_making, exports
from reports.actions.exports import Wanted
from reports.exports import telling
from reports.figures import overview
from reports.models import Export
from reports.pages.agreeing import LISTED, AgreePage, AskedView, SecondView, waiting_for

Kind, Form, State = Export.Kind, Export.Form, Export.State
FIGURES, CENSUS = "figures", "census"
BACK = {ENQUIRIES: "worklist", REFERRALS: "referrals", FIGURES: "figures", CENSUS: "exports"}
MEANS = {
    Kind.ENQUIRIES: _("A row for each enquiry: numbers, codes, where it stands, dates. Nobody is named."),
    Kind.REFERRALS: _("A row for each referral: numbers, codes, where it stands, dates. Nobody is named."),
    Kind.CHILDREN: _(
        "A row for each child, with name, date of birth and numbers. More than 50 need a second person."
    ),
    Kind.STATISTICAL: _(
        "A row for each enquiry with a pseudonym: age band, region, month. Rows of which fewer than six are alike are "
        "left out."
    ),
    Kind.CENSUS: _("A help for the authority’s own return, and not the return."),
    Kind.FIGURES: _("All numbers as you read them, for use inside."),
    Kind.PUBLICATION: _(
        "Of a time that is over. Small numbers are not shown, others are to the nearest 5; what was published "
        "before is taken into account."
    ),
}


class ExportForm(DeskForm):
    """What is wanted, as what, and why where that has to be said; what was chosen travels along unseen."""

    reason = words(
        _("What is it for?"),
        _(
            "Needed for children by name, a statistical extract and the census. It stands in the history of each "
            "enquiry."
        ),
        required=False,
        rows=2,
    )

    def __init__(self, *args: Any, kinds: list[Export.Kind], of: str, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(
            label=gettext("What do you need?"),
            choices=[(kind.value, f"{kind.label}. {MEANS[kind]}") for kind in kinds],
            initial=kinds[0],
            widget=forms.RadioSelect,
            error_messages={"required": gettext("Choose what is exported.")},
        )
        forms_of = [Form.ZIP] if of == CENSUS else [Form.CSV, Form.XLSX]
        self.fields["form"] = forms.ChoiceField(
            label=gettext("As what?"),
            choices=[(form.value, form.label) for form in forms_of],
            initial=forms_of[-1],
            widget=forms.RadioSelect,
            error_messages={"required": gettext("Choose a form.")},
        )
        order = ["kind", "form", "reason"]
        if of == CENSUS:
            self.fields["authority"] = forms.ChoiceField(
                label=gettext("Of which authority?"), choices=exports.authorities_for(user)
            )
            self.fields["year"] = forms.CharField(
                label=gettext("Of which census year?"),
                help_text=gettext("The year in which it ends: 2027 is April 2026 to March 2027."),
                max_length=4,
                widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            )
            order = ["authority", "year", *order]
        if not exports.WITH_A_REASON & set(kinds):
            del self.fields["reason"]
        for name in ("kind", "form", "authority", "year"):
            if name in self.fields:
                self.fields[name].optional_mark = False  # type: ignore[attr-defined]
        self.order_fields(order)


class ExportsView(AskedView):
    """For whoever may export anything."""

    model = Export

    def check(self) -> None:
        exports.check_may_export(self.user)


class ExportsPage(ExportsView):
    """One's own exports, newest first, and what waits for one's word."""

    def get(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        mine = list(Export.objects.visible_to(self.user)[:LISTED])
        context = {
            "lines": [(export, export.state_at(now)) for export in mine],
            "waiting": waiting_for(self.user, now),
            "may_census": bool(exports.kinds_for(self.user, CENSUS)),
            "reads_log": Export.objects.log_for(self.user).exists(),
        }
        return render(request, "reports/exports/list.html", context)


class NewExport(ExportsView):
    """From a list, a saved view or the figures; then what, as what and why is asked."""

    template_name = "reports/exports/new.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.given = request.POST if request.method == "POST" else request.GET

    def check(self) -> None:
        self.of = self.given.get("of", ENQUIRIES) if self.given.get("of") in BACK else ENQUIRIES
        self.view = self.saved_view()
        if self.view is not None:
            self.of = self.view.of
        self.kinds = exports.kinds_for(self.user, self.of)
        if not self.kinds:
            raise PermissionDenied

    def saved_view(self) -> SavedView | None:
        asked = self.given.get("view", "")
        if not (asked.isascii() and asked.isdecimal() and len(asked) < 18):
            return None
        return SavedView.objects.visible_to(self.user).filter(pk=asked).first()

    @property
    def name(self) -> UUID | None:
        """The page's own name for what it will make: sent twice, it is one export."""
        try:
            return UUID(self.given.get("run", ""))
        except ValueError:
            return None

    @property
    def references(self) -> list[str]:
        """Ticked rows; none where all that match are meant."""
        listed = self.of in (ENQUIRIES, REFERRALS)
        return self.given.getlist("reference") if listed and not self.given.get("all") else []

    @property
    def query(self) -> str:
        return self.view.query if self.view else self.given.get("query", "")[:4000]

    @property
    def figures(self) -> list[str]:
        return [code for code in self.given.getlist("figure") if code in overview.ALL]

    def context(self) -> dict[str, Any]:
        back = reverse(BACK[self.of]) + (f"?{self.query}" if self.query and self.of != CENSUS else "")
        listed = self.of in (ENQUIRIES, REFERRALS)
        return {
            "of": self.of,
            "view": self.view,
            "query": self.query,
            "references": self.references,
            "figures": self.figures,
            "figure_names": [overview.ALL[code].label for code in self.figures],
            "words": telling.in_words(self.of, self.query) if listed and not self.references else "",
            "searched": bool(QueryDict(self.query).get("q")) if listed else False,
            "run": self.name or uuid4(),
            "back": back,
        }

    def form(self, data: Any = None) -> ExportForm:
        return ExportForm(data, kinds=self.kinds, of=self.of, user=self.user)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(self.form())

    def post(self, request: HttpRequest) -> HttpResponse:
        if self.name is None:
            # From the list, with nothing answered yet.
            return self.answer(self.form())
        form = self.form(request.POST)
        return self.attempt(form, lambda: self.ask(form))

    def ask(self, form: ExportForm) -> HttpResponse:
        given, query = form.cleaned_data, self.query
        if self.of == CENSUS:
            asked = QueryDict(mutable=True)
            asked.update({"authority": given["authority"], "year": given["year"]})
            query = asked.urlencode()
        wanted = Wanted(
            kind=given["kind"],
            form=given["form"],
            of=self.of,
            query=query,
            references=self.references,
            reason=given.get("reason", ""),
            figures=self.figures,
        )
        export = export_making.begin(exports.ask(by=self.user, wanted=wanted, uid=self.name))
        return redirect("export", export.uid)


class ExportPage(ExportsView):
    """How far it is, what is in it, who agreed; then the file."""

    template_name = "reports/exports/export.html"

    def get(self, request: HttpRequest, export: UUID) -> HttpResponse:
        return self.show(self.found(export))

    def show(self, export: Export, /, status: int = 200, **more: Any) -> HttpResponse:
        state = export.state_at(timezone.now())
        context = {
            "export": export,
            "state": state,
            "back": reverse("exports"),
            "how_far": gettext("The file is being written.")
            if export.all_chosen or export.of_figures
            else gettext("What goes into it is being taken."),
            "handling": telling.handling(export.kind),
            "lost_sight": state == State.READY and exports.lost_sight(export, self.user),
            "fetches": list(export.fetches.all()[:LISTED]),
            **more,
        }
        return render(self.request, self.template_name, context, status=status)


class CancelExport(ExportPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, export: UUID) -> HttpResponse:
        found = self.found(export)
        try:
            exports.cancel(export=found, by=self.user)
        except Refused as refused:
            return self.refused(found, refused)
        messages.success(request, gettext("It is cancelled. What was taken into it stays in the histories."))
        return redirect("export", found.uid)


class ExportFile(ExportPage):
    http_method_names = ["get"]

    def get(self, request: HttpRequest, export: UUID) -> HttpResponseBase:  # type: ignore[override]
        """The file, as a download."""
        found = self.found(export)
        try:
            return files.download_export(found, exports.open_file(export=found, by=self.user))
        except Refused as refused:
            return self.refused(found, refused)


class AgreeToExport(AgreePage):
    model = Export

    def facts(self, asked: Export) -> dict[str, Any]:
        return {
            "heading": gettext("An export that waits for a second person"),
            "facts": "reports/exports/_facts.html",
            "export": asked,
            "handling": telling.handling(asked.kind),
        }

    def answered(self, asked: Export) -> None:
        export_making.begin(asked)


class LogPage(SecondView):
    """Everything that left the house as a file, and everything that somebody asked for; the newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Export.objects.log_for(self.user).select_related("made_by__organisation", "agreed_by")
        page = onward_by(
            rows.prefetch_related("fetches__by"), Sort(_("Newest"), "made_at", backwards=True), request.GET
        )
        now = timezone.now()
        lines = [(export, export.state_at(now)) for export in page.rows]
        return render(request, "reports/exports/log.html", {"lines": lines, "page": page})
