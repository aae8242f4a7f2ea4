"""Time on paper: our targets, and apart from them the authority's own clocks.

No moment of printing is in it, except in what a list says of each row: it is a list as it stood.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from intake.bodies import Body
from intake.clocks import ANSWERED, AuthorityClock, Reading, at_london
from intake.deadlines import Unit
from intake.models import Enquiry, User
from intake.statutory import clocks_of
from intake.words import _, span
from referrals.models import Referral
from referrals.turnaround import OurTarget, targets_of
from reports.languages import known
from reports.summaries.blocks import Pairs, Section, day, pairs

MARKS = {"verified": "", "part verified": _("Verified in part."), "unverified": _("Not verified.")}


def noon(today: date) -> datetime:
    return datetime.combine(today, time(12), UTC)


def decision(enquiry: Enquiry, today: date) -> str:
    """Our own target, never a statutory limit."""
    return standing(enquiry.reading(noon(today)))


def our_targets(rows: Sequence[Referral], by: User, today: date) -> Section:
    """Of each referral, what is promised for its work."""
    found = targets_of(rows, by, noon(today))
    return Section("Our targets", [block(row, found[row.pk]) for row in rows if found[row.pk]])


def block(row: Referral, targets: Sequence[OurTarget]) -> Pairs:
    return pairs(
        [(target.promise, said(target)) for target in targets],
        f"{row.reference}: {known(row.assessment.type.name)}",
    )


def said(target: OurTarget) -> str:
    reading = target.reading
    return " ".join(filter(None, (f"{outcome(reading) or standing(reading)}.", str(MARKS[target.verified]))))


def standing(reading: Reading) -> str:
    """What stays true however long the paper lies."""
    if reading.state == "paused":
        answered = reading.waits_until == ANSWERED
        return (
            gettext("Standing still until the authority answers") if answered else gettext("Standing still")
        )
    if reading.state == "stopped":
        return gettext("Stopped")
    if reading.due is None:
        return ""
    due = at_london(reading.due)
    return gettext("{what} due {day} at {time}").format(
        what=known(reading.what), day=day(due), time=f"{due:%H:%M}"
    )


def outcome(reading: Reading) -> str:
    if reading.ended_at is None or reading.due is None:
        return ""
    words = gettext("{what}: {day}, late") if reading.late else gettext("{what}: {day}, in time")
    return words.format(what=known(reading.what), day=day(at_london(reading.ended_at)))


def stands(clock: Reading) -> str:
    """What a line of the list on the screen says of our promise, in the language in which we speak."""
    if clock.state == "paused":
        waits = clock.waits_until == ANSWERED
        words = (
            gettext("{what} clock paused until the authority answers")
            if waits
            else gettext("{what} clock paused")
        )
        return words.format(what=known(clock.what))
    return until_due(clock, clock.due) if clock.state == "running" and clock.due else outcome(clock)


def until_due(clock: Reading, due: datetime) -> str:
    local, left = at_london(due), clock.working_days_left or 0
    in_year = local.year == at_london(clock.now).year
    if clock.late:
        words = gettext("{what} was due {day}, {span} late")
        length = span(-left, Unit.WORKING_DAYS) if left else hours(clock.now - due)
    elif clock.today:
        words, length = gettext("{what} due today by {time}, {span} left"), hours(due - clock.now)
    else:
        words, length = gettext("{what} due {day}, {span} left"), span(left, Unit.WORKING_DAYS)
    return words.format(
        what=known(clock.what),
        day=date_format(local, "l j F" if in_year else "l j F Y"),
        time=f"{local:%H:%M}",
        span=length,
    )


def hours(length: timedelta) -> str:
    """Whole hours, or minutes below one."""
    minutes = max(int(length.total_seconds() // 60), 1)
    if minutes < 60:
        return ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
    return span(minutes // 60, Unit.HOURS)


def statutory(enquiry: Enquiry, body: Body, by: User, today: date) -> Section:
    """They bind the authority, not us."""
    running = clocks_of(enquiry, body, by, today)
    return Section(
        "The authority's statutory clocks",
        [pairs([(known(clock.name), told(clock)) for clock in running])] if running else [],
    )


def told(clock: AuthorityClock) -> str:
    beside = f"{known(clock.court_says)}: {day(clock.court_day)}." if clock.court_day else ""
    return " ".join(filter(None, (limit(clock), beside, str(MARKS[clock.verified]))))


def limit(clock: AuthorityClock) -> str:
    """26 weeks beginning with 28 September 2026: the last day is 28 March 2027."""
    if clock.beginning_with:
        words = (
            gettext("{span} beginning with {day}: the last day was {last_day}.")
            if clock.over
            else gettext("{span} beginning with {day}: the last day is {last_day}.")
        )
    else:
        words = (
            gettext("{span} from {day}: the last day was {last_day}.")
            if clock.over
            else gettext("{span} from {day}: the last day is {last_day}.")
        )
    return words.format(
        span=span(clock.amount, clock.unit), day=day(clock.started_on), last_day=day(clock.last_day)
    )
