"""Days on which we are closed, or a nation is: added ahead, taken back ahead; the running clocks go by them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from intake import due
from intake.actions.dated import DAY, OWN, refuse_changing
from intake.checks import Fault
from intake.deadlines import Calendar
from intake.models import Enquiry, Holiday, Recount, SettingChange, User, book, put_away
from intake.models.book import NATIONS, SECONDS
from intake.refusals import Invalid, NotPossible

TABLE = "days"
MOST_DAYS = 31
SATURDAY = 5


@dataclass(frozen=True)
class Preview:
    """Of the running decisions, how many there are and of how many the due moment would move."""

    days: tuple[date, ...]
    running: int
    moved: int

    @property
    def sentence(self) -> str:
        decisions = "decision" if self.running == 1 else "decisions"
        return f"{self.moved} of the {self.running} running {decisions} would be due on another day."


def preview(*, day: date, until: date | None, title: str, nation: str, ours: bool, by: User) -> Preview:
    """What would move if it were closed; nothing is written."""
    refuse_changing(by)
    days = days_to_close(day, until, title, nation)
    return Preview(tuple(days), *due.moved_by(min(days), calendars_with(days, nation)))


@transaction.atomic
def close(*, day: date, until: date | None, title: str, nation: str, ours: bool, by: User) -> list[Holiday]:
    """Close on a day, or on every working day up to another, in one nation or both; never on a day that has begun.

    `ours`: our office alone is closed; otherwise it is a bank holiday, which statutory limits skip as well.
    """
    refuse_changing(by)
    days = days_to_close(day, until, title, nation)
    rows = Holiday.objects.bulk_create(
        Holiday(date=one, title=title.strip(), nation=nation, ours=ours, source=OWN, verified="verified")
        for one in days
    )
    for row in rows:
        record(row, by, before="open", after="closed")
    go_by_it(min(days))
    return rows


@transaction.atomic
def open_again(*, holiday: Holiday, by: User) -> None:
    """Take back a day that was added here and has not come; it stays on record. Rows that were shipped stay."""
    refuse_changing(by)
    row = Holiday.objects.select_for_update().filter(pk=holiday.pk).first()
    if row is None:
        raise NotPossible("It was taken back already.", status="gone")
    if not may_open(row):
        raise NotPossible("Only a day that was added here and is still to come is taken back.", status="kept")
    record(row, by, before="closed", after="open", verb=SettingChange.Verb.TAKEN_BACK)
    row.delete()
    go_by_it(row.date)


def may_open(row: Holiday) -> bool:
    return row.source == OWN and row.date > timezone.localdate()


def moved_if_open(row: Holiday) -> int:
    """Of how many running decisions the due moment would move if it were taken back."""
    return due.moved_by(row.date, calendars_without(row))[1]


def days_to_close(day: date, until: date | None, title: str, nation: str) -> list[date]:
    """The working days from the first to the last that are not closed yet; every fault at once."""
    faults, last = [], until or day
    if day <= timezone.localdate():
        faults.append(Fault("/day", "past", "Give tomorrow or a later day."))
    if last < day:
        faults.append(Fault("/until", "order", "The last day is not before the first."))
    elif last - day >= MOST_DAYS * DAY:
        faults.append(Fault("/until", "range", f"Close at most {MOST_DAYS} days at once."))
    if not title.strip():
        faults.append(Fault("/title", "required", "Say what is on that day."))
    if nation not in ("", *NATIONS):
        faults.append(Fault("/nation", "unknown", "Choose a nation, or both."))
    if faults:
        raise Invalid(faults)
    every = [day + timedelta(days=number) for number in range((last - day).days + 1)]
    closed = dict(Holiday.objects.filter(date__in=every).values_list("date", "title"))
    if len(every) == 1 and day in closed:
        raise Invalid([Fault("/day", "closed", f"That day stands there already: {closed[day]}.")])
    days = [one for one in every if one.weekday() < SATURDAY and one not in closed]
    if not days:
        raise Invalid([Fault("/day", "closed", "There is no working day that would be closed.")])
    return days


def calendars_with(days: Iterable[date], nation: str) -> Mapping[str, Calendar]:
    more, closed = frozenset(days), book().holidays
    return {name: Calendar(closed[name] | more if nation in ("", name) else closed[name]) for name in NATIONS}


def calendars_without(row: Holiday) -> Mapping[str, Calendar]:
    return {name: Calendar(days - {row.date}) for name, days in book().holidays.items()}


def go_by_it(since: date) -> None:
    """Due moments at once; and once more by the round, for what a process with the earlier book still computes."""
    count_anew(since)
    due.store_anew(since)


def count_anew(since: date) -> None:
    """Leave it to the round: also of a day that was edited with the reference data."""
    put_away()
    transaction.on_commit(put_away)
    Recount.objects.create(since=since)


def record(row: Holiday, by: User, *, before: str, after: str, verb: str = "changed") -> None:
    where = row.nation or "England and Wales"
    what = "our office" if row.ours else "bank holiday"
    SettingChange.objects.create(
        table=TABLE,
        about=f"{row.date:%-d %B %Y}: {row.title}",
        by=by,
        by_name=by.name,
        verb=verb,
        valid_from=row.date,
        changed=[[f"{where}, {what}", before, after]],
    )


@transaction.atomic
def spread(now: datetime) -> int:
    """The worker's round: once no process can hold the earlier book, due moments and ranks go by the new one."""
    asked = Recount.objects.filter(done_at__isnull=True, asked_at__lte=now - timedelta(seconds=2 * SECONDS))
    days = list(asked.order_by("since").values_list("since", flat=True))
    if not days:
        return 0
    # Counted by this process's own book otherwise, which may be as old as any.
    put_away()
    moved = due.store_anew(days[0])
    today = timezone.localdate(now)
    Enquiry.objects.open().filter(ranks_on__gt=today).update(ranks_on=today)
    asked.update(done_at=now)
    return moved
