"""The number that a page has in a file of many papers, put at its foot as no part of any paper."""

import io
import re
from typing import Any

import pikepdf
from django.utils.translation import gettext
from pikepdf import Pdf

SIZE, RIGHT, UP = 7.5, 51.0, 27.0
MAPPED = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]{4})>", re.IGNORECASE)


def words(page: int | str, pages: int | str) -> str:
    """In the language in which we speak."""
    return gettext("File page {page} of {pages}").format(page=page, pages=pages)


def signs() -> str:
    """What a page must have written with the font that we take from it."""
    return words("0123456789", "")


class Numbers:
    """Writes with the font of a page of ours that has all the signs: nothing is laid out, and one font is embedded."""

    def __init__(self, whole: Pdf, page_of_signs: bytes) -> None:
        self.whole = whole
        with pikepdf.open(io.BytesIO(page_of_signs)) as written:
            font, self.glyphs = next(found for found in fonts(written) if set(signs()) <= set(found[1]))
            self.widths = widths(font)
            self.font = whole.copy_foreign(font)

    def on_every_page(self) -> None:
        total = len(self.whole.pages)
        for number, page in enumerate(self.whole.pages, start=1):
            page.obj.Resources.Font.FileNumber = self.font
            # What a page leaves behind of its own measure is undone before ours is used.
            page.contents_add(b"q\n", prepend=True)
            page.contents_add(self.drawn(words(number, total), float(page.mediabox[2])))

    def drawn(self, text: str, page_width: float) -> bytes:
        codes = [self.glyphs[sign] for sign in text]
        left = page_width - RIGHT - sum(self.widths[code] for code in codes) * SIZE / 1000
        shown = "".join(f"{code:04x}" for code in codes)
        return (
            "\nQ\n/Artifact <</Type /Pagination>> BDC\nq 0.2 g BT\n"
            f"/FileNumber {SIZE} Tf {left:.2f} {UP} Td <{shown}> Tj\nET Q\nEMC\n"
        ).encode()


def fonts(written: Pdf) -> Any:
    """Each font of the first page, with the glyph for each sign."""
    for font in written.pages[0].obj.Resources.Font.as_dict().values():
        pairs = MAPPED.findall(font.ToUnicode.read_bytes())
        yield font, {chr(int(sign, 16)): int(glyph, 16) for glyph, sign in pairs}


def widths(font: Any) -> dict[int, float]:
    """In thousandths of the size: a first glyph, and the widths from there on."""
    found: dict[int, float] = {}
    row = list(font.DescendantFonts[0].W)
    for first, some in zip(row[::2], row[1::2], strict=True):
        found |= {int(first) + place: float(width) for place, width in enumerate(some)}
    return found
