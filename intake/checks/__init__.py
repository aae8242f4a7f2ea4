"""The rules across the answers of an enquiry: one set for the pages and for the API.

A body has the shape of `POST /api/v1/enquiries/`; the types of its members were checked before. Every fault
is named at once, in the order of the document. No database, no clock: the code book and today are arguments.
"""

from collections.abc import Mapping
from datetime import date
from itertools import chain
from typing import Any

from intake.checks import children, kinds, legal, missing_answers, origin, people, request, safety
from intake.checks.faults import Asked, Fault, Missing, part, text
from intake.checks.required_answers import required_answers
from intake.codes import CodeBook
from intake.requirements import EXPECTED, REQUIRED, SECTIONS, Completeness, Stage

__all__ = ["Fault", "Missing", "check", "missing", "missing_at", "survey"]

_RULES = (
    required_answers,
    request.opening,
    origin.origin,
    request.referrer,
    request.urgency,
    request.assessments,
    legal.legal,
    children.children,
    people.adults,
    people.household,
    safety.risks,
    safety.documents,
    safety.information,
    kinds.kinds,
)
_ORDER = {
    member: place
    for place, member in enumerate(
        chain(
            (
                "authority_reference",
                "kind",
                "language",
                "continues",
                "prompted_by",
                "referrer",
                "urgency",
                "assessments",
            ),
            *(section.members for section in SECTIONS[2:]),
        )
    )
}


def check(body: Mapping[str, Any], *, book: CodeBook, today: date, nation: str = "") -> list[Fault]:
    """Every reason to refuse the body, in document order; an empty list when it may be submitted.

    `nation` is the authority's, "England" or "Wales"; "" leaves the rules about nations out. A child in
    immediate danger is the only fault when there is one: nothing else matters then.
    """
    if part(body, "urgency").get("immediate_danger") is True:
        return [request.IMMEDIATE_DANGER]
    asked = _asked(body, book, today, nation)
    found = dict.fromkeys(chain.from_iterable(rule(asked) for rule in _RULES))
    return sorted(found, key=_in_document_order)


def missing(body: Mapping[str, Any], *, book: CodeBook, today: date, nation: str = "") -> list[Missing]:
    """What is still to come, named, and does not stop the submission; nothing for a general enquiry."""
    return survey(body, book=book, today=today, nation=nation)[0]


def survey(
    body: Mapping[str, Any], *, book: CodeBook, today: date, nation: str = ""
) -> tuple[list[Missing], Completeness]:
    """What is still to come, and how much of what the types ask for at the intake is there."""
    asked = _asked(body, book, today, nation)
    found = asked.needs.survey(body)
    expected = (unmet for unmet in found.unmet if unmet.requirement.intake == EXPECTED)
    return list(missing_answers.named(asked, expected)), found.completeness


def missing_at(
    stage: Stage, body: Mapping[str, Any], *, book: CodeBook, today: date, nation: str = ""
) -> list[Missing]:
    """What has to be there at the acceptance or at the start, and is not."""
    asked = _asked(body, book, today, nation)
    return list(missing_answers.named(asked, asked.needs.unmet(body, stage, REQUIRED)))


def _asked(body: Mapping[str, Any], book: CodeBook, today: date, nation: str) -> Asked:
    return Asked(body=body, book=book, today=today, nation=nation, kind=text(body, "kind"))


def _in_document_order(fault: Fault) -> tuple[int, int]:
    """By member and row; within a row as the rules found them."""
    _, member, number, *_ = *fault.pointer.split("/"), "", ""
    return _ORDER.get(member, -1), int(number) if number.isdigit() else -1
