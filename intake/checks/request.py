"""Rules about who asks, how soon, and for which assessments."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from intake.checks.faults import Asked, Fault, day, part, repeated, required, text, values
from intake.checks.particulars import particulars

IMMEDIATE_DANGER = Fault(
    "/urgency/immediate_danger",
    "immediate_danger",
    "A child in immediate danger cannot wait for this form. Ring 999 now, or the front door of the "
    "authority's children's services.",
)
# A shape only: one @, no spaces, a dotted domain. Whether it is somebody's shows when a letter arrives.
_EMAIL = re.compile(r"[^\s@,;<>]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{1,62}")


def opening(asked: Asked) -> Iterator[Fault]:
    """The kind of enquiry and its language."""
    yield from asked.coded("/kind", asked.body.get("kind"), "kind")
    yield from asked.coded("/language", asked.body.get("language"), "language")


def referrer(asked: Asked) -> Iterator[Fault]:
    """The addresses at which an answer arrives."""
    person = part(asked.body, "referrer")
    yield from email(asked, person, "email", "/referrer")
    yield from email(asked, person, "manager_email", "/referrer")


def email(asked: Asked, person: Mapping[str, Any], name: str, pointer: str) -> Iterator[Fault]:
    """The shape of an address, and whether its domain still receives anything."""
    address = text(person, name)
    if not address:
        return
    if len(address) > 254 or not _EMAIL.fullmatch(address):
        yield Fault(f"{pointer}/{name}", "email", "Enter an e-mail address, like name@authority.gov.uk.")
    elif asked.book.email_kind(address) == "retired":
        detail = "This e-mail domain is closed and reaches nobody. Give the address used now."
        yield Fault(f"{pointer}/{name}", "retired_domain", detail)


def urgency(asked: Asked) -> Iterator[Fault]:
    """By when it is needed."""
    needed_by = day(part(asked.body, "urgency"), "needed_by")
    if needed_by and needed_by < asked.today:
        yield Fault(
            "/urgency/needed_by", "in_past", "The date by which it is needed must not be in the past."
        )


def assessments(asked: Asked) -> Iterator[Fault]:
    """What is asked for, and about whom; the same assessment of the same people once."""
    again = set(repeated(tuple(_subject(row) for row in asked.assessments)))
    for place, row in enumerate(asked.assessments):
        pointer = f"/assessments/{place}"
        if place in again:
            yield Fault(pointer, "repeated", "The same assessment of the same people is asked for above.")
        yield from required(row, "type", pointer, "Choose the kind of assessment.")
        yield from asked.coded(f"{pointer}/type", row.get("type"), "assessment_type")
        yield from indices(values(row, "children"), len(asked.children), f"{pointer}/children", "child")
        yield from indices(values(row, "adults"), len(asked.adults), f"{pointer}/adults", "adult")
        yield from particulars(asked, row, f"{pointer}/particulars")


def indices(places: tuple[Any, ...], count: int, pointer: str, noun: str) -> Iterator[Fault]:
    """Each place in a list of people exists, and is named once."""
    again = set(repeated(places))
    for order, place in enumerate(places):
        if not is_place(place, count):
            yield Fault(
                f"{pointer}/{order}", "no_such_person", f"There is no {noun} at this place of the list."
            )
        elif order in again:
            yield Fault(f"{pointer}/{order}", "repeated", f"This {noun} is named twice.")


def is_place(place: object, count: int) -> bool:
    """Whether it is the place of one of so many people, counted from 0."""
    return isinstance(place, int) and not isinstance(place, bool) and 0 <= place < count


def _subject(row: Mapping[str, Any]) -> tuple[str, frozenset[Any], frozenset[Any]]:
    return text(row, "type"), frozenset(values(row, "children")), frozenset(values(row, "adults"))
