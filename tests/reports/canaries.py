"""The table of what somebody wrote where, and of the papers that it may stand on (canaries.csv).

`python -m tests.reports.canaries` prints it as one that can be read: docs/canaries.md.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

TABLE = Path(__file__).with_name("canaries.csv")
DRAWING = Path(__file__).resolve().parents[2] / "docs" / "canaries.md"
YES = "x"
WORDS = "words"
# A field that is chosen from a list says from which; its canary is the label of a code that is made up.
CODED = "code of "


def read_table() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def holds() -> dict[str, str]:
    """What each field holds, by the table: words, a code of a list, or why there is nobody's word in it."""
    return {row["field"].split(" (")[0]: row["holds"] for row in read_table()}


def has_words(held: str) -> bool:
    return held == WORDS or held.startswith(CODED)


def held_by(known: Mapping[str, str], place: str) -> str:
    """Of a field, or of all its model; a field that nobody thought of is taken for words."""
    return known.get(place) or known.get(f"{place.partition('.')[0]}.*", WORDS)


def drawn() -> str:
    """The table for people: a row for each field that holds somebody's words, a column for each paper."""
    rows = [row for row in read_table() if has_words(row["holds"])]
    papers = [name for name in rows[0] if name not in ("field", "holds")]
    lines = ["# What may stand on which paper", "", INTRODUCTION, ""]
    lines += [f"- **{number}** {name}" for number, name in enumerate(papers, start=1)]
    lines += ["", "| Field | " + " | ".join(str(n) for n in range(1, len(papers) + 1)) + " |"]
    lines.append("|---|" + ":-:|" * len(papers))
    for row in rows:
        marks = " | ".join("●" if row[name] == YES else " " for name in papers)
        lines.append(f"| {row['field']} | {marks} |")
    return "\n".join(lines) + "\n"


INTRODUCTION = (
    "Drawn from `tests/reports/canaries.csv` by `python -m tests.reports.canaries`; the suite puts a word into each "
    "of these fields, prints each paper, and finds a word exactly where a dot is: in its text, its data, its "
    "bookmarks and its file's name. A field of which the table does not say anything fails the suite. "
    "A code counts as its label."
)

if __name__ == "__main__":
    print(drawn(), end="")
