"""What is printed and kept, and the work on it."""

from reports.models.agreed import Agreed
from reports.models.basket import BasketRow
from reports.models.document import Document, DocumentQuerySet
from reports.models.export import Export, ExportFetch, ExportRow, ReleasedNumber
from reports.models.figure import DailySum, Fact, FactQuerySet, Uncounted
from reports.models.pack import Pack, PackLetter, PackQuerySet
from reports.models.print_run import PrintRow, PrintRowQuerySet, PrintRun
from reports.models.round import Round
from reports.models.wording import Wording, WordingQuerySet

__all__ = [
    "Agreed",
    "BasketRow",
    "DailySum",
    "Document",
    "DocumentQuerySet",
    "Export",
    "ExportFetch",
    "ExportRow",
    "Fact",
    "FactQuerySet",
    "Pack",
    "PackLetter",
    "PackQuerySet",
    "PrintRow",
    "PrintRowQuerySet",
    "PrintRun",
    "ReleasedNumber",
    "Round",
    "Uncounted",
    "Wording",
    "WordingQuerySet",
]
