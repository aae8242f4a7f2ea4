"""What the enquiry page shows, put together for whoever reads it."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from intake import bodies, checks
from intake.actions import messages
from intake.bodies import Body
from intake.checks import Missing
from intake.models import Enquiry, Event, Message, Risk, User, book
from intake.requirements import Completeness


class Day(NamedTuple):
    """A day of the court's or the authority's timetable; the main one is when the report is needed."""

    on: date
    words: str
    main: bool = False


def facts(enquiry: Enquiry, user: User) -> dict[str, Any]:
    """The enquiry as this person may see it. Seven statements, however many people it names."""
    everything = whole(enquiry)
    body = bodies.veil(everything, bodies.sight_for(user, enquiry))
    missing, complete = still_to_come(enquiry, everything)
    return {
        "body": body,
        "risks": risk_boxes(body),
        "days": sorted(days(body)),
        "linked": linked(enquiry, user),
        "missing": missing,
        "complete": complete,
        "withheld": any("address" in adult.get("not_shown", ()) for adult in body.get("adults", ())),
    }


def whole(enquiry: Enquiry) -> Body:
    """The whole body, read once for a page and all its forms; an action reads it anew, under its lock."""
    found: Body | None = getattr(enquiry, "_whole", None)
    if found is None:
        found = bodies.read(enquiry)
        enquiry._whole = found  # type: ignore[attr-defined]
    return found


def linked(enquiry: Enquiry, user: User) -> dict[str, Any]:
    """The enquiry it continues and those that continue it, as far as this person sees them."""
    if not (enquiry.continues_id or enquiry.is_continued):
        return {"earlier": None, "later": []}
    rows = list(Enquiry.objects.visible_to(user).linked_to(enquiry).order_by("pk"))
    return {
        "earlier": next((row for row in rows if row.reference == enquiry.continues_id), None),
        "later": [row for row in rows if row.reference != enquiry.continues_id],
    }


def risk_boxes(body: Body) -> list[tuple[str, list[Body]]]:
    """Three boxes, always: risk to the child, risk to the worker, safety of contact."""
    rows = body.get("risks", [])
    return [(about.label, [row for row in rows if row["about"] == about]) for about in Risk.About]


def days(body: Body) -> Iterator[Day]:
    legal, codes = body.get("legal", {}), book().codes
    for member, words in (
        ("issued_on", gettext("Proceedings issued")),
        ("permission_date", gettext("Permission given")),
    ):
        if legal.get(member):
            yield Day(legal[member], words)
    if needed := body.get("urgency", {}).get("needed_by"):
        yield Day(needed, gettext("Report asked for"), main=needed != legal.get("filing_date"))
    if legal.get("filing_date"):
        yield Day(legal["filing_date"], gettext("Report to be filed"), main=True)
    for hearing in legal.get("hearings", ()):
        yield Day(hearing["date"], codes.label("hearing_kind", hearing["kind"]))


def still_to_come(enquiry: Enquiry, whole: Body) -> tuple[list[Missing], Completeness]:
    """What is missing, named, and how much is there; of the whole, for what is only hidden is not missing."""
    today, nation = timezone.localdate(), enquiry.authority.nation
    return checks.survey(whole, book=book().codes, today=today, nation=nation)


LATEST = 20


def history(enquiry: Enquiry, user: User) -> dict[str, Any]:
    """The latest lines, as far as this person may read them, and whether there are older ones."""
    lines = readable(Event.objects.visible_to(user).filter(enquiry=enquiry), user, LATEST + 1)
    return {"history": lines[:LATEST], "history_goes_on": len(lines) > LATEST}


def readable(lines: QuerySet[Event], user: User, most: int = 200) -> list[Event]:
    """The latest lines, each with its note as far as it is for this person."""
    shown = list(lines.order_by("-sequence")[:most])
    for line in shown:
        line.note = line.note_for(user)
    return shown


FEW = 3


def talk(enquiry: Enquiry, user: User) -> dict[str, Any]:
    """The last few messages this person may read, and how many are new to their organisation."""
    rows = Message.objects.visible_to(user).filter(enquiry=enquiry)
    few = list(rows.select_related("organisation").order_by("-pk")[:FEW])
    return {
        "talk": few,
        "talk_unread": rows.unread_by(user).count() if few else 0,
        "may_talk": bool(messages.readable_for(enquiry, user)),
    }
