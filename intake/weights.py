"""What weighs how much in the order of the work: dated rows, the latest that has begun counts. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

URGENT, HIGH, STANDARD = "urgent", "high", "standard"
# Least pressing first: the place is the first part of the number that enquiries are sorted by.
BANDS: Mapping[str, str] = {STANDARD: "Standard", HIGH: "High", URGENT: "Urgent"}
# Points stay below this, so that the band comes first in the order.
MOST_POINTS = 999


class Factor(StrEnum):
    """What is looked at."""

    TIME = "time"
    HEARING = "hearing"
    BIRTH = "birth"
    AGE = "age"
    LANE = "lane"
    RISK = "risk"
    WAITING = "waiting"
    SENT = "sent"
    PROMPTED = "prompted"
    BAND = "band"


# What the limit of a row means; the factors that are not here go by a code.
AT_MOST: Mapping[str, str] = {
    Factor.TIME: "working days to spare before the filing date or the day asked for, at most",
    Factor.HEARING: "working days to the next hearing, at most",
    Factor.BIRTH: "days to the expected birth, at most",
    Factor.AGE: "age of the youngest child in years, at most",
}
AT_LEAST: Mapping[str, str] = {
    Factor.WAITING: "working days since it came in, at least",
    Factor.SENT: "times it was turned away before, at least",
}


@dataclass(frozen=True, slots=True)
class Weight:
    """One row: the points of a factor at a limit or for a code, from a day on.

    `label` is what the reason says, where the factor does not say it in numbers. A row of no points puts an
    earlier one out of force. The factor "band" holds the points from which an enquiry is high or urgent.
    """

    factor: str
    code: str
    limit: int
    points: int
    label: str
    valid_from: date
    valid_until: date | None = None
    source: str = ""
    verified: Literal["verified", "part verified", "unverified"] = "unverified"

    @property
    def key(self) -> tuple[str, str, int]:
        return self.factor, self.code, self.limit


@dataclass(frozen=True, slots=True)
class Weights:
    """The rows in force on a day, and the day on which others are: None when none are known."""

    rows: tuple[Weight, ...]
    until: date | None = None
    by_limit: Mapping[str, tuple[Weight, ...]] = field(init=False, repr=False, compare=False)
    by_code: Mapping[tuple[str, str], Weight] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ordered = sorted(self.rows, key=lambda row: row.limit)
        limits = {
            factor: tuple(row for row in ordered if row.factor == factor and row.points)
            for factor in (*AT_MOST, *AT_LEAST)
        }
        object.__setattr__(self, "by_limit", limits)
        object.__setattr__(self, "by_code", {(row.factor, row.code): row for row in self.rows if row.code})

    def points(self, factor: str, code: str) -> int:
        row = self.by_code.get((factor, code))
        return row.points if row else 0

    def band(self, points: int) -> str:
        """Urgent and high by the points from which they begin."""
        if points >= self.points(Factor.BAND, URGENT):
            return URGENT
        return HIGH if points >= self.points(Factor.BAND, HIGH) else STANDARD


def in_force(rows: Iterable[Weight], day: date) -> Weights:
    """Of each factor, code and limit the latest row that has begun, unless it has ended."""
    latest: dict[tuple[str, str, int], Weight] = {}
    turns: set[date] = set()
    for row in sorted(rows, key=lambda row: row.valid_from):
        if row.valid_from > day:
            turns.add(row.valid_from)
            continue
        latest[row.key] = row
    for row in latest.values():
        if row.valid_until and row.valid_until >= day:
            turns.add(date.fromordinal(row.valid_until.toordinal() + 1))
    held = tuple(row for row in latest.values() if row.valid_until is None or row.valid_until >= day)
    return Weights(held, min(turns, default=None))
