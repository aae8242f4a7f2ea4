"""Where an enquiry stands in the order of the work, and why: its facts from its body or its rows, no statement."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from intake import priority
from intake.bodies import Body
from intake.lifecycle import OPEN
from intake.models import Assessment, CourtDate, Enquiry, Person, Risk, book
from intake.models.enquiry import EnquiryQuerySet
from intake.models.ranking import NEVER
from intake.priority import Facts, Priority

LEVELS = ("low", "medium", "high")
# Date of birth, age, expected date of delivery.
Child = tuple[date | None, int | None, date | None]


def from_body(enquiry: Enquiry, body: Mapping[str, Any], today: date) -> Facts:
    """The facts of a body, as it is about to be written or was just read."""
    children = [
        (child.get("date_of_birth"), child.get("age"), child.get("expected_date_of_delivery"))
        for child in body.get("children") or ()
    ]
    types = book().types
    weeks = [types[row["type"]].weeks_max for row in body.get("assessments") or () if row["type"] in types]
    risks = [(risk["about"], risk["level"]) for risk in body.get("risks") or ()]
    hearings = [row["date"] for row in (body.get("legal") or {}).get("hearings") or ()]
    nation = enquiry.authority.nation
    return facts(
        enquiry, today, nation=nation, children=children, weeks=weeks, risks=risks, hearings=hearings
    )


def from_rows(enquiry: Enquiry, today: date) -> Facts:
    """The facts of an enquiry that came `with_facts`."""
    takes = book().weeks
    return facts(
        enquiry,
        today,
        nation=enquiry.authority.nation,
        children=[
            (child.date_of_birth, child.age, child.expected_date_of_delivery) for child in children(enquiry)
        ],
        weeks=[takes.get(row.type_id) for row in enquiry.assessment_rows.all()],
        risks=[(row.about, row.level) for row in enquiry.risk_rows.all()],
        hearings=[row.date for row in enquiry.courtdate_rows.all()],
    )


def children(enquiry: Enquiry) -> list[Person]:
    """As a list of enquiries has fetched them, or all who are named."""
    fetched: list[Person] | None = getattr(enquiry, "children", None)
    if fetched is not None:
        return fetched
    return [row for row in enquiry.people.all() if row.part == Person.Part.CHILD]


def facts(
    enquiry: Any,
    today: date,
    *,
    nation: str,
    children: Iterable[Child],
    weeks: Iterable[int | None],
    risks: Iterable[tuple[str, str]],
    hearings: Iterable[date],
) -> Facts:
    """Of an enquiry, or of its plain columns."""
    children = list(children)
    return Facts(
        calendar=book().calendars[nation],
        filing_on=min(days([enquiry.filing_date]), default=None),
        asked_for=min(days([enquiry.needed_by]), default=None),
        weeks=max((number or 0 for number in weeks), default=0),
        hearing_on=min((day for day in days(hearings) if day >= today), default=None),
        birth_on=min(days(due for _, _, due in children), default=None),
        youngest_born_on=max(days(born for born, _, _ in children), default=None),
        youngest_age=min((age for born, age, _ in children if age is not None and not born), default=None),
        lane=tuple(code for code in (enquiry.framework, enquiry.legal_stage) if code),
        risks=highest(risks),
        received_on=timezone.localdate(enquiry.received_at) if enquiry.received_at else None,
        sent_before=enquiry.sent_before,
        prompted_by=enquiry.prompted_by,
    )


def days(given: Iterable[date | str | None]) -> list[date]:
    """A body that was not read by its shape has its days as text."""
    return [date.fromisoformat(day) if isinstance(day, str) else day for day in given if day]


def highest(risks: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Of each kind of risk the highest level that is known."""
    found: dict[str, str] = {}
    for about, level in risks:
        if level in LEVELS and LEVELS.index(level) >= LEVELS.index(found.get(about, LEVELS[0])):
            found[about] = level
    return found


def judged(enquiry: Any, known: Facts, today: date) -> Priority:
    """By the weights of the day; the band that somebody set goes before."""
    found = priority.priority(known, book().weights(today), today)
    return found.set_to(enquiry.band_override) if enquiry.band_override else found


def enquiry_priority(enquiry: Enquiry, today: date | None = None) -> Priority:
    """The band and its reasons today; four statements, none for an enquiry that came `with_facts`."""
    today = today or timezone.localdate()
    return judged(enquiry, from_rows(enquiry, today), today)


def of_body(enquiry: Enquiry, body: Mapping[str, Any], today: date | None = None) -> Priority:
    """The same with the whole body at hand."""
    today = today or timezone.localdate()
    return judged(enquiry, from_body(enquiry, body, today), today)


def columns(found: Priority) -> Body:
    """What is stored of it, for sorting."""
    return {
        "band": found.band,
        "urgency": priority.urgency(found.band, found.points),
        "ranks_on": found.changes_on or NEVER,
    }


def placed(enquiry: Enquiry, body: Mapping[str, Any], today: date) -> Body:
    """The columns for a body, to be written with whatever changes it."""
    return columns(of_body(enquiry, body, today))


def placed_again(enquiry: Enquiry, today: date) -> Body:
    """The same from its rows, for a change that has no body at hand."""
    return columns(enquiry_priority(enquiry, today))


def is_ranked(enquiry: Enquiry) -> bool:
    """Only what is open has a place in the order."""
    return enquiry.status in OPEN


def with_facts(rows: EnquiryQuerySet) -> EnquiryQuerySet:
    """With all that the order looks at: four statements for any number of rows."""
    named = Person.objects.filter(part=Person.Part.CHILD).only(
        "enquiry_id", "position", "part", "date_of_birth", "age", "expected_date_of_delivery"
    )
    asked = Assessment.objects.only("enquiry_id", "position", "type_id")
    return rows.select_related("authority").prefetch_related(
        Prefetch("people", named, to_attr="children"), Prefetch("assessment_rows", asked), *dangers_and_days()
    )


def dangers_and_days() -> tuple["Prefetch[str]", ...]:
    """What a list that has children and assessments already needs beside them."""
    return (
        Prefetch("risk_rows", Risk.objects.only("enquiry_id", "position", "about", "level")),
        Prefetch("courtdate_rows", CourtDate.objects.only("enquiry_id", "position", "date")),
    )
