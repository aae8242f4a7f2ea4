"""Rules about risks, what is told of them, the documents, the information and the declaration."""

from collections.abc import Iterator, Mapping
from typing import Any

from intake.checks.faults import Asked, Fault, day, part, required, rows, text, values


def risks(asked: Asked) -> Iterator[Fault]:
    """Each risk apart, with a reason and a review; the risk to the worker where a type's gate asks for it."""
    given = rows(asked.body, "risks")
    answered = {text(row, "about") for row in given}
    if (
        asked.full
        and "worker" not in answered
        and any(asked.rules(row).worker_risk for row in asked.assessments)
    ):
        detail = "Say whether there is a risk to the worker; none known is an answer."
        yield Fault("/risks", "worker_risk", detail)
    known = {text(row, "about") for row in given if row.get("level") != "none_known"}
    for place, row in enumerate(given):
        pointer = f"/risks/{place}"
        yield from required(row, "about", pointer, "Say whom or what the risk is about.")
        yield from asked.coded(f"{pointer}/about", row.get("about"), "risk_about")
        yield from required(row, "level", pointer, "Choose a level, or none known.")
        yield from asked.coded(f"{pointer}/level", row.get("level"), "risk_level")
        if row.get("level") != "none_known":
            yield from _reasoned(asked, row, pointer)
        elif text(row, "about") in known:
            detail = "None known contradicts the risk of the same kind given here."
            yield Fault(f"{pointer}/level", "none_known", detail)


def _reasoned(asked: Asked, row: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
    yield from required(row, "text", pointer, "Say what the risk is.")
    review = day(row, "review_on")
    if review and review < asked.today:
        yield Fault(f"{pointer}/review_on", "in_past", "The review of a risk must not be in the past.")


def background(asked: Asked) -> Iterator[Fault]:
    """A general enquiry has to ask something; the others have their questions with each assessment."""
    asks = any(values(row, "questions") for row in asked.assessments)
    if asked.general and not asks and not text(asked.body, "background"):
        yield Fault("/background", "required", "Tell us what you would like to know.")


def documents(asked: Asked) -> Iterator[Fault]:
    """Each document with what it is and where it is; one that cannot be had, with the reason."""
    for place, row in enumerate(rows(asked.body, "documents")):
        pointer = f"/documents/{place}"
        yield from required(row, "role", pointer, "Say what the document is.")
        yield from asked.coded(f"{pointer}/role", row.get("role"), "document_role")
        yield from required(row, "state", pointer, "Say whether you have the document.")
        yield from asked.coded(f"{pointer}/state", row.get("state"), "document_state")
        if row.get("state") == "not_available":
            yield from required(row, "note", pointer, "Say why the document is not available.")


def information(asked: Asked) -> Iterator[Fault]:
    """Whether the family knows, and on which basis their data is shared (UK GDPR Article 6)."""
    answers = part(asked.body, "information")
    if asked.full:
        yield from required(answers, "family_told", "/information", "Say whether the family knows of this.")
    yield from asked.coded("/information/family_told", answers.get("family_told"), "family_told")
    if asked.full:
        yield from required(answers, "lawful_basis", "/information", "Choose the lawful basis for sharing.")
    yield from asked.coded("/information/lawful_basis", answers.get("lawful_basis"), "lawful_basis")


def declaration(asked: Asked) -> Iterator[Fault]:
    """Somebody, by name, says that it is right; for a family, also that they may instruct us."""
    answers = part(asked.body, "declaration")
    if asked.full and answers.get("authority_to_instruct") is not True:
        detail = "Declare that you have the authority to instruct us."
        yield Fault("/declaration/authority_to_instruct", "declaration", detail)
    if answers.get("accurate") is not True:
        yield Fault("/declaration/accurate", "declaration", "Declare that what you tell us is accurate.")
    yield from required(answers, "name", "/declaration", "Give the name of the person who declares this.")
