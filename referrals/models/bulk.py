"""One act on many enquiries or referrals: what was chosen, what would become of each, and what did."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Count, Q

from intake.models import Enquiry, User
from referrals.models.referral import Referral
from referrals.models.running import Running, RunningQuerySet, may_run


class BulkRunQuerySet(RunningQuerySet["BulkRun"]):
    def visible_to(self, user: User) -> Self:
        """Whoever made it, as long as they are of the hub's triage."""
        return self.filter(made_by=user) if may_run(user) else self.none()

    def old(self, before: datetime) -> Self:
        return self.filter(made_at__lt=before)


class BulkRun(Running):
    """An act with its arguments, over the rows that were chosen when it was previewed."""

    class Act(models.TextChoices):
        ASSIGN = "assign", "Assign"
        OFFER = "offer", "Offer"
        FLAG = "flag", "Flag"

    act = models.CharField(max_length=10, choices=Act)
    arguments = models.JSONField(default=dict, blank=True)
    query = models.TextField(blank=True, help_text="Of all that matched; empty for rows that were ticked.")
    # What was chosen and how, as a hash: the same name for something else is refused.
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)

    objects = BulkRunQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at", "-id")
        indexes = (
            models.Index(
                "asked_at",
                name="bulk_unfinished",
                condition=Q(asked_at__isnull=False, finished_at__isnull=True),
            ),
        )

    def pending(self) -> "BulkRowQuerySet":
        """The rows still to be done."""
        return BulkRow.objects.filter(run=self, outcome=BulkRow.Outcome.READY).order_by("number")

    def counts(self) -> dict[str, int]:
        """How many rows stand at each outcome."""
        found = dict(self.rows.values_list("outcome").annotate(number=Count("pk")).order_by())
        return {value: found.get(value, 0) for value in BulkRow.Outcome.values}


class BulkRowQuerySet(models.QuerySet["BulkRow"]):
    def visible_to(self, user: User) -> Self:
        """As visible as the run; of an enquiry that is not theirs to see any more, nothing."""
        runs = BulkRun.objects.visible_to(user)
        seen = Q(enquiry__isnull=True) | Q(enquiry__in=Enquiry.objects.visible_to(user))
        return self.filter(seen, run__in=runs)


class BulkRow(models.Model):
    """One row of a run: possible or not at the preview, and the one outcome when it was done."""

    class Outcome(models.TextChoices):
        READY = "ready", "Can be done"
        LEFT = "left", "Left out"
        DONE = "done", "Done"
        REFUSED = "refused", "Refused"

    run = models.ForeignKey(BulkRun, models.CASCADE, db_index=False, related_name="rows")
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=16, help_text="As it was chosen.")
    # Nothing, where there is nothing that this person can see.
    enquiry = models.ForeignKey(Enquiry, models.CASCADE, null=True, blank=True, related_name="+")
    referral = models.ForeignKey(Referral, models.CASCADE, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=0, help_text="Of what it is done to, at the preview.")
    outcome = models.CharField(max_length=10, choices=Outcome)
    says = models.TextField(blank=True, help_text="What will happen, did happen, or why not.")

    objects = BulkRowQuerySet.as_manager()

    class Meta:
        ordering = ("run", "number")
        constraints = (models.UniqueConstraint("run", "number", name="bulk_row_stands_once"),)

    def __str__(self) -> str:
        return f"{self.run_id}, row {self.number}"
