"""Working days of a nation, due dates, and our own decision clock. Pure: today and now are arguments."""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_DAY = timedelta(days=1)
_NOTHING = timedelta(0)


class Unit(StrEnum):
    """What a limit is counted in."""

    WORKING_DAYS = "working days"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Calendar:
    """A nation's working days: Monday to Friday without bank holidays. England and Wales share one."""

    holidays: frozenset[date]

    def is_working_day(self, day: date) -> bool:
        """Whether offices are open that day."""
        return day.weekday() < 5 and day not in self.holidays

    def next_working_day(self, day: date) -> date:
        """The day itself when it is a working day, otherwise the first one after it."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The count-th working day after `day`, which is day 0 and is not counted; before it when negative.

        An event on a non-working day therefore has the next working day as its day 1.
        """
        if count == 0:
            return self.next_working_day(day)
        step = _DAY if count > 0 else -_DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` is before `start`."""
        return _open_until(end, self.holidays) - _open_until(start, self.holidays)


@lru_cache(maxsize=16)
def _closed(holidays: frozenset[date]) -> tuple[int, ...]:
    """The holidays that fall on a weekday, in order; looked up by `_open_until`."""
    return tuple(sorted(day.toordinal() for day in holidays if day.weekday() < 5))


def _open_until(day: date, holidays: frozenset[date]) -> int:
    """Working days from the year 1, which began on a Monday, up to and including this one; counted, not walked."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * 5 + min(rest, 5) - bisect_right(_closed(holidays), day.toordinal())


@dataclass(frozen=True, slots=True)
class Limit:
    """How long something may take, as a statute, guidance or contract says it.

    `beginning_with`: the day of the event is the first day of the period ("26 weeks beginning with the day",
    Children Act 1989 s.32(1)(a)), so the last day is one earlier. `rolls`: a last day on which offices are
    closed moves to the next working day (subject access requests, data protection complaints).
    """

    amount: int
    unit: Unit
    beginning_with: bool = False
    rolls: bool = False


def due_date(limit: Limit, start: date, calendar: Calendar) -> date:
    """The last day of the limit when the event was on `start`. Refuses a limit in hours: ask `due_moment`."""
    day = _last_day(limit, start, calendar)
    return calendar.next_working_day(day) if limit.rolls else day


def due_moment(limit: Limit, start: datetime) -> datetime:
    """When a limit in hours ends, in UTC: every hour counts, also at night (72 hours to report a breach)."""
    if limit.unit is not Unit.HOURS:
        raise ValueError("Only a limit in hours ends at a moment.")
    return _utc(start) + timedelta(hours=limit.amount)


def _last_day(limit: Limit, start: date, calendar: Calendar) -> date:
    before = _DAY if limit.beginning_with else _NOTHING
    match limit.unit:
        case Unit.WORKING_DAYS:
            return calendar.add_working_days(start - before, limit.amount)
        case Unit.DAYS:
            return start + timedelta(days=limit.amount) - before
        case Unit.WEEKS:
            return start + timedelta(weeks=limit.amount) - before
        case Unit.MONTHS:
            return _months_later(start, limit.amount) - before
        case Unit.HOURS:
            raise ValueError("A limit in hours ends at a moment, not on a day.")


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When our office works, in its own zone. After the cut-off, what comes in counts as the next day's."""

    opens: time = time(9)
    cut_off: time = time(16)
    closes: time = time(17)
    zone: tzinfo = LONDON

    def __post_init__(self) -> None:
        if not self.opens <= self.cut_off <= self.closes or self.opens == self.closes:
            raise ValueError("An office opens before its cut-off, and closes after it.")

    def opening(self, day: date) -> datetime:
        """The moment the office opens on that day, in UTC, whatever the clocks did in the night."""
        return datetime.combine(day, self.opens, self.zone).astimezone(UTC)

    def closing(self, day: date) -> datetime:
        """The moment the office closes on that day, in UTC."""
        return datetime.combine(day, self.closes, self.zone).astimezone(UTC)


OFFICE_HOURS = OfficeHours()


@dataclass(frozen=True, slots=True)
class Target:
    """Our own promise: decided by closing time, so many working days after receipt. Not statutory."""

    working_days: int
    hours: OfficeHours = OFFICE_HOURS


@dataclass(frozen=True, slots=True)
class Interval:
    """One stretch of a clock's log. `ended_at` is None while it lasts; `why` is for people."""

    started_at: datetime
    ended_at: datetime | None
    state: Literal["running", "paused"]
    why: str = ""


def decision_due(target: Target, intervals: Sequence[Interval], calendar: Calendar) -> datetime | None:
    """When the decision is due, in UTC; None before the clock started and while it is paused.

    Each ended pause moves the moment by the office time that passed in it, so that what was left before the
    pause is left after it. Refuses a log whose stretches overlap or run backwards.
    """
    if not intervals:
        return None
    return pushed(_first_due(target, intervals[0].started_at, calendar), intervals, target.hours, calendar)


def pushed(
    due: datetime, intervals: Sequence[Interval], hours: OfficeHours, calendar: Calendar
) -> datetime | None:
    """A due moment after the pauses of its log: each ended one moves it by its office time; None while in one."""
    _in_order(intervals)
    for interval in intervals:
        if interval.state == "paused":
            if interval.ended_at is None:
                return None
            passed = office_time_between(interval.started_at, interval.ended_at, hours, calendar)
            due = add_office_time(due, passed, hours, calendar)
    return due


def office_time_between(start: datetime, end: datetime, hours: OfficeHours, calendar: Calendar) -> timedelta:
    """The time between two moments in which the office was open; negative when `end` is the earlier one."""
    if _utc(end) < _utc(start):
        return -office_time_between(end, start, hours, calendar)
    open_time = _NOTHING
    for opening, closing in _open_from(start, hours, calendar):
        if opening >= end:
            break
        open_time += min(closing, _utc(end)) - opening
    return open_time


def add_office_time(moment: datetime, amount: timedelta, hours: OfficeHours, calendar: Calendar) -> datetime:
    """The moment, in UTC, at which so much office time has passed. A full day after closing ends at closing.

    Nothing added changes nothing, also outside office hours. Refuses a negative amount.
    """
    if amount < _NOTHING:
        raise ValueError("Office time can only be added.")
    if amount == _NOTHING:
        return _utc(moment)
    for opening, closing in _open_from(moment, hours, calendar):
        if amount <= closing - opening:
            return opening + amount
        amount -= closing - opening
    raise AssertionError("The calendar has no end.")


def office_time_before(
    moment: datetime, amount: timedelta, hours: OfficeHours, calendar: Calendar
) -> datetime:
    """The latest moment, in UTC, since which so much office time has passed at `moment`.

    Refuses an amount that is not positive.
    """
    if amount <= _NOTHING:
        raise ValueError("Only some office time can be counted back.")
    moment = _utc(moment)
    day = moment.astimezone(hours.zone).date()
    while True:
        if calendar.is_working_day(day):
            opening, closing = hours.opening(day), min(hours.closing(day), moment)
            if amount <= closing - opening:
                return closing - amount
            amount -= max(closing - opening, _NOTHING)
        day -= _DAY


def working_days_left(now: datetime, due: datetime, calendar: Calendar, zone: tzinfo = LONDON) -> int:
    """Working days from today to the day it is due: 0 on the day itself, negative after it."""
    today, last = _utc(now).astimezone(zone).date(), _utc(due).astimezone(zone).date()
    return calendar.working_days_between(today, last)


def _first_due(target: Target, received_at: datetime, calendar: Calendar) -> datetime:
    day = calendar.add_working_days(_day_of_receipt(received_at, target.hours, calendar), target.working_days)
    return target.hours.closing(day)


def _day_of_receipt(received_at: datetime, hours: OfficeHours, calendar: Calendar) -> date:
    """The day it counts as received: the day after, when it came after the cut-off of a working day.

    A day on which the office is closed counts as it is, as it does for the authority's own day (a Saturday's
    one working day is the Monday). So what comes on Friday evening and on Saturday is due together, and nothing
    that comes later is due earlier.
    """
    local = _utc(received_at).astimezone(hours.zone)
    late = calendar.is_working_day(local.date()) and local.time() > hours.cut_off
    return local.date() + _DAY if late else local.date()


def _open_from(
    start: datetime, hours: OfficeHours, calendar: Calendar
) -> Iterator[tuple[datetime, datetime]]:
    """The stretches in which the office is open from a moment on, day by day, without end."""
    start = _utc(start)
    day = calendar.next_working_day(start.astimezone(hours.zone).date())
    while True:
        opening, closing = max(hours.opening(day), start), hours.closing(day)
        if opening < closing:
            yield opening, closing
        day = calendar.add_working_days(day, 1)


def _in_order(intervals: Sequence[Interval]) -> None:
    for interval in intervals:
        if interval.ended_at is not None and _utc(interval.ended_at) < _utc(interval.started_at):
            raise ValueError("A stretch of the clock ends before it starts.")
    for earlier, later in pairwise(intervals):
        if earlier.ended_at is None or _utc(later.started_at) < _utc(earlier.ended_at):
            raise ValueError("Two stretches of the clock overlap.")


def _utc(moment: datetime) -> datetime:
    """Sums over the change of the clocks are right in UTC only. Refuses a moment without a zone."""
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    return moment.astimezone(UTC)
