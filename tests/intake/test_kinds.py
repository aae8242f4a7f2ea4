"""What each kind of enquiry takes and leaves out: a table of cases, and the free text that is read for identifiers."""

import copy
from datetime import date
from typing import Any

import pytest

from intake.checks import check
from intake.codes import read_reference
from tests.factories import World, example

TODAY = date(2026, 11, 23)
BOOK = read_reference().book()
Changes = dict[str, Any]

GENERAL = example("general_enquiry")
FAMILY = example()
PRELIMINARY: dict[str, Any] = {
    "authority_reference": "OLD-1",
    "kind": "preliminary",
    "referrer": {
        "name": "Priya Nair",
        "email": "priya.nair@oldham.example.gov.uk",
        "phone": "0161 770 0000",
    },
    "assessments": [{"type": "PA", "children": [0], "adults": [0], "questions": ["What can be offered?"]}],
    "legal": {"framework": "S31", "stage": "care_proceedings", "permission": "applied_for"},
    "children": [{"name": "C.D.", "age": 8, "sex": "M"}],
    "adults": [{"name": "S D", "age": 31, "relationships": [{"child": 0, "relationship": "mother"}]}],
    "household": [{"name": "B", "age": 60}],
    "declaration": {"accurate": True, "name": "Priya Nair"},
}
INSTRUCTION = {
    **FAMILY,
    "kind": "instruction",
    "documents": [{"role": "letter_of_instruction", "state": "have"}],
}
BODIES = {
    "general": GENERAL,
    "preliminary": PRELIMINARY,
    "referral": FAMILY,
    "instruction": INSTRUCTION,
}


def changed(body: dict[str, Any], changes: Changes) -> dict[str, Any]:
    body = copy.deepcopy(body)
    for pointer, value in changes.items():
        *path, last = (int(part) if part.isdigit() else part for part in pointer.split("/")[1:])
        home: Any = body
        for part in path:
            home = home.setdefault(part, {}) if isinstance(home, dict) else home[part]
        home[last] = value
    return body


def faults(body: dict[str, Any]) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in check(body, book=BOOK, today=TODAY, nation="England")]


@pytest.mark.parametrize("kind", BODIES)
def test_each_kind_is_taken_with_what_belongs_to_it(kind: str) -> None:
    assert faults(BODIES[kind]) == []


CASES: list[tuple[str, Changes, str, str]] = [
    ("general", {"/children": [{"name": "C.D."}]}, "/children", "not_for_general"),
    ("general", {"/adults": [{"name": "S.D."}]}, "/adults", "not_for_general"),
    ("general", {"/household": [{"name": "B"}]}, "/household", "not_for_general"),
    ("general", {"/legal/case_number": "MA26C50417"}, "/legal/case_number", "not_for_general"),
    ("general", {"/background": "For a boy, NHS 943 476 5919."}, "/background", "identifies"),
    ("general", {"/authority_reference": "9434765919"}, "/authority_reference", "identifies"),
    ("general", {"/urgency/why_now": "Pupil N353201900123"}, "/urgency/why_now", "identifies"),
    ("general", {"/legal/court": "MA26C50417"}, "/legal/court", "identifies"),
    (
        "preliminary",
        {"/children/0/date_of_birth": "2018-02-11"},
        "/children/0/date_of_birth",
        "not_anonymised",
    ),
    ("preliminary", {"/adults/0/date_of_birth": "1990-02-11"}, "/adults/0/date_of_birth", "not_anonymised"),
    (
        "preliminary",
        {"/household/0/date_of_birth": "1966-02-11"},
        "/household/0/date_of_birth",
        "not_anonymised",
    ),
    ("preliminary", {"/children/0/name": "Connor Doyle"}, "/children/0/name", "not_anonymised"),
    ("preliminary", {"/children/0/known_as": "Con"}, "/children/0/known_as", "not_anonymised"),
    ("preliminary", {"/children/0/nhs_number": "9434765919"}, "/children/0/nhs_number", "not_anonymised"),
    ("preliminary", {"/children/0/upn": "N353201900123"}, "/children/0/upn", "not_anonymised"),
    (
        "preliminary",
        {"/children/0/authority_child_id": "118204A"},
        "/children/0/authority_child_id",
        "not_anonymised",
    ),
    ("preliminary", {"/children/0/school": "Mill Lane Primary"}, "/children/0/school", "not_anonymised"),
    ("preliminary", {"/adults/0/address": {"lines": ["1 Mill Lane"]}}, "/adults/0/address", "not_anonymised"),
    (
        "preliminary",
        {"/adults/0/address": {"postcode": "OL1 1QN"}},
        "/adults/0/address",
        "not_anonymised",
    ),
    ("preliminary", {"/adults/0/phone": "07700 900142"}, "/adults/0/phone", "not_anonymised"),
    ("preliminary", {"/adults/0/solicitor": "J. Marsh, Marsh LLP"}, "/adults/0/solicitor", "not_anonymised"),
    ("preliminary", {"/legal/case_number": "MA26C50417"}, "/legal/case_number", "not_anonymised"),
    ("preliminary", {"/background": "They live at OL1 1QN."}, "/background", "identifies"),
    ("preliminary", {"/background": "The mother: s.d@mail.example"}, "/background", "identifies"),
    (
        "preliminary",
        {"/assessments/0/questions": ["Can C.D. (11/02/2018) stay?"]},
        "/assessments/0/questions/0",
        "identifies",
    ),
    ("preliminary", {"/children/0/views": "Text her on 07700 900142"}, "/children/0/views", "identifies"),
    ("referral", {"/children/0/age": 8}, "/children/0/age", "preliminary_only"),
    ("referral", {"/adults/0/age": 31}, "/adults/0/age", "preliminary_only"),
    ("instruction", {"/documents": []}, "/documents", "letter_of_instruction"),
    ("instruction", {"/documents/0/role": "order"}, "/documents", "letter_of_instruction"),
    (
        "instruction",
        {"/documents/0": {"role": "letter_of_instruction", "state": "not_available", "note": "None."}},
        "/documents",
        "letter_of_instruction",
    ),
]


@pytest.mark.parametrize(
    ("kind", "changes", "pointer", "code"), CASES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_a_kind_leaves_out_is_one_fault_that_names_the_place_and_not_the_value(
    kind: str, changes: Changes, pointer: str, code: str
) -> None:
    found = check(changed(BODIES[kind], changes), book=BOOK, today=TODAY, nation="England")
    assert [(fault.pointer, fault.code) for fault in found] == [(pointer, code)]
    for value in strings(list(changes.values())):
        assert value not in found[0].detail


def strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [one for part in inner for one in strings(part) if len(one) > 3]


def test_an_instruction_may_have_its_letter_to_come() -> None:
    body = changed(INSTRUCTION, {"/documents/0/state": "to_come"})
    assert faults(body) == []


IDENTIFYING = [
    "His NHS number is 943 476 5919",
    "nhs 943-476-5919",
    "9434765919",
    "UPN n353201900123",
    "born on 11/02/2018",
    "Born 11.2.18",
    "DOB: 2018-02-11",
    "d.o.b. 11 February 2018",
    "date of birth is the 11th of February 2018",
    "ganwyd 3 Mai 2018",
    "Child A (11 February 2018)",
    "case MA26C50417",
]
HARMLESS = [
    "Reports are needed by 12/03/2027.",
    "The hearing is on Monday (12/03/2027).",
    "The order of 11/02/2025 is in force.",
    "A boy of 8 and his sister of 5.",
    "Ring 0161 770 0000 or write to priya.nair@oldham.example.gov.uk.",
    "Do you cover OL1 1QN?",
    "Order number 1234567890123456",
    "Section 38(6), 2026-27, 26 weeks, £1,200.00",
]


@pytest.mark.parametrize("words", IDENTIFYING)
def test_free_text_of_a_general_enquiry_is_refused_with_an_identifier_of_a_child(words: str) -> None:
    assert faults({**GENERAL, "background": words}) == [("/background", "identifies")]


@pytest.mark.parametrize("words", HARMLESS)
def test_what_tells_nobody_is_taken_in_a_general_enquiry(words: str) -> None:
    assert faults({**GENERAL, "background": words}) == []


@pytest.mark.parametrize("words", IDENTIFYING)
def test_a_referral_may_say_all_of_it(words: str) -> None:
    assert faults({**FAMILY, "background": words}) == []


def test_whoever_asks_gives_their_own_ways_to_be_reached() -> None:
    assert faults(PRELIMINARY) == []


@pytest.mark.parametrize("sign", ["a", "0", " ", "A ", "1 ", "1-", "(", "a@", "born ", "mar", "c.d. ("])
def test_long_text_is_read_in_no_time(sign: str) -> None:
    """Nothing that repeats 100,000 characters makes the screen go back and forth."""
    assert faults({**PRELIMINARY, "background": (sign * 100_000)[:100_000]}) == []


def test_an_age_is_kept_and_shown(world: World, api: Any) -> None:
    caller = api(world.referrer)
    reference = caller.post("/api/v1/enquiries/", PRELIMINARY, format="json").data["reference"]
    shown = caller.get(f"/api/v1/enquiries/{reference}/").data
    assert (shown["children"][0]["age"], shown["adults"][0]["age"]) == (8, 31)


def test_a_preliminary_enquiry_is_refused_with_every_fault_at_its_place(world: World, api: Any) -> None:
    body = changed(PRELIMINARY, {"/children/0/name": "Connor Doyle", "/background": "DOB 11/02/2018"})
    answer = api(world.case_system).post("/api/v1/enquiries/", body, format="json")
    assert answer.status_code == 422
    assert {fault["pointer"] for fault in answer.data["errors"]} == {"/children/0/name", "/background"}
    assert "Connor" not in answer.content.decode()
    assert "11/02/2018" not in answer.content.decode()
