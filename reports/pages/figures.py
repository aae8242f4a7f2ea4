"""The figures as pages: all of them, the cases behind each, and all of them on paper."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from intake.filters import type_choices
from intake.models import Organisation
from intake.pages.acting import DeskView
from intake.pages.forms import DeskForm
from intake.pages.paging import Sort, onward_by
from intake.pages.worklist import regions, who_asks
from intake.refusals import Forbidden, Invalid, Unavailable
from intake.words import _
from reports import pdf
from reports.actions import figures, packs
from reports.figures import overview
from reports.figures.asked import Asked, Reader, Unreadable, read
from reports.figures.catalogue import FIGURES
from reports.figures.periods import recent
from reports.languages import asked_for
from reports.models import Fact
from reports.models.pack import READERS

SIZE = 50


class FiguresForm(DeskForm):
    """Which time, whose, of what; what it means is in reports.figures.asked, the same for pages and API."""

    period = forms.ChoiceField(label=_("Time"), required=False)
    first = forms.DateField(
        label=_("Or from"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.DateField(label="to", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    compare = forms.ChoiceField(
        label=_("Compare"),
        choices=(("", _("With nothing")), ("true", _("With the time before"))),
        required=False,
    )
    authority = forms.ChoiceField(label=_("Authority"), required=False)
    service = forms.ChoiceField(label=_("Assessment service"), required=False)
    assessment_type = forms.ChoiceField(label=_("Assessment"), required=False)
    nation = forms.ChoiceField(label=_("Nation"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)

    def __init__(self, asked: Asked) -> None:
        super().__init__(QueryDict(asked.query(compare="true" if asked.compare else "")))
        hub = asked.reader in (Reader.HUB, Reader.NUMBERS)
        for name in () if hub else ("authority", "service", "nation", "region"):
            del self.fields[name]
        periods = [(row.name, row.label) for row in recent(timezone.localdate())]
        chosen = (asked.period.name, asked.period.label)
        self.offer("period", [] if chosen in periods else [chosen], periods)
        self.offer("assessment_type", [("", gettext("All"))], type_choices())
        if hub:
            services = Organisation.objects.services().order_by("name").values_list("code", "name")
            self.offer("authority", [("", gettext("All"))], who_asks())
            self.offer("service", [("", gettext("All"))], list(services))
            self.offer(
                "nation", [("", gettext("Both"))], [(name, name) for name in Organisation.Nation.values]
            )
            self.offer("region", [("", gettext("All"))], regions())
        for field in self.fields.values():
            field.optional_mark = False  # type: ignore[attr-defined]

    def offer(self, name: str, usual: list[tuple[str, str]], more: list[tuple[str, str]]) -> None:
        """What is chosen is among them, also when it is offered no more: an authority that was reorganised."""
        chosen, known = str(self.data.get(name, "")), [*usual, *more]
        lost = [(chosen, chosen)] if chosen and chosen not in dict(known) else []
        self.fields[name].choices = [*known, *lost]  # type: ignore[attr-defined]


class FigureView(DeskView):
    """Reads the question, or says why it cannot be read."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            if (code := kwargs.get("figure")) is not None and code not in overview.ALL:
                raise Http404
            query = request.GET.copy()
            for name in OWN:
                query.pop(name, None)
            try:
                self.asked = read(query, self.user)
            except Forbidden as refused:
                raise PermissionDenied(refused.detail) from refused
            except Unreadable as wrong:
                return self.unreadable(wrong)
        return super().dispatch(request, *args, **kwargs)

    def unreadable(self, wrong: Unreadable) -> HttpResponse:
        asked = read(QueryDict(), self.user)
        context = {"form": FiguresForm(asked), "faults": [fault.detail for fault in wrong.faults]}
        return render(self.request, "reports/figures/page.html", context, status=400)


# Where one stands in a list of cases, and of which part they are.
OWN = ("part", "after", "from")


class FiguresPage(FigureView):
    def get(self, request: HttpRequest) -> HttpResponse:
        groups = overview.groups(self.asked)
        context = {
            "asked": self.asked,
            "form": FiguresForm(self.asked),
            "groups": groups,
            "first": overview.first_of(groups),
            "until": overview.counted_until(),
            "paper": f"{reverse('figures-pdf')}?{query_of(self.asked)}",
            "export": urlencode({"of": "figures", "query": query_of(self.asked)}),
            "pack": f"{reverse('pack-pdf')}?{query_of(self.asked)}" if packs.is_one(self.asked) else "",
            "packs": packs_of(self.asked),
            "when": self.asked.period.so_far(timezone.localdate()),
        }
        return render(request, "reports/figures/page.html", context)


def packs_of(asked: Asked) -> str:
    """Where the packs are that were issued: those of the authority that is chosen."""
    if not asked.user.has(*READERS):
        return ""
    of = urlencode({"authority": asked.authority.code}) if asked.authority else ""
    return f"{reverse('packs')}?{of}".removesuffix("?")


def query_of(asked: Asked) -> str:
    return asked.query(compare="true" if asked.compare else "")


@dataclass(frozen=True)
class Case:
    """One line: which enquiry or referral, of whom, what it was, when; nobody's name."""

    reference: str
    href: str
    authority: str
    what: str
    note: str
    day: Any


class CasesPage(FigureView):
    """The cases behind a number, as many as it says, the newest first."""

    def get(self, request: HttpRequest, figure: str) -> HttpResponse:
        if figure not in overview.readable(self.asked) or not self.asked.opens_cases:
            raise PermissionDenied(gettext("The cases behind this figure are not yours to open."))
        part = request.GET.get("part", "")
        try:
            rows = overview.cases(self.asked, figure, part)
        except Unreadable as wrong:
            return self.unreadable(wrong)
        number = overview.number_of(self.asked, figure, part)
        page = onward_by(
            rows.select_related(*RELATED[rows.model is Fact]), NEWEST[rows.model is Fact], request.GET
        )
        context = {
            "asked": self.asked,
            "answer": overview.ALL[figure],
            "part": words_of(figure, part),
            "cases": [case(row, figure) for row in page.rows],
            "page": page,
            "number": number,
            "when": self.asked.period.label if rows.model is Fact else gettext("As it stands now"),
            "back": f"{reverse('figures')}?{query_of(self.asked)}#{figure}",
        }
        return render(request, "reports/figures/cases.html", context)


NEWEST = {True: Sort(_("Newest"), "day", backwards=True), False: Sort(_("Oldest"), "created_at")}
RELATED = {
    True: ("enquiry", "referral", "authority", "service"),
    False: ("enquiry__authority", "assessment__type", "service", "assessor"),
}


def words_of(figure: str, part: str) -> str:
    if not part or figure not in FIGURES:
        return ""
    found = FIGURES[figure].part(part)
    return found.label if found else ""


def case(row: Any, figure: str) -> Case:
    if not isinstance(row, Fact):
        who = row.assessor or row.service
        return Case(
            row.reference,
            reverse("referral", args=(row.reference,)),
            row.enquiry.authority.name,
            row.assessment.type.name,
            gettext("{status}, with {who}").format(status=row.status_label, who=who)
            if who
            else row.status_label,
            row.created_at,
        )
    subject: Any = row.referral or row.enquiry
    page = "referral" if row.referral else "enquiry"
    return Case(
        subject.reference,
        reverse(page, args=(subject.reference,)),
        row.authority.name,
        row.type_names,
        note_of(row, figure),
        row.day,
    )


def note_of(row: Fact, figure: str) -> str:
    """Its part, its days, its service: what the number was made of."""
    known = FIGURES[figure]
    part = next((one.label for one in known.parts_of((row.reason,)) if one.holds(row.reason, row.value)), "")
    days = f"{row.value} working {'day' if row.value == 1 else 'days'}" if known.timed else ""
    words = [
        days or part,
        part if known.timed and row.reason else "",
        row.service.name if row.service else "",
    ]
    return ", ".join(dict.fromkeys(word for word in words if word))


class FiguresPaper(FigureView):
    """The same on paper, in the language of whoever prints it, or in the other."""

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            language = asked_for(request.GET.getlist("language"))
            made = figures.print_figures(asked=self.asked, language=language)
        except Invalid as wrong:
            return self.unreadable(Unreadable(wrong.faults))
        except Unavailable as refused:
            context = {"status": 503, "detail": refused.detail}
            return render(request, "reports/refused.html", context, status=503)
        name = f"figures-{self.asked.period.first}-{self.asked.period.last}.pdf"
        return pdf.saved(made, name)
