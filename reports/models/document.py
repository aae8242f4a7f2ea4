"""Documents as we issued them: bytes, hash, when, for whom; kept as they are."""

from typing import Self

from django.db import models

from intake.models import Enquiry, User
from intake.words import Language


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User) -> Self:
        """As visible as the enquiry; which audience somebody may read is the action's question."""
        return self.filter(enquiry__in=Enquiry.objects.visible_to(user))


class Document(models.Model):
    """A PDF as it was issued. A later template does not change what was sent."""

    class Kind(models.TextChoices):
        ACKNOWLEDGEMENT = "acknowledgement", "Acknowledgement"
        SUMMARY = "summary", "Case summary"
        DECISION = "decision", "Decision"
        QUESTIONS = "questions", "Request for information"
        OFFER = "offer", "Offer of an assessment"
        INSTRUCTION = "instruction", "Instruction pack"
        CHRONOLOGY = "chronology", "Chronology"
        HISTORY = "history", "Extract of the history"

    class Audience(models.TextChoices):
        AUTHORITY = "authority", "The authority"
        SERVICE = "service", "The assessment service"
        INTERNAL = "internal", "The provider, internal"
        COURT = "court", "The court"

    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=20, choices=Kind)
    audience = models.CharField(max_length=10, choices=Audience)
    version = models.PositiveSmallIntegerField()
    subject = models.CharField(
        max_length=16,
        blank=True,
        default="",
        help_text="The referral or the numbered questions; empty: all of it.",
    )
    # What it was printed from: the enquiry's place in its history, so an unchanged one is not issued twice.
    printed_from = models.CharField(max_length=80)
    language = models.CharField(max_length=2, choices=Language, default=Language.ENGLISH)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ("made_at", "id")
        constraints = (
            models.UniqueConstraint(
                "enquiry", "kind", "audience", "subject", "version", name="document_is_issued_once_a_version"
            ),
        )

    def __str__(self) -> str:
        return f"{self.enquiry} {self.kind} {self.version}"

    @property
    def filename(self) -> str:
        about = self.subject if self.subject.startswith("REF-") else self.enquiry.reference
        return f"{about}-{self.kind}-{self.version}.pdf"
