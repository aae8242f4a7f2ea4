"""Who changed a setting that is data, when and why; and from which day due moments are to be computed anew."""

from typing import Self

from django.db import models
from django.utils import timezone

from intake.lifecycle import Role
from intake.models.user import User


class SettingChangeQuerySet(models.QuerySet["SettingChange"]):
    def visible_to(self, user: User) -> Self:
        """The hub's own: how it came to its settings is nobody else's."""
        may = user.has(Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR)
        return self if may else self.none()


class SettingChange(models.Model):
    """One change of a dated row, or its being taken back. Written once: the database refuses to alter it."""

    class Verb(models.TextChoices):
        CHANGED = "changed", "Changed"
        TAKEN_BACK = "taken_back", "Taken back"

    table = models.CharField(max_length=20, db_index=True, help_text="Which kind of setting.")
    about = models.CharField(max_length=200, help_text="Which row, in words.")
    verb = models.CharField(max_length=10, choices=Verb, default=Verb.CHANGED)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=120, help_text="As they were called then.")
    at = models.DateTimeField(default=timezone.now)
    valid_from = models.DateField()
    reason = models.TextField(blank=True)
    changed = models.JSONField(default=list, help_text="[what, before, after], in words.")

    objects = SettingChangeQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.about} from {self.valid_from}"

    def lines(self) -> list[str]:
        """Working days: 2, before 1"""
        return [
            f"{what}: {after or 'none'}, before {before or 'none'}" for what, before, after in self.changed
        ]


class Recount(models.Model):
    """Due moments on this day or later are to be computed anew, once no process holds the earlier book."""

    since = models.DateField()
    asked_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"from {self.since}"
