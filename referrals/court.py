"""The timetable of an enquiry: the days of court, panel and birth, and the plan of each assessment back from filing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_noop

from intake import codes
from intake.clocks import as_day, holds, mapping, rows, spelt
from intake.deadlines import Calendar
from intake.models import Assessment, AssessmentType, CourtDate, Enquiry, Person, book
from referrals.models import Referral
from referrals.timetable import Milestone, Step, begins_in_the_past, plan_back

PREBIRTH = "PREBIRTH"
# The step that is over once the work has begun.
INSTRUCTION = "instruction"
# A pre-birth assessment is due so long before the birth is expected (the catalogue's gate).
BEFORE_BIRTH = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the timetable; `mark` says where it stands, in a word that needs no colour: passed, today, next."""

    on: date
    words: str
    code: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """One assessment, planned back from the day it is filed; `warning` when it does not fit."""

    position: int
    type: str
    title: str
    filing: date
    days: list[Day]
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Timetable:
    days: list[Day]
    plans: list[Plan] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.days or self.plans)


def timetable_of(enquiry: Enquiry, body: Mapping[str, Any], today: date) -> Timetable:
    """Of an enquiry as its reader sees it. No statement: everything stands in the body."""
    plans = [
        plan(position, asked, filing, enquiry.authority.nation, today)
        for position, asked in enumerate(rows(body.get("assessments")))
        if (filing := filing_day(asked, body))
    ]
    return Timetable(marked(line_of_dates(body), today), [found for found in plans if found])


def timetable_of_referral(referral: Referral, body: Mapping[str, Any], today: date) -> Timetable:
    """Of one referral: its own plan, by the day of an addendum when there is one; no warning once it has begun."""
    asked = rows(body.get("assessments"))
    place = referral.assessment.position
    own = asked[place] if place < len(asked) else {"type": referral.assessment.type.code}
    filing = referral.needed_by or filing_day(own, body)
    begun = referral.status not in ("waiting", "offered", "allocated")
    found = (
        plan(place, own, filing, referral.enquiry.authority.nation, today, begun=begun) if filing else None
    )
    return Timetable(marked(line_of_dates(body), today), [found] if found else [])


def line_of_dates(body: Mapping[str, Any]) -> Iterator[Day]:
    """What court, authority, panel and nature have set."""
    legal, labels = mapping(body.get("legal")), book().codes
    for member, words in DATES:
        if day := as_day(legal.get(member)):
            yield Day(day, words, member)
    for hearing in rows(legal.get("hearings")):
        if day := as_day(hearing.get("date")):
            yield Day(day, labels.label("hearing_kind", str(hearing.get("kind"))), "hearing")
    needed = as_day(mapping(body.get("urgency")).get("needed_by"))
    if needed and needed != as_day(legal.get("filing_date")):
        yield Day(needed, gettext_noop("Report asked for"), "needed_by")
    yield from panels(body)
    yield from births(body)


DATES = (
    ("letter_before_proceedings", gettext_noop("Letter before proceedings")),
    ("issued_on", gettext_noop("Proceedings issued")),
    ("permission_date", gettext_noop("Permission given")),
    ("filing_date", gettext_noop("Report to be filed")),
)


def panels(body: Mapping[str, Any]) -> Iterator[Day]:
    days = {
        as_day(mapping(asked.get("particulars")).get("panel_date")) for asked in rows(body.get("assessments"))
    }
    for day in days - {None}:
        assert day is not None
        yield Day(day, gettext_noop("Panel"), "panel")


def births(body: Mapping[str, Any]) -> Iterator[Day]:
    """Nobody is named: there may be twins, and one day is one line."""
    days = {as_day(child.get("expected_date_of_delivery")) for child in rows(body.get("children"))}
    for day in days - {None}:
        assert day is not None
        yield Day(day, gettext_noop("Birth expected"), "birth")


def filing_day(asked: Mapping[str, Any], body: Mapping[str, Any]) -> date | None:
    """When this assessment has to be there: the court's date, the day asked for, its panel, the birth."""
    set_by = as_day(mapping(body.get("legal")).get("filing_date")) or as_day(
        mapping(body.get("urgency")).get("needed_by")
    )
    if set_by is None:
        set_by = as_day(mapping(asked.get("particulars")).get("panel_date"))
    if set_by is None and asked.get("type") == PREBIRTH:
        expected = [day.on for day in births(body)]
        set_by = min(expected) - BEFORE_BIRTH if expected else None
    return set_by


def plan(
    position: int, asked: Mapping[str, Any], filing: date, nation: str, today: date, *, begun: bool = False
) -> Plan | None:
    """None for a type without a usual length."""
    kind = book().types.get(str(asked.get("type")))
    weeks = weeks_of(kind) if kind else 0
    if kind is None or not weeks:
        return None
    milestones = plan_back(filing, weeks, calendar_of(nation), steps_for(kind.code, today))
    warning = "" if begun else warn(milestones, weeks, filing, today)
    to_come = [row for row in milestones if not (begun and row.code == INSTRUCTION)]
    return Plan(position, kind.code, kind.name, filing, marked(as_days(to_come), today), warning)


def as_days(milestones: Iterable[Milestone]) -> list[Day]:
    return [Day(row.day, row.label, row.code) for row in milestones]


def warn(milestones: Sequence[Milestone], weeks: int, filing: date, today: date) -> str:
    """What does not fit, in a sentence."""
    if filing < today:
        return f"The day it is needed, {spelt(filing)}, has passed."
    if begins_in_the_past(milestones, today):
        begins = spelt(milestones[0].day)
        return f"The plan begins in the past: {weeks} weeks before filing was {begins}."
    return ""


def weeks_of(kind: AssessmentType) -> int:
    """The longest it usually takes, in weeks; 0 when the catalogue does not say."""
    return kind.weeks_max or kind.weeks_min or 0


def calendar_of(nation: str) -> Calendar:
    return book().calendars[nation or "England"]


def steps_for(kind: str, on: date) -> list[Step]:
    """The steps in force on a day: one of the very type before one of all types, the latest that has begun."""
    chosen: dict[str, codes.PlanStep] = {}
    rows_in_force = [row for row in book().plan_steps if holds(row.valid_from, row.valid_until, on)]
    for row in sorted(rows_in_force, key=lambda row: (bool(row.type), row.valid_from or date.min)):
        if row.type in ("", kind):
            chosen[row.code] = row
    ordered = sorted(chosen.values(), key=lambda row: row.order)
    return [Step(row.code, row.label, row.before_filing, row.after_instruction) for row in ordered]


def marked(days: Iterable[Day], today: date) -> list[Day]:
    """In order, each with where it stands; all of one next day are next."""
    ordered = sorted(days, key=lambda day: (day.on, day.words))
    coming = next((day.on for day in ordered if day.on > today), None)
    return [Day(day.on, day.words, day.code, mark_of(day.on, today, coming)) for day in ordered]


def mark_of(on: date, today: date, coming: date | None) -> str:
    if on < today:
        return "passed"
    return "today" if on == today else "next" if on == coming else ""


def dates_of(enquiry: Enquiry) -> dict[str, Any]:
    """What of an enquiry's body makes a timetable, and nothing else of it. Three statements."""
    asked = Assessment.objects.filter(enquiry=enquiry).order_by("position").select_related("type")
    hearings = CourtDate.objects.filter(enquiry=enquiry).order_by("position").values("kind", "date")
    expected = Person.objects.filter(
        enquiry=enquiry, part=Person.Part.CHILD, expected_date_of_delivery__isnull=False
    )
    return {
        "assessments": [{"type": row.type.code, "particulars": row.particulars} for row in asked],
        "legal": {
            **{member: getattr(enquiry, member) for member, _ in DATES},
            "stage": enquiry.legal_stage,
            "framework": enquiry.framework,
            "permission": enquiry.permission,
            "hearings": list(hearings),
        },
        "urgency": {"needed_by": enquiry.needed_by},
        "children": list(expected.values("expected_date_of_delivery")),
    }
