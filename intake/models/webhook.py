"""Where an organisation wants to be told of what happens, and how well that goes."""

import secrets
from base64 import b64encode
from datetime import datetime, timedelta
from typing import Self
from urllib.parse import urlsplit
from uuid import uuid4

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q

from intake.lifecycle import Role
from intake.models.organisation import Organisation
from intake.models.sealed import seal, unseal
from intake.models.user import User

KEEPERS = (Role.AUTHORITY_MANAGER, Role.API_CLIENT, Role.SERVICE_LEAD)
LOOKERS = (Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR)
# How long a rotated secret goes on signing beside the new one.
OLD_SECRET_SIGNS_FOR = timedelta(hours=24)
# Longer than any call may take: a killed worker's webhook is taken up again after it.
LEASE = timedelta(seconds=60)
MOST_OF_ONE_ORGANISATION = 10


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def visible_to(self, user: User) -> Self:
        """Those of one's organisation, to who keeps them; the hub's managers see that they are there."""
        rows = self.kept()
        if user.has(*KEEPERS):
            return rows.filter(organisation_id=user.organisation_id)
        return rows if user.has(*LOOKERS) else rows.none()

    def kept(self) -> Self:
        return self.filter(removed_at__isnull=True)

    def live(self) -> Self:
        return self.filter(off_since__isnull=True)

    def hold(self, webhook: "Webhook") -> "Webhook":
        """The row as it is now, locked; with its organisation, which knows whether any of its own is live."""
        rows = self.select_related("organisation").select_for_update(of=("self",), no_key=True)
        return rows.get(pk=webhook.pk)

    def waiting(self, now: datetime) -> Self:
        """Live, in nobody's hands, not told to wait, and with something due."""
        due = self.model.deliveries.rel.related_model.objects.waiting().filter(  # type: ignore[attr-defined]
            webhook=OuterRef("pk"), next_at__lte=now
        )
        free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
        return self.live().filter(free, Exists(due), not_before__lte=now)

    def forget_removed(self, before: datetime) -> int:
        """The rows of those removed long enough ago, with their logs."""
        return self.filter(removed_at__lt=before).delete()[0]

    def claim(self, now: datetime, *, only_healthy: bool = False) -> "Webhook | None":
        """Take the one that has waited longest, with a lease; `only_healthy`: none whose last call failed."""
        rows = self.waiting(now).filter(failures=0) if only_healthy else self.waiting(now)
        for pk in rows.order_by("not_before", "created_at").values_list("pk", flat=True)[:20]:
            lease = uuid4()
            with transaction.atomic():
                won = self.waiting(now).filter(pk=pk).update(leased_until=now + LEASE, lease=lease)
            if won:
                return self.get(pk=pk)
        return None


class Webhook(models.Model):
    """One address of one organisation, told of events with a signed call."""

    class Off(models.TextChoices):
        ON = "", "On"
        BY_HAND = "by_hand", "Switched off by hand"
        GONE = "gone", "The receiver said that it is gone (410)"
        FAILING = "failing", "No call succeeded for three days"
        REMOVED = "removed", "Removed"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="webhooks")
    url = models.CharField(max_length=500)
    purpose = models.CharField(max_length=120, blank=True)
    kinds = models.JSONField(default=list, blank=True, help_text="Event types, or noun.*; empty: all.")
    sealed_secret = models.TextField(editable=False)
    sealed_former_secret = models.TextField(blank=True, editable=False)
    former_secret_until = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    off_since = models.DateTimeField(null=True, blank=True)
    # The row itself goes later: an event that is being written may be about to name it.
    removed_at = models.DateTimeField(null=True, blank=True)
    off_because = models.CharField(max_length=10, choices=Off, blank=True, default=Off.ON)
    # Calls that failed since the last one that went well; until when nothing is tried.
    failures = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    last_success_at = models.DateTimeField(null=True, blank=True)
    lease = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    # When the organisation's managers are next to be told by e-mail that it went off by itself.
    notice_at = models.DateTimeField(null=True, blank=True)
    notices_tried = models.PositiveSmallIntegerField(default=0)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ("created_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "url"),
                condition=Q(removed_at__isnull=True),
                name="webhook_address_stands_once",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(off_since__isnull=False),
                name="removed_webhook_is_off",
            ),
            models.CheckConstraint(
                condition=Q(off_since__isnull=True, off_because="")
                | (Q(off_since__isnull=False) & ~Q(off_because="")),
                name="webhook_that_is_off_says_why",
            ),
        )

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_live(self) -> bool:
        return self.off_since is None

    def url_for(self, user: User) -> str:
        """The whole address to whose it is; there may be a key in it, so to the hub the host."""
        if user.organisation_id == self.organisation_id:
            return self.url
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}/"

    def wants(self, kind: str) -> bool:
        """Whether it asked for events of this type."""
        return not self.kinds or kind in self.kinds or f"{kind.partition('.')[0]}.*" in self.kinds

    def draw_secret(self) -> str:
        """A new secret, returned this once; 256 bits, as Standard Webhooks writes them."""
        secret = "whsec_" + b64encode(secrets.token_bytes(32)).decode()
        self.sealed_secret = seal(secret)
        return secret

    def signing_secrets(self, now: datetime) -> list[str]:
        """The secret, and for a day after a rotation the one before."""
        sealed = [self.sealed_secret]
        if self.former_secret_until is not None and now < self.former_secret_until:
            sealed.append(self.sealed_former_secret)
        return [secret for each in sealed if (secret := unseal(each))]

    def mine(self) -> WebhookQuerySet:
        """This row, as long as the lease is still ours."""
        return Webhook.objects.filter(pk=self.pk, lease=self.lease)

    def note_success(self, now: datetime) -> bool:
        """False when the lease was lost: then somebody else writes it down."""
        found = self.mine().update(
            failures=0, not_before=now, last_success_at=now, lease=None, leased_until=None
        )
        return bool(found)

    def note_failure(self, until: datetime) -> bool:
        """Nothing else is tried there until then."""
        found = self.mine().update(
            failures=F("failures") + 1, not_before=until, lease=None, leased_until=None
        )
        return bool(found)

    def put_notice_off(self, until: datetime) -> bool:
        """Take the notice into one's hands: True for one of those who try at once."""
        rows = Webhook.objects.filter(pk=self.pk, notice_at=self.notice_at)
        return bool(rows.update(notice_at=until, notices_tried=F("notices_tried") + 1))

    def forget_notice(self) -> None:
        Webhook.objects.filter(pk=self.pk).update(notice_at=None)

    def let_go(self) -> None:
        self.mine().update(lease=None, leased_until=None)


def keep_in_mind(organisation: Organisation) -> None:
    """Whether any webhook of theirs is live stands in the organisation's row: events find it there for nothing."""
    # Held first, so that the next statement sees what others have changed meanwhile.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    live = Webhook.objects.live().filter(organisation=OuterRef("pk"))
    Organisation.objects.filter(pk=organisation.pk).update(webhooks_on=Exists(live))
