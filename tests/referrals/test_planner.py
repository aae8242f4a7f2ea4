"""The planner's promises: nobody overburdened, no stop overridden, never worse than best first, and why not."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.matching import Candidate, Commitment, Cover, Diary, Wanted, match
from referrals.planner.pairs import assessors_of, may_cover
from referrals.planner.plan import MANY, best_first, plan
from referrals.planner.terms import Division, Plan, Waiting
from tests.referrals import made_lists
from tests.referrals.made_lists import CALENDARS, RULES, TODAY

pytestmark = pytest.mark.own_database

few = settings(max_examples=15, deadline=None)
seeds = st.integers(0, 10_000)
CALENDAR = CALENDARS["england"]


def made(seed: int, referrals: int = 24, people: int = 12) -> tuple[list[Waiting], list[Candidate]]:
    draw = Random(seed)
    return made_lists.waiting(draw, referrals, people), made_lists.services(draw, people)


def planned(rows: list[Waiting], services: list[Candidate]) -> Plan:
    return plan(rows, services, TODAY, CALENDARS)


def moves(one: Division) -> dict[str, int | None]:
    return {placing.waiting.wanted.referral: placing.assessor.assessor for placing in one.placings}


@given(seeds)
@few
def test_nobody_gets_more_hours_or_more_referrals_than_they_have_room_for(seed: int) -> None:
    given_to: dict[Candidate, list[Wanted]] = defaultdict(list)
    for placing in planned(*made(seed)).placings:
        given_to[placing.assessor].append(placing.waiting.wanted)
    for who, taken in given_to.items():
        assert sum(one.weekly for one in taken) <= who.diary.free(TODAY) + 0.001
        assert len(taken) <= (MANY if who.capacity is None else who.capacity - who.leads)


@given(seeds)
@few
def test_no_placing_stands_against_a_stop_or_asks_for_a_reason(seed: int) -> None:
    for placing in planned(*made(seed)).placings:
        found = match(placing.waiting.wanted, placing.assessor, TODAY, CALENDAR)
        assert not found.stops
        assert not found.cautions
        assert found.total == placing.match.total == sum(point.points for point in placing.match.points)


@given(seeds)
@few
def test_the_plan_is_never_worse_than_best_first_nor_better_than_its_bound(seed: int) -> None:
    rows, services = made(seed)
    whole, first = planned(rows, services), best_first(rows, services, TODAY, CALENDARS)
    assert first.score == whole.best_first.score <= whole.score <= whole.bound


@given(seeds, st.randoms(use_true_random=False))
@few
def test_the_order_in_which_things_are_given_changes_nothing(seed: int, shuffle: Random) -> None:
    rows, services = made(seed)
    before = planned(rows, services)
    shuffle.shuffle(rows)
    shuffle.shuffle(services)
    mixed = [replace(one, team=tuple(shuffle.sample(one.team, len(one.team)))) for one in services]
    after = planned(rows, mixed)
    assert moves(after) == moves(before)
    assert [one.why for one in after.unplaced] == [one.why for one in before.unplaced]


@given(seeds)
@few
def test_each_referral_is_placed_once_or_said_why_not(seed: int) -> None:
    rows, services = made(seed)
    whole = planned(rows, services)
    placed = [one.waiting.wanted.referral for one in whole.placings]
    left = [one.waiting.wanted.referral for one in whole.unplaced]
    assert sorted(placed + left) == sorted(one.wanted.referral for one in rows)
    assert all(one.why.endswith(".") for one in whole.unplaced)


@given(seeds)
@few
def test_nobody_is_passed_over_whom_the_rule_would_let_in(seed: int) -> None:
    rows, services = made(seed, 6)
    for one in rows:
        for who in assessors_of(services):
            if not may_cover(one, who):
                assert "not_covered" in {stop.code for stop in match(one.wanted, who, TODAY, CALENDAR).stops}


# --- What the office reads -----------------------------------------------------------------------------------

EVERYWHERE = {"PAMS": (Cover(),), "RISK": (Cover(),)}


def person(number: int, *, free: float = 10.0, **more: object) -> Candidate:
    work = (Commitment(20.0 - free, TODAY + timedelta(days=30)),)
    facts: dict[str, object] = {
        "cover": EVERYWHERE,
        "registration_until": TODAY + timedelta(days=900),
        "diary": Diary(20.0, 24.0, work),
        **more,
    }
    return Candidate(1, "North", number, f"Assessor {number}", **facts)  # type: ignore[arg-type]


def wants(
    name: str = "REF-A", kind: str = "RISK", *, days: int = 100, band: str = "standard", **more: object
) -> Waiting:
    facts: dict[str, object] = {"hours": 60, "weeks": 10, "rules": RULES, **more}
    needed = TODAY + timedelta(days=days)
    wanted = Wanted(name, kind, "London", "england", needed_by=needed, **facts)  # type: ignore[arg-type]
    return Waiting(wanted, band)


def test_where_best_first_takes_the_only_one_who_could_do_the_other_the_plan_does_not() -> None:
    rows = [
        wants("REF-A", band="high", known_to=frozenset({1})),
        wants("REF-B", "PAMS", skills=frozenset({"PAMS"})),
    ]
    people = [person(1, free=6.0, skills=frozenset({"PAMS"})), person(2, free=6.0)]
    assert moves(best_first(rows, people, TODAY, CALENDARS)) == {"REF-A": 1}
    whole = planned(rows, people)
    assert moves(whole) == {"REF-A": 2, "REF-B": 1}
    assert [placing.cost for placing in whole.placings] == [25, 0]


def test_an_urgent_one_goes_before_a_standard_one() -> None:
    rows = [wants("REF-A"), wants("REF-B", band="urgent")]
    assert moves(planned(rows, [person(1, free=6.0)])) == {"REF-B": 1}


def why(rows: list[Waiting], people: list[Candidate]) -> tuple[str, str]:
    left = planned(rows, people).unplaced
    return left[0].code, left[0].why


def test_who_has_no_room_yet_is_named_with_the_day_on_which_they_are_free() -> None:
    rows = [wants(kind="PAMS", skills=frozenset({"PAMS"}), days=20)]
    code, sentence = why(rows, [person(1, free=2.0, skills=frozenset({"PAMS"})), person(2)])
    assert code == "room"
    assert sentence == (
        "Nobody with PAMS training has 6 h a week free before 13 December 2026. "
        "The nearest, Assessor 1, is free on 24 December 2026."
    )


def test_hours_that_went_to_another_are_said_to_whom_and_counted_until_they_end() -> None:
    code, sentence = why([wants("REF-A"), wants("REF-B", band="urgent")], [person(1, free=6.0)])
    assert code == "taken"
    assert sentence == (
        "1 person could take it, and more is gained by giving their hours to others: Assessor 1’s to REF-B. "
        "The nearest, Assessor 1, is free on 24 December 2026."
    )


def test_what_nobody_there_can_do_is_counted_by_what_they_lack() -> None:
    rows = [wants(kind="PAMS", skills=frozenset({"PAMS"}))]
    late = TODAY - timedelta(days=1)
    people = [person(1), person(2), person(3, skills=frozenset({"PAMS"}), registration_until=late)]
    code, sentence = why(rows, people)
    assert code == "skill_missing"
    assert sentence == (
        "3 people are there for this assessment: 2 without the training it asks for, "
        "1 whose registration ends before."
    )


def test_what_no_service_does_there_is_said_so() -> None:
    assert why([wants(kind="AGE")], [person(1)])[0] == "not_covered"
    assert why([wants()], [])[0] == "not_covered"


def test_a_service_that_names_nobody_is_given_nothing() -> None:
    unnamed = Candidate(1, "North", None, "North", cover=EVERYWHERE)
    assert not planned([wants()], [unnamed]).placings
