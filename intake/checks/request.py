"""Rules about who asks, how soon, and for which assessments."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from intake.checks.faults import Asked, Fault, day, part, repeated, required, text, values

IMMEDIATE_DANGER = Fault(
    "/urgency/immediate_danger",
    "immediate_danger",
    "A child in immediate danger cannot wait for this form. Ring 999 now, or the front door of the "
    "authority's children's services.",
)
# A shape only: one @, no spaces, a dotted domain. Whether it is somebody's shows when a letter arrives.
_EMAIL = re.compile(r"[^\s@,;<>]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{1,62}")


def opening(asked: Asked) -> Iterator[Fault]:
    """The authority's own reference, the kind of enquiry and its language."""
    yield from required(
        asked.body, "authority_reference", "", "Give your own reference, so that you can find it."
    )
    yield from required(asked.body, "kind", "", "Say what kind of enquiry this is.")
    yield from asked.coded("/kind", asked.body.get("kind"), "kind")
    yield from asked.coded("/language", asked.body.get("language"), "language")


def referrer(asked: Asked) -> Iterator[Fault]:
    """Who asks, and an address at which an answer arrives."""
    person = part(asked.body, "referrer")
    yield from required(person, "name", "/referrer", "Give the name of the person who asks.")
    yield from required(person, "email", "/referrer", "Give a work e-mail address for the answer.")
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
    """Whether a child is in danger now, and by when it is needed."""
    answers = part(asked.body, "urgency")
    if asked.full:
        yield from required(
            answers, "immediate_danger", "/urgency", "Say whether a child is in immediate danger."
        )
        yield from required(answers, "needed_by", "/urgency", "Say by when it is needed.")
    needed_by = day(answers, "needed_by")
    if needed_by and needed_by < asked.today:
        yield Fault(
            "/urgency/needed_by", "in_past", "The date by which it is needed must not be in the past."
        )


def assessments(asked: Asked) -> Iterator[Fault]:
    """What is asked for, and about whom; the same assessment of the same people once."""
    if not (asked.assessments or asked.general):
        yield Fault("/assessments", "required", "Choose at least one assessment.")
    again = set(repeated(tuple(_subject(row) for row in asked.assessments)))
    for place, row in enumerate(asked.assessments):
        pointer = f"/assessments/{place}"
        if place in again:
            yield Fault(pointer, "repeated", "The same assessment of the same people is asked for above.")
        yield from required(row, "type", pointer, "Choose the kind of assessment.")
        yield from asked.coded(f"{pointer}/type", row.get("type"), "assessment_type")
        yield from _children_of(asked, row, pointer)
        yield from indices(values(row, "adults"), len(asked.adults), f"{pointer}/adults", "adult")


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


def _children_of(asked: Asked, row: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
    places, rules = values(row, "children"), asked.rules(row)
    if rules.nobody and (places or not asked.general):
        yield Fault(
            f"{pointer}/type", "general_only", "Use this type for a general enquiry, without children."
        )
    yield from indices(places, len(asked.children), f"{pointer}/children", "child")
    if not asked.general and len(set(places)) < rules.children:
        many = "two or more children" if rules.children > 1 else "at least one child"
        yield Fault(f"{pointer}/children", "too_few_children", f"This assessment needs {many}.")
    if rules.unborn:
        yield from _unborn(asked, places, f"{pointer}/children")


def _unborn(asked: Asked, places: tuple[Any, ...], pointer: str) -> Iterator[Fault]:
    for order, place in enumerate(places):
        if is_place(place, len(asked.children)):
            child = asked.children[place]
            if child.get("date_of_birth") or not child.get("expected_date_of_delivery"):
                detail = "A pre-birth assessment is of a child with an expected date and no date of birth."
                yield Fault(f"{pointer}/{order}", "not_unborn", detail)


def _subject(row: Mapping[str, Any]) -> tuple[str, frozenset[Any], frozenset[Any]]:
    return text(row, "type"), frozenset(values(row, "children")), frozenset(values(row, "adults"))
