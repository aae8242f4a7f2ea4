"""Who could take a referral, and why: read from the database for the one rule of `referrals.matching`."""

from referrals.suggestions.candidates import candidates
from referrals.suggestions.reader import (
    CONFLICTS,
    Suggestions,
    assessor_match,
    foreseen,
    service_match,
    suggestions_for,
    suggestions_to,
    told_to,
)
from referrals.suggestions.wanted import family_of, wanted_many, wanted_of

__all__ = [
    "CONFLICTS",
    "Suggestions",
    "assessor_match",
    "candidates",
    "family_of",
    "foreseen",
    "service_match",
    "suggestions_for",
    "suggestions_to",
    "told_to",
    "wanted_many",
    "wanted_of",
]
