"""How alike the families of two enquiries are: the child that is most alike, and who else they have in common.

No database, no clock.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product

from intake.duplicates.people import Point, Someone, compare, compare_children, total

POSSIBLE, STRONG = 40, 80
# A child of the one enquiry is taken for a child of the other: twins stay below it.
SAME_CHILD = 35
SIBLING, SIBLINGS = 15, 2
# By the points of two grown-ups: what the first in common gives, and each of the next two.
IN_COMMON = ((80, 40, 20), (55, 30, 15), (35, 20, 10))
BY_POSTCODE, BY_NAME = (20, 10), (4, 4)
FURTHER = 2
# They care for children of many families.
OF_MANY_FAMILIES = frozenset({"foster_carer"})
POSTCODE, COURT_NUMBER, THEIR_REFERENCE = 10, 20, 10
MOST_PEOPLE = 40


class Band(StrEnum):
    STRONG = "strong"
    POSSIBLE = "possible"
    NONE = "none"


@dataclass(frozen=True)
class Family:
    """Everybody of an enquiry, as they are compared."""

    children: Sequence[Someone] = ()
    adults: Sequence[Someone] = ()
    household: Sequence[Someone] = ()
    authority: int = 0
    authority_reference: str = ""
    case_number: str = ""

    @property
    def postcodes(self) -> set[str]:
        return {person.postcode for person in (*self.adults, *self.household) if person.postcode}


@dataclass(frozen=True)
class Score:
    """The points, which are the sum of their lines, and the children they are about."""

    points: Sequence[Point] = ()
    here: Someone | None = None
    there: Someone | None = None
    child: int = 0
    total: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "total", total(self.points))

    @property
    def band(self) -> Band:
        if self.total < POSSIBLE:
            return Band.NONE
        return Band.STRONG if self.total >= STRONG and self.child >= SAME_CHILD else Band.POSSIBLE

    @property
    def reasons(self) -> list[str]:
        """What speaks for it, the most telling first: "same name and date of birth", "sibling named"."""
        said = [point.words for point in self.points if point.points > 0]
        same = [words.removeprefix("same ") for words in said if words in SHORT_WORDS]
        rest = [words for words in said if words not in SHORT_WORDS]
        return [f"same {listed(same)}", *rest] if same else rest

    @property
    def differences(self) -> list[str]:
        return [point.words for point in self.points if point.points <= 0]

    @property
    def sentence(self) -> str:
        return "; ".join(self.reasons)


SHORT_WORDS = frozenset(
    {"same NHS number", "same UPN", "same number at the authority", "same name", "same surname"}
    | {"same date of birth"}
)


def listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


@dataclass(frozen=True)
class Pair:
    """Two who may be one."""

    one: Someone
    other: Someone
    points: Sequence[Point]

    @property
    def sum(self) -> int:
        return total(self.points)


def score(here: Family, there: Family) -> Score:
    """How alike two enquiries' families are, with every reason for and against."""
    grown = list(best_pairs(grown_pairs(here, there)))
    children = list(best_pairs(child_pairs(here, there, grown)))
    best = next((pair for pair in children if pair.sum > 0), None)
    points = [
        *(best.points if best else no_child(here, there)),
        *in_common(grown, here, there),
        *siblings(children[1:]),
        *the_rest(here, there),
    ]
    if best is None:
        return Score(points)
    return Score(points, here=best.one, there=best.other, child=best.sum)


def no_child(here: Family, there: Family) -> Iterator[Point]:
    if here.children and there.children:
        yield Point(0, "no child is the same")


def best_pairs(pairs: list[Pair]) -> Iterator[Pair]:
    """The most alike first, everybody once."""
    taken: set[int] = set()
    for pair in sorted(pairs, key=lambda pair: -pair.sum):
        if not taken & {id(pair.one), id(pair.other)}:
            taken |= {id(pair.one), id(pair.other)}
            yield pair


def child_pairs(here: Family, there: Family, grown: Sequence[Pair]) -> list[Pair]:
    same_authority = bool(here.authority) and here.authority == there.authority
    mothers = [pair for pair in grown if worth(pair)[0] > BY_NAME[0]]
    return [
        Pair(
            one,
            other,
            compare_children(
                one, other, same_mother=have_one_mother(one, other, mothers), same_authority=same_authority
            ),
        )
        for one, other in product(here.children[:MOST_PEOPLE], there.children[:MOST_PEOPLE])
    ]


def have_one_mother(one: Someone, other: Someone, grown: Sequence[Pair]) -> bool:
    return any(pair.one.is_to(one.position) == pair.other.is_to(other.position) == "mother" for pair in grown)


def grown_pairs(here: Family, there: Family) -> list[Pair]:
    """Adults and household of both, and a child of the one in the household of the other."""
    sides = (
        ((*here.adults, *here.household), (*there.adults, *there.household)),
        (here.children, there.household),
        (here.household, there.children),
    )
    return [
        Pair(one, other, compare(one, other))
        for ours, theirs in sides
        for one, other in product(ours[:MOST_PEOPLE], theirs[:MOST_PEOPLE])
        if not of_many_families(one, other)
    ]


def of_many_families(*people: Someone) -> bool:
    return any(kind in OF_MANY_FAMILIES for person in people for _, kind in person.ties)


def in_common(grown: Sequence[Pair], here: Family, there: Family) -> Iterator[Point]:
    """The first counts whole, the next two less, who else there is not at all."""
    worthy = sorted((pair for pair in grown if worth(pair)[0]), key=lambda pair: -worth(pair)[0])
    for place, pair in enumerate(worthy[: 1 + FURTHER]):
        first, further = worth(pair)
        if first > BY_NAME[0] or place < len(BY_NAME):
            yield Point(further if place else first, f"{who(pair)}: {how(pair)}")


def worth(pair: Pair) -> tuple[int, int]:
    for least, first, further in IN_COMMON:
        if pair.sum >= least:
            return first, further
    if not has_name(pair):
        return 0, 0
    if pair.one.postcode and pair.one.postcode == pair.other.postcode and pair.sum >= 0:
        return BY_POSTCODE
    no_date = pair.one.born is None or pair.other.born is None
    return BY_NAME if no_date and pair.sum > 0 else (0, 0)


def has_name(pair: Pair) -> bool:
    return any(point.points >= 20 and "name" in point.words for point in pair.points)


def who(pair: Pair) -> str:
    parts = {pair.one.part, pair.other.part}
    if parts == {"child", "household"}:
        return "a child of the one lives in the household of the other"
    kinds = [{kind for _, kind in person.ties} for person in (pair.one, pair.other)]
    both = kinds[0] & kinds[1]
    return next((kind for kind in ("mother", "father") if kind in both), "another person")


def how(pair: Pair) -> str:
    same = [point.words.removeprefix("same ") for point in pair.points if point.words in SHORT_WORDS]
    if pair.one.postcode and pair.one.postcode == pair.other.postcode:
        same.append("postcode")
    others = [point.words for point in pair.points if point.words not in SHORT_WORDS]
    return ", ".join([f"same {listed(same)}", *others] if same else others)


def siblings(children: Sequence[Pair]) -> Iterator[Point]:
    named = [pair for pair in children if pair.sum >= IN_COMMON[1][0]]
    yield from (Point(SIBLING, "sibling named") for _ in named[:SIBLINGS])


def the_rest(here: Family, there: Family) -> Iterator[Point]:
    if here.postcodes & there.postcodes:
        yield Point(POSTCODE, "same postcode")
    if here.case_number and here.case_number == there.case_number:
        yield Point(COURT_NUMBER, "same court number")
    theirs = here.authority_reference
    if theirs and here.authority == there.authority and theirs == there.authority_reference:
        yield Point(THEIR_REFERENCE, "same reference of the authority")
