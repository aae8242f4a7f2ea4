"""Documents as we issued them: bytes, hash, when, for whom; kept as they are. And when the worker last looked."""

from datetime import date, datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q

from intake.models import Enquiry, User


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


class WordingQuerySet(models.QuerySet["Wording"]):
    def on(self, kind: str, day: date, language: str = "en") -> "Wording | None":
        """The latest that has begun by that day."""
        return self.filter(kind=kind, language=language, valid_from__lte=day).order_by("valid_from").last()


class Wording(models.Model):
    """The office's own words for a kind of letter, from a day on; empty: as it was shipped again."""

    kind = models.CharField(max_length=30)
    language = models.CharField(max_length=5, default="en")
    text = models.TextField(blank=True)
    valid_from = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = WordingQuerySet.as_manager()

    class Meta:
        ordering = ("kind", "language", "valid_from")
        constraints = (
            models.UniqueConstraint("kind", "language", "valid_from", name="wording_starts_once_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.kind} from {self.valid_from}"


# A round that took longer is held to have died with its worker, and is walked again.
WALK_TAKES = timedelta(minutes=15)


class RoundQuerySet(models.QuerySet["Round"]):
    def take(self, name: str, since: datetime, now: datetime) -> bool:
        """Whether this round is ours to walk: not walked since then, and in no other worker's hands."""
        self.get_or_create(name=name)
        free = Q(taken_at__isnull=True) | Q(taken_at__lte=now - WALK_TAKES)
        due = Q(walked_at__isnull=True) | Q(walked_at__lt=since)
        return bool(self.filter(due, free, name=name).update(taken_at=now))

    def walked(self, name: str, now: datetime) -> None:
        self.filter(name=name).update(walked_at=now, taken_at=None)

    def give_back(self, name: str) -> None:
        """It broke: the next turn of any worker tries again."""
        self.filter(name=name).update(taken_at=None)


class Round(models.Model):
    """A round of the worker that is walked once an hour or once a day: when it was, and whether somebody is on it."""

    name = models.CharField(max_length=60, unique=True)
    walked_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
