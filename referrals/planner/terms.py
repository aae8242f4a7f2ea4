"""What is planned and what comes of it: plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from referrals.matching import Candidate, Match, Wanted

# What leaving one unplaced costs, in the points of the suggestions: one urgent weighs as four standard ones.
COSTS: Mapping[str, int] = {"urgent": 400, "high": 200, "standard": 100}
# And a point more for each day by which its date is nearer than this.
NEAR = 60


@dataclass(frozen=True, eq=False)
class Waiting:
    """A referral that looks for a place, and how pressing its enquiry is (a band)."""

    wanted: Wanted
    band: str = "standard"

    def cost(self, today: date) -> int:
        """Of leaving it without a place, in points."""
        needed = self.wanted.needed_by
        left = NEAR if needed is None else (needed - today).days
        return COSTS.get(self.band, COSTS["standard"]) + min(max(NEAR - left, 0), NEAR)


@dataclass(frozen=True, eq=False)
class Placing:
    """A referral with an assessor. `best` is the match that was best for it alone, when it got another one."""

    waiting: Waiting
    match: Match
    best: Match

    @property
    def assessor(self) -> Candidate:
        return self.match.candidate

    @property
    def cost(self) -> int:
        """Points lost against the best there was for it alone."""
        return self.best.total - self.match.total


@dataclass(frozen=True, eq=False)
class Unplaced:
    """A referral without a place, and why in words; `code` to count by."""

    waiting: Waiting
    code: str
    why: str


@dataclass(frozen=True, eq=False)
class Division:
    """Who gets what, in the order of the references, and the sum of what it is worth."""

    placings: tuple[Placing, ...]
    score: int


@dataclass(frozen=True, eq=False)
class Plan(Division):
    """The best division found. `bound` is a score that no other can pass, as far as that was proved."""

    unplaced: tuple[Unplaced, ...]
    bound: int
    best_first: Division
