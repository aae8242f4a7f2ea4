"""What each kind of enquiry leaves out; what it needs stands in the requirements.

A general enquiry names nobody; a preliminary one is anonymous (FPR 2010 PD25C 3.3): initials and ages. That
names are initials, and numbers and addresses left out, stands with the people themselves.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from intake.checks.faults import Asked, Fault, rows
from intake.checks.people import ANONYMOUS
from intake.checks.screening import IDENTIFIERS, WHEREABOUTS, found_in, texts

# Whoever asks gives their own name and ways to be reached; a code is no text.
_NOT_SCREENED = frozenset({"kind", "language", "continues", "referrer", "declaration"})


def kinds(asked: Asked) -> Iterator[Fault]:
    """What this kind of enquiry does not take."""
    if asked.anonymous:
        yield from _anonymous(asked)
    elif not asked.general:
        yield from _ages(asked)
    if not asked.full:
        yield from _screened(asked)


def _anonymous(asked: Asked) -> Iterator[Fault]:
    for pointer, person in _people(asked):
        for name in ("date_of_birth", "school", "solicitor"):
            if person.get(name):
                detail = "Give an age instead of a date of birth." if name == "date_of_birth" else ANONYMOUS
                yield Fault(f"{pointer}/{name}", "not_anonymised", detail)


def _ages(asked: Asked) -> Iterator[Fault]:
    """Of a named person the date of birth is asked; somebody else in the household may have an age."""
    for pointer, person in _people(asked):
        if person.get("age") is not None and not pointer.startswith("/household/"):
            detail = "Give the date of birth. An age alone is for a preliminary enquiry."
            yield Fault(f"{pointer}/age", "preliminary_only", detail)


def _people(asked: Asked) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for part in ("children", "adults", "household"):
        for place, person in enumerate(rows(asked.body, part)):
            yield f"/{part}/{place}", person


def _screened(asked: Asked) -> Iterator[Fault]:
    """Free text is read for what would tell who somebody is; the fault names the place, not the value."""
    screens = IDENTIFIERS if asked.general else (*IDENTIFIERS, *WHEREABOUTS)
    free = {name: value for name, value in asked.body.items() if name not in _NOT_SCREENED}
    for pointer, words in texts(free):
        if not _refused_whole(asked, pointer):
            for what in found_in(words, screens):
                detail = f"This seems to hold {what}. Leave it out of this kind of enquiry."
                yield Fault(pointer, "identifies", detail)


def _refused_whole(asked: Asked, pointer: str) -> bool:
    """Members that are refused whatever they say are named once."""
    _, part, *rest = pointer.split("/")
    if asked.general:
        return part in ("children", "adults", "household") or pointer == "/legal/case_number"
    member = rest[1] if len(rest) > 1 and part in ("children", "adults", "household") else ""
    return pointer == "/legal/case_number" or member in _LEFT_OUT


_LEFT_OUT = frozenset(
    {"name", "known_as", "date_of_birth", "school", "solicitor", "nhs_number", "upn", "authority_child_id"}
    | {"address", "phone", "email", "expected_date_of_delivery"}
)
