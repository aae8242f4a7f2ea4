"""How alike two people are, in points with their words. No database, no clock.

The points are set so that a same name and a same date of birth make 80, and names alone never reach what is
shown (families.POSSIBLE). What differs counts against. The sum that is shown is the sum that is used.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from rapidfuzz.distance import JaroWinkler

from intake import names
from intake.duplicates.births import WEEKS_AFTER, WEEKS_BEFORE, exchanged, one_digit, within, year_digit
from intake.names import Name

# From here on two names are one name written differently.
ALIKE = 0.88
# A first name this short is no sign of the longer one: Jo, and Jonathan or Joanne.
SHORT = 3


class Point(NamedTuple):
    """What speaks for or against, and how much."""

    points: int
    words: str

    @property
    def deducted(self) -> int:
        """What it takes away, without its sign."""
        return max(-self.points, 0)


@dataclass(frozen=True)
class Someone:
    """A person as they are compared."""

    part: str
    position: int
    name: str
    known_as: str = ""
    born: date | None = None
    expected: date | None = None
    sex: str = ""
    nhs_number: str = ""
    upn: str = ""
    their_number: str = ""
    postcode: str = ""
    # Of an adult: (place of the child, what they are to it).
    ties: Sequence[tuple[int, str]] = field(default=())

    @cached_property
    def called(self) -> tuple[Name, ...]:
        """Every name they go by; a known-as of one word goes with the surname."""
        first = names.parts(self.name)
        if not self.known_as:
            return (first,)
        other = names.parts(self.known_as)
        return (first, other if other.given else Name((other.surname,), first.surname))

    def is_to(self, child: int) -> str:
        return next((kind for place, kind in self.ties if place == child), "")


def total(points: Sequence[Point]) -> int:
    return sum(point.points for point in points)


def compare(one: Someone, other: Someone) -> list[Point]:
    """Name, date of birth and sex: what is known of everybody."""
    return [*compare_names(one, other), *compare_dates(one, other), *compare_sex(one, other)]


def compare_children(
    one: Someone, other: Someone, *, same_mother: bool = False, same_authority: bool = False
) -> list[Point]:
    """What is known of a child besides: the expected birth, the numbers."""
    found = compare_unborn(one, other, same_mother) if one.expected or other.expected else None
    return [
        *compare_numbers(one, other, same_authority),
        *compare_names(one, other),
        *(compare_dates(one, other) if found is None else found),
        *compare_sex(one, other),
    ]


# --- Names ---------------------------------------------------------------------------------------------------


def compare_names(one: Someone, other: Someone) -> list[Point]:
    """The best of every name of the one beside every name of the other."""
    best = max((compare_name(a, b) for a in one.called for b in other.called), key=lambda point: point.points)
    return [best] if best.points else []


def compare_name(a: Name, b: Name) -> Point:
    surname, given = surnames(a, b), givens(a, b)
    if sorted((*a.given, a.surname)) == sorted((*b.given, b.surname)) and a.given and b.given:
        return Point(30, "same name" if a == b else "same names in another order")
    return NAMES[surname, given]


# By how alike surname and first name are: 2 the same, 1 alike, 0 not; None where there is no first name yet.
NAMES = {
    (2, 2): Point(30, "same name"),
    (2, 1): Point(20, "same surname, first name written differently"),
    (1, 2): Point(20, "same first name, surname written differently"),
    (1, 1): Point(20, "names alike"),
    (2, 0): Point(-20, "same surname, other first name"),
    (1, 0): Point(-20, "surname alike, other first name"),
    (0, 2): Point(-12, "same first name, other surname"),
    (0, 1): Point(-12, "first names alike, other surname"),
    (0, 0): Point(-20, "other name"),
    (2, None): Point(5, "same surname"),
    (1, None): Point(5, "surname alike"),
    (0, None): Point(0, ""),
}


def surnames(a: Name, b: Name) -> int:
    if a.surname == b.surname:
        return 2
    part_of_it = a.surname in b.given[1:] or b.surname in a.given[1:]
    return int(part_of_it or alike(a.surname, b.surname))


def givens(a: Name, b: Name) -> int | None:
    if not a.given or not b.given:
        return None
    first, second = a.given[0], b.given[0]
    if first == second:
        return 2
    shorter, longer = sorted((first, second), key=len)
    begins = len(shorter) >= SHORT and longer.startswith(shorter)
    return int(begins or bool(set(a.given) & set(b.given)) or alike(first, second))


def alike(one: str, other: str) -> bool:
    return bool(JaroWinkler.similarity(one, other) >= ALIKE)


# --- Dates ---------------------------------------------------------------------------------------------------


def compare_dates(one: Someone, other: Someone) -> list[Point]:
    a, b = one.born, other.born
    if a is None or b is None:
        return []
    if a == b:
        return [Point(50, "same date of birth")]
    if exchanged(a, b):
        return [Point(40, "day and month exchanged")]
    if year_digit(a, b):
        return [Point(30, "same day of birth, one digit of the year differs")]
    if one_digit(a, b):
        return [Point(25, "one digit of the date of birth differs")]
    return [Point(-20, "other date of birth")]


def compare_unborn(one: Someone, other: Someone, same_mother: bool) -> list[Point] | None:
    """A child expected beside the same child born, or expected by another count."""
    if one.expected and other.expected:
        days, what = abs((one.expected - other.expected).days), "expected"
        fits = days <= 7 * WEEKS_AFTER
    elif (expected := one.expected or other.expected) and (born := one.born or other.born):
        late = (born - expected).days
        days, what, fits = abs(late), "born", -7 * WEEKS_BEFORE <= late <= 7 * WEEKS_AFTER
    else:
        return None
    if not fits:
        return [Point(-20, "another birth by its date")]
    when = within(days, what)
    return [Point(50, f"same mother, and {when}") if same_mother else Point(10, when)]


# --- Sex and numbers -----------------------------------------------------------------------------------------


def compare_sex(one: Someone, other: Someone) -> list[Point]:
    known = {one.sex, other.sex} & {"M", "F"}
    return [Point(-15, "other sex")] if len(known) == 2 else []


def compare_numbers(one: Someone, other: Someone, same_authority: bool) -> Iterator[Point]:
    """An authority's own number says something within that authority only."""
    yield from compare_number(one.nhs_number, other.nhs_number, "NHS number", 80, -40)
    yield from compare_number(one.upn, other.upn, "UPN", 50, -20)
    if same_authority:
        yield from compare_number(one.their_number, other.their_number, "number at the authority", 40, -20)


def compare_number(one: str, other: str, words: str, same: int, differs: int) -> Iterator[Point]:
    if one and other:
        yield Point(same, f"same {words}") if one == other else Point(differs, f"other {words}")
