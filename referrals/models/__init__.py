"""Triage's and placing's tables."""

from referrals.models.decision import Decision
from referrals.models.referral import Referral
from referrals.models.service import Assessor, Conflict, Coverage
from referrals.models.work import Allocation, Challenge, ChildSeen, Defect, Evidence, Offer

__all__ = [
    "Allocation",
    "Assessor",
    "Challenge",
    "ChildSeen",
    "Conflict",
    "Coverage",
    "Decision",
    "Defect",
    "Evidence",
    "Offer",
    "Referral",
]
