"""`python -m tests.faults.hostile_papers`: every hostile text in every template of a document, and too much of some.

A server counts who comes, a file holds a secret; each paper is read back: what was fetched, embedded or linked, and
whether the text stands on it as it was given. Asks no database. A sample of it is in the suite.
"""

import argparse
import html
import io
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pikepdf

# Sets Django up, when this is run as a program.
import config.wsgi  # noqa: F401
from intake.refusals import Refused
from reports import pdf
from reports.actions.printing import Listed
from reports.charts import Bars
from reports.figures.answers import Answer, Beside, Column, Row, Table, Value
from reports.figures.overview import Group
from reports.press.typesetter import characters_of, printable
from reports.summaries import blocks
from reports.summaries.receipt import Receipt
from tests.reports.hostile import aimed, monsters, texts
from tests.reports.papers import text_of

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SECRET = "the secret of the house"
# Keys and names of a PDF that run, load, carry or send something; our links lead within the paper.
FORBIDDEN = frozenset(
    ("/EmbeddedFile", "/EmbeddedFiles", "/AF", "/JavaScript", "/JS", "/Launch", "/URI", "/SubmitForm", "/ImportData",
     "/GoToR", "/GoToE", "/RichMedia", "/OpenAction", "/AA", "/Movie", "/Sound", "/Rendition", "/XFA")
)  # fmt: skip
PROVIDER = {"name": "Provider", "phone": "020", "out_of_hours": "020", "email": "a@b.example", "marking": "M"}


# --- Each template, with a text wherever somebody's words may stand ---------------------------------------------


def paper(text: str) -> dict[str, Any]:
    shapes = [
        blocks.Pairs([(text, text)], text),
        blocks.Table([text, "Second"], [[text, text]]),
        blocks.Prose(text, text),
        blocks.Items([text], text),
        blocks.Box("Risk to the child", "high", [blocks.Note("High", text, "1 May 2027")], "Nothing"),
        blocks.Timeline([("1 May 2027", text, text)]),
    ]
    front, section = blocks.Pairs([("Children", text)]), blocks.Section(text, shapes)
    whole = blocks.Paper("Case summary", "ENQ-7K3M-9QXD-4", text, "en", front, [section], [text])
    return {"paper": whole, "version": 1, "printed_by": text[:200], "printed_at": "today"}


def prose(text: str) -> dict[str, Any]:
    """As most words stand: once, in what somebody wrote."""
    section = blocks.Section("Background", [blocks.Prose(text)])
    whole = blocks.Paper("Case summary", "ENQ-7K3M-9QXD-4", "Hub", "en", blocks.Pairs([]), [section])
    return {"paper": whole, "version": 1, "printed_by": "Ann", "printed_at": "today"}


def acknowledgement(text: str) -> dict[str, Any]:
    receipt = Receipt(
        "ENQ-7K3M-9QXD-4",
        "today",
        text,
        text,
        text,
        text,
        False,
        [text],
        "1 May 2027",
        [text],
        "tomorrow",
        text,
    )
    return {"receipt": receipt, "version": 1, "printed_by": text[:200]}


def contents(text: str) -> dict[str, Any]:
    row = SimpleNamespace(reference="ENQ-7K3M-9QXD-4", document=SimpleNamespace(version=1, made_at=AT))
    return {
        "kind": "Case summary",
        "audience": text[:200],
        "papers": [Listed(row, text, 2)],  # type: ignore[arg-type]
        "printed_by": text[:200],
        "printed_at": "today",
    }


def figures(text: str) -> dict[str, Any]:
    table = Table(text, text, [Column("number", text)], [Row(text, [Value(text)])])
    answer = Answer(
        code="received", label=text, meaning=text, sentence=text, total=Value(text), table=table,
        chart=Bars(text, [text], [3]), more=[table], quality=[Beside("x", text)],
    )  # fmt: skip
    asked = SimpleNamespace(in_words=[("Authority", text)], opens_cases=True)
    groups = [Group(text, [answer])]
    return {"asked": asked, "groups": groups, "first": answer, "when": "November 2026", "printed_by": text[:200],
            "printed_at": "today", "until": "today"}  # fmt: skip


TEMPLATES: dict[str, tuple[str, Callable[[str], dict[str, Any]]]] = {
    "acknowledgement": ("reports/acknowledgement.html", acknowledgement),
    "paper, every shape": ("reports/paper.html", paper),
    "figures": ("reports/figures/paper.html", figures),
    "contents of a file": ("reports/bound/contents.html", contents),
}


def printed(name: str, text: str) -> bytes:
    template, context = TEMPLATES[name]
    return pdf.render(template, {"provider": PROVIDER, "language": "en-GB", **context(text)}, made_at=AT)


# --- What is counted --------------------------------------------------------------------------------------------


class Canary(BaseHTTPRequestHandler):
    """Notes whoever comes; the count is what matters, not the answer."""

    def do_GET(self) -> None:
        self.server.hits.append(self.path)  # type: ignore[attr-defined]
        self.send_response(204)
        self.end_headers()

    do_HEAD = do_POST = do_PUT = do_GET

    def log_message(self, *args: Any) -> None: ...


@contextmanager
def canary() -> Iterator[tuple[str, list[str]]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Canary)
    server.hits = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server.hits  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()


class Scales:
    """The most memory that any press had, in MiB: asked a hundred times a second, also of one that is then killed."""

    def __init__(self) -> None:
        self.most, self.weighing = 0.0, True
        threading.Thread(target=self.weigh, daemon=True).start()

    def weigh(self) -> None:
        while self.weighing:
            for press in list(pdf.presses().living):
                try:
                    pages = int(Path(f"/proc/{press.process.pid}/statm").read_text().split()[1])
                except (OSError, IndexError):
                    continue
                self.most = max(self.most, pages * 4096 / 1024 / 1024)
            time.sleep(0.01)

    def since(self) -> float:
        most, self.most = self.most, 0.0
        return most


@dataclass
class Tally:
    """Of one template."""

    documents: int = 0
    embedded: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    other: list[str] = field(default_factory=list)
    seconds: float = 0.0
    megabytes: float = 0.0


DEJAVU = "usr/share/fonts/truetype/dejavu"


@cache
def glyphs() -> frozenset[int]:
    """Of the font in both its weights, as installed or as unpacked by the house."""
    folder = next(filter(Path.exists, (Path("/") / DEJAVU, Path(sys.prefix) / "native" / DEJAVU)))
    files = [folder / "DejaVuSans.ttf", folder / "DejaVuSans-Bold.ttf"]
    return frozenset.intersection(*(characters_of(file.as_uri()) for file in files))


# They have no width of their own, and a reader of PDFs may leave them out.
WITHOUT_WIDTH = dict.fromkeys(
    (0xAD, 0x034F, *range(0x200B, 0x2010), *range(0x2060, 0x2065), *range(0xFE00, 0xFE10))
)


def squeezed(text: str) -> str:
    """Without spaces and without what has no width: where a line is broken is the paper's affair."""
    return "".join(text.translate(WITHOUT_WIDTH).split())


def expected(text: str) -> str:
    """As it has to stand on the paper: what cannot be seen is spelled out."""
    return squeezed(html.unescape(printable(html.escape(text), glyphs())))


def words_of(one: Any) -> Iterator[str]:
    """Keys and names, not what stands in texts, which may be any."""
    if isinstance(one, pikepdf.Name):
        yield str(one)
    elif isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
        yield from one.keys()
        for _, value in one.items():
            yield from words_of(value) if not getattr(value, "is_indirect", False) else ()
    elif isinstance(one, pikepdf.Array):
        for value in one:
            yield from words_of(value) if not getattr(value, "is_indirect", False) else ()


def faults(made: bytes, text: str) -> Iterator[str]:
    with pikepdf.open(io.BytesIO(made)) as opened:
        found = {word for one in opened.objects for word in words_of(one)} & FORBIDDEN
    yield from (f"{word} in it" for word in sorted(found))
    read, wanted = text_of(made), expected(text)
    if SECRET in read:
        yield "the secret in it"
    read = squeezed(read)
    if wanted not in read:
        # Arabic and Hebrew are drawn from right to left, and a reader puts them together as it likes.
        yield "other order" if not Counter(wanted) - Counter(read) else "other text"


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--texts", type=int, default=0, help="so many only")
    wanted.add_argument("--only", choices=("texts", "monsters"), help="the first table, or the second")
    wanted.add_argument("--show", action="store_true", help="name the texts that came out otherwise")
    options = wanted.parse_args()
    with tempfile.TemporaryDirectory() as folder, canary() as (url, hits):
        secret = Path(folder, "secret.txt")
        secret.write_text(SECRET)
        given = [aimed(text, url, secret) for text in texts()]
        given = given[: options.texts or None]
        scales = Scales()
        pdf.printed(html_of_nothing())
        scales.since()
        wrong = 0
        if options.only != "monsters":
            wrong += in_every_template(given, hits, scales, options.show)
        if options.only != "texts":
            wrong += too_much(scales)
    raise SystemExit(bool(wrong))


def in_every_template(given: list[str], hits: list[str], scales: Scales, show: bool) -> int:
    """How many were fetched, embedded, refused, or came out as another text."""
    wrong = 0
    print(f"{len(given)} texts in {len(TEMPLATES)} templates")
    print(
        f"{'template':22}{'documents':>10}{'fetched':>9}{'embedded, run, linked':>23}{'worst s':>9}{'worst MB':>10}"
    )
    for name in TEMPLATES:
        before = len(hits)
        row = every(name, given, scales)
        fetched = len(hits) - before
        print(f"{name:22}{row.documents:10}{fetched:9}{row.embedded:23}{row.seconds:9.1f}{row.megabytes:10.0f}  "
              f"{told(row.faults)}", flush=True)  # fmt: skip
        for other in row.other if show else ():
            print(f"    {other[:150]!a}")
        wrong += fetched + sum(number for fault, number in row.faults.items() if fault != "other order")
    return wrong


def html_of_nothing() -> str:
    return "<html lang='en-GB'><head><title>One</title></head><body><h1>One</h1></body></html>"


def every(name: str, given: list[str], scales: Scales) -> Tally:
    row = Tally()
    for text in given:
        began = time.monotonic()
        try:
            made = printed(name, text)
        except Refused as refused:
            row.faults[f"refused: {refused.detail}"] += 1
            continue
        finally:
            row.seconds = max(row.seconds, time.monotonic() - began)
        row.documents += 1
        for fault in faults(made, text):
            row.embedded += "in it" in fault
            row.faults[fault] += 1
            row.other.append(f"{fault}: {text}")
    row.megabytes = scales.since()
    return row


def told(faults: Counter[str]) -> str:
    return "; ".join(f"{fault}: {number}" for fault, number in faults.items()) or "all as given"


def too_much(scales: Scales) -> int:
    """Printed whole or refused in a sentence; how many were neither."""
    neither = 0
    print(f"\n{'too much of something':32}{'in':>16}{'s':>7}{'MB':>6}")
    for name, text in monsters().items():
        for where, (template, context) in {
            "prose": ("reports/paper.html", prose),
            "every shape": ("reports/paper.html", paper),
        }.items():
            began = time.monotonic()
            try:
                made = pdf.render(
                    template, {"provider": PROVIDER, "language": "en-GB", **context(text)}, made_at=AT
                )
                with pikepdf.open(io.BytesIO(made)) as opened:
                    outcome = f"printed, {len(opened.pages)} pages"
            except Refused as refused:
                outcome = f"refused: {refused.detail}"
            except Exception as fault:
                outcome = f"FAILED: {type(fault).__name__}"
                neither += 1
            took = time.monotonic() - began
            print(f"{name:32}{where:>16}{took:7.1f}{scales.since():6.0f}  {outcome}", flush=True)
    return neither


if __name__ == "__main__":
    main()
