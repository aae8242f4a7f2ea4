"""Audits of closed work: how it was chosen, by whom it is audited, and three judgements that are kept apart."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from intake.lifecycle import Role
from intake.models import Organisation, User
from referrals.auditing import compliance
from referrals.models.referral import Referral
from referrals.models.work import OfReferral, OfReferralQuerySet

# Who audits, where they had no part: colleagues in the hub, whatever their own work is.
AUDITING = (Role.COORDINATOR, Role.REVIEWER, Role.MANAGER)


class AuditSampleQuerySet(models.QuerySet["AuditSample"]):
    def visible_to(self, user: User) -> Self:
        """To the hub's own people: it says how the work was chosen, and of which time, not which work."""
        in_hub = user.organisation.kind == Organisation.Kind.HUB
        return self if in_hub and user.has(*AUDITING) else self.none()


class AuditSample(models.Model):
    """A draw of closed work, that anybody can draw again: the same seed from the same work takes the same."""

    first = models.DateField(help_text="Of the days on which the work was closed.")
    last = models.DateField()
    number = models.PositiveSmallIntegerField(help_text="How many were asked for.")
    seed = models.CharField(max_length=40)
    there_were = models.PositiveIntegerField(help_text="Closed in those days and not audited yet.")
    left_out = models.PositiveSmallIntegerField(
        default=0, help_text="Drawn, and passed over: nobody was independent who may see it."
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = AuditSampleQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(first__lte=models.F("last")), name="sample_is_of_days_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} of {self.first} to {self.last}, seed {self.seed}"


class AuditQuerySet(OfReferralQuerySet["Audit"]):
    def visible_to(self, user: User) -> Self:
        """With the referral, once it is finished, between the hub and the service; before, to the auditor and managers.

        An authority reads the work itself, never what was said of it.
        """
        kind = user.organisation.kind
        if kind not in (Organisation.Kind.HUB, Organisation.Kind.SERVICE):
            return self.none()
        rows = super().visible_to(user)
        if kind == Organisation.Kind.HUB and user.has(Role.MANAGER):
            return rows
        finished = Q(finished_at__isnull=False)
        return rows.filter(finished | Q(auditor=user) if kind == Organisation.Kind.HUB else finished)

    def open(self) -> Self:
        return self.filter(finished_at__isnull=True)

    def finished(self) -> Self:
        return self.filter(finished_at__isnull=False)

    def hold(self, audit: "Audit") -> "Audit":
        """The row as it is now, locked after its enquiry and referral; remembers which version was read."""
        referral = Referral.objects.hold(audit.referral)
        held: Audit = self.select_for_update(of=("self",)).select_related("auditor").get(pk=audit.pk)
        held.referral, held.seen_version = referral, audit.seen_version
        return held


class Audit(OfReferral):
    """One audit of a closed referral by somebody who had no part in it."""

    class Grade(models.TextChoices):
        OUTSTANDING = "outstanding", "Outstanding"
        GOOD = "good", "Good"
        REQUIRES_IMPROVEMENT = "requires_improvement", "Requires improvement"
        INADEQUATE = "inadequate", "Inadequate"

    class Met(models.TextChoices):
        MET = compliance.MET, "Met"
        PARTLY = compliance.PARTLY, "Partly met"
        NOT_MET = compliance.NOT_MET, "Not met"

    class Voice(models.TextChoices):
        SAID = "said", "In the child’s own words"
        OTHERWISE = "otherwise", "In another way: play, drawing, watching, an advocate"
        UNDERSTOOD = "understood", "An infant or unborn child: by how their experience was understood"
        NOT_GATHERED = "not_gathered", "It was not gathered"

    number = models.PositiveSmallIntegerField(help_text="The audits of one referral, from 1.")
    sample = models.ForeignKey(
        AuditSample, models.PROTECT, null=True, blank=True, related_name="audits", help_text="Drawn in it."
    )
    picked_why = models.TextField(blank=True, help_text="Why it was picked by hand.")
    auditor = models.ForeignKey(User, models.PROTECT, related_name="audits")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_on = models.DateField()

    # Derived from the record when it is finished, and kept as they were then.
    compliance = models.CharField(max_length=10, choices=Met, blank=True)
    compliance_items = models.JSONField(default=list, blank=True)
    compliance_text = models.TextField(blank=True)
    quality_grade = models.CharField(max_length=25, choices=Grade, blank=True)
    quality_text = models.TextField(blank=True)
    impact_grade = models.CharField(max_length=25, choices=Grade, blank=True)
    impact_text = models.TextField(blank=True)
    voice_how = models.CharField(max_length=15, choices=Voice, blank=True)
    voice_text = models.TextField(blank=True)

    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_why = models.TextField(blank=True)

    # The version the caller had read, when it came with one.
    seen_version: int | None = None

    objects = AuditQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("referral", "number")
        constraints = (
            models.UniqueConstraint("referral", "number", name="audit_has_its_own_number"),
            models.UniqueConstraint(
                fields=("referral",),
                condition=Q(finished_at__isnull=True),
                name="referral_has_one_open_audit",
            ),
            models.CheckConstraint(
                condition=Q(sample__isnull=False) | ~Q(picked_why=""),
                name="audit_is_drawn_or_picked_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | ~Q(compliance=""),
                name="finished_audit_says_what_was_complied_with",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | ~Q(quality_grade="") & ~Q(quality_text=""),
                name="finished_audit_judges_the_quality",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | ~Q(impact_grade="") & ~Q(impact_text=""),
                name="finished_audit_judges_the_impact_on_the_child",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | ~Q(voice_how="") & ~Q(voice_text=""),
                name="finished_audit_has_the_voice_of_the_child",
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True) | ~Q(returned_why=""),
                name="returned_audit_says_why",
            ),
        )
        indexes = (
            models.Index("auditor", "due_on", "id", name="audit_by_auditor"),
            models.Index("due_on", "id", name="audit_to_do", condition=Q(finished_at__isnull=True)),
        )

    def __str__(self) -> str:
        return f"{self.referral} audit {self.number}"

    @property
    def etag(self) -> str:
        return f'"{self.version}"'

    @property
    def state(self) -> str:
        return "finished" if self.finished_at else "open"

    @property
    def overdue(self) -> bool:
        return self.finished_at is None and self.due_on < timezone.localdate()

    @property
    def state_label(self) -> str:
        if self.finished_at:
            return "Finished"
        return "Late" if self.overdue else "Sent back to the auditor" if self.returned_at else "To do"

    @property
    def is_inadequate(self) -> bool:
        """In what matters most: then something has to change."""
        return self.Grade.INADEQUATE in (self.quality_grade, self.impact_grade)

    @property
    def items(self) -> list[dict[str, Any]]:
        """The list as it was kept, with its words."""
        return [
            {
                **row,
                "label": compliance.LABELS.get(row["code"], row["code"]),
                "state_label": compliance.STATES[row["state"]],
            }
            for row in self.compliance_items
        ]

    def words_open_to(self, user: User) -> bool:
        """While it is being written, what stands in it is its auditor's own."""
        return self.finished_at is not None or self.auditor_id == user.pk


class AuditReplyQuerySet(models.QuerySet["AuditReply"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(audit__in=Audit.objects.visible_to(user))


class AuditReply(models.Model):
    """What those whose work it was say of it; nothing of the audit changes by it."""

    audit = models.ForeignKey(Audit, models.PROTECT, related_name="replies")
    text = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = AuditReplyQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")
        verbose_name_plural = "audit replies"
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="reply_to_an_audit_says_something"),
        )

    def __str__(self) -> str:
        return f"Reply to {self.audit}"
