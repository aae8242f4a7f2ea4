"""A PDF of ours is tagged, repeatable, silent, and fetches nothing, whatever text it has to print."""

import io
import logging
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pikepdf
import pytest

from intake.refusals import Invalid, Unavailable
from reports import pdf
from reports.summaries.blocks import Box, Items, Note, Pairs, Paper, Prose, Section, Table, Timeline
from tests.reports.hostile import MARKUP, aimed
from tests.reports.papers import pages_of, tags_of, text_of

pytestmark = pytest.mark.own_database

MADE_AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PROVIDER = {"name": "Provider", "phone": "020", "out_of_hours": "020", "email": "a@b.example", "marking": "M"}


def paper(text: str = "Some words.", *, language: str = "en", lines: int = 1) -> Paper:
    """A summary that says the same text in every shape there is."""
    blocks = [
        Pairs([(text, text)], text),
        Table([text, "Second"], [[text, text]]),
        Prose(text, text),
        Items([text], text),
        Box("Risk to the child", "high", [Note("High", text, "1 May 2027")], "Nothing"),
        Timeline([("1 May 2027", text, text)] * lines),
    ]
    return Paper(
        "Case summary",
        "ENQ-7K3M-9QXD-4",
        text,
        language,
        Pairs([("Children", text)]),
        [Section(text, blocks)],
    )


def printed(what: Paper, **more: Any) -> bytes:
    context = {"paper": what, "provider": PROVIDER, "version": 1, "printed_by": "Ann", "printed_at": "today"}
    return pdf.render("reports/paper.html", context | more, made_at=MADE_AT)


def test_it_is_tagged_and_says_its_language_and_title() -> None:
    made = printed(paper())
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert str(opened.Root.Lang) == "en-GB"
        assert opened.Root.MarkInfo.Marked
        assert opened.Root.ViewerPreferences.DisplayDocTitle
        with opened.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "Case summary ENQ-7K3M-9QXD-4, version 1"


def test_headings_tables_and_lists_are_what_they_look_like() -> None:
    tags = tags_of(printed(paper()))
    assert tags.count("/H1") == 1
    assert {"/H2", "/H3", "/P", "/Table", "/TR", "/TH", "/TD", "/L", "/LI"} <= set(tags)


def test_every_cell_of_a_table_names_its_headers() -> None:
    with pikepdf.open(io.BytesIO(printed(paper()))) as opened:
        cells = [o for o in opened.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/TD"]
        assert cells
        assert all(len(cell.A.Headers) >= 1 for cell in cells)


def test_every_page_has_the_marking_twice_the_reference_and_its_number(settings: Any) -> None:
    pages = pages_of(printed(paper(lines=200)))
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert page.count(settings.MARKING) == 2
        assert "ENQ-7K3M-9QXD-4" in page
        assert f"Page {number} of {len(pages)}" in page


def test_equal_input_gives_equal_bytes() -> None:
    assert printed(paper()) == printed(paper())
    assert printed(paper()) != printed(paper("Other words."))


@pytest.mark.parametrize(
    "text", ["", "word " * 800, "unbroken" * 600, "Ŵŷ Łódź Ελλάδα Їжак עברית العربية 汉字 👶🏽"]
)
def test_empty_long_and_foreign_texts_print_without_a_warning(
    text: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "weasyprint"):
        printed(paper(text, language="cy"))
    assert [record.getMessage() for record in caplog.records if record.name.startswith("weasyprint")] == []


def test_a_character_the_font_has_not_got_is_spelled_out_and_not_lost() -> None:
    assert "name[U+6C49]" in squeezed(text_of(printed(paper("name \u6c49"))))


def test_more_text_than_one_document_can_hold_is_refused() -> None:
    with pytest.raises(Invalid):
        printed(paper("x" * pdf.MOST_CHARACTERS))


@pytest.mark.usefixtures("no_pango")
def test_without_pango_it_says_so() -> None:
    with pytest.raises(Unavailable, match="Pango is not installed"):
        printed(paper())


class Canary(BaseHTTPRequestHandler):
    hits: list[str] = []

    def do_GET(self) -> None:
        self.hits.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: Any) -> None: ...


@pytest.fixture(scope="module")
def canary() -> Any:
    server = HTTPServer(("127.0.0.1", 0), Canary)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.mark.parametrize("template", MARKUP)
def test_hostile_text_prints_as_it_stands_and_fetches_nothing(
    template: str, canary: str, tmp_path: Any
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret of the house")
    text = aimed(template, canary, secret)
    made = printed(paper(text))
    assert squeezed(text) in squeezed(text_of(made))
    assert Canary.hits == []
    assert "the secret of the house" not in text_of(made)
    for word in (b"/EmbeddedFile", b"/JavaScript", b"/Launch", b"/URI"):
        assert word not in unpacked(made)


def squeezed(text: str) -> str:
    """Without spaces: where a line is broken is the paper's affair."""
    return "".join(text.replace("\u200b", "").split())


def unpacked(made: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(made)) as opened:
        plain = io.BytesIO()
        opened.save(plain, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        return plain.getvalue()


@pytest.mark.parametrize(
    ("character", "shown"),
    [
        ("\u202e", "[U+202E]"),
        ("\u2066", "[U+2066]"),
        ("\x07", "[U+0007]"),
        ("\x1b", "[U+001B]"),
        ("\x85", "[U+0085]"),
    ],
)
def test_characters_that_hide_or_turn_text_are_spelled_out(character: str, shown: str) -> None:
    assert f"safe{shown}text" in squeezed(text_of(printed(paper(f"safe{character}text"))))
