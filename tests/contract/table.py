"""The design's tables of the two lifecycles, and in which words of the code their `needs` are said."""

import csv
import re
from pathlib import Path

from intake.lifecycle import Clock, Role

DATA = Path(__file__).parent / "data"
Row = dict[str, str]

# What a row of the design needs: the facts given with the transition. What stands in brackets the action sees to.
NEEDS: dict[str, dict[str, tuple[str, ...]]] = {
    "enquiry": {
        "every required answer of the assessment types asked for; declaration": (),
        "enquiry has no owner": (),
        "reason": ("reason",),
        "reason code": ("reason_code",),
        "one or more numbered questions (each may name the field it is about) and a reply-by date": (
            "questions",
            "reply_by",
        ),
        "an answer to every question (an answer may amend the field; old and new value kept)": ("answers",),
        "reply-by date passed and two chasers sent": (),
        "decision rationale; conflict-of-interest statement; one referral per accepted assessment": (
            "rationale",
            "conflict_statement",
        ),
        "reason code; text; where else to go": ("reason_code", "text", "elsewhere"),
        "named agency or service; text": ("agency", "text"),
        "reference of the enquiry it repeats": ("repeats",),
        "every referral of the enquiry is closed or cancelled": (),
        "within ten minutes while nobody has acted": (),
        "": (),
    },
    "referral": {
        "an assessment service that covers the type and place; reply-by date; no hard stop (conflict) "
        "or a manager's override with reason": ("service", "reply_by"),
        "reason": ("reason",),
        "reason code and text": ("reason_code", "text"),
        "reply-by date passed": (),
        "a named lead assessor of the service within capacity or an override reason; "
        "conflict-of-interest statement": ("assessor", "conflict_statement"),
        "another assessor; reason code (a third change of worker warns)": ("assessor", "reason_code"),
        "reason code": ("reason_code",),
        "letter-of-instruction checklist complete or waived with reason where the type needs one": (),
        "reason code; review date": ("reason_code", "review_on"),
        "": (),
        "report attached; child seen and views recorded; evidence log answered "
        "(asked / received / not available and why); no open challenge": ("report", "children_seen"),
        "coded defects with text": ("defects",),
        "quality checklist; filing date met or missed recorded": ("checklist",),
        "questions; date needed": ("questions", "needed_by"),
        "outcome code; follow-up dates (3 and 6 months)": (
            "outcome_code",
            "follow_up_3_months",
            "follow_up_6_months",
        ),
        "reason code (withdrawn by the authority; court refused permission; funding refused; ...)": (
            "reason_code",
        ),
    },
}
CLOCK = {
    "": None,
    "runs": None,
    "decision clock starts": Clock.START,
    "a new decision clock starts": Clock.START,
    "pauses": Clock.PAUSE,
    "resumes": Clock.RESUME,
    "stops": Clock.STOP,
    "decision clock stops met or missed": Clock.STOP,
}
# The table of roles gives these two to the manager as well.
BY = {
    "coordinator (on behalf)": {Role.COORDINATOR, Role.MANAGER},
    "reviewer (never the author)": {Role.REVIEWER, Role.MANAGER},
}


def design(name: str) -> dict[str, Row]:
    """The rows of a lifecycle as designed, by transition."""
    with (DATA / f"{name}_lifecycle.csv").open(encoding="utf-8", newline="") as file:
        return {row["transition"]: row for row in csv.DictReader(file)}


def parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def roles(cell: str) -> set[Role]:
    return {role for part in parts(cell) for role in BY.get(part) or {Role(part)}}


def told(cell: str) -> set[str]:
    """The parties a row tells, without what they are told."""
    return {re.sub(r":.*", "", part).strip() for part in parts(cell)}
