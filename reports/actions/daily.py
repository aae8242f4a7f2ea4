"""The letter of the morning: what somebody would rather read together, each with its reference and link."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from intake.models import DailyLetter, HeldLetter, Notification, SavedView, User, book
from referrals.claims import OUR_NATION
from reports import plain
from reports.actions.digests import HOUR, due_day
from reports.letters import in_short, link, recipients

log = logging.getLogger("referral_desk.digests")
KEPT = timedelta(days=60)
NAMED = 50


def hold(notification: Notification, people: Iterable[int], now: datetime) -> None:
    """Keep it for their next daily letter; a second time it is there already."""
    HeldLetter.objects.bulk_create(
        (HeldLetter(user_id=pk, notification=notification, held_at=now) for pk in people),
        ignore_conflicts=True,
    )


def daily_letters(now: datetime) -> int:
    """The worker's round: on the morning of a working day, what was held before it; one letter each."""
    DailyLetter.objects.filter(day__lt=timezone.localdate(now) - KEPT).delete()
    day = due_day(SavedView.Digest.DAILY, now, book().calendars[OUR_NATION])
    morning = timezone.make_aware(datetime.combine(day, HOUR))
    held = HeldLetter.objects.filter(held_at__lt=morning).order_by("user_id", "held_at", "pk")
    rows = held.select_related(
        "user__organisation", "notification__enquiry__authority", "notification__person"
    )
    sent = 0
    for user, letters in groupby(rows, lambda row: row.user):
        if mark := DailyLetter.objects.take(user, day, now):
            sent += send(mark, user, list(letters), now)
    return sent


def send(mark: DailyLetter, user: User, held: list[HeldLetter], now: datetime) -> int:
    """At least once, with one Message-ID: stopped between sending and marking, the letter goes again."""
    told = [row.notification for row in held if still_meant(user, row.notification)]
    try:
        if told:
            letter(mark, user, told).send()
    except OSError as fault:
        log.warning("A daily letter failed: %s", type(fault).__name__)
        return 0
    with transaction.atomic():
        DailyLetter.objects.filter(pk=mark.pk).update(sent_at=now)
        HeldLetter.objects.filter(pk__in=[row.pk for row in held]).delete()
    return 1 if told else 0


def still_meant(user: User, notification: Notification) -> bool:
    """As of now: whoever has left, or may not know of it any more, reads nothing of it."""
    return user.is_active and user.email.lower() in {email.lower() for email in recipients(notification)}


def letter(mark: DailyLetter, user: User, told: list[Notification]) -> EmailMessage:
    def said() -> tuple[str, dict[str, Any]]:
        number = len(told)
        happened = ngettext("{number} thing has happened", "{number} things have happened", number)
        happened = happened.format(number=number)
        return gettext("{happened} since your last letter").format(happened=happened), {
            "happened": happened,
            "day": date_format(mark.day, "l j F Y"),
            "lines": [(*in_short(row, user.language), link(row)) for row in told[:NAMED]],
            "more": max(0, number - NAMED),
            "home": f"{settings.PUBLIC_URL}/",
            "settings_link": f"{settings.PUBLIC_URL}/account/letters/",
        }

    return plain.letter("daily", said, to=[user.email], language=user.language, mark=str(mark.message_id))
