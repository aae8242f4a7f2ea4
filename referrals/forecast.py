"""When an assessment would be filed if it began as soon as there is room, against the day it is needed. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from intake.deadlines import Calendar


@dataclass(frozen=True, slots=True)
class Forecast:
    """Begun on a day, ready on another; `spare` is in working days, negative when it would be late."""

    starts_on: date
    ready_on: date
    needed_by: date | None
    spare: int | None

    @property
    def late(self) -> bool:
        """Whether it would be ready after the day it is needed."""
        return self.spare is not None and self.spare < 0

    @property
    def sentence(self) -> str:
        """Would be filed 26 February 2027; asked 5 March 2027: 5 working days to spare."""
        ready = f"Would be filed {in_words(self.ready_on)}"
        if self.needed_by is None or self.spare is None:
            return f"{ready}; no date is asked"
        return f"{ready}; asked {in_words(self.needed_by)}: {self.words_to_spare}"

    @property
    def words_to_spare(self) -> str:
        return "" if self.spare is None else spare_in_words(self.spare)


def forecast(*, weeks: int, free_from: date, needed_by: date | None, calendar: Calendar) -> Forecast:
    """Begins on the first working day with room, takes so many weeks, and is filed on a working day.

    `weeks` are those an assessment of this type usually takes at the most (the catalogue's `weeks_max`).
    """
    starts_on = calendar.next_working_day(free_from)
    ready_on = calendar.next_working_day(starts_on + timedelta(weeks=weeks))
    spare = None if needed_by is None else spare_days(ready_on, needed_by, calendar)
    return Forecast(starts_on, ready_on, needed_by, spare)


def spare_days(ready_on: date, needed_by: date, calendar: Calendar) -> int:
    """Working days from ready to needed; at least one too few when it is ready on a later day."""
    between = calendar.working_days_between(ready_on, needed_by)
    return min(between, -1) if ready_on > needed_by else between


def spare_in_words(spare: int) -> str:
    if spare == 0:
        return "no day to spare"
    days = f"{abs(spare)} working {'day' if abs(spare) == 1 else 'days'}"
    return f"{days} to spare" if spare > 0 else f"{days} too late"


def in_words(day: date) -> str:
    """26 February 2027."""
    return f"{day.day} {day:%B %Y}"
