"""The middle and the spread of whole numbers that were counted, and what a small number may say. Pure."""

from collections import Counter
from dataclasses import dataclass

# reliability.md 5.5: of the two rules the stricter, since an authority is among the filters.
FEW = 7
ROUNDED_TO = 5
BASE = 10
MEASURED = 8


@dataclass(frozen=True, slots=True)
class Middle:
    """Of so many: the median, the middle half from one quarter to the other, the longest, all together."""

    number: int
    median: float
    lower: float
    upper: float
    longest: int
    together: int


def middle(values: Counter[int]) -> Middle | None:
    """None of nothing. A median of an even number lies halfway; a quartile is the value at its place."""
    number = sum(values.values())
    if not number:
        return None
    low, high = at(values, (number - 1) // 2), at(values, number // 2)
    return Middle(
        number,
        (low + high) / 2,
        at(values, (number - 1) // 4),
        at(values, number - 1 - (number - 1) // 4),
        max(value for value, times in values.items() if times),
        sum(value * times for value, times in values.items()),
    )


def at(values: Counter[int], place: int) -> int:
    """The value at a place, counted from 0, were all put in order."""
    for value in sorted(values):
        place -= values[value]
        if place < 0:
            return value
    raise IndexError


def blurred(number: int) -> int | None:
    """For whoever may not open the cases: none for a few, else to the nearest five."""
    if 0 < number <= FEW:
        return None
    return ROUNDED_TO * round(number / ROUNDED_TO)


def percent(number: int | None, of: int | None, *, blur: bool) -> int | None:
    """Of a base; for whoever may not open the cases only of a base of ten or more, both already rounded.

    Never 100 when one is missing, never 0 when there is one.
    """
    if not of or number is None or (blur and of < BASE):
        return None
    share = round(100 * number / of)
    if not blur:
        share = min(share, 99) if number < of else share
        share = max(share, 1) if number else share
    return share
