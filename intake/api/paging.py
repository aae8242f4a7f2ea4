"""Pages of a list by the place of their last row: stable while rows come and go, also where a value is missing."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Q, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from intake.api.problems import BadRequest
from intake.checks import Fault
from intake.strict_json import Unreadable, read

PAGING = frozenset({"cursor", "page_size"})
SIZE, LARGEST = 50, 200


@dataclass(frozen=True)
class Cursor:
    """A place in a list: after (or before) the row with this value and this number."""

    order: str
    backwards: bool
    value: Any
    pk: int

    def written(self) -> str:
        parts = [self.order, self.backwards, self.value, self.pk]
        # As text with microseconds: a moment cut to milliseconds would find its own row again.
        return urlsafe_b64encode(json.dumps(parts, default=str).encode()).decode().rstrip("=")


class Pages:
    """One page: `rows` takes it from a queryset, `answer` puts the shown rows between the addresses beside it.

    `order` is a column, with "-" for the largest first; ties go by the row's number in the same direction.
    """

    def __init__(self, request: Request, order: str) -> None:
        self.request, self.order = request, order
        self.column, self.descending = order.removeprefix("-"), order.startswith("-")
        self.size = size_of(request)
        self.next: Cursor | None = None
        self.previous: Cursor | None = None

    def rows(self, found: QuerySet[Any, Any]) -> list[Any]:
        cursor = self.cursor(found)
        backwards = cursor is not None and cursor.backwards
        descending = self.descending != backwards
        if cursor is not None:
            found = found.filter(self.beyond(cursor, descending))
        sign = "-" if descending else ""
        page = list(found.order_by(f"{sign}{self.column}", f"{sign}id")[: self.size + 1])
        more, page = len(page) > self.size, page[: self.size]
        if backwards:
            page.reverse()
        if page and (more or backwards):
            self.next = self.at(page[-1], backwards=False)
        if page and (more if backwards else cursor is not None):
            self.previous = self.at(page[0], backwards=True)
        return page

    def beyond(self, cursor: Cursor, descending: bool) -> Q:
        """What follows a place. Whether missing values come last depends on the engine and the direction."""
        further = "lt" if descending else "gt"
        tie = Q(**{f"id__{further}": cursor.pk})
        missing = Q(**{f"{self.column}__isnull": True})
        missing_last = connection.features.nulls_order_largest != descending
        if cursor.value is None:
            return (missing & tie) if missing_last else (missing & tie) | ~missing
        beyond = Q(**{f"{self.column}__{further}": cursor.value}) | (Q(**{self.column: cursor.value}) & tie)
        return beyond | missing if missing_last else beyond

    def cursor(self, found: QuerySet[Any, Any]) -> Cursor | None:
        given = self.request.query_params.get("cursor")
        if not given:
            return None
        try:
            order, backwards, value, pk = read(urlsafe_b64decode(given + "=" * (-len(given) % 4)))
            field: Any = found.model._meta.get_field(self.column)
            if order != self.order or type(backwards) is not bool or type(pk) is not int:
                raise ValueError
            return Cursor(order, backwards, None if value is None else within(field.to_python(value)), pk)
        except (ValueError, TypeError, OverflowError, ValidationError, Unreadable):
            raise BadRequest([Fault("cursor", "invalid", "This cursor is not one of this list.")]) from None

    def at(self, row: Any, *, backwards: bool) -> Cursor:
        read = row.__getitem__ if isinstance(row, dict) else lambda name: getattr(row, name)
        return Cursor(self.order, backwards, read(self.column), read("id"))

    def answer(self, shown: list[Any]) -> Response:
        links = {"next": self.address(self.next), "previous": self.address(self.previous)}
        return Response({**links, "results": shown})

    def address(self, cursor: Cursor | None) -> str | None:
        if cursor is None:
            return None
        here = remove_query_param(self.request.build_absolute_uri(), "cursor")
        return str(replace_query_param(here, "cursor", cursor.written()))


def within(value: Any) -> Any:
    """A moment at the very end of the calendar has no place in another time zone."""
    if isinstance(value, datetime) and not 1900 <= value.year <= 2200:
        raise ValueError
    return value


def size_of(request: Request) -> int:
    given = request.query_params.get("page_size", str(SIZE))
    if not (given.isascii() and given.isdecimal() and len(given) < 4 and 1 <= int(given) <= LARGEST):
        raise BadRequest([Fault("page_size", "invalid", f"Give a number from 1 to {LARGEST}.")])
    return int(given)


def order_of(request: Request, orders: Any, usual: str) -> str:
    """The order asked for, of the list's few."""
    wanted = request.query_params.get("ordering", usual)
    if wanted not in orders:
        raise BadRequest([Fault("ordering", "unknown", f"Order by one of: {', '.join(orders)}.")])
    return str(wanted)
