"""An authority's monthly packs as they were issued, and the letters that tell its managers of one."""

from datetime import date, datetime
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Exists, OuterRef

from intake.lifecycle import Role
from intake.models import Enquiry, Organisation, User, open_to
from intake.models.letters import SentOnceQuerySet
from intake.words import Language

READERS = frozenset({Role.MANAGER, Role.AUTHORITY_MANAGER})


class PackQuerySet(models.QuerySet["Pack"]):
    def visible_to(self, user: User) -> Self:
        """The hub's managers see all, an authority's its own; nobody one that names an enquiry they may not see now."""
        if not user.has(*READERS):
            return self.none()
        in_hub = user.organisation.kind == Organisation.Kind.HUB
        rows = self if in_hub else self.filter(authority=user.organisation)
        # What was sent they see all, less what is shut: asked of each enquiry that is named, not of all there are.
        return rows.filter(~Exists(Enquiry.objects.filter(~open_to(user), packs=OuterRef("pk"))))


class Pack(models.Model):
    """A PDF as it was issued, of one authority and one month, in one language. The database refuses to alter it."""

    authority = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    month = models.DateField(help_text="Its first day.")
    language = models.CharField(max_length=2, choices=Language)
    version = models.PositiveSmallIntegerField()
    # Who printed it, on which day, and a hash of what it says: an unchanged one is not issued twice.
    printed_from = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    names = models.ManyToManyField(
        Enquiry, related_name="packs", help_text="The open enquiries that it lists."
    )
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    objects = PackQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at", "-id")
        indexes = (
            models.Index("authority", "made_at", "id", name="pack_by_authority"),
            models.Index("made_at", "id", name="pack_by_moment"),
        )
        constraints = (
            models.UniqueConstraint(
                "authority", "month", "language", "version", name="pack_is_issued_once_a_version"
            ),
            models.UniqueConstraint(
                "authority", "month", "language", "printed_from", name="pack_is_printed_once_as_it_stands"
            ),
        )

    def __str__(self) -> str:
        return f"{self.authority_id} {self.month:%Y-%m} {self.language} {self.version}"

    @property
    def filename(self) -> str:
        return f"pack-{self.authority.code}-{self.month:%Y-%m}-{self.language}-{self.version}.pdf"


class PackLetterQuerySet(SentOnceQuerySet):
    def take(self, user: User, month: date, now: datetime) -> "PackLetter | None":
        """The right to tell somebody of a month's pack."""
        row: PackLetter | None = self.lease(now, user=user, month=month)
        return row


class PackLetter(models.Model):
    """The letter about a month's pack: one row, and so one letter, with one Message-ID."""

    user = models.ForeignKey(User, models.CASCADE, db_index=False, related_name="+")
    month = models.DateField(help_text="Its first day.")
    leased_until = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    message_id = models.UUIDField(default=uuid4, editable=False)

    objects = PackLetterQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint("user", "month", name="pack_letter_is_one_a_month"),)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
