"""What must be said to somebody, and whether it was: the outbox."""

from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID, uuid4

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from intake.lifecycle import Party
from intake.models.enquiry import Enquiry
from intake.models.organisation import Organisation
from intake.models.user import User

LEASE = timedelta(seconds=60)
DEATHS_ALLOWED = 3
# Minutes until the next try after each failure; after the last it is parked.
RETRY_AFTER = (1, 5, 30, 120, 360, 720, 1440)


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, user: User) -> Self:
        """As visible as the enquiry, to the hub."""
        if user.organisation.kind != Organisation.Kind.HUB:
            return self.none()
        return self.filter(enquiry__in=Enquiry.objects.visible_to(user))

    def waiting(self, now: datetime) -> Self:
        """Due, unsent, not parked, and in nobody's hands."""
        return self.filter(
            Q(leased_until__isnull=True) | Q(leased_until__lt=now),
            sent_at__isnull=True,
            parked_at__isnull=True,
            not_before__lte=now,
        )

    def promise(
        self,
        enquiry: Enquiry,
        *,
        kind: str,
        to: Party,
        person: User | None = None,
        organisation: Organisation | None = None,
        subject: str = "",
        data: dict[str, Any] | None = None,
        not_before: datetime | None = None,
    ) -> "Notification":
        now = timezone.now()
        return self.create(
            enquiry=enquiry,
            kind=kind,
            to=to,
            person=person,
            organisation=organisation,
            subject=subject or enquiry.reference,
            data=data or {},
            created_at=now,
            not_before=not_before or now,
        )

    def held_back(self, now: datetime) -> Self:
        """Not tried yet, and not to be before a later moment: of a decision that can still be undone."""
        return self.filter(sent_at__isnull=True, parked_at__isnull=True, attempts=0, not_before__gt=now)

    def claim(self, now: datetime) -> "Notification | None":
        """Take the oldest that waits, with a lease: whoever is killed holding it loses it when the lease ends."""
        for pk in self.waiting(now).order_by("not_before", "pk").values_list("pk", flat=True)[:20]:
            lease = uuid4()
            with transaction.atomic():
                won = (
                    self.waiting(now)
                    .filter(pk=pk)
                    .update(leased_until=now + LEASE, lease=lease, attempts=F("attempts") + 1)
                )
            if won:
                return self.select_related("enquiry__authority", "person", "organisation").get(pk=pk)
        return None


class Notification(models.Model):
    """A promise to tell somebody of something, kept by the worker at least once, with one Message-ID."""

    class Kind(models.TextChoices):
        ACKNOWLEDGEMENT = "acknowledgement", "Enquiry received"
        TRANSITION = "transition", "Something moved"
        CHASER = "chaser", "Questions still open"
        CONTINUED = "continued", "Continued by a new enquiry"
        DRAFT_ENDING = "draft_ending", "Draft to be deleted"
        FOLLOW_UP = "follow_up", "What became of it"
        REMINDER = "reminder", "Something is due"
        FILE_REFUSED = "file_refused", "A file was refused"
        MESSAGE = "message", "A message was written"
        OVERSIGHT = "oversight", "Something is asked of you"
        RESTRICTION = "restriction", "Who may see an enquiry is to be decided"

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=30, choices=Kind)
    to = models.CharField(max_length=20, choices=Party.pairs())
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    subject = models.CharField(max_length=16)
    data = models.JSONField(default=dict, blank=True, help_text="Words of the lifecycle; nobody's name.")
    message_id = models.UUIDField(default=uuid4, editable=False)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ("created_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(parked_at__isnull=True), name="sent_or_parked_not_both"
            ),
        )
        indexes = (
            models.Index(
                "not_before",
                "id",
                name="notification_waiting",
                condition=Q(sent_at__isnull=True, parked_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    @property
    def deaths(self) -> int:
        """How many workers died with it in their hands: tries that neither succeeded nor failed."""
        return self.attempts - self.failures - 1

    def mine(self, lease: UUID | None) -> "NotificationQuerySet":
        return Notification.objects.filter(pk=self.pk, lease=lease, sent_at__isnull=True)

    def mark_sent(self, now: datetime) -> None:
        self.mine(self.lease).update(sent_at=now, leased_until=None, last_error="")

    def park(self, now: datetime, why: str) -> None:
        """Give up, and show it: somebody has to look."""
        self.mine(self.lease).update(parked_at=now, leased_until=None, last_error=why[:200])

    def retry(self, now: datetime, why: str) -> None:
        """Later, and later again; after the last try it is parked."""
        if self.failures >= len(RETRY_AFTER):
            return self.park(now, why)
        wait = timedelta(minutes=RETRY_AFTER[self.failures])
        self.mine(self.lease).update(
            failures=self.failures + 1, not_before=now + wait, leased_until=None, last_error=why[:200]
        )
        return None
