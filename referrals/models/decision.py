"""What was decided of each assessment asked for, and why."""

from typing import Self

from django.db import models
from django.db.models import Q

from intake.models import Assessment, Enquiry, Organisation, User


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, user: User) -> Self:
        """With the enquiry, in the hub and the authority; a service has no part in it."""
        if user.organisation.kind == Organisation.Kind.SERVICE:
            return self.none()
        return self.filter(enquiry__in=Enquiry.objects.visible_to(user))


class Decision(models.Model):
    """One decision, on the whole enquiry or on one assessment of it; later ones do not erase earlier ones."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        REDIRECTED = "redirected", "Redirected"

    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="decisions")
    assessment = models.ForeignKey(Assessment, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome)
    reason_code = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True, help_text="The rationale, or what the authority is told.")
    elsewhere = models.TextField(blank=True, help_text="Where else to go.")
    conflict_statement = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(outcome="declined") | ~Q(reason_code=""), name="decline_has_a_coded_reason"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="accepted") | ~Q(conflict_statement=""),
                name="acceptance_has_a_conflict_statement",
            ),
        )

    def __str__(self) -> str:
        return self.outcome

    @property
    def told(self) -> str:
        """What the authority is told; the rationale of an acceptance stays with us."""
        return "" if self.outcome == Decision.Outcome.ACCEPTED else self.text

    def text_for(self, user: User) -> str:
        return self.text if user.organisation.kind == Organisation.Kind.HUB else self.told
