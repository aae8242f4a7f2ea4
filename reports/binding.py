"""Many papers into one PDF, tagged as each of them is: contents first, bookmarks, page numbers of the whole.

Each paper keeps its own tags, as one part of the whole document (docs/decisions/0038).
"""

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf

from reports.numbering import Numbers

# No tree of tags of ours is deeper.
DEEPEST = 60
TRIES = 5
# How the contents name the place of a paper, counted from one.
ANCHOR = "paper-"
# By the page on which each paper begins, the pages with the contents.
Contents = Callable[[list[int]], bytes]


@dataclass(frozen=True)
class Leaf:
    """One paper of the whole: its bookmark, and its bytes as they were issued."""

    title: str
    pdf: bytes


@dataclass(frozen=True)
class Bound:
    pdf: bytes
    pages: int


def nothing() -> None:
    """Done after each paper."""


def bind(
    leaves: Sequence[Leaf], contents: Contents, numbers: bytes, *, after_each: Callable[[], None] = nothing
) -> Bound:
    """One PDF of all of them; equal input gives equal bytes. A megabyte of memory for each paper of six pages."""
    with ExitStack() as opened:
        whole, starts = with_contents(opened, contents, [length(leaf) for leaf in leaves])
        front, trunk = len(whole.pages), Trunk(whole)
        marks = [outlined(Array(), leaf.title, start) for leaf, start in zip(leaves, starts, strict=True)]
        for leaf, mark in zip(leaves, marks, strict=True):
            # Closed again at once: together they would take twice the memory.
            with pikepdf.open(io.BytesIO(leaf.pdf)) as paper:
                mark.children.extend(bookmarks(paper, len(whole.pages)))
                trunk.add(paper)
            after_each()
        trunk.finish()
        with whole.open_outline() as outline:
            outline.root.extend(marks)
        lead_to(whole, front, starts)
        Numbers(whole, numbers).on_every_page()
        made = io.BytesIO()
        whole.save(made, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return Bound(made.getvalue(), len(whole.pages))


def length(leaf: Leaf) -> int:
    with pikepdf.open(io.BytesIO(leaf.pdf)) as paper:
        return len(paper.pages)


def with_contents(opened: ExitStack, contents: Contents, lengths: Sequence[int]) -> tuple[Pdf, list[int]]:
    """The first pages, made anew until they are as many as the numbers in them allow for."""
    front = 1
    for _ in range(TRIES):
        starts = list(places(front, lengths))
        made = opened.enter_context(pikepdf.open(io.BytesIO(contents(starts))))
        if len(made.pages) == front:
            return made, starts
        front = len(made.pages)
    raise ValueError("The contents have no length.")


def places(front: int, lengths: Sequence[int]) -> Iterator[int]:
    """The page that each begins on, counted from one."""
    page = front + 1
    for pages in lengths:
        yield page
        page += pages


class Trunk:
    """The tree of tags of the whole, to which that of each paper is grafted."""

    def __init__(self, whole: Pdf) -> None:
        self.whole = whole
        self.root = whole.Root.StructTreeRoot
        self.parents: list[Any] = list(self.root.ParentTree.Nums)
        self.next = after(self.parents)
        self.document = listed(self.root.K)[0]
        self.papers = 0

    def add(self, paper: Pdf) -> None:
        """Its pages, and its tags under numbers and names that nothing else has here."""
        first = len(self.whole.pages)
        self.whole.pages.extend(paper.pages)
        # After the pages: what is copied then speaks of these.
        tree = self.whole.copy_foreign(paper.Root.StructTreeRoot)
        self.papers += 1
        for page in list(self.whole.pages)[first:]:
            self.renumber(page.obj)
        numbers = list(tree.ParentTree.Nums)
        for key, value in zip(numbers[::2], numbers[1::2], strict=True):
            self.parents += [int(key) + self.next, value]
        self.next += after(numbers)
        for top in listed(tree.K):
            top.S, top.P, top.Lang = Name.Part, self.document, paper.Root.Lang
            self.rename(top)
            self.document.K.append(top)

    def renumber(self, page: Any) -> None:
        """By which number its marks, and each of its links, are found in the tree."""
        page.StructParents = int(page.StructParents) + self.next
        for link in page.get("/Annots", ()):
            link.StructParent = int(link.StructParent) + self.next

    def rename(self, element: Any, depth: int = 0) -> None:
        """The heads of a table have names, by which its cells speak of them: those of two papers are alike."""
        if "/ID" in element:
            element.ID = self.name(element.ID)
        for about in listed(element.get("/A")):
            if "/Headers" in about:
                about.Headers = Array([self.name(head) for head in about.Headers])
        for child in listed(element.get("/K")) if depth < DEEPEST else ():
            if isinstance(child, Dictionary) and "/S" in child:
                self.rename(child, depth + 1)

    def name(self, own: Any) -> Any:
        return pikepdf.String(f"{self.papers}.{own}")

    def finish(self) -> None:
        self.root.ParentTree = self.whole.make_indirect(Dictionary(Nums=Array(self.parents)))
        self.root.ParentTreeNextKey = self.next


def after(numbers: Sequence[Any]) -> int:
    """The first number that is free: keys and values take turns."""
    return 1 + max((int(key) for key in numbers[::2]), default=-1)


def listed(value: Any) -> list[Any]:
    """One, several or none, as PDF writes them."""
    if value is None:
        return []
    return list(value) if isinstance(value, Array) else [value]


def bookmarks(paper: Pdf, before: int) -> list[OutlineItem]:
    """A paper's own, for the place it has in the whole."""
    page_at = {page.obj.objgen: before + number for number, page in enumerate(paper.pages)}

    def moved(items: Sequence[OutlineItem]) -> Iterator[OutlineItem]:
        for item in items:
            place = item.destination
            if isinstance(place, Array) and place[0].objgen in page_at:
                again = outlined(place, item.title, page_at[place[0].objgen] + 1)
                again.children.extend(moved(item.children))
                yield again

    with paper.open_outline() as outline:
        return list(moved(outline.root))


def outlined(place: Any, title: str, page: int) -> OutlineItem:
    """Closed, or two hundred papers would be a wall. As far down the page as it was."""
    top = float(place[3]) if len(place) > 3 else None
    item = (
        OutlineItem(title, page - 1)
        if top is None
        else OutlineItem(title, page - 1, "XYZ", left=float(place[2]), top=top)
    )
    item.is_closed = True
    return item


def lead_to(whole: Pdf, front: int, starts: Sequence[int]) -> None:
    """The links of the contents lead to where the papers begin."""
    for page in list(whole.pages)[:front]:
        for link in page.obj.get("/Annots", ()):
            name = str(link.get("/Dest", ""))
            if name.startswith(ANCHOR):
                start = starts[int(name.removeprefix(ANCHOR)) - 1]
                link.Dest = Array([whole.pages[start - 1].obj, Name.Fit])
    if "/Names" in whole.Root:
        del whole.Root.Names
