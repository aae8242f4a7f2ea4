"""Work on many rows that outlives a request: taken by one worker at a time, and by another if that one is killed."""

from datetime import datetime, timedelta
from typing import Any, Self, TypeVar
from uuid import UUID, uuid4

from django.db import models, transaction
from django.db.models import F, Q

from intake.lifecycle import Role
from intake.models import Organisation, User

LEASE = timedelta(seconds=60)
DEATHS_ALLOWED = 3
WORKERS = (Role.COORDINATOR, Role.MANAGER)
M = TypeVar("M", bound=models.Model)


def may_run(user: User) -> bool:
    """The hub's triage: whoever may claim, offer and decide."""
    return user.organisation.kind == Organisation.Kind.HUB and user.has(*WORKERS)


class RunningQuerySet(models.QuerySet[M]):
    def waiting(self, now: datetime) -> Self:
        """Asked for and not finished, in nobody's hands."""
        free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
        return self.filter(free, asked_at__isnull=False, finished_at__isnull=True)

    def claim(self, now: datetime) -> M | None:
        """Take the one that waited longest, with a lease: whoever is killed holding it loses it."""
        for pk in self.waiting(now).order_by("asked_at", "pk").values_list("pk", flat=True)[:20]:
            with transaction.atomic():
                mine = self.waiting(now).filter(pk=pk)
                won = mine.update(lease=uuid4(), leased_until=now + LEASE, attempts=F("attempts") + 1)
            if won:
                manager: Any = self.model._default_manager
                return manager.select_related("made_by__organisation").get(pk=pk)  # type: ignore[no-any-return]
        return None


class Running(models.Model):
    """When it was asked for, who has it in hand, when it was done; a random name for its address."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False, help_text="Its name in addresses.")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True, help_text="When somebody said: do it.")
    finished_at = models.DateTimeField(null=True, blank=True)
    why_given_up = models.CharField(max_length=200, blank=True)
    lease = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.uid)

    @property
    def running(self) -> bool:
        return self.asked_at is not None and self.finished_at is None

    def mine(self, lease: UUID | None) -> Any:
        """This row, while the lease is ours."""
        return type(self)._default_manager.filter(pk=self.pk, lease=lease, leased_until__isnull=False)
