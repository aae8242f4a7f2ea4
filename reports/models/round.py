"""When the worker last looked."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

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
