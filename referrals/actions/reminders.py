"""What the calendar says once for each stage: offers, late work, reviews, lapsed looks; nothing twice, no pile.

Each round computes from dates what is true today, and says it once: a row of `Reminder` is written in the
transaction of the letter's promise. After an outage only the present stage is said, not the ones that were missed.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from intake.deadlines import Calendar
from intake.lifecycle import Party
from intake.models import Enquiry, Notification, Reminder, Risk, User, book
from intake.models.moving import Moving
from referrals import offers, turnaround
from referrals.lifecycle import OPEN, Status
from referrals.models import Audit, Improvement, OversightEntry, Referral

# What is remembered, by the words of the letter.
OFFER, LATE, DECISION, PAUSE, RISK = "offer", "late", "decision", "pause", "risk"
REVIEW, ASKED = "review", "asked"
AUDIT, IMPROVEMENT = "audit", "improvement"
AT_WORK = tuple(sorted(OPEN - {Status.DELIVERED}))


def stage_of(day: date, today: date, calendar: Calendar) -> str:
    """How far it has come: the working day before, over by a day, then by whole weeks; empty in between.

    The stage stays what it is until the next begins, so that a round that comes late still says the present one.
    """
    if today <= day:
        return "tomorrow" if calendar.add_working_days(day, -1) <= today < day else ""
    weeks = (today - day).days // 7
    return f"week {weeks}" if weeks else "over"


@transaction.atomic
def remind(
    row: Moving,
    about: str,
    day: date,
    stage: str,
    now: datetime,
    *to: dict[str, Any],
    number: int = 0,
    **page: int,
) -> int:
    """Leave a letter for each party, unless this stage of this day was said before.

    `number` tells apart what there can be several of on one enquiry or referral; `page` is where it stands, when
    that is not the page of the enquiry or referral.
    """
    kind = f"{about} {number}" if number else about
    if not to or not Reminder.objects.first_time(row.reference, kind, f"{day} {stage}", now):
        return 0
    data = {"about": about, "stage": stage.partition(" ")[0], "day": day.isoformat(), **page}
    for party in to:
        row.notify(Notification.Kind.REMINDER, data=data, **party)  # type: ignore[attr-defined]
    return 1


def remind_of_offers(now: datetime) -> int:
    """The working day before the last one, the service is reminded of an offer without an answer."""
    today, done = timezone.localdate(now), 0
    offered = Referral.objects.filter(status=Status.OFFERED).select_related("enquiry__authority", "service")
    for referral in offered:
        if referral.reply_by and offers.remember_on(referral) <= today <= referral.reply_by:
            to = {"to": Party.SERVICE_LEAD, "organisation": referral.service}
            done += remind(referral, OFFER, referral.reply_by, "tomorrow", now, to)
    return done


def remind_of_late_work(now: datetime) -> int:
    """Referrals whose report is needed tomorrow, or was: to who does it, their lead, and the coordinator."""
    today, done = timezone.localdate(now), 0
    for referral in needed_until(soon(today)):
        calendar = offers.calendar_of(referral)
        day = referral.decisive_date
        if day and (stage := stage_of(day, today, calendar)):
            done += remind(referral, LATE, day, stage, now, *workers(referral))
    return done


def soon(today: date) -> date:
    """No working day is further away than this after its eve: over Christmas and Easter too."""
    return today + timedelta(days=6)


def needed_until(day: date) -> Iterator[Referral]:
    rows = Referral.objects.filter(status__in=AT_WORK).annotate(
        needed=Coalesce(F("needed_by"), F("enquiry__filing_date"), F("enquiry__needed_by"))
    )
    due = rows.filter(needed__lte=day).select_related("enquiry__authority", "service", "assessor")
    return due.iterator(chunk_size=500)


def workers(referral: Referral) -> list[dict[str, Any]]:
    """The assessor and the lead of the service it is with, and always the coordinator."""
    to: list[dict[str, Any]] = [{"to": Party.COORDINATOR}]
    if referral.service:
        to.append({"to": Party.SERVICE_LEAD, "organisation": referral.service})
    if referral.assessor:
        to.append({"to": Party.ASSESSOR, "person": referral.assessor})
    return to


def remind_of_reviews(now: datetime) -> int:
    """Reports whose review is due by our own target: to the reviewers."""
    today, done = timezone.localdate(now), 0
    handed_in = Referral.objects.filter(status=Status.IN_REVIEW)
    rows = list(handed_in.select_related("enquiry__authority", "assessment__type"))
    targets = turnaround.targets_of(rows, User.objects.system(), now)
    for referral in rows:
        due = turnaround.running_until(turnaround.REVIEW, targets[referral.pk])
        day = timezone.localdate(due) if due else None
        if day and (stage := stage_of(day, today, offers.calendar_of(referral))):
            done += remind(referral, REVIEW, day, stage, now, {"to": Party.REVIEWER})
    return done


def remind_of_what_was_asked(now: datetime) -> int:
    """What a manager's entry asks of somebody: to them, or to the managers once they have left."""
    today, done = timezone.localdate(now), 0
    entries = OversightEntry.objects.filter(done_at__isnull=True, due_on__lte=soon(today))
    for entry in entries.select_related("enquiry__authority", "referral__enquiry__authority", "owner"):
        assert entry.due_on is not None
        assert entry.owner is not None, "Where there is a day, somebody does it."
        nation = entry.enquiry.authority.nation if entry.enquiry else ""
        stage = stage_of(entry.due_on, today, book().calendars[nation or "England"])
        to = at_work(entry.owner)
        if stage:
            done += remind(entry.subject, ASKED, entry.due_on, stage, now, to, number=entry.pk)
    return done


def remind_of_audits(now: datetime) -> int:
    """Audits to be done tomorrow, or late: to their auditor, or to the managers once the auditor has left."""
    today, done = timezone.localdate(now), 0
    rows = Audit.objects.open().filter(due_on__lte=soon(today))
    for row in rows.select_related("referral__enquiry__authority", "auditor"):
        if stage := stage_of(row.due_on, today, offers.calendar_of(row.referral)):
            to = at_work(row.auditor)
            done += remind(row.referral, AUDIT, row.due_on, stage, now, to, number=row.pk, audit=row.pk)
    return done


def remind_of_improvements(now: datetime) -> int:
    """Improvements that come from a case: to their owner. What comes from no case has letters of its own."""
    today, done = timezone.localdate(now), 0
    rows = Improvement.objects.open().filter(due_on__lte=soon(today), referral__isnull=False)
    for row in rows.select_related("referral__enquiry__authority", "owner"):
        assert row.referral is not None
        if stage := stage_of(row.due_on, today, offers.calendar_of(row.referral)):
            to, page = at_work(row.owner), {"number": row.pk, "improvement": row.pk}
            done += remind(row.referral, IMPROVEMENT, row.due_on, stage, now, to, **page)
    return done


def at_work(person: User) -> dict[str, Any]:
    """The person, or the managers once they have left."""
    return {"to": Party.OWNER, "person": person} if person.is_active else {"to": Party.MANAGER}


def remind_of_late_decisions(now: datetime) -> int:
    """Enquiries whose decision is over its time: to the owner, or to the mailbox of the hub when nobody has it.

    Of one that somebody has, the eve too; of one that nobody has the eve is the day on which it came.
    """
    today, done = timezone.localdate(now), 0
    running = Enquiry.objects.open().filter(clock=Enquiry.ClockState.RUNNING)
    ends = timezone.make_aware(datetime.combine(soon(today), time.max))
    rows = running.filter(due_at__lte=ends).select_related("authority", "owner")
    for enquiry in rows.iterator(chunk_size=500):
        assert enquiry.due_at is not None
        day = timezone.localdate(enquiry.due_at)
        stage = stage_of(day, today, book().calendars[enquiry.authority.nation or "England"])
        if stage and (enquiry.owner_id or stage != "tomorrow"):
            done += remind(enquiry, DECISION, day, stage, now, {"to": Party.COORDINATOR})
    return done


def remind_of_pauses(now: datetime) -> int:
    """Paused work whose day to look again has come: to the service lead and the coordinator, then weekly."""
    today, done = timezone.localdate(now), 0
    rows = Referral.objects.filter(status=Status.PAUSED, review_on__lte=today)
    for referral in rows.select_related("enquiry__authority", "service"):
        assert referral.review_on is not None
        to = {"to": Party.SERVICE_LEAD, "organisation": referral.service}
        stage = on_or_after(referral.review_on, today)
        done += remind(referral, PAUSE, referral.review_on, stage, now, to, {"to": Party.COORDINATOR})
    return done


def on_or_after(day: date, today: date) -> str:
    """For a day on which something is to be done: that day, then each week after it."""
    weeks = (today - day).days // 7
    return f"week {weeks}" if weeks else "today"


def remind_of_risks(now: datetime) -> int:
    """A risk whose day of review has come, of an enquiry that is still open: to its owner or the hub."""
    today, done = timezone.localdate(now), 0
    rows = Risk.objects.filter(review_on__lte=today, enquiry__in=Enquiry.objects.open())
    days: dict[int, date] = {}
    for risk in rows.order_by("review_on").only("enquiry_id", "review_on"):
        assert risk.review_on is not None
        days.setdefault(risk.enquiry_id, risk.review_on)
    for row in Enquiry.objects.filter(pk__in=days).select_related("authority", "owner"):
        stage = on_or_after(days[row.pk], today)
        done += remind(row, RISK, days[row.pk], stage, now, {"to": Party.COORDINATOR})
    return done


def tidy(now: datetime) -> int:
    """What was said two years ago is said no more: the day in its stage is long over."""
    old = Reminder.objects.filter(at__lt=now - timedelta(days=730))
    return old.delete()[0]
