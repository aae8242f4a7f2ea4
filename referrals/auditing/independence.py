"""Who had a part in a case, and so does not audit it. Lines of history and rows come in, people come out."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

# Who only read it, and who kept the list of those who may, did no work on it.
READING = ("document.", "attachment.opened", "attachment.scanned")
KEEPING = frozenset(
    f"enquiry.{name}"
    for name in (
        "opened", "disclosed", "exported", "restriction_asked", "restricted", "taken_off", "access_proposed",
        "access_refused", "let_in", "restriction_lifted", "conflict", "conflict_ended",
    )
)  # fmt: skip
# An audit of it is no part in it, else nobody could audit it again.
AUDITING = ("referral.audit_", "referral.improvement_")
WROTE = "wrote in its history"


class Line(NamedTuple):
    """A line of history, as far as this asks: what happened, and the number of who did it."""

    verb: str
    by: int


def is_work(verb: str) -> bool:
    return verb not in KEEPING and not verb.startswith((*READING, *AUDITING))


def parts(lines: Iterable[Line], people: Iterable[tuple[int, str]]) -> dict[int, set[str]]:
    """By person, what their part was: whoever wrote a line of work, and whoever stands in one of its rows."""
    found: dict[int, set[str]] = defaultdict(set)
    for line in lines:
        if is_work(line.verb):
            found[line.by].add(WROTE)
    for person, part in people:
        found[person].add(part)
    return dict(found)
