"""The orders of a list, the same for pages and API: by columns that always have a value, then by the row's number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, F, Func, IntegerField, Model, QuerySet, Value

from intake.models.listing import LAST_DAY, LAST_MOMENT, OVER
from intake.words import _

LAST = {
    "pressing": OVER,
    "due_order": LAST_MOMENT,
    "filing_order": LAST_DAY,
    "arrived_at": LAST_MOMENT,
}


class RowOf(Func):
    """Several values compared as one, column by column: what an index of these columns finds at once."""

    template = "(%(expressions)s)"
    output_field = IntegerField()


class Beyond(Func):
    """Whether a row stands further than a place."""

    template = "%(expressions)s"
    output_field = BooleanField()


@dataclass(frozen=True)
class Sort:
    """An order: one or more columns without empty values, all in one direction, ties by the row's number."""

    label: str
    columns: str | tuple[str, ...]
    backwards: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.columns, "id") if isinstance(self.columns, str) else (*self.columns, "id")

    def ordered(self, rows: QuerySet[Any, Any], reverse: bool = False) -> QuerySet[Any, Any]:
        sign = "-" if self.backwards != reverse else ""
        return rows.order_by(*(f"{sign}{key}" for key in self.keys))

    def place(self, row: Any) -> list[Any]:
        """Where a row stands: a model's row, or a dict with its columns."""
        return [row[key] if isinstance(row, dict) else getattr(row, key) for key in self.keys]

    def read(self, model: type[Model], place: Sequence[Any]) -> list[Any]:
        """A place as somebody sent it. Raises ValueError, TypeError or ValidationError where it is none."""
        if len(place) != len(self.keys) or None in place:
            raise ValueError
        return [
            within(column(model, key).to_python(value)) for key, value in zip(self.keys, place, strict=True)
        ]

    def after(
        self, rows: QuerySet[Any, Any], place: Sequence[Any], reverse: bool = False
    ) -> QuerySet[Any, Any]:
        """The rows beyond a place in this order; reversed: before it. The place itself is not among them.

        Where a column has its last value already, nothing comes after it: only among its equals is looked on. That
        is half of the table at times, and said so, since PostgreSQL would expect none.
        """
        keys, here, upwards = list(self.keys), list(place), self.backwards == reverse
        while upwards and len(keys) > 1 and LAST.get(keys[0]) == here[0]:
            rows = rows.filter(**{keys.pop(0): here.pop(0)})
        typed = [
            Value(value, output_field=column(rows.model, key)) for key, value in zip(keys, here, strict=True)
        ]
        further = " > " if upwards else " < "
        return rows.filter(Beyond(RowOf(*map(F, keys)), RowOf(*typed), arg_joiner=further))


def column(model: type[Model], key: str) -> Any:
    """The field of a column; of one that the database derives, the field of what it holds."""
    field = model._meta.get_field(key)
    return getattr(field, "output_field", field)


def within(value: Any) -> Any:
    """A moment at the very end of the calendar has no place in another time zone, a number too long in no column."""
    if isinstance(value, datetime) and not 1900 <= value.year <= 2200:
        raise ValueError
    if isinstance(value, int) and abs(value) >= 2**63:
        raise OverflowError
    return value


# The enquiries' orders; those that are over come after those that are open where an order is about what to do next.
SORTS = {
    "pressing": Sort(_("Most pressing"), ("pressing", "due_order")),
    "newest": Sort(_("Newest"), "arrived_at", backwards=True),
    "oldest": Sort(_("Oldest"), "arrived_at"),
    "due": Sort(_("Decision due soonest"), "due_order"),
    "filing": Sort(_("Filing date soonest"), "filing_order"),
    "changed": Sort(_("Changed last"), "updated_at", backwards=True),
}
PRESSING = "pressing"
# What a caller of the API may sort by.
ORDERINGS = {
    "-received_at": SORTS["newest"],
    "received_at": SORTS["oldest"],
    "-urgency": SORTS["pressing"],
    "due_at": SORTS["due"],
    "-due_at": Sort("Decision due last", "due_order", backwards=True),
    "filing_date": SORTS["filing"],
    "-updated_at": SORTS["changed"],
    "updated_at": Sort("Changed first", "updated_at"),
}
