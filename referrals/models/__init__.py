"""Triage's and placing's tables."""

from referrals.models.assessor import Assessor, Leave, Skill
from referrals.models.audit import Audit, AuditReply, AuditSample
from referrals.models.bulk import BulkRow, BulkRun
from referrals.models.conflict import Conflict
from referrals.models.decision import Decision
from referrals.models.feed import Feed
from referrals.models.follow_up import FollowUp
from referrals.models.improvement import Improvement, ImprovementStep
from referrals.models.oversight import Challenge, DriftRule, OversightEntry, RiskOpinion
from referrals.models.planning import PlanRow, PlanRun
from referrals.models.referral import Referral
from referrals.models.review import Addendum, Defect, Finding, Review
from referrals.models.second_look import SecondLook
from referrals.models.service import Coverage
from referrals.models.visit import Met, Visit
from referrals.models.work import Allocation, ChildSeen, Evidence, Offer

__all__ = [
    "Addendum",
    "Allocation",
    "Assessor",
    "Audit",
    "AuditReply",
    "AuditSample",
    "BulkRow",
    "BulkRun",
    "Challenge",
    "ChildSeen",
    "Conflict",
    "Coverage",
    "Decision",
    "Defect",
    "DriftRule",
    "Evidence",
    "Feed",
    "Finding",
    "FollowUp",
    "Improvement",
    "ImprovementStep",
    "Leave",
    "Met",
    "Offer",
    "OversightEntry",
    "PlanRow",
    "PlanRun",
    "Referral",
    "Review",
    "RiskOpinion",
    "SecondLook",
    "Skill",
    "Visit",
]
