"""Rules about the particulars of an assessment: those that its type asks for, each with its kind of answer."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from intake.checks.faults import Asked, Fault, part, text
from intake.requirements import Requirement, allows

_SENTENCES = {
    "text": "Give text here.",
    "date": "Give a date such as 2027-03-05.",
    "yes_no": "Give true or false.",
}


def particulars(asked: Asked, assessment: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
    """Each is one that the type asks for or asked for once, and an answer of its kind."""
    given = part(assessment, "particulars")
    if not given:
        return
    known = asked.book.requirements.particulars(text(assessment, "type"))
    for code, value in given.items():
        here = f"{pointer}/{code}"
        row = known.get(code)
        if row is None:
            yield Fault(here, "unknown_particular", "This assessment asks for no such particular.")
        elif not allows(row, asked.kind):
            yield Fault(here, *_too_much(asked))
        elif not _is_answer(row, value):
            yield Fault(here, "wrong_answer", _SENTENCES[row.answer])


def _too_much(asked: Asked) -> tuple[str, str]:
    if asked.general:
        return "not_for_general", "A general enquiry is about nobody. Make a referral to tell us this."
    return "not_anonymised", "Leave this out of a preliminary enquiry: somebody could be recognised by it."


def _is_answer(row: Requirement, value: object) -> bool:
    if row.answer == "yes_no":
        return isinstance(value, bool)
    if not isinstance(value, str):
        return False
    return row.answer == "text" or not value or _is_day(value)


def _is_day(value: str) -> bool:
    try:
        return len(value) == 10 and 1900 <= date.fromisoformat(value).year <= 2200
    except ValueError:
        return False
