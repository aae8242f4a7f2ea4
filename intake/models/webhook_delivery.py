"""What is to be told to a webhook, and what came of it: the outbox of webhooks, and their log."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Self
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from intake.lifecycle import Role
from intake.models.user import User
from intake.models.webhook import KEEPERS, Webhook

if TYPE_CHECKING:
    from intake.models.event import Event

# After each failure the wait until the next try, as Standard Webhooks proposes: ten tries in about 76 hours.
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
JITTER = 0.2
KEPT_FOR = timedelta(days=30)


def wait_after(failures: int, key: str) -> timedelta | None:
    """How long to wait after so many failures, a fifth shorter or longer by the key; None after the last try."""
    if failures > len(WAITS):
        return None
    drawn = int.from_bytes(sha256(f"{key}:{failures}".encode()).digest()[:4], "big") / 2**32
    return WAITS[failures - 1] * (1 + JITTER * (2 * drawn - 1))


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def visible_to(self, user: User) -> Self:
        """To who keeps the webhook, and to the hub's managers, who see every enquiry that it may name."""
        if user.has(*KEEPERS):
            return self.filter(webhook__organisation_id=user.organisation_id)
        return self if user.has(Role.MANAGER) else self.none()

    def waiting(self) -> Self:
        return self.filter(delivered_at__isnull=True, failed_at__isnull=True)

    def fan_out(self, event: "Event", to: Q) -> None:
        """Leave a delivery for each live webhook, of those organisations, that asked for events of this type."""
        hooks = [hook for hook in Webhook.objects.live().filter(to) if hook.wants(event.verb)]
        now = timezone.now()
        self.bulk_create(
            WebhookDelivery(
                webhook=hook,
                kind=event.verb,
                reference=event.enquiry.reference,
                subject=event.subject,
                happened_at=event.at,
                created_at=now,
                next_at=now,
            )
            for hook in hooks
        )

    def next_of(self, webhook: Webhook, now: datetime) -> "WebhookDelivery | None":
        """What is due there; what was tried before goes behind what was not, so that none holds up the others."""
        due = self.waiting().filter(webhook=webhook, next_at__lte=now)
        return due.order_by("next_at", "id").first()

    def tidy(self, now: datetime) -> int:
        return self.filter(created_at__lt=now - KEPT_FOR).delete()[0]


class WebhookDelivery(models.Model):
    """One event for one webhook: ids, kind and time only. One message id, however often it is tried."""

    webhook = models.ForeignKey(Webhook, models.CASCADE, db_index=False, related_name="deliveries")
    message = models.UUIDField(unique=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=60, help_text="The event's type: enquiry.accept ...")
    reference = models.CharField(max_length=16, help_text="Of the enquiry.")
    subject = models.CharField(max_length=16, help_text="The reference it happened to.")
    happened_at = models.DateTimeField()
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    status_code = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Of the last answer.")
    error = models.CharField(
        max_length=40, blank=True, help_text="Of the last try: a kind, no text of theirs."
    )
    delivered_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        verbose_name_plural = "webhook deliveries"
        constraints = (
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True) | Q(failed_at__isnull=True),
                name="delivered_or_failed_not_both",
            ),
        )
        indexes = (
            models.Index(
                "webhook",
                "next_at",
                name="delivery_waiting",
                condition=Q(delivered_at__isnull=True, failed_at__isnull=True),
            ),
            models.Index("webhook", "id", name="delivery_log"),
            models.Index("created_at", name="delivery_by_age"),
        )

    def __str__(self) -> str:
        return self.message_id

    @property
    def message_id(self) -> str:
        """What the header webhook-id says: the same on every try and replay."""
        return f"msg_{self.message.hex}"

    @property
    def state(self) -> str:
        if self.delivered_at:
            return "delivered"
        return "failed" if self.failed_at else "waiting"

    @property
    def next_try_at(self) -> datetime | None:
        """Not before this; None when it is over, or its webhook is off. Others may go first."""
        if self.state != "waiting" or not self.webhook.is_live:
            return None
        return max(self.next_at, self.webhook.not_before)

    def note(self, now: datetime, *, status_code: int | None, error: str, **outcome: datetime) -> None:
        """What came of a try: the status or the kind of fault, and when it is delivered, given up or next tried."""
        rows = WebhookDelivery.objects.filter(pk=self.pk)
        rows.update(attempts=F("attempts") + 1, tried_at=now, status_code=status_code, error=error, **outcome)

    def body(self) -> dict[str, object]:
        """Ids, kind and time: the receiver fetches the rest with its own rights."""
        return {
            "type": self.kind,
            "timestamp": self.happened_at.isoformat().replace("+00:00", "Z"),
            "data": {"reference": self.reference, "subject": self.subject},
        }
