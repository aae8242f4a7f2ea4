"""Reading a file of enquiries, CSV or JSON Lines, row by row; what is wrong with the whole of it is refused at once."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from intake.checks import Fault
from intake.importing.columns import OF_THE_FILE, Column, body, column
from intake.refusals import Invalid
from intake.strict_json import Unreadable, read

CSV, JSON_LINES = "csv", "jsonl"
BY_EXTENSION = {".csv": CSV, ".jsonl": JSON_LINES, ".ndjson": JSON_LINES}
LARGEST = 10 * 1024 * 1024
LARGEST_ROW = 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 2_000
MARK = b"\xef\xbb\xbf"
# What a column may be called; other text in its place may be somebody's name, and is not repeated.
NAME = re.compile(r"[a-z0-9_.]{1,80}")


@dataclass(frozen=True)
class Row:
    """One row as it was read: its body, None when it could not be, and the faults found so far."""

    number: int
    body: Any
    faults: tuple[Fault, ...] = ()


def refuse(code: str, detail: str) -> Invalid:
    return Invalid([Fault("/file", code, detail)])


def kind_of(name: str, content: bytes) -> str:
    """By the file's extension; by its first character where that says nothing."""
    by_name = BY_EXTENSION.get(PurePath(name).suffix.lower())
    return by_name or (JSON_LINES if content.removeprefix(MARK).lstrip()[:1] == b"{" else CSV)


def count(content: bytes, kind: str) -> int:
    """How many rows there are. Refuses a file that cannot be read from end to end."""
    if not content.strip():
        raise refuse("empty", "The file is empty.")
    if len(content) > LARGEST:
        raise refuse("too_large", "The file is larger than 10 MB. Send it in parts.")
    total = sum(1 for _ in (texts(content) if kind == JSON_LINES else records(content)))
    if not total:
        raise refuse("empty", "The file has no rows.")
    if total > MOST_ROWS:
        raise refuse("too_many_rows", "The file has more than 5,000 rows. Send it in parts.")
    return total


def rows(content: bytes, kind: str, after: int = 0) -> Iterator[Row]:
    """The rows of a file, those after a number; CSV as a spreadsheet numbers them, with the names in row 1."""
    if kind == JSON_LINES:
        yield from (line_row(number, line) for number, line in texts(content) if number > after)
    else:
        yield from (record_row(*record) for record in records(content) if record[0] > after)


# --- JSON Lines -------------------------------------------------------------------------------------------


def texts(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The lines that hold something, with their numbers."""
    for number, line in enumerate(content.removeprefix(MARK).split(b"\n"), start=1):
        if line.strip():
            yield number, line


def line_row(number: int, line: bytes) -> Row:
    if len(line) > LARGEST_ROW:
        return unread(number, "too_large", "This row is larger than 1 MB.")
    try:
        found = read(line)
    except Unreadable as fault:
        return unread(number, "unreadable", str(fault).replace("The body", "This row"))
    faults = tuple(of_the_file(found))
    return Row(number, without(found, OF_THE_FILE) if faults else found, faults)


def of_the_file(found: Any) -> Iterator[Fault]:
    """What is said once for all rows, beside the file."""
    for name in sorted(OF_THE_FILE & found.keys()) if isinstance(found, dict) else ():
        yield Fault(f"/{name}", "of_the_file", "This is said of the whole file, not of a row.")


def without(found: dict[str, Any], names: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name not in names}


def unread(number: int, code: str, detail: str) -> Row:
    return Row(number, None, (Fault("", code, detail),))


# --- CSV --------------------------------------------------------------------------------------------------


def records(content: bytes) -> Iterator[tuple[int, list[Column], list[str]]]:
    """The rows that hold something, with their numbers and the columns of the file."""
    try:
        text = content.removeprefix(MARK).decode("utf-8")
    except UnicodeDecodeError:
        detail = "The file is not in UTF-8. In a spreadsheet, save it as “CSV UTF-8”."
        raise refuse("not_utf8", detail) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 1
    try:
        columns = header(next(reader, []))
        for number, cells in enumerate(reader, start=2):
            if any(cell.strip() for cell in cells):
                yield number, columns, cells
    except csv.Error:
        detail = f"The file cannot be read as CSV at row {number + 1}: look at its quotation marks."
        raise refuse("not_csv", detail) from None


def header(cells: list[str]) -> list[Column]:
    """The columns by the names in the first row; each that is unknown or there twice is a fault."""
    if len(cells) > MOST_COLUMNS:
        raise refuse("too_many_columns", "The file has more than 2,000 columns.")
    found: list[Column] = []
    faults: list[Fault] = []
    taken: set[tuple[Any, ...]] = set()
    within: set[tuple[Any, ...]] = set()
    for place, cell in enumerate(cells, start=1):
        name = cell.strip()
        called = f"“{name}”" if NAME.fullmatch(name) else f"number {place}"
        known = column(name) if NAME.fullmatch(name) else None
        if known is None:
            faults.append(Fault("/file", "unknown_column", f"We know no column {called}."))
        elif known.path in within or not taken.isdisjoint(steps := leading(known.path)):
            faults.append(Fault("/file", "repeated_column", f"The column {called} stands twice."))
        else:
            found.append(known)
            taken.add(known.path)
            within.update(steps)
    if faults:
        raise Invalid(faults)
    return found


def leading(path: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """The places that a place lies within, and itself."""
    return [path[:length] for length in range(1, len(path) + 1)]


def record_row(number: int, columns: list[Column], cells: list[str]) -> Row:
    if len(cells) != len(columns):
        return unread(
            number, "cells", f"This row has {len(cells)} cells, and there are {len(columns)} columns."
        )
    if sum(map(len, cells)) > LARGEST_ROW:
        return unread(number, "too_large", "This row is larger than 1 MB.")
    try:
        return Row(number, body(columns, cells))
    except Unreadable as fault:
        return unread(number, "unreadable", str(fault).replace("The body", "This row"))
