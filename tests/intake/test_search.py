"""Search: by any name, the authority's reference, the court number; folded alike, and never beyond one's scope."""

from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from intake.actions import enquiries
from intake.finding import found_by, risk_bits, types_key, wanted, with_any
from intake.models import Enquiry, Risk
from tests.factories import World, example, new_key

URL = "/api/v1/enquiries/"


def found(caller: Any, words: str) -> set[str]:
    answer = caller.get(URL, {"q": words})
    assert answer.status_code == 200, answer.data
    return {row["reference"] for row in answer.data["results"]}


def sent(world: World, by: Any = None, **changes: Any) -> str:
    body = example()
    body["children"][0] |= {"name": "Zoë Fitz-William", "known_as": "Birdie"}
    body["authority_reference"] = "CS/2031-77"
    body["legal"]["case_number"] = "ZE26C00123"
    row = enquiries.submit(body=body | changes, by=by or world.referrer, key=new_key())[0]
    return row.reference


@pytest.mark.parametrize(
    "words",
    [
        "Zoë",
        "zoe fitz",
        "ZOE FITZ-WILLIAM",
        "fitz william",
        "birdie",
        "cs2031",
        "CS/2031-77",
        "ze26c00123",
        "C0012",
    ],
)
def test_a_part_of_a_name_or_reference_is_enough_however_it_is_written(
    world: World, api: Any, words: str
) -> None:
    reference = sent(world)
    world.enquiry()
    assert found(api(world.coordinator), words) == {reference}


@pytest.mark.parametrize("words", ["qqqq", "%%%", "___", '"', "zoe* OR birdie", "'; drop", "zo"])
def test_signs_find_nothing_of_their_own_and_two_letters_no_part_of_a_name(
    world: World, api: Any, words: str
) -> None:
    sent(world)
    assert found(api(world.coordinator), words) == set()


def test_a_name_of_two_letters_is_found_as_a_whole_word(world: World, api: Any) -> None:
    household = [{"name": "Mei Ng", "relationship": "Grandmother"}]
    reference, caller = sent(world, household=household), api(world.coordinator)
    assert found(caller, "Ng") == {reference}
    assert found(caller, "Me") == set()


def test_an_amended_name_is_found_and_the_old_one_no_more(world: World, api: Any) -> None:
    reference, caller = sent(world), api(world.coordinator)
    row = Enquiry.objects.get(reference=reference)
    children = example()["children"]
    children[0]["name"] = "Quentin Hargreaves"
    enquiries.amend(enquiry=row, by=world.referrer, changes={"children": children})
    assert (found(caller, "hargreaves"), found(caller, "birdie")) == ({reference}, set())


def test_a_discarded_draft_is_found_no_more(world: World, api: Any) -> None:
    body = example()
    body["children"][0]["name"] = "Peregrine Tollemache"
    draft = enquiries.save_draft(body=body, by=world.referrer, key=new_key())[0]
    caller = api(world.referrer)
    assert found(caller, "tollemache") == {draft.reference}
    enquiries.discard(enquiry=draft, by=world.referrer)
    assert found(caller, "tollemache") == set()


def test_a_search_finds_of_ones_own_authority_only(world: World, api: Any) -> None:
    ours, theirs = sent(world), sent(world, by=world.stranger)
    assert found(api(world.referrer), "birdie") == {ours}
    assert found(api(world.stranger), "birdie") == {theirs}
    assert found(api(world.coordinator), "birdie") == {ours, theirs}


def test_keys_written_anew_are_those_that_the_write_path_wrote(world: World) -> None:
    sent(world)
    world.enquiry()
    columns = ("pk", "found_by", "asked_types", "risk_bits")
    before = list(Enquiry.objects.order_by("pk").values_list(*columns))
    Enquiry.objects.update(found_by="", asked_types="", risk_bits=0)
    call_command("write_keys", verbosity=0)
    after = list(Enquiry.objects.order_by("pk").values_list(*columns))
    assert [(*row[:1], sorted(row[1].split("\n")), *row[2:]) for row in after] == [
        (*row[:1], sorted(row[1].split("\n")), *row[2:]) for row in before
    ]
    assert all(row[1] and row[2] for row in before)


# --- Without a database --------------------------------------------------------------------------------------


@given(st.text(min_size=3, max_size=40))
def test_every_name_is_found_by_itself(name: str) -> None:
    words = wanted(name)
    assert words in found_by(["Ann Other", name], ["X1"])


def test_a_part_does_not_run_over_from_one_name_to_the_next() -> None:
    assert wanted("doyle amy") not in found_by(["Cerys Doyle", "Amy Doyle"], [])


def test_risks_are_known_or_not() -> None:
    assert set(Risk.About.values) == {"child", "worker", "contact"}
    bits = risk_bits([("child", "current"), ("worker", "none_known"), ("contact", "past")])
    assert [about for about in Risk.About.values if bits in with_any([about])] == ["child", "contact"]
    assert with_any([]) == []


def test_types_stand_between_spaces_so_that_none_is_a_part_of_another() -> None:
    assert " PA " in types_key(["SGO", "PA"])
    assert " PA " not in types_key(["PAMS"])
    assert types_key([]) == ""
