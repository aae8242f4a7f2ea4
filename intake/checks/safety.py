"""Rules about risks, the documents and the information."""

from collections.abc import Iterator, Mapping
from typing import Any

from intake.checks.faults import Asked, Fault, day, part, required, rows, text


def risks(asked: Asked) -> Iterator[Fault]:
    """Each risk apart, with a review to come; none known does not stand beside a risk of the same kind."""
    given = rows(asked.body, "risks")
    known = {text(row, "about") for row in given if row.get("level") != "none_known"}
    for place, row in enumerate(given):
        pointer = f"/risks/{place}"
        yield from required(row, "about", pointer, "Say whom or what the risk is about.")
        yield from asked.coded(f"{pointer}/about", row.get("about"), "risk_about")
        yield from required(row, "level", pointer, "Choose a level, or none known.")
        yield from asked.coded(f"{pointer}/level", row.get("level"), "risk_level")
        if row.get("level") != "none_known":
            yield from _review(asked, row, pointer)
        elif text(row, "about") in known:
            detail = "None known contradicts the risk of the same kind given here."
            yield Fault(f"{pointer}/level", "none_known", detail)


def _review(asked: Asked, row: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
    review = day(row, "review_on")
    if review and review < asked.today:
        yield Fault(f"{pointer}/review_on", "in_past", "The review of a risk must not be in the past.")


def documents(asked: Asked) -> Iterator[Fault]:
    """Each document with what it is and where it is."""
    for place, row in enumerate(rows(asked.body, "documents")):
        pointer = f"/documents/{place}"
        yield from required(row, "role", pointer, "Say what the document is.")
        yield from asked.coded(f"{pointer}/role", row.get("role"), "document_role")
        yield from required(row, "state", pointer, "Say whether you have the document.")
        yield from asked.coded(f"{pointer}/state", row.get("state"), "document_state")


def information(asked: Asked) -> Iterator[Fault]:
    """Whether the family knows, and on which basis their data is shared (UK GDPR Article 6)."""
    answers = part(asked.body, "information")
    yield from asked.coded("/information/family_told", answers.get("family_told"), "family_told")
    yield from asked.coded("/information/lawful_basis", answers.get("lawful_basis"), "lawful_basis")
