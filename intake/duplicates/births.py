"""Dates of birth as people mistype them, and births as they were expected. No database, no clock."""

from calendar import isleap
from collections.abc import Iterator
from datetime import date

# Born so many weeks before or after the expected date, it may be that child.
WEEKS_BEFORE, WEEKS_AFTER = 10, 4
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
CENTURY = 100


def exchanged(one: date, other: date) -> bool:
    return one == swap(other) and one != other


def swap(day: date) -> date | None:
    """Day and month exchanged, where that is a day."""
    return day.replace(month=day.day, day=day.month) if day.day <= 12 else None


def year_digit(one: date, other: date) -> bool:
    """The same day, and one digit of the year differs."""
    return (one.month, one.day) == (other.month, other.day) and differing(str(one.year), str(other.year)) == 1


def one_digit(one: date, other: date) -> bool:
    return differing(f"{one:%Y%m%d}", f"{other:%Y%m%d}") == 1


def differing(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


def mistyped_years(day: date) -> Iterator[date]:
    """The day with one of the last two digits of its year otherwise; no 29 February where there is none."""
    last = day.year % 10
    years = {day.year - last + digit for digit in range(10)}
    years |= {day.year % 10 + tens for tens in range(day.year // CENTURY * CENTURY, day.year + CENTURY, 10)}
    for year in sorted(year for year in years if year // CENTURY == day.year // CENTURY):
        if (day.month, day.day) != (2, 29) or isleap(year):
            yield day.replace(year=year)


def within(days: int, what: str) -> str:
    """ "born within three weeks of the expected date", "expected within one week of each other"."""
    weeks = NUMBERS[-(-days // 7)]
    span = f"{weeks} week{'' if weeks == 'one' else 's'}"
    if what == "expected":
        return f"expected within {span} of each other" if days else "expected on the same day"
    return f"born within {span} of the expected date" if days else "born on the expected date"
