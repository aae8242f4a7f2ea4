"""What many people stand in leaves with a second person's word: asked for by one, agreed to by another, then begun."""

from datetime import datetime
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import F, Q

from intake.lifecycle import Role
from intake.models import Organisation, User
from referrals.models.running import Running, RunningQuerySet

# Who reads the log, and agrees to what somebody else asked for.
SECOND = (Role.MANAGER, Role.AUDITOR)
M = TypeVar("M", bound="Agreed")


class AgreedQuerySet(RunningQuerySet[M]):
    def visible_to(self, user: User) -> Self:
        """Whoever asked for it: what is in it was put together for them."""
        return self.filter(made_by=user)

    def log_for(self, user: User) -> Self:
        """All of them, to those who answer for what leaves: no row says more than how much, of what and why."""
        in_hub = user.organisation.kind == Organisation.Kind.HUB
        return self if in_hub and user.has(*SECOND) else self.none()

    def waiting(self, now: datetime) -> Self:
        return super().waiting(now).filter(cancelled_at__isnull=True)

    def to_agree(self, now: datetime) -> Self:
        """What waits for a second person, and is not too old for it."""
        unfinished = Q(asked_at__isnull=True, cancelled_at__isnull=True, finished_at__isnull=True)
        return self.filter(unfinished, agreed__isnull=True, needs_second=True, agree_by__gt=now)

    def to_tell_of(self, now: datetime) -> Self:
        """Nobody was written to about it yet."""
        return self.to_agree(now).filter(told_at__isnull=True)

    def over(self, now: datetime) -> Self:
        """Whose file has had its day."""
        return self.filter(kept_until__lte=now).exclude(file="")


class Agreed(Running):
    """A run that needs a second person's word once more people are in it than one may take alone."""

    class Word(models.TextChoices):
        """What became of the second person's word, while it is missing or was no."""

        WAITING = "waiting", "Waits for a second person"
        NOT_AGREED = "not_agreed", "Not agreed to"
        EXPIRED = "expired", "Nobody agreed in time"

    people = models.PositiveIntegerField(default=0)
    needs_second = models.BooleanField(default=False)
    agree_by = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True, editable=False)
    agreed = models.BooleanField(null=True, blank=True)
    agreed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_people = models.PositiveIntegerField(default=0, help_text="For how many they agreed.")
    answer_reason = models.TextField(blank=True, help_text="Why they did not agree, or what they add.")
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F("made_by")),
                name="nobody_agrees_to_their_own_%(class)s",
            ),
            models.CheckConstraint(
                # A check that comes to NULL holds: no word at all has to be said apart from a no.
                condition=Q(needs_second=False)
                | Q(asked_at__isnull=True)
                | Q(agreed__isnull=False, agreed=True),
                name="%(class)s_of_many_people_is_agreed_to_before_it_begins",
            ),
        )

    def state_at(self, now: datetime) -> models.TextChoices:
        """What the moments say; nothing else keeps it."""
        raise NotImplementedError

    def word_at(self, now: datetime) -> "Agreed.Word | None":
        """Nothing where no word is needed, or it was yes."""
        if self.agreed is False:
            return self.Word.NOT_AGREED
        if self.asked_at is not None or self.agree_by is None:
            return None
        return self.Word.WAITING if now < self.agree_by else self.Word.EXPIRED

    def mine(self, lease: Any) -> Any:
        return super().mine(lease).filter(cancelled_at__isnull=True)
