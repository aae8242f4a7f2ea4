"""What a complete enquiry would have and this one has not yet: named, without refusing anything."""

from collections.abc import Iterable, Iterator

from intake.checks.faults import Asked, Missing, rows, text
from intake.requirements import Unmet, inside

PEOPLE = {"children": "Child", "adults": "Adult", "household": "Person in the household"}


def named(asked: Asked, unmet: Iterable[Unmet]) -> Iterator[Missing]:
    """In document order, each place once. Labels count people from 1 and name nobody."""
    found = (lacking(asked, one) for one in unmet)
    yield from {(one.pointer, one.label): one for one in found}.values()


def _place(unmet: Unmet) -> str:
    """A document that is to come is missing itself, not its state."""
    return unmet.pointer.removesuffix("/state")


def lacking(asked: Asked, unmet: Unmet) -> Missing:
    """The requirement's words, with whose it is: of which assessment, of which child, of which document."""
    words, whose, count = unmet.requirement.label, "", 0
    _, member, number, *_ = *unmet.pointer.split("/"), "", ""
    if number.isdigit() and member == "assessments":
        whose = asked.book.label("assessment_type", text(asked.assessments[int(number)], "type"))
    elif number.isdigit() and member == "documents":
        row = rows(asked.body, "documents")[int(number)]
        whose = asked.book.label("document_role", text(row, "role"))
        words = asked.book.label("document_state", text(row, "state"))
    elif number.isdigit() and member in PEOPLE:
        whose, count = PEOPLE[member], int(number) + 1
    return Missing(_place(unmet), put_together(words, whose, count), words, whose, count)


def put_together(words: str, whose: str, number: int) -> str:
    """Child 1: date of birth; the same in every language."""
    if not whose:
        return words
    return f"{whose} {number}: {inside(words)}" if number else f"{whose}: {inside(words)}"
