"""Some eighty files made on the spot: what is taken, and what tries to be more than it says."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pikepdf
from PIL import Image

from tests.factories import PDF

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
RELS = b'<?xml version="1.0"?><Relationships>%s</Relationships>'
WORD, SHEET = "word/document.xml", "xl/workbook.xml"


class Sent(NamedTuple):
    """A file as somebody sends it, and the code of the fault it is refused with; none when it is taken."""

    what: str
    name: str
    content: bytes
    code: str = ""


def pdf_of(pages: int) -> bytes:
    """Empty pages; the table of places is left to the reader."""
    kids = b" ".join(b"%d 0 R" % (3 + n) for n in range(pages))
    body = b"".join(
        b"%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n" % (3 + n) for n in range(pages)
    )
    tree = b"2 0 obj<</Type/Pages/Kids[%s]/Count %d>>endobj\n" % (kids, pages)
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        + tree
        + body
        + b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
    )


def pdf_bomb(unpacked: int, times: int = 1) -> bytes:
    """Its catalogue lies in a stream that unpacks to far more than the file."""
    content = b"1 0 2 40 " + b"<</Type/Catalog/Pages 2 0 R>>".ljust(40) + b"<</Type/Pages/Kids[]/Count 1>>"
    packed = content + b" " * unpacked
    for _ in range(times):
        packed = zlib.compress(packed, 9)
    filters = b"/FlateDecode " * times
    head = b"%PDF-1.7\n"
    first = b"5 0 obj<</Type/ObjStm/N 2/First 9/Filter[%s]/Length %d>>stream\n%s\nendstream endobj\n" % (
        filters,
        len(packed),
        packed,
    )
    places = [(0, 0, 65535), (2, 5, 0), (2, 5, 1), (0, 0, 0), (0, 0, 0), (1, len(head), 0)]
    table = b"".join(struct.pack(">BIH", *place) for place in [*places, (1, len(head + first), 0)])
    last = b"6 0 obj<</Type/XRef/Size 7/W[1 4 2]/Root 1 0 R/Length %d>>stream\n%s\nendstream endobj\n" % (
        len(table),
        table,
    )
    return head + first + last + b"startxref\n%d\n%%%%EOF\n" % len(head + first)


def locked_pdf(password: str) -> bytes:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(PDF)) as document:
        document.save(made, encryption=pikepdf.Encryption(owner="owner", user=password))
    return made.getvalue()


def picture(kind: str, size: tuple[int, int] = (8, 8)) -> bytes:
    made = io.BytesIO()
    Image.new("1" if kind == "PNG" else "L", size).save(made, kind)
    return made.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def huge_png(side: int) -> bytes:
    """The header of a picture of side by side pixels, and next to nothing behind it."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def huge_jpeg(side: int) -> bytes:
    """A small picture whose header says that it is not."""
    made = bytearray(picture("JPEG"))
    place = made.index(b"\xff\xc0") + 5
    made[place : place + 4] = struct.pack(">HH", side, side)
    return bytes(made)


def archive(*parts: tuple[str, bytes], packed: bool = True) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as file:
        for name, content in parts:
            file.writestr(zipfile.ZipInfo(name) if "\\" in name else name, content)
    return made.getvalue()


def office(main: str = WORD, *more: tuple[str, bytes], types: bytes = TYPES) -> bytes:
    return archive(("[Content_Types].xml", types), (main, b"<document/>"), *more)


def with_flag(content: bytes) -> bytes:
    """Each part says that it is encrypted."""
    made = bytearray(content)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = made.find(mark)
        while start >= 0:
            made[start + place] |= 1
            start = made.find(mark, start + 4)
    return bytes(made)


def overlapping() -> bytes:
    """Many names for the same bytes: the list of contents repeats one part."""
    content = archive(("[Content_Types].xml", TYPES), (WORD, bytes(900_000)), packed=True)
    start = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    rows = content[start:end]
    row = rows[rows.index(b"PK\x01\x02", 4) :]
    again = rows + row * 300
    count = 2 + 300
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(again), start, 0)
    return content[:start] + again + tail


def relation(kind: str, target: str = "https://example.org/x") -> bytes:
    row = f'<Relationship Type="http://x/{kind}" Target="{target}" TargetMode="External"/>'
    return RELS % row.encode()


def taken() -> Iterator[Sent]:
    """What is in the policy."""
    yield Sent("a PDF", "order.pdf", PDF)
    yield Sent("a PDF in capitals", "ORDER.PDF", PDF)
    yield Sent("a PDF of 351 pages", "bundle.pdf", pdf_of(351))
    yield Sent("a PDF that only its owner may change", "order.pdf", locked_pdf(""))
    yield Sent("a PNG", "scan.png", picture("PNG"))
    yield Sent("a JPEG", "photo.jpg", picture("JPEG"))
    yield Sent("a JPEG spelt out", "photo.jpeg", picture("JPEG"))
    yield Sent("a large picture", "photo.png", picture("PNG", (7_000, 7_000)))
    yield Sent("a Word file", "letter.docx", office())
    yield Sent(
        "a Word file with a link",
        "letter.docx",
        office(WORD, ("word/_rels/document.xml.rels", relation("hyperlink"))),
    )
    yield Sent("an Excel file", "chronology.xlsx", office(SHEET))
    yield Sent("a path", "../../../etc/order.pdf", PDF)
    yield Sent("a path of another system", "C:\\Users\\x\\order.pdf", PDF)
    yield Sent("a name that turns around", "order\u202efdp.pdf", PDF)
    yield Sent("a control character", "or\x07der\x1b[2J.pdf", PDF)
    yield Sent("255 bytes", "o" * 251 + ".pdf", PDF)
    yield Sent("a name with markup", "<script>alert(1)</script>.pdf", PDF)
    yield Sent("an emoji", "\N{BABY}.pdf", PDF)


def mismatched() -> Iterator[Sent]:
    """Every extension with every other content, and what is in no list."""
    contents = {
        "pdf": PDF, "png": picture("PNG"), "jpg": picture("JPEG"), "docx": office(), "xlsx": office(SHEET),
    }  # fmt: skip
    for extension in contents:
        for kind, content in contents.items():
            if kind != extension:
                yield Sent(f"{kind} as {extension}", f"file.{extension}", content, "type")
    foreign = {
        "html": b"<!DOCTYPE html><script>alert(1)</script>",
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "gif": b"GIF89a/*\x01\0*/=1;alert(1)",
        "exe": b"MZ" + bytes(200),
        "zip": archive(("x", b"x")),
        "eml": b"From: a@example.org\r\n\r\nx",
        "docm": office(WORD, ("word/vbaProject.bin", b"x")),
        "js": b"alert(1)",
        "txt": EICAR,
    }
    for extension, content in foreign.items():
        yield Sent(f"{extension} as itself", f"file.{extension}", content, "type")
        yield Sent(f"{extension} as PDF", "file.pdf", content, "type")
    for name in (
        "order.pdf.exe",
        "order.exe .pdf.",
        "order",
        ".pdf",
        "order.pdf.",
        "order.pdf ",
        "pdf",
    ):
        yield Sent(f"named {name!r}", name, PDF, "type")


def two_in_one() -> Iterator[Sent]:
    """Polyglots: one reader sees this, another that."""
    hidden = archive(("x.js", b"alert(1)"))
    yield Sent("HTML before a PDF", "a.pdf", b"<html><script>1</script>" + PDF, "type")
    yield Sent("a byte order mark before a PDF", "a.pdf", b"\xef\xbb\xbf" + PDF, "type")
    yield Sent("a zip before a PDF", "a.pdf", hidden + PDF, "type")
    yield Sent("a PDF with a zip for a tail", "a.pdf", PDF + hidden, "type")
    yield Sent("a PNG with a zip for a tail", "a.png", picture("PNG") + hidden, "type")
    yield Sent("a JPEG with a zip for a tail", "a.jpg", picture("JPEG") + hidden, "type")
    yield Sent("a PNG with HTML for a tail", "a.png", picture("PNG") + b"<script>1</script>", "type")
    yield Sent("a PDF before a Word file", "a.docx", PDF + office(), "type")
    yield Sent("a Word file with a tail", "a.docx", office() + b"MZ", "type")
    yield Sent("a Word file with a PDF for a tail", "a.docx", office() + PDF, "type")
    yield Sent("a PDF with a long tail", "a.pdf", PDF + b"<script>" + b" " * 5_000, "damaged")


def broken() -> Iterator[Sent]:
    yield Sent("nothing", "a.pdf", b"", "empty")
    yield Sent("half a PDF", "a.pdf", PDF[:40], "damaged")
    yield Sent("a PDF of nothing", "a.pdf", b"%PDF-1.7\n%%EOF", "damaged")
    yield Sent("a PDF whose pages are a loop", "a.pdf", PDF.replace(b"/Count 1", b"/Count -1"), "damaged")
    yield Sent("a PDF with a password", "a.pdf", locked_pdf("secret"), "password")
    yield Sent("half a PNG", "a.png", picture("PNG")[:30], "damaged")
    yield Sent("half a Word file", "a.docx", office()[:60], "type")
    yield Sent("a Word file with a password", "a.docx", with_flag(office()), "password")
    yield Sent("a zip without a document", "a.docx", archive(("[Content_Types].xml", TYPES)), "type")
    yield Sent("a document without its types", "a.docx", archive((WORD, b"<document/>")), "type")


def bombs() -> Iterator[Sent]:
    """Small here, large when opened."""
    many = [(f"p{n}", b"") for n in range(12_000)]
    yield Sent(
        "a Word file of one large part", "a.docx", office(WORD, ("word/x.xml", bytes(30_000_000))), "bomb"
    )
    yield Sent("the same part three hundred times", "a.docx", overlapping(), "bomb")
    yield Sent("twelve thousand parts", "a.docx", office(WORD, *many), "bomb")
    yield Sent("an archive in a Word file", "a.docx", office(WORD, ("word/a.docx", office())), "nested")
    yield Sent("a PDF that unpacks to 64 MB", "a.pdf", pdf_bomb(64_000_000), "damaged")
    yield Sent("a PDF packed twice", "a.pdf", pdf_bomb(64_000_000, 2), "damaged")
    yield Sent("30,000 by 30,000 pixels", "a.png", huge_png(30_000), "too_large")
    yield Sent("2,000,000 by 2,000,000 pixels", "a.png", huge_png(2_000_000), "too_large")
    yield Sent("a JPEG of 65,000 by 65,000", "a.jpg", huge_jpeg(65_000), "too_large")
    yield Sent("just over 20 MB", "a.pdf", PDF + bytes(20 * 1024 * 1024), "too_large")


def reaching_out() -> Iterator[Sent]:
    """Office files that do something when they are opened, or write elsewhere."""
    rels = "word/_rels/settings.xml.rels"
    yield Sent("a macro", "a.docx", office(WORD, ("word/vbaProject.bin", b"x")), "macro")
    yield Sent("a macro in capitals", "a.xlsx", office(SHEET, ("xl/VBAPROJECT.BIN", b"x")), "macro")
    yield Sent("types that name a macro", "a.docx", office(types=TYPES + b"<!-- macroEnabled -->"), "macro")
    yield Sent("a part above", "a.docx", office(WORD, ("../../evil", b"x")), "outside")
    yield Sent("a part at the root", "a.docx", office(WORD, ("/etc/passwd", b"x")), "outside")
    yield Sent("a part on a drive", "a.docx", office(WORD, ("C:/evil", b"x")), "outside")
    yield Sent("a part with backslashes", "a.docx", office(WORD, ("word\\..\\evil", b"x")), "outside")
    yield Sent(
        "a template elsewhere", "a.docx", office(WORD, (rels, relation("attachedTemplate"))), "outside"
    )
    yield Sent("an object elsewhere", "a.docx", office(WORD, (rels, relation("oleObject"))), "outside")
    yield Sent("entities", "a.docx", office(WORD, (rels, b"<!DOCTYPE x [<!ENTITY a 'b'>]>")), "damaged")
    hidden = relation("attachedTemplate").decode().encode("utf-16")
    yield Sent("a template in another encoding", "a.docx", office(WORD, (rels, hidden)), "damaged")


@cache
def refused() -> list[Sent]:
    return [*mismatched(), *two_in_one(), *broken(), *bombs(), *reaching_out()]
