"""Which numbers of a table may be published, so that no small one can be worked out from the rest. Pure.

Counts of cases, by reliability.md 5.5: from 1 to a few is not shown, nought is, totals go to the nearest five. A small
number must not follow from the others either: nor from what was published before. So a number is hidden beside it
until there is another table, as true to everything that is published, in which the small number is another one.
That other table is looked for and found, or one more number is hidden: no attacker, however clever, can tell the two
apart. No solver is asked.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

# Without an authority in the table, and with one.
FEW, FEW_OF_AN_AUTHORITY = 5, 7
TO = 5
# A percentage is of at least so many, an average of at least so many.
BASE, MEASURED = 10, 8
NO_END = 10**9
# How many cells the other table may differ in.
DEEP = 4
Key = tuple[str, ...]


class Range(NamedTuple):
    """What a reader knows of a number: at least, at most."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a table: a cell, or the sum of some; shown to the nearest `to`."""

    key: Key
    cells: frozenset[Key]
    to: int = TO


@dataclass(frozen=True, slots=True)
class Line:
    """A row or a column: its total, and the numbers that add up to it."""

    total: Key
    members: tuple[Key, ...]


class Known(NamedTuple):
    """What was published before: of the sum of these cells, at least and at most."""

    cells: frozenset[Key]
    range: Range


@dataclass
class Table:
    """The true counts, what of them is shown and how, and what is known from before."""

    counts: Mapping[Key, int]
    numbers: Sequence[Number]
    lines: Sequence[Line] = ()
    few: int = FEW
    # Hidden whatever they are: too near to a number that was published before.
    close: Collection[Key] = ()
    known: Sequence[Known] = ()
    hidden: set[Key] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.by_key = {row.key: row for row in self.numbers}
        self.values = {row.key: sum(self.counts[cell] for cell in row.cells) for row in self.numbers}

    def small(self, key: Key) -> bool:
        return 0 < self.values[key] <= self.few

    def shown(self, key: Key) -> int | None:
        """As it is published; None for a number that is not."""
        return None if key in self.hidden else rounded(self.values[key], self.by_key[key].to)


def publish(table: Table) -> dict[Key, int | None]:
    """Every number as it may be shown. The table's own `hidden` grows until nothing small follows from the rest."""
    table.hidden |= {
        key for key, value in table.values.items() if table.small(key) or (key in table.close and value)
    }
    hide_in_company(table)
    while (bare := exposed(table)) and hide_beside(table, bare):
        hide_in_company(table)
    return {key: table.shown(key) for key in table.values}


def rounded(value: int, to: int) -> int:
    """To the nearest, halves to the even one; of five and of whole numbers there are no halves."""
    return to * round(value / to)


def behind(shown: int, to: int, few: int) -> Range:
    """What a shown number may be: more than a few, or it would be hidden."""
    if shown == 0:
        return Range(0, 0)
    return Range(max(shown - (to - 1) // 2, few + 1), shown + to // 2)


def told_of(counted: int, shown: int | None, to: int, few: int) -> Range:
    """What a reader knows of a number, who may even know which are hidden for their own sake."""
    if shown is not None:
        return behind(shown, to, few)
    return Range(1, few) if 0 < counted <= few else Range(few + 1, NO_END)


def percent(part: int | None, whole: int | None) -> int | None:
    """From the published numbers only, so that it says nothing that they do not; of ten or more."""
    if part is None or whole is None or whole < BASE:
        return None
    return min(100, round(100 * part / whole))


# --- No hidden number alone in its line ---------------------------------------------------------------------


def hide_in_company(table: Table) -> None:
    """One hidden number of a line is the total less the others: the next smallest goes with it, else the total."""
    changed = True
    while changed:
        # All of them, also after the first that changed something.
        changed = sum(hide_another(table, line) for line in table.lines) > 0


def hide_another(table: Table, line: Line) -> bool:
    members = [key for key in line.members if table.values[key]]
    hidden = [key for key in members if key in table.hidden]
    alone = len(hidden) == 1 and line.total not in table.hidden
    # A total that is hidden follows from its members when they all are shown.
    open_sum = not hidden and line.total in table.hidden and len(members) > 0
    if not (alone or open_sum):
        return False
    others = sorted((key for key in members if key not in table.hidden), key=lambda key: table.values[key])
    table.hidden.add(others[0] if others else line.total)
    return True


def hide_beside(table: Table, bare: Key) -> bool:
    """One number more: of the same line the smallest, then its total, then any; False when all are hidden."""
    near = [line for line in table.lines if bare in line.members or bare == line.total]
    members = {key for line in near for key in line.members}
    for among in (members, {line.total for line in near}, set(table.values)):
        found = [key for key in among if key not in table.hidden and table.values[key]]
        if found:
            table.hidden.add(min(found, key=lambda key: (table.values[key], key)))
            return True
    return False


# --- Another table that is as true --------------------------------------------------------------------------


def exposed(table: Table) -> Key | None:
    """A hidden number of which everything published leaves one value only."""
    facts = Facts(table)
    return next(
        (key for key in sorted(table.hidden) if not facts.another(table.by_key[key].cells)),
        None,
    )


class Facts:
    """All that a reader knows, as ranges of sums of cells; and whether the true counts are the only ones that fit."""

    def __init__(self, table: Table) -> None:
        self.values = dict(table.counts)
        self.told: list[tuple[frozenset[Key], Range]] = list(self.tell(table))
        self.of: dict[Key, list[int]] = {key: [] for key in self.values}
        for place, (cells, _) in enumerate(self.told):
            for cell in cells:
                self.of[cell].append(place)
        self.sums = [sum(self.values[cell] for cell in cells) for cells, _ in self.told]

    def tell(self, table: Table) -> Iterator[tuple[frozenset[Key], Range]]:
        for cell in self.values:
            # Nobody is fewer than nobody; and what is nought is said to be.
            yield frozenset({cell}), Range(0, NO_END)
        for number in table.numbers:
            value, shown = table.values[number.key], table.shown(number.key)
            yield number.cells, told_of(value, shown, number.to, table.few)
        for cells, range_ in table.known:
            here = cells & self.values.keys()
            total = sum(self.values[cell] for cell in here)
            if here == cells and range_.low <= total <= range_.high:
                yield cells, range_
            elif here:
                # Of a sum that reaches beyond this table, or that was another then, nothing may move.
                yield frozenset(here), Range(total, total)

    def another(self, target: frozenset[Key]) -> bool:
        """Whether some other counts fit as well, with another sum of these cells."""
        return any(
            self.fits(moved, target) for cell in sorted(target) for by in (1, -1) for moved in [{cell: by}]
        )

    def fits(self, moved: dict[Key, int], target: frozenset[Key], deep: int = DEEP) -> bool:
        """With these moves, or with some more that put right what they break."""
        wrong = self.broken(moved)
        if wrong is None:
            return sum(by for cell, by in moved.items() if cell in target) != 0
        if len(moved) >= deep:
            return False
        cells, way = wrong
        return any(
            self.fits({**moved, cell: way}, target, deep)
            for cell in sorted(cells - moved.keys())
            if self.values[cell] + way >= 0
        )

    def broken(self, moved: Mapping[Key, int]) -> tuple[frozenset[Key], int] | None:
        """The first sum that is out of its range, and which way it has to go."""
        for place in sorted({place for cell in moved for place in self.of[cell]}):
            cells, (low, high) = self.told[place]
            now = self.sums[place] + sum(by for cell, by in moved.items() if cell in cells)
            if now < low or now > high:
                return cells, 1 if now < low else -1
        return None


# --- Too near to a number of before -------------------------------------------------------------------------


class Released(NamedTuple):
    """A number that was published: of what (filters that narrow it), from which day to which, how many it was."""

    part: str
    filters: frozenset[tuple[str, str]]
    first: str
    last: str
    counted: int
    shown: int | None


def too_near(now: Released, before: Iterable[Released], few: int) -> bool:
    """Whether this number less an earlier one, or the other way round, is a few: the cases of the days, or of the
    places, by which the one is wider. Hidden before, it stays hidden; changed by a few since, it is hidden."""
    return any(near(now, then, few) for then in before if then.part == now.part)


def near(now: Released, then: Released, few: int) -> bool:
    same_days = (now.first, now.last) == (then.first, then.last)
    if now.filters == then.filters and same_days:
        if then.shown is None:
            return True
        return rounded(now.counted, TO) != then.shown and abs(now.counted - then.counted) <= few
    if then.shown is None:
        return False
    longer = then.first <= now.first and now.last <= then.last
    shorter = now.first <= then.first and then.last <= now.last
    nested_days = now.filters == then.filters and (longer or shorter)
    nested_places = same_days and (now.filters < then.filters or then.filters < now.filters)
    return (nested_days or nested_places) and 0 < abs(now.counted - then.counted) <= few
