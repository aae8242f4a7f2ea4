"""The rules across the answers: a valid body with one change brings the one fault of that rule."""

import copy
import csv
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.checks import check, missing
from intake.codes import read_reference

TODAY = date(2026, 11, 23)
BOOK = read_reference().book()
DATA = Path(__file__).parent / "data"
REMOVED = "<removed>"


def body_of(name):
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


FAMILY, UNBORN, GENERAL = (
    body_of("parenting_assessment"),
    body_of("prebirth_pams"),
    body_of("general_enquiry"),
)
ANONYMOUS = {
    "authority_reference": "OLD-1",
    "kind": "preliminary",
    "referrer": {"name": "Priya Nair", "email": "priya.nair@oldham.example.gov.uk"},
    "assessments": [{"type": "PA", "children": [0], "adults": [0], "questions": ["What can be offered?"]}],
    "legal": {"framework": "S31", "stage": "care_proceedings", "permission": "applied_for"},
    "children": [{"name": "C.D.", "age": 8, "sex": "M"}],
    "adults": [{"name": "S D", "relationships": [{"child": 0, "relationship": "mother"}]}],
    "declaration": {"accurate": True, "name": "Priya Nair"},
}


def changed(body, changes):
    body = copy.deepcopy(body)
    for pointer, value in changes.items():
        *path, last = (int(key) if key.isdigit() else key for key in pointer.split("/")[1:])
        home = body
        for key in path:
            home = home.setdefault(key, {}) if isinstance(home, dict) else home[key]
        if value == REMOVED:
            del home[last]
        elif isinstance(home, list) and last == len(home):
            home.append(value)
        else:
            home[last] = value
    return body


def faults(body, nation=""):
    return [(fault.pointer, fault.code) for fault in check(body, book=BOOK, today=TODAY, nation=nation)]


@pytest.mark.parametrize(
    ("body", "nation"),
    [(FAMILY, "England"), (UNBORN, "Wales"), (GENERAL, "England"), (ANONYMOUS, "England")],
    ids=["family", "unborn", "general", "preliminary"],
)
def test_a_valid_body_has_no_fault(body, nation):
    assert faults(body, nation) == []


BODIES = {
    "family": (FAMILY, "England"),
    "unborn": (UNBORN, "Wales"),
    "general": (GENERAL, "England"),
    "preliminary": (ANONYMOUS, "England"),
}
with (DATA / "check_rules.csv").open(encoding="utf-8", newline="") as file:
    RULES = list(csv.DictReader(file))


@pytest.mark.parametrize("row", RULES, ids=lambda row: f"{row['body']}: {row['rule']}")
def test_one_change_brings_one_fault(row):
    body, nation = BODIES[row["body"]]
    changes = json.loads(row["changes"])
    found = check(changed(body, changes), book=BOOK, today=TODAY, nation=nation)
    assert [(fault.pointer, fault.code) for fault in found] == [(row["pointer"], row["code"])]
    for value in plain_values(changes):
        assert value not in found[0].detail, "a fault must not repeat what was entered"


def plain_values(value):
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from plain_values(inner)
    elif isinstance(value, str) and len(value.strip()) > 3:
        yield value


def test_a_child_in_danger_is_the_only_fault():
    body = changed(FAMILY, {"/urgency/immediate_danger": True, "/children": [], "/kind": "x"})
    (fault,) = check(body, book=BOOK, today=TODAY)
    assert (fault.pointer, fault.code) == ("/urgency/immediate_danger", "immediate_danger")
    assert "999" in fault.detail
    assert "front door" in fault.detail


def test_every_fault_is_named_at_once_in_document_order():
    body = changed(
        FAMILY,
        {
            "/declaration/accurate": False,
            "/risks/0/text": "",
            "/adults/0/address/postcode": "X",
            "/children/1/sex": "X",
            "/children/0/nhs_number": "1",
            "/legal/stage": "X",
            "/referrer/email": "X",
        },
    )
    assert [pointer for pointer, _ in faults(body)] == [
        "/referrer/email",
        "/legal/stage",
        "/children/0/nhs_number",
        "/children/1/sex",
        "/adults/0/address/postcode",
        "/risks/0/text",
        "/declaration/accurate",
    ]


def test_an_empty_body_is_refused_at_each_place_that_must_be_answered():
    assert [pointer for pointer, _ in faults({})] == [
        "/authority_reference",
        "/kind",
        "/referrer/name",
        "/referrer/email",
        "/urgency/immediate_danger",
        "/urgency/needed_by",
        "/assessments",
        "/information/family_told",
        "/information/lawful_basis",
        "/declaration/authority_to_instruct",
        "/declaration/accurate",
        "/declaration/name",
    ]


def test_a_family_without_children_is_refused_where_the_type_needs_them():
    body = changed(FAMILY, {"/children": [], "/assessments/1": REMOVED, "/assessments/0/children": []})
    assert ("/children", "required") in faults(body)


def test_an_assessment_of_an_adult_needs_no_child():
    body = changed(UNBORN, {"/assessments/0": REMOVED, "/children": [], "/adults": UNBORN["adults"][:1]})
    body["adults"][0]["relationships"] = []
    assert faults(body) == []


def test_dates_may_come_as_dates():
    body = changed(FAMILY, {"/children/0/date_of_birth": TODAY + timedelta(days=1)})
    assert faults(body) == [("/children/0/date_of_birth", "in_future")]


def test_a_pupil_number_of_an_authority_we_do_not_know_is_accepted():
    assert faults(changed(FAMILY, {"/children/0/upn": "Q999201900123"})) == []


def test_the_nation_is_not_judged_when_it_is_not_known():
    assert faults(changed(FAMILY, {"/legal/framework": "S76"})) == []


@pytest.mark.parametrize(
    "name", ["C.D.", "C D", "CD", "A", "Unborn baby of C.L.", "Baby L", "unborn", "Child A"]
)
def test_initials_are_accepted_before_the_courts_permission(name):
    assert faults(changed(ANONYMOUS, {"/children/0/name": name})) == []


LEAVES = [
    "/authority_reference",
    "/kind",
    "/legal/hearings/0/kind",
    "/risks/0/about",
    "/children/0/disabilities/0",
    "/referrer",
    "/referrer/email",
    "/urgency",
    "/urgency/needed_by",
    "/assessments",
    "/assessments/0",
    "/assessments/0/children",
    "/legal",
    "/legal/hearings",
    "/legal/hearings/0/date",
    "/legal/instruction",
    "/children",
    "/children/0",
    "/children/0/disabilities",
    "/children/0/send",
    "/children/0/early_help",
    "/adults",
    "/adults/0/relationships",
    "/adults/0/address",
    "/adults/0/needs",
    "/household",
    "/risks",
    "/risks/0",
    "/documents",
    "/information",
    "/declaration",
]


@given(st.sets(st.sampled_from(LEAVES), max_size=6), st.sampled_from([None, [], {}, ""]))
def test_a_half_body_is_judged_and_never_breaks_the_rules(pointers, value):
    # The longest first, so that a part is emptied before the whole it belongs to.
    body = changed(FAMILY, dict.fromkeys(sorted(pointers, key=len, reverse=True), value))
    pointed = [fault.pointer for fault in check(body, book=BOOK, today=TODAY, nation="England")]
    assert all(pointer.startswith("/") for pointer in pointed)
    missing(body, book=BOOK, today=TODAY)


def labels(body):
    return {found.pointer: found.label for found in missing(body, book=BOOK, today=TODAY)}


def test_what_is_still_to_come_is_named():
    assert labels(FAMILY) == {
        "/assessments/0/particulars/contact_arrangements": (
            "Parenting assessment: family time as it is arranged now"
        ),
        "/assessments/1/particulars/contact_pattern": (
            "Sibling assessment - together or apart: pattern of family time between the children"
        ),
        "/assessments/1/particulars/observation": (
            "Sibling assessment - together or apart: opportunities to observe the children together"
        ),
        "/children/0/religion": "Child 1: religion",
        "/children/1/religion": "Child 2: religion",
        "/documents": "Care plan",
        "/documents/0": "Letter of instruction: still to come",
        "/documents/3": "Previous assessment: not available",
    }


def test_nothing_is_missing_from_a_general_enquiry():
    assert labels(GENERAL) == {}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"/legal/filing_date": None}, "/legal/filing_date"),
        ({"/legal/permission": "applied_for"}, "/legal/permission"),
        ({"/legal/permission_date": None}, "/legal/permission_date"),
        ({"/legal/case_number": ""}, "/legal/case_number"),
        ({"/children/0/ethnicity": "NOBT"}, "/children/0/ethnicity"),
        ({"/children/0/placement_type": None}, "/children/0/placement_type"),
        ({"/adults/1/address": None}, "/adults/1/phone"),
        ({"/assessments/0/questions": []}, "/assessments/0/questions"),
        ({"/risks/0/review_on": None}, "/risks/0/review_on"),
    ],
)
def test_an_answer_that_may_come_later_is_missing_and_no_fault(changes, pointer):
    body = changed(FAMILY, changes)
    assert faults(body) == []
    assert pointer in labels(body)


def test_no_label_names_a_person():
    said = " ".join(labels(changed(UNBORN, {"/children/0/ethnicity": "NOBT"})).values())
    assert not any(name in said for name in ("Cerys", "Llewellyn", "Dylan", "Marsh"))
