"""Every document there is can be heard as it is seen; and the check that says so finds each property that is broken."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pikepdf
import pytest
from django.utils import timezone
from pikepdf import Array, Dictionary, Name, Pdf

from intake.models import Enquiry
from reports import pdf
from reports.actions import counting
from tests.factories import World
from tests.reports import case, issued, structure
from tests.reports.birds import Birds
from tests.reports.test_binding import bound

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PAGE = """<!DOCTYPE html><html lang="en-GB"><head><title>A paper</title></head><body>
<h1>First</h1><h2>Second</h2><p>Words, and <a id="here" href="#here">a place</a>.</p><h3>Third</h3>
<ul><li>One</li><li>Two</li></ul>
<table><thead><tr><th scope="col">What</th><th scope="col">When</th></tr></thead>
<tbody><tr><th scope="row">Visit</th><td>Monday</td></tr></tbody></table>
<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><title>A square</title><rect width="9" height="9"/></svg>
</body></html>"""


def good() -> bytes:
    return pdf.printed(PAGE)


def element(opened: Pdf, kind: str) -> Any:
    return next(row for row in opened.objects if isinstance(row, Dictionary) and row.get("/S") == Name(kind))


def no_title(opened: Pdf) -> None:
    with opened.open_metadata() as metadata:
        del metadata["dc:title"]


def no_identifier(opened: Pdf) -> None:
    with opened.open_metadata() as metadata:
        del metadata["pdfuaid:part"]


def renamed(kind: str, other: str) -> Callable[[Pdf], None]:
    def change(opened: Pdf) -> None:
        element(opened, kind).S = Name(other)

    return change


def without(kind: str, key: str) -> Callable[[Pdf], None]:
    def change(opened: Pdf) -> None:
        del element(opened, kind)[key]

    return change


def out_of_the_tree(kind: str) -> Callable[[Pdf], None]:
    def change(opened: Pdf) -> None:
        parent = element(opened, kind).P
        parent.K = Array(
            [kid for kid in parent.K if not (isinstance(kid, Dictionary) and kid.get("/S") == Name(kind))]
        )

    return change


def drawn(content: bytes) -> Callable[[Pdf], None]:
    return lambda opened: opened.pages[0].contents_add(content)


def font(opened: Pdf) -> Any:
    return next(iter(dict(opened.pages[0].obj.Resources.Font.items()).values()))


def in_the_root(key: str, value: Any) -> Callable[[Pdf], None]:
    def change(opened: Pdf) -> None:
        opened.Root[key] = value

    return change


def action(**what: Any) -> Callable[[Pdf], None]:
    """A link that does something else than lead to a place of the paper."""

    def change(opened: Pdf) -> None:
        opened.pages[0].obj.Annots[0].A = opened.make_indirect(Dictionary(**what))

    return change


def attached(opened: Pdf) -> None:
    opened.attachments["x.txt"] = b"x"


def unscoped(opened: Pdf) -> None:
    del element(opened, "/TH").A["/Scope"]


def headless(opened: Pdf) -> None:
    element(opened, "/TD").A.Headers = Array()


def of_the_page(key: str) -> Callable[[Pdf], None]:
    def change(opened: Pdf) -> None:
        del opened.pages[0].obj[key]

    return change


BROKEN: list[tuple[str, str, Callable[[Pdf], None]]] = [
    ("title", "no title", no_title),
    ("title", "the file's name is shown", lambda opened: opened.Root.__delitem__("/ViewerPreferences")),
    ("language", "no language", lambda opened: opened.Root.__delitem__("/Lang")),
    ("language", "another language", in_the_root("/Lang", "fr")),
    ("marked", "not marked", lambda opened: opened.Root.__delitem__("/MarkInfo")),
    ("identifier", "no identifier", no_identifier),
    ("tags", "no tree", lambda opened: opened.Root.__delitem__("/StructTreeRoot")),
    ("tags", "a rectangle without a tag", drawn(b"0 0 9 9 re f")),
    ("tags", "words without a tag", drawn(b"BT /F 9 Tf (x) Tj ET")),
    ("tags", "a mark that no tag knows", drawn(b"/Span <</MCID 999>> BDC 0 0 9 9 re f EMC")),
    ("tags", "a paragraph that hangs nowhere", out_of_the_tree("/P")),
    ("tags", "no way back", of_the_page("/StructParents")),
    ("headings", "no first heading", renamed("/H1", "/P")),
    ("headings", "a level left out", renamed("/H2", "/P")),
    ("headings", "two first headings", renamed("/H2", "/H1")),
    ("tables", "a cell without a head", headless),
    ("tables", "a head of nothing", unscoped),
    ("lists", "a list of paragraphs", renamed("/LI", "/P")),
    ("pictures", "a picture without words", without("/Figure", "/Alt")),
    ("fonts", "a font that is not embedded", lambda opened: embedded(opened).__delitem__("/FontFile2")),
    ("fonts", "letters without meaning", lambda opened: font(opened).__delitem__("/ToUnicode")),
    ("tab order", "no order of tabs", of_the_page("/Tabs")),
    ("links", "a link without words", lambda opened: opened.pages[0].obj.Annots[0].__delitem__("/Contents")),
    ("links", "a link in no tag", out_of_the_tree("/Link")),
    ("bookmarks", "no bookmarks", lambda opened: opened.Root.__delitem__("/Outlines")),
    ("silence", "a script at the opening", in_the_root("/OpenAction", Dictionary(S=Name.JavaScript, JS="x"))),
    ("silence", "an address", action(S=Name.URI, URI="https://example.org")),
    ("silence", "a program", action(S=Name.Launch, F="x")),
    ("silence", "a file within", attached),
]


def embedded(opened: Pdf) -> Any:
    return font(opened).DescendantFonts[0].FontDescriptor


@pytest.mark.own_database
def test_a_good_paper_has_no_fault() -> None:
    assert structure.faults(good()) == []


@pytest.mark.own_database
@pytest.mark.parametrize(
    ("of", "change"), [(of, change) for of, _, change in BROKEN], ids=[row[1] for row in BROKEN]
)
def test_a_property_that_is_broken_is_named(of: str, change: Callable[[Pdf], None]) -> None:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(good())) as opened:
        change(opened)
        opened.save(made)
    assert of in {fault.of for fault in structure.faults(made.getvalue())}


@pytest.mark.own_database
def test_what_is_no_pdf_is_said_to_be_none() -> None:
    assert [fault.of for fault in structure.faults(b"%PDF-1.7 and no more")] == ["opens"]


def test_every_property_is_broken_by_some_test() -> None:
    assert {of for of, _, _ in BROKEN} | {"opens"} == set(structure.PROPERTIES)


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("long", [False, True], ids=["short", "long"])
def test_every_document_can_be_heard_as_it_is_seen(world: World, language: str, long: bool) -> None:
    found = case.lived(world, Birds())
    Enquiry.objects.filter(pk=found.enquiry.pk).update(language=language)
    found = case.longer(found, language) if long else found
    wrong = {name: structure.faults(made, "en-GB", language) for name, made, _ in issued.all_of(world, found)}
    assert {name: found for name, found in wrong.items() if found} == {}
    assert len(wrong) > 14


def test_the_figures_and_a_file_of_many_papers_can_be_heard_too(world: World, signed_in: Any) -> None:
    found = case.lived(world, Birds())
    papers = [made for _, made, _ in issued.all_of(world, found)]
    counting.count_new(timezone.now())
    figures = signed_in(world.manager).get("/figures.pdf").content
    assert structure.faults(figures) == []
    assert structure.faults(bound(*papers).pdf) == []
