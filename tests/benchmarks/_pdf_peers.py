"""The same papers by others: typst and reportlab in this process, Chromium as a warm browser. Each warm, as we are."""

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any

import typst
from playwright.sync_api import Page, sync_playwright
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from reports.summaries import blocks
from reports.summaries.blocks import Paper

# As installed, or as unpacked by the house.
DEJAVU = "usr/share/fonts/truetype/dejavu"
FONTS = next(filter(Path.exists, (Path("/") / DEJAVU, Path(sys.prefix) / "native" / DEJAVU)))
Program = Callable[[Paper], bytes]


# --- typst -----------------------------------------------------------------------------------------------------

# Sizes, distances and what may not be broken over pages: as print.css has them.
TYPST = """#set document(title: {title}, author: "Referral Desk Assessments")
#set page(paper: "a4", margin: (x: 18mm, y: 22mm),
  header: text(7.5pt)[#{reference} #h(1fr) *OFFICIAL-SENSITIVE* #h(1fr) #{title}. For: Provider. Version 1],
  footer: context text(7.5pt)[Printed by Ann Lee, Provider #h(1fr) *OFFICIAL-SENSITIVE* #h(1fr)
    Page #counter(page).display("1 of 1", both: true)])
#set text(font: "DejaVu Sans", size: 9.5pt, lang: "en", region: "GB", hyphenate: false)
#set par(leading: 0.69em, spacing: 0.69em + 2mm)
#set table(stroke: (bottom: 0.4pt + rgb("#b5bec6")), inset: (x: 0pt, y: 2mm))
#set table.cell(breakable: false)
#show table: set block(below: 3mm)
#show heading: set text(fill: rgb("#10324d"))
#show heading.where(level: 1): set text(19pt)
#show heading.where(level: 2): set text(12.5pt)
#show heading.where(level: 2): set block(above: 8mm, below: 3.5mm, width: 100%, inset: (bottom: 1.5mm))
#show heading.where(level: 2): set block(stroke: (bottom: 0.8pt))
#show heading.where(level: 3): set text(10pt)
#show heading.where(level: 3): set block(above: 5mm, below: 2.5mm)
#let pairs(..rows) = table(columns: (32%, 1fr), ..rows)
#let box-of(it) = block(stroke: 0.8pt, inset: 4mm, width: 100%, breakable: false, it)
"""


def typst_program() -> Program:
    compiler = typst.Compiler(font_paths=typst.Fonts(True, False, [str(FONTS)]))

    def print_(paper: Paper) -> bytes:
        made = compiler.compile(typst_source(paper).encode(), format="pdf", pdf_standards="ua-1")
        assert isinstance(made, bytes)
        return made

    return print_


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def typst_source(paper: Paper) -> str:
    parts = [TYPST.format(title=quoted(paper.title), reference=quoted(paper.reference))]
    parts += [f"#heading(level: 1, {quoted(paper.title)})", typst_block(paper.front)]
    for section in paper.sections:
        parts += [f"#heading(level: 2, {quoted(section.title)})", *map(typst_block, section.blocks)]
    return "\n".join(parts)


def typst_block(block: Any) -> str:
    title = getattr(block, "title", "")
    head = f"#heading(level: 3, {quoted(title)})\n" if title else ""
    match block:
        case blocks.Pairs():
            return head + f"#pairs({', '.join(quoted(cell) for row in block.rows for cell in row)})"
        case blocks.Table():
            cells = ", ".join(quoted(cell) for row in block.rows for cell in row)
            head = ", ".join(map(quoted, block.head))
            return f"#table(columns: {len(block.head)} * (1fr,), table.header({head}), {cells})"
        case blocks.Prose():
            return head + f"#par({quoted(block.text)})"
        case blocks.Items():
            return head + f"#enum({', '.join(map(quoted, block.items))})"
        case blocks.Box():
            said = "".join(f"#par({quoted(f'{n.level}. {n.text} {n.review}')})" for n in block.notes)
            return f"#box-of[{head}{said or f'#par({quoted(block.empty)})'}]"
        case _:
            return "\n".join(f"#par({quoted(' '.join(line))})" for line in block.lines)


# --- reportlab -------------------------------------------------------------------------------------------------

FRAME = TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.4, "#b5bec6"), ("VALIGN", (0, 0), (-1, -1), "TOP")])


class Numbered(Canvas):
    """The number of all pages is known at the end: each is kept until then, as its handbook does it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept: list[dict[str, Any]] = []

    def showPage(self) -> None:
        self.kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for page in self.kept:
            self.__dict__.update(page)
            self.setFont("Desk", 7.5)
            for height in (A4[1] - 15 * mm, 12 * mm):
                self.drawCentredString(A4[0] / 2, height, "OFFICIAL-SENSITIVE")
            self.drawString(18 * mm, A4[1] - 15 * mm, self._doc.info.title)
            self.drawRightString(A4[0] - 18 * mm, 12 * mm, f"Page {self._pageNumber} of {len(self.kept)}")
            super().showPage()
        super().save()


def reportlab_program() -> Program:
    pdfmetrics.registerFont(TTFont("Desk", FONTS / "DejaVuSans.ttf"))
    pdfmetrics.registerFont(TTFont("Desk-Bold", FONTS / "DejaVuSans-Bold.ttf"))
    body = ParagraphStyle("body", fontName="Desk", fontSize=9.5, leading=13.5, spaceAfter=2 * mm)
    heads = [
        ParagraphStyle(
            f"h{size}", fontName="Desk-Bold", fontSize=size, leading=size * 1.25, spaceBefore=before * mm,
            spaceAfter=after * mm, keepWithNext=True,
        )
        for size, before, after in ((19, 0, 2), (12.5, 8, 2.5), (10, 4, 1.5))
    ]  # fmt: skip

    def said(text: str) -> Paragraph:
        return Paragraph(escape(text).replace("\n", "<br/>"), body)

    def flowing(block: Any) -> Iterator[Any]:
        if title := getattr(block, "title", ""):
            yield Paragraph(escape(title), heads[2])
        width = A4[0] - 36 * mm
        match block:
            case blocks.Pairs():
                rows = [[said(cell) for cell in row] for row in block.rows]
                yield Table(rows, colWidths=[width * 0.32, width * 0.68], style=FRAME)
            case blocks.Table():
                rows = [[said(cell) for cell in row] for row in [block.head, *block.rows]]
                yield Table(
                    rows, colWidths=[width / len(block.head)] * len(block.head), style=FRAME, repeatRows=1
                )
            case blocks.Prose():
                yield said(block.text)
            case blocks.Items():
                yield from (said(f"{n}. {item}") for n, item in enumerate(block.items, start=1))
            case blocks.Box():
                notes = [said(f"{n.level}. {n.text} {n.review}") for n in block.notes] or [said(block.empty)]
                yield Table([[note] for note in notes], colWidths=[width], style=FRAME)
            case _:
                yield from (said(" ".join(line)) for line in block.lines)
        yield Spacer(0, 6)

    def print_(paper: Paper) -> bytes:
        made = io.BytesIO()
        story = [Paragraph(escape(paper.title), heads[0]), *flowing(paper.front)]
        for section in paper.sections:
            story.append(Paragraph(escape(section.title), heads[1]))
            story += [piece for block in section.blocks for piece in flowing(block)]
        margins = {
            "leftMargin": 18 * mm,
            "rightMargin": 18 * mm,
            "topMargin": 22 * mm,
            "bottomMargin": 22 * mm,
        }
        SimpleDocTemplate(made, pagesize=A4, title=f"{paper.title} {paper.reference}", **margins).build(
            story, canvasmaker=Numbered
        )
        return made.getvalue()

    return print_


# --- Chromium --------------------------------------------------------------------------------------------------


@contextmanager
def chromium_programs(
    html: Callable[[Paper], str], stylesheet: str
) -> Iterator[tuple[dict[str, Program], Callable[[], float]]]:
    """Our own HTML and stylesheet in a warm browser; and what its processes have used, in seconds.

    In a page of its own for each paper, as whoever keeps families apart has to do it, and in one that stays open.
    """
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

    def printed_in(page: Page, paper: Paper) -> bytes:
        page.set_content(html(paper).replace("</head>", f"<style>{stylesheet}</style></head>"))
        return page.pdf(tagged=True, outline=True, prefer_css_page_size=True)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=arguments)
        open_page = browser.new_page()

        def apart(paper: Paper) -> bytes:
            with browser.new_context() as context:
                return printed_in(context.new_page(), paper)

        def used() -> float:
            # The browser and its renderers; the driver that speaks to them is not counted.
            return sum(cpu_of(pid) for pid in children_of(os.getpid()) if "chrom" in name_of(pid))

        yield {"chromium": apart, "same page again": lambda paper: printed_in(open_page, paper)}, used
        browser.close()


TICKS = os.sysconf("SC_CLK_TCK")


def stat_of(pid: int) -> list[str]:
    """The columns after its name; none when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def name_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def cpu_of(pid: int) -> float:
    """What it and its ended children have used, in seconds."""
    columns = stat_of(pid)
    return sum(map(int, columns[11:15])) / TICKS if columns else 0.0


def children_of(pid: int) -> list[int]:
    """And theirs, all the way down."""
    parents = {
        int(entry.name): stat_of(int(entry.name)) for entry in Path("/proc").iterdir() if entry.name.isdigit()
    }
    found, fresh = [], [pid]
    while fresh:
        fresh = [child for child, columns in parents.items() if columns and int(columns[1]) in fresh]
        found += fresh
    return found
