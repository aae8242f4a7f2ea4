"""HTML into PDF: tagged (PDF/UA-1), repeatable, fetching nothing, bounded, one at a time in a process.

WeasyPrint is imported when the first document is made, so that a machine without Pango runs everything else.
"""

import atexit
import gc
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import get_template, render_to_string

from intake.checks import Fault
from intake.refusals import Invalid, Unavailable
from reports import tagging
from reports.models import Document

# About seven seconds of work; a usual summary has 40,000.
MOST_CHARACTERS = 500_000
SECONDS_TO_WAIT = 40
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
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        0xFEFF,
        *range(0xFFF9, 0xFFFC),
        0xFFFE,
        0xFFFF,
    )
} | {0x0C: " ", 0x0D: ""}

_turn = Lock()


@dataclass(frozen=True)
class Press:
    """What is made once for each process: the modules, the stylesheet, the fonts, the locked fetcher."""

    html: Any
    stylesheet: Any
    fonts: Any
    fetcher: Any
    glyphs: frozenset[int]


def render(template: str, context: dict[str, Any], *, made_at: datetime) -> bytes:
    """A template as a PDF; equal input gives equal bytes. Refuses when Pango or the font is not there."""
    moment = f"{made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    html = str(render_to_string(template, {**context, "made_at": moment}))
    if len(html) > MOST_CHARACTERS:
        raise Invalid([Fault("", "too_large", "There is too much text in this for one document.")])
    with alone():
        html = printable(html, press().glyphs)
        return printed(html, hashlib.sha256(f"{moment}\n{html}".encode()).digest()[:16])


def printable(html: str, glyphs: frozenset[int]) -> str:
    """Characters that hide, turn the text about, or that the font has not got, are spelled out, not lost."""
    unknown = {ord(character) for character in set(html)} - glyphs - WHITESPACE
    html = html.translate({code: f"[U+{code:04X}]" for code in unknown} | SPELLED_OUT)
    return ENDLESS_WORD.sub("\\g<0>\u200b", html)


def printed(html: str, identifier: bytes) -> bytes:
    ready = press()
    document = ready.html(string=html, base_url=None, url_fetcher=ready.fetcher)
    pdf: bytes = document.write_pdf(
        stylesheets=[ready.stylesheet],
        font_config=ready.fonts,
        pdf_variant="pdf/ua-1",
        pdf_identifier=identifier,
        custom_metadata=False,
        finisher=tagging.finish,
    )
    return pdf


@contextmanager
def alone() -> Iterator[None]:
    """One document at a time: WeasyPrint is not made for threads, and memory stays flat."""
    if not _turn.acquire(timeout=SECONDS_TO_WAIT):
        raise Unavailable("Many documents are being made just now. Try again in a minute.")
    collecting = gc.isenabled()
    # The collector walks the whole layout again and again, and finds nothing until it is done.
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
        _turn.release()


@cache
def press() -> Press:
    """Set up at the first document. An installation without Pango is asked again at the next one."""
    try:
        # Only here: without Pango this import fails, and everything else is to work.
        import weasyprint  # noqa: PLC0415
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
    except (OSError, ImportError) as missing:
        raise Unavailable("PDFs cannot be made on this installation: Pango is not installed.") from missing
    fonts = FontConfiguration()
    served: dict[str, frozenset[int]] = {}
    stylesheet = weasyprint.CSS(
        string=stylesheet_text(), font_config=fonts, url_fetcher=font_fetcher(weasyprint, served)
    )
    if not served:
        raise Unavailable("PDFs cannot be made on this installation: the font DejaVu Sans is not installed.")
    locked = weasyprint.urls.URLFetcher(allowed_protocols=("data",), allow_redirects=False)
    glyphs = frozenset.intersection(*served.values())
    return Press(weasyprint.HTML, stylesheet, fonts, locked, glyphs)


# Given back while the interpreter is still whole: WeasyPrint's own clean-up fails after that.
atexit.register(press.cache_clear)


def stylesheet_text() -> str:
    """The print stylesheet, with the marking for the margins of every page."""
    marking = settings.MARKING.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    path = Path(get_template("reports/print.css").origin.name)  # type: ignore[attr-defined]
    return path.read_text(encoding="utf-8").replace("MARKING", marking)


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


def download(document: Document) -> HttpResponse:
    """The bytes as they were issued, to be saved under a name without a person in it."""
    return saved(bytes(document.pdf), document.filename)


def saved(content: bytes, filename: str) -> HttpResponse:
    """A PDF that the browser saves and nobody keeps."""
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{filename}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )
