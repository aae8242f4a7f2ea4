"""A view of a list that somebody keeps: its filters under a name, and the letter that counts what is in it."""

from datetime import date, datetime, timedelta
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q

from intake.lifecycle import Role
from intake.models.organisation import Organisation
from intake.models.user import User

# Who works from lists: the auditor reads what they opened, the administrator no case.
VIEWERS = (Role.COORDINATOR, Role.MANAGER, Role.REVIEWER)
LEASE = timedelta(minutes=5)


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: User) -> Self:
        """One's own, and what a colleague shares. What it shows is asked anew with the reader's own rights."""
        if user.organisation.kind != Organisation.Kind.HUB or not user.has(*VIEWERS):
            return self.none()
        shared = Q(shared=True, owner__organisation_id=user.organisation_id)
        return self.filter(Q(owner=user) | shared)

    def with_a_digest(self) -> Self:
        """Those whose owner gets a letter, and still works here."""
        return self.exclude(digest=SavedView.Digest.NONE).filter(owner__is_active=True)


class SavedView(models.Model):
    """Filters under a name. No words of a search are kept: they may be somebody's name."""

    class Of(models.TextChoices):
        ENQUIRIES = "enquiries", "Enquiries"
        REFERRALS = "referrals", "Referrals"

    class Digest(models.TextChoices):
        NONE = "none", "No letter"
        DAILY = "daily", "Every working day"
        WEEKLY = "weekly", "Every week"

    owner = models.ForeignKey(User, models.CASCADE, db_index=False, related_name="saved_views")
    name = models.CharField(max_length=80)
    of = models.CharField(max_length=10, choices=Of)
    query = models.CharField(max_length=2000, blank=True, help_text="Known filters in a fixed order.")
    shared = models.BooleanField(default=False)
    digest = models.CharField(max_length=10, choices=Digest, default=Digest.NONE)
    # The digest is due from the day after this one.
    digest_from = models.DateField(null=True, blank=True, editable=False)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ("position", "name", "id")
        constraints = (
            models.UniqueConstraint("owner", "of", "name", name="view_has_one_name"),
            models.CheckConstraint(
                condition=Q(digest="none") | Q(digest_from__isnull=False), name="digest_is_due_from_a_day"
            ),
        )
        indexes = (
            models.Index("shared", name="saved_view_shared", condition=Q(shared=True)),
            models.Index("digest", "id", name="saved_view_with_digest", condition=~Q(digest="none")),
        )

    def __str__(self) -> str:
        return self.name

    def is_kept_by(self, user: User) -> bool:
        """Its owner changes it; a shared one also a manager, for owners leave."""
        return self.owner_id == user.pk or (self.shared and user.has(Role.MANAGER))


class DigestSentQuerySet(models.QuerySet["DigestSent"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(view__owner=user)

    def take(self, view: SavedView, day: date, now: datetime) -> "DigestSent | None":
        """The right to send a view's digest of a day; none when it was sent, or another worker is at it."""
        row, made = self.get_or_create(view=view, day=day, defaults={"leased_until": now + LEASE})
        if made:
            return row
        waits = self.filter(pk=row.pk, sent_at__isnull=True, leased_until__lt=now)
        return row if waits.update(leased_until=now + LEASE) else None


class DigestSent(models.Model):
    """The digest of a view for a day: one row, and so one letter."""

    view = models.ForeignKey(SavedView, models.CASCADE, db_index=False, related_name="digests")
    day = models.DateField()
    leased_until = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    # The same however often it is tried.
    message_id = models.UUIDField(default=uuid4, editable=False)

    objects = DigestSentQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "digests sent"
        constraints = (models.UniqueConstraint("view", "day", name="view_has_one_digest_a_day"),)

    def __str__(self) -> str:
        return f"{self.view_id} {self.day}"
