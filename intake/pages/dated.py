"""A table of settings as a page: what holds, what is to come, what held; a row changed from a day on, or taken back."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext

from intake.actions import dated
from intake.actions.dated import DatedTable, name_of
from intake.lifecycle import Role
from intake.models import AssessmentHours, Grade, PlanStep, SettingChange, Target, WorkTarget
from intake.pages.acting import ActingView
from intake.pages.forms import DeskForm, a_day, words
from intake.placing import holding
from intake.refusals import Refused
from intake.words import _

CHANGES_SHOWN = 50


class Words(NamedTuple):
    """What a table is called, what it is for, and its columns; the first of each row names it."""

    title: str
    means: str
    head: Sequence[str]


WORDS = {
    "targets": Words(
        _("The decision"),
        _(
            "Within how many working days we decide, and by when something has to arrive to count for the day."
        ),
        (_("Nation"), _("Working days"), "Cut-off", _("Office hours")),
    ),
    "work": Words(
        _("The work"),
        _("What we promise of the work itself, from the step on with which it begins."),
        (_("Promise"), _("How many"), _("Unit")),
    ),
    "steps": Words(
        _("The plan"),
        _("How an assessment is planned back from the day of filing, in working days."),
        (_("Step"), _("When")),
    ),
    "hours": Words(
        _("Hours of an assessment"),
        _("What one takes: capacity is counted in it."),
        (_("Assessment"), _("Hours"), _("Over weeks"), _("For each further child")),
    ),
    "grades": Words(
        _("Grades"), _("What part of the hours a week is there for assessments."), (_("Grade"), _("Share"))
    ),
}


class Line(NamedTuple):
    """A row as it is read: its name, its cells, whether it can be changed or taken back."""

    name: str
    cells: Sequence[Any]
    row: Any
    changes: bool


class Stood(NamedTuple):
    """The rows of a table by where they stand today."""

    now: list[Line]
    coming: list[Line]
    over: list[Line]


def stood(table: DatedTable, today: date) -> Stood:
    """Of each thing the row that holds; those that are to come; and those that hold no more."""
    rows: list[Any] = list(table.model._default_manager.all())
    now = {tuple(getattr(row, name) for name in table.key): row.pk for row in holding(rows, today)}
    holds = set(now.values())
    lines = [(row, line(table, row)) for row in rows]
    return Stood(
        [one for row, one in lines if row.pk in holds],
        [one for row, one in lines if dated.comes(row)],
        [one for row, one in lines if row.pk not in holds and not dated.comes(row)],
    )


def line(table: DatedTable, row: Any) -> Line:
    return Line(name_of(row), list(cells(row)), row, dated.may_change(table, row))


def cells(row: Any) -> Iterable[Any]:
    match row:
        case Target():
            hours = f"{row.opens:%H:%M} to {row.closes:%H:%M}"
            return row.working_days, f"{row.cut_off:%H:%M}", hours
        case WorkTarget():
            return gettext("the catalogue’s longest") if row.amount is None else row.amount, row.unit
        case PlanStep():
            return (when(row),)
        case AssessmentHours():
            return row.hours, row.weeks, row.per_child
        case Grade():
            return (f"{row.share}\u00a0%",)
    raise TypeError(row)


def when(row: PlanStep) -> str:
    if row.before_filing:
        return gettext("{before_filing} before filing").format(before_filing=row.before_filing)
    if row.after_instruction:
        return gettext("{after_instruction} after the instruction").format(
            after_instruction=row.after_instruction
        )
    return gettext("on the day of filing") if row.before_filing == 0 else gettext("as its weeks say")


# --- The form -------------------------------------------------------------------------------------------------

TIMES = {"opens", "cut_off", "closes"}
CHOICES = {"unit": [(str(unit), str(unit).capitalize()) for unit in dated.UNITS]}


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def field_for(column: dated.Column) -> forms.Field:
    required = not column.may_be_empty
    if column.name in CHOICES:
        return forms.ChoiceField(label=column.label, choices=CHOICES[column.name], required=required)
    if column.name in TIMES:
        wrong = {"invalid": gettext("Give a time, like 16:00.")}
        return forms.TimeField(
            label=column.label, widget=TimeInput(), required=required, error_messages=wrong
        )
    return forms.IntegerField(
        label=column.label,
        required=required,
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
        error_messages={"invalid": gettext("Give a whole number.")},
    )


class RowForm(DeskForm):
    """The columns of a row that the office changes, the day and the reason."""

    def __init__(self, *args: Any, table: DatedTable, **kwargs: Any) -> None:
        self.table = table
        super().__init__(*args, **kwargs)
        for column in table.columns:
            self.fields[column.name] = field_for(column)
        first = gettext("Tomorrow") if table.is_promise else gettext("Today")
        self.fields["valid_from"] = a_day(
            gettext("From which day?"),
            gettext("{first} or later. Until then it stays as it is.").format(first=first),
        )
        self.fields["reason"] = words(
            gettext("Why does it change?"), gettext("It stays with the change."), rows=3
        )
        for field in self.fields.values():
            field.optional_mark = not field.required  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        given = self.cleaned_data
        values = {column.name: given[column.name] for column in self.table.columns}
        return {"values": values, "valid_from": given["valid_from"]}


# --- The pages ------------------------------------------------------------------------------------------------


class SettingsView(ActingView):
    """For who keeps the settings, and for who reads them; nobody else gets in."""

    may: tuple[Role, ...] = dated.READING

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not self.user.has(*self.may):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        return {"may_change": self.user.has(*dated.MAY)}

    def changes(self, table: str, **where: str) -> Any:
        return SettingChange.objects.visible_to(self.user).filter(table=table, **where)[:CHANGES_SHOWN]


class OfTable(SettingsView):
    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.code = kwargs["table"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.code not in dated.TABLES:
            raise Http404
        self.table = dated.TABLES[self.code]
        return super().dispatch(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "code": self.code, "words": WORDS[self.code]}

    def row(self, pk: int) -> Any:
        return get_object_or_404(self.table.model, pk=pk)


class OfRows(OfTable):
    template_name = "intake/setting.html"

    def context(self) -> dict[str, Any]:
        rows = stood(self.table, timezone.localdate())
        return {**super().context(), "rows": rows, "changes": self.changes(self.code)}


class TablePage(OfRows):
    def get(self, request: HttpRequest, table: str) -> HttpResponse:
        return self.answer(DeskForm())


class ChangePage(OfTable):
    """First what would change is shown, then it is put into force."""

    may = dated.MAY
    template_name = "intake/setting_change.html"

    def get(self, request: HttpRequest, table: str, row: int) -> HttpResponse:
        self.found = self.row(row)
        form = RowForm(table=self.table, initial=self.table.values(self.found))
        return self.answer(form)

    def post(self, request: HttpRequest, table: str, row: int) -> HttpResponse:
        self.found = self.row(row)
        form = RowForm(request.POST, table=self.table)
        return self.attempt(form, lambda: self.act(form))

    def context(self) -> dict[str, Any]:
        return {**super().context(), "line": line(self.table, self.found)}

    def act(self, form: RowForm) -> HttpResponse:
        asked = {"table": self.table, "row": self.found, "by": self.user, **form.facts()}
        if "apply" not in self.request.POST:
            return self.answer(form, preview=dated.preview(**asked))
        said = dated.change(**asked, reason=form.cleaned_data["reason"])
        messages.success(
            self.request,
            gettext("{about}: in force from {valid_from:%-d %B %Y}.").format(
                about=said.about, valid_from=said.valid_from
            ),
        )
        return redirect("setting", self.code)


class TakeBack(OfRows):
    def post(self, request: HttpRequest, table: str, row: int) -> HttpResponse:
        form = DeskForm()
        try:
            said = dated.take_back(table=self.table, row=self.row(row), by=self.user)
        except Refused as refused:
            return self.refuse(form, refused)
        messages.success(
            request, gettext("{about}: taken back. What holds today holds on.").format(about=said.about)
        )
        return redirect("setting", self.code)
