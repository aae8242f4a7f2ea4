"""A plan of the whole waiting list: what was asked, what came out for each referral, what became of it."""

from typing import Self

from django.db import models
from django.db.models import Q

from intake.models import Organisation, User
from referrals.models.referral import Referral
from referrals.models.running import Running, RunningQuerySet, may_run


class PlanRunQuerySet(RunningQuerySet["PlanRun"]):
    def visible_to(self, user: User) -> Self:
        """The hub's triage, all of it: a colleague's plan is theirs to apply."""
        return self.all() if may_run(user) else self.none()


class PlanRun(Running):
    """Asked for by somebody for some of the waiting referrals; solved by the worker; applied row by row."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting to be worked out"
        SOLVING = "solving", "Being worked out"
        READY = "ready", "Ready to be looked at"
        OFFERING = "offering", "Offers are being made"
        GIVEN_UP = "given_up", "Stopped: it could not be worked out"

    ENDED = (State.READY, State.GIVEN_UP)

    query = models.TextField(blank=True, help_text="Which of the waiting referrals; empty for all.")
    total = models.PositiveIntegerField(default=0)
    solved_at = models.DateTimeField(null=True, blank=True)
    # Equal for equal referrals, people and hours: then the plan is equal too.
    input_hash = models.CharField(max_length=64, blank=True, editable=False)
    figures = models.JSONField(default=dict, blank=True, help_text="Seconds, score, gap, and best-first's.")

    objects = PlanRunQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at", "-id")
        indexes = (
            models.Index(
                "asked_at",
                name="plan_unfinished",
                condition=Q(asked_at__isnull=False, finished_at__isnull=True),
            ),
        )

    def pending(self) -> "PlanRowQuerySet":
        """The rows still to be offered."""
        return PlanRow.objects.filter(run=self, outcome=PlanRow.Outcome.ASKED).order_by("number")

    @property
    def state(self) -> "PlanRun.State":
        """What the moments say; nothing else keeps it."""
        if self.why_given_up:
            return self.State.GIVEN_UP
        if self.solved_at is None:
            return self.State.SOLVING if self.leased_until else self.State.WAITING
        return self.State.OFFERING if self.running else self.State.READY


class PlanRowQuerySet(models.QuerySet["PlanRow"]):
    def visible_to(self, user: User) -> Self:
        """As visible as the referral, in a plan that one may see."""
        runs = PlanRun.objects.visible_to(user)
        return self.filter(run__in=runs, referral__in=Referral.objects.visible_to(user))


class PlanRow(models.Model):
    """What the plan says of one referral: with whom and why, or why not; and what became of it."""

    class Outcome(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        UNPLACED = "unplaced", "Not placed"
        ASKED = "asked", "Being offered"
        DONE = "done", "Offered"
        REFUSED = "refused", "Changed meanwhile"

    run = models.ForeignKey(PlanRun, models.CASCADE, db_index=False, related_name="rows")
    number = models.PositiveIntegerField()
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="+")
    version = models.PositiveIntegerField(help_text="Of the referral when it was read.")
    hours = models.PositiveSmallIntegerField()
    band = models.CharField(max_length=10)
    service = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    assessor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    total = models.IntegerField(default=0, help_text="The sum of the points.")
    points = models.JSONField(default=list, blank=True, help_text="[{text, points}]")
    cost = models.IntegerField(default=0, help_text="Points lost against the best there was for it alone.")
    forecast = models.TextField(blank=True)
    before = models.TextField(blank=True, help_text="How it stood: waiting since, needed by.")
    says = models.TextField(blank=True, help_text="The move, or why it could not be placed.")
    code = models.CharField(max_length=30, blank=True, help_text="Why not, to count by.")
    outcome = models.CharField(max_length=10, choices=Outcome)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reply_by = models.DateField(null=True, blank=True, help_text="Of the offer asked for.")

    objects = PlanRowQuerySet.as_manager()

    class Meta:
        ordering = ("run", "number")
        constraints = (models.UniqueConstraint("run", "number", name="plan_row_stands_once"),)
        indexes = (models.Index("run", "outcome", "number", name="plan_row_by_outcome"),)

    def __str__(self) -> str:
        return f"{self.run_id}, row {self.number}"
