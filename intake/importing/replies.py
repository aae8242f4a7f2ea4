"""The reply to a file: what became of each row, safe to open in a spreadsheet, with nobody's name in it."""

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from intake.models import Enquiry, Import, ImportRow, User

KINDS = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}
COLUMNS = ("row", "authority_reference", "outcome", "reference", "faults")
# What makes a spreadsheet calculate, also in full width, or takes a line apart; and the sign that we put before it.
LIVE = frozenset("=+-@|%\t\r\n＝＋－＠｜％'")
# Categories of signs that are not seen: a spreadsheet may take them away and find what stands behind them.
UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def reply(bulk: Import, user: User, kind: str) -> bytes:
    """What became of each row so far, as CSV or JSON Lines."""
    rows = answers(bulk, user)
    return as_csv(rows) if kind == "csv" else as_json_lines(rows)


def answers(bulk: Import, user: User) -> list[dict[str, Any]]:
    """The rows in order; an enquiry is named to whoever may see it today."""
    rows = list(ImportRow.objects.visible_to(user).filter(bulk=bulk).replies())
    named = {row["reference"] for row in rows} - {""}
    seen = set(
        Enquiry.objects.visible_to(user).filter(reference__in=named).values_list("reference", flat=True)
    )
    return [answer(row, row["reference"] if row["reference"] in seen else "") for row in rows]


def answer(row: Mapping[str, Any], reference: str) -> dict[str, Any]:
    kept = ("authority_reference", "outcome", "same_as", "faults")
    return {"row": row["number"], "reference": reference, **{name: row[name] for name in kept}}


def safe(text: str) -> str:
    """Text that a spreadsheet shows and does not calculate: take the first apostrophe away to have it back."""
    return f"'{text}" if text and is_live(text) else text


def is_live(text: str) -> bool:
    """Whether a spreadsheet could take it for a formula, as it stands or without what is not seen before it."""
    if text[0] in LIVE:
        return True
    seen = next((sign for sign in text if unicodedata.category(sign) not in UNSEEN), "")
    return seen in LIVE


def as_csv(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """In UTF-8 with a mark, by which a spreadsheet knows it."""
    written = io.StringIO(newline="")
    table = csv.writer(written)
    table.writerow(COLUMNS)
    for row in rows:
        faults = " | ".join(f"{fault['pointer']}: {fault['detail']}" for fault in row["faults"])
        cells = {**row, "reference": row["reference"] or same_as(row), "faults": faults}
        table.writerow([safe(str(cells[name])) for name in COLUMNS])
    return written.getvalue().encode("utf-8-sig")


def same_as(row: Mapping[str, Any]) -> str:
    return f"row {row['same_as']}" if row["same_as"] else ""


def as_json_lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def header_only(names: Iterable[str]) -> bytes:
    """A file with nothing but the names of its columns."""
    written = io.StringIO(newline="")
    csv.writer(written).writerow(names)
    return written.getvalue().encode("utf-8-sig")
