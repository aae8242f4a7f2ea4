"""Closed days: those to come, one added ahead after what it would move was shown, one taken back."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext

from intake.actions import closing
from intake.actions.dated import refuse_changing
from intake.models import Holiday
from intake.models.book import NATIONS
from intake.pages.dated import SettingsView
from intake.pages.forms import DeskForm, a_day, line
from intake.refusals import Refused
from intake.words import _

BOTH = _("England and Wales")
WHOSE = [
    (
        "office",
        _("Our office is closed: what we promise skips the day, a limit that binds an authority does not"),
    ),
    ("bank", _("A bank holiday: everybody’s working days skip it")),
]


class ClosingForm(DeskForm):
    title = line(_("What is on that day?"), _("Like “Office moves” or “Extra bank holiday”."), max_length=80)
    whose = forms.ChoiceField(label=_("Who is closed?"), choices=WHOSE, widget=forms.RadioSelect)
    nation = forms.ChoiceField(
        label=_("Where?"),
        choices=[("", BOTH), *((name, name) for name in NATIONS)],
        widget=forms.RadioSelect,
        required=False,
    )
    day = a_day(_("Which day?"), _("Tomorrow or later."))
    until = a_day(
        _("Until which day?"), _("Where it is more than one; weekends are left out."), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nation"].optional_mark = False  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        ours = given.pop("whose") == "office"
        return {**given, "ours": ours}


def coming(today: date) -> list[Holiday]:
    return list(Holiday.objects.filter(date__gte=today))


class ClosedDaysView(SettingsView):
    template_name = "intake/closed_days.html"

    def context(self) -> dict[str, Any]:
        rows = coming(timezone.localdate())
        return {
            **super().context(),
            "own": [(row, closing.moved_if_open(row)) for row in rows if closing.may_open(row)],
            "shipped": [row for row in rows if not closing.may_open(row)],
            "changes": self.changes(closing.TABLE),
        }


class ClosedDays(ClosedDaysView):
    """First what would move is shown, then the day is closed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(ClosingForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ClosingForm(request.POST)
        try:
            refuse_changing(self.user)
        except Refused as refused:
            return self.refuse(form, refused)
        return self.attempt(form, lambda: self.act(form))

    def act(self, form: ClosingForm) -> HttpResponse:
        if "apply" not in self.request.POST:
            return self.answer(form, preview=closing.preview(**form.facts(), by=self.user))
        rows = closing.close(**form.facts(), by=self.user)
        days = ", ".join(f"{row.date:%-d %B %Y}" for row in rows)
        messages.success(
            self.request,
            gettext("Closed: {days}. Every due moment that it moves has been computed anew.").format(
                days=days
            ),
        )
        return redirect("closed-days")


class OpenAgain(ClosedDaysView):
    def post(self, request: HttpRequest, holiday: int) -> HttpResponse:
        row = get_object_or_404(Holiday, pk=holiday)
        try:
            closing.open_again(holiday=row, by=self.user)
        except Refused as refused:
            return self.refuse(ClosingForm(), refused)
        messages.success(request, gettext("{date:%-d %B %Y} is a working day again.").format(date=row.date))
        return redirect("closed-days")
