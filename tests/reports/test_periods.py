"""Periods and their spans; the middle of counted numbers; what a small number may say."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.figures import periods
from reports.figures.periods import NoPeriod, Period
from reports.figures.spread import middle, percent

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("name", "label", "before"),
    [
        ("2026-10", "October 2026", "September 2026"),
        ("2026-01", "January 2026", "December 2025"),
        ("2026-Q1", "January to March 2026", "October to December 2025"),
        ("2026", "2026", "2025"),
    ],
)
def test_a_period_has_a_name_words_and_one_before_it(name: str, label: str, before: str) -> None:
    period = periods.named(name)
    assert (period.name, period.label, period.before().label) == (name, label, before)


@pytest.mark.parametrize("name", ["", "2026-13", "2026-Q5", "26", "1066", "2026-1", "2026-10 ", "２０２６"])
def test_what_is_no_period_is_refused(name: str) -> None:
    with pytest.raises(NoPeriod):
        periods.named(name)


@pytest.mark.parametrize(
    "days", [("2026-10-01", ""), ("2026-10-02", "2026-10-01"), ("2000-01-01", "2026-01-01"), ("x", "y")]
)
def test_two_days_that_make_no_period_are_refused(days: tuple[str, str]) -> None:
    with pytest.raises(NoPeriod):
        periods.between(*days)


@given(DAYS, st.integers(0, 1500))
def test_the_spans_of_a_period_are_all_of_it_without_a_gap(first: date, length: int) -> None:
    period = Period(first, first + timedelta(days=length))
    spans = period.spans()
    assert (spans[0].first, spans[-1].last) == (period.first, period.last)
    assert all(after.first - before.last == periods.DAY for before, after in pairwise(spans))
    assert period.before().last + periods.DAY == first
    assert period.before().days == period.days


@given(st.lists(st.integers(0, 60), min_size=1, max_size=60))
def test_the_median_of_counted_numbers_is_that_of_the_numbers(numbers: list[int]) -> None:
    found = middle(Counter(numbers))
    assert found is not None
    assert (found.number, found.median, found.longest) == (len(numbers), median(numbers), max(numbers))
    assert found.lower <= found.median <= found.upper
    assert found.together == sum(numbers)


def test_a_percentage_never_hides_the_one_that_is_missing() -> None:
    assert percent(999, 1000, blur=False) == 99
    assert percent(1, 1000, blur=False) == 1
    assert percent(0, 0, blur=False) is None
    assert percent(5, 5, blur=True) is None
