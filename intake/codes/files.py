"""The shipped files: one CSV for each kind of row, one for each code list."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from intake.codes.book import CodeBook
from intake.codes.rows import (
    AssessmentType,
    Authority,
    AuthorityCode,
    Code,
    Counterpart,
    DeliveryBody,
    EmailDomain,
    EthnicGroup,
    Finding,
    Holiday,
    PlanStep,
    Reorganisation,
    StatutoryClock,
    WorkTarget,
)
from intake.placing import AssessmentHours, Grade, MatchWeight, PostcodeArea
from intake.requirements import Requirement
from intake.weights import Weight

REFERENCE = Path(__file__).parent.parent / "reference"
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Reference:
    """All reference data as shipped."""

    codes: tuple[Code, ...]
    authorities: tuple[Authority, ...]
    authority_codes: tuple[AuthorityCode, ...]
    reorganisations: tuple[Reorganisation, ...]
    delivery_bodies: tuple[DeliveryBody, ...]
    assessment_types: tuple[AssessmentType, ...]
    clocks: tuple[StatutoryClock, ...]
    work_targets: tuple[WorkTarget, ...]
    plan_steps: tuple[PlanStep, ...]
    holidays: tuple[Holiday, ...]
    email_domains: tuple[EmailDomain, ...]
    ethnic_groups: tuple[EthnicGroup, ...] = field(repr=False)
    findings: tuple[Finding, ...] = field(repr=False)
    counterparts: tuple[Counterpart, ...] = field(repr=False)
    requirements: tuple[Requirement, ...] = field(repr=False)
    assessment_hours: tuple[AssessmentHours, ...] = field(repr=False)
    grades: tuple[Grade, ...] = field(repr=False)
    postcode_areas: tuple[PostcodeArea, ...] = field(repr=False)
    match_weights: tuple[MatchWeight, ...] = field(repr=False)
    weights: tuple[Weight, ...] = field(repr=False)

    def book(self) -> CodeBook:
        """The code book of the shipped data."""
        return CodeBook(
            self.codes,
            assessment_types=self.assessment_types,
            authority_codes=(row.code for row in self.authority_codes if row.scheme == "dfe"),
            email_domains=self.email_domains,
            requirements=self.requirements,
        )


def read_reference(folder: Path = REFERENCE) -> Reference:
    """Every shipped file, typed. Raises ValueError naming the file and line of a row that cannot be read."""
    lists = sorted((folder / "codes").glob("*.csv"))
    return Reference(
        codes=tuple(code for path in lists for code in _read(path, Code)),
        authorities=_read(folder / "authorities.csv", Authority),
        authority_codes=_read(folder / "authority_codes.csv", AuthorityCode),
        reorganisations=_read(folder / "reorganisations.csv", Reorganisation),
        delivery_bodies=_read(folder / "delivery_bodies.csv", DeliveryBody),
        assessment_types=_read(folder / "assessment_types.csv", AssessmentType),
        clocks=_read(folder / "clocks.csv", StatutoryClock),
        work_targets=_read(folder / "work_targets.csv", WorkTarget),
        plan_steps=_read(folder / "plan_steps.csv", PlanStep),
        holidays=_read(folder / "holidays.csv", Holiday),
        email_domains=_read(folder / "email_domains.csv", EmailDomain),
        ethnic_groups=_read(folder / "ethnicity_ons2021.csv", EthnicGroup),
        findings=_read(folder / "findings.csv", Finding),
        counterparts=_read(folder / "counterparts.csv", Counterpart),
        requirements=_read(folder / "requirements.csv", Requirement),
        assessment_hours=_read(folder / "assessment_hours.csv", AssessmentHours),
        grades=_read(folder / "grades.csv", Grade),
        postcode_areas=_read(folder / "postcode_areas.csv", PostcodeArea),
        match_weights=_read(folder / "match_weights.csv", MatchWeight),
        weights=_read(folder / "priority_weights.csv", Weight),
    )


_READERS: dict[object, Callable[[str], Any]] = {
    int: int,
    float: float,
    int | None: lambda text: int(text) if text else None,
    bool: {"yes": True, "no": False}.__getitem__,
    date: date.fromisoformat,
    date | None: lambda text: date.fromisoformat(text) if text else None,
    tuple[str, ...]: lambda text: tuple(part.strip() for part in text.split(";") if part.strip()),
}


def _read(path: Path, row: type[Row]) -> tuple[Row, ...]:
    readers = {name: _READERS.get(kind, str) for name, kind in get_type_hints(row).items()}
    rows = []
    with path.open(encoding="utf-8", newline="") as file:
        for line in (table := csv.DictReader(file)):
            try:
                rows.append(row(**{name: read(line[name]) for name, read in readers.items()}))
            except (KeyError, TypeError, ValueError) as fault:
                raise ValueError(f"{path.name}, line {table.line_num}: {fault!r}") from fault
    return tuple(rows)
