"""The quality review of a report: what was looked at, what was found, how good it was."""

from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from intake.models import Attachment, Organisation, User
from referrals.models.work import OfReferral, OfReferralQuerySet

M = TypeVar("M", bound=models.Model)


class BetweenQuerySet(OfReferralQuerySet[M]):
    def visible_to(self, user: User) -> Self:
        """As visible as the referral, between the hub and the service: an authority reads the report itself."""
        if user.organisation.kind not in (Organisation.Kind.HUB, Organisation.Kind.SERVICE):
            return self.none()
        return super().visible_to(user)


class Review(OfReferral):
    """One reading by another person, that sent the report back or let it go."""

    class Outcome(models.TextChoices):
        SENT_BACK = "sent_back", "Sent back"
        DELIVERED = "delivered", "Delivered"

    number = models.PositiveSmallIntegerField(help_text="The reviews of one referral, from 1.")
    report = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome)
    grade = models.CharField(max_length=40, blank=True)
    missed_why = models.TextField(blank=True, help_text="Why the report came after the day it was needed.")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = BetweenQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint("referral", "number", name="review_has_its_own_number"),)

    def __str__(self) -> str:
        return f"{self.referral} review {self.number}"


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(review__in=Review.objects.visible_to(user))


class Finding(models.Model):
    """One criterion of a review: met or not, and what there is to say."""

    class Verdict(models.TextChoices):
        MET = "met", "Met"
        NOT_MET = "not_met", "Not met"
        NOT_APPLICABLE = "not_applicable", "Does not apply"

    review = models.ForeignKey(Review, models.CASCADE, related_name="findings")
    criterion = models.CharField(max_length=40)
    verdict = models.CharField(max_length=15, choices=Verdict)
    comment = models.TextField(blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint("review", "criterion", name="criterion_is_judged_once_in_a_review"),
            models.CheckConstraint(
                condition=Q(verdict="met") | ~Q(comment=""), name="criterion_not_met_says_why"
            ),
        )

    def __str__(self) -> str:
        return f"{self.criterion}: {self.verdict}"


class Defect(OfReferral):
    """What a reviewer sent a report back for, and whether a later review found it mended."""

    review = models.ForeignKey(
        Review, models.PROTECT, null=True, blank=True, db_index=False, related_name="defects"
    )
    code = models.CharField(max_length=40)
    text = models.TextField()
    found_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    mended = models.BooleanField(null=True, blank=True, help_text="Empty: not looked at again yet.")
    judged_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = BetweenQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("found_at", "id")

    def __str__(self) -> str:
        return self.code

    @property
    def mended_label(self) -> str:
        return {None: "Not looked at again yet", True: "Mended", False: "Not mended"}[self.mended]


class Addendum(OfReferral):
    """Questions after the report, numbered, with a day of their own; the report before it stays as it was sent."""

    number = models.PositiveSmallIntegerField(help_text="The addenda of one referral, from 1.")
    questions = models.JSONField(default=list)
    needed_by = models.DateField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    adds_to = models.ForeignKey(
        Attachment, models.PROTECT, null=True, related_name="+", help_text="The report before it."
    )
    report = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")
    delivered_at = models.DateTimeField(null=True, blank=True)
    met = models.BooleanField(null=True, blank=True, help_text="Delivered by the day it was needed.")

    class Meta:
        ordering = ("number",)
        verbose_name_plural = "addenda"
        constraints = (
            models.UniqueConstraint("referral", "number", name="addendum_has_its_own_number"),
            models.UniqueConstraint(
                fields=("referral",),
                condition=Q(delivered_at__isnull=True),
                name="referral_has_one_open_addendum",
            ),
        )

    def __str__(self) -> str:
        return f"{self.referral} addendum {self.number}"
