"""Where rating and facts disagree a second person looks before it is decided; nobody confirms their own."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from intake.actions import enquiries
from intake.models import Enquiry, Event, User
from intake.refusals import Forbidden, NotPossible
from referrals.actions import second_looks, triage
from referrals.models import SecondLook
from referrals.second_look import Known, disagreements
from tests.conftest import Caller
from tests.factories import World, fresh, in_days

Api = Callable[[User], Caller]
ROWS = list(csv.DictReader((Path(__file__).parent / "second_look.csv").open(encoding="utf-8", newline="")))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: "-".join(row[name] or "_" for name in list(row)[:7]))
def test_the_rule_says_what_the_offices_table_says(row: dict[str, str]) -> None:
    known = Known(
        levels={about: row[about] for about in ("child", "worker", "contact")},
        factors=None if row["factors"] == "not asked" else frozenset(row["factors"].split()),
        legal_statuses=frozenset(row["legal_statuses"].split()),
        types=frozenset(row["types"].split()),
        address_withheld=row["address_withheld"] == "yes",
    )
    assert bool(disagreements(known)) == (row["disagrees"] == "yes"), disagreements(known)


LOW = [
    {"about": "child", "level": "low", "text": "Tense at times.", "review_on": str(in_days(60))},
    {"about": "worker", "level": "low", "text": "None to speak of.", "review_on": str(in_days(60))},
    {"about": "contact", "level": "low", "text": "By letter.", "review_on": str(in_days(60))},
]
SAID: dict[str, Any] = {
    "rationale": "Within our skills.",
    "conflict_statement": "None known.",
    "waiver_reason": "It follows before the first visit.",
    "late_reason": "The court knows.",
    "factors": ["16A"],
}


def held(world: World, by: User | None = None) -> Enquiry:
    """Neglect is named, and the risk to the child is rated low."""
    enquiry = world.enquiry("in_triage", risks=LOW)
    return triage.accept(enquiry=enquiry, by=by or world.coordinator, **SAID)


def test_a_decision_where_they_disagree_is_held_with_all_that_was_typed(world: World, api: Api) -> None:
    enquiry = world.enquiry("in_triage", risks=LOW)
    answer = api(world.coordinator).make(enquiry, "accept", SAID)
    assert (answer.status_code, answer.data["status"]) == (202, "in_triage"), answer.data
    look = SecondLook.objects.get(enquiry=enquiry)
    assert look.facts["rationale"] == "Within our skills."
    assert "rated low" in look.reasons[0]
    assert enquiry.referrals.count() == enquiry.decisions.count() == 0
    assert not enquiry.notifications.exclude(kind="acknowledgement").exists()
    assert enquiry.flag_rows.standing().get().code == "SECOND_LOOK"


def test_a_colleague_confirms_and_both_are_named(world: World, api: Api) -> None:
    enquiry = held(world)
    path = f"/api/v1/enquiries/{enquiry.reference}/second-look/"
    waiting = api(world.colleague).get(path).data["results"]
    assert [row["proposed_by"] for row in waiting] == [world.coordinator.name]
    headers = {"If-Match": fresh(enquiry).etag}
    answer = api(world.colleague).post(path, {"answer": "confirm"}, format="json", headers=headers)
    assert (answer.status_code, answer.data["status"]) == (200, "accepted")
    for decision in enquiry.decisions.all():
        assert (decision.by, decision.proposed_by) == (world.colleague, world.coordinator)
    line = Event.objects.get(verb="enquiry.accept")
    assert (line.by, line.data["proposed_by"]) == (world.colleague, world.coordinator.name)
    assert enquiry.referrals.count() == enquiry.decisions.count() == 2
    assert not enquiry.flag_rows.standing().exists()


def test_nobody_confirms_their_own_nor_without_the_role(world: World) -> None:
    enquiry = held(world)
    for person in (world.coordinator, world.reviewer):
        with pytest.raises(Forbidden):
            second_looks.confirm(enquiry=fresh(enquiry), by=person)
    assert fresh(enquiry).status == "in_triage"


def test_one_that_is_returned_is_decided_anew(world: World, api: Api) -> None:
    enquiry = held(world)
    path = f"/api/v1/enquiries/{enquiry.reference}/second-look/"
    headers = {"If-Match": fresh(enquiry).etag}
    caller = api(world.manager)
    silent = caller.post(path, {"answer": "return"}, format="json", headers=headers)
    assert (silent.status_code, silent.data["errors"][0]["pointer"]) == (422, "/reason")
    body = {"answer": "return", "reason": "Ask the school first."}
    assert caller.post(path, body, format="json", headers=headers).status_code == 200
    again = caller.post(path, body, format="json", headers={"If-Match": fresh(enquiry).etag})
    assert again.status_code == 409
    triage.accept(enquiry=fresh(enquiry), by=world.coordinator, **SAID)
    assert SecondLook.objects.filter(enquiry=enquiry).count() == 2


def test_a_second_decision_waits_for_the_first(world: World) -> None:
    enquiry = held(world)
    with pytest.raises(NotPossible, match=world.coordinator.name):
        triage.decline(
            enquiry=fresh(enquiry), by=world.colleague, reason_code="AREA", text="Far.", elsewhere="A list."
        )


def test_what_was_amended_since_cannot_be_confirmed_and_holds_up_no_new_decision(world: World) -> None:
    enquiry = held(world)
    enquiries.amend(enquiry=fresh(enquiry), by=world.referrer, changes={"background": "A brother was born."})
    with pytest.raises(NotPossible, match="changed"):
        second_looks.confirm(enquiry=fresh(enquiry), by=world.colleague)
    triage.accept(enquiry=fresh(enquiry), by=world.colleague, **SAID)
    outcomes = SecondLook.objects.filter(enquiry=enquiry).values_list("outcome", flat=True)
    assert list(outcomes) == ["overtaken", ""]


def test_a_withdrawn_enquiry_has_nothing_left_to_confirm(world: World) -> None:
    enquiry = held(world)
    enquiries.withdraw(enquiry=fresh(enquiry), by=world.referrer, reason_code="NO_LONGER_NEEDED")
    with pytest.raises(NotPossible):
        second_looks.confirm(enquiry=fresh(enquiry), by=world.colleague)


def test_outside_the_hub_there_is_no_second_look(world: World, api: Api) -> None:
    enquiry = held(world)
    path = f"/api/v1/enquiries/{enquiry.reference}/second-look/"
    for person in (world.referrer, world.authority_manager, world.stranger):
        assert api(person).get(path).status_code == 404
    assert not Event.objects.visible_to(world.referrer).filter(verb__contains="second_look").exists()


def test_a_decision_where_they_agree_is_made_at_once(world: World) -> None:
    enquiry = triage.accept(enquiry=world.enquiry("in_triage"), by=world.coordinator, **SAID)
    assert enquiry.status == "accepted"
