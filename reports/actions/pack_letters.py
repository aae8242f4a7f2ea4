"""On the first working day of a month: the pack of the month before for each authority, a letter to its managers."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from intake.deadlines import Calendar
from intake.lifecycle import Role
from intake.models import Enquiry, Organisation, User, book
from intake.refusals import Refused
from referrals.claims import OUR_NATION
from reports import plain
from reports.actions import packs
from reports.actions.digests import HOUR
from reports.figures import periods
from reports.figures.periods import Period
from reports.models import Pack, PackLetter

log = logging.getLogger("referral_desk.packs")
# After an outage that was longer, a month's pack is for whoever asks for it.
GRACE = timedelta(days=7)
# Of one round: other letters wait meanwhile.
MOST = 10


def monthly_packs(now: datetime) -> int:
    """The worker's round: who is to be told of last month's pack, each with it, made if it is not there yet."""
    month = month_due(now, book().calendars[OUR_NATION])
    if month is None:
        return 0
    PackLetter.objects.filter(month__lt=month.first).delete()
    sent = 0
    for user in untold(month, now)[:MOST]:
        if mark := PackLetter.objects.take(user, month.first, now):
            sent += send(mark, user, month, now)
    return sent


def month_due(now: datetime, calendar: Calendar) -> Period | None:
    """The month before, from the morning of this month's first working day on, and for some days."""
    today = timezone.localdate(now)
    day = calendar.next_working_day(today.replace(day=1))
    begins = timezone.make_aware(datetime.combine(day, HOUR))
    if not begins <= now < begins + GRACE:
        return None
    return periods.month(today.year, today.month).before()


def untold(month: Period, now: datetime) -> QuerySet[User]:
    """Managers of authorities that had asked for something by then; nobody whose letter another worker is at."""
    after = timezone.make_aware(datetime.combine(month.last + timedelta(days=1), datetime.min.time()))
    asked = Enquiry.objects.filter(authority=OuterRef("organisation"), received_at__lt=after)
    taken = Q(sent_at__isnull=False) | Q(leased_until__gte=now)
    marks = PackLetter.objects.filter(taken, user=OuterRef("pk"), month=month.first)
    people: QuerySet[User] = (
        User.objects.active()
        .with_role(Role.AUTHORITY_MANAGER)
        .filter(Exists(asked), ~Exists(marks), organisation__kind=Organisation.Kind.AUTHORITY)
    )
    return people.order_by("organisation_id", "pk")


def send(mark: PackLetter, user: User, month: Period, now: datetime) -> int:
    """At least once, with one Message-ID: stopped between sending and marking, the letter goes again."""
    try:
        pack = packs.issue(
            authority=user.organisation, month=month, language=user.language, by=User.objects.system()
        )
        letter(mark, user, pack).send()
    except Refused as refused:
        log.error("The pack of %s could not be made: %s", month.name, type(refused).__name__)
        return 0
    except OSError as fault:
        log.warning("A letter about a pack failed: %s", type(fault).__name__)
        return 0
    told(mark, now)
    return 1


def told(mark: PackLetter, now: datetime) -> None:
    PackLetter.objects.filter(pk=mark.pk).update(sent_at=now)


def letter(mark: PackLetter, user: User, pack: Pack) -> EmailMessage:
    """The month and a link, and nothing of what the pack says."""

    def said() -> tuple[str, dict[str, Any]]:
        month = packs.month_in_words(pack.month)
        return gettext("The monthly pack for {month} is ready").format(month=month), {
            "month": month,
            "link": f"{settings.PUBLIC_URL}/packs/#pack-{pack.pk}",
        }

    return plain.letter("pack", said, to=[user.email], language=user.language, mark=str(mark.message_id))
