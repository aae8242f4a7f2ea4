"""The authority's statutory clocks beside our own targets: each by its own rule, neither called the other."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from intake import clocks
from intake.actions import information
from intake.actions.reference import load_reference
from intake.clocks import ANSWERED, DECISION, authority_clocks, facts_of, reading, reading_of_log
from intake.codes import read_reference
from intake.deadlines import OFFICE_HOURS, Calendar, Interval, Limit, Target, Unit
from intake.models import StatutoryClock, book
from tests.factories import World, example, fresh

SHIPPED = read_reference()
CALENDAR = Calendar(frozenset(row.date for row in SHIPPED.holidays))
DATA = Path(__file__).parent / "data" / "authority_clocks.csv"
ROWS = list(csv.DictReader(DATA.open(encoding="utf-8", newline="")))
TODAY = date(2026, 11, 24)


def day(text: str) -> date:
    return date.fromisoformat(text)


def run(body: dict[str, Any], nation: str = "England", on: date = TODAY, delivered: Any = ()) -> Any:
    return authority_clocks(facts_of(body, delivered), SHIPPED.clocks, nation, on, CALENDAR)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['code']} {row['on']}: {row['why']}")
def test_a_statutory_clock_ends_on_the_day_the_table_says(row: dict[str, str]) -> None:
    found = authority_clocks(
        {row["fact"]: [day(row["day"])]}, SHIPPED.clocks, row["nation"], day(row["on"]), CALENDAR
    )
    clock = next(clock for clock in found if clock.code == row["code"])
    assert (str(clock.last_day), clock.days_left) == (row["last_day"], int(row["days_left"]))
    assert clock.over is (int(row["days_left"]) < 0)
    assert clock.started_on == day(row["day"])


def test_every_clock_of_an_authority_runs_in_the_table_or_says_why_it_cannot() -> None:
    in_table = {row["code"] for row in ROWS}
    for row in SHIPPED.clocks:
        assert row.kind in ("authority", "controller", "provider"), row.code
        if row.starts_from:
            assert row.code in in_table, row.code
        else:
            assert row.note, row.code
    facts = {*clocks.STARTED_BY.values(), "care_proceedings_issued", "expert_report_delivered"}
    assert {row.starts_from for row in SHIPPED.clocks} - {""} == facts


@pytest.mark.parametrize(
    ("nation", "codes"), [("England", {"REF_DECISION", "CF_ASSESSMENT"}), ("Wales", {"WALES_ASSESS"})]
)
def test_a_nation_has_its_own_clocks(nation: str, codes: set[str]) -> None:
    body = {"assessments": [{"type": "CAF", "particulars": {"la_referral_date": "2026-11-02"}}]}
    assert {clock.code for clock in run(body, nation)} == codes


def test_what_the_provider_promises_is_none_of_the_authoritys_clocks() -> None:
    every = {row.starts_from: [TODAY] for row in SHIPPED.clocks if row.starts_from}
    found = authority_clocks(every, SHIPPED.clocks, "England", TODAY, CALENDAR)
    assert not {clock.code for clock in found} & {"CONTACT_START", "CONTACT_REPORT", "AGE_28"}


def test_an_issue_starts_the_26_weeks_only_of_care_proceedings() -> None:
    legal = {"framework": "S31", "stage": "care_proceedings", "issued_on": "2026-09-28"}
    assert {clock.code for clock in run({"legal": legal})} == {"PLO_26", "PLO_CMH"}
    assert run({"legal": {**legal, "framework": "S8", "stage": "private_law"}}) == []


def test_the_courts_own_date_stands_beside_the_statutory_one() -> None:
    clock = next(clock for clock in run(example()) if clock.code == "PLO_26")
    assert (clock.last_day, clock.court_day) == (date(2027, 3, 28), date(2027, 3, 26))
    assert clock.sentence == "26 weeks beginning with 28 September 2026: the last day is 28 March 2027"
    assert clock.left == "124 days left"


def test_written_questions_run_from_each_delivery_to_the_court() -> None:
    served = [date(2026, 11, 20)]
    found = run({"legal": {"framework": "FPR25"}}, delivered=served)
    assert [(clock.code, clock.verified) for clock in found] == [("EXPERT_QUESTIONS", "unverified")]
    assert run({"legal": {"framework": "S17"}}, delivered=served) == []


def test_a_clock_runs_by_the_rule_that_held_on_its_first_day() -> None:
    rows = [row for row in SHIPPED.clocks if row.code == "S37"]
    later = [type(rows[0])(**{**plain(rows[0]), "valid_from": date(2026, 11, 3)})]
    facts = {"s37_direction": [date(2026, 11, 2)]}
    assert authority_clocks(facts, later, "England", TODAY, CALENDAR) == []
    assert len(authority_clocks(facts, rows, "England", TODAY, CALENDAR)) == 1


def plain(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__slots__}


def test_what_cannot_be_read_starts_nothing() -> None:
    for odd in ({}, {"legal": None}, {"assessments": [{"particulars": {"reg24_date": "soon"}}]}):
        assert facts_of(odd) == {}


# --- Our own: one reading --------------------------------------------------------------------------------------


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "now", "words", "tone"),
    [
        ("2026-12-03T17:00", "2026-12-01T09:00", "Decision due Thursday 3 December, 2 working days left", ""),
        ("2026-12-03T17:00", "2026-12-02T09:00", "Decision due Thursday 3 December, 1 working day left", "soon"),
        ("2026-12-03T17:00", "2026-12-03T13:30", "Decision due today by 17:00, 3 hours left", "soon"),
        ("2026-12-03T17:00", "2026-12-03T17:30", "Decision was due Thursday 3 December, 30 minutes late", "late"),
        ("2026-12-03T17:00", "2026-12-07T09:00", "Decision was due Thursday 3 December, 2 working days late", "late"),
        ("2027-01-04T17:00", "2026-12-31T09:00", "Decision due Monday 4 January 2027, 1 working day left", "soon"),
    ],
)  # fmt: skip
def test_a_reading_speaks_in_sentences(due: str, now: str, words: str, tone: str) -> None:
    said = reading(DECISION, "running", london(due), london(now), CALENDAR)
    assert (said.sentence, said.tone, said.late) == (words, tone, tone == "late")


def test_a_paused_reading_has_no_day_and_a_stopped_one_says_whether_it_was_in_time() -> None:
    start, end = london("2026-11-23T10:00"), london("2026-11-24T12:00")
    log = [Interval(start, end, "running"), Interval(end, None, "paused")]
    paused = reading_of_log(DECISION, Target(1), log, CALENDAR, end, OFFICE_HOURS, ANSWERED)
    assert (paused.due, paused.sentence) == (None, "Decision clock paused until the authority answers")
    for ended_at, words in (("2026-11-24T17:00", "in time"), ("2026-11-24T17:01", "late")):
        log = [Interval(start, london(ended_at), "running")]
        stopped = reading_of_log(DECISION, Target(1), log, CALENDAR, london("2027-01-01T09:00"), OFFICE_HOURS)
        assert stopped.sentence == f"Decision: 24 November 2026, {words}"


def test_the_reading_of_the_stored_moment_is_the_reading_of_the_log(world: World) -> None:
    """List and page read the column, papers and reminders the log: they say the same."""
    with time_machine.travel(datetime(2026, 11, 23, 10, tzinfo=UTC), tick=False) as clock:
        enquiry = world.enquiry("information_requested")
        clock.shift(timedelta(days=3))
        for status in ("information_requested", "in_triage"):
            if status == "in_triage":
                enquiry = answered(world, enquiry)
            now = datetime.now(UTC)
            target = book().target("England", enquiry.received_at)
            by_log = reading_of_log(
                DECISION,
                target,
                enquiry.intervals(),
                book().calendars["England"],
                now,
                OFFICE_HOURS,
                ANSWERED,
            )
            assert fresh(enquiry).reading(now) == by_log


def answered(world: World, enquiry: Any) -> Any:
    answers = [{"number": 1, "text": "Yes."}, {"number": 2, "text": "A dog."}]
    return information.answer(enquiry=enquiry, by=world.referrer, answers=answers)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)).map(
    lambda when: when.replace(tzinfo=UTC)
)
pauses = st.lists(
    st.tuples(st.integers(0, 20_000), st.integers(0, 20_000)), max_size=4
)  # minutes running, then minutes paused
limits = st.builds(
    Limit, st.integers(1, 26), st.sampled_from([Unit.WEEKS, Unit.DAYS, Unit.WORKING_DAYS]), st.booleans()
)


def log_of(start: datetime, gaps: list[tuple[int, int]]) -> list[Interval]:
    log, at = [], start
    for running, paused in gaps:
        log.append(Interval(at, at := at + timedelta(minutes=running), "running"))
        log.append(Interval(at, at := at + timedelta(minutes=paused), "paused"))
    return [*log, Interval(at, None, "running")]


@settings(max_examples=25, deadline=None)
@given(moments, limits, pauses)
def test_a_pause_never_shortens_what_is_promised(start: datetime, limit: Limit, gaps: Any) -> None:
    now = start + timedelta(days=1)
    plain = reading_of_log("Report", limit, log_of(start, []), CALENDAR, now, OFFICE_HOURS).due
    with_pauses = reading_of_log("Report", limit, log_of(start, gaps), CALENDAR, now, OFFICE_HOURS).due
    longer = [*gaps[:-1], *((running, paused + 600) for running, paused in gaps[-1:])]
    with_longer = reading_of_log("Report", limit, log_of(start, longer), CALENDAR, now, OFFICE_HOURS).due
    assert plain is not None
    assert plain <= with_pauses <= with_longer


# --- In answers and on pages -----------------------------------------------------------------------------------


def test_the_api_shows_the_authoritys_clocks_apart_from_ours(world: World, api: Any) -> None:
    with time_machine.travel(datetime(2026, 11, 24, 10, tzinfo=UTC), tick=False):
        enquiry = world.enquiry()
        for who in (world.referrer, world.case_system, world.coordinator):
            shown = api(who).get(f"/api/v1/enquiries/{enquiry.reference}/").json()
            codes = {clock["code"]: clock["last_day"] for clock in shown["authority_clocks"]}
            assert codes == {"PLO_26": "2027-03-28", "PLO_CMH": "2026-10-10"}
            assert (
                shown["decision_clock"]["sentence"]
                == "Decision due Wednesday 25 November, 1 working day left"
            )
            assert shown["decision_clock"]["due_at"] == shown["decision_due_at"]


def test_a_draft_has_no_clock_of_anybodys(world: World, api: Any) -> None:
    draft = world.enquiry("draft")
    shown = api(world.referrer).get(f"/api/v1/enquiries/{draft.reference}/").data
    assert (shown["authority_clocks"], shown["decision_clock"]["state"]) == ([], "")


def test_the_page_names_both_and_marks_what_is_not_verified(world: World, client: Any) -> None:
    enquiry = world.enquiry()
    client.force_login(world.coordinator, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = " ".join(client.get(f"/enquiries/{enquiry.reference}/").content.decode().split())
    statutory = page.partition('id="statutory"')[2].partition("</section>")[0]
    ours = page.partition('id="targets"')[2].partition("</section>")[0]
    assert "26 weeks beginning with 28 September 2026: the last day" in statutory
    assert "The court&#x27;s date for the final hearing: 26 March 2027" in statutory
    assert "Verified in part." in statutory
    assert "Decision" in ours
    assert "statutory" not in ours.lower()


# --- The loader ------------------------------------------------------------------------------------------------


def test_clocks_loaded_before_they_had_a_kind_are_sorted(db: None) -> None:
    StatutoryClock.objects.filter(code="PLO_26").update(kind="", starts_from="", note="")
    StatutoryClock.objects.filter(code="S37").update(name="As the office calls it")
    load_reference()
    assert StatutoryClock.objects.get(code="PLO_26").starts_from == "care_proceedings_issued"
    assert StatutoryClock.objects.get(code="S37").name == "As the office calls it"
