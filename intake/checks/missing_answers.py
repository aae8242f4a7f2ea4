"""What a complete enquiry would have and this one has not yet: named, without refusing anything."""

from collections.abc import Iterable, Iterator

from intake.checks.faults import Asked, Missing, rows, text
from intake.requirements import Unmet, inside

_PEOPLE = {"children": "Child", "adults": "Adult", "household": "Person in the household"}


def named(asked: Asked, unmet: Iterable[Unmet]) -> Iterator[Missing]:
    """In document order, each place once. Labels count people from 1 and name nobody."""
    found = (Missing(_place(one), label(asked, one)) for one in unmet)
    yield from {(one.pointer, one.label): one for one in found}.values()


def _place(unmet: Unmet) -> str:
    """A document that is to come is missing itself, not its state."""
    return unmet.pointer.removesuffix("/state")


def label(asked: Asked, unmet: Unmet) -> str:
    """The requirement's words, with whose it is: of which assessment, of which child, of which document."""
    words = unmet.requirement.label
    _, member, number, *_ = *unmet.pointer.split("/"), "", ""
    if not number.isdigit():
        return words
    if member == "assessments":
        title = asked.book.label("assessment_type", text(asked.assessments[int(number)], "type"))
        return f"{title}: {inside(words)}"
    if member == "documents":
        return _document(asked, int(number))
    return f"{_PEOPLE[member]} {int(number) + 1}: {inside(words)}" if member in _PEOPLE else words


def _document(asked: Asked, number: int) -> str:
    row = rows(asked.body, "documents")[number]
    role = asked.book.label("document_role", text(row, "role"))
    return f"{role}: {asked.book.label('document_state', text(row, 'state')).lower()}"
