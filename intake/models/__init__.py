"""The front door's tables."""

from intake.models.attachment import Attachment
from intake.models.book import Book, book, put_away
from intake.models.enquiry import Enquiry, Opened, Share
from intake.models.event import Event
from intake.models.idempotency import IdempotencyKey
from intake.models.information_request import InformationRequest, Question
from intake.models.notification import Notification
from intake.models.organisation import AuthorityCode, DeliveryBody, Organisation, Reorganisation
from intake.models.people import Person, Relationship
from intake.models.reference import (
    AssessmentType,
    Code,
    EmailDomain,
    EthnicGroup,
    Holiday,
    StatutoryClock,
    Target,
)
from intake.models.sections import Assessment, CourtDate, Paper, Risk, Subject
from intake.models.user import ApiClient, RoleGrant, User

__all__ = [
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
    "InformationRequest",
    "Notification",
    "Opened",
    "Organisation",
    "Paper",
    "Person",
    "Question",
    "Relationship",
    "Reorganisation",
    "Risk",
    "RoleGrant",
    "Share",
    "StatutoryClock",
    "Subject",
    "Target",
    "User",
    "book",
    "put_away",
]
