"""A calendar as iCalendar (RFC 5545): the same entries give the same bytes. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from icalendar import Calendar, Event


@dataclass(frozen=True, slots=True)
class Entry:
    """A day, or a moment with minutes. The title has a reference and an assessment type, and no person or place."""

    uid: str
    on: date | datetime
    title: str
    url: str
    changed_at: datetime
    minutes: int = 0


def etag(name: str, entries: Iterable[Entry]) -> str:
    """Of a calendar with these entries, without writing it."""
    said = "\n".join(repr(entry) for entry in entries)
    return f'"{sha256(f"{name}{said}".encode()).hexdigest()[:32]}"'


def write(name: str, entries: Iterable[Entry]) -> bytes:
    """The whole calendar. `changed_at` is the stamp, so nothing in it comes from the moment of writing."""
    calendar = Calendar()
    calendar.add("prodid", "-//Referral Desk//Calendar feed//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(event(entry))
    text: bytes = calendar.to_ical()
    return text


def event(entry: Entry) -> Event:
    found = Event()
    found.add("uid", entry.uid)
    found.add("dtstamp", entry.changed_at.astimezone(UTC).replace(microsecond=0))
    found.add("summary", entry.title)
    found.add("url", entry.url)
    if isinstance(entry.on, datetime):
        begins = entry.on.astimezone(UTC).replace(microsecond=0)
        found.add("dtstart", begins)
        found.add("dtend", begins + timedelta(minutes=entry.minutes or 60))
    else:
        # A whole day that keeps nobody busy.
        found.add("dtstart", entry.on)
        found.add("dtend", entry.on + timedelta(days=1))
        found.add("transp", "TRANSPARENT")
    found.add("class", "PRIVATE")
    return found
