"""Planned back from the day of filing, forecast from today's room: what fits, and what would be late."""

from datetime import date
from typing import Any

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.codes import read_reference
from intake.deadlines import Calendar
from intake.models import PlanStep, put_away
from referrals import court
from referrals.forecast import forecast
from referrals.forecasting import at_services, late_for
from referrals.timetable import Step, plan_back
from tests.factories import World, example

SHIPPED = read_reference()
CALENDAR = Calendar(frozenset(row.date for row in SHIPPED.holidays))
STEPS = [
    Step("instruction", "Instruction"),
    Step("first_visit", "First visit", after_instruction=10),
    Step("draft", "Draft report", before_filing=10),
    Step("review", "Quality review done", before_filing=5),
    Step("filing", "Report filed", before_filing=0),
]


def days(filing: str, weeks: int) -> list[str]:
    return [str(row.day) for row in plan_back(date.fromisoformat(filing), weeks, CALENDAR, STEPS)]


@pytest.mark.parametrize(
    ("filing", "weeks", "expected", "why"),
    [
        ("2027-03-05", 12, ["2026-12-11", "2026-12-29", "2027-02-19", "2027-02-26", "2027-03-05"], "over Christmas"),
        ("2027-01-04", 8, ["2026-11-09", "2026-11-23", "2026-12-16", "2026-12-23", "2027-01-04"], "back over it"),
        ("2026-12-27", 4, ["2026-11-27", "2026-12-11", "2026-12-11", "2026-12-18", "2026-12-27"], "a Sunday"),
        ("2026-11-20", 2, ["2026-11-06", "2026-11-06", "2026-11-06", "2026-11-13", "2026-11-20"], "too short"),
    ],
)  # fmt: skip
def test_a_plan_counts_back_in_working_days(filing: str, weeks: int, expected: list[str], why: str) -> None:
    assert days(filing, weeks) == expected, why


@settings(max_examples=60, deadline=None)
@given(st.dates(date(2026, 1, 1), date(2028, 12, 1)), st.integers(1, 26))
def test_no_step_of_a_plan_is_later_than_the_next_and_each_is_a_working_day(filing: date, weeks: int) -> None:
    plan = plan_back(filing, weeks, CALENDAR, STEPS)
    assert [row.day for row in plan] == sorted(row.day for row in plan)
    assert plan[-1].day == filing
    assert all(CALENDAR.is_working_day(row.day) for row in plan if row.day != filing)


@pytest.mark.parametrize(
    ("free", "needed", "spare", "says"),
    [
        ("2026-12-04", "2027-03-05", 5, "Would be filed 26 February 2027; asked 5 March 2027: 5 working days to spare"),
        ("2026-12-12", "2027-03-08", 0, "Would be filed 8 March 2027; asked 8 March 2027: no day to spare"),
        ("2026-12-12", "2027-03-07", -1, "Would be filed 8 March 2027; asked 7 March 2027: 1 working day too late"),
        ("2026-12-12", None, None, "Would be filed 8 March 2027; no date is asked"),
    ],
)  # fmt: skip
def test_a_forecast_says_how_much_there_is_to_spare(free: str, needed: Any, spare: Any, says: str) -> None:
    asked = date.fromisoformat(needed) if needed else None
    found = forecast(weeks=12, free_from=date.fromisoformat(free), needed_by=asked, calendar=CALENDAR)
    assert (found.spare, found.sentence, found.late) == (spare, says, (spare or 0) < 0)


# --- The timetable of an enquiry -------------------------------------------------------------------------------


def body(**changes: Any) -> dict[str, Any]:
    return {**example(), **changes}


def test_the_line_of_dates_has_court_panel_and_birth_and_names_nobody(db: None) -> None:
    asked = [{"type": "CPC", "particulars": {"panel_date": "2027-02-01"}}]
    twins = [{"name": "Baby", "expected_date_of_delivery": "2027-01-10"}] * 2
    found = court.marked(court.line_of_dates(body(assessments=asked, children=twins)), date(2027, 1, 10))
    assert [(str(day.on), day.words, day.mark) for day in found] == [
        ("2026-09-28", "Proceedings issued", "passed"),
        ("2026-11-16", "Permission given", "passed"),
        ("2027-01-10", "Birth expected", "today"),
        ("2027-02-01", "Panel", "next"),
        ("2027-03-05", "Report to be filed", ""),
        ("2027-03-15", "Issues resolution hearing", ""),
        ("2027-03-26", "Final hearing", ""),
    ]


@pytest.mark.parametrize(
    ("asked", "rest", "day"),
    [
        ({"type": "PA"}, {"legal": {"filing_date": "2027-03-05"}, "urgency": {}}, "2027-03-05"),
        ({"type": "PA"}, {"urgency": {"needed_by": "2027-02-01"}}, "2027-02-01"),
        ({"type": "CPC", "particulars": {"panel_date": "2027-02-08"}}, {}, "2027-02-08"),
        ({"type": "PREBIRTH"}, {"children": [{"expected_date_of_delivery": "2027-03-01"}]}, "2027-02-01"),
        ({"type": "PA"}, {}, None),
    ],
)  # fmt: skip
def test_the_plan_goes_back_from_what_decides(asked: Any, rest: Any, day: str | None) -> None:
    assert court.filing_day(asked, rest) == (date.fromisoformat(day) if day else None)


def test_a_type_has_its_own_steps_before_those_of_all(db: None) -> None:
    on = date(2026, 11, 24)
    assert [step.after_instruction for step in court.steps_for("PREBIRTH", on)][1] == 5
    assert [step.after_instruction for step in court.steps_for("PA", on)][1] == 10


def test_a_step_changed_from_a_day_on_leaves_earlier_plans_as_they_were(db: None) -> None:
    PlanStep.objects.create(
        code="draft", label="Draft", before_filing=15, order=3, valid_from=date(2027, 1, 1)
    )
    put_away()
    before, after = (court.steps_for("PA", on) for on in (date(2026, 12, 31), date(2027, 1, 1)))
    assert [step.before_filing for step in (before[2], after[2])] == [10, 15]


def test_a_plan_that_begins_in_the_past_says_so(world: World) -> None:
    with time_machine.travel("2027-01-08T10:00Z", tick=False):
        enquiry = world.enquiry()
        table = court.timetable_of(enquiry, court.dates_of(enquiry), date(2027, 1, 8))
    assert [plan.type for plan in table.plans] == ["PA", "SIB"]
    assert (
        table.plans[0].warning == "The plan begins in the past: 12 weeks before filing was 11 December 2026."
    )
    assert table.plans[1].warning == ""


# --- The API and the pages -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "code"), [("stranger", 404), ("administrator", 404), ("referrer", 200)])
def test_the_timetable_is_for_who_sees_the_enquiry(world: World, api: Any, who: str, code: int) -> None:
    path = f"/api/v1/enquiries/{world.enquiry().reference}/timetable/"
    assert api(getattr(world, who)).get(path).status_code == code


def test_the_room_at_each_service_is_for_the_hub(world: World, api: Any) -> None:
    assert world.north
    with time_machine.travel("2026-11-23T10:00Z", tick=False):
        path = f"/api/v1/enquiries/{world.enquiry().reference}/timetable/"
        ours, theirs = (api(who).get(path).json() for who in (world.coordinator, world.referrer))
    assert {row["service"]["code"] for row in ours["services"]} == {"north"}
    assert [row["type"] for row in ours["earliest"]] == ["PA", "SIB"]
    assert theirs["earliest"] == ours["earliest"]
    assert theirs["services"] == []


def test_a_service_learns_nothing_of_the_room_of_others(world: World, api: Any) -> None:
    referral = world.referral("offered")
    shown = api(world.lead).get(f"/api/v1/enquiries/{referral.enquiry.reference}/timetable/").json()
    assert (shown["earliest"], shown["services"]) == ([], [])
    assert [plan["type"] for plan in shown["plans"]] == ["PA", "SIB"]


def test_what_would_be_late_is_named_before_it_is_accepted(world: World) -> None:
    assert world.north
    with time_machine.travel("2026-11-23T10:00Z", tick=False):
        soon = {**example()["legal"], "filing_date": "2026-12-18", "hearings": []}
        tight = world.enquiry(legal=soon, urgency={**example()["urgency"], "needed_by": "2026-12-18"})
        assert [place for place, found in late_for(tight, [0, 1]) if found.late] == [0, 1]
        assert [place for place, _ in late_for(tight, [1])] == [1]
        assert late_for(world.enquiry(), [0, 1]) == []


def test_the_page_shows_what_is_next_in_words(world: World, client: Any) -> None:
    assert world.north
    with time_machine.travel("2026-11-23T10:00Z", tick=False):
        enquiry = world.enquiry()
        client.force_login(world.coordinator, backend="allauth.account.auth_backends.AuthenticationBackend")
        page = " ".join(client.get(f"/enquiries/{enquiry.reference}/").content.decode().split())
    table = page.partition('id="timetable"')[2].partition("</section>")[0]
    assert 'Report to be filed <span class="chip waiting">next</span>' in table
    assert "Plan: Parenting assessment" in table
    assert "Earliest realistic date" in table


def test_a_referral_is_planned_by_its_own_day(world: World, client: Any) -> None:
    referral = world.referral("in_progress")
    client.force_login(world.assessor, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(f"/referrals/{referral.reference}/").content.decode()
    assert "Plan: Parenting assessment" in page
    assert "Plan: Sibling" not in page
    assert "Earliest realistic date" not in page


def test_a_timetable_costs_the_same_however_many_services(
    world: World, django_assert_max_num_queries: Any
) -> None:
    enquiry, today = world.enquiry(), date(2026, 11, 24)
    dates = court.dates_of(enquiry)
    assert world.north
    assert world.south
    with django_assert_max_num_queries(10):
        assert len(at_services(enquiry, dates, today)) == 4
