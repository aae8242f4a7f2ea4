"""The columns of a CSV file: named by their place in the body, such as `children.0.name`; made from the shapes."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rest_framework import serializers

from intake import shapes
from intake.shape import Number, Particulars, Shape, Text, YesNo
from intake.strict_json import clean

# Said of the whole file, so never in a row.
OF_THE_FILE = frozenset({"draft", "authority", "on_behalf_reason"})
SPOKEN = {"true": True, "yes": True, "false": False, "no": False}
# A list of rows, an object, the particulars: what no cell can hold whole.
HOLDING = (Shape, serializers.ListSerializer, Particulars)
ANSWER = Text()
WHOLE = re.compile(r"[0-9]{1,15}")
# So many of a list's rows stand in the template; a file may have as many as the shape takes.
SHOWN = {"children": 3, "adults": 2, "assessments": 2, "risks": 3, "documents": 3}


@dataclass(frozen=True)
class Column:
    """Where a cell goes in the body, and what its text is there."""

    path: tuple[str | int, ...]
    field: Any

    def read(self, cell: str) -> Any:
        """The cell's value; what is not understood stays text, for the shape to refuse."""
        text = clean(cell)
        if isinstance(self.field, serializers.ListField):
            return [understood(self.field.child, part.strip()) for part in text.split(";") if part.strip()]
        return understood(self.field, text)


def understood(field: Any, text: str) -> Any:
    if field is ANSWER:
        # “yes” may be a text here; which kind an answer has is for the rules.
        return {"true": True, "false": False}.get(text.strip(), text)
    if isinstance(field, YesNo):
        return SPOKEN.get(text.strip().lower(), text)
    if isinstance(field, Number):
        return int(text) if WHOLE.fullmatch(text.strip()) else text
    return text


@lru_cache(maxsize=4096)
def column(name: str) -> Column | None:
    """The column of a name, or None when there is none."""
    parts = name.split(".")
    found = follow(shapes.CREATE, parts) if parts[0] not in OF_THE_FILE else None
    return Column(tuple(int(part) if part.isdigit() else part for part in parts), found) if found else None


def follow(field: Any, parts: list[str]) -> Any:
    """The field at the end of a path, or None when the path leads nowhere or not to the end."""
    if not parts:
        return None if isinstance(field, HOLDING) else field
    first, *rest = parts
    if isinstance(field, Shape):
        inner = field.writable().get(first)
        return follow(inner, rest) if inner is not None else None
    if isinstance(field, serializers.ListSerializer | serializers.ListField):
        most: int = getattr(field, "max_length", None) or 50
        within = WHOLE.fullmatch(first) and str(int(first)) == first and int(first) < most
        return follow(field.child, rest) if within else None
    # The codes of particulars are data: whether there is such a one, the rules say of the row.
    return ANSWER if isinstance(field, Particulars) and not rest and not first.isdigit() else None


def body(columns: Iterable[Column], cells: Iterable[str]) -> dict[str, Any]:
    """The body of a row; an empty cell is an answer that was not given."""
    tree: dict[Any, Any] = {}
    for place, cell in zip(columns, cells, strict=True):
        if not cell.strip():
            continue
        at = tree
        for step in place.path[:-1]:
            at = at.setdefault(step, {})
        at[place.path[-1]] = place.read(cell)
    return {name: listed(value) for name, value in tree.items()}


def listed(value: Any) -> Any:
    """Numbered members as a list; a place left out in between is an empty object, whose faults are named."""
    if not isinstance(value, dict):
        return value
    inner = {name: listed(part) for name, part in value.items()}
    if not any(isinstance(name, int) for name in inner):
        return inner
    return [inner.get(place, {}) for place in range(max(inner) + 1)]


def template() -> list[str]:
    """The names of the columns most often needed, in the order of the body."""
    return [name for name in names(shapes.CREATE, "") if name.partition(".")[0] not in OF_THE_FILE]


def names(field: Any, prefix: str) -> Iterator[str]:
    if isinstance(field, Shape):
        for name, inner in field.writable().items():
            yield from names(inner, f"{prefix}.{name}" if prefix else name)
    elif isinstance(field, serializers.ListSerializer):
        for place in range(SHOWN.get(prefix, 1)):
            yield from names(field.child, f"{prefix}.{place}")
    elif not isinstance(field, Particulars):
        yield prefix
