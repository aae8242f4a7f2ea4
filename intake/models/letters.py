"""Which letters somebody wants, and when; those that wait for the daily one, and that it was sent."""

from datetime import date, datetime, timedelta
from typing import Any, Self
from uuid import uuid4

from django.db import models
from django.db.models import Q

from intake.models.notification import Notification
from intake.models.user import User

LEASE = timedelta(minutes=5)


class OwnQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """One's own only."""
        return self.filter(user=user)


class LetterChoice(models.Model):
    """How one person has one kind of letter, where it is not at once."""

    class How(models.TextChoices):
        AT_ONCE = "at_once", "At once"
        DAILY = "daily", "Once a day, together"
        NEVER = "never", "Not by e-mail"

    user = models.ForeignKey(User, models.CASCADE, db_index=False, related_name="letter_choices")
    topic = models.CharField(max_length=20)
    how = models.CharField(max_length=10, choices=How)

    objects = OwnQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint("user", "topic", name="letters_of_a_topic_come_one_way"),
            models.CheckConstraint(condition=Q(how__in=("daily", "never")), name="at_once_needs_no_choice"),
        )

    def __str__(self) -> str:
        return f"{self.topic} {self.how}"


class HeldLetter(models.Model):
    """A letter that waits for the next daily one; gone when that was sent."""

    user = models.ForeignKey(User, models.CASCADE, db_index=False, related_name="+")
    notification = models.ForeignKey(Notification, models.CASCADE, related_name="+")
    held_at = models.DateTimeField(db_index=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        ordering = ("held_at", "id")
        constraints = (models.UniqueConstraint("user", "notification", name="letter_is_held_once"),)

    def __str__(self) -> str:
        return str(self.notification_id)


class SentOnceQuerySet(OwnQuerySet):
    """Letters of which there is one row each, with a lease for whoever sends it."""

    def lease(self, now: datetime, **which: Any) -> Any:
        """The right to send this one; None when it was sent, or another worker is at it."""
        row, made = self.get_or_create(**which, defaults={"leased_until": now + LEASE})
        if made:
            return row
        waits = self.filter(pk=row.pk, sent_at__isnull=True, leased_until__lt=now)
        return row if waits.update(leased_until=now + LEASE) else None


class DailyLetterQuerySet(SentOnceQuerySet):
    def take(self, user: User, day: date, now: datetime) -> "DailyLetter | None":
        """The right to send somebody's letter of a day."""
        row: DailyLetter | None = self.lease(now, user=user, day=day)
        return row


class DailyLetter(models.Model):
    """The letter of a day: one row, and so one letter, with one Message-ID."""

    user = models.ForeignKey(User, models.CASCADE, db_index=False, related_name="+")
    day = models.DateField()
    leased_until = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    message_id = models.UUIDField(default=uuid4, editable=False)

    objects = DailyLetterQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint("user", "day", name="daily_letter_is_one_a_day"),)

    def __str__(self) -> str:
        return str(self.day)
