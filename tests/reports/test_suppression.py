"""What is published of a table says no small number: against a solver that knows the rule and the release before."""

import random
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from scipy.optimize import linprog

from reports.suppression import (
    FEW,
    FEW_OF_AN_AUTHORITY,
    Key,
    Known,
    Line,
    Number,
    Range,
    Released,
    Table,
    percent,
    publish,
    told_of,
    too_near,
)

ALL = "all"
Counts = dict[tuple[str, str], int]


def crossed(counts: Counts, few: int, to: int, **more: object) -> Table:
    """Rows by columns, with every margin."""
    rows, columns = (sorted({key[place] for key in counts}) for place in (0, 1))
    of_row = {row: frozenset((row, column) for column in columns) for row in rows}
    of_column = {column: frozenset((row, column) for row in rows) for column in columns}
    numbers = [
        *(Number(key, frozenset({key}), to) for key in counts),
        *(Number((row, ALL), cells) for row, cells in of_row.items()),
        *(Number((ALL, column), cells) for column, cells in of_column.items()),
        Number((ALL, ALL), frozenset(counts)),
    ]
    lines = [
        *(Line((row, ALL), tuple(sorted(cells))) for row, cells in of_row.items()),
        *(Line((ALL, column), tuple(sorted(cells))) for column, cells in of_column.items()),
        Line((ALL, ALL), tuple((row, ALL) for row in rows)),
        Line((ALL, ALL), tuple((ALL, column) for column in columns)),
    ]
    return Table(counts, numbers, lines, few, **more)  # type: ignore[arg-type]


def recovered(table: Table, more: Sequence[Table] = ()) -> list[Key]:
    """The cells from 1 to a few that a linear solver pins down from all that was published.

    It knows the rule: which numbers are hidden for their own sake, and how the others were rounded.
    """
    tables = [table, *more]
    cells = sorted({cell for one in tables for cell in one.counts})
    places = {cell: place for place, cell in enumerate(cells)}
    rows, bounds = [], []
    for one in tables:
        for number in one.numbers:
            low, high = told(one, number)
            row = np.zeros(len(cells))
            row[[places[cell] for cell in number.cells]] = 1
            rows += [row, -row]
            bounds += [high, -low]
    found = []
    for key in sorted(table.hidden):
        if not table.small(key):
            continue
        aim = np.zeros(len(cells))
        aim[[places[cell] for cell in table.by_key[key].cells]] = 1
        ends = [
            linprog(sign * aim, A_ub=np.array(rows), b_ub=bounds, bounds=(0, None)).fun * sign
            for sign in (1, -1)
        ]
        if np.floor(ends[1] + 1e-6) <= np.ceil(ends[0] - 1e-6):
            found.append(key)
    return found


def told(table: Table, number: Number) -> Range:
    return told_of(table.values[number.key], table.shown(number.key), number.to, table.few)


def thrown(dice: random.Random) -> Counts:
    """Mostly few, some none, some many: as a month of a small area is."""
    rows, columns = dice.randint(1, 6), dice.randint(1, 5)
    sizes = (0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 11, 24, 60)
    return {(f"r{row}", f"c{column}"): dice.choice(sizes) for row in range(rows) for column in range(columns)}


@pytest.mark.parametrize("few", [FEW, FEW_OF_AN_AUTHORITY])
@pytest.mark.parametrize("to", [1, 5])
def test_a_solver_recovers_no_small_number(few: int, to: int) -> None:
    dice = random.Random(few * 10 + to)
    for _ in range(25):
        table = crossed(thrown(dice), few, to)
        publish(table)
        assert recovered(table) == []


@pytest.mark.parametrize("to", [1, 5])
def test_nor_from_the_release_before_and_the_one_that_is_longer(to: int) -> None:
    """Five months were published; then six, in which the five stand again."""
    dice = random.Random(to)
    for _ in range(25):
        counts = thrown(dice)
        months = sorted({row for row, _ in counts})
        before = {key: value for key, value in counts.items() if key[0] != months[-1]}
        if not before:
            continue
        then = crossed(before, FEW, to)
        publish(then)
        now = crossed(counts, FEW, to, known=known_from(then), close=hidden_again(then))
        publish(now)
        assert recovered(now, [then]) == []


def known_from(table: Table) -> list[Known]:
    return [
        Known(
            number.cells,
            told_of(table.values[number.key], table.shown(number.key), number.to, table.few),
        )
        for number in table.numbers
    ]


def hidden_again(table: Table) -> set[Key]:
    return {key for key in table.hidden if ALL not in key}


def test_none_is_shown_and_a_few_are_not() -> None:
    shown = publish(crossed({("a", "x"): 0, ("a", "y"): 40, ("b", "x"): 3, ("b", "y"): 33}, FEW, 1))
    assert shown["a", "x"] == 0
    assert shown["b", "x"] is None
    assert shown[ALL, ALL] == 75


def test_one_that_is_hidden_has_the_next_smallest_for_company() -> None:
    shown = publish(
        crossed(
            {("a", "x"): 3, ("a", "y"): 20, ("a", "z"): 90, ("b", "x"): 30, ("b", "y"): 40, ("b", "z"): 50},
            FEW,
            1,
        )
    )
    assert (shown["a", "x"], shown["a", "y"], shown["a", "z"]) == (None, None, 90)
    assert [shown["b", "x"], shown["b", "y"]] == [None, None]


def test_a_total_that_rounding_would_give_away_takes_more_with_it() -> None:
    """1 and 1 beside 90: 92 goes to 90, so both together were at most 2 and each is 1."""
    table = crossed({("a", "x"): 1, ("a", "y"): 1, ("a", "z"): 90}, FEW, 1)
    publish(table)
    assert recovered(table) == []


def test_with_an_authority_seven_are_few() -> None:
    assert publish(crossed({("a", "x"): 7, ("a", "y"): 60}, FEW_OF_AN_AUTHORITY, 5))["a", "x"] is None
    assert publish(crossed({("a", "x"): 7, ("a", "y"): 60}, FEW, 5))["a", "x"] == 5


def test_a_percentage_is_of_ten_or_more_and_of_what_is_shown() -> None:
    assert (percent(5, 10), percent(5, 5), percent(None, 50)) == (50, None, None)


def released(counted: int, shown: int | None, last: str = "2026-10-31", **filters: str) -> Released:
    return Released("", frozenset(filters.items()), "2026-10-01", last, counted, shown)


@pytest.mark.parametrize(
    ("before", "near"),
    [
        (released(38, 40, "2026-10-30"), True),
        (released(20, 20, "2026-10-30"), False),
        (released(38, 40, nation="England"), True),
        (released(38, None), True),
        (released(41, 40), False),
        (released(44, 45), True),
        (released(38, None, "2026-10-30"), False),
    ],
    ids=[
        "three days more",
        "many days more",
        "all but Wales",
        "hidden before",
        "the same number",
        "counted late",
        "hidden",
    ],
)
def test_what_differs_by_a_few_from_what_was_published_is_too_near(before: Released, near: bool) -> None:
    assert too_near(released(42, None), [before], FEW) == near


def shares(table: Mapping[Key, int | None]) -> int:
    return sum(value is None for value in table.values())


def test_much_stays_readable() -> None:
    """A year of twelve months by three reasons, as an authority of middle size has it."""
    dice = random.Random(7)
    counts = {(f"{month:02}", reason): dice.randint(6, 40) for month in range(12) for reason in "xyz"}
    shown = publish(crossed(counts, FEW, 5))
    assert shares(shown) <= len(shown) // 5
