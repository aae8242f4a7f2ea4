"""Papers bound into one PDF keep their tags, bookmarks and heads of tables, and every page has its number."""

import io
from typing import Any

import pikepdf
import pytest
from django.utils import timezone

from reports import numbering, pdf
from reports.actions import documents
from reports.binding import Bound, Leaf, bind
from tests.factories import World
from tests.reports.papers import pages_of, print_summary, tags_of, text_of

AT = timezone.now()


def signs() -> bytes:
    return pdf.render("reports/bound/signs.html", {"signs": numbering.signs()}, made_at=AT)


def contents_of(number: int) -> Any:
    def contents(starts: list[int]) -> bytes:
        rows = "".join(
            f'<p><a id="paper-{n}" href="#paper-{n}">Paper {n}</a> on page {start}</p>'
            for n, start in enumerate(starts, start=1)
        )
        html = (
            f'<html lang="en-GB"><head><title>All</title></head><body><h1>Contents</h1>{rows}</body></html>'
        )
        return pdf.printed(html)

    return contents


def bound(*papers: bytes) -> Bound:
    leaves = [Leaf(f"Paper {n}", paper) for n, paper in enumerate(papers, start=1)]
    return bind(leaves, contents_of(len(papers)), signs())


@pytest.fixture
def papers(world: World) -> list[bytes]:
    rows = [world.enquiry(), world.referral("in_progress").enquiry]
    return [bytes(print_summary(row, "authority", by=world.coordinator).pdf) for row in rows]


@pytest.fixture
def whole(papers: list[bytes]) -> Any:
    with pikepdf.open(io.BytesIO(bound(*papers).pdf)) as opened:
        yield opened


def test_each_paper_keeps_its_tags_as_a_part_of_one_document(papers: list[bytes]) -> None:
    tags = tags_of(bound(*papers).pdf)
    own = [tags_of(paper) for paper in papers]
    assert tags.count("/Document") == 1
    assert tags.count("/Part") == 2
    place = tags.index("/Part")
    assert tags[place:] == [tag.replace("/Document", "/Part") for tag in [*own[0], *own[1]]]


def test_every_mark_on_every_page_is_found_in_the_tree_and_leads_back_to_its_page(whole: Any) -> None:
    tree = dict(pairs(whole.Root.StructTreeRoot.ParentTree.Nums))
    assert len(tree) == len(set(tree)) >= len(whole.pages)
    for page in whole.pages:
        found = tree[int(page.obj.StructParents)]
        assert len(found)
        assert {element.Pg.objgen for element in found if "/Pg" in element} == {page.obj.objgen}


def pairs(numbers: Any) -> Any:
    return zip([int(key) for key in list(numbers)[::2]], list(numbers)[1::2], strict=True)


def test_the_heads_of_tables_have_names_of_their_own_and_their_cells_know_them(whole: Any) -> None:
    names, used = [], set()
    for row in whole.objects:
        if isinstance(row, pikepdf.Dictionary) and row.get("/Type") == "/StructElem":
            names += [str(row.ID)] if "/ID" in row else []
            about = row.get("/A")
            for one in about if isinstance(about, pikepdf.Array) else [about] if about is not None else []:
                used |= {str(name) for name in one.get("/Headers", ())}
    assert len(names) == len(set(names)) > 0
    assert used
    assert used <= set(names)


def test_the_bookmarks_are_the_papers_with_their_own_beneath(whole: Any, papers: list[bytes]) -> None:
    with whole.open_outline() as outline:
        tops = [item for item in outline.root if item.title.startswith("Paper ")]
        assert [item.title for item in tops] == ["Paper 1", "Paper 2"]
        first = whole.pages.index(pikepdf.Page(tops[1].destination[0]))
        with pikepdf.open(io.BytesIO(papers[0])) as own:
            assert first == 1 + len(own.pages)
        assert "Risks and safety" in [item.title for item in tops[1].children[0].children]


def test_the_links_of_the_contents_lead_to_the_papers(whole: Any) -> None:
    links = list(whole.pages[0].obj.Annots)
    places = [whole.pages.index(pikepdf.Page(link.Dest[0])) + 1 for link in links]
    said = text_of(saved(whole))
    assert [f"Paper {n} on page {place}" in said for n, place in enumerate(places, start=1)] == [True, True]


def saved(whole: Any) -> bytes:
    made = io.BytesIO()
    whole.save(made)
    return made.getvalue()


def test_every_page_has_its_number_of_the_file_and_keeps_that_of_its_paper(papers: list[bytes]) -> None:
    made = bound(*papers)
    pages = pages_of(made.pdf)
    assert len(pages) == made.pages
    for number, page in enumerate(pages, start=1):
        assert f"File page {number} of {made.pages}" in page
    assert "Page 1 of" in pages[1]


def test_a_number_of_the_file_is_no_content_and_its_font_is_embedded(whole: Any) -> None:
    for page in whole.pages:
        last = page.obj.Contents[-1].read_bytes()
        assert last.strip().startswith(b"Q\n/Artifact")
        font = page.obj.Resources.Font.FileNumber.DescendantFonts[0].FontDescriptor
        assert "/FontFile2" in font or "/FontFile3" in font


def test_the_whole_says_that_it_is_tagged_in_which_language_and_how_it_is_called(whole: Any) -> None:
    assert whole.Root.MarkInfo.Marked
    assert str(whole.Root.Lang) == "en-GB"
    assert whole.Root.ViewerPreferences.DisplayDocTitle
    assert b'pdfuaid:part="1"' in whole.Root.Metadata.read_bytes()
    parts = [row for row in listed(whole.Root.StructTreeRoot.K)[0].K if row.S == "/Part"]
    assert [str(row.Lang) for row in parts] == ["en-GB", "en-GB"]


def listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, pikepdf.Array) else [value]


def test_contents_of_several_pages_still_name_the_right_page(world: World) -> None:
    paper = documents.acknowledge(enquiry=world.enquiry())
    made = bound(*[bytes(paper.pdf)] * 40)
    pages = pages_of(made.pdf)
    front = next(n for n, page in enumerate(pages, 1) if "Page 1 of" in page and "Contents" not in page) - 1
    assert front > 1
    last = 1 + front + 39 * ((len(pages) - front) // 40)
    assert f"Paper 40 on page {last}" in " ".join(" ".join(pages[:front]).split())


def test_bound_twice_it_is_equal_to_the_byte(papers: list[bytes]) -> None:
    assert bound(*papers) == bound(*papers)
