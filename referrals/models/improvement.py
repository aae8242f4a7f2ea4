"""The improvement log: what is to change, whose it is, by when, what shows that it was done, and whether it worked."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from intake.lifecycle import Role
from intake.models import Organisation, User
from referrals.models.audit import AUDITING, Audit
from referrals.models.referral import Referral


class ImprovementQuerySet(models.QuerySet["Improvement"]):
    def visible_to(self, user: User) -> Self:
        """To the hub, with every case that it comes from; to a service, what its own people are to do."""
        seen = Referral.objects.visible_to(user)
        with_case = Q(referral__isnull=True) | Q(referral__in=seen)
        if user.organisation.kind == Organisation.Kind.SERVICE and user.roles:
            mine = (
                Q(owner__organisation=user.organisation_id) if user.has(Role.SERVICE_LEAD) else Q(owner=user)
            )
            return self.filter(mine, with_case)
        if user.organisation.kind != Organisation.Kind.HUB:
            return self.none()
        if not user.has(*AUDITING):
            # The data-protection officer, of what they opened.
            return self.filter(referral__in=seen)
        links = Improvement.audits.through.objects.filter(improvement=OuterRef("pk"))
        return self.filter(~Exists(links.exclude(audit__referral__in=seen)), with_case)

    def open(self) -> Self:
        return self.filter(done_at__isnull=True)

    def overdue(self, today: date) -> Self:
        return self.open().filter(due_on__lt=today)

    def to_check(self) -> Self:
        """Done, and nobody has looked whether it worked."""
        return self.filter(done_at__isnull=False, checked_at__isnull=True)

    def hold(self, improvement: "Improvement") -> "Improvement":
        """Locked, after the case it is about."""
        if improvement.referral is not None:
            Referral.objects.hold(improvement.referral)
        rows = self.select_for_update(of=("self",)).select_related("owner", "referral__enquiry__authority")
        held: Improvement = rows.get(pk=improvement.pk)
        return held


class Improvement(models.Model):
    """One change that somebody owns; done with evidence, and looked at later by somebody else."""

    class Source(models.TextChoices):
        AUDIT = "audit", "An audit"
        REVIEW = "review", "Reports sent back from review"
        COMPLAINT = "complaint", "A complaint"
        TARGET = "target", "A target that was missed"
        OTHER = "other", "Something else"

    class Worked(models.TextChoices):
        YES = "yes", "It worked"
        PARTLY = "partly", "It worked in part"
        NO = "no", "It did not work"

    what = models.TextField(help_text="What is to change.")
    source = models.CharField(max_length=10, choices=Source)
    defect_code = models.CharField(max_length=40, blank=True)
    found = models.TextField(blank=True, help_text="What was found, where no audit says it.")
    referral = models.ForeignKey(Referral, models.PROTECT, null=True, blank=True, related_name="improvements")
    audits = models.ManyToManyField(Audit, blank=True, related_name="improvements")
    owner = models.ForeignKey(User, models.PROTECT, related_name="improvements")
    due_on = models.DateField()
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    evidence = models.TextField(blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    worked = models.CharField(max_length=10, choices=Worked, blank=True)
    effect = models.TextField(blank=True)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)

    objects = ImprovementQuerySet.as_manager()

    class Meta:
        ordering = ("due_on", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | ~Q(evidence="") & Q(done_by__isnull=False),
                name="done_improvement_has_evidence",
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True)
                | ~Q(worked="") & ~Q(effect="") & Q(done_at__isnull=False, checked_by__isnull=False),
                name="checked_improvement_is_done_and_says_whether_it_worked",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True)
                | ~Q(checked_by=F("owner")) & ~Q(checked_by=F("done_by")),
                name="nobody_checks_their_own_improvement",
            ),
            models.CheckConstraint(
                condition=~Q(source="review") | ~Q(defect_code=""),
                name="improvement_of_reviews_names_the_defect",
            ),
        )
        indexes = (
            models.Index("due_on", "id", name="improvement_to_do", condition=Q(done_at__isnull=True)),
            models.Index("owner", "due_on", "id", name="improvement_by_owner"),
        )

    def __str__(self) -> str:
        return f"Improvement {self.pk}"

    @property
    def state(self) -> str:
        if self.checked_at:
            return "checked"
        if self.done_at:
            return "done"
        return "overdue" if self.due_on < timezone.localdate() else "open"

    @property
    def state_label(self) -> str:
        labels = {"open": "Open", "overdue": "Overdue", "done": "Done, to be looked at again"}
        return labels.get(self.state) or self.get_worked_display()

    @property
    def tone(self) -> str:
        return {"overdue": "late", "done": "waiting"}.get(self.state, "well" if self.worked == "yes" else "")


class ImprovementStepQuerySet(models.QuerySet["ImprovementStep"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(improvement__in=Improvement.objects.visible_to(user))


class ImprovementStep(models.Model):
    """A line of its history: who did what with it, whose it was then and by when. Written once."""

    class Verb(models.TextChoices):
        RAISED = "raised", "Entered"
        CHANGED = "changed", "Owner or day changed"
        DONE = "done", "Done"
        CHECKED = "checked", "Looked at again"

    improvement = models.ForeignKey(Improvement, models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=10, choices=Verb)
    text = models.TextField(blank=True)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    due_on = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ImprovementStepQuerySet.as_manager()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.improvement} {self.verb}"
