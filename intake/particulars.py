"""The particulars of an assessment in words, for pages and prints."""

from datetime import date
from typing import Any

from intake.bodies import Body
from intake.models import book
from intake.requirements import Requirement, answered


def in_words(asked: Body) -> list[tuple[str, str]]:
    """Each answer under its label, in the order in which the type asks."""
    given = asked.get("particulars") or {}
    rows = book().requirements.particulars(asked["type"])
    return [(row.label, said(row, given[code])) for code, row in rows.items() if answered(given.get(code))]


def said(row: Requirement, value: Any) -> str:
    if row.answer == "yes_no":
        return "Yes" if value else "No"
    if row.answer == "date":
        day = date.fromisoformat(value)
        return f"{day.day} {day:%B %Y}"
    return str(value)
