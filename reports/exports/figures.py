"""Figures as tables: all numbers as the page shows them, for use inside; or long, a line for each number."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from reports.exports.tables import Column, Table
from reports.figures import overview
from reports.figures.answers import Table as Shown
from reports.figures.asked import Asked

HIDDEN = "c"
LONG = (
    Column("figure", "Which figure.", 18),
    Column("table", "Which table of it.", 28),
    Column("row", "From when, or of which part.", 28),
    Column("part_code", "The part's code, where the row is one.", 16),
    Column("first", "The first day of a row that is a time.", 12),
    Column("last", "The last day.", 12),
    Column("column", "What is counted or measured.", 24),
    Column("value", "The number; empty where there is none or it is not shown.", 12),
    Column("sign", "c: not shown.", 10),
)


def wide(figure: str, shown: Shown) -> Table:
    """As it stands on the page: a line for each row."""
    columns = [
        Column("row", f"{shown.title}: {shown.name.lower()}.", 32),
        *(Column(column.code, f"{shown.title}: {column.label}.") for column in shown.columns),
    ]
    rows = [[row.label, *(cell(value) for value in row.values)] for row in shown.rows]
    return Table(f"{figure} {shown.title}" if shown.title.startswith("By") else shown.title, columns, rows)


def cell(value: Any) -> Any:
    """A number as a number, else its words."""
    if value.number is not None:
        return value.number
    return "" if value.text in ("", "–") else value.text


def inside(asked: Asked, codes: Sequence[str]) -> list[tuple[str, Shown]]:
    """Each figure's tables, all numbers as this person reads them."""
    found = overview.read(asked, codes)
    return [(code, shown) for code in codes for shown in (found[code].table, *found[code].more) if shown.rows]


def long(tables: Iterable[tuple[str, Shown]]) -> Table:
    return Table("Figures", LONG, lines(tables))


def lines(tables: Iterable[tuple[str, Shown]]) -> Iterator[Sequence[Any]]:
    for figure, shown in tables:
        for row in shown.rows:
            first, last = (row.span.first, row.span.last) if row.span else (None, None)
            for column, value in zip(shown.columns, row.values, strict=True):
                sign = "" if value.number is not None else cell(value)
                yield (
                    figure, shown.title, row.label, row.code, first, last, column.label, value.number, sign,
                )  # fmt: skip
