"""The order of the work as the office reads it: one row of priority.csv is one enquiry, a test for each."""

import csv
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.codes import read_reference
from intake.deadlines import Calendar
from intake.priority import Facts, Priority, priority, urgency
from intake.weights import BANDS, Factor, Weight, in_force

pytestmark = pytest.mark.own_database
SHEET = Path(__file__).parent / "priority.csv"
TODAY = date(2026, 11, 24)
CALENDAR = Calendar(frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)}))
SHIPPED = read_reference().weights
WEIGHTS = in_force(SHIPPED, TODAY)
CODES = {row.label: row.code for row in SHIPPED if row.code}


def rows() -> list[dict[str, str]]:
    with SHEET.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def facts_of(row: dict[str, str]) -> Facts:
    """A row in working days from today; the birth in days, the age in years, the lane and the reason in words."""

    def number(name: str) -> int | None:
        return int(row[name]) if row[name] else None

    def day(name: str) -> date | None:
        left = number(name)
        return None if left is None else CALENDAR.add_working_days(TODAY, left)

    birth, waited = number("birth in days"), number("waiting working days")
    lane, prompted = row["urgent lane"], row["prompted by"]
    return Facts(
        calendar=CALENDAR,
        filing_on=day("filing in working days"),
        asked_for=day("asked for in working days"),
        weeks=(number("needs working days") or 0) // 5,
        hearing_on=day("hearing in working days"),
        birth_on=None if birth is None else TODAY + timedelta(days=birth),
        youngest_age=number("youngest child in years"),
        lane=(CODES[lane],) if lane else (),
        risks={
            about: row[f"{about} risk"] for about in ("child", "contact", "worker") if row[f"{about} risk"]
        },
        received_on=None if waited is None else CALENDAR.add_working_days(TODAY, -waited),
        sent_before=number("times sent before") or 0,
        prompted_by=CODES[prompted] if prompted else "",
    )


def of(facts: Facts, today: date = TODAY) -> Priority:
    return priority(facts, WEIGHTS, today)


@pytest.mark.parametrize("row", rows() if SHEET.exists() else [], ids=lambda row: row["case"])
def test_the_office_finds_each_row_of_its_table(row: dict[str, str]) -> None:
    found = of(facts_of(row))
    assert (found.label, str(found.points), found.because) == (row["band"], row["points"], row["reasons"])


# --- What holds of every enquiry ---------------------------------------------------------------------------

near = st.integers(min_value=-30, max_value=400)
some_day = near.map(lambda days: TODAY + timedelta(days=days))
levels = st.dictionaries(
    st.sampled_from(["child", "contact", "worker"]), st.sampled_from(["low", "medium", "high"])
)
any_facts = st.builds(
    Facts,
    calendar=st.just(CALENDAR),
    filing_on=st.none() | some_day,
    asked_for=st.none() | some_day,
    weeks=st.integers(min_value=0, max_value=26),
    hearing_on=st.none() | some_day,
    birth_on=st.none() | some_day,
    youngest_born_on=st.none() | st.dates(min_value=date(2008, 2, 29), max_value=TODAY),
    youngest_age=st.none() | st.integers(min_value=0, max_value=17),
    lane=st.sampled_from([(), ("S44",), ("S31", "emergency"), ("S47", "pre_court"), ("S38_6",)]),
    risks=levels,
    received_on=st.none()
    | st.integers(min_value=0, max_value=60).map(lambda days: TODAY - timedelta(days=days)),
    sent_before=st.integers(min_value=0, max_value=4),
    prompted_by=st.sampled_from(["", "first", "step_up", "change_of_circumstances"]),
)
EARLIER = (
    ("filing_on", TODAY - timedelta(days=30)),
    ("asked_for", TODAY - timedelta(days=30)),
    ("hearing_on", TODAY),
    ("birth_on", TODAY - timedelta(days=30)),
)


@settings(max_examples=150, deadline=None)
@given(facts=any_facts, days=st.integers(min_value=1, max_value=90), which=st.sampled_from(EARLIER))
def test_a_nearer_day_never_weighs_less(facts: Facts, days: int, which: tuple[str, date]) -> None:
    name, earliest = which
    day = getattr(facts, name)
    if day is None or day <= earliest:
        return
    nearer = replace(facts, **{name: max(day - timedelta(days=days), earliest)})
    assert of(nearer).points >= of(facts).points


@settings(max_examples=150, deadline=None)
@given(facts=any_facts, more=st.integers(min_value=1, max_value=30))
def test_more_of_anything_else_never_weighs_less(facts: Facts, more: int) -> None:
    waited = facts.received_on and facts.received_on - timedelta(days=more)
    for pressing in (
        replace(facts, weeks=facts.weeks + more),
        replace(facts, received_on=waited),
        replace(facts, sent_before=facts.sent_before + more),
        replace(facts, risks={**facts.risks, "child": "high"}),
        replace(facts, youngest_age=0),
    ):
        assert of(pressing).points >= of(facts).points


@settings(max_examples=60, deadline=None)
@given(facts=any_facts)
def test_nothing_moves_before_the_day_on_which_it_can(facts: Facts) -> None:
    today = of(facts)
    until = min(today.changes_on or date.max, TODAY + timedelta(days=60))
    for ahead in range(1, (until - TODAY).days):
        later = of(facts, TODAY + timedelta(days=ahead))
        assert (later.band, later.points) == (today.band, today.points)


@settings(max_examples=60, deadline=None)
@given(facts=any_facts)
def test_the_sum_shown_is_the_sum_used(facts: Facts) -> None:
    found = of(facts)
    assert found.points == sum(reason.points for reason in found.reasons)
    assert found.band == WEIGHTS.band(found.points)


def test_the_band_goes_before_the_points() -> None:
    assert urgency("urgent", 60) > urgency("high", 5000) > urgency("standard", 5000)
    assert list(BANDS) == ["standard", "high", "urgent"]


def test_the_primary_need_is_not_among_the_facts() -> None:
    assert not [one.name for one in fields(Facts) if "need" in one.name]
    assert not [one for one in Factor if "need" in one]


# --- Weights from a day on ---------------------------------------------------------------------------------


def heavier(**changes: Any) -> Weight:
    first = next(row for row in SHIPPED if (row.factor, row.code) == ("risk", "contact.high"))
    return replace(first, **changes)


def test_other_weights_hold_from_their_day_and_the_earlier_ones_until_then() -> None:
    rows = (*SHIPPED, heavier(points=70, valid_from=date(2026, 12, 1)))
    facts = Facts(calendar=CALENDAR, risks={"contact": "high"})
    before = priority(facts, in_force(rows, date(2026, 11, 30)), date(2026, 11, 30))
    after = priority(facts, in_force(rows, date(2026, 12, 1)), date(2026, 12, 1))
    assert (before.points, before.changes_on) == (12, date(2026, 12, 1))
    assert (after.points, after.changes_on) == (70, None)


def test_a_row_of_no_points_leaves_the_next_wider_limit_in_force() -> None:
    narrow = next(row for row in SHIPPED if (row.factor, row.limit) == ("hearing", 5))
    rows = (*SHIPPED, replace(narrow, points=0, valid_from=TODAY))
    found = priority(Facts(calendar=CALENDAR, hearing_on=TODAY), in_force(rows, TODAY), TODAY)
    assert found.points == 14


def test_a_row_that_has_ended_weighs_nothing_from_the_next_day_on() -> None:
    rows = (*SHIPPED, heavier(valid_until=TODAY))
    facts = Facts(calendar=CALENDAR, risks={"contact": "high"})
    last = priority(facts, in_force(rows, TODAY), TODAY)
    tomorrow = TODAY + timedelta(days=1)
    assert (last.points, last.changes_on) == (12, tomorrow)
    assert priority(facts, in_force(rows, tomorrow), tomorrow).points == 0


def test_a_band_that_somebody_set_keeps_the_points_and_says_what_they_say() -> None:
    found = of(Facts(calendar=CALENDAR, risks={"contact": "high"})).set_to("urgent")
    assert (found.band, found.points, found.overridden) == ("urgent", 12, True)
    assert found.sentence == "Urgent, as somebody has set it; by its points standard because: contact risk"
