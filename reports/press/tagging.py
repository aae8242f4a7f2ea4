"""What WeasyPrint leaves open in the tags of a PDF, put right in the moment before it is written.

It marks the running heads and feet of a page as content, and hangs them into no tree: a reader either reads them out
between two halves of a sentence or stumbles over them. And it does not say of a table's head whether it is a row's or
a column's.
"""

from collections.abc import Iterator
from typing import Any

ARTIFACT = "/Artifact"


def finish(document: Any, pdf: Any) -> None:
    """WeasyPrint's hook: `pdf` is its file in pieces, each found by its number."""
    Tags(pdf).finish()


class Tags:
    def __init__(self, pdf: Any) -> None:
        self.pdf = pdf
        self.root = self.at(pdf.catalog["StructTreeRoot"])
        self.pages = [self.at(reference) for reference in pdf.page_references]

    def at(self, reference: bytes) -> Any:
        return self.pdf.objects[int(reference.split()[0])]

    def finish(self) -> None:
        found = dict(self.under(self.root, ""))
        for number, scope in found.items():
            if scope:
                self.pdf.objects[number]["A"]["Scope"] = scope
        ways_back = self.at(self.root["ParentTree"])["Nums"]
        for page, elements in zip(self.pages, ways_back[1::2], strict=False):
            self.set_apart(page, elements, set(found))

    def under(self, element: Any, part: str) -> Iterator[tuple[int, str]]:
        """Every element of the tree, by its number; of a head of a table with its scope."""
        for kid in element.get("K", ()):
            row = self.at(kid) if isinstance(kid, bytes) else None
            if row is not None and row.get("Type") == "/StructElem":
                kind = row["S"]
                scope = ("/Column" if part == "/THead" else "/Row") if kind == "/TH" else ""
                yield row.number, scope
                yield from self.under(row, kind if kind in ("/THead", "/TBody", "/TFoot") else part)

    def set_apart(self, page: Any, elements: Any, known: set[int]) -> None:
        """What is in no tree is no content: an artifact of the page's making."""
        loose = {mark for mark, way in enumerate(elements) if int(way.split()[0]) not in known}
        if not loose:
            return
        drawn = self.at(page["Contents"]).stream
        for at, item in enumerate(drawn):
            if item == b"BDC" and drawn[at - 1]["MCID"] in loose:
                drawn[at - 2], drawn[at - 1] = ARTIFACT, "<</Type /Pagination>>"
        for mark in loose:
            self.at(elements[mark]).clear()
            elements[mark] = b"null"
        while elements and elements[-1] == b"null":
            elements.pop()
