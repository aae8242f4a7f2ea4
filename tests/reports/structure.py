"""What a PDF of ours must have for somebody who hears it, and must not have for anybody; each fault by name.

The properties are those of PDF/UA-1 (ISO 14289-1) that can be read off a file without a person.
"""

import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Pdf

SHOWS_TEXT = {"Tj", "TJ", "'", '"'}
PAINTS = {"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "INLINE IMAGE"}
HEADING = re.compile(r"/H([1-6])$")
MAPPED = re.compile(rb"<([0-9a-f]{4})>\s*<([0-9a-f]{4,})>", re.IGNORECASE)
ACTIVE = ("/JavaScript", "/Launch", "/URI", "/GoToR", "/GoToE", "/SubmitForm", "/ImportData", "/RichMedia")
ENGLISH = "en-GB"
PROPERTIES = (
    "opens",
    "title",
    "language",
    "marked",
    "identifier",
    "tags",
    "headings",
    "tables",
    "lists",
    "pictures",
    "fonts",
    "tab order",
    "links",
    "bookmarks",
    "silence",
)


class Fault(NamedTuple):
    """A property that does not hold, and where."""

    of: str
    says: str


@dataclass
class Tag:
    """An element of the tree of tags, with what it stands on: (page, number) of each mark, or an object."""

    kind: str
    row: Any
    children: list["Tag"] = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)
    objects: list[Any] = field(default_factory=list)

    def every(self) -> Iterator["Tag"]:
        yield self
        for child in self.children:
            yield from child.every()

    def text(self, said: dict[tuple[int, int], str]) -> str:
        """In the order of the tree."""
        return "".join(said.get(mark, "") for tag in self.every() for mark in tag.marks)


def faults(content: bytes, *languages: str) -> list[Fault]:
    """Everything that is wrong with it; nothing, when it may be issued. It is in one of the languages, or English."""
    try:
        opened = pikepdf.open(io.BytesIO(content))
    except pikepdf.PdfError as unreadable:
        return [Fault("opens", str(unreadable))]
    with opened:
        return list(Structure(opened).faults(languages or (ENGLISH,)))


class Structure:
    """One opened file."""

    def __init__(self, opened: Pdf) -> None:
        self.pdf = opened
        self.pages = {page.obj.objgen: number for number, page in enumerate(opened.pages)}
        self.said: dict[tuple[int, int], str] = {}
        self.loose: list[int] = []
        for number, page in enumerate(opened.pages):
            self.read(number, page)

    def faults(self, languages: tuple[str, ...]) -> Iterator[Fault]:
        yield from self.catalogue(languages)
        yield from self.tags()
        yield from self.headings()
        yield from self.tables()
        yield from self.lists()
        yield from self.pictures()
        yield from self.fonts()
        yield from self.links()
        yield from self.bookmarks()
        yield from self.silence()

    # --- The file as a whole ------------------------------------------------------------------------------

    def catalogue(self, languages: tuple[str, ...]) -> Iterator[Fault]:
        root = self.pdf.Root
        with self.pdf.open_metadata() as metadata:
            title, part = str(metadata.get("dc:title", "")), str(metadata.get("pdfuaid:part", ""))
        if not title.strip():
            yield Fault("title", "There is no title in the metadata.")
        if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
            yield Fault("title", "A reader shows the file's name instead of the title.")
        if str(root.get("/Lang", "")) not in languages:
            yield Fault(
                "language", f"It says {root.get('/Lang', 'nothing')}, and is {' or '.join(languages)}."
            )
        if not root.get("/MarkInfo", {}).get("/Marked", False) or root.MarkInfo.get("/Suspects", False):
            yield Fault("marked", "It does not say that it is tagged.")
        if part != "1":
            yield Fault("identifier", "It does not say that it is PDF/UA-1.")

    def silence(self) -> Iterator[Fault]:
        root = self.pdf.Root
        for key in ("/OpenAction", "/AA", "/AcroForm", "/AF"):
            if key in root:
                yield Fault("silence", f"The file has {key}.")
        for name in ("/JavaScript", "/EmbeddedFiles"):
            if name in root.get("/Names", {}):
                yield Fault("silence", f"The file has {name}.")
        for row in self.pdf.objects:
            if isinstance(row, Dictionary | pikepdf.Stream):
                kinds = {str(row.get("/S", "")), str(row.get("/Subtype", ""))} & set(ACTIVE)
                kinds |= (
                    {"/EmbeddedFile"}
                    if str(row.get("/Type", "")) in ("/EmbeddedFile", "/Filespec")
                    else set()
                )
                kinds |= {"/JS"} if "/JS" in row else set()
                yield from (Fault("silence", f"An object is {kind}.") for kind in sorted(kinds))

    # --- What is on the pages -----------------------------------------------------------------------------

    def read(self, number: int, page: pikepdf.Page) -> None:
        """What stands under each mark, and how often something is drawn under none."""
        stack: list[int | bool | None] = []
        maps = {name: unicode_of(font) for name, font in fonts_of(page.obj)}
        current: dict[int, str] = {}
        for operands, operator in pikepdf.parse_content_stream(page):
            what = str(operator)
            if what in ("BDC", "BMC"):
                stack.append(mark_of(page, operands))
            elif what == "EMC":
                stack.pop()
            elif what == "Tf":
                current = maps.get(str(operands[0]), {})
            elif what in SHOWS_TEXT or what in PAINTS:
                standing = next((one for one in reversed(stack) if one is not None), None)
                if standing is None:
                    self.loose.append(number)
                elif standing is not False and what in SHOWS_TEXT:
                    key = (number, int(standing))
                    self.said[key] = self.said.get(key, "") + shown(operands, current)
            for one in stack:
                if one is not None and one is not False:
                    self.said.setdefault((number, int(one)), "")

    @cached_property
    def tree(self) -> Tag:
        root = self.pdf.Root.get("/StructTreeRoot")
        return self.tag(root, None) if root is not None else Tag("", None)

    def tag(self, row: Any, page: Any) -> Tag:
        found = Tag(str(row.get("/S", "")), row)
        page = row.get("/Pg", page)
        kids = row.get("/K")
        for kid in kids if isinstance(kids, Array) else [] if kids is None else [kids]:
            if isinstance(kid, int):
                found.marks.append((self.number(page), int(kid)))
            elif kid.get("/Type") == "/MCR":
                found.marks.append((self.number(kid.get("/Pg", page)), int(kid.MCID)))
            elif kid.get("/Type") == "/OBJR":
                found.objects.append(kid.Obj)
            else:
                found.children.append(self.tag(kid, page))
        return found

    def number(self, page: Any) -> int:
        return -1 if page is None else self.pages.get(page.objgen, -1)

    def every(self, *kinds: str) -> list[Tag]:
        return [tag for tag in self.tree.every() if tag.kind in kinds]

    def tags(self) -> Iterator[Fault]:
        """Content without a tag; a tag without content; a page from which no way leads back to the tree."""
        for number, count in sorted(Counter(self.loose).items()):
            yield Fault("tags", f"Page {number + 1}: {count} things are drawn outside any tag and artifact.")
        used = Counter(mark for tag in self.tree.every() for mark in tag.marks)
        for page, mark in sorted(self.said.keys() - used.keys()):
            yield Fault("tags", f"Page {page + 1}: mark {mark} is in no tag.")
        for page, mark in sorted(used.keys() - self.said.keys()):
            yield Fault("tags", f"A tag stands on mark {mark} of page {page + 1}, which is not there.")
        for page, mark in sorted(mark for mark, count in used.items() if count > 1):
            yield Fault("tags", f"Page {page + 1}: mark {mark} is in two tags.")
        if not self.every("/Document"):
            yield Fault("tags", "The tree does not begin with a document.")
        yield from self.ways_back()

    def ways_back(self) -> Iterator[Fault]:
        back = self.parents()
        marks = Counter(page for page, _ in self.said)
        for number, page in enumerate(self.pdf.pages):
            found = back.get(int(page.obj.get("/StructParents", -1)))
            lacking = marks[number] and (found is None or len(found) < marks[number])
            if lacking or any(not isinstance(one, Dictionary) for one in found or ()):
                yield Fault("tags", f"Page {number + 1} does not lead back to its tags.")

    def parents(self) -> dict[int, Any]:
        root = self.pdf.Root.get("/StructTreeRoot")
        return dict(numbers(root.get("/ParentTree"))) if root is not None else {}

    # --- What the tags say --------------------------------------------------------------------------------

    def headings(self) -> Iterator[Fault]:
        """Each document, or part of a file of many, begins with the first level and leaves none out."""
        for whole in self.every("/Part") or [self.tree]:
            levels = [int(found[1]) for tag in whole.every() if (found := HEADING.match(tag.kind))]
            if levels[:1] != [1] or levels.count(1) != 1:
                yield Fault("headings", "It does not have one heading of the first level, before all others.")
            for before, after in itertools.pairwise(levels):
                if after > before + 1:
                    yield Fault("headings", f"A heading of level {after} follows one of level {before}.")
        for tag in self.tree.every():
            if HEADING.match(tag.kind) and not tag.text(self.said).strip():
                yield Fault("headings", "A heading says nothing.")

    def tables(self) -> Iterator[Fault]:
        for table in self.every("/Table"):
            heads = {str(tag.row.ID) for tag in table.every() if tag.kind == "/TH" and "/ID" in tag.row}
            cells = [tag for tag in table.every() if tag.kind == "/TD"]
            if any(not known(tag, heads) for tag in cells):
                yield Fault("tables", "A cell names no head of its row or column.")
            if any("/Scope" not in attributes(tag) for tag in table.every() if tag.kind == "/TH"):
                yield Fault("tables", "A head does not say whether it is of a row or of a column.")
            if any(len(row.children) == 0 for row in table.every() if row.kind == "/TR"):
                yield Fault("tables", "A row is empty.")

    def lists(self) -> Iterator[Fault]:
        for tag in self.every("/L"):
            if not tag.children or any(child.kind not in ("/LI", "/Caption", "/L") for child in tag.children):
                yield Fault("lists", "A list holds something that is no item, or nothing.")
        for tag in self.every("/LI"):
            if any(child.kind not in ("/Lbl", "/LBody") for child in tag.children):
                yield Fault("lists", "An item has other parts than its number and what it says.")

    def pictures(self) -> Iterator[Fault]:
        for tag in self.every("/Figure", "/Formula"):
            if not str(tag.row.get("/Alt", "")).strip():
                yield Fault("pictures", "A picture is not told in words.")

    def links(self) -> Iterator[Fault]:
        known = {obj.objgen for tag in self.every("/Link", "/Annot", "/Form") for obj in tag.objects}
        for number, page in enumerate(self.pdf.pages, start=1):
            marked = list(page.obj.get("/Annots", ()))
            if marked and page.obj.get("/Tabs") != "/S":
                yield Fault("tab order", f"Page {number} is not walked through in the order of its tags.")
            for one in marked:
                if one.objgen not in known or int(one.get("/StructParent", -1)) not in self.parents():
                    yield Fault("links", f"Page {number}: a link is in no tag.")
                if not str(one.get("/Contents", "")).strip():
                    yield Fault("links", f"Page {number}: a link does not say where it leads.")

    def bookmarks(self) -> Iterator[Fault]:
        with self.pdf.open_outline() as outline:
            titles = [squeezed(title) for title in titles_of(outline.root)]
        heads = [tag for tag in self.tree.every() if HEADING.match(tag.kind)]
        lacking = Counter(squeezed(tag.text(self.said)) for tag in heads) - Counter(titles)
        for words in lacking:
            yield Fault("bookmarks", f"A heading has no bookmark: {words[:40]}")

    def fonts(self) -> Iterator[Fault]:
        for number, page in enumerate(self.pdf.pages, start=1):
            for name, font in fonts_of(page.obj):
                own = font.DescendantFonts[0] if "/DescendantFonts" in font else font
                held = own.get("/FontDescriptor", {})
                if not any(key in held for key in ("/FontFile", "/FontFile2", "/FontFile3")):
                    yield Fault("fonts", f"Page {number}: {name} is not embedded.")
                if "/ToUnicode" not in font:
                    yield Fault("fonts", f"Page {number}: {name} does not say which letters it shows.")


def mark_of(page: pikepdf.Page, operands: Any) -> int | bool | None:
    """The number of a mark; False for an artifact; None for what is neither."""
    if str(operands[0]) == "/Artifact":
        return False
    about = operands[1] if len(operands) > 1 else None
    if isinstance(about, pikepdf.Name):
        about = page.obj.Resources.Properties.get(about)
    return int(about.MCID) if isinstance(about, Dictionary) and "/MCID" in about else None


def fonts_of(row: Any) -> Iterator[tuple[str, Any]]:
    """Of a page and of what is drawn on it."""
    resources = row.get("/Resources", {})
    yield from resources.get("/Font", {}).items()
    for form in dict(resources.get("/XObject", {}).items()).values():
        if form.get("/Subtype") == "/Form":
            yield from fonts_of(form)


def unicode_of(font: Any) -> dict[int, str]:
    if "/ToUnicode" not in font:
        return {}
    pairs = MAPPED.findall(font.ToUnicode.read_bytes())
    return {
        int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be", "replace") for code, text in pairs
    }


def shown(operands: Any, letters: dict[int, str]) -> str:
    parts = operands[-1] if isinstance(operands[-1], Array) else [operands[-1]]
    raw = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
    return "".join(letters.get(int.from_bytes(raw[at : at + 2]), "?") for at in range(0, len(raw), 2))


def attributes(tag: Tag) -> dict[str, Any]:
    about = tag.row.get("/A")
    rows = about if isinstance(about, Array) else [] if about is None else [about]
    return {key: value for row in rows for key, value in row.items()}


def known(cell: Tag, heads: set[str]) -> bool:
    named = {str(name) for name in attributes(cell).get("/Headers", ())}
    return bool(named) and named <= heads


def numbers(node: Any) -> Iterator[tuple[int, Any]]:
    """A tree of numbers, leaf after leaf."""
    if node is None:
        return
    flat = list(node.get("/Nums", ()))
    yield from ((int(key), value) for key, value in zip(flat[::2], flat[1::2], strict=True))
    for kid in node.get("/Kids", ()):
        yield from numbers(kid)


def titles_of(items: Any) -> Iterator[str]:
    for item in items:
        yield item.title
        yield from titles_of(item.children)


def squeezed(text: str) -> str:
    return "".join(text.replace("\u200b", "").split())
