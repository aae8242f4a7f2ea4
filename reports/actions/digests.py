"""The letter that counts what is in a saved view: references and numbers, nobody's name, not even the view's."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from intake.deadlines import Calendar
from intake.models import DigestSent, SavedView, book
from referrals import viewing
from referrals.claims import OUR_NATION
from reports import plain

log = logging.getLogger("referral_desk.digests")
# Before this hour of the morning it is still the day before.
HOUR = time(7)
NAMED = 20
CAP = 1000
KEPT = timedelta(days=60)


def digests(now: datetime) -> int:
    """The worker's round. The latest that is due, never the ones an outage left out; one letter each."""
    DigestSent.objects.filter(day__lt=timezone.localdate(now) - KEPT).delete()
    done = set(DigestSent.objects.filter(sent_at__isnull=False).values_list("view_id", "day"))
    sent, calendar = 0, book().calendars[OUR_NATION]
    for view in SavedView.objects.with_a_digest().select_related("owner__organisation").order_by("pk"):
        day = due_day(view.digest, now, calendar)
        if view.digest_from is None or day <= view.digest_from or (view.pk, day) in done:
            continue
        if mark := DigestSent.objects.take(view, day, now):
            sent += send(mark, view, now)
    return sent


def due_day(digest: str, now: datetime, calendar: Calendar) -> date:
    """The latest day whose digest is due: of a week, its first working day."""
    local = timezone.localtime(now)
    latest = local.date() if local.time() >= HOUR else local.date() - timedelta(days=1)
    if digest == SavedView.Digest.WEEKLY:
        day = first_of_week(latest, calendar)
        return day if day <= latest else first_of_week(latest - timedelta(days=7), calendar)
    while not calendar.is_working_day(latest):
        latest -= timedelta(days=1)
    return latest


def first_of_week(day: date, calendar: Calendar) -> date:
    return calendar.next_working_day(day - timedelta(days=day.weekday()))


def send(mark: DigestSent, view: SavedView, now: datetime) -> int:
    """At least once, with one Message-ID: stopped between sending and marking, the letter goes again."""
    if not SavedView.objects.visible_to(view.owner).filter(pk=view.pk).exists():
        # Their role is another now: there is nothing they could see.
        DigestSent.objects.filter(pk=mark.pk).update(sent_at=now)
        return 0
    try:
        letter(mark, view).send()
    except OSError as fault:
        log.warning("A digest failed: %s", type(fault).__name__)
        return 0
    DigestSent.objects.filter(pk=mark.pk).update(sent_at=now)
    return 1


@dataclass(frozen=True)
class Contents:
    """How many there are, counted up to a cap, and the first of them."""

    number: int
    references: list[str]


def contents(view: SavedView) -> Contents:
    """As its owner sees it today."""
    rows = viewing.rows_of(view, view.owner)
    number = rows.order_by().values("pk")[: CAP + 1].count()
    return Contents(number, list(rows.values_list("reference", flat=True)[:NAMED]))


def counted(number: int, of: str) -> str:
    """How many, in words."""
    referrals = of == SavedView.Of.REFERRALS
    if number > CAP:
        words = (
            gettext("more than {number} referrals") if referrals else gettext("more than {number} enquiries")
        )
        return words.format(number=f"{CAP:,}")
    words = (
        ngettext("{number} referral", "{number} referrals", number)
        if referrals
        else ngettext("{number} enquiry", "{number} enquiries", number)
    )
    return words.format(number=number)


def letter(mark: DigestSent, view: SavedView) -> EmailMessage:
    found = contents(view)

    def said() -> tuple[str, dict[str, Any]]:
        number = counted(found.number, view.of)
        return gettext("{number} in a view of yours").format(number=number), {
            "number": number,
            "references": found.references,
            "more": found.number > len(found.references),
            "link": f"{settings.PUBLIC_URL}/views/{view.pk}/",
            "settings_link": f"{settings.PUBLIC_URL}/views/",
            "day": date_format(mark.day, "l j F Y"),
        }

    owner = view.owner
    return plain.letter("digest", said, to=[owner.email], language=owner.language, mark=str(mark.message_id))
