"""Webhooks of an organisation: subscribed, rotated, switched off and on, removed; a delivery sent again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from intake.addresses import fault_of
from intake.checks import Fault
from intake.lifecycle import ENQUIRY, Role
from intake.models import Organisation, User, Webhook, WebhookDelivery
from intake.models.webhook import (
    KEEPERS,
    LOOKERS,
    MOST_OF_ONE_ORGANISATION,
    OLD_SECRET_SIGNS_FOR,
    keep_in_mind,
)
from intake.refusals import Forbidden, Invalid, NotPossible, Repeated

# The first half of an event's type: what it is about.
NOUNS = ("enquiry", "referral", "information", "attachment", "message", "document")
LONGEST_KIND = 60
BESIDE_THE_LIFECYCLE = frozenset({"amend"})


def check_may_look(by: User) -> None:
    """Who may know which webhooks there are; which of them, `visible_to` says."""
    if not by.has(*KEEPERS, *LOOKERS):
        raise Forbidden("Your role does not allow this: see webhooks.")


def may_read_log(by: User) -> bool:
    """The log names enquiries: not for who only looks after the settings of the house."""
    return by.has(*KEEPERS, Role.MANAGER)


def check_may_read_log(by: User) -> None:
    if not may_read_log(by):
        raise Forbidden("Your role does not allow this: read what was sent to a webhook.")


def may_switch_off(by: User) -> bool:
    """Those of others: the hub's managers may, when one does harm."""
    return by.has(Role.MANAGER)


def check_keeps(by: User, organisation: Organisation | None = None) -> None:
    if not by.has(*KEEPERS) or (organisation is not None and organisation.pk != by.organisation_id):
        raise Forbidden("Your role does not allow this: keep webhooks.")


@transaction.atomic
def subscribe(*, by: User, url: str, kinds: Sequence[str] = (), purpose: str = "") -> tuple[Webhook, str]:
    """Tell this address of what happens from now on; returns the secret, which is never shown again."""
    check_keeps(by)
    check(url, kinds)
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=by.organisation_id)
    theirs = Webhook.objects.kept().filter(organisation=organisation)
    if same := theirs.filter(url=url).first():
        raise Repeated("This address is one of your webhooks already.", reference=str(same.pk))
    if theirs.count() >= MOST_OF_ONE_ORGANISATION:
        at_most = f"An organisation has at most {MOST_OF_ONE_ORGANISATION} webhooks. Remove one first."
        raise NotPossible(at_most, status="full")
    now = timezone.now()
    webhook = Webhook(
        organisation=organisation,
        url=url,
        kinds=sorted(set(kinds)),
        purpose=purpose.strip(),
        created_at=now,
        created_by=by,
        not_before=now,
    )
    secret = webhook.draw_secret()
    webhook.save(force_insert=True)
    keep_in_mind(organisation)
    return webhook, secret


def check(url: str, kinds: Sequence[str]) -> None:
    faults = []
    if why := fault_of(url, loopback=settings.WEBHOOKS_ALLOW_LOOPBACK):
        faults.append(Fault("/url", "address", why))
    for place, kind in enumerate(kinds):
        if not is_kind(kind):
            faults.append(Fault(f"/kinds/{place}", "unknown", "There are no events of this type."))
    if faults:
        raise Invalid(faults)


def is_kind(kind: str) -> bool:
    """A type as events have it, or all of a noun: `enquiry.accept`, `referral.*`."""
    noun, _, verb = kind.partition(".")
    if noun not in NOUNS or len(kind) > LONGEST_KIND:
        return False
    if verb == "*":
        return True
    if noun == "enquiry":
        return verb in ENQUIRY or verb in BESIDE_THE_LIFECYCLE
    return verb.isascii() and verb.replace("_", "").isalpha() and verb.islower()


@transaction.atomic
def rotate(*, webhook: Webhook, by: User) -> tuple[Webhook, str]:
    """A new secret, shown this once. For a day calls are signed with the old one too."""
    check_keeps(by, webhook.organisation)
    webhook = Webhook.objects.hold(webhook)
    webhook.sealed_former_secret = webhook.sealed_secret
    webhook.former_secret_until = timezone.now() + OLD_SECRET_SIGNS_FOR
    secret = webhook.draw_secret()
    webhook.save(update_fields=("sealed_secret", "sealed_former_secret", "former_secret_until"))
    return webhook, secret


@transaction.atomic
def switch_off(*, webhook: Webhook, by: User) -> Webhook:
    """Nothing is sent, and nothing new kept for it. The hub's managers may do this too."""
    if not may_switch_off(by):
        check_keeps(by, webhook.organisation)
    webhook = Webhook.objects.hold(webhook)
    if not webhook.is_live:
        raise NotPossible("This webhook is off already.", status="off")
    return put_off(webhook, Webhook.Off.BY_HAND, timezone.now())


def put_off(webhook: Webhook, because: Webhook.Off, now: datetime) -> Webhook:
    """What still waits stays, and goes on when it is switched on again."""
    webhook.off_since, webhook.off_because, webhook.notice_at = now, because, None
    if because != Webhook.Off.BY_HAND:
        webhook.notice_at, webhook.notices_tried = now, 0
    webhook.save(update_fields=("off_since", "off_because", "notice_at", "notices_tried"))
    keep_in_mind(webhook.organisation)
    return webhook


@transaction.atomic
def give_up_on(*, webhook: Webhook, because: Webhook.Off, now: datetime) -> None:
    """Switched off by what its receiver does; its organisation's managers are told by e-mail."""
    webhook = Webhook.objects.hold(webhook)
    if webhook.is_live:
        put_off(webhook, because, now)


@transaction.atomic
def switch_on(*, webhook: Webhook, by: User) -> Webhook:
    """Sends again, first what still waited; what happened while it was off is not told."""
    check_keeps(by, webhook.organisation)
    webhook = Webhook.objects.hold(webhook)
    if webhook.is_live:
        raise NotPossible("This webhook is on already.", status="on")
    webhook.off_since, webhook.off_because, webhook.notice_at = None, Webhook.Off.ON, None
    webhook.failures, webhook.not_before = 0, timezone.now()
    webhook.save(update_fields=("off_since", "off_because", "notice_at", "failures", "not_before"))
    keep_in_mind(webhook.organisation)
    return webhook


@transaction.atomic
def remove(*, webhook: Webhook, by: User) -> None:
    """With its log, which nobody sees from now on; its secrets are gone at once, the rows a day later."""
    check_keeps(by, webhook.organisation)
    webhook = Webhook.objects.hold(webhook)
    webhook.removed_at = webhook.off_since = timezone.now()
    webhook.off_because, webhook.notice_at = Webhook.Off.REMOVED, None
    webhook.sealed_secret = webhook.sealed_former_secret = ""
    webhook.save()
    keep_in_mind(webhook.organisation)


def tidy(now: datetime) -> int:
    """Forget deliveries after thirty days, and webhooks a day after they were removed."""
    forgotten = Webhook.objects.forget_removed(before=now - timedelta(days=1))
    return forgotten + WebhookDelivery.objects.tidy(now)


@transaction.atomic
def replay(*, delivery: WebhookDelivery, by: User) -> WebhookDelivery:
    """Send it once more, now, with its old message id; the tries are counted anew."""
    check_keeps(by, delivery.webhook.organisation)
    webhook = Webhook.objects.hold(delivery.webhook)
    now = timezone.now()
    if not webhook.is_live:
        raise NotPossible("This webhook is off. Switch it on first.", status="off")
    if webhook.leased_until is not None and webhook.leased_until > now:
        raise NotPossible("A call to this webhook is under way. Try again in a minute.", status="busy")
    delivery.attempts, delivery.next_at = 0, now
    delivery.delivered_at = delivery.failed_at = None
    delivery.save(update_fields=("attempts", "next_at", "delivered_at", "failed_at"))
    webhook.not_before = now
    webhook.save(update_fields=("not_before",))
    return delivery
