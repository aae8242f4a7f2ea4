"""What the enquiry page shows, put together for whoever reads it."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from intake import bodies, checks
from intake.bodies import Body
from intake.checks import Missing
from intake.models import Enquiry, Event, Risk, User, book


class Day(NamedTuple):
    """A day of the court's or the authority's timetable; the main one is when the report is needed."""

    on: date
    words: str
    main: bool = False


def facts(enquiry: Enquiry, user: User) -> dict[str, Any]:
    """The enquiry as this person may see it. Seven statements, however many people it names."""
    body = bodies.read(enquiry, bodies.sight_for(user, enquiry))
    return {
        "body": body,
        "risks": risk_boxes(body),
        "days": sorted(days(body)),
        "missing": missing(enquiry, body),
        "withheld": any("address" in adult.get("not_shown", ()) for adult in body.get("adults", ())),
    }


def risk_boxes(body: Body) -> list[tuple[str, list[Body]]]:
    """Three boxes, always: risk to the child, risk to the worker, safety of contact."""
    rows = body.get("risks", [])
    return [(about.label, [row for row in rows if row["about"] == about]) for about in Risk.About]


def days(body: Body) -> Iterator[Day]:
    legal, codes = body.get("legal", {}), book().codes
    for member, words in (("issued_on", "Proceedings issued"), ("permission_date", "Permission given")):
        if legal.get(member):
            yield Day(legal[member], words)
    if needed := body.get("urgency", {}).get("needed_by"):
        yield Day(needed, "Report asked for", main=needed != legal.get("filing_date"))
    if legal.get("filing_date"):
        yield Day(legal["filing_date"], "Report to be filed", main=True)
    for hearing in legal.get("hearings", ()):
        yield Day(hearing["date"], codes.label("hearing_kind", hearing["kind"]))


def missing(enquiry: Enquiry, body: Body) -> list[Missing]:
    """What is still to come; what this reader must not see is not called missing."""
    hidden = [
        f"/{member}/{place}/"
        for member in ("children", "adults")
        for place, person in enumerate(body.get(member, ()))
        if "not_shown" in person
    ]
    rows = checks.missing(
        body, book=book().codes, today=timezone.localdate(), nation=enquiry.authority.nation
    )
    return [row for row in rows if not row.pointer.startswith(tuple(hidden))]


def history(enquiry: Enquiry, user: User) -> list[Event]:
    """The latest first, as far as this person may read it."""
    return readable(Event.objects.visible_to(user).filter(enquiry=enquiry), user)


def readable(lines: QuerySet[Event], user: User) -> list[Event]:
    """The latest lines, each with its note as far as it is for this person."""
    shown = list(lines.order_by("-sequence")[:200])
    for line in shown:
        line.note = line.note_for(user)
    return shown
