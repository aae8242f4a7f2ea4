"""One body, looked into for many facts: rows of lists, and conditions of the whole, are found once."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from intake.requirements.conditions import Part, parts
from intake.requirements.facts import (
    NOBODY_LEFT_OUT,
    Body,
    Focus,
    Found,
    Place,
    alternatives,
    answered,
    holds,
    reach,
    spots,
)
from intake.requirements.rows import Requirement


class Plan(NamedTuple):
    """How a requirement is looked for: its pattern and conditions, taken apart once."""

    first: Place
    others: tuple[Place, ...]
    of_body: tuple[tuple[str, Place], ...]
    of_row: tuple[Place, ...]


@cache
def plan(fact: str, when: str) -> Plan:
    first, *others = alternatives(fact)
    conditions: tuple[Part, ...] = parts(when)
    return Plan(
        first,
        tuple(others),
        tuple((part.pattern, part.said) for part in conditions if not part.of_row),
        tuple(part.said for part in conditions if part.of_row),
    )


class Looking:
    """Looks for the facts of one body."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.so: dict[str, bool] = {}
        self.focuses: dict[tuple[str, ...], Focus] = {}
        self.rows: dict[tuple[tuple[str, ...], tuple[str, ...]], list[tuple[str, Body]]] = {}

    def find(self, requirement: Requirement) -> Iterator[Found]:
        """Each place where it applies."""
        if not requirement.fact:
            return
        wanted = plan(requirement.fact, requirement.when)
        if not wanted.of_body or all(self.is_so(*condition) for condition in wanted.of_body):
            for pointer, row, value in self.spots(wanted.first, requirement.types):
                if not wanted.of_row or all(holds(place, row) for place in wanted.of_row):
                    met = wanted.first.met_by(value) or self.otherwise(wanted.others, row, requirement.types)
                    yield Found(
                        pointer, met, not wanted.first.values or value is False or not answered(value)
                    )

    def is_so(self, pattern: str, place: Place) -> bool:
        if pattern not in self.so:
            self.so[pattern] = holds(place, self.body)
        return self.so[pattern]

    def otherwise(self, others: tuple[Place, ...], row: Body, types: tuple[str, ...]) -> bool:
        for place in others:
            start = row if place.relative else self.body
            if any(place.met_by(value) for _, _, value in spots(place.parts, start, self.focus(types))):
                return True
        return False

    def spots(self, place: Place, types: tuple[str, ...]) -> Iterable[tuple[str, Body, Any]]:
        """The usual pattern has no star, or one: its rows are kept for the next."""
        if len(place.parts) == 1:
            return ((place.text, self.body, reach(place.parts[0], self.body)),)
        if len(place.parts) == 2:
            tail = place.parts[1]
            return [
                (f"{pointer}{place.text}", row, reach(tail, row))
                for pointer, row in self.rows_of(place.parts[0], types)
            ]
        return spots(place.parts, self.body, self.focus(types))

    def rows_of(self, list_: tuple[str, ...], types: tuple[str, ...]) -> list[tuple[str, Body]]:
        key = list_, types
        if key not in self.rows:
            found = spots((list_, ()), self.body, self.focus(types))
            self.rows[key] = [(pointer, row) for pointer, row, _ in found]
        return self.rows[key]

    def focus(self, types: tuple[str, ...]) -> Focus:
        if types not in self.focuses:
            self.focuses[types] = focus_of(self.body, types)
        return self.focuses[types]


def focus_of(body: Body, types: tuple[str, ...]) -> Focus:
    """The assessments of these types, and the people whom they are about."""
    if "*" in types:
        return NOBODY_LEFT_OUT
    given = body.get("assessments")
    asked = {
        at: row
        for at, row in enumerate(given if isinstance(given, list | tuple) else ())
        if isinstance(row, Mapping) and row.get("type") in types
    }
    return {"/assessments": frozenset(asked)} | {
        f"/{name}": frozenset(_numbers(row.get(name) for row in asked.values()))
        for name in ("children", "adults")
    }


def _numbers(lists: Iterable[Any]) -> Iterator[int]:
    for given in lists:
        for one in given if isinstance(given, list | tuple) else ():
            if isinstance(one, int):
                yield one
