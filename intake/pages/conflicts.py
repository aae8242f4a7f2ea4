"""Two changed it at once: what the other did, line by line and answer by answer, beside what one has typed."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.dateparse import parse_date

from intake import bodies
from intake.bodies import Body
from intake.models import Enquiry, Event, User, book
from intake.models.moving import Moving
from intake.pages.writing.sections import PARTS, Part
from intake.pages.writing.spoken import pairs, row_in_words, row_pairs
from intake.requirements import Section


class Answer(NamedTuple):
    """A question, what stood there before, and what stands there now."""

    label: str
    before: str
    now: str


@dataclass(frozen=True)
class Change:
    """A line of history that made a new version, and the answers that it changed."""

    event: Event
    answers: list[Answer]


def since(subject: Moving, version: int, user: User) -> list[Change]:
    """What was done since somebody read this version, oldest first, as far as they may know of it."""
    lines = [line.pk for line in subject.made_since(version)]
    seen = Event.objects.visible_to(user).filter(pk__in=lines).order_by("sequence")
    changes = []
    for line in seen.select_related("enquiry__authority"):
        line.note = line.note_for(user)
        changes.append(Change(line, list(answers(line.enquiry, line.data, user))))
    return changes


def answers(enquiry: Enquiry, data: Body, user: User) -> Iterator[Answer]:
    """The answers that an amendment changed, as this reader may see them, in the words of the form."""
    changed = bodies.veil_change(data, bodies.sight_for(user, enquiry)).get("changed") or {}
    before, now = ({member: with_days(sides[n]) for member, sides in changed.items()} for n in (0, 1))
    for section in sections(enquiry):
        if not set(changed).isdisjoint(section.members):
            yield from answers_of(section, PARTS[section.code], before, now, enquiry, user)


def answers_of(
    section: Section, part: Part, before: Body, now: Body, enquiry: Enquiry, user: User
) -> Iterator[Answer]:
    if part.rows and section.code != "service":
        for n, (old, new) in enumerate(zip_longest(before.get(part.rows) or (), now.get(part.rows) or ())):
            name = row_in_words(part, new or old, n)["name"]
            was, told = (row_pairs(part, row or {}, enquiry, user) for row in (old, new))
            yield from different(was, told, f"{name}: ")
    else:
        was, told = (pairs(part, section, body, enquiry.kind) for body in (before, now))
        yield from different(was, told)


def different(before: list[tuple[str, str]], now: list[tuple[str, str]], name: str = "") -> Iterator[Answer]:
    old, new = dict(before), dict(now)
    for label in {**new, **old}:
        if old.get(label, "") != new.get(label, ""):
            yield Answer(f"{name}{label}", old.get(label, ""), new.get(label, ""))


def sections(enquiry: Enquiry) -> tuple[Section, ...]:
    shelf, today = book().codes.requirements, timezone.localdate()
    every = shelf.sections_for(book().types, enquiry.kind, enquiry.authority.nation, today)
    return tuple(one for one in every if one.code in PARTS)


def with_days(value: Any) -> Any:
    """As the body has it: the history keeps days as text."""
    if isinstance(value, dict):
        return {name: with_days(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [with_days(inner) for inner in value]
    return (len(value) == 10 and day_or_none(value)) or value if isinstance(value, str) else value


def day_or_none(text: str) -> Any:
    try:
        return parse_date(text)
    except ValueError:
        return None
