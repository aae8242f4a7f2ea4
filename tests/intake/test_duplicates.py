"""Possible duplicates: how alike two people are, who is shown which, what is remembered and taken back."""

import csv
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from intake import duplicates, names
from intake.actions import enquiries, likeness
from intake.duplicates.families import POSSIBLE, Band, Family, score
from intake.duplicates.people import Someone
from intake.models import Enquiry, Event, Likeness, Person, User
from intake.refusals import Forbidden, Invalid, NotPossible
from tests.factories import World, example, new_key

PAIRS = list(csv.DictReader((Path(__file__).parent / "likeness.csv").open(encoding="utf-8", newline="")))


# --- How alike -----------------------------------------------------------------------------------------------


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def family(row: dict[str, str], side: str) -> Family:
    told = {name.removeprefix(f"{side}_"): value for name, value in row.items() if name.startswith(side)}
    child = Someone(
        "child",
        0,
        told["name"],
        told["known_as"],
        born=day(told["born"]),
        expected=day(told["due"]),
        sex=told["sex"],
        nhs_number=told["nhs"],
    )
    mother = Someone(
        "adult",
        0,
        told["mother"],
        born=day(told["mother_born"]),
        postcode=told["postcode"],
        ties=((0, "mother"),),
    )
    return Family((child,), (mother,) if told["mother"] else ())


@pytest.mark.parametrize("row", PAIRS, ids=lambda row: row["case"])
def test_two_families_are_as_alike_as_the_table_says(row: dict[str, str]) -> None:
    found = score(family(row, "here"), family(row, "there"))
    said = (str(found.total), found.band, found.sentence, "; ".join(found.differences))
    assert said == (row["points"], row["band"], row["reasons"], row["differences"])


@pytest.mark.parametrize("row", PAIRS, ids=lambda row: row["case"])
def test_it_makes_no_difference_which_is_looked_at_from_which(row: dict[str, str]) -> None:
    here, there = family(row, "here"), family(row, "there")
    assert (
        score(here, there).total
        == score(there, here).total
        == sum(p.points for p in score(here, there).points)
    )


NAMED = st.builds(
    Someone,
    st.sampled_from(["child", "adult"]),
    st.just(0),
    st.sampled_from(["Ann Lee", "Bo Lee", "Ann Marsh"]),
)


@given(st.lists(NAMED, max_size=4), st.lists(NAMED, max_size=4), st.lists(NAMED, max_size=4))
def test_names_alone_are_never_enough(one: list[Someone], two: list[Someone], three: list[Someone]) -> None:
    here, there = Family(one, two, three), Family(one, three, two)
    assert score(here, there).total < POSSIBLE


ANYBODY = st.builds(
    Someone,
    st.sampled_from(["child", "adult", "household"]),
    st.integers(0, 2),
    st.sampled_from(
        ["Ann Lee", "Anne Leigh", "Bo Lee-Marsh", "Baby Lee", "Lee", "…", "Unborn baby of Ann Lee"]
    ),
    st.sampled_from(["", "Annie", "Bo Marsh"]),
    st.none() | st.dates(date(2018, 1, 1), date(2018, 3, 31)),
    st.none() | st.dates(date(2018, 1, 1), date(2018, 3, 31)),
    st.sampled_from(["", "F", "M", "U"]),
    st.sampled_from(["", "9434765919"]),
    postcode=st.sampled_from(["", "OL11QN"]),
    ties=st.sampled_from([(), ((0, "mother"),), ((1, "father"), (2, "mother"))]),
)
SOME = st.lists(ANYBODY, max_size=3)


@given(SOME, SOME, SOME, SOME)
def test_the_lines_make_the_sum_whoever_they_are(one: Any, two: Any, three: Any, four: Any) -> None:
    found = score(Family(one, two, three), Family(four, three, one))
    assert found.total == sum(line.points for line in found.points)
    assert all(line.words.strip() for line in found.points)


def test_a_sibling_named_in_both_is_a_reason() -> None:
    children = [
        Someone("child", place, name, born=date(2019, 4, 13 + place))
        for place, name in enumerate(("Amina Doyle", "Joseph Doyle"))
    ]
    found = score(Family(children), Family(children))
    assert (found.total, found.sentence) == (95, "same name and date of birth; sibling named")


def test_an_authoritys_own_number_says_something_within_that_authority_only() -> None:
    child = Someone("child", 0, "Amina Doyle", born=date(2019, 4, 13), their_number="55031")
    here, elsewhere = Family([child], authority=1), Family([child], authority=2)
    assert score(here, here).total - score(here, elsewhere).total == 40


def test_a_foster_carer_does_not_make_two_families_one() -> None:
    carer = Someone("adult", 0, "Rosa Carer", born=date(1970, 1, 1), ties=((0, "foster_carer"),))
    assert score(Family(adults=[carer]), Family(adults=[carer])).band == Band.NONE


@pytest.mark.parametrize(
    ("one", "other"),
    [("Smith", "Smyth"), ("Hussain", "Husein"), ("MacDonald", "McDonald"), ("Stephens", "Stevens"),
     ("Clark", "Clarke"), ("O’Brien", "OBrien"), ("Thomson", "Thompson"), ("Zoë García", "Zoe Garsia")],
)  # fmt: skip
def test_surnames_that_sound_alike_have_one_key(one: str, other: str) -> None:
    assert names.sound(one) == names.sound(other) != ""


# --- Who is shown which --------------------------------------------------------------------------------------


def references(rows: Any) -> list[str]:
    return [row["reference"] for row in rows]


def path(enquiry: Enquiry, rest: str = "") -> str:
    return f"/api/v1/enquiries/{enquiry.reference}/possible-duplicates/{rest}"


def sent_by(user: User, **changes: Any) -> Enquiry:
    return enquiries.submit(body={**deepcopy(example()), **changes}, by=user, key=new_key())[0]


def other_family() -> dict[str, Any]:
    """Nobody of it is in the example, and no date, number or address."""
    body, numbers = example(), ("known_as", "nhs_number", "upn", "authority_child_id")
    for member, born in (("children", "2011-10-25"), ("adults", "1984-08-27")):
        for place, person in enumerate(body[member]):
            person |= {"name": f"Una Prentice{'son' * place}", "date_of_birth": born}
            body[member][place] = {name: value for name, value in person.items() if name not in numbers}
    for adult in body["adults"]:
        adult.pop("address")
    return {member: body[member] for member in ("children", "adults")} | {"household": []}


def test_a_coordinator_sees_the_other_authoritys_enquiry_with_the_reasons(world: World, api: Any) -> None:
    ours, theirs = world.enquiry(), sent_by(world.stranger)
    sent_by(world.stranger, **other_family())
    found = api(world.coordinator).get(path(ours)).json()["results"]
    assert references(found) == [theirs.reference]
    assert found[0]["band"] == "strong"
    assert "name and date of birth" in found[0]["reasons"]
    assert found[0]["points"] == sum(line["points"] for line in found[0]["lines"])


def test_an_authority_sees_its_own_alone_and_no_sign_of_others(world: World, api: Any) -> None:
    ours, again = world.enquiry(), sent_by(world.referrer)
    before = api(world.referrer).get(path(ours)).json()
    sent_by(world.stranger)
    assert references(before["results"]) == [again.reference]
    for who in (world.referrer, world.authority_manager, world.case_system):
        assert api(who).get(path(ours)).json() == before


def test_others_people_do_not_use_up_what_is_looked_at(world: World, monkeypatch: Any) -> None:
    """Whatever stands at the other authority, one's own enquiry is found."""
    monkeypatch.setattr("intake.duplicates.reader.MOST_FOUND", 2)
    ours = world.enquiry()
    for _ in range(3):
        sent_by(world.stranger)
    again = sent_by(world.referrer)
    assert [match.enquiry for match in duplicates.of(ours, world.referrer)] == [again]


def test_a_draft_is_a_match_for_its_authors_alone(world: World, api: Any) -> None:
    ours, draft = world.enquiry(), world.enquiry("draft")
    assert references(api(world.referrer).get(path(ours)).json()["results"]) == [draft.reference]
    assert references(api(world.referrer).get(path(draft)).json()["results"]) == [ours.reference]
    assert api(world.coordinator).get(path(ours)).json()["results"] == []


def test_who_may_look_and_who_may_answer(world: World, api: Any) -> None:
    enquiry, again = world.referral("in_progress").enquiry, world.enquiry()
    said = {"other": again.reference, "answer": "linked", "reason": "One mother."}
    people = world.everybody()
    for name in ("service_lead", "assessor"):
        assert api(people[name]).get(path(enquiry)).status_code == 403, name
    for name in ("stranger", "auditor", "administrator"):
        assert api(people[name]).get(path(enquiry)).status_code == 404, name
    for name in ("referrer", "authority_manager", "api_client", "reviewer", "service_lead"):
        for rest in ("", "undo/"):
            answer = api(people[name]).post(path(enquiry, rest), said, format="json")
            assert answer.status_code == 403, (name, rest)


def test_a_withheld_address_is_no_reason(world: World) -> None:
    enquiry = world.enquiry()
    withheld = Person.objects.filter(enquiry=enquiry, address_withheld=True)
    open_ = Person.objects.filter(enquiry=enquiry, address_withheld=False).exclude(postcode="")
    assert (withheld.exists(), open_.exists()) == (True, True)
    assert not withheld.exclude(postcode_key=None).exists()
    assert not open_.filter(postcode_key=None).exists()


# --- What is remembered --------------------------------------------------------------------------------------


@pytest.fixture
def pair(world: World) -> tuple[Enquiry, Enquiry]:
    """The same family, from two authorities."""
    return world.enquiry(), sent_by(world.stranger)


def say(enquiry: Enquiry, other: Enquiry, by: User, answer: str = "linked") -> Likeness:
    return likeness.answer(
        enquiry=enquiry, other=other.reference, answer=answer, reason="I rang them.", by=by
    )


@pytest.mark.parametrize("answer", Likeness.Answer.values)
def test_an_answer_stands_for_both_until_it_is_undone(world: World, api: Any, pair: Any, answer: str) -> None:
    ours, theirs = pair
    caller = api(world.coordinator)
    body = {"other": theirs.reference, "answer": answer, "reason": "I rang them."}
    assert caller.post(path(ours), body, format="json").status_code == 200
    for one, other in (pair, reversed(pair)):
        shown = caller.get(path(one)).json()
        assert (shown["results"], references(shown[answer])) == ([], [other.reference])
        assert shown[answer][0]["reason"] == "I rang them."
    assert caller.post(path(theirs, "undo/"), {"other": ours.reference}, format="json").status_code == 200
    assert references(caller.get(path(ours)).json()["results"]) == [theirs.reference]


def test_the_history_of_both_says_so_to_the_hub_alone(world: World, pair: Any) -> None:
    ours, theirs = pair
    say(ours, theirs, world.coordinator)
    likeness.undo(enquiry=theirs, other=ours.reference, by=world.manager)
    for enquiry, other, own in ((ours, theirs, world.authority_manager), (theirs, ours, world.stranger)):
        lines = Event.objects.filter(enquiry=enquiry, verb__startswith="likeness.")
        assert list(lines.order_by("sequence").values_list("verb", flat=True)) == [
            "likeness.linked",
            "likeness.unlinked",
        ]
        assert {line.data["other"] for line in lines} == {other.reference}
        assert not lines.visible_to(own).exists()


def test_a_link_across_authorities_is_shown_to_neither(world: World, api: Any, pair: Any) -> None:
    ours, theirs = pair
    say(ours, theirs, world.coordinator)
    for enquiry, user in ((ours, world.referrer), (theirs, world.stranger)):
        shown = api(user).get(path(enquiry)).json()
        assert shown == {"results": [], "linked": [], "not_the_same": []}


def test_a_link_within_an_authority_is_shown_to_it_without_the_hubs_words(world: World, api: Any) -> None:
    ours, again = world.enquiry(), sent_by(world.referrer)
    say(ours, again, world.coordinator)
    linked = api(world.referrer).get(path(ours)).json()["linked"]
    assert references(linked) == [again.reference]
    assert not {"by", "reason"} & set(linked[0])


def test_the_same_answer_twice_is_one_and_another_takes_its_place(world: World, pair: Any) -> None:
    first, again = (say(*pair, world.coordinator) for _ in range(2))
    assert first == again
    say(pair[1], pair[0], world.manager, "not_the_same")
    assert list(Likeness.objects.standing().values_list("answer", flat=True)) == ["not_the_same"]
    assert Likeness.objects.get(pk=first.pk).undone_by == world.manager


def test_what_cannot_be_answered_is_refused(world: World, pair: Any) -> None:
    ours, theirs = pair
    draft = enquiries.save_draft(
        body=example(), by=world.coordinator, authority=world.oldham, on_behalf_reason="By telephone."
    )[0]

    def refused(kind: type[Exception], **changes: Any) -> None:
        said = {
            "other": theirs.reference,
            "answer": "linked",
            "reason": "x",
            "by": world.coordinator,
            **changes,
        }
        with pytest.raises(kind):
            likeness.answer(enquiry=ours, **said)

    refused(Invalid, other=ours.reference)
    refused(Invalid, other="ENQ-2222-2222-2")
    refused(Invalid, reason="  ")
    refused(Invalid, answer="perhaps")
    refused(NotPossible, other=draft.reference)
    refused(Forbidden, by=world.reviewer)
    assert not Likeness.objects.exists()


def test_nothing_to_undo_is_a_409(world: World, api: Any, pair: Any) -> None:
    answer = api(world.coordinator).post(path(pair[0], "undo/"), {"other": pair[1].reference}, format="json")
    assert answer.status_code == 409


def test_an_enquiry_marked_as_a_duplicate_is_not_offered_until_it_is_reopened(world: World) -> None:
    enquiry = world.enquiry("duplicate")
    original = enquiry.repeats
    assert original is not None
    assert duplicates.of(original, world.coordinator) == duplicates.of(enquiry, world.coordinator) == []


# --- However many there are ----------------------------------------------------------------------------------


def test_it_takes_as_many_statements_for_one_namesake_as_for_twenty(
    world: World, django_assert_num_queries: Any
) -> None:
    enquiry, user = world.enquiry(), User.objects.get(pk=world.coordinator.pk)
    sent_by(world.stranger)
    with django_assert_num_queries(5):
        assert len(duplicates.of(enquiry, user)) == 1
    for _ in range(5):
        sent_by(world.stranger)
    with django_assert_num_queries(5):
        assert len(duplicates.of(enquiry, user)) == 6


def test_the_most_common_surname_does_not_widen_what_is_looked_at(world: World) -> None:
    """People of one surname who were born in other years are not even compared."""
    child = {**example()["children"][0], "date_of_birth": "2009-01-09", "name": "Bo Doyle"}
    enquiry = world.enquiry()
    far = sent_by(world.stranger)
    Person.objects.filter(enquiry=far).update(date_of_birth=None, postcode_key=None, nhs_number="", upn="")
    Person.objects.filter(enquiry=far, part="child").update(
        date_of_birth=child["date_of_birth"], initial_key="b", authority_child_id=""
    )
    ours = duplicates.family_of(enquiry)
    condition = duplicates.blocks((*ours.children, *ours.adults, *ours.household))
    assert condition is not None
    assert not Person.objects.filter(condition).exclude(enquiry=enquiry).exists()


def test_somebody_of_whom_only_a_name_is_known_is_looked_for_nowhere(world: World) -> None:
    assert duplicates.blocks([Someone("child", 0, "Amina Doyle"), Someone("adult", 0, "Kelly Doyle")]) is None


# --- Pages ---------------------------------------------------------------------------------------------------


def page(enquiry: Enquiry, rest: str = "") -> str:
    return f"/enquiries/{enquiry.reference}/related/{rest}"


def test_the_page_shows_the_reasons_and_points_that_add_up(world: World, signed_in: Any, pair: Any) -> None:
    ours, theirs = pair
    content = signed_in(world.coordinator).get(page(ours)).content.decode()
    match = duplicates.of(ours, world.coordinator)[0]
    assert theirs.reference in content
    assert f"Strong, {match.score.total} points" in content
    assert "Same NHS number, UPN, name and date of birth" in content


def test_a_coordinator_links_two_on_the_page_and_takes_it_back(
    world: World, signed_in: Any, pair: Any
) -> None:
    ours, theirs = pair
    client = signed_in(world.coordinator)
    asked = client.get(f"{page(ours, 'answer/')}?other={theirs.reference}&answer=linked").content.decode()
    assert "How the points add up" in asked
    form = {"other": theirs.reference, "answer": "linked", "reason": "I rang them."}
    said = client.post(page(ours, "answer/"), form, follow=True).content.decode()
    assert f"Linked: {theirs.reference}." in said
    assert "Earlier involvement (1)" in said
    assert theirs.reference in client.get(f"/enquiries/{ours.reference}/").content.decode()
    back = client.post(page(ours, "undo/"), {"other": theirs.reference}, follow=True).content.decode()
    assert "Possible duplicates (1)" in back


def test_an_answer_without_a_reason_is_asked_for_again(world: World, signed_in: Any, pair: Any) -> None:
    form = {"other": pair[1].reference, "answer": "linked", "reason": ""}
    answer = signed_in(world.coordinator).post(page(pair[0], "answer/"), form)
    assert answer.status_code == 422
    assert "Error:" in answer.content.decode()
    assert not Likeness.objects.exists()


def test_the_duplicate_is_named_for_whoever_marks_it(world: World, signed_in: Any) -> None:
    ours, again = world.enquiry(), sent_by(world.referrer)
    client = signed_in(world.coordinator)
    link = f"/enquiries/{ours.reference}/mark-duplicate/?repeats={again.reference}"
    assert link in client.get(page(ours)).content.decode()
    assert f'value="{again.reference}"' in client.get(link).content.decode()


def test_an_authority_sees_its_own_on_the_page_and_answers_nothing(
    world: World, signed_in: Any, pair: Any
) -> None:
    ours, theirs = pair
    say(ours, theirs, world.coordinator)
    again, client = sent_by(world.referrer), signed_in(world.referrer)
    content = client.get(page(ours)).content.decode()
    assert again.reference in content
    assert theirs.reference not in content + client.get(f"/enquiries/{ours.reference}/").content.decode()
    assert "Not the same" not in content
    assert client.get(page(ours, "answer/")).status_code == 403
    assert client.post(page(ours, "undo/"), {"other": theirs.reference}).status_code == 403


def test_people_who_came_before_the_keys_are_found_once_these_are_written(world: World) -> None:
    ours, theirs = world.enquiry(), sent_by(world.stranger)
    Person.objects.update(sound_key="", initial_key="", postcode_key=None, nhs_number="", upn="")
    Person.objects.update(authority_child_id="")
    assert duplicates.of(ours, world.coordinator) == []
    call_command("write_keys", verbosity=0)
    assert [match.enquiry for match in duplicates.of(ours, world.coordinator)] == [theirs]
