"""A PDF of ours is tagged, repeatable, silent, and fetches nothing, whatever text it has to print."""

import io
import logging
from datetime import UTC, datetime
from typing import Any

import pikepdf
import pytest

from intake.refusals import Invalid, Unavailable
from reports import pdf
from reports.summaries.blocks import Box, Items, Note, Pairs, Paper, Prose, Section, Table, Timeline
from tests.faults import hostile_papers
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


@pytest.mark.parametrize("name", hostile_papers.TEMPLATES)
def test_hostile_texts_print_as_they_stand_and_fetch_nothing(name: str, tmp_path: Any) -> None:
    """A third of them in each here; each by itself, and hundreds more: `python -m tests.faults.hostile_papers`."""
    third = MARKUP[list(hostile_papers.TEMPLATES).index(name) % 3 :: 3]
    (tmp_path / "secret.txt").write_text(hostile_papers.SECRET)
    with hostile_papers.canary() as (url, hits):
        given = [aimed(text, url, tmp_path / "secret.txt") for text in third]
        made = hostile_papers.printed(name, "\n".join(given))
        assert hits == []
    read = squeezed(text_of(made))
    assert [text for text in given if squeezed(text) not in read] == []
    assert list(hostile_papers.faults(made, "\n".join(given))) == []


def squeezed(text: str) -> str:
    """Without spaces: where a line is broken is the paper's affair."""
    return "".join(text.replace("\u200b", "").split())


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
