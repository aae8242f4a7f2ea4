"""A decision held for a second person, where the risk rating and what is known disagree."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from intake.models import Enquiry, Organisation, User

# Steps that leave what was proposed as it was.
HARMLESS = ("enquiry.claim", "enquiry.take_over")


class SecondLookQuerySet(models.QuerySet["SecondLook"]):
    def visible_to(self, user: User) -> Self:
        """As visible as the enquiry, to the hub."""
        if user.organisation.kind != Organisation.Kind.HUB:
            return self.none()
        return self.filter(enquiry__in=Enquiry.objects.visible_to(user))

    def waiting(self) -> Self:
        return self.filter(outcome="")


class SecondLook(models.Model):
    """What one person proposes and another confirms or returns; all that was typed is kept."""

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", "Confirmed"
        RETURNED = "returned", "Returned"
        OVERTAKEN = "overtaken", "Overtaken by a change"

    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="second_looks")
    transition = models.CharField(max_length=20)
    facts = models.JSONField(help_text="What the decision is made with, as it was proposed.")
    reasons = models.JSONField(help_text="In which the rating and the facts disagree, in words.")
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    # The last line of history that the proposer had seen.
    sequence = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    reason = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = SecondLookQuerySet.as_manager()

    class Meta:
        ordering = ("proposed_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("enquiry",), condition=Q(outcome=""), name="one_second_look_waits_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="confirmed") | ~Q(answered_by=F("proposed_by")),
                name="nobody_confirms_their_own_decision",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="returned") | ~Q(reason=""), name="returned_decision_says_why"
            ),
        )

    def __str__(self) -> str:
        return f"{self.transition} {self.outcome or 'waits'}"

    @property
    def is_overtaken(self) -> bool:
        """Whether the enquiry has moved or was amended since: what was proposed then may not hold now."""
        later = self.enquiry.events.changes().filter(
            subject=self.enquiry.reference, sequence__gt=self.sequence
        )
        return later.exclude(verb__in=HARMLESS).exists()
