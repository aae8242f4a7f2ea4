"""The front door's tables."""

from intake.models.account_event import AccountEvent
from intake.models.allowance import Allowance
from intake.models.attachment import Attachment
from intake.models.book import Book, book, put_away
from intake.models.bulk import Import, ImportRow
from intake.models.enquiry import Enquiry, Opened, Share
from intake.models.event import Event
from intake.models.idempotency import IdempotencyKey
from intake.models.information_request import InformationRequest, Question
from intake.models.kept import Kept
from intake.models.likeness import Likeness
from intake.models.message import Message, MessagesSeen
from intake.models.notification import Notification
from intake.models.organisation import AuthorityCode, DeliveryBody, Organisation, Reorganisation
from intake.models.people import Person, Relationship
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
from intake.models.sections import Assessment, CourtDate, Paper, Risk, Subject
from intake.models.user import ApiClient, RoleGrant, User
from intake.models.webhook import Webhook
from intake.models.webhook_delivery import WebhookDelivery

__all__ = [
    "AccountEvent",
    "Allowance",
    "ApiClient",
    "Assessment",
    "AssessmentType",
    "Attachment",
    "AuthorityCode",
    "Book",
    "Code",
    "CourtDate",
    "DeliveryBody",
    "EmailDomain",
    "Enquiry",
    "EthnicGroup",
    "Event",
    "Holiday",
    "IdempotencyKey",
    "Import",
    "ImportRow",
    "InformationRequest",
    "Kept",
    "Likeness",
    "Message",
    "MessagesSeen",
    "Notification",
    "Opened",
    "Organisation",
    "Paper",
    "Person",
    "Question",
    "Relationship",
    "Reorganisation",
    "Requirement",
    "Risk",
    "RoleGrant",
    "Share",
    "StatutoryClock",
    "Subject",
    "Target",
    "User",
    "Webhook",
    "WebhookDelivery",
    "book",
    "put_away",
]
