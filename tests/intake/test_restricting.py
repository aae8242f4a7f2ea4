"""A restricted enquiry is there for those on its list only; a conflict of interest shuts it for one person."""

from typing import Any

import pytest
from django.test import Client

from intake.actions import continuing, restricting, sharing
from intake.lifecycle import Party, Role
from intake.models import AccessProposal, ConflictBlock, Enquiry, Notification, User
from intake.refusals import Forbidden, Invalid, NotPossible
from referrals.models import Referral
from reports.letters import recipients
from tests.factories import World, fresh


@pytest.fixture
def second_manager(world: World) -> User:
    return world.person(world.hub, "Max Manager", Role.MANAGER)


def restricted(world: World, *people: User, status: str = "submitted") -> Enquiry:
    enquiry = world.enquiry(status)
    restricting.restrict(enquiry=enquiry, by=world.manager, reason="A colleague's family.", people=people)
    return fresh(enquiry)


def sees(user: User, enquiry: Enquiry) -> bool:
    return Enquiry.objects.visible_to(user).filter(pk=enquiry.pk).exists()


def test_only_those_on_the_list_see_it_whatever_their_role(world: World) -> None:
    enquiry = restricted(world, world.coordinator, world.referrer)
    for user in (world.manager, world.coordinator, world.referrer):
        assert sees(user, enquiry), user
    for user in (world.colleague, world.reviewer, world.authority_manager, world.case_system, world.stranger):
        assert not sees(user, enquiry), user


def test_who_is_not_on_the_list_is_told_it_does_not_exist_everywhere(world: World, api: Any) -> None:
    enquiry = restricted(world, world.coordinator)
    caller = api(world.colleague)
    for path in ("", "events/", "messages/", "attachments/", "access/", "possible-duplicates/"):
        assert caller.get(f"/api/v1/enquiries/{enquiry.reference}/{path}").status_code == 404, path
    listed = caller.get("/api/v1/enquiries/", {"q": "doyle"}).json()["results"]
    assert enquiry.reference not in {row["reference"] for row in listed}


def test_a_service_and_its_assessor_lose_sight_of_it_unless_they_are_named(world: World) -> None:
    referral = world.referral("in_progress")
    restricting.restrict(
        enquiry=referral.enquiry, by=world.manager, reason="A threat.", people=[referral.assessor]
    )
    assert Referral.objects.visible_to(referral.assessor).exists()
    assert not Referral.objects.visible_to(world.lead).exists()
    assert not sees(world.lead, referral.enquiry)


def test_an_auditor_still_reads_it_with_a_reason(world: World) -> None:
    enquiry = restricted(world)
    sharing.open_with_reason(reference=enquiry.reference, by=world.auditor, reason="A complaint.")
    assert sees(world.auditor, enquiry)


def test_only_a_manager_restricts_and_only_those_who_may_see_it_are_named(world: World) -> None:
    enquiry = world.enquiry()
    with pytest.raises(Forbidden):
        restricting.restrict(enquiry=enquiry, by=world.coordinator, reason="I say so.", people=[])
    with pytest.raises(Invalid) as refused:
        restricting.restrict(enquiry=enquiry, by=world.manager, reason="Why.", people=[world.stranger])
    assert refused.value.faults[0].pointer == "/people"
    assert not fresh(enquiry).restricted


def test_an_owner_who_is_not_on_the_list_has_it_no_more(world: World) -> None:
    enquiry = restricted(world, status="in_triage")
    assert enquiry.owner == world.manager


def test_to_let_somebody_in_takes_a_second_manager(world: World, second_manager: User) -> None:
    enquiry = restricted(world)
    row = restricting.propose(
        enquiry=enquiry, by=world.manager, kind="let_in", person=world.colleague, reason="She takes it on."
    )
    with pytest.raises(Forbidden):
        restricting.decide(proposal=row, by=world.manager, agreed=True)
    assert not sees(world.colleague, enquiry)
    restricting.decide(proposal=row, by=second_manager, agreed=True)
    assert sees(world.colleague, enquiry)
    assert not sees(second_manager, enquiry), "Who decides it need not see it."


def test_a_restriction_is_lifted_by_two_managers(world: World, second_manager: User) -> None:
    enquiry = restricted(world)
    row = restricting.propose(enquiry=enquiry, by=world.manager, kind="lift", reason="She left.")
    with pytest.raises(NotPossible):
        restricting.propose(enquiry=enquiry, by=world.manager, kind="lift", reason="Again.")
    restricting.decide(proposal=row, by=second_manager, agreed=False)
    assert not sees(world.colleague, enquiry)
    again = restricting.propose(enquiry=enquiry, by=world.manager, kind="lift", reason="She left.")
    restricting.decide(proposal=again, by=second_manager, agreed=True)
    assert sees(world.colleague, enquiry)
    assert not fresh(enquiry).restricted


def test_somebody_taken_off_the_list_is_out_at_once_and_one_manager_stays(world: World) -> None:
    enquiry = restricted(world, world.coordinator)
    restricting.take_off(enquiry=enquiry, by=world.manager, person=world.coordinator, reason="Moved.")
    assert not sees(world.coordinator, enquiry)
    with pytest.raises(NotPossible):
        restricting.take_off(enquiry=enquiry, by=world.manager, person=world.manager, reason="Me too.")


def test_a_referrer_asks_and_the_managers_are_told(world: World, second_manager: User) -> None:
    enquiry, managers = world.enquiry(), [second_manager.email, world.manager.email]
    restricting.ask(enquiry=enquiry, by=world.referrer, reason="The mother works with us.")
    told = Notification.objects.get(kind="restriction")
    assert recipients(told) == managers
    restricting.restrict(enquiry=enquiry, by=world.manager, reason="Yes.", people=[world.referrer])
    assert not AccessProposal.objects.waiting().exists()


def test_letters_about_it_go_to_those_on_its_list_only(world: World) -> None:
    enquiry = restricted(world, status="in_triage")
    told = enquiry.notify(Notification.Kind.MESSAGE, to=Party.REFERRER)
    assert recipients(told) == [world.manager.email]


def test_what_continues_it_is_restricted_as_it_is(world: World) -> None:
    enquiry = restricted(world, world.referrer, status="declined")
    draft = continuing.begin(
        enquiry=enquiry, by=world.referrer, kind="referral", prompted_by="sent_again", reason="New facts."
    )
    assert fresh(draft).restricted
    assert sees(world.referrer, draft)
    assert not sees(world.authority_manager, draft)


def test_a_conflict_keeps_somebody_out_and_gives_their_work_back(world: World, api: Any) -> None:
    enquiry = world.enquiry("in_triage")
    restricting.block(enquiry=enquiry, by=world.coordinator, person=world.coordinator, reason="My cousin.")
    assert not sees(world.coordinator, enquiry)
    assert (fresh(enquiry).status, fresh(enquiry).owner) == ("submitted", None)
    assert api(world.coordinator).make(fresh(enquiry), "claim").status_code == 404


def test_a_conflict_of_somebody_else_is_recorded_by_a_manager_and_ended_by_two(
    world: World, second_manager: User
) -> None:
    enquiry = world.enquiry()
    with pytest.raises(Forbidden):
        restricting.block(enquiry=enquiry, by=world.coordinator, person=world.colleague, reason="Hm.")
    restricting.block(enquiry=enquiry, by=world.manager, person=world.colleague, reason="Her neighbour.")
    assert not sees(world.colleague, enquiry)
    row = restricting.propose(
        enquiry=enquiry, by=world.manager, kind="unblock", person=world.colleague, reason="They moved."
    )
    restricting.decide(proposal=row, by=second_manager, agreed=True)
    assert sees(world.colleague, enquiry)


def test_a_conflict_goes_on_in_what_continues_the_enquiry(world: World) -> None:
    enquiry = world.enquiry("declined")
    restricting.block(enquiry=enquiry, by=world.manager, person=world.colleague, reason="Her neighbour.")
    draft = continuing.begin(
        enquiry=enquiry, by=world.referrer, kind="referral", prompted_by="sent_again", reason="New facts."
    )
    assert ConflictBlock.objects.live().filter(enquiry=draft, person=world.colleague).exists()


def test_the_pages_restrict_propose_and_decide(world: World, second_manager: User, signed_in: Any) -> None:
    enquiry = world.enquiry()
    here = f"/enquiries/{enquiry.reference}/access/"
    manager: Client = signed_in(world.manager)
    assert "Everybody with the right role" in manager.get(here).content.decode()
    answer = manager.post(f"{here}restrict/", {"reason": "A threat.", "people": [world.coordinator.pk]})
    assert answer.status_code == 302
    assert world.coordinator.name in manager.get(here).content.decode()
    manager.post(f"{here}open/", {"kind": "let_in", "person": world.colleague.pk, "reason": "Cover."})
    row = AccessProposal.objects.waiting().get()
    other = signed_in(second_manager)
    assert "Cover." in other.get("/access/").content.decode()
    assert other.post(f"/access/{row.pk}/", {"agreed": "yes"}).status_code == 302
    assert sees(world.colleague, enquiry)


def test_who_declares_a_conflict_on_the_page_is_out_with_the_next_click(world: World, signed_in: Any) -> None:
    enquiry = world.enquiry()
    page = signed_in(world.coordinator)
    answer = page.post(f"/enquiries/{enquiry.reference}/access/conflict/", {"reason": "My cousin."})
    assert answer.status_code == 302
    assert page.get(f"/enquiries/{enquiry.reference}/").status_code == 404


def test_the_api_restricts_and_another_manager_decides(world: World, second_manager: User, api: Any) -> None:
    enquiry = world.enquiry()
    path = f"/api/v1/enquiries/{enquiry.reference}/access/"
    manager = api(world.manager)
    sent = {"reason": "A threat.", "people": [world.coordinator.email]}
    assert manager.post(path, sent, format="json").json()["restricted"] is True
    wanted = {"kind": "lift", "reason": "It is over."}
    made = manager.post(f"{path}proposals/", wanted, format="json").json()
    decision = f"/api/v1/access-proposals/{made['id']}/decision/"
    assert manager.post(decision, {"agreed": True}, format="json").status_code == 403
    assert api(second_manager).post(decision, {"agreed": True}, format="json").json()["agreed"] is True
    assert sees(world.colleague, enquiry)
