"""The particulars of an assessment in words, for pages and prints."""

from datetime import date
from typing import Any

from intake.bodies import Body
from intake.models import book
from intake.requirements import Requirement, answered


def in_words(asked: Body) -> list[tuple[str, str]]:
    """Each answer under its label, in the order in which the type asks."""
    return [(label, said(answer)) for label, answer in answers(asked)]


def answers(asked: Body) -> list[tuple[str, bool | date | str]]:
    """The same as what they are: a yes or a no, a day, a text."""
    given = asked.get("particulars") or {}
    rows = book().requirements.particulars(asked["type"])
    return [(row.label, read(row, given[code])) for code, row in rows.items() if answered(given.get(code))]


def read(row: Requirement, value: Any) -> bool | date | str:
    if row.answer == "yes_no":
        return bool(value)
    return date.fromisoformat(value) if row.answer == "date" else str(value)


def said(answer: bool | date | str) -> str:
    if isinstance(answer, bool):
        return "Yes" if answer else "No"
    return f"{answer.day} {answer:%B %Y}" if isinstance(answer, date) else answer
