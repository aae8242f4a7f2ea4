"""The few shapes a document is made of; each names the template that prints it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext

from intake.models import book
from reports.languages import known


@dataclass(frozen=True)
class Pairs:
    """Questions and answers, one beneath the other."""

    rows: list[tuple[str, str]]
    title: str = ""
    template: ClassVar[str] = "reports/blocks/pairs.html"


@dataclass(frozen=True)
class Table:
    """`listed`: of many columns, in smaller letters."""

    head: list[str]
    rows: list[list[str]]
    listed: bool = False
    template: ClassVar[str] = "reports/blocks/table.html"


@dataclass(frozen=True)
class Prose:
    """What somebody wrote, as they wrote it; `ours`: what we say ourselves."""

    text: str
    title: str = ""
    ours: bool = False
    template: ClassVar[str] = "reports/blocks/prose.html"


@dataclass(frozen=True)
class Items:
    """Numbered, because people refer to them by number."""

    items: list[str]
    title: str = ""
    template: ClassVar[str] = "reports/blocks/items.html"


@dataclass(frozen=True)
class Note:
    """One risk: how high, what it is, when it is looked at again."""

    level: str
    text: str
    review: str


@dataclass(frozen=True)
class Box:
    """A frame that is always there, also when there is nothing to say in it."""

    title: str
    grade: str
    notes: list[Note]
    empty: str
    template: ClassVar[str] = "reports/blocks/box.html"


@dataclass(frozen=True)
class Timeline:
    """Paragraphs and no table: a long one would cost most of the printing."""

    lines: list[tuple[str, str, str]]
    template: ClassVar[str] = "reports/blocks/timeline.html"


@dataclass(frozen=True)
class Section:
    """`name` is its title in English. The catalogue takes it from where a section is made."""

    name: str
    blocks: list[Any]

    @property
    def title(self) -> str:
        """In the language in which we speak when it is read."""
        return known(self.name)

    @property
    def code(self) -> str:
        """By which somebody chooses it, or leaves it out, whatever the language."""
        return slugify(self.name)


@dataclass(frozen=True)
class Paper:
    """A whole document. `left_out` is named at its end; `language` is that of what people wrote in it."""

    title: str
    reference: str
    audience: str
    language: str
    front: Pairs
    sections: list[Section]
    left_out: list[str] = field(default_factory=list)
    # Instead of what stands at the foot of a paper about a family.
    handling: list[str] = field(default_factory=list)

    def without(self, codes: Iterable[str]) -> "Paper":
        """Less some sections, which it says at its end."""
        unwanted = frozenset(codes)
        gone = [section for section in self.sections if section.code in unwanted]
        kept = [section for section in self.sections if section.code not in unwanted]
        said = [
            gettext("{section}, as whoever printed it chose").format(section=section.title)
            for section in gone
        ]
        return replace(self, sections=kept, left_out=[*self.left_out, *said])


def day(value: date | None) -> str:
    return date_format(value, "j F Y") if value else ""


def moment(value: datetime | None) -> str:
    return date_format(timezone.localtime(value), gettext(r"j F Y \a\t H:i")) if value else ""


def label(name: str, code: str | None) -> str:
    """The words for a code; nothing for no code."""
    return known(book().codes.label(name, code), name) if code else ""


def type_name(code: str) -> str:
    """What a type of assessment is called."""
    return known(book().types[code].name)


def yes_no(value: bool | None) -> str:
    return "" if value is None else gettext("Yes") if value else gettext("No")


def spoken_language(value: str | None) -> str:
    """A language that somebody named: in their words, or as the list has it."""
    return gettext("Not known") if value == "not_known" else known(value or "")


def pairs(rows: Iterable[tuple[str, Any]], title: str = "") -> Pairs:
    """The rows that have an answer."""
    return Pairs([(name, shown(value)) for name, value in rows if value not in (None, "", [], {})], title)


def shown(value: Any) -> str:
    if isinstance(value, bool):
        return yes_no(value)
    return day(value) if isinstance(value, date) else str(value)


def part(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = body.get(name) or {}
    return found
