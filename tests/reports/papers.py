"""Printing one, and reading it back as a person or a screen reader would."""

import io
from typing import Any

import pikepdf
from pypdf import PdfReader

from intake.models import Enquiry, User
from reports.actions.documents import Order, print_paper
from reports.models import Document


def print_summary(enquiry: Enquiry, audience: str, by: User) -> Document:
    order = Order(Document.Kind.SUMMARY, Document.Audience(audience))
    return print_paper(enquiry=enquiry, order=order, by=by)


def text_of(pdf: bytes) -> str:
    """Everything that is printed, in one line: a word broken over lines is whole again."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def tags_of(pdf: bytes) -> list[str]:
    """The kinds of the structure tree's elements, in order."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        found: list[str] = []
        walk(opened.Root.StructTreeRoot, found, 0)
        return found


def walk(element: Any, found: list[str], depth: int) -> None:
    if not isinstance(element, pikepdf.Dictionary) or depth > 60:
        return
    if "/S" in element:
        found.append(str(element.S))
    children = element.get("/K")
    if isinstance(children, pikepdf.Array):
        for child in children:
            walk(child, found, depth + 1)
    elif children is not None:
        walk(children, found, depth + 1)
