"""Amending what was sent: while the lifecycle lets it, with old and new value, by those whose enquiry it is."""

from typing import Any

import pytest

from intake.lifecycle import Status
from intake.models import Enquiry, Event
from referrals.actions import placements, triage
from tests.factories import World, example, fresh

URL = "/api/v1/enquiries/"


def path(enquiry: Enquiry) -> str:
    return f"{URL}{enquiry.reference}/"


def patch(caller: Any, enquiry: Enquiry, changes: Any, etag: str = "") -> Any:
    headers = {"If-Match": etag or fresh(enquiry).etag}
    return caller.patch(path(enquiry), changes, format="json", headers=headers)


def places(answer: Any) -> set[str]:
    assert answer.status_code == 422, answer.data
    return {fault["pointer"] for fault in answer.data["errors"]}


def names(enquiry: Enquiry) -> list[str]:
    return list(enquiry.people.filter(part="child").order_by("position").values_list("name", flat=True))


def test_old_and_new_value_of_each_changed_member_stay_in_the_history(world: World, api: Any) -> None:
    enquiry = world.enquiry()
    urgency = {**example()["urgency"], "needed_by": "2027-02-12"}
    changes = {"background": "A brother was born.", "urgency": urgency, "kind": "referral"}
    answer = patch(api(world.referrer), enquiry, changes)
    assert (answer.status_code, answer.data["background"]) == (200, "A brother was born.")
    line = fresh(enquiry).last_change()
    assert (line.verb, line.by, set(line.data["changed"])) == (
        "enquiry.amend",
        world.referrer,
        {"background", "urgency"},
    )
    assert line.data["changed"]["background"] == [example()["background"], "A brother was born."]
    assert [part["needed_by"] for part in line.data["changed"]["urgency"]] == ["2027-03-05", "2027-02-12"]


def test_an_amendment_is_a_new_version_and_one_that_changes_nothing_is_none(world: World, api: Any) -> None:
    enquiry, caller = world.enquiry(), api(world.referrer)
    same = patch(caller, enquiry, {"background": example()["background"]})
    assert (same.status_code, same["ETag"]) == (200, enquiry.etag)
    assert fresh(enquiry).last_change().verb == "enquiry.submit"
    assert patch(caller, enquiry, {"background": "New."})["ETag"] != enquiry.etag


def test_a_member_sent_replaces_the_old_one_whole_and_the_rest_stays(world: World, api: Any) -> None:
    enquiry = world.enquiry()
    before = api(world.referrer).get(path(enquiry)).data
    told = {"family_told": "yes", "lawful_basis": "public_task"}
    after = patch(api(world.referrer), enquiry, {"information": told}).data
    assert after["information"] == told
    for member in ("children", "adults", "legal", "risks", "documents", "household", "assessments"):
        assert after[member] == before[member], member


def test_an_authority_amends_while_questions_are_open_and_the_clock_stands_still(
    world: World, api: Any
) -> None:
    enquiry = world.enquiry("information_requested")
    answer = patch(api(world.case_system), enquiry, {"background": "More."})
    assert (answer.status_code, answer.data["clock"], answer.data["status"]) == (
        200,
        "paused",
        "information_requested",
    )


def test_without_if_match_it_is_428_and_with_an_old_one_412_naming_who(world: World, api: Any) -> None:
    enquiry, caller = world.enquiry(), api(world.referrer)
    assert caller.patch(path(enquiry), {"background": "One."}, format="json").status_code == 428
    assert patch(api(world.authority_manager), enquiry, {"background": "Two."}).status_code == 200
    late = patch(caller, enquiry, {"background": "Three."}, enquiry.etag)
    assert (late.status_code, late.data["changed_by"]) == (412, world.authority_manager.name)
    assert fresh(enquiry).background == "Two."


@pytest.mark.parametrize("status", ["accepted", "declined", "withdrawn", "closed"])
def test_what_was_decided_is_amended_no_more(world: World, api: Any, status: str) -> None:
    enquiry = world.enquiry(status)
    for user in (world.referrer, world.manager):
        answer = patch(api(user), enquiry, {"background": "Late."})
        assert (answer.status_code, answer.data["current_status"]) == (409, status)


@pytest.mark.parametrize(
    ("who", "status"),
    [("lead", 403), ("assessor", 403), ("reviewer", 403), ("other_lead", 404), ("stranger", 404)],
)
def test_others_amend_nothing_and_for_strangers_it_is_not_there(
    world: World, api: Any, who: str, status: int
) -> None:
    enquiry = world.referral("in_progress").enquiry
    assert patch(api(getattr(world, who)), enquiry, {"background": "Ours."}).status_code == status
    assert fresh(enquiry).background == example()["background"]


def test_faults_are_named_at_once_at_their_places_and_nothing_is_kept(world: World, api: Any) -> None:
    enquiry, body = world.enquiry(), example()
    body["children"][1]["sex"] = "?"
    body["legal"]["filing_date"] = "soon"
    changes = {"children": body["children"], "legal": body["legal"], "background": 7, "language": "fr"}
    assert places(patch(api(world.referrer), enquiry, changes)) >= {"/legal/filing_date", "/language"}
    assert fresh(enquiry).version == enquiry.version


def test_rules_across_members_hold_for_the_whole_enquiry(world: World, api: Any) -> None:
    """The assessments ask about both children: one alone does not do."""
    enquiry = world.enquiry()
    answer = patch(api(world.referrer), enquiry, {"children": example()["children"][:1]})
    assert any(place.startswith(("/assessments/", "/adults/")) for place in places(answer))
    assert len(names(enquiry)) == 2


@pytest.mark.parametrize(
    "member", ["reference", "status", "authority", "received_at", "owner", "transitions", "draft", "surprise"]
)
def test_a_member_that_cannot_be_written_is_a_fault(world: World, api: Any, member: str) -> None:
    enquiry = world.enquiry()
    answer = patch(api(world.referrer), enquiry, {member: "ENQ-2222-2222-2", "background": "New."})
    assert places(answer) == {f"/{member}"}
    assert fresh(enquiry).background == example()["background"]


@pytest.mark.parametrize("changes", [[], "background", 7])
def test_an_amendment_is_an_object(world: World, api: Any, changes: Any) -> None:
    assert patch(api(world.referrer), world.enquiry(), changes).status_code in (400, 422)


def test_children_keep_their_rows_by_place(world: World, api: Any) -> None:
    enquiry, children = world.enquiry(), example()["children"]
    rows = [row.pk for row in enquiry.people.filter(part="child").order_by("position")]
    children[0]["known_as"] = "Connie"
    third = {**children[1], "name": "Finn Doyle", "authority_child_id": "118204C"}
    assert patch(api(world.referrer), enquiry, {"children": [*children, third]}).status_code == 200
    kept = list(enquiry.people.filter(part="child").order_by("position"))
    assert [row.pk for row in kept[:2]] == rows
    assert [row.name for row in kept] == ["Connor Doyle", "Ella Doyle", "Finn Doyle"]


def test_somebody_nobody_worked_on_can_be_taken_out(world: World, api: Any) -> None:
    enquiry = world.enquiry("in_triage")
    answer = patch(api(world.referrer), enquiry, {"adults": example()["adults"][:1]})
    assert [row["name"] for row in answer.data["adults"]] == ["Shannon Doyle"]


def test_a_child_that_was_seen_is_not_taken_out_of_a_reopened_enquiry(world: World, api: Any) -> None:
    enquiry = reopened_after_a_report(world)
    body = example()
    changes: dict[str, Any] = {"children": body["children"][:1], "adults": body["adults"][:1]}
    changes["adults"][0]["relationships"] = changes["adults"][0]["relationships"][:1]
    changes["assessments"] = [{**body["assessments"][0], "children": [0]}]
    assert places(patch(api(world.referrer), enquiry, changes)) & {"/children", "/assessments"}
    assert names(enquiry) == ["Connor Doyle", "Ella Doyle"]


def reopened_after_a_report(world: World) -> Enquiry:
    enquiry = world.referral("closed").enquiry
    for referral in enquiry.referrals.open():
        placements.cancel(referral=referral, by=world.coordinator, reason_code="FUNDING")
    return triage.reopen(enquiry=fresh(enquiry), by=world.manager, reason="The court asked again.")


def test_a_draft_is_amended_without_history_and_can_be_sent(world: World, api: Any) -> None:
    enquiry, caller = world.enquiry("draft"), api(world.referrer)
    assert patch(caller, enquiry, {"background": "Once more."}).status_code == 200
    assert not Event.objects.filter(enquiry=enquiry).exists()
    sent = caller.make(fresh(enquiry), "submit")
    assert (sent.data["status"], sent.data["background"]) == (Status.SUBMITTED, "Once more.")
    assert [line.verb for line in enquiry.events.all()] == ["enquiry.submit"]


# --- On behalf -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["coordinator", "manager"])
def test_the_hub_sends_on_behalf_with_an_authority_and_a_reason(world: World, api: Any, who: str) -> None:
    caller = api(getattr(world, who))
    assert places(caller.post(URL, example(), format="json")) == {"/authority", "/on_behalf_reason"}
    named = {**example(), "authority": "353"}
    assert places(caller.post(URL, named, format="json")) == {"/on_behalf_reason"}
    nowhere = {**example(), "authority": "000", "on_behalf_reason": "By telephone."}
    assert places(caller.post(URL, nowhere, format="json")) == {"/authority"}
    sent = caller.post(URL, {**named, "on_behalf_reason": "By telephone."}, format="json")
    assert (sent.status_code, sent.data["authority"]["code"]) == (201, "353")


def test_what_the_hub_sent_on_behalf_the_authority_sees_and_amends(world: World, api: Any) -> None:
    named = {**example(), "authority": "353", "on_behalf_reason": "By telephone."}
    api(world.coordinator).post(URL, named, format="json")
    enquiry = Enquiry.objects.get()
    assert patch(api(world.authority_manager), enquiry, {"background": "Ours."}).status_code == 200
    # Who neither sent it nor is named in it reads it, and changes nothing.
    assert patch(api(world.referrer), enquiry, {"background": "Mine."}).status_code == 403
    assert patch(api(world.stranger), enquiry, {"background": "Theirs."}).status_code == 404


def test_the_history_shows_a_coordinator_no_address_that_is_withheld(world: World, api: Any) -> None:
    enquiry, adults = world.enquiry(), example()["adults"]
    once_open = [{**adults[0], "address_withheld": False, "safe_contact": "Through the advocate."}, adults[1]]
    for version in (once_open, adults):
        assert patch(api(world.referrer), enquiry, {"adults": version}).status_code == 200
    seen = {
        who: api(getattr(world, who)).get(f"{path(enquiry)}events/").content.decode()
        for who in ("coordinator", "manager")
    }
    assert "Through the advocate." in seen["coordinator"]
    assert "Weaver Court" not in seen["coordinator"]
    assert "Weaver Court" in seen["manager"]
