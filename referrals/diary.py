"""What stands in a calendar feed: the days of the referrals that its owner may see today."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from referrals.court import plan
from referrals.ics import Entry
from referrals.lifecycle import OPEN, Status
from referrals.models import Feed, FollowUp, Referral, Visit

# So long a day stays in the calendar after it has passed.
KEPT = timedelta(days=60)
# While it is with an assessor, the steps of its plan are somebody's to keep.
PLANNED = frozenset({Status.ALLOCATED, Status.IN_PROGRESS, Status.PAUSED})
STEPS = frozenset({"first_visit", "draft", "review"})


def entries_of(feed: Feed, today: date) -> list[Entry]:
    """In order of days. Three statements, however many referrals."""
    rows = referrals_of(feed)
    found = [entry for row in rows if row.status in OPEN for entry in days_of(row, today)]
    found += visits(rows)
    found += follow_ups(rows)
    kept = [entry for entry in found if day_of(entry.on) >= today - KEPT]
    return sorted(kept, key=lambda entry: (day_of(entry.on), entry.uid))


def referrals_of(feed: Feed) -> list[Referral]:
    """As the owner sees them now; of an assessor's feed, those that are theirs."""
    rows = Referral.objects.visible_to(feed.owner)
    if feed.whose == Feed.Whose.ASSESSOR:
        rows = rows.filter(Q(assessor=feed.owner) | Q(co_worker=feed.owner))
    asked = FollowUp.objects.filter(
        referral=OuterRef("pk"), answered_at__isnull=True, dropped_at__isnull=True
    )
    # What is over and asks nothing any more has no day: years of it are not read at each fetch.
    rows = rows.filter(Q(is_open=True) | Q(Exists(asked), status=Status.CLOSED)).order_by("pk")
    return list(rows.select_related("enquiry__authority", "assessment__type"))


def days_of(row: Referral, today: date) -> Iterator[Entry]:
    if row.status == Status.OFFERED and row.reply_by:
        yield entry(row, "reply", row.reply_by, "reply to the offer")
    if row.status == Status.PAUSED and row.review_on:
        yield entry(row, "pause", row.review_on, "look again at the pause")
    filing = row.decisive_date
    if filing is None or row.status == Status.DELIVERED:
        return
    yield entry(row, "filing", filing, "report to be filed")
    if row.status in PLANNED:
        yield from steps(row, filing, today)


def steps(row: Referral, filing: date, today: date) -> Iterator[Entry]:
    """The plan back from filing; the days of a plan that began too late are shown as they are."""
    asked = {"type": row.assessment.type.code, "particulars": row.assessment.particulars}
    found = plan(row.assessment.position, asked, filing, row.enquiry.authority.nation, today, begun=True)
    for day in found.days if found else ():
        if day.code in STEPS:
            yield entry(row, day.code, day.on, f"plan: {day.words.lower()}")


def visits(rows: Iterable[Referral]) -> Iterator[Entry]:
    """Planned ones; whom and where stand in the referral."""
    by_id = {row.pk: row for row in rows if row.status in OPEN}
    for visit in Visit.objects.planned().filter(referral__in=by_id).order_by("pk"):
        row = by_id[visit.referral_id]
        yield entry(row, f"visit-{visit.number}", visit.planned_at, "visit", minutes=visit.minutes or 60)


def follow_ups(rows: Iterable[Referral]) -> Iterator[Entry]:
    by_id = {row.pk: row for row in rows if row.status == Status.CLOSED}
    waiting = FollowUp.objects.filter(referral__in=by_id, answered_at__isnull=True, dropped_at__isnull=True)
    for asked in waiting.order_by("pk"):
        words = f"follow-up after {asked.months} months"
        yield entry(by_id[asked.referral_id], f"follow-up-{asked.number}", asked.due_on, words)


def entry(row: Referral, code: str, on: date | datetime, words: str, minutes: int = 0) -> Entry:
    return Entry(
        uid=f"{row.reference}-{code}@referral-desk",
        on=on,
        title=f"{row.reference} {row.assessment.type.name}: {words}",
        url=f"{settings.PUBLIC_URL}/referrals/{row.reference}/",
        changed_at=row.updated_at,
        minutes=minutes,
    )


def day_of(on: date | datetime) -> date:
    return timezone.localdate(on) if isinstance(on, datetime) else on
