"""The match itself, without a database: the office's table, and what holds whatever is matched with what."""

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from intake.codes import read_reference
from intake.deadlines import Calendar
from referrals.matching import (
    Against,
    Away,
    Candidate,
    Commitment,
    Cover,
    Diary,
    Match,
    Rule,
    Wanted,
    match,
    ranked,
)
from referrals.matching.standing import miles

# A Tuesday.
TODAY = date(2026, 11, 24)
CALENDAR = Calendar(frozenset())
REFERENCE = read_reference()
RULES = {row.code: Rule(row.points, row.stops) for row in REFERENCE.match_weights}
SPOTS = {row.area: (row.latitude, row.longitude) for row in REFERENCE.postcode_areas}
HOURS = {row.type: row for row in REFERENCE.assessment_hours}
GRADES = {row.label: row for row in REFERENCE.grades}
OLDHAM, SERVICE, ASSESSOR = 1, 2, 3


# --- The table the office reads ------------------------------------------------------------------------------


def table() -> list[dict[str, str]]:
    with Path(__file__).with_name("suggestions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def words(cell: str) -> frozenset[str]:
    return frozenset(part.strip() for part in cell.split(";") if part.strip())


def in_weeks(cell: str) -> date | None:
    return TODAY + timedelta(weeks=int(cell)) if cell else None


def wanted_in(row: dict[str, str]) -> Wanted:
    terms = HOURS[row["type"]]
    return Wanted(
        referral="REF",
        type=row["type"],
        region="North West",
        nation="England",
        hours=terms.hours,
        weeks=terms.weeks,
        needed_by=in_weeks(row["needed in weeks"]),
        rules=RULES,
        skills=frozenset(terms.skills),
        bodies=frozenset(terms.bodies),
        grade=terms.grade,
        languages=words(row["languages of the family"]),
        youngest=int(row["age"]) if row["age"] else None,
        oldest=int(row["age"]) if row["age"] else None,
        spot=SPOTS.get(row["family's area"]),
        authority=OLDHAM,
        enquiry="ENQ-1",
        family=frozenset({"ENQ-1", "ENQ-0"}),
        known_to=frozenset({ASSESSOR} if row["history"] == "led for the family" else ()),
        declined_by=frozenset({SERVICE} if row["history"] == "gave it back" else ()),
    )


def candidate_in(row: dict[str, str]) -> Candidate:
    hours, taken = float(row["hours a week"]), float(row["hours taken"])
    grade = GRADES[row["grade"]]
    hours = hours * grade.share / 100
    leave = row["leave in weeks"].split("-") if row["leave in weeks"] else []
    away = (Away(*(TODAY + timedelta(weeks=int(week)) for week in leave)),) if leave else ()
    work = (Commitment(taken, TODAY + timedelta(weeks=4)),) if taken else ()
    conflicts = {
        "the authority": (Against("worked for the authority", authority=OLDHAM),),
        "the family": (Against("knows the family privately", enquiry="ENQ-0"),),
        "another authority": (Against("worked for the authority", authority=99),),
    }
    return Candidate(
        service=SERVICE,
        service_name="Northern",
        assessor=ASSESSOR,
        name="Asa",
        cover={row["type"]: (Cover(row["covers"].removesuffix(" only"), 0, 17),)},
        languages=words(row["speaks"]),
        skills=words(row["skills"]),
        registration_until=in_weeks(row["registered for weeks"]),
        grade=grade.level,
        grade_name=grade.label,
        diary=Diary(hours, hours * RULES["ceiling_percent"].points / 100, work, away),
        spot=SPOTS.get(row["base"]),
        conflicts=conflicts.get(row["conflict with"], ()),
    )


def points_said(found: Match) -> str:
    return "; ".join(f"{point.text} {point.points:+}" for point in found.points)


def stops_said(found: Match) -> str:
    return "; ".join(f"{stop.code} ({stop.overridable_by or 'nobody'})" for stop in found.stops)


@pytest.mark.parametrize("row", table(), ids=lambda row: row["what it shows"])
def test_the_table_of_suggestions_is_as_the_office_reads_it(row: dict[str, str]) -> None:
    found = match(wanted_in(row), candidate_in(row), TODAY, CALENDAR)
    assert points_said(found) == row["for and against"]
    assert (found.total, stops_said(found)) == (int(row["total"]), row["stops (who overrides)"])
    assert "; ".join(caution.code for caution in found.cautions) == row["reason needed"]


def test_every_weight_in_the_table_is_one_that_the_rules_ask_for() -> None:
    rules = Path(__file__).parents[2] / "referrals"
    files = [*(rules / "matching").glob("*.py"), rules / "capacity.py"]
    asked = "".join(file.read_text(encoding="utf-8") for file in files)
    assert not [code for code in RULES if f'"{code}"' not in asked]


# --- What always holds ---------------------------------------------------------------------------------------

codes = some.sampled_from(sorted(HOURS))
skills = some.frozensets(some.sampled_from(["PAMS", "AGE", "FORENSIC", "PARENTASSESS"]))
languages = some.frozensets(some.sampled_from(["Polish", "Welsh", "Urdu"]))
days = some.one_of(some.none(), some.dates(TODAY, TODAY + timedelta(days=400)))
spots = some.one_of(some.none(), some.sampled_from(list(SPOTS.values())))
rules = some.dictionaries(
    some.sampled_from(sorted(RULES)),
    some.builds(Rule, some.integers(-100, 100), some.sampled_from(["", "hard", "manager"])),
)


@some.composite
def wanteds(draw: Any) -> Wanted:
    terms = HOURS[draw(codes)]
    return Wanted(
        "REF",
        terms.type,
        "Wales",
        "Wales",
        draw(some.integers(1, 100)),
        draw(some.integers(1, 26)),
        draw(days),
        draw(some.one_of(some.just(RULES), rules)),
        skills=frozenset(terms.skills),
        languages=draw(languages),
        grade=terms.grade,
        youngest=0,
        oldest=draw(some.integers(0, 25)),
        spot=draw(spots),
        authority=OLDHAM,
        known_to=draw(some.frozensets(some.integers(1, 5))),
        declined_by=draw(some.frozensets(some.integers(1, 5))),
    )


@some.composite
def people(draw: Any) -> Candidate:
    hours = draw(some.integers(0, 40))
    weeks = draw(some.lists(some.tuples(some.integers(0, 20), some.integers(0, 20)), max_size=3))
    leave = [Away(TODAY + timedelta(weeks=a), TODAY + timedelta(weeks=a + b)) for a, b in weeks]
    work = draw(
        some.lists(
            some.builds(Commitment, some.integers(1, 12), some.dates(TODAY, date(2027, 6, 1))), max_size=6
        )
    )
    return Candidate(
        draw(some.integers(1, 5)),
        "Service",
        draw(some.integers(1, 5)),
        draw(some.text("abc", min_size=1, max_size=3)),
        cover={
            code: (Cover(draw(some.sampled_from(["", "Wales", "London"]))),)
            for code in draw(some.sets(codes))
        },
        languages=draw(languages),
        skills=draw(skills),
        registration_until=draw(days),
        grade=draw(some.integers(0, 4)),
        diary=Diary(hours, hours * 1.2, tuple(work), tuple(leave)),
        spot=draw(spots),
        ends_on=draw(days),
    )


@settings(max_examples=60, deadline=None)
@given(wanteds(), people())
def test_the_sum_shown_is_the_sum_used(wanted: Wanted, candidate: Candidate) -> None:
    found = match(wanted, candidate, TODAY, CALENDAR)
    assert found.total == sum(point.points for point in found.points)
    assert all(point.points and point.text for point in found.points)
    assert all(stop.text.endswith(".") for stop in found.stops)
    again = match(wanted, candidate, TODAY, CALENDAR)
    assert (again.points, again.stops, again.forecast) == (found.points, found.stops, found.forecast)


@settings(max_examples=40, deadline=None)
@given(wanteds(), some.lists(people(), min_size=1, max_size=4))
def test_a_service_stands_where_its_best_placed_assessor_does(wanted: Wanted, team: list[Candidate]) -> None:
    cover = team[0].cover
    team = [Candidate(**{**vars_of(one), "cover": cover, "service": 1, "conflicts": ()}) for one in team]
    service = Candidate(1, "Service", None, "Service", cover=cover, team=tuple(team))
    found = match(wanted, service, TODAY, CALENDAR)
    best = ranked(match(wanted, one, TODAY, CALENDAR) for one in team)[0]
    assert (found.total, found.points, found.best) == (best.total, best.points, best.candidate)
    assert bool(found.stops) == bool(best.stops)


def vars_of(candidate: Candidate) -> dict[str, Any]:
    return {name: getattr(candidate, name) for name in Candidate.__dataclass_fields__}


@settings(max_examples=60, deadline=None)
@given(people(), some.integers(1, 20))
def test_who_is_free_from_a_day_is_there_and_has_room_on_it(candidate: Candidate, weekly: int) -> None:
    diary = candidate.diary
    day = diary.free_from(weekly, TODAY)
    assert day >= TODAY
    assert diary.free(day) >= min(weekly, diary.hours)
    assert not any(away.first <= day <= away.last for away in diary.leave)


def test_leave_in_the_middle_makes_an_assessment_as_much_longer() -> None:
    fortnight = Away(TODAY + timedelta(weeks=2), TODAY + timedelta(weeks=4, days=-1))
    assert Diary(30, 36, leave=(fortnight,)).weeks_with_leave(10, TODAY) == 12


def test_ranked_puts_what_is_stopped_last_and_the_earlier_ready_first() -> None:
    wanted = wanted_in({**table()[0], "type": "PA", "needed in weeks": "", "family's area": ""})
    busy = Commitment(30, TODAY + timedelta(weeks=3))
    cover = {"PA": (Cover(),)}
    stopped, later, soon = (
        Candidate(1, "S", 1, "Ann", cover=cover, diary=Diary(30, 36, (), (Away(TODAY, date(2027, 12, 1)),))),
        Candidate(1, "S", 2, "Ben", cover=cover, diary=Diary(30, 40, (busy,))),
        Candidate(1, "S", 3, "Cat", cover=cover, diary=Diary(4, 8)),
    )
    found = ranked(match(wanted, one, TODAY, CALENDAR) for one in (stopped, later, soon))
    assert [one.candidate.name for one in found] == ["Cat", "Ben", "Ann"]


def test_miles_between_two_areas_are_about_right_and_the_same_both_ways() -> None:
    assert 5 < miles(SPOTS["OL"], SPOTS["M"]) < 15
    assert 150 < miles(SPOTS["SW"], SPOTS["M"]) < 180
    assert miles(SPOTS["OL"], SPOTS["CF"]) == miles(SPOTS["CF"], SPOTS["OL"])
