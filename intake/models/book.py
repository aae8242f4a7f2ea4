"""The reference data as one thing in memory: read once a minute, so that an edit in the admin is in force soon."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from django.utils import timezone

from intake import codes
from intake.deadlines import Calendar, OfficeHours
from intake.deadlines import Target as Promise
from intake.models.organisation import AuthorityCode, Organisation
from intake.models.planning import PlanStep, WorkTarget
from intake.models.practice import AssessmentHours, Grade, MatchWeight, PostcodeArea
from intake.models.reference import (
    AssessmentType,
    Code,
    EmailDomain,
    Holiday,
    Requirement,
    StatutoryClock,
    Target,
)
from intake.models.weighing import PriorityWeight
from intake.placing import Practice
from intake.requirements import Requirements
from intake.weights import Weight, Weights, in_force

SECONDS = 60
NATIONS = ("England", "Wales")
DECISION = "DECISION"


Clocks = tuple[codes.StatutoryClock, ...]
WorkTargets = tuple[codes.WorkTarget, ...]
PlanSteps = tuple[codes.PlanStep, ...]


class Asker(NamedTuple):
    """An authority, or the public door: by its number in the database."""

    pk: int
    code: str
    name: str
    welsh_name: str
    nation: str
    region: str


@dataclass(frozen=True)
class Book:
    """Code lists, assessment types, calendars and targets as they stand in the database."""

    codes: codes.CodeBook
    types: dict[str, AssessmentType]
    holidays: dict[str, frozenset[date]]
    bank_holidays: dict[str, frozenset[date]]
    targets: tuple[Target, ...]
    clocks: Clocks
    work_targets: WorkTargets
    plan_steps: PlanSteps
    weight_rows: tuple[Weight, ...]
    askers: tuple[Asker, ...]
    practice: Practice
    _weights: dict[date, Weights] = field(default_factory=dict, repr=False, compare=False)

    @property
    def requirements(self) -> Requirements:
        """What each type needs, by which sections and facts."""
        return self.codes.requirements

    @cached_property
    def calendars(self) -> dict[str, Calendar]:
        """The working days of our office, for what we promise."""
        return {nation: Calendar(days) for nation, days in self.holidays.items()}

    @cached_property
    def statutory_calendars(self) -> dict[str, Calendar]:
        """The working days of a nation, for limits that bind an authority: a day we close does not lengthen them."""
        return {nation: Calendar(days) for nation, days in self.bank_holidays.items()}

    @cached_property
    def weeks(self) -> dict[int, int | None]:
        """How long each type usually takes at most, by the key of its row."""
        return {row.pk: row.weeks_max for row in self.types.values()}

    def weights(self, day: date) -> Weights:
        """What weighs how much in the order of the work on that day."""
        if day not in self._weights:
            self._weights[day] = in_force(self.weight_rows, day)
        return self._weights[day]

    def target(self, nation: str, at: datetime) -> Promise:
        """The decision target of a nation on a day: the latest that has begun."""
        day = timezone.localdate(at)
        row = [row for row in self.targets if row.nation == nation and _holds(row, day)][-1]
        return Promise(row.working_days, OfficeHours(row.opens, row.cut_off, row.closes))


def _holds(row: Target, day: date) -> bool:
    return (row.valid_from is None or row.valid_from <= day) and (
        row.valid_until is None or day <= row.valid_until
    )


_shelf: dict[str, tuple[float, Book]] = {}


def book() -> Book:
    """The book in force, at most a minute old."""
    read_at, current = _shelf.get("book", (0.0, None))
    if current is None or time.monotonic() - read_at > SECONDS:
        current = _read()
        _shelf["book"] = (time.monotonic(), current)
    return current


def put_away() -> None:
    """Read it anew at the next question: after loading, and between tests."""
    _shelf.clear()


def _read() -> Book:
    types = list(AssessmentType.objects.order_by("pk"))
    days = list(Holiday.objects.all())
    return Book(
        codes=codes.CodeBook(
            (_code(row) for row in Code.objects.all()),
            assessment_types=(_type(row) for row in types),
            authority_codes=AuthorityCode.objects.filter(scheme="dfe").values_list("code", flat=True),
            email_domains=(
                codes.EmailDomain(row.domain, row.kind, row.who, row.source, row.verified)  # type: ignore[arg-type]
                for row in EmailDomain.objects.all()
            ),
            requirements=(row.plain() for row in Requirement.objects.all()),
        ),
        types={row.code: row for row in types},
        holidays={nation: closed_in(nation, days) for nation in NATIONS},
        bank_holidays={
            nation: closed_in(nation, (row for row in days if not row.ours)) for nation in NATIONS
        },
        targets=tuple(Target.objects.filter(code=DECISION).order_by("valid_from")),
        clocks=tuple(row.plain() for row in StatutoryClock.objects.all()),
        work_targets=tuple(row.plain() for row in WorkTarget.objects.all()),
        weight_rows=tuple(row.plain() for row in PriorityWeight.objects.all()),
        askers=tuple(map(Asker._make, Organisation.objects.askers().values_list(*Asker._fields))),
        plan_steps=tuple(row.plain() for row in PlanStep.objects.all()),
        practice=Practice(
            hours_rows=tuple(row.plain() for row in AssessmentHours.objects.all()),
            grade_rows=tuple(row.plain() for row in Grade.objects.all()),
            area_rows=tuple(row.plain() for row in PostcodeArea.objects.all()),
            weight_rows=tuple(row.plain() for row in MatchWeight.objects.all()),
        ),
    )


def closed_in(nation: str, rows: Iterable[Holiday]) -> frozenset[date]:
    return frozenset(row.date for row in rows if row.nation in ("", nation))


def _code(row: Code) -> codes.Code:
    return codes.Code(
        list=row.list,
        code=row.code,
        label=row.label,
        hint=row.hint,
        group=row.group,
        order=row.order,
        exclusive=row.exclusive,
        selectable=row.selectable,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        source=row.source,
        verified=row.verified,  # type: ignore[arg-type]
        nation=row.nation,
    )


def _type(row: AssessmentType) -> codes.AssessmentType:
    return codes.AssessmentType(
        code=row.code,
        name=row.name,
        group=row.group,
        weeks_min=row.weeks_min,
        weeks_max=row.weeks_max,
        done_by=row.done_by,
        needs=tuple(row.needs),
        gate=tuple(row.gate),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        basis=row.basis,
        source=row.source,
        verified=row.verified,  # type: ignore[arg-type]
    )
