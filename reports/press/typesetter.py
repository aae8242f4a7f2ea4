"""HTML into PDF: tagged (PDF/UA-1), repeatable, fetching nothing.

One stylesheet and one set of fonts for as long as the press lives: reading them anew costs more than a letter.
"""

import logging
import re
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from reports.press import tagging

FONT_KINDS = (".ttf", ".otf", ".ttc")
# Laying out one word takes the square of its length: a place to break it every forty characters.
ENDLESS_WORD = re.compile(r"(?:&#?\w+;|[^\s<>&]){40}(?=[^\s<>])")
WHITESPACE = frozenset({0x09, 0x0A, 0x20})
# Characters that would not show, or would turn the text around them about.
SPELLED_OUT = {
    code: f"[U+{code:04X}]"
    for code in (
        *range(0x00, 0x09),
        0x0B,
        *range(0x0E, 0x20),
        *range(0x7F, 0xA0),
        *range(0x2028, 0x202F),
        *range(0x2066, 0x2070),
        0xFEFF,
        *range(0xFFF9, 0xFFFC),
        0xFFFE,
        0xFFFF,
    )
} | {0x0C: " ", 0x0D: ""}
# Every kind of thing that our templates draw, so that the first document finds all loaded.
FIRST_SHEET = """<html lang="en-GB"><head><title>First</title></head><body><h1>One</h1><h2>Two</h2><h3>Three</h3>
<p class="said">Words <strong>in bold</strong> <a href="#here">and a link</a></p><ul><li>One</li></ul>
<ol><li id="here">One</li></ol><table><caption>Table</caption><thead><tr><th scope="col">Head</th></tr></thead>
<tbody><tr><td>Cell</td></tr></tbody></table><div class="box high"><h3>Box</h3></div>
<svg width="10" height="10" viewBox="0 0 10 10"><rect width="5" height="5"/><text x="1" y="9">1</text></svg>
</body></html>"""


class Lacking(Exception):
    """What this installation has not got, in a word."""


def load() -> Any:
    """WeasyPrint, with what it leans on. Only here: without Pango the import fails, and the press says so."""
    try:
        import weasyprint  # noqa: PLC0415
    except (OSError, ImportError) as missing:
        raise Lacking("Pango") from missing
    return weasyprint


class Typesetter:
    """What is made once for each press: the modules, the stylesheet, the fonts, the locked fetcher."""

    def __init__(self, stylesheet: str) -> None:
        weasyprint = load()
        self.complaints = Complaints()
        served: dict[str, frozenset[int]] = {}
        self.html = weasyprint.HTML
        self.fonts = weasyprint.text.fonts.FontConfiguration()
        self.stylesheet = weasyprint.CSS(
            string=stylesheet, font_config=self.fonts, url_fetcher=font_fetcher(weasyprint, served)
        )
        if not served:
            raise Lacking("font")
        self.fetcher = weasyprint.urls.URLFetcher(allowed_protocols=("data",), allow_redirects=False)
        self.glyphs = frozenset.intersection(*served.values())
        self.set(FIRST_SHEET)

    def set(self, html: str) -> bytes:
        """Equal input gives equal bytes, from whichever press."""
        html = printable(html, self.glyphs)
        document = self.html(string=html, base_url=None, url_fetcher=self.fetcher)
        pdf: bytes = document.write_pdf(
            stylesheets=[self.stylesheet],
            font_config=self.fonts,
            pdf_variant="pdf/ua-1",
            # No identifier: for its half, every object would be written a second time, only to be hashed.
            custom_metadata=False,
            finisher=tagging.finish,
        )
        return pdf


def printable(html: str, glyphs: frozenset[int]) -> str:
    """Characters that hide, turn the text about, or that the font has not got, are spelled out, not lost."""
    unknown = {ord(character) for character in set(html)} - glyphs - WHITESPACE
    html = html.translate({code: f"[U+{code:04X}]" for code in unknown} | SPELLED_OUT)
    return ENDLESS_WORD.sub("\\g<0>\u200b", html)


class Complaints(logging.Handler):
    """What WeasyPrint warns of, to be logged by whoever asked for the document: a press writes no log."""

    MOST = 20

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []
        logger = logging.getLogger("weasyprint")
        logger.propagate = False
        logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        if len(self.heard) < self.MOST:
            self.heard.append(record.getMessage())

    def told(self) -> list[str]:
        told, self.heard = self.heard, []
        return told


def font_fetcher(weasyprint: Any, served: dict[str, frozenset[int]]) -> Any:
    """For our own stylesheet only: font files of this machine, nothing else; notes which characters they have."""

    class FontFetcher(weasyprint.urls.URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if not url.startswith("file:///") or not url.lower().endswith(FONT_KINDS):
                raise ValueError("The stylesheet may read fonts only.")
            served[url] = characters_of(url)
            return super().fetch(url, headers)

    return FontFetcher(allowed_protocols=("file",), allow_redirects=False)


def characters_of(url: str) -> frozenset[int]:
    """The code points a font file has a shape for."""
    # A part of WeasyPrint's own needs, imported with it.
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # noqa: PLC0415

    with TTFont(url2pathname(urlsplit(url).path), fontNumber=0, lazy=True) as font:
        return frozenset(font.getBestCmap())
