"""The field's code lists and the rest of the reference data.

No database: the loader writes the rows into tables; a `CodeBook` is made from them or the shipped files.
"""

from intake.codes.book import CodeBook
from intake.codes.files import REFERENCE, Reference, read_reference
from intake.codes.members import CODED
from intake.codes.rows import (
    AssessmentType,
    Authority,
    AuthorityCode,
    Code,
    Counterpart,
    DeliveryBody,
    EmailDomain,
    EthnicGroup,
    Finding,
    Holiday,
    PlanStep,
    Reorganisation,
    StatutoryClock,
    Verified,
    WorkTarget,
)

__all__ = [
    "CODED",
    "REFERENCE",
    "AssessmentType",
    "Authority",
    "AuthorityCode",
    "Code",
    "CodeBook",
    "Counterpart",
    "DeliveryBody",
    "EmailDomain",
    "EthnicGroup",
    "Finding",
    "Holiday",
    "PlanStep",
    "Reference",
    "Reorganisation",
    "StatutoryClock",
    "Verified",
    "WorkTarget",
    "read_reference",
]
