"""Pages of a list by the place of their last row, never by counting past the ones before."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext

from intake.sorts import Sort

__all__ = ["Page", "Sort", "asked", "turn_to"]
SIZE = 50
CAP = 1000
PLACES = ("after", "before", "from", "rows")


@dataclass(frozen=True)
class Page:
    """Some rows of a list, where they stand in it, and the queries of the pages beside it."""

    rows: list[Any]
    first: int
    count: str
    next: str
    previous: str

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def turn_to(
    rows: QuerySet[Any],
    sort: Sort,
    query: QueryDict,
    anchors: QuerySet[Any],
    whole: QuerySet[Any] | None = None,
) -> Page:
    """The page that a query asks for; an anchor outside `anchors`, what one may see, begins anew.

    With `whole` the rows are found by themselves and then read as it has them. PostgreSQL looks for the rows of
    more than eight tables in the order in which they were joined, and finds fifty by reading them all.
    """
    reverse = "before" in query and "after" not in query
    anchor = query.get("before" if reverse else "after", "")
    start = anchors.filter(reference=anchor).first() if anchor else None
    reverse = reverse and start is not None
    wanted = sort.after(rows, sort.place(start), reverse) if start else rows
    found = read(sort.ordered(wanted, reverse), whole)
    more, found = len(found) > SIZE, found[:SIZE]
    if reverse:
        found.reverse()
    first = first_number(query, start, reverse, len(found))
    return Page(
        rows=found,
        first=first,
        count="" if start else counted(rows, found, more),
        next=onward(query, "after", found[-1], first + len(found)) if found and (more or reverse) else "",
        previous=onward(query, "before", found[0], first) if found and first > 1 else "",
    )


def read(rows: QuerySet[Any], whole: QuerySet[Any] | None) -> list[Any]:
    """One more than a page has, so that it can say whether there are more."""
    if whole is None:
        return list(rows[: SIZE + 1])
    keys = list(rows.values_list("pk", flat=True)[: SIZE + 1])
    by_key = whole.in_bulk(keys)
    return [by_key[key] for key in keys if key in by_key]


def first_number(query: QueryDict, start: Model | None, reverse: bool, length: int) -> int:
    """Which number the first row has, as the links carry it on."""
    given = query.get("from", "")
    number = int(given) if start and given.isdecimal() and len(given) < 9 else 1
    return max(number - length, 1) if reverse else max(number, 1)


def counted(rows: QuerySet[Any], found: list[Any], more: bool) -> str:
    """How many there are, counted up to a cap and not beyond."""
    if not more:
        return str(len(found))
    total = rows.order_by().values("pk")[: CAP + 1].count()
    return gettext("more than {CAP:,}").format(CAP=CAP) if total > CAP else f"about {total}"


def onward(query: QueryDict, place: str, row: Any, number: int) -> str:
    return asked(query, {place: row.reference, "from": str(number)})


def asked(
    query: QueryDict, more: Mapping[str, str] | None = None, without: tuple[str, str] = ("", "")
) -> str:
    """The query as it was, without its place, without one value, with more."""
    kept = [
        (name, value)
        for name, values in query.lists()
        for value in values
        if value and name not in PLACES and (name, value) != without
    ]
    return "?" + urlencode([*kept, *(more or {}).items()])


def onward_by(rows: QuerySet[Any], sort: Sort, query: QueryDict) -> Page:
    """The page after a row that is named by its number: for rows without a reference. Forward only."""
    given = query.get("after", "")
    start = rows.filter(pk=int(given)).first() if given.isdecimal() and len(given) < 19 else None
    found = list(sort.ordered(sort.after(rows, sort.place(start)) if start else rows)[: SIZE + 1])
    more, found = len(found) > SIZE, found[:SIZE]
    first = first_number(query, start, reverse=False, length=0)
    after = {"after": str(found[-1].pk), "from": str(first + len(found))} if more else {}
    return Page(found, first, "", asked(query, after) if more else "", "")
