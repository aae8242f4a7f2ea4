"""What was destroyed: a line that stays when everything of the record is gone."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from intake.lifecycle import Role
from intake.models.organisation import Organisation
from intake.models.user import User
from intake.words import _


def answers_for_it(user: User) -> bool:
    """The hub's managers and data-protection officer, and an authority's managers."""
    return user.has(Role.MANAGER, Role.AUDITOR, Role.AUTHORITY_MANAGER)


class DisposalQuerySet(models.QuerySet["Disposal"]):
    def visible_to(self, user: User) -> Self:
        """The hub's see all, an authority's its own."""
        if not answers_for_it(user):
            return self.none()
        in_hub = user.organisation.kind == Organisation.Kind.HUB
        return self if in_hub else self.filter(authority=user.organisation)


class Disposal(models.Model):
    """One record that was destroyed, without a word of it. Written once: the database refuses to alter it."""

    class Record(models.TextChoices):
        DRAFT = "draft", _("Draft of an enquiry that was never sent")

    class Rule(models.TextChoices):
        LAST_DAY = "last_day", _("Nobody went on with it, and its last day had come")
        DISCARDED = "discarded", _("Somebody of the authority deleted it")

    authority = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    record = models.CharField(max_length=20, choices=Record, default=Record.DRAFT)
    reference = models.CharField(max_length=20, help_text="Of the record; it says nothing about anybody.")
    rule = models.CharField(max_length=20, choices=Rule)
    by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", help_text="Nobody for a rule."
    )
    kept_days = models.PositiveIntegerField(
        help_text="The rule's period as it held: days after the last change."
    )
    notice_days = models.PositiveIntegerField(help_text="And days after its author was told, at least.")
    last_changed_at = models.DateTimeField()
    told_at = models.DateTimeField(
        null=True, blank=True, help_text="When its author was told of the day; never where nobody could be."
    )
    disposed_at = models.DateTimeField(default=timezone.now)
    files = models.PositiveIntegerField(default=0)
    digest = models.CharField(
        max_length=64, help_text="HMAC-SHA-256 of what it said: a copy can be known again, nothing be read."
    )

    objects = DisposalQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index("authority", "disposed_at", "id", name="disposal_by_authority"),)
        constraints = (
            models.CheckConstraint(
                name="disposed_of_by_a_rule_or_by_a_person",
                condition=Q(rule="last_day", by__isnull=True) | Q(rule="discarded", by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def number(self) -> str:
        return f"DIS-{self.pk:06}"
