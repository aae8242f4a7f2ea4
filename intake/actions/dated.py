"""Changing a setting that is data: a new row from a day on, the earlier one ends the day before; both stay."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models.base import ModelState
from django.utils import timezone

from intake.checks import Fault
from intake.deadlines import LONDON, OfficeHours, Unit, decision_due
from intake.deadlines import Interval as Stretch
from intake.deadlines import Target as Promise
from intake.lifecycle import Role
from intake.models import (
    AssessmentHours,
    Enquiry,
    Grade,
    PlanStep,
    Recount,
    SettingChange,
    Target,
    User,
    WorkTarget,
    book,
    put_away,
)
from intake.placing import holding
from intake.refusals import Forbidden, Invalid, NotPossible

MAY = (Role.MANAGER, Role.ADMINISTRATOR)
READING = (*MAY, Role.AUDITOR)
# Of a row that was made here; shipped ones name where they are from.
OWN = "our own decision"
DAY = timedelta(days=1)
# The ends between which the plan is drawn: the days are the court's and the authority's.
ENDS = ("instruction", "filing")
UNITS = (Unit.WORKING_DAYS, Unit.DAYS, Unit.WEEKS)
SHOWN_FROM = time(10)


@dataclass(frozen=True)
class Column:
    """What of a row the office changes; `least` and `most` of a number; `may_be_empty`: none is an answer."""

    name: str
    label: str
    least: int | None = None
    most: int | None = None
    may_be_empty: bool = False


@dataclass(frozen=True)
class DatedTable:
    """A kind of setting: what tells its rows apart, what of them changes, and the first day it may do so."""

    code: str
    model: type[models.Model]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    # Whatever began today has its promise already: that can change from tomorrow on.
    is_promise: bool = False

    def first_day(self, today: date) -> date:
        return today + DAY if self.is_promise else today

    def alike(self, row: Any) -> "models.QuerySet[Any]":
        """All rows of the same thing, whenever they hold."""
        same = {name: getattr(row, name) for name in self.key}
        return self.model._default_manager.filter(**same).order_by("valid_from")

    def values(self, row: Any) -> dict[str, Any]:
        return {column.name: getattr(row, column.name) for column in self.columns}

    def told(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[list[str]]:
        """What differs, in words: label, before, after."""
        differing = [one for one in self.columns if old[one.name] != new[one.name]]
        return [[one.label, in_words(old[one.name]), in_words(new[one.name])] for one in differing]


TABLES = {
    table.code: table
    for table in (
        DatedTable(
            "targets",
            Target,
            ("code", "nation"),
            (
                Column("working_days", "Working days", 0, 60),
                Column("opens", "The office opens at"),
                Column("cut_off", "Counts for the day until"),
                Column("closes", "The office closes at"),
            ),
            is_promise=True,
        ),
        DatedTable(
            "work",
            WorkTarget,
            ("code", "type", "nation"),
            (Column("amount", "How many", 1, 1000, may_be_empty=True), Column("unit", "Unit")),
            is_promise=True,
        ),
        DatedTable(
            "steps",
            PlanStep,
            ("code", "type"),
            (
                Column("before_filing", "Working days before filing", 0, 250, may_be_empty=True),
                Column("after_instruction", "Working days after the instruction", 0, 250, may_be_empty=True),
            ),
        ),
        DatedTable(
            "hours",
            AssessmentHours,
            ("type",),
            (
                Column("hours", "Hours in all, for one child", 1, 500),
                Column("weeks", "Over so many weeks", 1, 104),
                Column("per_child", "Hours more for each further child", 0, 100),
                Column("interpreter", "Hours more with an interpreter", 0, 100),
                Column("learning_disability", "Hours more where an adult has a learning disability", 0, 100),
            ),
        ),
        DatedTable("grades", Grade, ("code",), (Column("share", "Percent of the hours a week", 0, 100),)),
    )
}


def refuse_changing(by: User) -> None:
    if not by.has(*MAY):
        raise Forbidden("Your role does not allow this: change the settings.")


def may_change(table: DatedTable, row: Any) -> bool:
    return not (table.model is PlanStep and row.code in ENDS)


@transaction.atomic
def change(
    *, table: DatedTable, row: Any, values: Mapping[str, Any], valid_from: date, reason: str, by: User
) -> SettingChange:
    """Other values from a day on. What holds until then goes on to the day before, and stays on record.

    A row of ours that begins on that very day is put right.
    """
    refuse_changing(by)
    alike = list(table.alike(row).select_for_update())
    before = holding_on(alike, valid_from)
    if faults := faults_of(table, before, alike, values, valid_from, reason):
        raise Invalid(faults)
    old = table.values(before)
    if before.valid_from != valid_from:
        before = next_row(table, before, alike, valid_from)
    for name, value in values.items():
        setattr(before, name, value)
    before.save()
    in_force_soon(table, valid_from)
    changed = table.told(old, values)
    return record(table, before, by, valid_from=valid_from, reason=reason.strip(), changed=changed)


def next_row(table: DatedTable, before: Any, alike: Sequence[Any], day: date) -> Any:
    """The row that follows from that day on, until the next one or as long as the one before would have held."""
    coming = [one.valid_from - DAY for one in alike if one.valid_from and one.valid_from > day]
    until = min((end for end in (before.valid_until, *coming) if end), default=None)
    table.model._default_manager.filter(pk=before.pk).update(valid_until=day - DAY)
    row = copy(before)
    row.pk, row._state = None, ModelState()
    row.valid_from, row.valid_until, row.source, row.verified = day, until, OWN, "verified"
    return row


@transaction.atomic
def take_back(*, table: DatedTable, row: Any, by: User) -> SettingChange:
    """A row whose day has not come, gone as if it had not been; the one before it holds on. It stays on record."""
    refuse_changing(by)
    alike = list(table.alike(row).select_for_update())
    row = next((one for one in alike if one.pk == row.pk), None)
    if row is None:
        raise NotPossible("It was taken back already.", status="gone")
    if not comes(row):
        raise NotPossible("It holds already. Change it again instead.", status="in force")
    before = [one for one in alike if one.valid_until == row.valid_from - DAY]
    if not before:
        raise NotPossible("Nothing holds before it, so it stays.", status="first")
    changed = table.told(table.values(row), table.values(before[-1]))
    said = record(table, row, by, valid_from=row.valid_from, changed=changed, verb="taken_back")
    day, until = row.valid_from, row.valid_until
    row.delete()
    table.model._default_manager.filter(pk=before[-1].pk).update(valid_until=until)
    in_force_soon(table, day)
    return said


def comes(row: Any) -> bool:
    """Its day is still ahead."""
    return row.valid_from is not None and row.valid_from > timezone.localdate()


def holding_on(alike: Sequence[Any], day: date) -> Any:
    """The row that would hold on that day as things stand."""
    held = holding(alike, day)
    return held[-1] if held else None


def in_force_soon(table: DatedTable, day: date) -> None:
    """Read anew here at once, elsewhere within a minute; what was promised meanwhile by the old book is put right."""
    put_away()
    transaction.on_commit(put_away)
    if table.model is Target:
        Recount.objects.create(since=day)


def record(table: DatedTable, row: Any, by: User, **facts: Any) -> SettingChange:
    return SettingChange.objects.create(table=table.code, about=name_of(row), by=by, by_name=by.name, **facts)


def name_of(row: Any) -> str:
    """What it is, in words."""
    kind = type_name(getattr(row, "type", ""))
    match row:
        case Target():
            return str(row.nation)
        case AssessmentHours():
            return kind
        case WorkTarget() | PlanStep():
            return f"{row.label}: {kind}" if kind else str(row.label)
    return str(row.label)


def type_name(code: str) -> str:
    kind = book().types.get(code)
    return kind.name if kind else code


def in_words(value: Any) -> str:
    return "" if value is None else f"{value:%H:%M}" if isinstance(value, time) else str(value)


# --- What is refused ------------------------------------------------------------------------------------------


def faults_of(
    table: DatedTable,
    before: Any,
    alike: Sequence[Any],
    values: Mapping[str, Any],
    valid_from: date,
    reason: str | None,
) -> list[Fault]:
    """Every fault at once; without a reason asked, when it is only looked at."""
    faults, today = [], timezone.localdate()
    if valid_from < table.first_day(today):
        sentence = (
            "Give tomorrow or a later day: what comes today has been promised by what holds today."
            if table.is_promise
            else "Give today or a later day; what was in force stays as it was."
        )
        faults.append(Fault("/valid_from", "past", sentence))
    elif any(one.valid_from == valid_from and one.source != OWN for one in alike):
        sentence = "A row that was shipped begins on that day. Give another day."
        faults.append(Fault("/valid_from", "taken", sentence))
    elif before is None:
        faults.append(Fault("/valid_from", "nothing", "Nothing holds on that day that could change."))
    if reason is not None and not reason.strip():
        faults.append(Fault("/reason", "required", "Say why it changes."))
    for column in table.columns:
        faults += faults_in(column, values[column.name])
    if before is not None and not faults:
        faults += faults_across(table, before, values, valid_from)
    first = f"/{table.columns[0].name}"
    if before is not None and not may_change(table, before):
        faults.append(Fault(first, "end", "This is an end of the plan: its day is given with the enquiry."))
    elif before is not None and table.values(before) == dict(values):
        faults.append(Fault(first, "same", "This is what holds on that day already."))
    return faults


def faults_in(column: Column, value: Any) -> list[Fault]:
    if value is None:
        return [] if column.may_be_empty else [Fault(f"/{column.name}", "required", "This needs an answer.")]
    if column.most is not None and not (column.least or 0) <= value <= column.most:
        sentence = f"Give a number between {column.least} and {column.most}."
        return [Fault(f"/{column.name}", "range", sentence)]
    return []


def faults_across(table: DatedTable, row: Any, values: Mapping[str, Any], day: date) -> list[Fault]:
    """What the columns of a row say together."""
    if table.model is Target and not values["opens"] < values["cut_off"] <= values["closes"]:
        sentence = "The office opens before the moment until which things count, and closes after it."
        return [Fault("/cut_off", "order", sentence)]
    if table.model is WorkTarget:
        if values["unit"] not in UNITS:
            return [Fault("/unit", "unknown", "Choose a unit.")]
        if values["amount"] is None and values["unit"] != Unit.WEEKS:
            sentence = "Give a number; only in weeks may the catalogue’s longest count instead."
            return [Fault("/amount", "required", sentence)]
    if table.model is PlanStep:
        return faults_in_plan(row, values, day)
    return []


def faults_in_plan(row: PlanStep, values: Mapping[str, Any], day: date) -> list[Fault]:
    """A step is counted from one end, and no later step comes before it."""
    before, after = values["before_filing"], values["after_instruction"]
    if (before is None) == (after is None):
        return [Fault("/before_filing", "one", "Count it from one end: give one of the two numbers.")]
    fitting = [one for one in holding(book().plan_steps, day) if one.type in ("", row.type)]
    plan = {one.code: one for one in sorted(fitting, key=lambda one: bool(one.type))}
    for one in plan.values():
        if one.code in (row.code, "instruction"):
            continue
        earlier = one.order < row.order
        for name, given, sign in (("before_filing", before, -1), ("after_instruction", after, 1)):
            other = getattr(one, name)
            if given is None or other is None:
                continue
            ahead = (given - other) * sign
            if (earlier and ahead < 0) or (not earlier and ahead > 0):
                sentence = f"The steps would change places: “{one.label}” stands at {other}."
                return [Fault(f"/{name}", "order", sentence)]
    return []


# --- What it would change -------------------------------------------------------------------------------------


def preview(
    *, table: DatedTable, row: Any, values: Mapping[str, Any], valid_from: date, by: User
) -> list[str]:
    """What would change, in sentences; nothing is written."""
    refuse_changing(by)
    alike = list(table.alike(row))
    before = holding_on(alike, valid_from)
    if faults := faults_of(table, before, alike, values, valid_from, None):
        raise Invalid(faults)
    match table.code:
        case "targets":
            return what_a_target_changes(before, values, valid_from)
        case "work":
            return ["What has begun before that day keeps the promise with which it began."]
        case "steps":
            return ["From that day every timetable is drawn by it, also of work that is under way."]
        case "hours":
            return [
                "From that day capacity is counted by it, also of work under way, unless hours of its own were "
                "given to that."
            ]
    return ["From that day the capacity of everybody of this grade is counted by it."]


def what_a_target_changes(row: Target, values: Mapping[str, Any], valid_from: date) -> list[str]:
    """The running clocks, which it does not touch, and an example of what comes afterwards."""
    running = Enquiry.objects.filter(clock=Enquiry.ClockState.RUNNING, authority__nation=row.nation).count()
    clocks = "1 decision is" if running == 1 else f"{running} decisions are"
    calendar = book().calendars[row.nation]
    came = datetime.combine(calendar.next_working_day(valid_from), SHOWN_FROM, LONDON)
    log = [Stretch(came, None, "running")]
    then = {**{name: getattr(row, name) for name in ("working_days", "opens", "cut_off", "closes")}}
    old, new = (spelt(decision_due(promise(one), log, calendar)) for one in (then, values))
    instead = f"instead of {old}" if old != new else "as before"
    return [
        f"{clocks} running in {row.nation}; each keeps the target with which it began.",
        f"What comes on {came:%A %-d %B} at {came:%H:%M} would be due on {new}, {instead}.",
    ]


def promise(values: Mapping[str, Any]) -> Promise:
    hours = OfficeHours(values["opens"], values["cut_off"], values["closes"])
    return Promise(values["working_days"], hours)


def spelt(moment: datetime | None) -> str:
    assert moment is not None
    return f"{moment.astimezone(LONDON):%A %-d %B at %H:%M}"
