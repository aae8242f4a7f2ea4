"""HTML into PDF: tagged (PDF/UA-1), repeatable, fetching nothing, bounded. The laying out is done by a press.

A template becomes HTML here, where the words and rights are; a process that knows neither makes the PDF of it.
"""

import atexit
import logging
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import get_template, render_to_string

from intake.checks import Fault
from intake.refusals import Invalid, Unavailable
from reports.models import Document, Pack
from reports.press.pool import Broken, Busy, Lacking, Late, Limits, Pool, TooMuch

# About seven seconds of work; a usual summary has 40,000.
MOST_CHARACTERS = 500_000
SECONDS_TO_WAIT = 40
# A machine that does other things as well gives a document a third of a processor at least.
BY_THE_CLOCK = 3
NOT_HERE = {
    "Pango": "PDFs cannot be made on this installation: Pango is not installed.",
    "font": "PDFs cannot be made on this installation: the font DejaVu Sans is not installed.",
}
TOO_MUCH = "There is too much text in this for one document."
log = logging.getLogger("referral_desk.press")
complaints_of_weasyprint = logging.getLogger("weasyprint")


def render(template: str, context: dict[str, Any], *, made_at: datetime) -> bytes:
    """A template as a PDF; equal input gives equal bytes. Refuses when Pango or the font is not there."""
    moment = f"{made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    html = str(render_to_string(template, {**context, "made_at": moment}))
    if len(html) > MOST_CHARACTERS:
        raise Invalid([Fault("", "too_large", TOO_MUCH)])
    return printed(html)


def printed(html: str) -> bytes:
    """Whole, or refused in a sentence; nothing half made is kept."""
    try:
        pdf, complaints = presses().print(html)
    except Lacking as lacking:
        raise Unavailable(NOT_HERE[str(lacking)]) from lacking
    except Busy as busy:
        raise Unavailable("Many documents are being made just now. Try again in a minute.") from busy
    except Late as late:
        log.warning("A document was not done within the time by the clock that it may have.")
        raise Unavailable("This document takes too long just now. Try again in a few minutes.") from late
    except TooMuch as much:
        log.warning("A document took more %s than it may have.", much)
        raise Invalid([Fault("", "too_large", TOO_MUCH)]) from much
    except Broken as broken:
        log.error("A document could not be made: %s at %s.", *broken.args)
        raise Unavailable("This document could not be made. Its fault is noted; try again later.") from broken
    for complaint in complaints:
        complaints_of_weasyprint.warning("%s", complaint)
    return pdf


@cache
def presses() -> Pool:
    """Of this process; the first document starts the first of them."""
    limits = Limits(
        seconds=settings.PDF_SECONDS,
        patience=settings.PDF_SECONDS * BY_THE_CLOCK,
        memory=settings.PDF_MEMORY,
        documents=settings.PDF_DOCUMENTS,
    )
    folder = settings.VAR_DIR / "press"
    return Pool(stylesheet_text(), folder, limits, presses=settings.PDF_PROCESSES, wait=SECONDS_TO_WAIT)


def end_presses() -> None:
    """Those of this process; the next document starts others, with the settings as they are then."""
    if presses.cache_info().currsize:
        presses().close()
        presses.cache_clear()


atexit.register(end_presses)


def stylesheet_text() -> str:
    """The print stylesheet, with the marking for the margins of every page."""
    marking = settings.MARKING.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    path = Path(get_template("reports/print.css").origin.name)  # type: ignore[attr-defined]
    return path.read_text(encoding="utf-8").replace("MARKING", marking)


def download(document: Document | Pack) -> HttpResponse:
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
