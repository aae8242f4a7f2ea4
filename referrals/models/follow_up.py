"""What became of it: asked of the authority three and six months after the end."""

from django.db import models
from django.db.models import Q

from intake.models import User
from referrals.models.work import OfReferral


class FollowUp(OfReferral):
    """One question to the authority on a day, and its answer. A reopened referral's open questions fall away."""

    class Followed(models.TextChoices):
        YES = "yes", "Yes"
        PARTLY = "partly", "In part"
        NO = "no", "No"
        NOT_KNOWN = "not_known", "Not known"

    class Lives(models.TextChoices):
        PARENTS = "parents", "With a parent"
        FAMILY = "family", "With family or friends"
        FOSTER = "foster", "With foster carers"
        ADOPTED = "adopted", "With adopters"
        RESIDENTIAL = "residential", "In a residential placement"
        ALONE = "alone", "On their own, or supported"
        SEVERAL = "several", "Several children, in different places"
        ELSEWHERE = "elsewhere", "Elsewhere"
        NOT_KNOWN = "not_known", "Not known"

    number = models.PositiveSmallIntegerField(help_text="The follow-ups of one referral, from 1.")
    months = models.PositiveSmallIntegerField(help_text="About so many months after it was closed.")
    due_on = models.DateField()
    asked_at = models.DateTimeField(null=True, blank=True)
    outcome_code = models.CharField(max_length=40, blank=True)
    followed = models.CharField(
        max_length=10, choices=Followed, blank=True, help_text="Whether the recommendation was."
    )
    lives = models.CharField(max_length=15, choices=Lives, blank=True, help_text="Where the child lives now.")
    text = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True, help_text="The referral was reopened.")

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint("referral", "number", name="follow_up_has_its_own_number"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | ~Q(outcome_code=""),
                name="answered_follow_up_has_an_outcome",
            ),
        )
        indexes = (
            models.Index(
                "due_on",
                "id",
                name="follow_up_to_ask",
                condition=Q(asked_at__isnull=True, answered_at__isnull=True, dropped_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.referral} follow-up {self.number}"

    @property
    def state_label(self) -> str:
        if self.answered_at:
            return "Answered"
        if self.dropped_at:
            return "Not asked: reopened"
        return "Asked, not answered yet" if self.asked_at else "To be asked"
