"""Promises kept: each notification claimed, made, sent and marked; tried again later when that fails."""

import logging
from dataclasses import replace
from datetime import datetime

from django.core.mail import EmailMessage
from django.db import InterfaceError, OperationalError

from intake.models import Notification
from intake.models.notification import DEATHS_ALLOWED
from intake.refusals import Unavailable
from reports.actions import daily, documents
from reports.letters import Letter, NoRecipient, letter, to_the_public
from reports.wishes import wishes

log = logging.getLogger("referral_desk.delivery")


def deliver_next(now: datetime) -> bool:
    """Keep the oldest promise that waits; False when none does.

    At least once: killed between sending and marking, it is sent again under the same Message-ID.
    """
    notification = Notification.objects.claim(now)
    if notification is None:
        return False
    if notification.deaths >= DEATHS_ALLOWED:
        park(notification, now, f"Its worker died {notification.deaths} times.")
    else:
        attempt(notification, now)
    return True


def attempt(notification: Notification, now: datetime) -> None:
    try:
        keep(notification, now)
    except (OperationalError, InterfaceError):
        # The database is away: nothing can be noted, the lease will run out, the worker waits.
        raise
    except NoRecipient as nobody:
        park(notification, now, str(nobody))
    except Exception as fault:
        # The one bare except: whatever it was, the next promise is to be kept. An error's text may hold an
        # address or what somebody wrote, so only its kind is kept.
        log.warning("%s %s failed: %s", notification.kind, notification.subject, type(fault).__name__)
        notification.retry(now, type(fault).__name__)
    else:
        notification.mark_sent(now)


def park(notification: Notification, now: datetime, why: str) -> None:
    log.error("%s %s parked: %s", notification.kind, notification.subject, why)
    notification.park(now, why)


def keep(notification: Notification, now: datetime) -> None:
    """First the document it speaks of, then the letter: to whom wants it now; for others it waits for theirs."""
    if notification.kind == Notification.Kind.ACKNOWLEDGEMENT and not to_the_public(notification):
        acknowledge(notification)
    written = letter(notification)
    wanted = wishes(notification, written.to)
    daily.hold(notification, wanted.daily, now)
    if wanted.now:
        send(replace(written, to=wanted.now))


def acknowledge(notification: Notification) -> None:
    """Without Pango the letter goes all the same: the document is made when somebody first asks for it."""
    try:
        documents.acknowledge(enquiry=notification.enquiry)
    except Unavailable as refused:
        log.warning("%s has no acknowledgement yet: %s", notification.subject, refused.detail)


def send(written: Letter) -> None:
    EmailMessage(
        written.subject,
        written.text,
        to=written.to,
        headers={"Message-ID": written.message_id, "Auto-Submitted": "auto-generated"},
    ).send()
