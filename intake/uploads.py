"""What a file really is: its content beside its name, and what it would become when opened. Nothing is unpacked."""

import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import PurePosixPath
from typing import BinaryIO, NamedTuple

import filetype
import pikepdf
from pikepdf.settings import set_qpdf_limits
from PIL import Image

from intake.checks import Fault

LARGEST = 20 * 1024 * 1024
MOST = 50
LARGEST_TOGETHER = 500 * 1024 * 1024
# Practice Direction 27A, paragraph 5.1.
LONGEST_BUNDLE = 350

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX, XLSX = f"{OFFICE}.wordprocessingml.document", f"{OFFICE}.spreadsheetml.sheet"
# The extension, and what the content must show.
TAKEN = {"pdf": PDF, "docx": DOCX, "xlsx": XLSX, "jpg": JPEG, "jpeg": JPEG, "png": PNG}
EXTENSIONS = {PDF: "pdf", DOCX: "docx", XLSX: "xlsx", JPEG: "jpg", PNG: "png"}
KINDS = "PDF, Word (.docx), Excel (.xlsx), JPEG or PNG"

MOST_PIXELS = 50_000_000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 100
# Of the list of contents of a .docx, some three thousand parts; and of a part that names others.
LARGEST_CONTENTS = 256 * 1024
LARGEST_NAMING = 4 * 1024 * 1024
MAIN_PART = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
# What of a file elsewhere would be fetched as soon as this one is opened; a link is not.
FETCHED = (b"attachedTemplate", b"oleObject", b"/frame", b"subDocument")

# A few kilobytes may say that they become gigabytes. The limits hold for the whole process.
set_qpdf_limits(
    flate_max_memory=16 * 1024 * 1024,
    run_length_max_memory=16 * 1024 * 1024,
    png_max_memory=16 * 1024 * 1024,
    tiff_max_memory=16 * 1024 * 1024,
    max_stream_filters=3,
)


class Found(NamedTuple):
    """What a file is: its media type, and the pages of a PDF."""

    kind: str
    pages: int | None = None


class Odd(Exception):
    """The file is refused: a code and a sentence, without what it is called or holds."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


NOT_AS_NAMED = ("type", f"Send a {KINDS} file whose name says what it is.")
DAMAGED = ("damaged", "This file cannot be opened. Open it yourself, save it anew, and send that.")
TWO_IN_ONE = ("type", "This file is two kinds of file at once. Save it anew, and send that.")
MACRO = ("macro", "This file holds a macro. Save it without, and send that.")


def inspect(file: BinaryIO, name: str, size: int) -> Found:
    """What a file is, or Odd with the reason why it is refused. `size` in bytes."""
    if not size:
        raise Odd("empty", "The file is empty.")
    if size > LARGEST:
        raise Odd("too_large", f"The file is larger than {LARGEST // 1024 // 1024} MB.")
    wanted = TAKEN.get(extension_of(name))
    file.seek(0)
    if wanted is None or not shows(file.read(262), wanted):
        raise Odd(*NOT_AS_NAMED)
    found = LOOKS[wanted](file, size)
    file.seek(0)
    if found.kind != wanted:
        raise Odd(*NOT_AS_NAMED)
    return found


def fault(odd: Odd) -> Fault:
    return Fault("/file", odd.code, str(odd))


def extension_of(name: str) -> str:
    """What stands after the last dot, whatever dots and blanks come after it in other systems."""
    plain = PurePosixPath(name.replace("\\", "/")).name
    return plain.rpartition(".")[2].lower() if "." in plain.lstrip(".") else ""


def shows(head: bytes, wanted: str) -> bool:
    """Whether the first bytes are of that kind: from the very first, with nothing before them."""
    if wanted in (DOCX, XLSX):
        # Which of the two, and whether any, is said by its parts, in whatever order they come.
        return head.startswith(b"PK\x03\x04")
    return filetype.guess_mime(head) == wanted and (wanted != PDF or head.startswith(b"%PDF-"))


def parsed(look: Callable[[BinaryIO, int], Found]) -> Callable[[BinaryIO, int], Found]:
    """Parsers of foreign bytes raise whatever they like: to us all of it means that the file is damaged."""

    def careful(file: BinaryIO, size: int) -> Found:
        file.seek(0)
        try:
            return look(file, size)
        except Odd:
            raise
        except Exception:
            raise Odd(*DAMAGED) from None

    return careful


@parsed
def look_at_pdf(file: BinaryIO, size: int) -> Found:
    """Pages as the document itself counts them: no page is read."""
    refuse_an_archive_inside(file)
    file.seek(max(0, size - 1024))
    if b"%%EOF" not in file.read():
        raise Odd(*DAMAGED)
    file.seek(0)
    try:
        with pikepdf.open(file) as document:
            pages = int(document.Root.Pages.Count)
    except pikepdf.PasswordError:
        raise Odd("password", "This PDF asks for a password. Send it without one.") from None
    if not 0 < pages < 100_000:
        raise Odd(*DAMAGED)
    return Found(PDF, pages)


@parsed
def look_at_image(file: BinaryIO, size: int) -> Found:
    """Its size as its header says; nothing is decoded."""
    refuse_an_archive_inside(file)
    file.seek(0)
    try:
        with Image.open(file, formats=("JPEG", "PNG")) as image:
            kind, (width, height) = JPEG if image.format == "JPEG" else PNG, image.size
    except Image.DecompressionBombError:
        width, height, kind = MOST_PIXELS, MOST_PIXELS, PNG
    if width * height > MOST_PIXELS:
        raise Odd("too_large", f"The picture has more than {MOST_PIXELS // 1_000_000} million pixels.")
    if kind == PNG:
        file.seek(max(0, size - 12))
        if file.read() != b"\0\0\0\0IEND\xaeB`\x82":
            raise Odd(*TWO_IN_ONE)
    return Found(kind)


@parsed
def look_at_office(file: BinaryIO, size: int) -> Found:
    """The list of its parts, and the first bytes of each; no XML is parsed."""
    refuse_long_contents(file, size)
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        refuse_a_bomb(parts, size)
        for part in parts:
            refuse_part(archive, part)
        kind = next((MAIN_PART[part.filename] for part in parts if part.filename in MAIN_PART), "")
        if "[Content_Types].xml" not in archive.NameToInfo:
            raise Odd(*NOT_AS_NAMED)
    return Found(kind)


def refuse_long_contents(file: BinaryIO, size: int) -> None:
    """Before the list of contents is read: how long it says it is, in a record that ends the file."""
    file.seek(max(0, size - 22 - 20))
    tail = file.read()
    end = tail[-22:]
    if not end.startswith(b"PK\x05\x06") or b"PK\x06\x07" in tail[:-22]:
        raise Odd(*TWO_IN_ONE)
    length, start = struct.unpack("<LL", end[12:20])
    if length > LARGEST_CONTENTS:
        raise Odd("bomb", "This file has far more parts than a document has.")
    if start + length != size - 22:
        raise Odd(*TWO_IN_ONE)


def refuse_a_bomb(parts: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    # A part that is small unpacked may repeat itself; parts may not share their bytes.
    steep = any(
        part.file_size > MOST_RATIO * max(part.compress_size, 1) and part.file_size > 1024 * 1024
        for part in parts
    )
    if unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * size or packed > size or steep:
        raise Odd("bomb", "This file would become far larger than it is when it is opened.")


def refuse_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    name = part.filename
    if name.startswith(("/", "\\")) or "\\" in name or ":" in name or ".." in PurePosixPath(name).parts:
        raise Odd("outside", "This file holds a part that points outside of it.")
    if part.flag_bits & 1:
        raise Odd("password", "This file asks for a password. Send it without one.")
    if name.lower().endswith(("vbaproject.bin", "vbadata.xml")):
        raise Odd(*MACRO)
    with archive.open(part) as opened:
        if opened.read(4) == b"PK\x03\x04":
            raise Odd("nested", "This file holds another archive. Send what is in it by itself.")
    if name == "[Content_Types].xml" or name.endswith(".rels"):
        refuse_what_it_names(archive, part)


def refuse_what_it_names(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Looked at as bytes; one that hides its letters in another encoding is refused."""
    with archive.open(part) as opened:
        text = opened.read(LARGEST_NAMING + 1)
    if len(text) > LARGEST_NAMING:
        raise Odd("bomb", "This file has far more parts than a document has.")
    if b"\0" in text or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise Odd(*DAMAGED)
    if b"macroEnabled" in text or b"vbaProject" in text:
        raise Odd(*MACRO)
    external = (row for row in text.split(b"<Relationship") if b"External" in row)
    if any(word in row for row in external for word in FETCHED):
        raise Odd("outside", "This file fetches something else when it is opened. Send it without that.")


def refuse_an_archive_inside(file: BinaryIO) -> None:
    """A zip is read from its end, a PDF or a picture from its beginning: a file may be both."""
    file.seek(0)
    with suppress(OSError):
        if zipfile.is_zipfile(file):
            raise Odd(*TWO_IN_ONE)


LOOKS = {
    PDF: look_at_pdf,
    JPEG: look_at_image,
    PNG: look_at_image,
    DOCX: look_at_office,
    XLSX: look_at_office,
}
