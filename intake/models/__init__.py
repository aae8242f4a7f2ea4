"""The front door's tables."""

from intake.models.account_event import AccountEvent
from intake.models.allowance import Allowance
from intake.models.attachment import Attachment
from intake.models.banner import Banner
from intake.models.book import Book, book, put_away
from intake.models.bulk import Import, ImportRow
from intake.models.disposal import Disposal
from intake.models.enquiry import Enquiry, Opened, Share
from intake.models.event import Event
from intake.models.flag import Flag
from intake.models.idempotency import IdempotencyKey
from intake.models.information_request import InformationRequest, Question
from intake.models.kept import Kept
from intake.models.letters import DailyLetter, HeldLetter, LetterChoice
from intake.models.likeness import Likeness
from intake.models.message import Message, MessagesSeen
from intake.models.notification import Notification
from intake.models.organisation import AuthorityCode, DeliveryBody, Organisation, Reorganisation
from intake.models.people import Person, Relationship
from intake.models.planning import PlanStep, WorkTarget
from intake.models.practice import AssessmentHours, Grade, MatchWeight, PostcodeArea
from intake.models.presence import Presence
from intake.models.reference import (
    AssessmentType,
    Code,
    EmailDomain,
    EthnicGroup,
    Holiday,
    Requirement,
    StatutoryClock,
    Target,
)
from intake.models.reminder import Reminder
from intake.models.restriction import Access, AccessProposal, ConflictBlock, open_to
from intake.models.saved_view import DigestSent, SavedView
from intake.models.sections import Assessment, CourtDate, Paper, Risk, Subject
from intake.models.setting import Recount, SettingChange
from intake.models.tally import Tally
from intake.models.user import ApiClient, RoleGrant, User
from intake.models.webhook import Webhook
from intake.models.webhook_delivery import WebhookDelivery
from intake.models.weighing import PriorityWeight, WeightsChange

__all__ = [
    "Access",
    "AccessProposal",
    "AccountEvent",
    "Allowance",
    "ApiClient",
    "Assessment",
    "AssessmentHours",
    "AssessmentType",
    "Attachment",
    "AuthorityCode",
    "Banner",
    "Book",
    "Code",
    "ConflictBlock",
    "CourtDate",
    "DailyLetter",
    "DeliveryBody",
    "DigestSent",
    "Disposal",
    "EmailDomain",
    "Enquiry",
    "EthnicGroup",
    "Event",
    "Flag",
    "Grade",
    "HeldLetter",
    "Holiday",
    "IdempotencyKey",
    "Import",
    "ImportRow",
    "InformationRequest",
    "Kept",
    "LetterChoice",
    "Likeness",
    "MatchWeight",
    "Message",
    "MessagesSeen",
    "Notification",
    "Opened",
    "Organisation",
    "Paper",
    "Person",
    "PlanStep",
    "PostcodeArea",
    "Presence",
    "PriorityWeight",
    "Question",
    "Recount",
    "Relationship",
    "Reminder",
    "Reorganisation",
    "Requirement",
    "Risk",
    "RoleGrant",
    "SavedView",
    "SettingChange",
    "Share",
    "StatutoryClock",
    "Subject",
    "Tally",
    "Target",
    "User",
    "Webhook",
    "WebhookDelivery",
    "WeightsChange",
    "WorkTarget",
    "book",
    "open_to",
    "put_away",
]
