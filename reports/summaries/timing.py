"""Time on paper: our targets, and apart from them the authority's own clocks. No moment of printing is in it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from intake.bodies import Body
from intake.clocks import AuthorityClock
from intake.models import Enquiry, User
from intake.statutory import clocks_of
from referrals.models import Referral
from referrals.turnaround import OurTarget, targets_of
from reports.summaries.blocks import Pairs, Section, day, pairs

OURS = "Our targets"
THEIRS = "The authority's statutory clocks"
MARKS = {"verified": "", "part verified": "Verified in part.", "unverified": "Not verified."}


def noon(today: date) -> datetime:
    return datetime.combine(today, time(12), UTC)


def decision(enquiry: Enquiry, today: date) -> str:
    """Our own target, never a statutory limit."""
    return enquiry.reading(noon(today)).standing


def our_targets(rows: Sequence[Referral], by: User, today: date) -> Section:
    """Of each referral, what is promised for its work."""
    found = targets_of(rows, by, noon(today))
    return Section(OURS, [block(row, found[row.pk]) for row in rows if found[row.pk]])


def block(row: Referral, targets: Sequence[OurTarget]) -> Pairs:
    return pairs(
        [(target.promise, said(target)) for target in targets], f"{row.reference}: {row.assessment.type}"
    )


def said(target: OurTarget) -> str:
    return " ".join(filter(None, (f"{target.reading.on_paper}.", MARKS[target.verified])))


def statutory(enquiry: Enquiry, body: Body, by: User, today: date) -> Section:
    """They bind the authority, not us."""
    running = clocks_of(enquiry, body, by, today)
    return Section(THEIRS, [pairs([(clock.name, told(clock)) for clock in running])] if running else [])


def told(clock: AuthorityClock) -> str:
    beside = f"{clock.court_says}: {day(clock.court_day)}." if clock.court_day else ""
    return " ".join(filter(None, (f"{clock.sentence}.", beside, MARKS[clock.verified])))
