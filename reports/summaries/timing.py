"""Time on paper: our targets, and apart from them the authority's own clocks. No moment of printing is in it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from django.utils.translation import gettext

from intake.bodies import Body
from intake.clocks import ANSWERED, AuthorityClock, Reading, at_london
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
