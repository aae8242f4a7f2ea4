"""A table as CSV or XLSX, a row at a time: however long it is, it takes the same memory. Nothing in it is calculated.

CSV: UTF-8 with a mark, RFC 4180, the codes of the columns in the first line. Text that a spreadsheet could take for a
formula has an apostrophe before it (`intake.importing.replies.safe`): take the first apostrophe away to have it back.
XLSX: every text is a string and stays as it is; what could be a formula keeps that when somebody types in its cell.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from intake.importing.replies import is_live, safe

MARK = "\ufeff"
# A sheet ends there, and a cell; more is refused, or cut with a sign.
MOST_ROWS, LONGEST = 1_000_000, 32_767
# What XML, and so a sheet, has no sign for.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What a sheet may not be called.
NOT_A_NAME = re.compile(r"[\[\]:*?/\\']")
About = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Column:
    """A column: its code, what it means, how wide it is on a sheet."""

    code: str
    meaning: str
    width: int = 16


@dataclass(frozen=True)
class Table:
    """Rows under columns; the rows come one by one and are gone through once."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]


def csv_lines(table: Table) -> Iterator[str]:
    """A line of text for each row, the first with the mark and the codes."""
    held = io.StringIO(newline="")
    writer = csv.writer(held)
    writer.writerow([column.code for column in table.columns])
    yield MARK + taken(held)
    for row in table.rows:
        writer.writerow([as_text(value) for value in row])
        yield taken(held)


def taken(held: io.StringIO) -> str:
    text = held.getvalue()
    held.seek(0)
    held.truncate()
    return text


def write_csv(table: Table, file: IO[bytes]) -> None:
    for line in csv_lines(table):
        file.write(line.encode())


def as_text(value: Any) -> str:
    """A number, a day and a moment as they are; every text safe."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    return safe(UNWRITABLE.sub("", str(value)))


# --- XLSX -----------------------------------------------------------------------------------------------------


def write_xlsx(about: About, tables: Sequence[Table], file: IO[bytes]) -> None:
    """What it is on the first sheet, then each table on its own: header frozen, days as days."""
    book = Workbook(write_only=True)
    book.properties.creator = "Referral Desk"
    columns = [(f"Column {column.code}", column.meaning) for column in distinct(tables)]
    told = Table("About", (Column("about", "", 28), Column("says", "", 100)), [*about, *columns])
    names: set[str] = set()
    for table in (told, *tables):
        put(book, table, names)
    book.save(file)


def distinct(tables: Sequence[Table]) -> list[Column]:
    found = {column.code: column for table in tables for column in table.columns}
    return list(found.values())


def put(book: Any, table: Table, names: set[str]) -> None:
    sheet = book.create_sheet(called(table.name, names))
    sheet.freeze_panes = "A2"
    for place, column in enumerate(table.columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    bold = Font(bold=True)
    head = [WriteOnlyCell(sheet, column.code) for column in table.columns]
    for cell in head:
        cell.font = bold
    sheet.append(head)
    for row in table.rows:
        sheet.append([as_cell(sheet, value) for value in row])


def called(name: str, names: set[str]) -> str:
    """As a sheet may be called, and no two alike."""
    plain = NOT_A_NAME.sub(" ", name).strip()[:28] or "Table"
    found = next(one for one in (plain, *(f"{plain} {n}" for n in range(2, 99))) if one.lower() not in names)
    names.add(found.lower())
    return found


def as_cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, datetime):
        # A sheet knows no zones: the time of the clock on the wall here.
        return timezone.localtime(value).replace(tzinfo=None, second=0, microsecond=0)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or isinstance(value, date | int | float):
        return value
    return as_string(sheet, UNWRITABLE.sub("", str(value)))


def as_string(sheet: Any, text: str) -> Any:
    """A string, whatever it begins with; openpyxl would make a formula or a fault of some."""
    if len(text) > LONGEST:
        text = f"{text[: LONGEST - 1]}…"
    if not text or not (is_live(text) or text in ERROR_CODES):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
