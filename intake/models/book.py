"""The reference data as one thing in memory: read once a minute, so that an edit in the admin is in force soon."""

import time
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.utils import timezone

from intake import codes
from intake.deadlines import Calendar, OfficeHours
from intake.deadlines import Target as Promise
from intake.models.organisation import AuthorityCode
from intake.models.reference import AssessmentType, Code, EmailDomain, Holiday, Requirement, Target
from intake.requirements import Requirements

SECONDS = 60
DECISION = "DECISION"


@dataclass(frozen=True)
class Book:
    """Code lists, assessment types, calendars and targets as they stand in the database."""

    codes: codes.CodeBook
    types: dict[str, AssessmentType]
    holidays: dict[str, frozenset[date]]
    targets: tuple[Target, ...]

    @property
    def requirements(self) -> Requirements:
        """What each type needs, by which sections and facts."""
        return self.codes.requirements

    @cached_property
    def calendars(self) -> dict[str, Calendar]:
        return {nation: Calendar(days) for nation, days in self.holidays.items()}

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
    days = list(Holiday.objects.values_list("date", "nation"))
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
        holidays={
            nation: frozenset(day for day, of in days if of in ("", nation))
            for nation in ("England", "Wales")
        },
        targets=tuple(Target.objects.filter(code=DECISION).order_by("valid_from")),
    )


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
