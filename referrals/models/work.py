"""The work on a referral: offers, who led it when, evidence, children seen, challenges."""

from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from intake.models import Organisation, Person, User
from referrals.models.referral import Referral

M = TypeVar("M", bound=models.Model)


class OfReferralQuerySet(models.QuerySet[M]):
    def visible_to(self, user: User) -> Self:
        """As visible as the referral."""
        return self.filter(referral__in=Referral.objects.visible_to(user))


class OfReferral(models.Model):
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="%(class)s_rows")

    objects = OfReferralQuerySet.as_manager()

    class Meta:
        abstract = True


class Offer(OfReferral):
    """An offer to a service, and what came of it."""

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        RECALLED = "recalled", "Recalled"
        LAPSED = "lapsed", "Lapsed"
        CANCELLED = "cancelled", "Cancelled"

    service = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reply_by = models.DateField()
    override_reason = models.TextField(blank=True)
    suggested = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who we think could lead it.",
    )
    offered_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ("offered_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("referral",), condition=Q(answer=""), name="referral_has_one_open_offer"
            ),
        )

    def __str__(self) -> str:
        return f"{self.referral} to {self.service}"


class Allocation(OfReferral):
    """Who worked on it, from when until when, and why they changed: one live lead, at most one beside them."""

    class Part(models.TextChoices):
        LEAD = "lead", "Lead"
        CO_WORKER = "co_worker", "Co-worker"

    part = models.CharField(max_length=10, choices=Part, default=Part.LEAD)
    assessor = models.ForeignKey(User, models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    override_reason = models.TextField(blank=True)
    conflict_statement = models.TextField(blank=True)

    class Meta:
        ordering = ("since", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("referral", "part"),
                condition=Q(until__isnull=True),
                name="referral_has_one_live_lead_and_co_worker",
            ),
        )

    def __str__(self) -> str:
        return f"{self.referral}: {self.assessor}"


class Evidence(OfReferral):
    """A source that was asked: received, or not available and why."""

    class State(models.TextChoices):
        ASKED = "asked", "Asked"
        RECEIVED = "received", "Received"
        NOT_AVAILABLE = "not_available", "Not available"

    source = models.CharField(max_length=160)
    state = models.CharField(max_length=15, choices=State, default=State.ASKED)
    why = models.TextField(blank=True)
    asked_on = models.DateField(null=True, blank=True)
    received_on = models.DateField(null=True, blank=True)
    chased = models.PositiveSmallIntegerField(default=0, help_text="How often they were asked again.")
    chased_on = models.DateField(null=True, blank=True, help_text="When they were last asked again.")
    logged_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    logged_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "evidence"
        constraints = (
            models.UniqueConstraint("referral", "source", name="source_stands_once_in_the_evidence_log"),
            models.CheckConstraint(
                condition=~Q(state="not_available") | ~Q(why=""), name="evidence_not_available_says_why"
            ),
        )

    def __str__(self) -> str:
        return f"{self.source}: {self.state}"


class ChildSeen(OfReferral):
    """Said with the report: a child was seen, with their views; or was not, and why. Visits say it as one goes."""

    child = models.ForeignKey(Person, models.PROTECT, related_name="+")
    seen_on = models.DateField(null=True, blank=True)
    views = models.TextField(blank=True)
    not_seen_why = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint("referral", "child", name="child_is_recorded_once"),
            models.CheckConstraint(
                condition=(Q(seen_on__isnull=False) & ~Q(views="")) | ~Q(not_seen_why=""),
                name="child_seen_with_views_or_the_reason_why_not",
            ),
        )

    def __str__(self) -> str:
        return f"{self.referral}: {self.child}"
