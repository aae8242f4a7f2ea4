"""Webhooks called: one delivery taken, what came of it written down, the managers told when one goes off."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext

from intake.actions.webhooks import give_up_on
from intake.lifecycle import Role
from intake.models import User, Webhook, WebhookDelivery
from intake.models.webhook_delivery import wait_after
from intake.words import Language
from reports import plain
from reports.languages import known
from reports.webhooks import Answer, Call, Limits, signed

log = logging.getLogger("referral_desk.webhooks")
GONE = 410
# Where Retry-After is heard, and how long at most.
BUSY = frozenset({429, 503})
LONGEST_ASKED = timedelta(hours=24)
NOTICE_AGAIN_AFTER = timedelta(hours=1)
NOTICES_AT_MOST = 24


@dataclass(frozen=True)
class Job:
    """A delivery in our hands, with the lease of its webhook."""

    webhook: Webhook
    delivery: WebhookDelivery
    # None when no secret is left that could be read.
    call: Call | None


def limits() -> Limits:
    return Limits(seconds=settings.WEBHOOKS_SECONDS, loopback=settings.WEBHOOKS_ALLOW_LOOPBACK)


def take_next(now: datetime, *, only_healthy: bool = False) -> Job | None:
    """The delivery that is due at the webhook that has waited longest; None when nothing is."""
    webhook = Webhook.objects.claim(now, only_healthy=only_healthy)
    if webhook is None:
        return None
    delivery = WebhookDelivery.objects.next_of(webhook, now)
    if delivery is None:
        # Somebody replayed or removed it between the two questions.
        webhook.let_go()
        return None
    return Job(webhook, delivery, prepare(webhook, delivery, now))


def prepare(webhook: Webhook, delivery: WebhookDelivery, now: datetime) -> Call | None:
    secrets = webhook.signing_secrets(now)
    if not secrets:
        return None
    return signed(webhook.url, message_id=delivery.message_id, body=delivery.body(), secrets=secrets, at=now)


@transaction.atomic
def settle(job: Job, answer: Answer, now: datetime) -> None:
    """Write down what came of a call; whose lease was lost meanwhile writes nothing."""
    webhook = job.webhook
    if answer.is_success:
        if webhook.note_success(now):
            note(job, answer, now, delivered_at=now)
        return
    wait = waiting_time(webhook.failures + 1, job, answer)
    gone = answer.status == GONE
    if not webhook.note_failure(now + (wait or timedelta())):
        return
    again = None if gone else waiting_time(job.delivery.attempts + 1, job, answer)
    note(job, answer, now, **({"failed_at": now} if again is None else {"next_at": now + again}))
    if gone or wait is None:
        because = Webhook.Off.GONE if gone else Webhook.Off.FAILING
        log.warning("Webhook %s is switched off: %s", webhook, because)
        give_up_on(webhook=webhook, because=because, now=now)


def waiting_time(failures: int, job: Job, answer: Answer) -> timedelta | None:
    """By the schedule; not sooner than a busy receiver asked, within a day. None after the last try."""
    wait = wait_after(failures, job.delivery.message.hex)
    if wait is None or answer.status not in BUSY or answer.retry_after is None:
        return wait
    return max(wait, min(timedelta(seconds=answer.retry_after), LONGEST_ASKED))


def note(job: Job, answer: Answer, now: datetime, **outcome: datetime) -> None:
    job.delivery.note(now, status_code=answer.status, error=answer.error, **outcome)
    said = answer.status or answer.error
    log.info("Webhook %s, %s: %s", job.webhook, job.delivery, said)


def tell_of_those_off(now: datetime) -> int:
    """Write to the managers of whose webhook went off by itself; again after an hour when that fails."""
    told = 0
    for webhook in Webhook.objects.filter(notice_at__lte=now).select_related("organisation"):
        if webhook.put_notice_off(now + NOTICE_AGAIN_AFTER):
            told += tell(webhook)
    return told


def tell(webhook: Webhook) -> bool:
    notices = notices_for(webhook)
    if not notices:
        log.error("Webhook %s is off, and its organisation has nobody to tell.", webhook)
        webhook.forget_notice()
        return False
    try:
        for notice in notices:
            notice.send()
    except OSError as fault:
        log.warning("The notice of webhook %s failed: %s", webhook, type(fault).__name__)
        if webhook.notices_tried + 1 >= NOTICES_AT_MOST:
            webhook.forget_notice()
        return False
    webhook.forget_notice()
    return True


def notices_for(webhook: Webhook) -> list[EmailMessage]:
    """To its organisation's managers or leads of today, each in their language; else to the team's mailbox.

    Neither its address nor what was sent: a link to its page, after signing in.
    """

    def said() -> tuple[str, dict[str, Any]]:
        return gettext("A webhook of yours was switched off"), {
            "because": known(Webhook.Off(webhook.off_because).label),
            "link": f"{settings.PUBLIC_URL}/organisation/webhooks/{webhook.pk}/",
        }

    off_since = webhook.off_since
    mark = f"{webhook.pk}.{int(off_since.timestamp()) if off_since else 0}"
    people = User.objects.active().filter(
        organisation=webhook.organisation_id,
        role_grants__role__in=(Role.AUTHORITY_MANAGER, Role.SERVICE_LEAD),
    )
    if found := plain.letters("webhook_off", said, people=people, mark=mark):
        return found
    mailbox = [email for email in (webhook.organisation.email,) if email]
    english = Language.ENGLISH
    return [plain.letter("webhook_off", said, to=mailbox, language=english, mark=mark)] if mailbox else []
