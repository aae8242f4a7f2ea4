"""What the figures are counted from: derived from the history, never asked instead of it (decision 0042)."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from intake.lifecycle import Role
from intake.models import Enquiry, Organisation, User, book, open_to
from referrals.models import Referral


class UncountedQuerySet(models.QuerySet["Uncounted"]):
    def since(self) -> datetime | None:
        """From which moment on something is not in the figures yet; None when all is."""
        found: datetime | None = self.aggregate(since=models.Min("since"))["since"]
        return found


class Uncounted(models.Model):
    """An enquiry has a line of history that the figures have not read: a trigger says so (reports/uncounted.py)."""

    # A number and no reference: a line is written by a trigger, and asks nothing of another table.
    enquiry = models.BigIntegerField()
    since = models.DateTimeField()

    objects = UncountedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "uncounted"

    def __str__(self) -> str:
        return str(self.since)


class FactQuerySet(models.QuerySet["Fact"]):
    def visible_to(self, user: User) -> Self:
        """As visible as the enquiry; to a service as its referral, of the time when it was theirs."""
        kind = user.organisation.kind
        if kind == Organisation.Kind.SERVICE:
            return self.filter(
                referral__in=Referral.objects.visible_to(user), service_id=user.organisation_id
            )
        if kind == Organisation.Kind.HUB and user.has(Role.COORDINATOR, Role.MANAGER, Role.REVIEWER):
            # The hub sees all that was sent, and nothing else is counted: no need to ask each enquiry.
            return self.filter(open_to(user, "enquiry_id"), enquiry__isnull=False)
        return self.filter(enquiry__in=Enquiry.objects.visible_to(user))


class Fact(models.Model):
    """One thing that a figure counts: what happened, on which day, of what. All of it follows from the history."""

    # What was disposed of stays counted, and is no case any more.
    enquiry = models.ForeignKey(Enquiry, models.SET_NULL, null=True, related_name="+")
    referral = models.ForeignKey(Referral, models.SET_NULL, null=True, blank=True, related_name="+")
    measure = models.CharField(max_length=20)
    day = models.DateField()
    types = models.TextField(blank=True, help_text="Codes, with spaces around each.")
    authority = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    service = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    reason = models.CharField(max_length=40, blank=True)
    value = models.IntegerField(default=0, help_text="Working days, or how many.")
    restricted = models.BooleanField(default=False)

    objects = FactQuerySet.as_manager()

    class Meta:
        ordering = ("day", "id")
        indexes = (
            models.Index("measure", "day", "id", name="fact_by_measure"),
            models.Index("authority", "measure", "day", "id", name="fact_by_authority"),
            models.Index("service", "measure", "day", "id", name="fact_by_service"),
            models.Index("measure", "day", name="fact_restricted", condition=Q(restricted=True)),
        )

    def __str__(self) -> str:
        return f"{self.measure} {self.day}"

    @property
    def type_names(self) -> str:
        """What was asked for, in words."""
        types = book().types
        return ", ".join(types[code].name if code in types else code for code in self.types.split())


class DailySum(models.Model):
    """How many facts of a measure there were on a day: everywhere or in a nation, of all, of one type or one service.

    An empty `place`, `type` or a `service` of 0 stands for all of them together, so that each question is one slice.
    What is restricted is in no sum: not everybody may know of it. Of one authority there are few: those are counted.
    """

    place = models.CharField(max_length=10, blank=True, help_text="A nation.")
    type = models.CharField(max_length=40, blank=True)
    service = models.BigIntegerField(default=0)
    measure = models.CharField(max_length=20)
    day = models.DateField()
    reason = models.CharField(max_length=40, blank=True)
    value = models.IntegerField()
    number = models.IntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("place", "type", "service", "measure", "day", "reason", "value"),
                name="sum_stands_once_a_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.measure} {self.day}: {self.number}"
