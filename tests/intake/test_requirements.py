"""What each assessment type needs, as data: traced to the catalogue, asked where it applies, read only once."""

import copy
import csv
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from intake.checks import check, missing, missing_at
from intake.codes import CODED, read_reference
from intake.requirements import STAGES, Completeness, Requirement, Requirements, read_through

TODAY = date(2026, 11, 23)
SHIPPED = read_reference()
BOOK = SHIPPED.book()
ROWS = SHIPPED.requirements
NEEDS = BOOK.requirements
DATA = Path(__file__).parent / "data"


def body_of(name: str, **changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return copy.deepcopy(body) | changes


def pointers(body: dict[str, Any], stage: str = "") -> dict[str, str]:
    told = {"book": BOOK, "today": TODAY, "nation": "England"}
    found = missing_at(stage, body, **told) if stage else missing(body, **told)  # type: ignore[arg-type]
    return {one.pointer: one.label for one in found}


def faults(body: dict[str, Any]) -> set[tuple[str, str]]:
    return {(fault.pointer, fault.code) for fault in check(body, book=BOOK, today=TODAY, nation="England")}


def asking(code: str, particulars: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The family's enquiry, for one assessment of another type."""
    row = {"type": code, "children": [0, 1], "adults": [0], "questions": ["Who?"], "particulars": particulars}
    return body_of("parenting_assessment", assessments=[row], **changes)


# --- The data ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SHIPPED.assessment_types, ids=lambda kind: kind.code)
def test_every_need_and_gate_of_the_catalogue_is_asked_somewhere(kind: Any) -> None:
    traced = {phrase for row in ROWS if row.asked_of(kind.code) for phrase in row.traces}
    assert {*kind.needs, *kind.gate} - traced == set()


def test_every_answer_that_an_intake_needs_is_asked_somewhere() -> None:
    with (DATA / "intake_fields.csv").open(encoding="utf-8", newline="") as file:
        fields = {f"2.2 {row['field']}" for row in csv.DictReader(file)}
    assert {phrase for row in ROWS for phrase in row.traces if phrase.startswith("2.2 ")} == fields


def test_what_only_words_can_answer_says_which_words() -> None:
    assert [row.code for row in ROWS if bool(row.fact) is bool(row.in_words)] == []


def test_every_row_can_be_read_and_asks_at_some_stage_or_takes_an_answer() -> None:
    for row in ROWS:
        read_through(row)
    silent = {row.code for row in ROWS if not any(row.level(stage) for stage in STAGES)}
    assert silent == {"no_solicitor_why"}, "it is the other answer of `solicitor`"


@pytest.mark.parametrize("wrong", [{"fact": "legal"}, {"when": "colour=red"}, {"section": "law"}])
def test_a_row_that_nobody_can_read_is_refused(wrong: dict[str, str]) -> None:
    row = next(row for row in ROWS if row.code == "filing_date")
    with pytest.raises((ValueError, KeyError)):
        read_through(replace(row, **wrong))


def test_each_type_of_the_catalogue_that_a_row_names_is_in_it() -> None:
    known = {"*", *(kind.code for kind in SHIPPED.assessment_types)}
    assert {code for row in ROWS for code in row.types} <= known


# --- What applies ------------------------------------------------------------------------------------------


def sections(*types: str, kind: str = "referral") -> list[str]:
    return [section.code for section in NEEDS.sections_for(types, kind, "England", TODAY)]


def test_only_the_sections_that_the_types_need_are_asked() -> None:
    assert sections("GENERAL", kind="general") == ["you", "service", "background", "declaration"]
    assert sections("TRAIN") == ["you", "service", "background", "information", "declaration"]
    assert "household" in sections("SGO")
    assert "household" not in sections("PA")
    assert {"legal", "children", "adults", "risks", "documents"} <= set(sections("PA"))


def test_a_requirement_holds_between_its_days_and_in_its_nation() -> None:
    row = Requirement("x", ("PA",), "legal", "/legal/court", "Court", intake="expected", nation="England")
    row = replace(row, valid_from=TODAY, valid_until=TODAY + timedelta(1))
    needs = Requirements([row])
    asked = [
        bool(needs.rules(["PA"], "referral", "England", TODAY + timedelta(day)).rows) for day in range(-1, 3)
    ]
    assert asked == [False, True, True, False]
    assert needs.rules(["PA"], "referral", "Wales", TODAY).rows == ()


def test_a_fact_is_asked_of_the_children_whom_the_assessment_is_about() -> None:
    body = body_of("parenting_assessment")
    body["children"].append({"name": "Max Doyle", "date_of_birth": "2014-01-01", "sex": "M"})
    assert pointers(body, "acceptance") == {}
    body["assessments"][1]["children"] = [0, 2]
    assert pointers(body, "acceptance") == {"/children/2/placement_type": "Child 3: placement"}


@pytest.mark.parametrize(
    ("code", "particulars", "lacking"),
    [
        ("S37", {}, "/assessments/0/particulars/direction_date"),
        (
            "S47",
            {"duty_stays": False, "strategy_date": "2026-11-20"},
            "/assessments/0/particulars/duty_stays",
        ),
        ("VIA", {}, "/assessments/0/particulars/carer_knows"),
        ("RISK_EXPL", {}, "/assessments/0/particulars/missing_episodes"),
        ("SGO", {}, "/assessments/0/particulars/viability_outcome"),
    ],
)
def test_a_gate_of_the_type_is_required_at_the_acceptance(
    code: str, particulars: dict[str, Any], lacking: str
) -> None:
    body = asking(code, particulars)
    assert faults(body) == set()
    assert lacking in pointers(body, "acceptance")


def test_a_gate_is_met_by_its_answer() -> None:
    answers = {"strategy_date": "2026-11-20", "duty_stays": True, "police_position": "No action."}
    assert pointers(asking("S47", answers), "acceptance") == {}


def test_the_solicitor_or_the_reason_for_none_opens_the_gate() -> None:
    body = asking("COG", {})
    body["assessments"][0]["adults"] = [1]
    assert "/adults/1/solicitor" in pointers(body, "acceptance")
    body["assessments"][0]["particulars"] = {"no_solicitor_why": "He has not asked for one yet."}
    assert "/adults/1/solicitor" not in pointers(body, "acceptance")


def test_work_starts_with_the_letter_of_instruction_where_the_type_or_the_court_asks_for_it() -> None:
    body = body_of("parenting_assessment")
    assert pointers(body, "start") == {"/documents": "Letter of instruction"}
    body["documents"][0]["state"] = "have"
    assert pointers(body, "start") == {}
    body["legal"]["stage"] = "pre_proceedings"
    del body["documents"][0]
    assert pointers(body, "start") == {}


# --- How much is there -------------------------------------------------------------------------------------


def completeness(body: dict[str, Any]) -> Completeness:
    return NEEDS.rules_for(body, "England", TODAY).survey(body).completeness


def test_the_sentence_names_a_handful_and_counts_the_rest() -> None:
    assert Completeness(17, 21, ("Filing date", "Order")).sentence == "17 of 21; missing: filing date, order"
    many = Completeness(1, 7, ("Court", "Order", "MARAC and MAPPA", "Venue", "Visa", "Travel")).sentence
    assert many == "1 of 7; missing: court, order, MARAC and MAPPA, venue and 2 more"
    assert Completeness(3, 3).sentence == "3 of 3; nothing is missing"


def test_what_is_missing_shrinks_as_facts_arrive() -> None:
    body = asking("SGO", {})
    before, lacking = completeness(body), len(pointers(body))
    body["assessments"][0]["particulars"] = {"viability_outcome": "Positive.", "checks_done": "DBS is back."}
    after = completeness(body)
    assert (after.have, after.of) == (before.have + 2, before.of)
    assert len(pointers(body)) == lacking - 2


def test_a_fact_of_several_people_counts_once_and_is_there_when_all_have_it() -> None:
    body = body_of("parenting_assessment")
    body["children"][0]["religion"] = "None"
    one = completeness(body)
    body["children"][1]["religion"] = "None"
    both = completeness(body)
    assert (both.have - one.have, both.of - one.of) == (1, 0)
    assert "Religion for a child" in one.missing


# --- Particulars -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("particulars", "code"),
    [
        ({"hospital": "Oldham"}, "unknown_particular"),
        ({"direction_date": "2026-11-20"}, "unknown_particular"),
        ({"viability_outcome": True}, "wrong_answer"),
    ],
)
def test_a_particular_is_one_of_the_type_and_of_its_kind(particulars: dict[str, Any], code: str) -> None:
    name = next(iter(particulars))
    assert faults(asking("SGO", particulars)) == {(f"/assessments/0/particulars/{name}", code)}


@pytest.mark.parametrize("value", ["23 November", "2026-02-30", "20261123", "1800-01-01", 5, None, True])
def test_a_date_among_the_particulars_is_a_date(value: object) -> None:
    pointer = "/assessments/0/particulars/direction_date"
    assert faults(asking("S37", {"direction_date": value})) == {(pointer, "wrong_answer")}


def test_a_particular_that_could_tell_who_somebody_is_waits_for_the_referral() -> None:
    answers = {"home_office_reference": "A1234567", "doubt": "Two dates were given."}
    row = {"type": "AGE", "children": [0], "particulars": answers}
    body = {
        "authority_reference": "OLD-1",
        "kind": "preliminary",
        "referrer": {"name": "Priya Nair", "email": "priya.nair@oldham.example.gov.uk"},
        "assessments": [row],
        "children": [{"name": "C.D.", "age": 15, "sex": "M"}],
        "declaration": {"accurate": True, "name": "Priya Nair"},
    }
    pointer = "/assessments/0/particulars/home_office_reference"
    assert faults(body) == {(pointer, "not_anonymised")}
    general = body_of("general_enquiry")
    general["assessments"][0]["particulars"] = {"doubt": "Two dates."}
    assert faults(general) == {("/assessments/0/particulars/doubt", "not_for_general")}


@pytest.mark.parametrize("pattern", CODED)
def test_a_member_that_takes_codes_takes_those_of_its_list(pattern: str) -> None:
    body = body_of("parenting_assessment", prompted_by={"code": "?"})
    *path, last = pattern.replace("*", "0").split("/")[1:]
    home: Any = body
    for step in path:
        home = home[int(step)] if isinstance(home, list) else home[step]
    home[int(last) if isinstance(home, list) else last] = "?"
    assert (pattern.replace("*", "0"), "unknown_code") in faults(body)


def test_a_particular_that_a_type_asks_no_more_is_kept() -> None:
    old = [replace(row, valid_until=TODAY - timedelta(1)) for row in ROWS if row.code == "viability_outcome"]
    assert "viability_outcome" in Requirements(old).particulars("SGO")
