"""Due moments of decisions computed anew from their interval logs, of many enquiries at once."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from itertools import groupby

from intake.deadlines import LONDON, Calendar, decision_due
from intake.models import Enquiry, Event, book
from intake.models.enquiry import EnquiryQuerySet, intervals_from

BATCH = 200
# Those that have a due moment: one that was stopped keeps the moment by which it was to be met.
HAVE_ONE = (Enquiry.ClockState.RUNNING, Enquiry.ClockState.STOPPED)


def due_from(day: date) -> EnquiryQuerySet:
    """Those whose due moment is on that day or later: no other can be moved by what happens to that day."""
    begins = datetime.combine(day, time.min, LONDON)
    return Enquiry.objects.filter(clock__in=HAVE_ONE, due_at__gte=begins)


def due_anew(
    rows: Sequence[Enquiry], calendars: Mapping[str, Calendar]
) -> Iterator[tuple[Enquiry, datetime | None]]:
    """Each with its due moment by these calendars; a stop leaves the moment as it was. One statement."""
    lines = Event.objects.filter(enquiry__in=rows).exclude(clock="").order_by("enquiry", "sequence")
    told = lines.values_list("enquiry_id", "clock", "at", "verb")
    logs = {pk: [line[1:] for line in log] for pk, log in groupby(told, key=lambda line: line[0])}
    for row in rows:
        log = logs.get(row.pk, [])
        if row.clock == Enquiry.ClockState.STOPPED:
            log = log[:-1]
        if log:
            intervals, nation = intervals_from(log), row.authority.nation
            target = book().target(nation, intervals[0].started_at)
            yield row, decision_due(target, intervals, calendars[nation])


def moved_by(day: date, calendars: Mapping[str, Calendar]) -> tuple[int, int]:
    """Of the running decisions: how many there are, and of how many these calendars move the due moment."""
    # A clock runs while an enquiry is open, and the open ones have their own indexes.
    running = Enquiry.objects.open().filter(clock=Enquiry.ClockState.RUNNING)
    rows = (running & due_from(day)).select_related("authority").order_by("pk")
    moved, last = 0, 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        moved += sum(due != row.due_at for row, due in due_anew(batch, calendars))
        last = batch[-1].pk
    return running.count(), moved


def store_anew(since: date) -> int:
    """Compute anew every due moment on that day or later, by the book in force; says how many moved.

    Held in batches, so that no step of a clock comes between. It makes no new version: nobody changed anything.
    """
    calendars, last, count = book().calendars, 0, 0
    rows = due_from(since).select_related("authority").order_by("pk").select_for_update(of=("self",))
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        changed = []
        for row, due in due_anew(batch, calendars):
            if due != row.due_at:
                row.due_at = due
                changed.append(row)
        Enquiry.objects.bulk_update(changed, ("due_at",))
        count += len(changed)
        last = batch[-1].pk
    return count
