"""What the record itself says of compliance: item by item, met, partly or not met. Nobody types it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

MET, PARTLY, NOT_MET, NOT_APPLICABLE = "met", "partly", "not_met", "not_applicable"


class Item(NamedTuple):
    """One thing that was to be done: how it stands, and why in a sentence that names nobody."""

    code: str
    state: str
    why: str


LABELS = {
    "decided": "Decided in time",
    "instruction": "Everything was there before the work began",
    "family": "The family was told of the enquiry",
    "children": "Each child was seen, with their views",
    "visits": "Each visit was written up or cancelled",
    "sources": "Each source that was asked was followed to its answer",
    "risks": "Each risk was looked at again by its day",
    "reviewed": "Reviewed by somebody else before it went out",
    "filed": "The report was there by the day it was needed",
}
STATES = {MET: "Met", PARTLY: "Partly met", NOT_MET: "Not met", NOT_APPLICABLE: "Does not apply"}


@dataclass(frozen=True, slots=True)
class Record:
    """A closed referral, as far as compliance asks; what nobody knows is None."""

    decided_in_time: bool | None
    lacking_at_start: int
    family_told: str
    # Born children of the assessment, and how many of them were seen with their views.
    children: int
    seen: int
    unborn: int
    visits: int
    visits_open: int
    sources: int
    sources_open: int
    risk_days: Sequence[date]
    ended_on: date
    reviews: int
    sent_back: int
    filed_in_time: bool | None


def items(record: Record) -> list[Item]:
    """Each item of the list, in the order of the work."""
    return [
        decided(record), instruction(record), family(record), children(record), visits(record), sources(record),
        risks(record), reviewed(record), filed(record),
    ]  # fmt: skip


def overall(found: Sequence[Item]) -> str:
    """All met; half of them or more, a part counting half; or fewer. What does not apply is left out."""
    worth = list(points(found))
    if not worth or min(worth) == 2:
        return MET
    return PARTLY if sum(worth) >= len(worth) else NOT_MET


def points(found: Sequence[Item]) -> Iterator[int]:
    for row in found:
        if row.state != NOT_APPLICABLE:
            yield {MET: 2, PARTLY: 1, NOT_MET: 0}[row.state]


def several(code: str, done: int, of: int, words: tuple[str, str, str], none: str) -> Item:
    """By how many of them are as they should be; `words` are for one, for several, and what they should be."""
    if not of:
        return Item(code, NOT_APPLICABLE, none)
    state = MET if done == of else PARTLY if done else NOT_MET
    one, many, should = words
    return Item(code, state, f"{done} of {of} {one if of == 1 else many} {should}.")


def decided(of: Record) -> Item:
    if of.decided_in_time is None:
        return Item("decided", NOT_APPLICABLE, "It had no day by which it was to be decided.")
    why = "By our own promise." if of.decided_in_time else "Later than our own promise."
    return Item("decided", MET if of.decided_in_time else NOT_MET, why)


def instruction(of: Record) -> Item:
    if not of.lacking_at_start:
        return Item("instruction", MET, "Nothing was waited for.")
    many = "thing was" if of.lacking_at_start == 1 else "things were"
    return Item("instruction", PARTLY, f"{of.lacking_at_start} {many} not waited for, with a reason.")


TOLD = {
    "yes": (MET, "The family knows."),
    "partly": (PARTLY, "Some of the family know."),
    "not_safe": (NOT_APPLICABLE, "Telling would have put somebody at risk."),
    "not_yet": (NOT_MET, "Not when the enquiry was sent."),
    "no": (NOT_MET, "It was not."),
}


def family(of: Record) -> Item:
    return Item("family", *TOLD.get(of.family_told, (NOT_MET, "Nobody said so.")))


def children(of: Record) -> Item:
    none = "The child was not born yet." if of.unborn else "No child is named in this assessment."
    return several("children", of.seen, of.children, ("child", "children", "seen, with their views"), none)


def visits(of: Record) -> Item:
    done = of.visits - of.visits_open
    return several(
        "visits", done, of.visits, ("visit", "visits", "written up or cancelled"), "No visit was planned."
    )


def sources(of: Record) -> Item:
    done = of.sources - of.sources_open
    return several("sources", done, of.sources, ("source", "sources", "answered"), "No source was asked.")


def risks(of: Record) -> Item:
    late = sum(day < of.ended_on for day in of.risk_days)
    number = len(of.risk_days)
    none = "No risk had a day of review."
    return several("risks", number - late, number, ("risk", "risks", "looked at again in time"), none)


def reviewed(of: Record) -> Item:
    if not of.reviews:
        return Item("reviewed", NOT_MET, "No review stands in the record.")
    back = f", sent back {'once' if of.sent_back == 1 else f'{of.sent_back} times'}" if of.sent_back else ""
    return Item("reviewed", MET, f"{of.reviews} {'review' if of.reviews == 1 else 'reviews'}{back}.")


def filed(of: Record) -> Item:
    if of.filed_in_time is None:
        return Item("filed", NOT_APPLICABLE, "No day was given.")
    return Item("filed", MET if of.filed_in_time else NOT_MET, "In time." if of.filed_in_time else "Late.")
