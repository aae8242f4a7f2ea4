"""Rows for tests of imports: invented families, as many as one likes, as CSV or JSON Lines; nothing on disk."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from tests.factories import example

Body = dict[str, Any]


def bodies(count: int, start: int = 0, **changes: Any) -> list[Body]:
    """Each with a reference of its own."""
    body = said(example())
    return [{**body, "authority_reference": f"BULK-{start + n:05}", **changes} for n in range(count)]


def said(value: Any) -> Any:
    """Without empty lists and nulls, for which a cell has no word."""
    if isinstance(value, dict):
        return {name: said(part) for name, part in value.items() if part not in (None, [])}
    return [said(part) for part in value] if isinstance(value, list) else value


def as_lines(rows: Iterable[Any]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def as_csv(rows: Iterable[Body]) -> bytes:
    """Under the names of the places in the body."""
    flat_rows = [dict(cells("", row)) for row in rows]
    names = list(dict.fromkeys(name for row in flat_rows for name in row))
    written = io.StringIO(newline="")
    table = csv.DictWriter(written, names, restval="")
    table.writeheader()
    table.writerows(flat_rows)
    return written.getvalue().encode()


def cells(prefix: str, value: Any) -> Iterable[tuple[str, str]]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from cells(f"{prefix}.{name}" if prefix else name, part)
    elif isinstance(value, list) and any(isinstance(part, dict) or ";" in str(part) for part in value):
        for place, part in enumerate(value):
            yield from cells(f"{prefix}.{place}", part)
    elif isinstance(value, list):
        yield prefix, ";".join(str(part) for part in value)
    elif value is not None:
        yield prefix, str(value).lower() if isinstance(value, bool) else str(value)
