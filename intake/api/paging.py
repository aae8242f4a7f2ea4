"""Pages of a list by the place of their last row: stable while rows come and go, also where a value is missing."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from intake.api.problems import BadRequest
from intake.checks import Fault
from intake.sorts import Sort
from intake.strict_json import Unreadable, read

PAGING = frozenset({"cursor", "page_size"})
SIZE, LARGEST = 50, 200


@dataclass(frozen=True)
class Cursor:
    """A place in a list: after (or before) the row with these values, the last of them its number."""

    order: str
    backwards: bool
    place: list[Any]

    def written(self) -> str:
        parts = [self.order, self.backwards, *self.place]
        # As text with microseconds: a moment cut to milliseconds would find its own row again.
        return urlsafe_b64encode(json.dumps(parts, default=str).encode()).decode().rstrip("=")


class Pages:
    """One page: `rows` takes it from a queryset, `answer` puts the shown rows between the addresses beside it.

    `order` is the name of a sort, or a column without empty values, with "-" for the largest first.
    """

    def __init__(self, request: Request, order: str, sort: Sort | None = None) -> None:
        self.request, self.order = request, order
        self.sort = sort or Sort("", order.removeprefix("-"), backwards=order.startswith("-"))
        self.size = size_of(request)
        self.next: Cursor | None = None
        self.previous: Cursor | None = None

    def rows(self, found: QuerySet[Any, Any]) -> list[Any]:
        cursor = self.cursor(found)
        backwards = cursor is not None and cursor.backwards
        if cursor is not None:
            found = self.sort.after(found, cursor.place, backwards)
        page = list(self.sort.ordered(found, backwards)[: self.size + 1])
        more, page = len(page) > self.size, page[: self.size]
        if backwards:
            page.reverse()
        if page and (more or backwards):
            self.next = self.at(page[-1], backwards=False)
        if page and (more if backwards else cursor is not None):
            self.previous = self.at(page[0], backwards=True)
        return page

    def cursor(self, found: QuerySet[Any, Any]) -> Cursor | None:
        given = self.request.query_params.get("cursor")
        if not given:
            return None
        try:
            order, backwards, *place = read(urlsafe_b64decode(given + "=" * (-len(given) % 4)))
            if order != self.order or type(backwards) is not bool or type(place[-1]) is not int:
                raise ValueError
            return Cursor(order, backwards, self.sort.read(found.model, place))
        except (ValueError, TypeError, IndexError, OverflowError, ValidationError, Unreadable):
            raise BadRequest([Fault("cursor", "invalid", "This cursor is not one of this list.")]) from None

    def at(self, row: Any, *, backwards: bool) -> Cursor:
        return Cursor(self.order, backwards, self.sort.place(row))

    def answer(self, shown: list[Any]) -> Response:
        links = {"next": self.address(self.next), "previous": self.address(self.previous)}
        return Response({**links, "results": shown})

    def address(self, cursor: Cursor | None) -> str | None:
        if cursor is None:
            return None
        here = remove_query_param(self.request.build_absolute_uri(), "cursor")
        return str(replace_query_param(here, "cursor", cursor.written()))


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
