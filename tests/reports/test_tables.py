"""No text becomes a formula, at no door of a spreadsheet, and every text can be had back."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from openpyxl import load_workbook

from reports.exports.tables import Column, Table, write_csv, write_xlsx

SIGNS = ("=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠")
BEFORE = ("", " ", "\t", "\r", "\n", "\u00a0", "\u200b", "\ufeff", "\u2028")
MORE = (
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://example.org","here")',
    "'=1+1",
    "''1",
    '"=1+1',
    "#N/A",
    "#REF!",
    "{=1+1}",
    "=1+1\n=2+2",
    'a","=1+1',
    "-2+3",
    "+44 161 496 0000",
    "\x00=1+1",
)
PREFIXES = [*(f"{before}{sign}1+1" for before in BEFORE for sign in SIGNS), *MORE]
COLUMNS = [Column("first", "The first."), Column("second", "The second.")]
NO_SIGN = str.maketrans("", "", "\x00")


def table(rows: Sequence[Sequence[Any]]) -> Table:
    return Table("Data", COLUMNS, iter(rows))


def as_csv(rows: Sequence[Sequence[Any]]) -> bytes:
    file = io.BytesIO()
    write_csv(table(rows), file)
    return file.getvalue()


def as_xlsx(rows: Sequence[Sequence[Any]]) -> io.BytesIO:
    file = io.BytesIO()
    write_xlsx([("What", "=1+1")], [table(rows)], file)
    return file


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1:]


def had_back(text: str) -> str:
    """As the document says: the first apostrophe away."""
    return text.removeprefix("'")


LIVE = [text for text in PREFIXES if not text.startswith(('"', "#", "{", "a"))]


def test_there_are_more_than_sixty_prefixes() -> None:
    assert len(set(PREFIXES)) > 60


def test_csv_has_its_mark_its_ends_of_lines_and_every_text_can_be_had_back() -> None:
    rows = [(text, f"x{text}") for text in PREFIXES]
    content = as_csv(rows)
    assert content.startswith(b"\xef\xbb\xbffirst,second\r\n")
    read = read_csv(content)
    assert all(first.startswith("'") for first, _ in read if had_back(first) in LIVE)
    assert [(had_back(first), second) for first, second in read] == [
        (first.translate(NO_SIGN), second.translate(NO_SIGN)) for first, second in rows
    ]


def test_xlsx_holds_strings_as_they_are_and_no_formula() -> None:
    book = load_workbook(as_xlsx([(text, text) for text in PREFIXES]))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    kept = [cell.value for cell in book["Data"]["A"][1:]]
    assert kept == [text.translate(NO_SIGN) for text in PREFIXES]
    assert all(
        cell.quotePrefix for cell in book["Data"]["A"][1:] if cell.value and cell.value[0] in SIGNS[:4]
    )


def test_days_are_days_numbers_are_numbers_and_the_header_stays() -> None:
    moment = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
    sheet = load_workbook(as_xlsx([(date(2026, 11, 28), 12), (moment, None), (True, False)]))["Data"]
    assert (sheet["A2"].value, sheet["A2"].is_date) == (datetime(2026, 11, 28), True)
    assert sheet["A3"].value == datetime(2026, 7, 1, 10, 30)
    assert (sheet["B2"].value, sheet["A4"].value, sheet["B4"].value) == (12, "yes", "no")
    assert sheet.freeze_panes == "A2"
    assert read_csv(as_csv([(moment, date(2026, 11, 28))])) == [["2026-07-01T10:30+01:00", "2026-11-28"]]


def test_two_sheets_of_one_name_are_told_apart_and_a_cell_that_is_too_long_ends_with_a_sign() -> None:
    file = io.BytesIO()
    write_xlsx([], [table([("x" * 40_000, "")]), table([])], file)
    book = load_workbook(file)
    assert book.sheetnames == ["About", "Data", "Data 2"]
    assert book["Data"]["A2"].value.endswith("x…")
