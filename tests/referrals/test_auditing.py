"""What an audit rests on, without a database: who had a part, what is drawn, what the record says of compliance."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from referrals.auditing import compliance, draw
from referrals.auditing.compliance import Record
from referrals.auditing.independence import Line, parts

pytestmark = pytest.mark.own_database


# --- Who ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "verb",
    [
        "enquiry.claim",
        "enquiry.accept",
        "enquiry.second_look_confirmed",
        "enquiry.oversight",
        "risk.opinion_given",
        "note.written",
        "referral.challenge",
        "referral.offer",
        "referral.send_back",
        "referral.deliver",
        "referral.visit_made",
        "referral.follow_up",
    ],
)
def test_who_wrote_a_line_of_work_had_a_part(verb: str) -> None:
    assert set(parts([Line(verb, 7)], [])) == {7}


@pytest.mark.parametrize(
    "verb",
    [
        "document.printed",
        "attachment.opened",
        "enquiry.opened",
        "enquiry.disclosed",
        "enquiry.restricted",
        "referral.audit_asked",
        "referral.audit_finished",
        "referral.improvement_done",
    ],
)
def test_who_only_read_it_or_audited_it_before_had_none(verb: str) -> None:
    assert parts([Line(verb, 7)], []) == {}


def test_who_stands_in_its_rows_had_a_part_too() -> None:
    assert parts([], [(7, "reviewed the report"), (7, "owned the enquiry")]) == {
        7: {"reviewed the report", "owned the enquiry"}
    }


# --- Which ----------------------------------------------------------------------------------------------------

WORK = [draw.Closed(f"REF-{number:04}", 1 + number % 3) for number in range(60)]


def test_the_same_seed_draws_the_same_in_whatever_order_the_work_comes() -> None:
    again = draw.ranked(reversed(WORK), "a seed")
    assert draw.ranked(WORK, "a seed") == again
    assert draw.ranked(WORK, "another")[1] != again[1]


def test_over_many_seeds_each_piece_of_work_is_drawn_about_as_often() -> None:
    first = Counter(draw.ranked(WORK, str(seed))[1][0] for seed in range(2_000))
    assert len(first) == 20
    assert 60 < min(first.values()) <= max(first.values()) < 150


@pytest.mark.parametrize(
    ("sizes", "number", "taken"),
    [
        ({1: 50, 2: 2}, 2, {1: 1, 2: 1}),
        ({1: 50, 2: 2}, 10, {1: 9, 2: 1}),
        ({1: 20, 2: 10}, 6, {1: 4, 2: 2}),
        ({1: 1, 2: 1}, 9, {1: 1, 2: 1}),
        ({}, 3, {}),
    ],
)
def test_each_service_is_in_a_sample_and_the_rest_goes_by_size(
    sizes: dict[int, int], number: int, taken: dict[int, int]
) -> None:
    assert draw.allot(sizes, number) == taken


def test_work_is_shared_out_evenly_among_those_who_may() -> None:
    may = {"a": [1, 2, 3], "b": [1, 2, 3], "c": [1], "d": [1, 2], "e": [2, 3], "f": [3]}
    whose = draw.share_out(list(may), may)
    assert all(whose[case] in may[case] for case in may)
    assert Counter(whose.values()) == {1: 2, 2: 2, 3: 2}


# --- What -----------------------------------------------------------------------------------------------------

ALL_WELL = Record(
    decided_in_time=True,
    lacking_at_start=0,
    family_told="yes",
    children=2,
    seen=2,
    unborn=0,
    visits=3,
    visits_open=0,
    sources=2,
    sources_open=0,
    risk_days=[date(2027, 3, 1)],
    ended_on=date(2027, 2, 1),
    reviews=2,
    sent_back=1,
    filed_in_time=True,
)


def states(**changes: object) -> dict[str, str]:
    found = compliance.items(replace(ALL_WELL, **changes))  # type: ignore[arg-type]
    return {row.code: row.state for row in found if row.state != "met"}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, {}),
        ({"decided_in_time": False}, {"decided": "not_met"}),
        ({"decided_in_time": None}, {"decided": "not_applicable"}),
        ({"lacking_at_start": 2}, {"instruction": "partly"}),
        ({"family_told": "partly"}, {"family": "partly"}),
        ({"family_told": "not_safe"}, {"family": "not_applicable"}),
        ({"family_told": ""}, {"family": "not_met"}),
        ({"seen": 1}, {"children": "partly"}),
        ({"seen": 0}, {"children": "not_met"}),
        ({"children": 0, "seen": 0, "unborn": 1}, {"children": "not_applicable"}),
        ({"visits_open": 1}, {"visits": "partly"}),
        ({"sources_open": 2}, {"sources": "not_met"}),
        ({"risk_days": [date(2027, 1, 1), date(2027, 3, 1)]}, {"risks": "partly"}),
        ({"risk_days": []}, {"risks": "not_applicable"}),
        ({"reviews": 0}, {"reviewed": "not_met"}),
        ({"filed_in_time": False}, {"filed": "not_met"}),
        ({"filed_in_time": None}, {"filed": "not_applicable"}),
    ],
)
def test_each_item_is_what_the_record_says(changes: dict[str, object], found: dict[str, str]) -> None:
    assert states(**changes) == found


def test_each_item_has_its_words() -> None:
    assert [row.code for row in compliance.items(ALL_WELL)] == list(compliance.LABELS)
    assert all(row.why for row in compliance.items(ALL_WELL))


def test_all_together_is_met_when_all_is_and_not_met_below_half() -> None:
    def overall(**changes: object) -> str:
        return compliance.overall(compliance.items(replace(ALL_WELL, **changes)))  # type: ignore[arg-type]

    nothing = {"decided_in_time": False, "family_told": "no", "seen": 0, "visits_open": 3, "sources_open": 2}
    assert overall() == "met"
    assert overall(family_told="not_safe", filed_in_time=None) == "met"
    assert overall(seen=1) == "partly"
    assert overall(**nothing, reviews=0, filed_in_time=False) == "not_met"
