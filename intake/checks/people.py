"""Rules about the adults and the household, and those that any person shares."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from intake.checks.faults import Asked, Fault, day, part, repeated, required, rows, text
from intake.checks.request import email, is_place
from intake.identifiers import postcode

ANONYMOUS = "Leave this out of a preliminary enquiry: nobody may be recognised before the court's permission."
_INITIALS = re.compile(r"(?:(?i:unborn|baby|child|of)\s+)*(?:[^\W\d_a-z][.\s]*){1,5}|(?i:unborn|baby|child)")
_NEEDS = ("learning_disability", "mental_health", "literacy")


def adults(asked: Asked) -> Iterator[Fault]:
    """Each parent, carer or applicant."""
    if asked.general:
        yield from nobody(asked, "adults")
        return
    for place, adult in enumerate(asked.adults):
        yield from _adult(asked, adult, f"/adults/{place}")


def household(asked: Asked) -> Iterator[Fault]:
    """Others who live there: somebody's name and a possible age."""
    if asked.general:
        yield from nobody(asked, "household")
        return
    for place, person in enumerate(rows(asked.body, "household")):
        pointer = f"/household/{place}"
        yield from full_name(asked, person, pointer)
        age = person.get("age")
        if isinstance(age, int) and not 0 <= age <= 120:
            yield Fault(f"{pointer}/age", "implausible", "An age is between 0 and 120 years.")


def nobody(asked: Asked, name: str) -> Iterator[Fault]:
    if asked.body.get(name):
        detail = "A general enquiry names nobody. Make a referral to tell us about a family."
        yield Fault(f"/{name}", "not_for_general", detail)


def full_name(asked: Asked, person: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
    if asked.anonymous:
        for name in ("name", "known_as"):
            if text(person, name) and not _INITIALS.fullmatch(text(person, name)):
                yield Fault(
                    f"{pointer}/{name}", "not_anonymised", "Give initials only in a preliminary enquiry."
                )


def birth(born: date, today: date, pointer: str, *, oldest: int) -> Iterator[Fault]:
    if born > today:
        yield Fault(pointer, "in_future", "A date of birth cannot be in the future.")
    elif _age(born, today) > oldest:
        yield Fault(pointer, "too_old", f"This date of birth would make the person older than {oldest}.")


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def checked_number(
    person: Mapping[str, Any], name: str, pointer: str, read: Callable[[str], object]
) -> Iterator[Fault]:
    if not text(person, name):
        return
    try:
        read(text(person, name))
    except ValueError as refused:
        yield Fault(f"{pointer}/{name}", name, str(refused))


def _adult(asked: Asked, adult: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
    yield from full_name(asked, adult, pointer)
    if born := day(adult, "date_of_birth"):
        yield from _adult_birth(born, asked.today, f"{pointer}/date_of_birth")
    yield from _relationships(asked, adult, pointer)
    if asked.anonymous:
        for name in ("address", "phone", "email"):
            if adult.get(name):
                yield Fault(f"{pointer}/{name}", "not_anonymised", ANONYMOUS)
    else:
        yield from checked_number(part(adult, "address"), "postcode", f"{pointer}/address", postcode)
        yield from email(asked, adult, "email", pointer)
    needs = part(adult, "needs")
    for name in _NEEDS:
        yield from asked.coded(f"{pointer}/needs/{name}", needs.get(name), "needs_answer")


def _adult_birth(born: date, today: date, pointer: str) -> Iterator[Fault]:
    yield from birth(born, today, pointer, oldest=120)
    # Some parents are children themselves; nobody younger than ten is.
    if born <= today and _age(born, today) < 10:
        yield Fault(pointer, "too_young", "This date of birth would make the adult a young child.")


def _relationships(asked: Asked, adult: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
    given = rows(adult, "relationships")
    again = set(repeated(tuple(row.get("child") for row in given)))
    for place, row in enumerate(given):
        here = f"{pointer}/relationships/{place}"
        if not is_place(row.get("child"), len(asked.children)):
            yield Fault(f"{here}/child", "no_such_person", "There is no child at this place of the list.")
        elif place in again:
            yield Fault(f"{here}/child", "repeated", "This child is named twice for the same adult.")
        yield from required(row, "relationship", here, "Say how the adult is related to the child.")
        yield from asked.coded(f"{here}/relationship", row.get("relationship"), "relationship")
