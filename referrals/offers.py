"""When an offer is to be answered, when it lapses, and when that is remembered: days of the authority's nation."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from intake.deadlines import Calendar, OfficeHours
from intake.models import book
from referrals.models import Referral

OFFER = "OFFER"
# When the table of our targets says nothing.
DAYS = 2


def reply_by(referral: Referral, today: date) -> date:
    """The day that is offered unless somebody chooses another: our dated target, counted from today."""
    shelf = book()
    held = [row for row in shelf.work_targets if row.code == OFFER and row.nation in ("", nation(referral))]
    began = [row for row in held if row.valid_from is None or row.valid_from <= today]
    live = [row.amount for row in began if row.valid_until is None or today <= row.valid_until]
    days = next((amount for amount in reversed(live) if amount), DAYS)
    return calendar_of(referral).add_working_days(today, days)


def nation(referral: Referral) -> str:
    return referral.enquiry.authority.nation or "England"


def calendar_of(referral: Referral) -> Calendar:
    return book().calendars[nation(referral)]


def hours_of(referral: Referral, at: datetime) -> OfficeHours:
    """The office hours of our own promise that day."""
    return book().target(nation(referral), at).hours


def lapses_at(referral: Referral) -> datetime:
    """The closing of the office on the last day, or on the next day on which it is open.

    An offer made after closing on its own last day has until the next closing.
    """
    assert referral.reply_by is not None
    calendar, offered = calendar_of(referral), offered_at(referral)
    day = calendar.next_working_day(referral.reply_by)
    hours = hours_of(referral, offered)
    if hours.closing(day) <= offered:
        day = calendar.next_working_day(timezone.localdate(offered) + timedelta(days=1))
    return hours.closing(day)


def offered_at(referral: Referral) -> datetime:
    found = referral.offer_rows.filter(answer="").values_list("offered_at", flat=True).first()
    return found or referral.updated_at


def remember_on(referral: Referral) -> date:
    """The working day before the last one: the service is reminded."""
    assert referral.reply_by is not None
    return calendar_of(referral).add_working_days(referral.reply_by, -1)
