"""Visits to a family: planned, done or cancelled, and whom the assessor met there."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from intake.models import Person, User
from referrals.models.referral import Referral
from referrals.models.work import OfReferral, OfReferralQuerySet


class VisitQuerySet(OfReferralQuerySet["Visit"]):
    def planned(self) -> Self:
        """Still to be made."""
        return self.filter(done_on__isnull=True, cancelled_at__isnull=True)

    def done(self) -> Self:
        return self.filter(done_on__isnull=False)


class Visit(OfReferral):
    """One visit of an assessment; whoever leads the referral makes it. No address: where is for who goes there."""

    number = models.PositiveSmallIntegerField(help_text="The visits of one referral, from 1.")
    kind = models.CharField(max_length=40)
    planned_at = models.DateTimeField(help_text="When it is to begin.")
    minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How long it was, with the way."
    )
    done_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_why = models.TextField(blank=True)
    planned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = VisitQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("planned_at", "id")
        constraints = (
            models.UniqueConstraint("referral", "number", name="visit_has_its_own_number"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(cancelled_at__isnull=True),
                name="visit_is_done_or_cancelled_not_both",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | ~Q(cancelled_why=""), name="cancelled_visit_says_why"
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(made_by__isnull=False), name="visit_done_says_by_whom"
            ),
        )
        indexes = (
            models.Index(
                "planned_at",
                name="visit_still_planned",
                condition=Q(done_on__isnull=True, cancelled_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.referral} visit {self.number}"

    @property
    def state(self) -> str:
        if self.done_on:
            return "done"
        return "cancelled" if self.cancelled_at else "planned"

    @property
    def state_label(self) -> str:
        return "Not written up" if self.overdue else self.state.capitalize()

    @property
    def overdue(self) -> bool:
        """Its day has passed, and nobody has said what became of it."""
        return self.state == "planned" and self.day < timezone.localdate()

    @property
    def day(self) -> date:
        return self.done_on or timezone.localdate(self.planned_at)


class MetQuerySet(models.QuerySet["Met"]):
    def visible_to(self, user: User) -> Self:
        """As visible as the referral."""
        return self.filter(visit__referral__in=Referral.objects.visible_to(user))


class Met(models.Model):
    """Somebody of the enquiry who was met on a visit, alone or not; of a child also their views."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="met_rows")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    alone = models.BooleanField(null=True, blank=True)
    views = models.TextField(blank=True)

    objects = MetQuerySet.as_manager()

    class Meta:
        ordering = ("person__part", "person__position")
        constraints = (models.UniqueConstraint("visit", "person", name="person_is_met_once_on_a_visit"),)

    def __str__(self) -> str:
        return f"{self.visit}: {self.person}"
