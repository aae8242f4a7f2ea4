"""Where a fact stands in a body, written as a pattern, and whether it is there.

/legal/filing_date                          a member, answered
/declaration/accurate=true                  a member with one of these values (a comma between them)
/documents/*/state!=to_come                 a member with none of these values
/children/*/date_of_birth=none              a member that must not be there
/children/*/placement_type                  a member of each row; of a type's own people where it has a type
/assessments/*/children[2]                  a list of two at least
/documents?role=bundle,chronology           a row with one of these values; `&` asks for several members
/adults/*/phone or ./address                one of them; `./` is a member of the same row
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

Body = Mapping[str, Any]
# The rows of a list that count, by its pointer: all of them where it is not named.
Focus = Mapping[str, frozenset[int]]
NOBODY_LEFT_OUT: Focus = {}
_OBJECTS = (dict, Mapping)
_LISTS = (list, tuple)


class Filter(NamedTuple):
    """A list, and the members with one of these values that a row of it has."""

    members: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A pattern taken apart at its stars, and what is asked of the value at its end."""

    parts: tuple[tuple[str, ...], ...]
    relative: bool = False
    values: tuple[str, ...] = ()
    other_than: bool = False
    at_least: int = 1
    filter: Filter | None = None
    # The last part as the end of a pointer.
    text: str = ""

    def met_by(self, value: object) -> bool:
        if self.values:
            return _has_one_of(value, self.values) is not self.other_than
        if self.filter is not None:
            return isinstance(value, _LISTS) and any(_fits(row, self.filter) for row in value)
        if self.at_least > 1:
            return isinstance(value, _LISTS) and len(set(map(str, value))) >= self.at_least
        return answered(value)


class Found(NamedTuple):
    """One place where a fact is looked for, and whether it is there."""

    pointer: str
    met: bool
    # Nothing is said there, or not enough: it may still come.
    blank: bool


def answered(value: object) -> bool:
    """A blank text is no answer; false is one."""
    if isinstance(value, str):
        return not (not value or value.isspace())
    return value is not None and (value is False or value == 0 or bool(value))


def word(value: object) -> str:
    """A value as a pattern writes it: true, false, none, or the text itself."""
    if value is True or value is False:
        return "true" if value else "false"
    return str(value) if answered(value) else "none"


@cache
def alternatives(fact: str) -> tuple[Place, ...]:
    return tuple(place(part.strip()) for part in fact.split(" or "))


@cache
def place(pattern: str) -> Place:
    """A pattern without `or`, taken apart. Raises ValueError when it is none."""
    relative = pattern.startswith("./")
    rest = pattern.removeprefix(".")
    if not rest.startswith("/"):
        raise ValueError(f"A pattern begins with / or ./, not {pattern!r}.")
    rest, _, wanted = rest.partition("?")
    if wanted:
        pairs = (pair.partition("=") for pair in wanted.split("&"))
        rows = Filter(tuple((name, tuple(value.split(","))) for name, _, value in pairs))
        return Place(_parts(rest), relative, filter=rows, text=_text(rest))
    rest, _, value = rest.partition("=")
    rest, _, count = rest.partition("[")
    return Place(
        parts=_parts(rest.removesuffix("!")),
        relative=relative,
        values=tuple(value.split(",")) if value else (),
        other_than=rest.endswith("!"),
        at_least=int(count.rstrip("]")) if count else 1,
        text=_text(rest.removesuffix("!")),
    )


def _parts(path: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(filter(None, part.split("/"))) for part in path.split("*"))


def _text(path: str) -> str:
    return path.rpartition("*")[2]


def holds(place: Place, body: Body) -> bool:
    """Whether it is so anywhere in the body."""
    if len(place.parts) == 1:
        return place.met_by(reach(place.parts[0], body))
    return any(place.met_by(value) for _, _, value in spots(place.parts, body))


def values_at(pattern: str, body: Body, focus: Focus = NOBODY_LEFT_OUT) -> Iterator[tuple[str, Any]]:
    """The pointers of a plain pattern, and what stands there."""
    for pointer, _, value in spots(place(pattern).parts, body, focus):
        yield pointer, value


def reach(steps: tuple[str, ...], value: Any) -> Any:
    """Down some members of objects; None where one is absent."""
    for step in steps:
        value = value.get(step) if isinstance(value, _OBJECTS) else None
    return value


def spots(
    parts: tuple[tuple[str, ...], ...],
    value: Any,
    focus: Focus = NOBODY_LEFT_OUT,
    pointer: str = "",
    row: Any = None,
) -> list[tuple[str, Body, Any]]:
    """Each end of a pattern: its pointer, the last row of a list on the way (or the body), and the value."""
    row = value if row is None else row
    value, pointer = reach(parts[0], value), "/".join((pointer, *parts[0]))
    if len(parts) == 1:
        return [(pointer, row, value)]
    counted = focus.get(pointer) if focus else None
    found = []
    for at, one in enumerate(value if isinstance(value, _LISTS) else ()):
        if counted is None or at in counted:
            here = one if isinstance(one, _OBJECTS) else {}
            found += spots(parts[1:], one, focus, f"{pointer}/{at}", here)
    return found


def _has_one_of(value: object, wanted: tuple[str, ...]) -> bool:
    if isinstance(value, _LISTS) and value:
        return any(word(one) in wanted for one in value)
    return word(value) in wanted


def _fits(row: object, wanted: Filter) -> bool:
    return isinstance(row, _OBJECTS) and all(word(row.get(name)) in values for name, values in wanted.members)
