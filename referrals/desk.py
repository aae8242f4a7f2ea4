"""What needs somebody now, in sentences, the most pressing first: their claims, then what nobody has."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from intake import worklists
from intake.filters import EnquiryFilter
from intake.lifecycle import Status as EnquiryStatus
from intake.models import Enquiry, Message, User
from referrals import claims
from referrals import worklists as referral_lists
from referrals.lifecycle import Status
from referrals.models import Referral

MOST = 8
LOOKED_AT = 50
# What comes first: the smaller the number.
LATE, GOING, TODAY, FREE, ASKED, PLACING = range(6)


@dataclass(frozen=True)
class Need:
    """One line: what is to be done, with which enquiry or referral, and how pressing it is."""

    rank: int
    at: datetime | None
    reference: str
    text: str
    tone: str = ""

    @property
    def page(self) -> str:
        return "referral" if self.reference.startswith("REF-") else "enquiry"


def my_claims(user: User, now: datetime) -> list[Any]:
    """The enquiries that somebody has and has not decided, the next due first; each with when it was touched."""
    mine = Enquiry.objects.visible_to(user).filter(
        owner=user, status__in=(EnquiryStatus.IN_TRIAGE, EnquiryStatus.INFORMATION_REQUESTED)
    )
    unread = Message.objects.visible_to(user).unread_by(user).filter(enquiry=OuterRef("pk"))
    rows = claims.with_touch(mine).select_related("authority").annotate(has_news=Exists(unread))
    found = list(rows.order_by("due_at", "pk")[:LOOKED_AT])
    warned = claims.warned_from(now) if found else now
    for row in found:
        row.goes_soon = row.status == EnquiryStatus.IN_TRIAGE and row.touched_at <= warned
    return found


def needs(user: User, mine: list[Any], now: datetime) -> list[Need]:
    """At most eight lines."""
    found = [*of_claims(mine, now), *of_placing(user, now), *of_nobody(user, now)]
    last = now + timedelta(days=3650)
    return sorted(found, key=lambda need: (need.rank, need.at or last, need.reference))[:MOST]


def of_claims(mine: list[Any], now: datetime) -> Iterator[Need]:
    for row in mine:
        running = row.clock == Enquiry.ClockState.RUNNING and row.due_at is not None
        whose = row.authority.name
        if running and row.due_at < now:
            yield Need(
                LATE, row.due_at, row.reference, f"Yours, of {whose}: its decision is overdue.", "late"
            )
        elif running and timezone.localdate(row.due_at) == timezone.localdate(now):
            until = f"{timezone.localtime(row.due_at):%H:%M}"
            yield Need(
                TODAY, row.due_at, row.reference, f"Yours, of {whose}: decide it today by {until}.", "soon"
            )
        if row.goes_soon:
            hours = f"{settings.CLAIM_HOURS:g}"
            text = f"Yours, of {whose}: untouched, and goes back to the queue after {hours} office hours."
            yield Need(GOING, row.touched_at, row.reference, text, "soon")
        if row.has_news:
            yield Need(ASKED, row.touched_at, row.reference, f"{whose} has written, and nobody has read it.")


def of_placing(user: User, now: datetime) -> Iterator[Need]:
    """The accepted assessments of one's own enquiries that nobody has yet, and the offers nobody answered."""
    rows: QuerySet[Referral] = Referral.objects.visible_to(user).filter(
        enquiry__owner=user, status__in=(Status.WAITING, Status.OFFERED)
    )
    today = timezone.localdate(now)
    for row in rows.select_related("assessment__type", "service").order_by("created_at", "pk")[:LOOKED_AT]:
        what = row.assessment.type.name
        if row.status == Status.WAITING:
            yield Need(PLACING, row.created_at, row.reference, f"{what}: accepted, and with no service yet.")
        elif row.reply_by is not None and row.reply_by <= today:
            text = f"{what}: {row.service} has not answered the offer; the last day is today."
            yield Need(TODAY, row.updated_at, row.reference, text, "soon")


def of_nobody(user: User, now: datetime) -> Iterator[Need]:
    """What nobody has claimed and is due today, or was before."""
    end = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    rows = Enquiry.objects.visible_to(user).filter(
        status=EnquiryStatus.SUBMITTED, clock=Enquiry.ClockState.RUNNING, due_at__lt=end
    )
    for row in rows.select_related("authority").order_by("due_at", "pk")[:MOST]:
        assert row.due_at is not None
        if row.due_at < now:
            text, tone = f"Nobody has it, of {row.authority.name}: its decision is overdue.", "late"
        else:
            until = f"{timezone.localtime(row.due_at):%H:%M}"
            text, tone = f"Nobody has it, of {row.authority.name}: to be decided today by {until}.", "soon"
        yield Need(FREE, row.due_at, row.reference, text, tone)


# --- How many wait -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tally:
    """One count of the row on top: a link, how many, how old the oldest is."""

    label: str
    href: str
    number: str
    age: str = ""
    tone: str = ""


def tallies(user: User, now: datetime) -> list[Tally]:
    """The row of counts: what waits for triage, what is due, what waits for others, what is to be placed."""
    ours, placing = worklists.counts(user), referral_lists.counts(user)
    today = due_today(user)
    rows = [
        tally("To triage", ours["to_triage"], enquiries_of("to_triage"), now),
        tally("Due today", today, f"{reverse('worklist')}?clock=due_today&sort=due", now, "soon"),
        tally("Overdue", ours["late"], enquiries_of("late"), now, "late"),
        tally("With the authority", ours["with_authority"], enquiries_of("with_authority"), now),
        tally("To place", placing["to_place"], referrals_of("to_place"), now),
        tally("Offers unanswered", placing["offered"], referrals_of("offered"), now),
        tally("Late assessments", placing["late"], referrals_of("late"), now, "late"),
    ]
    if ours["restricted"].number:
        rows.append(tally("Restricted", ours["restricted"], enquiries_of("restricted"), now))
    return rows


def due_today(user: User) -> worklists.Count:
    visible = Enquiry.objects.visible_to(user)
    rows = EnquiryFilter(QueryDict("clock=due_today"), visible, request=SimpleNamespace(user=user)).qs
    return worklists.capped(worklists.one_row(user, {"number": worklists.Capped(rows)})["number"])


def tally(label: str, count: worklists.Count, href: str, now: datetime, tone: str = "") -> Tally:
    age = f"oldest {age_of(count.oldest, now)}" if count.number and count.oldest else ""
    return Tally(label, href, str(count), age, tone if count.number else "")


def age_of(since: datetime, now: datetime) -> str:
    """20 min, 5 h, 3 days."""
    hours = int((now - since).total_seconds() // 3600)
    if hours < 1:
        return f"{max(int((now - since).total_seconds() // 60), 0)} min"
    return f"{hours} h" if hours < 48 else f"{hours // 24} days"


def enquiries_of(name: str) -> str:
    row = worklists.LISTS[name]
    return f"{reverse('worklist')}?{row.as_query().urlencode()}&sort={row.sort}"


def referrals_of(name: str) -> str:
    return f"{reverse('referrals')}?{referral_lists.LISTS[name].as_query().urlencode()}"
