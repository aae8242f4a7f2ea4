"""Who could take a referral: points for and against in words, and what stops it. Pure.

One rule for the suggestions, for the check of an offer and of an acceptance, and for the planner.
"""

from referrals.matching.diary import Away, Commitment, Diary
from referrals.matching.match import match, ranked
from referrals.matching.terms import (
    Against,
    Candidate,
    Caution,
    Cover,
    Match,
    Point,
    Rule,
    Rules,
    Stop,
    Wanted,
)

__all__ = [
    "Against",
    "Away",
    "Candidate",
    "Caution",
    "Commitment",
    "Cover",
    "Diary",
    "Match",
    "Point",
    "Rule",
    "Rules",
    "Stop",
    "Wanted",
    "match",
    "ranked",
]
