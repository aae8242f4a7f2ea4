"""Oversight: what a manager decided or asked, when work counts as drifting, and second opinions on risk."""

from datetime import date
from typing import Self, TypeVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from intake.models import Enquiry, Organisation, Risk, User
from intake.models.reference import Dated
from referrals.models.referral import Referral

M = TypeVar("M", bound=models.Model)


class OverseenQuerySet(models.QuerySet[M]):
    def visible_to(self, user: User) -> Self:
        """To the hub with the enquiry, to a service with its referral; an authority has no part in it."""
        kind = user.organisation.kind
        if kind == Organisation.Kind.HUB:
            # Asked of each row: of all the enquiries that somebody sees, a list here names few.
            its_own = Coalesce(OuterRef("enquiry_id"), OuterRef("referral__enquiry_id"))
            return self.filter(Exists(Enquiry.objects.visible_to(user).filter(pk=its_own)))
        if kind == Organisation.Kind.SERVICE:
            return self.filter(referral__in=Referral.objects.visible_to(user))
        return self.none()

    def about(self, subject: Enquiry | Referral) -> Self:
        """Of this very referral, or of the enquiry itself."""
        if isinstance(subject, Referral):
            return self.filter(referral=subject)
        return self.filter(enquiry=subject, referral__isnull=True)


class Overseen(models.Model):
    """Something about an enquiry, or about one referral of it."""

    enquiry = models.ForeignKey(Enquiry, models.PROTECT, null=True, related_name="%(class)s_rows")
    referral = models.ForeignKey(
        Referral, models.PROTECT, null=True, blank=True, related_name="%(class)s_rows"
    )

    class Meta:
        abstract = True

    @property
    def subject(self) -> Enquiry | Referral:
        """What it is about: the referral, or the enquiry as a whole."""
        found = self.referral or self.enquiry
        assert found is not None, "Oversight is of something."
        return found


class ChallengeQuerySet(OverseenQuerySet["Challenge"]):
    """With the rule of who sees it."""


class Challenge(Overseen):
    """A question to the work; while it is open no report is handed in and nothing is closed."""

    text = models.TextField()
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        ordering = ("raised_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | ~Q(answer=""), name="answered_challenge_has_an_answer"
            ),
        )

    def __str__(self) -> str:
        return f"Challenge {self.pk}"


class OversightEntryQuerySet(OverseenQuerySet["OversightEntry"]):
    def overdue(self, today: date) -> Self:
        """With an action that should have been done."""
        return self.filter(due_on__lt=today, done_at__isnull=True)


class OversightEntry(Overseen):
    """A manager's or reviewer's entry: a decision, a challenge or both; what is to be done, by whom, by when."""

    decision = models.TextField(blank=True)
    challenge = models.OneToOneField(Challenge, models.PROTECT, null=True, blank=True, related_name="entry")
    action = models.TextField(blank=True)
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(blank=True)

    objects = OversightEntryQuerySet.as_manager()

    class Meta:
        ordering = ("entered_at", "id")
        verbose_name_plural = "oversight entries"
        constraints = (
            models.CheckConstraint(
                condition=~Q(decision="") | Q(challenge__isnull=False),
                name="oversight_decides_or_challenges",
            ),
            models.CheckConstraint(
                condition=Q(action="", owner__isnull=True, due_on__isnull=True)
                | (~Q(action="") & Q(owner__isnull=False, due_on__isnull=False)),
                name="oversight_action_has_owner_and_day",
            ),
        )
        indexes = (
            models.Index(
                "due_on",
                "id",
                name="oversight_to_do",
                condition=Q(due_on__isnull=False, done_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"Oversight {self.pk}"


class DriftRule(Dated):
    """From when until when: after how many days without an event work counts as drifting. Own practice."""

    code = models.CharField(max_length=30)
    days = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("code", "valid_from")
        constraints = (models.UniqueConstraint("code", "valid_from", name="drift_rule_starts_once_a_day"),)

    def __str__(self) -> str:
        return f"{self.code}: {self.days} days"


class RiskOpinionQuerySet(models.QuerySet["RiskOpinion"]):
    def visible_to(self, user: User) -> Self:
        """As visible as the enquiry, to the hub."""
        if user.organisation.kind != Organisation.Kind.HUB:
            return self.none()
        return self.filter(enquiry__in=Enquiry.objects.visible_to(user))

    def given(self) -> Self:
        return self.filter(given_at__isnull=False)


class RiskOpinion(models.Model):
    """A second rating of a risk, by somebody who was asked: beside the first, never over it."""

    class Confidence(models.TextChoices):
        HIGH = "high", "High"
        MEDIUM = "medium", "Medium"
        LOW = "low", "Low"

    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="risk_opinions")
    about = models.CharField(max_length=10, choices=Risk.About)
    first_level = models.CharField(
        max_length=20, blank=True, help_text="As it was rated when this was asked."
    )
    question = models.TextField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_of = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    level = models.CharField(max_length=20, blank=True)
    evidence_for = models.TextField(blank=True)
    evidence_against = models.TextField(blank=True)
    confidence = models.CharField(max_length=10, choices=Confidence, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)

    objects = RiskOpinionQuerySet.as_manager()

    class Meta:
        ordering = ("asked_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("enquiry", "about", "asked_of"),
                condition=Q(given_at__isnull=True),
                name="opinion_is_asked_once",
            ),
            models.CheckConstraint(condition=~Q(asked_by=F("asked_of")), name="nobody_seconds_themselves"),
            models.CheckConstraint(
                condition=Q(given_at__isnull=True)
                | ~Q(level="") & ~Q(evidence_for="") & ~Q(evidence_against="") & ~Q(confidence=""),
                name="opinion_weighs_both_sides",
            ),
        )

    def __str__(self) -> str:
        return f"{self.about}: {self.level or 'asked'}"

    @property
    def differs(self) -> bool:
        return bool(self.given_at) and self.level != self.first_level
