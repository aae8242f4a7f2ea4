"""What is required and not there: refused with the sentence of its requirement, wherever the enquiry comes from."""

from collections.abc import Iterator

from intake.checks.faults import Asked, Fault
from intake.requirements import REQUIRED, Unmet, focus_of, values_at

_PLAIN = "This is needed."


def required_answers(asked: Asked) -> Iterator[Fault]:
    """One fault for each place; the same fault of two requirements once."""
    yield from dict.fromkeys(
        Fault(
            pointer, unmet.requirement.fault or "required", unmet.requirement.sentence or _PLAIN, unmet.blank
        )
        for unmet in asked.needs.unmet(asked.body, "intake", REQUIRED)
        for pointer in _pointers(asked, unmet)
    )


def _pointers(asked: Asked, unmet: Unmet) -> Iterator[str]:
    """Where the fault points: at the fact, or where the requirement says; there at the number of its row."""
    row = unmet.requirement
    if not row.at:
        yield unmet.pointer
        return
    _, _, number, *_ = *unmet.pointer.split("/"), "", ""
    for pointer, value in values_at(row.at, asked.body, focus_of(asked.body, row.types)):
        if not row.at.endswith("/*") or str(value) == number:
            yield pointer
