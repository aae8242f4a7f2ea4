"""What is printed and kept, and the work on it."""

from reports.models.document import Document, DocumentQuerySet
from reports.models.figure import DailySum, Fact, FactQuerySet, Uncounted
from reports.models.print_run import PrintRow, PrintRowQuerySet, PrintRun
from reports.models.round import Round
from reports.models.wording import Wording, WordingQuerySet

__all__ = [
    "DailySum",
    "Document",
    "DocumentQuerySet",
    "Fact",
    "FactQuerySet",
    "PrintRow",
    "PrintRowQuerySet",
    "PrintRun",
    "Round",
    "Uncounted",
    "Wording",
    "WordingQuerySet",
]
