"""What weighs how much, as rows the office changes from a day on; and who changed them, when and why."""

from dataclasses import fields
from typing import Self

from django.db import models
from django.utils import timezone

from intake.lifecycle import Role
from intake.models.reference import Dated
from intake.models.user import User
from intake.weights import MOST_POINTS, Factor, Weight


class PriorityWeight(Dated):
    """The points of one factor at a limit or for a code; the latest that has begun counts, earlier ones stay."""

    factor = models.CharField(max_length=12, choices=[(one.value, one.value.capitalize()) for one in Factor])
    code = models.CharField(max_length=40, blank=True, help_text="Of the law, the risk or what prompted it.")
    limit = models.PositiveSmallIntegerField(default=0, help_text="Where the factor is a number.")
    points = models.PositiveSmallIntegerField(help_text="None puts the row out of force.")
    label = models.CharField(max_length=80, help_text="What the reason says, in words.")
    valid_from = models.DateField()

    class Meta:
        ordering = ("factor", "code", "limit", "valid_from")
        constraints = (
            models.UniqueConstraint("factor", "code", "limit", "valid_from", name="weight_starts_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(points__lte=MOST_POINTS), name="weight_is_below_a_band"
            ),
        )

    def __str__(self) -> str:
        return f"{self.factor} {self.code or self.limit}: {self.points} from {self.valid_from}"

    def plain(self) -> Weight:
        """The row as the rules read it."""
        return Weight(**{field.name: getattr(self, field.name) for field in fields(Weight)})


class WeightsChangeQuerySet(models.QuerySet["WeightsChange"]):
    def visible_to(self, user: User) -> Self:
        """The hub's own: how it orders its work is nobody else's."""
        return (
            self
            if user.has(Role.MANAGER, Role.COORDINATOR, Role.AUDITOR, Role.ADMINISTRATOR)
            else self.none()
        )


class WeightsChange(models.Model):
    """One change of the weights: who, when, from which day, why, and each row before and after."""

    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=120, help_text="As they were called then.")
    at = models.DateTimeField(default=timezone.now)
    valid_from = models.DateField()
    reason = models.TextField()
    changed = models.JSONField(default=list, help_text="[factor, code, limit, label, before, after].")
    spread_at = models.DateTimeField(null=True, help_text="When the round took it up.")
    moved = models.PositiveIntegerField(default=0, help_text="Open enquiries whose band it changed that day.")

    objects = WeightsChangeQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.by_name} from {self.valid_from}"

    def lines(self) -> list[str]:
        """contact risk: 12, before 8"""
        return [f"{label}: {after} points, before {before}" for *_, label, before, after in self.changed]

    @property
    def begun(self) -> bool:
        return self.valid_from <= timezone.localdate()
