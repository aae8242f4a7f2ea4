"""What is matched with what, and what comes of it: plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from referrals.forecast import Forecast
from referrals.matching.diary import Diary

Overrider = Literal["", "manager"]
# Degrees north and east.
Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the weights: its points (or another number), and whether it stops, and for whom.

    `stops`: "" it gives points; "hard" nobody overrides it; "manager" a manager of the hub can, with a reason.
    """

    points: int = 0
    stops: Literal["", "hard", "manager"] = ""


# What is not in the table weighs nothing.
Rules = Mapping[str, Rule]


@dataclass(frozen=True, eq=False)
class Wanted:
    """One referral that looks for a place. Only what the match needs: nobody is named."""

    referral: str
    type: str
    region: str
    nation: str
    # In all, and how long it usually takes at the most; so hours a week.
    hours: int
    weeks: int
    needed_by: date | None
    rules: Rules = field(repr=False)
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    # Registers of which the assessor must be on one; empty: any.
    bodies: frozenset[str] = frozenset()
    # The grade it asks for at least (0 newly qualified).
    grade: int = 0
    youngest: int | None = None
    oldest: int | None = None
    # Empty, and no spot, where the address is withheld or not known.
    postcode_area: str = ""
    spot: Spot | None = None
    authority: int = 0
    enquiry: str = ""
    # References of the enquiries about this family, its own among them.
    family: frozenset[str] = frozenset()
    # Users and services that worked with the family before.
    known_to: frozenset[int] = frozenset()
    known_to_services: frozenset[int] = frozenset()
    # Services that gave this referral back, users that a conflict of interest keeps out of the enquiry.
    declined_by: frozenset[int] = frozenset()
    blocked: frozenset[int] = frozenset()

    @property
    def weekly(self) -> float:
        return round(self.hours / self.weeks, 1) if self.weeks else float(self.hours)


@dataclass(frozen=True, slots=True)
class Cover:
    """A type in a region (empty: everywhere), for ages from one to another, in further languages."""

    region: str = ""
    age_from: int = 0
    age_to: int = 25
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Against:
    """A conflict with an authority or with a family, in the words of its kind."""

    text: str
    authority: int | None = None
    enquiry: str = ""


@dataclass(frozen=True, eq=False)
class Candidate:
    """An assessor, or (without `assessor`) a service with its team."""

    service: int
    service_name: str
    # The user's id.
    assessor: int | None
    name: str
    service_code: str = ""
    email: str = ""
    cover: Mapping[str, tuple[Cover, ...]] = field(default_factory=dict, repr=False)
    languages: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    body: str = ""
    registration_until: date | None = None
    grade: int = 2
    grade_name: str = ""
    diary: Diary = field(default_factory=lambda: Diary(0, 0), repr=False)
    # Open referrals they lead, and how many at the most without a reason.
    leads: int = 0
    capacity: int | None = None
    base_area: str = ""
    spot: Spot | None = None
    ends_on: date | None = None
    conflicts: tuple[Against, ...] = field(default=(), repr=False)
    team: tuple["Candidate", ...] = field(default=(), repr=False)

    def hours_free(self, day: date) -> float:
        """Hours a week until the soft limit, of all the team."""
        return sum(one.diary.free(day) for one in self.team or (self,))

    def free_from(self, weekly: float, today: date) -> date:
        if not self.team and self.assessor is None:
            return today
        return min(one.diary.free_from(weekly, today) for one in self.team or (self,))


@dataclass(frozen=True, slots=True)
class Point:
    """What speaks for it or against, in words: "speaks Polish", 15."""

    text: str
    points: int


@dataclass(frozen=True, slots=True)
class Stop:
    """Why it cannot be, and who can override it: nobody, or a manager with a reason."""

    code: str
    text: str
    overridable_by: Overrider = ""


@dataclass(frozen=True, slots=True)
class Caution:
    """A soft limit: who places it all the same says why."""

    code: str
    text: str


@dataclass(frozen=True, eq=False)
class Match:
    """What came of it. The sum shown is the sum used."""

    candidate: Candidate
    points: tuple[Point, ...]
    stops: tuple[Stop, ...]
    forecast: Forecast
    cautions: tuple[Caution, ...] = ()
    # Of a service: its assessor whose points these are.
    best: Candidate | None = None

    @property
    def total(self) -> int:
        return sum(point.points for point in self.points)

    @property
    def sentence(self) -> str:
        """PAMS trained · speaks Polish · knows the family · 11 h free a week · 9 miles."""
        return " · ".join(point.text for point in self.points if point.points > 0)
