"""What a complete enquiry would have and this one has not yet: named, without refusing anything."""

from collections.abc import Iterator

from intake.checks.faults import Asked, Missing, part, rows, text, values
from intake.checks.request import is_place


def missing(asked: Asked) -> Iterator[Missing]:
    """In document order. Labels count people from 1 and name nobody."""
    if not text(part(asked.body, "urgency"), "why_now"):
        yield Missing("/urgency/why_now", "Why it is needed now")
    yield from _assessments(asked)
    yield from _legal(asked)
    yield from _people(asked)
    for place, risk in enumerate(rows(asked.body, "risks")):
        if risk.get("level") != "none_known" and not risk.get("review_on"):
            yield Missing(f"/risks/{place}/review_on", "When the risk is reviewed")
    yield from _documents(asked)


def _assessments(asked: Asked) -> Iterator[Missing]:
    for place, row in enumerate(asked.assessments):
        title = asked.book.label("assessment_type", text(row, "type"))
        if not values(row, "questions"):
            yield Missing(f"/assessments/{place}/questions", f"{title}: the questions to answer")


def _legal(asked: Asked) -> Iterator[Missing]:
    answers = part(asked.body, "legal")
    wanted = []
    if answers.get("stage") == "care_proceedings":
        wanted += [("filing_date", "The date by which the report is to be filed")]
    if answers.get("stage") == "care_proceedings" and asked.full:
        wanted += [("court", "The court"), ("case_number", "The court's case number")]
    if answers.get("permission") == "granted":
        wanted += [("permission_date", "The date of the court's permission")]
    if answers.get("stage") == "pre_proceedings":
        wanted += [("letter_before_proceedings", "The date of the letter before proceedings")]
    if answers.get("permission") in ("applied_for", "to_apply", "not_known"):
        yield Missing("/legal/permission", "The court's permission")
    for name, label in wanted:
        if not answers.get(name):
            yield Missing(f"/legal/{name}", label)


def _people(asked: Asked) -> Iterator[Missing]:
    placed = _to_be_placed(asked)
    for place, child in enumerate(asked.children):
        if child.get("ethnicity") == "NOBT":
            yield Missing(
                f"/children/{place}/ethnicity", f"Child {place + 1}: ethnicity, from the child or family"
            )
        if place in placed and not child.get("placement_type"):
            yield Missing(f"/children/{place}/placement_type", f"Child {place + 1}: the placement")
    for place, adult in enumerate(asked.adults):
        if asked.full and not any(adult.get(way) for way in ("address", "phone", "email", "safe_contact")):
            yield Missing(f"/adults/{place}/phone", f"Adult {place + 1}: a way to get in touch")
        if not adult.get("needs"):
            yield Missing(f"/adults/{place}/needs", f"Adult {place + 1}: needs and adjustments")


def _to_be_placed(asked: Asked) -> frozenset[int]:
    """The children of an assessment whose gate wants a placement of each."""
    return frozenset(
        place
        for row in asked.assessments
        if asked.rules(row).placements
        for place in values(row, "children")
        if is_place(place, len(asked.children))
    )


def _documents(asked: Asked) -> Iterator[Missing]:
    given = rows(asked.body, "documents")
    for place, row in enumerate(given):
        if row.get("state") in ("to_come", "not_available"):
            role = asked.book.label("document_role", text(row, "role"))
            state = asked.book.label("document_state", text(row, "state")).lower()
            yield Missing(f"/documents/{place}", f"{role}: {state}")
    if asked.kind == "instruction" and all(row.get("role") != "letter_of_instruction" for row in given):
        yield Missing("/documents", "Letter of instruction")
