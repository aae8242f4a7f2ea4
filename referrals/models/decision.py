"""What was decided of each assessment asked for, and why."""

from typing import Self

from django.db import models
from django.db.models import Q

from intake.models import Assessment, Enquiry, Organisation, User


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, user: User) -> Self:
        """With the enquiry, in the hub and the authority; a service has no part in it.

        What was undone was never told, and stays in the hub.
        """
        if user.organisation.kind == Organisation.Kind.SERVICE:
            return self.none()
        rows = self if user.organisation.kind == Organisation.Kind.HUB else self.standing()
        return rows.filter(enquiry__in=Enquiry.objects.visible_to(user))

    def standing(self) -> Self:
        """Those that nobody took back."""
        return self.filter(undone_at__isnull=True)


class Decision(models.Model):
    """One decision, on the whole enquiry or on one assessment of it; later ones do not erase earlier ones."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        REDIRECTED = "redirected", "Redirected"

    class Conflicted(models.TextChoices):
        NONE = "none", "None known"
        DECLARED = "declared", "Declared"

    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="decisions")
    assessment = models.ForeignKey(Assessment, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome)
    reason_code = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True, help_text="The rationale, or what the authority is told.")
    elsewhere = models.TextField(blank=True, help_text="Where else to go.")
    conflict_statement = models.TextField(blank=True)
    conflict = models.CharField(max_length=10, choices=Conflicted, blank=True)
    conflict_with = models.CharField(max_length=200, blank=True, help_text="About whom it was declared.")
    conflict_handled = models.TextField(blank=True, help_text="What was done about it.")
    late_reason = models.TextField(blank=True, help_text="Why it is accepted though the forecast is late.")
    forecast = models.CharField(max_length=200, blank=True, help_text="The forecast it was decided on.")
    proposed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", help_text="With a second look."
    )
    undone_at = models.DateTimeField(null=True, blank=True)
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
            models.CheckConstraint(
                condition=~Q(conflict="declared") | (~Q(conflict_with="") & ~Q(conflict_handled="")),
                name="declared_conflict_says_about_whom_and_what_was_done",
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
