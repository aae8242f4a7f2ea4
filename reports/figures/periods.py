"""From when until when: a month, a quarter, a year, or two dates; the period before; the spans of a chart.

Its words are in the language in which we speak when they are read.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.utils.formats import date_format
from django.utils.translation import gettext

DAY = timedelta(days=1)
# Five years, in days: no chart shows more.
LONGEST = 5 * 366
NAMED = re.compile(r"^(\d{4})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])))?$", re.ASCII)
Kind = Literal["dates", "month", "quarter", "year"]


class NoPeriod(ValueError):
    """What was given is no period; it says why, for a person."""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a period, or all of it, in words: both days are part of it."""

    first: date
    last: date
    label: str


@dataclass(frozen=True, slots=True)
class Period:
    """Both days are part of it. A kind of period has one before it of the same kind."""

    first: date
    last: date
    kind: Kind = "dates"

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def name(self) -> str:
        """By which it is asked for; nothing for two dates."""
        if self.kind == "dates":
            return ""
        if self.kind == "year":
            return f"{self.first.year}"
        if self.kind == "quarter":
            return f"{self.first.year}-Q{self.first.month // 3 + 1}"
        return f"{self.first.year}-{self.first.month:02}"

    @property
    def label(self) -> str:
        """October 2026; July to September 2026; 2026; 3 October 2026; 3 to 9 October 2026."""
        if self.kind == "quarter":
            return gettext("{month} to {last_month}").format(**self.ends)
        if self.kind == "dates" and self.first != self.last:
            return gettext("{first} to {last}").format(**self.ends)
        return self.ends["last"]

    @property
    def ends(self) -> dict[str, str]:
        """What is said of both its ends: the first without what it has in common with the last."""
        first, last = self.first, self.last
        if self.kind == "year":
            return {"last": f"{last.year}"}
        if self.kind in ("month", "quarter"):
            end = date_format(last, "F Y")
            return {"last": end, "month": date_format(first, "F"), "last_month": end}
        in_year = "j F" if first.year == last.year else "j F Y"
        begins = "j" if (first.year, first.month) == (last.year, last.month) else in_year
        return {"first": date_format(first, begins), "last": date_format(last, "j F Y")}

    def so_far(self, today: date) -> str:
        """With a word where it is not over."""
        return gettext("{period}, so far").format(period=self.label) if self.is_on(today) else self.label

    def is_on(self, today: date) -> bool:
        return self.first <= today < self.last

    @property
    def when(self) -> str:
        """As a part of a sentence: in October 2026; from July to September 2026; on 3 October 2026."""
        if self.kind == "month":
            return gettext("in {month}").format(month=self.label)
        if self.kind == "year":
            return gettext("in {year}").format(year=self.label)
        if self.kind == "quarter":
            return gettext("from {month} to {last_month}").format(**self.ends)
        if self.first == self.last:
            return gettext("on {day}").format(day=self.label)
        return gettext("from {first} to {last}").format(**self.ends)

    def before(self) -> "Period":
        """The one before it: as long, or of the same kind."""
        end = self.first - DAY
        if self.kind == "year":
            return year(end.year)
        if self.kind == "quarter":
            return quarter(end.year, (end.month + 2) // 3)
        if self.kind == "month":
            return month(end.year, end.month)
        return Period(end - DAY * (self.days - 1), end)

    def spans(self) -> list[Span]:
        """Days of up to two weeks, weeks of up to a quarter, else months; cut to the period at both ends."""
        if self.days <= 14:
            return [Span(day, day, date_format(day, "j M")) for day in self.each_day()]
        return self.weeks() if self.days <= 92 else self.cut(self.firsts(), "M Y")

    def weeks(self) -> list[Span]:
        """From Monday to Sunday, by their first day; the months of what is longer than a year."""
        if self.days > 371:
            return self.cut(self.firsts(), "M Y")
        return self.cut(self.mondays(), "j M")

    def cut(self, starts: list[date], label: str) -> list[Span]:
        heads, tails = [self.first, *starts], [*(start - DAY for start in starts), self.last]
        return [Span(head, tail, date_format(head, label)) for head, tail in zip(heads, tails, strict=True)]

    def each_day(self) -> Iterator[date]:
        return (self.first + DAY * place for place in range(self.days))

    def mondays(self) -> list[date]:
        return [day for day in self.each_day() if day.weekday() == 0 and day > self.first]

    def firsts(self) -> list[date]:
        return [day for day in self.each_day() if day.day == 1 and day > self.first]


def month(in_year: int, number: int) -> Period:
    return Period(date(in_year, number, 1), date(in_year, number, monthrange(in_year, number)[1]), "month")


def quarter(in_year: int, number: int) -> Period:
    end = month(in_year, number * 3)
    return Period(date(in_year, number * 3 - 2, 1), end.last, "quarter")


def year(number: int) -> Period:
    return Period(date(number, 1, 1), date(number, 12, 31), "year")


def named(text: str) -> Period:
    """2026-10, 2026-Q4 or 2026. Raises NoPeriod."""
    found = NAMED.fullmatch(text)
    if found is None or not 1990 <= int(found[1]) <= 2200:
        raise NoPeriod("Say a month (2026-10), a quarter (2026-Q4) or a year (2026).")
    if found[2]:
        return month(int(found[1]), int(found[2]))
    return quarter(int(found[1]), int(found[3])) if found[3] else year(int(found[1]))


def between(first: str, last: str) -> Period:
    """Two dates, both part of it. Raises NoPeriod."""
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise NoPeriod("Give both days, as 2026-10-01.") from None
    if end < start:
        raise NoPeriod("The last day comes before the first.")
    if (end - start).days >= LONGEST or start.year < 1990 or end.year > 2200:
        raise NoPeriod("This is too long. Ask for five years at most.")
    return Period(start, end)


def recent(today: date) -> list[Period]:
    """For a list to choose from: thirteen months, five quarters and three years, the newest first."""
    months = [month(today.year, today.month)]
    quarters = [quarter(today.year, (today.month + 2) // 3)]
    years = [year(today.year)]
    for rows, number in ((months, 13), (quarters, 5), (years, 3)):
        while len(rows) < number:
            rows.append(rows[-1].before())
    return [*months, *quarters, *years]
