"""What a set of assessment types asks of an enquiry at each stage, and how much of it is there."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from intake.requirements.conditions import KINDS, kinds, parts
from intake.requirements.facts import Body, values_at
from intake.requirements.looking import Looking, Plan, plan
from intake.requirements.rows import (
    ALWAYS,
    EXPECTED,
    REQUIRED,
    SECTIONS,
    STAGES,
    Requirement,
    Section,
    Stage,
    inside,
)

SECTION_PLACES = {section.code: place for place, section in enumerate(SECTIONS)}
_NAMED = 4
_KEPT = 500


class Unmet(NamedTuple):
    """A fact that is not there: what asks for it, and where it would stand."""

    requirement: Requirement
    pointer: str
    # Whether it may still come; what is said and wrong is no mere gap.
    blank: bool = True


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many of the facts that this enquiry needs are there; `missing` are labels, of facts and not of rows."""

    have: int
    of: int
    missing: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """In words: "17 of 21; missing: filing date, order"; a handful of them, and how many more."""
        if not self.missing:
            return f"{self.have} of {self.of}; nothing is missing"
        named = [inside(label) for label in self.missing[:_NAMED]]
        more = len(self.missing) - len(named)
        return f"{self.have} of {self.of}; missing: {', '.join(named)}" + (
            f" and {more} more" if more else ""
        )


class Survey(NamedTuple):
    """What a stage asks for and a body lacks, by place and in figures."""

    unmet: tuple[Unmet, ...]
    completeness: Completeness


@dataclass(frozen=True, slots=True)
class Rules:
    """What one set of types, of one kind and nation, asks on a day: made once, asked of many bodies."""

    rows: tuple[Requirement, ...]
    _asked: dict[tuple[Stage, str], tuple[Requirement, ...]] = field(default_factory=dict)

    def at(self, stage: Stage, level: str = "") -> tuple[Requirement, ...]:
        """The facts that a stage asks for, of a level or of both."""
        if (stage, level) not in self._asked:
            wanted = (level,) if level else (REQUIRED, EXPECTED)
            self._asked[stage, level] = tuple(row for row in self.rows if row.level(stage) in wanted)
        return self._asked[stage, level]

    def unmet(self, body: Body, stage: Stage, level: str = "") -> Iterator[Unmet]:
        """Each place where a fact is asked for and is not; in the order of the sections."""
        looking = Looking(body)
        for row in self.at(stage, level):
            for found in looking.find(row):
                if not found.met:
                    yield Unmet(row, found.pointer, found.blank)

    def survey(self, body: Body, stage: Stage = "intake") -> Survey:
        """All that is not there, and how much is: a fact asked of several people is there when all have it."""
        looking, there, unmet = Looking(body), dict[str, bool](), list[Unmet]()
        for row in self.at(stage):
            looked_for = list(looking.find(row))
            if looked_for:
                lacks = [Unmet(row, found.pointer, found.blank) for found in looked_for if not found.met]
                there[row.said] = there.get(row.said, True) and not lacks
                unmet += lacks
        lacking = tuple(said for said, met in there.items() if not met)
        return Survey(tuple(unmet), Completeness(len(there) - len(lacking), len(there), lacking))


class Requirements:
    """All requirements, and what is asked of them. A set of types is put together once."""

    def __init__(self, rows: Iterable[Requirement] = ()) -> None:
        self.rows = tuple(sorted(rows, key=lambda row: (SECTION_PLACES[row.section], row.order, row.code)))
        self._rules: dict[tuple[frozenset[str], str, str, date], Rules] = {}
        self._particulars: dict[str, Mapping[str, Requirement]] = {}

    def rules(self, types: Iterable[str], kind: str, nation: str, on: date) -> Rules:
        """What these types ask of an enquiry of a kind; an unknown kind is asked what a referral is."""
        key = (frozenset(types), kind if kind in KINDS else "referral", nation, on)
        if key not in self._rules:
            if len(self._rules) > _KEPT:
                self._rules.clear()
            self._rules[key] = Rules(tuple(row for row in self.rows if _applies(row, *key)))
        return self._rules[key]

    def on(self, day: date, nation: str = "") -> tuple[Requirement, ...]:
        """What holds on a day in a nation, whatever the type."""
        return tuple(row for row in self.rows if row.holds(day) and _in_nation(row, nation))

    def rules_for(self, body: Body, nation: str, on: date) -> Rules:
        """What a body's own types ask of it."""
        kind = body.get("kind")
        return self.rules(types_of(body), kind if isinstance(kind, str) else "", nation, on)

    def sections_for(self, types: Iterable[str], kind: str, nation: str, on: date) -> tuple[Section, ...]:
        """The sections that these types and this kind need, each with the facts asked in it at the intake.

        Words about each row of a list need the list only where something asks for a row.
        """
        rows = self.rules(types, kind, nation, on).at("intake")
        needed = ALWAYS | {row.section for row in rows if _needs_its_section(row)}
        return tuple(
            Section(one.code, one.title, one.members, tuple(row for row in rows if row.section == one.code))
            for one in SECTIONS
            if one.code in needed
        )

    def particulars(self, type_code: str) -> Mapping[str, Requirement]:
        """What one type asks beside the members that all have, by the code under which the assessment keeps it.

        Also what it asked once: an answer that was given stays right. What to ask today is in the sections.
        """
        if type_code in self._particulars:
            return self._particulars[type_code]
        found: dict[str, Requirement] = {}
        for row in self.rows:
            if row.is_particular and row.asked_of(type_code):
                # The first row of a code is the question; a later one asks for a certain answer.
                found.setdefault(row.key, row)
        if found:  # A type that is none is somebody's typing, and not kept.
            self._particulars[type_code] = found
        return found

    def sensitive(self, type_code: str, sort: str) -> tuple[str, ...]:
        """The particulars of a type that hold health or allegations."""
        return tuple(code for code, row in self.particulars(type_code).items() if row.sensitive == sort)


def types_of(body: Body) -> frozenset[str]:
    """The codes of the types a body asks for."""
    given = body.get("assessments")
    rows = given if isinstance(given, list | tuple) else ()
    codes = (row.get("type") for row in rows if isinstance(row, Mapping))
    return frozenset(code for code in codes if isinstance(code, str))


def kinds_of(row: Requirement) -> frozenset[str]:
    """The kinds of enquiry that it is asked of."""
    return kinds(row.when)


def plan_of(row: Requirement) -> Plan:
    """Its pattern and conditions, taken apart."""
    return plan(row.fact, row.when)


def allows(row: Requirement, kind: str) -> bool:
    """Whether an enquiry of this kind may say it."""
    return (kind if kind in KINDS else "referral") in kinds(row.when)


def _applies(row: Requirement, types: frozenset[str], kind: str, nation: str, on: date) -> bool:
    return (
        ("*" in row.types or not types.isdisjoint(row.types))
        and allows(row, kind)
        and _in_nation(row, nation)
        and row.holds(on)
    )


def _in_nation(row: Requirement, nation: str) -> bool:
    return not row.nation or not nation or row.nation == nation


def _needs_its_section(row: Requirement) -> bool:
    """Not one that speaks of rows which need not be there, or that a type brings along only under a condition."""
    of_each_row = "/*/" in row.fact and not row.fact.startswith("/assessments/")
    return bool(row.fact) and not of_each_row and not ("*" in row.types and parts(row.when))


def read_through(row: Requirement) -> None:
    """Read every pattern of a row as a check would. Raises ValueError or KeyError where one is none."""
    SECTION_PLACES[row.section]
    for kind in kinds(row.when):
        if kind not in KINDS:
            raise ValueError(f"There is no kind {kind!r}.")
    lists = ("assessments", "children", "adults", "household", "risks", "documents")
    bodies: tuple[Body, ...] = ({}, {name: [{}] for name in lists})
    for body in bodies:
        for stage in STAGES:
            list(Rules((row,)).unmet(body, stage))
        if row.at:
            list(values_at(row.at, body))
