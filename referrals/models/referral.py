"""The referral: one accepted assessment, from waiting for a service to closed."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from intake.lifecycle import Lifecycle, Party, Role
from intake.models import (
    Assessment,
    Attachment,
    Enquiry,
    Event,
    Notification,
    Organisation,
    Share,
    User,
    open_to,
)
from intake.models.moving import Moving
from referrals.lifecycle import OPEN, REFERRAL, Status, Transition

REVIEWING = frozenset({Role.REVIEWER, Role.MANAGER})
# Before its report is delivered.
AWAITED = tuple(sorted(OPEN - {Status.DELIVERED}))
# What makes a new version without a step of the lifecycle.
AMENDING = ("referral.co_worker_added", "referral.co_worker_ended")


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, user: User) -> Self:
        """With the enquiry; a service sees its own referrals only, an assessor those that are theirs."""
        if user.organisation.kind != Organisation.Kind.SERVICE:
            return self.filter(enquiry__in=Enquiry.objects.visible_to(user))
        own = self.filter(open_to(user, "enquiry_id"), service_id=user.organisation_id)
        if user.has(Role.SERVICE_LEAD):
            return own
        return own.filter(Q(assessor=user) | Q(co_worker=user)) if user.has(Role.ASSESSOR) else self.none()

    def open(self) -> Self:
        return self.filter(is_open=True)

    def needed_before(self, day: date) -> Self:
        """Those whose report somebody still waits for, by the same dates as `decisive_date`."""
        needed = Coalesce("needed_by", "enquiry__filing_date", "enquiry__needed_by")
        return self.open().alias(needed_on=needed).filter(status__in=AWAITED, needed_on__lt=day)

    def late(self, today: date) -> Self:
        return self.needed_before(today)

    def offers_on_their_last_day(self, today: date) -> Self:
        """Or past it: whether the moment has come, the office's closing says."""
        rows = self.filter(status=Status.OFFERED, reply_by__lte=today)
        return rows.select_related("enquiry__authority")

    def hold(self, referral: "Referral") -> "Referral":
        """The row as it is now, with its enquiry, both locked: the enquiry first, in every action alike."""
        locked = Enquiry.objects.select_for_update(of=("self",))
        enquiry = locked.annotate(lent_to_listeners=Share.objects.listening()).get(pk=referral.enquiry_id)
        rows = self.select_for_update(of=("self",)).select_related(
            "enquiry__authority", "assessment__type", "service", "assessor__organisation"
        )
        held: Referral = rows.get(pk=referral.pk)
        held.seen_version = referral.version
        held.enquiry.services_listen = enquiry.lent_to_listeners  # type: ignore[attr-defined]
        return held


class Referral(Moving):
    """One accepted assessment: with which service and assessor it is, and what its gates ask."""

    lifecycle: ClassVar[Lifecycle] = REFERRAL

    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="referrals")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="referrals")
    status = models.CharField(max_length=20, choices=Status.pairs(), default=Status.WAITING)
    created_at = models.DateTimeField()
    service = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="referrals")
    reply_by = models.DateField(null=True, blank=True, help_text="Of the offer.")
    assessor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="led")
    co_worker = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="beside", help_text="Beside the lead."
    )
    author = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    report = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")
    review_on = models.DateField(null=True, blank=True, help_text="Of a pause.")
    needed_by = models.DateField(null=True, blank=True, help_text="Of an addendum.")
    hours = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Allowed for it, as counted when it was offered."
    )
    filing_met = models.BooleanField(null=True, blank=True)
    outcome_code = models.CharField(max_length=40, blank=True)
    follow_up_3_months = models.DateField(null=True, blank=True)
    follow_up_6_months = models.DateField(null=True, blank=True)

    # One in a hundred is open: those have an index of their own.
    is_open = models.GeneratedField(
        expression=Q(status__in=sorted(OPEN)),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )

    objects = ReferralQuerySet.as_manager()

    class Meta:
        ordering = ("created_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("assessment",),
                condition=~Q(status__in=("closed", "cancelled")),
                name="assessment_has_one_open_referral",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("waiting", "cancelled")) | Q(service__isnull=False),
                name="referral_placed_with_a_service",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("waiting", "offered", "cancelled")) | Q(assessor__isnull=False),
                name="referral_under_way_has_an_assessor",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("in_review", "delivered", "closed")) | Q(report__isnull=False),
                name="referral_in_review_has_a_report",
            ),
            models.CheckConstraint(
                condition=~Q(status="offered") | Q(reply_by__isnull=False), name="offer_has_a_reply_by"
            ),
        )
        indexes = (
            models.Index("created_at", "id", name="referral_by_arrival"),
            models.Index("created_at", "id", name="referral_open_by_arrival", condition=Q(is_open=True)),
            models.Index("status", "created_at", "id", name="referral_by_status"),
            models.Index("service", "created_at", "id", name="referral_by_service_arrival"),
            models.Index("service", "status", "id", name="referral_by_service"),
            models.Index("assessor", "status", "id", name="referral_by_assessor"),
            models.Index("updated_at", "id", name="referral_by_change"),
        )

    @property
    def status_label(self) -> str:
        return Status(self.status).label

    @property
    def decisive_date(self) -> date | None:
        """The day the report is needed: the court's filing date, else the day asked for."""
        return self.needed_by or self.enquiry.filing_date or self.enquiry.needed_by

    def label_of(self, transition: str) -> str:
        return Transition(transition).label

    def roles_of(self, user: User) -> frozenset[Role]:
        """A lead's role holds in the service it is with, an assessor's on their own, a reviewer's never on theirs."""
        if user.organisation.kind == Organisation.Kind.HUB:
            return user.roles - REVIEWING if self.was_worked_on_by(user) else user.roles
        if user.organisation_id != self.service_id:
            return frozenset()
        own = user.pk in (self.assessor_id, self.co_worker_id)
        return user.roles if own else user.roles - {Role.ASSESSOR}

    def was_worked_on_by(self, user: User) -> bool:
        """Who wrote it, and who once led it or worked beside the lead, does not review it."""
        if self.author_id == user.pk:
            return True
        if self.status != Status.IN_REVIEW or user.roles.isdisjoint(REVIEWING):
            return False
        return self.allocation_rows.filter(assessor=user).exists()

    def last_change(self) -> Event | None:
        return self.versions().select_related("by").order_by("-sequence").first()

    def versions(self) -> models.QuerySet[Event]:
        lines = Event.objects.filter(enquiry=self.enquiry_id, subject=self.reference)
        return lines.filter(~Q(to_status="") | Q(verb__in=AMENDING))

    def record(self, verb: str, **facts: Any) -> Event:
        return Event.objects.record(self.enquiry, verb=f"referral.{verb}", subject=self.reference, **facts)

    def notify(self, kind: str, *, to: Party, **facts: Any) -> Notification:
        """Promise to tell somebody, in this same transaction."""
        return Notification.objects.promise(self.enquiry, kind=kind, to=to, subject=self.reference, **facts)
