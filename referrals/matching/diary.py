"""How much somebody can carry, week by week: hours, work under way, leave. Pure; hours are a week's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Commitment:
    """So many hours a week until a day, which is the last one."""

    weekly: float
    until: date


@dataclass(frozen=True, slots=True)
class Away:
    """Leave from one day to another, both included."""

    first: date
    last: date

    def covers(self, start: date, end: date) -> bool:
        return self.first <= start and end <= self.last

    def days_within(self, start: date, end: date) -> int:
        return max(((min(self.last, end) - max(self.first, start)).days + 1), 0)


@dataclass(frozen=True, slots=True)
class Diary:
    """What one assessor has promised. `hours`: the soft limit, past which one says why; `ceiling`: the hard one."""

    hours: float
    ceiling: float
    commitments: tuple[Commitment, ...] = ()
    leave: tuple[Away, ...] = ()

    def committed(self, day: date) -> float:
        return round(sum(row.weekly for row in self.commitments if row.until >= day), 1)

    def free(self, day: date) -> float:
        """Hours a week until the soft limit; negative above it."""
        return round(self.hours - self.committed(day), 1)

    def to_ceiling(self, day: date) -> float:
        return round(self.ceiling - self.committed(day), 1)

    def free_from(self, weekly: float, today: date) -> date:
        """The first day on which there is room for so many hours a week, and they are there.

        Who has fewer hours than asked in all is free once nothing else is under way.
        """
        wanted = min(weekly, self.hours)
        ends = sorted({row.until for row in self.commitments if row.until >= today})
        days = (today, *(end + _DAY for end in ends))
        return self.back_on(next((day for day in days if self.free(day) >= wanted), days[-1]))

    def back_on(self, day: date) -> date:
        """The day itself, or the first one after the leave it falls in."""
        for away in sorted(self.leave, key=lambda away: away.first):
            if away.first <= day <= away.last:
                day = away.last + _DAY
        return day

    def weeks_with_leave(self, weeks: int, start: date) -> int:
        """How long so many weeks of work take from a day on, with the leave that falls in them."""
        end = start + timedelta(weeks=weeks)
        return weeks + ceil(sum(away.days_within(start, end) for away in self.leave) / 7)

    def away_throughout(self, start: date, weeks: int) -> bool:
        """Whether one leave covers all of the time."""
        end = start + timedelta(weeks=weeks)
        return any(away.covers(start, end) for away in self.leave)


def earliest(diaries: Iterable[Diary], weekly: float, today: date) -> date | None:
    """The first day on which one of several has room; None of nobody."""
    return min((diary.free_from(weekly, today) for diary in diaries), default=None)
