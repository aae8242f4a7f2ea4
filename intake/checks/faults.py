"""What a fault and a missing answer are, and how the rules look into a body that may be half empty."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from intake.codes import CodeBook
from intake.requirements import Rules

# Tuples, because a union would be made anew at each of some hundred looks; dict first, as the usual one.
_OBJECTS = (dict, Mapping)
_LISTS = (list, tuple)
_NOT_PLAIN = (list, tuple, dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a body is refused: a JSON pointer (RFC 6901), a code, and a sentence without personal values.

    `gap`: nothing is said there yet; a draft may be short of it.
    """

    pointer: str
    code: str
    detail: str
    gap: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Missing:
    """What is still to come and does not stop the submission: a JSON pointer and a label without names.

    `whose`, `number` and `words` are what the label is made of, for whoever says it in another language.
    """

    pointer: str
    label: str
    words: str = ""
    whose: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """A body under check, with what the rules need: the code book, today, and the authority's nation."""

    body: Mapping[str, Any]
    book: CodeBook
    today: date
    nation: str
    kind: str
    assessments: tuple[Mapping[str, Any], ...] = field(init=False)
    children: tuple[Mapping[str, Any], ...] = field(init=False)
    adults: tuple[Mapping[str, Any], ...] = field(init=False)
    needs: Rules = field(init=False)

    def __post_init__(self) -> None:
        for name in ("assessments", "children", "adults"):
            object.__setattr__(self, name, rows(self.body, name))
        needs = self.book.requirements.rules_for(self.body, self.nation, self.today)
        object.__setattr__(self, "needs", needs)

    @property
    def general(self) -> bool:
        """A question about what we offer: nobody of a family is named."""
        return self.kind == "general"

    @property
    def anonymous(self) -> bool:
        """Before the court's permission, nobody may be recognised (FPR 2010 PD25C 3.3)."""
        return self.kind == "preliminary"

    @property
    def full(self) -> bool:
        """Whether everything about the family is asked: a referral, an instruction, or an unknown kind."""
        return not (self.general or self.anonymous)

    def coded(self, pointer: str, value: object, name: str) -> Iterator[Fault]:
        """A fault when a code is given that its list does not hold today."""
        if value is None or value == "":
            return
        if not isinstance(value, str) or value not in self.book.holding(name, self.today):
            yield Fault(pointer, "unknown_code", "Choose one of the codes that hold today.")


def part(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A member that is an object; an empty one when it is absent."""
    value = body.get(name)
    return value if isinstance(value, _OBJECTS) else {}


def rows(body: Mapping[str, Any], name: str) -> tuple[Mapping[str, Any], ...]:
    """A member that is a list of objects; an empty one when it is absent."""
    value = body.get(name)
    if not isinstance(value, _LISTS):
        return ()
    return tuple(row if isinstance(row, _OBJECTS) else {} for row in value)


def values(body: Mapping[str, Any], name: str) -> tuple[Any, ...]:
    """A member that is a list of plain values; empty when it is absent. What is not plain counts as None."""
    value = body.get(name)
    if not isinstance(value, _LISTS):
        return ()
    return tuple(None if isinstance(one, _NOT_PLAIN) else one for one in value)


def text(body: Mapping[str, Any], name: str) -> str:
    """A member that is text, without spaces around it; "" when it is absent."""
    value = body.get(name)
    return value.strip() if isinstance(value, str) else ""


def day(body: Mapping[str, Any], name: str) -> date | None:
    """A member that is a date, or "2026-11-23"; None when absent (its shape was checked before)."""
    value = body.get(name)
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def required(body: Mapping[str, Any], name: str, pointer: str, detail: str) -> Iterator[Fault]:
    """A fault when a text or an answer is absent or blank."""
    value = body.get(name)
    if value is None or (isinstance(value, str) and not value.strip()):
        yield Fault(f"{pointer}/{name}", "required", detail, gap=True)


def repeated(sequence: tuple[Any, ...]) -> Iterator[int]:
    """The places at which a value stands again."""
    seen: list[Any] = []
    for place, value in enumerate(sequence):
        if value in seen:
            yield place
        seen.append(value)
