"""A few words to everybody, or to some, for a while: on top of every page."""

import time
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from intake.models.organisation import Organisation
from intake.models.user import User

SECONDS = 60
_shelf: dict[str, tuple[float, list["Banner"]]] = {}


class BannerQuerySet(models.QuerySet["Banner"]):
    def not_over(self, now: datetime) -> Self:
        return self.filter(taken_down_at__isnull=True, until__gt=now)


class Banner(models.Model):
    class Audience(models.TextChoices):
        EVERYBODY = "everybody", "Everybody"
        AUTHORITY = Organisation.Kind.AUTHORITY.value, "Authorities"
        SERVICE = Organisation.Kind.SERVICE.value, "Assessment services"
        HUB = Organisation.Kind.HUB.value, "The triage team"

    class Tone(models.TextChoices):
        NOTICE = "notice", "A notice"
        WARNING = "warning", "A warning"

    text = models.CharField(max_length=300)
    tone = models.CharField(max_length=10, choices=Tone, default=Tone.NOTICE)
    audience = models.CharField(max_length=20, choices=Audience, default=Audience.EVERYBODY)
    since = models.DateTimeField()
    until = models.DateTimeField()
    put_up_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    put_up_at = models.DateTimeField()
    taken_down_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    taken_down_at = models.DateTimeField(null=True)

    objects = BannerQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(until__gt=models.F("since")), name="banner_ends_after_it_begins"
            ),
        )

    def __str__(self) -> str:
        return f"{self.tone} until {self.until:%Y-%m-%d}"

    def is_for(self, kind: str) -> bool:
        return self.audience in (self.Audience.EVERYBODY, kind)


def standing(kind: str, now: datetime) -> list[Banner]:
    """What is said now to organisations of this kind; read from the table once a minute in each process."""
    read_at, rows = _shelf.get("rows", (0.0, []))
    if "rows" not in _shelf or time.monotonic() - read_at > SECONDS:
        rows = list(Banner.objects.not_over(now))
        _shelf["rows"] = (time.monotonic(), rows)
    return [row for row in rows if row.since <= now < row.until and row.is_for(kind)]


def forget() -> None:
    """What was just changed here is seen here at once."""
    _shelf.clear()
