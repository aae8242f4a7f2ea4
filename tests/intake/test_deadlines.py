"""Working days, statutory limits, and our own decision clock."""

import csv
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from intake.codes import read_reference
from intake.deadlines import (
    OFFICE_HOURS,
    Calendar,
    Interval,
    Limit,
    OfficeHours,
    Target,
    Unit,
    add_office_time,
    decision_due,
    due_date,
    due_moment,
    office_time_between,
    working_days_left,
)

LONDON = ZoneInfo("Europe/London")
CALENDAR = Calendar(frozenset(holiday.date for holiday in read_reference().holidays))
DATA = Path(__file__).parent / "data"
HOURS, WEEK = OFFICE_HOURS, timedelta(days=7)


def working(amount):
    return Limit(amount, Unit.WORKING_DAYS)


LIMITS = {
    "referral decision: 1 working day": working(1),
    "child and family assessment: 45 working days": working(45),
    "strategy discussion to ICPC: 15 working days": working(15),
    "first looked-after review: 20 working days": working(20),
    "s.32: 26 weeks beginning with day of issue (last day inside)": Limit(
        26, Unit.WEEKS, beginning_with=True
    ),
    "26 weeks as HMCTS code prints it: issue + 26 weeks": Limit(26, Unit.WEEKS),
    "SAR: one calendar month, next working day if it falls on a non-working day": Limit(
        1, Unit.MONTHS, rolls=True
    ),
    "SAR extended: three months from receipt": Limit(3, Unit.MONTHS, rolls=True),
    "data protection complaint acknowledgement: 30 days from the day after receipt": Limit(
        30, Unit.DAYS, rolls=True
    ),
    "complaint stage 1: 10 working days": working(10),
    "complaint stage 1 extended: 20 working days": working(20),
    "complaint stage 2: 25 working days": working(25),
    "complaint stage 2 extended: 65 working days": working(65),
    "complaint stage 3 panel: 30 working days": working(30),
    "regulation 24 temporary approval: 16 weeks": Limit(16, Unit.WEEKS),
    "regulation 24 + regulation 25 extension: 24 weeks": Limit(24, Unit.WEEKS),
}
with (DATA / "deadline_test_vectors.csv").open(encoding="utf-8", newline="") as file:
    VECTORS = list(csv.DictReader(file))


def test_there_are_33_worked_dates():
    assert len(VECTORS) == 33


@pytest.mark.parametrize("row", VECTORS, ids=lambda row: f"{row['rule'][:24]} {row['start']}")
def test_a_worked_date(row):
    due = due_date(LIMITS[row["rule"]], date.fromisoformat(row["start"]), CALENDAR)
    assert (due.isoformat(), f"{due:%a}") == (row["due"], row["due_day"])


def test_a_saturday_is_no_working_day_and_neither_is_a_substitute_holiday():
    days = (date(2026, 11, 28), date(2026, 12, 25), date(2026, 12, 28), date(2026, 12, 29))
    assert [CALENDAR.is_working_day(day) for day in days] == [False, False, False, True]


@given(st.dates(date(2022, 1, 1), date(2029, 1, 1)), st.integers(0, 120))
def test_working_days_added_are_working_days_counted(day, count):
    assume(count or CALENDAR.is_working_day(day))
    assert CALENDAR.working_days_between(day, CALENDAR.add_working_days(day, count)) == count


def test_working_days_are_counted_backwards_from_a_filing_date():
    assert CALENDAR.add_working_days(date(2026, 12, 29), -2) == date(2026, 12, 23)
    assert CALENDAR.working_days_between(date(2026, 12, 29), date(2026, 12, 23)) == -2


def test_a_working_day_limit_beginning_with_the_day_counts_it():
    limit = Limit(5, Unit.WORKING_DAYS, beginning_with=True)
    assert due_date(limit, date(2026, 11, 23), CALENDAR) == date(2026, 11, 27)


def test_hours_count_through_the_night_and_the_change_of_the_clocks():
    aware = datetime(2027, 3, 27, 12, tzinfo=LONDON)
    assert due_moment(Limit(72, Unit.HOURS), aware) == datetime(2027, 3, 30, 13, tzinfo=LONDON)


def test_hours_are_no_day_and_days_are_no_moment():
    with pytest.raises(ValueError, match="moment"):
        due_date(Limit(72, Unit.HOURS), date(2026, 11, 23), CALENDAR)
    with pytest.raises(ValueError, match="moment"):
        due_moment(working(1), datetime(2026, 11, 23, tzinfo=UTC))


def london(day, clock="10:00"):
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), LONDON)


@pytest.mark.parametrize(
    ("received", "due", "why"),
    [
        (("2026-11-23", "10:00"), "2026-11-26", "a plain Monday"),
        (("2026-11-23", "16:00"), "2026-11-26", "at the cut-off, not after it"),
        (("2026-11-23", "16:01"), "2026-11-27", "after the cut-off"),
        (("2026-11-23", "00:01"), "2026-11-26", "in the night, before the office opens"),
        (("2026-11-27", "18:00"), "2026-12-02", "a Friday evening counts as Saturday"),
        (("2026-11-28", "11:00"), "2026-12-02", "a Saturday, as for the authority"),
        (("2026-11-29", "23:59"), "2026-12-02", "late on a Sunday"),
        (("2026-12-24", "10:00"), "2026-12-31", "Christmas, a weekend and a substitute day"),
        (("2026-12-25", "10:00"), "2026-12-31", "Christmas Day"),
        (("2027-03-25", "17:30"), "2027-04-01", "Maundy Thursday evening counts as Good Friday"),
        (("2026-10-23", "10:00"), "2026-10-28", "clocks go back at the weekend"),
    ],
)
def test_a_decision_is_due_at_closing_time_on_a_working_day(received, due, why):
    log = [Interval(london(*received), None, "running")]
    assert decision_due(Target(3), log, CALENDAR) == london(due, "17:00"), why


def test_a_later_receipt_is_never_due_earlier():
    moments = [london("2026-12-22", "00:00") + timedelta(minutes=37) * n for n in range(600)]
    due = [decision_due(Target(1), [Interval(moment, None, "running")], CALENDAR) for moment in moments]
    assert due == sorted(due)


def paused(received, start, end):
    log = [Interval(received, start, "running"), Interval(start, end, "paused", "asked the authority")]
    return log if end is None else [*log, Interval(end, None, "running")]


def test_the_clock_has_not_started_without_an_interval():
    assert decision_due(Target(3), [], CALENDAR) is None


def test_nothing_is_due_while_the_clock_stands_still():
    log = paused(london("2026-11-23"), london("2026-11-24"), None)
    assert decision_due(Target(3), log, CALENDAR) is None


def test_a_pause_over_a_weekend_moves_the_moment_by_office_time_only():
    log = paused(london("2026-11-26"), london("2026-11-27", "15:00"), london("2026-11-30", "11:00"))
    assert decision_due(Target(3), log, CALENDAR) == london("2026-12-02", "13:00")


def test_a_pause_in_the_night_moves_nothing():
    log = paused(london("2026-11-23"), london("2026-11-23", "17:00"), london("2026-11-24", "09:00"))
    assert decision_due(Target(3), log, CALENDAR) == london("2026-11-26", "17:00")


def test_a_pause_of_one_working_day_moves_the_moment_to_the_next_closing_time():
    log = paused(london("2026-11-23"), london("2026-11-24", "11:00"), london("2026-11-25", "11:00"))
    assert decision_due(Target(3), log, CALENDAR) == london("2026-11-27", "17:00")


def test_two_pauses_add_up():
    day = "2026-11-23"
    log = [
        Interval(london(day), london(day, "11:00"), "running"),
        Interval(london(day, "11:00"), london(day, "12:00"), "paused"),
        Interval(london(day, "12:00"), london(day, "13:00"), "running"),
        Interval(london(day, "13:00"), london(day, "15:00"), "paused"),
        Interval(london(day, "15:00"), None, "running"),
    ]
    assert decision_due(Target(1), log, CALENDAR) == london("2026-11-25", "12:00")


MOMENTS = st.datetimes(datetime(2026, 3, 1), datetime(2027, 11, 30), timezones=st.just(UTC))


@given(
    MOMENTS, st.timedeltas(timedelta(0), 4 * WEEK), st.timedeltas(timedelta(0), 4 * WEEK), st.integers(0, 20)
)
def test_what_was_left_before_a_pause_is_left_after_it(received, until_pause, length, days):
    start = received + until_pause
    end = start + length
    before = decision_due(Target(days), [Interval(received, None, "running")], CALENDAR)
    after = decision_due(Target(days), paused(received, start, end), CALENDAR)
    assert office_time_between(end, after, HOURS, CALENDAR) == office_time_between(
        start, before, HOURS, CALENDAR
    )


@given(MOMENTS, st.timedeltas(timedelta(0), 4 * WEEK))
def test_a_pause_of_no_length_changes_nothing(received, until_pause):
    start = received + until_pause
    whole = [Interval(received, None, "running")]
    assert decision_due(Target(3), paused(received, start, start), CALENDAR) == decision_due(
        Target(3), whole, CALENDAR
    )


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(hours=100)))
def test_office_time_added_is_office_time_between(moment, amount):
    later = add_office_time(moment, amount, HOURS, CALENDAR)
    assert office_time_between(moment, later, HOURS, CALENDAR) == amount
    assert office_time_between(later, moment, HOURS, CALENDAR) == -amount


@pytest.mark.parametrize("friday", ["2026-10-23", "2028-03-24"])
def test_a_week_has_forty_office_hours_also_when_the_clocks_change(friday):
    start = london(friday, "09:00")
    assert office_time_between(start, start + WEEK, HOURS, CALENDAR) == timedelta(hours=40)


@pytest.mark.parametrize(
    ("now", "left"),
    [
        (("2026-11-23", "10:00"), 3),
        (("2026-11-26", "16:59"), 0),
        (("2026-11-26", "23:00"), 0),
        (("2026-11-30", "10:00"), -2),
    ],
)
def test_working_days_left_are_counted_by_the_day(now, left):
    assert working_days_left(london(*now), london("2026-11-26", "17:00"), CALENDAR) == left


def test_a_moment_without_a_zone_is_refused():
    naive = datetime(2026, 11, 23, 10)
    for ask in (
        lambda: decision_due(Target(3), [Interval(naive, None, "running")], CALENDAR),
        lambda: office_time_between(naive, naive, HOURS, CALENDAR),
        lambda: add_office_time(naive, timedelta(hours=1), HOURS, CALENDAR),
        lambda: working_days_left(naive, naive, CALENDAR),
    ):
        with pytest.raises(ValueError, match="time zone"):
            ask()


def test_a_log_that_overlaps_or_runs_backwards_is_refused():
    early, late = london("2026-11-23"), london("2026-11-24")
    with pytest.raises(ValueError, match="overlap"):
        decision_due(Target(3), [Interval(early, None, "running"), Interval(late, None, "paused")], CALENDAR)
    with pytest.raises(ValueError, match="ends before"):
        decision_due(Target(3), [Interval(late, early, "running")], CALENDAR)


def test_office_hours_that_make_no_day_are_refused():
    with pytest.raises(ValueError, match="opens before"):
        OfficeHours(time(17), time(16), time(9))


@pytest.mark.parametrize("row", [row for row in VECTORS if row["rule"] == "referral decision: 1 working day"])
def test_our_own_target_of_one_day_is_the_authoritys_one_day(row):
    received = Interval(london(row["start"]), None, "running")
    due = decision_due(Target(1), [received], CALENDAR)
    assert due.astimezone(LONDON).date().isoformat() == row["due"]
