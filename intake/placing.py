"""What placing goes by, as plain dated rows: hours of an assessment, grades, postcode areas, weights. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol, TypeVar

Verified = Literal["verified", "part verified", "unverified"]


@dataclass(frozen=True, slots=True)
class AssessmentHours:
    """What one assessment of a type usually takes: hours in all, over so many weeks at the most; own practice.

    `skills`: each a must for whoever leads it. `bodies`: registers of which they must be on one. `grade`: the level
    it asks for at least. The last three are hours more for each child after the first, for an interpreter, and
    where an adult has a learning disability.
    """

    type: str
    hours: int
    weeks: int
    skills: tuple[str, ...]
    bodies: tuple[str, ...]
    grade: int
    per_child: int
    interpreter: int
    learning_disability: int
    valid_from: date | None = None
    valid_until: date | None = None
    source: str = ""
    verified: Verified = "unverified"


@dataclass(frozen=True, slots=True)
class Grade:
    """How far somebody is: newly qualified is level 0. `share`: of the hours a week, in percent, how many are work."""

    code: str
    label: str
    level: int
    share: int
    valid_from: date | None = None
    valid_until: date | None = None
    source: str = ""
    verified: Verified = "unverified"


@dataclass(frozen=True, slots=True)
class PostcodeArea:
    """The letters a postcode begins with, and about the middle of where it is, in degrees north and east."""

    area: str
    name: str
    nation: str
    latitude: float
    longitude: float
    valid_from: date | None = None
    valid_until: date | None = None
    source: str = ""
    verified: Verified = "unverified"


@dataclass(frozen=True, slots=True)
class MatchWeight:
    """What a reason for or against a candidate weighs; see `referrals.matching.terms.Rule`."""

    code: str
    points: int
    stops: Literal["", "hard", "manager"]
    label: str
    valid_from: date | None = None
    valid_until: date | None = None
    source: str = ""
    verified: Verified = "unverified"


class Held(Protocol):
    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_until(self) -> date | None: ...


R = TypeVar("R", bound=Held)


def holding(rows: Iterable[R], day: date) -> list[R]:
    """Those in force on a day, the latest begun last: who makes a dictionary of them has the one that counts."""
    held = (
        row
        for row in rows
        if (row.valid_from is None or row.valid_from <= day)
        and (row.valid_until is None or day <= row.valid_until)
    )
    return sorted(held, key=lambda row: row.valid_from or date.min)


@dataclass(frozen=True, slots=True)
class Practice:
    """All of it as it stands in the tables."""

    hours_rows: tuple[AssessmentHours, ...]
    grade_rows: tuple[Grade, ...]
    area_rows: tuple[PostcodeArea, ...]
    weight_rows: tuple[MatchWeight, ...]

    def hours(self, day: date) -> dict[str, AssessmentHours]:
        """By the code of the assessment type."""
        return {row.type: row for row in holding(self.hours_rows, day)}

    def grades(self, day: date) -> dict[str, Grade]:
        return {row.code: row for row in holding(self.grade_rows, day)}

    def spots(self, day: date) -> dict[str, tuple[float, float]]:
        """The middles of the postcode areas, by their letters."""
        return {row.area: (row.latitude, row.longitude) for row in holding(self.area_rows, day)}

    def weights(self, day: date) -> dict[str, MatchWeight]:
        return {row.code: row for row in holding(self.weight_rows, day)}


def area_of(postcode: str) -> str:
    """OL of OL1 1AA; nothing of what is no postcode."""
    letters = postcode.strip().upper()[:2]
    return "".join(letter for letter in letters if letter.isalpha())
