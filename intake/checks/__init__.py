"""The rules across the answers of an enquiry: one set for the pages and for the API.

A body has the shape of `POST /api/v1/enquiries/`; the types of its members were checked before. Every fault
is named at once, in the order of the document. No database, no clock: the code book and today are arguments.
"""

from collections.abc import Mapping
from datetime import date
from itertools import chain
from typing import Any

from intake.checks import children, legal, missing_answers, people, request, safety
from intake.checks.faults import Asked, Fault, Missing, part, text
from intake.codes import CodeBook

__all__ = ["Fault", "Missing", "check", "missing"]

_SECTIONS = (
    request.opening,
    request.referrer,
    request.urgency,
    request.assessments,
    legal.legal,
    children.children,
    people.adults,
    people.household,
    safety.risks,
    safety.background,
    safety.documents,
    safety.information,
    safety.declaration,
)


def check(body: Mapping[str, Any], *, book: CodeBook, today: date, nation: str = "") -> list[Fault]:
    """Every reason to refuse the body, in document order; an empty list when it may be submitted.

    `nation` is the authority's, "England" or "Wales"; "" leaves the rules about nations out. A child in
    immediate danger is the only fault when there is one: nothing else matters then.
    """
    if part(body, "urgency").get("immediate_danger") is True:
        return [request.IMMEDIATE_DANGER]
    asked = _asked(body, book, today, nation)
    return list(chain.from_iterable(section(asked) for section in _SECTIONS))


def missing(body: Mapping[str, Any], *, book: CodeBook, today: date, nation: str = "") -> list[Missing]:
    """What is still to come, named, and does not stop the submission; nothing for a general enquiry."""
    asked = _asked(body, book, today, nation)
    return [] if asked.general else list(missing_answers.missing(asked))


def _asked(body: Mapping[str, Any], book: CodeBook, today: date, nation: str) -> Asked:
    return Asked(body=body, book=book, today=today, nation=nation, kind=text(body, "kind"))
