"""The enquiry's lifecycle x role x status, through the real API: each cell as the table says."""

from collections.abc import Callable
from typing import Any

import pytest

from intake.actions import enquiries
from intake.lifecycle import Role, Status, Transition
from intake.models import Enquiry, User
from tests.conftest import Caller
from tests.contract.matrix import Actor, offered, walk
from tests.factories import World, example, fresh, in_days, new_key

Api = Callable[[User], Caller]
HUB = {"coordinator", "manager", "reviewer"}
AUTHORITY = {"referrer", "authority_manager", "api_client", "colleague"}
# A referrer of another team has no part in a draft.
WHO_SEE_A_DRAFT = AUTHORITY - {"colleague"}
IN_THE_ROW = {
    "referrer": {Role.REFERRER},
    "authority_manager": {Role.AUTHORITY_MANAGER},
    "api_client": {Role.API_CLIENT},
    "coordinator": {Role.COORDINATOR},
    "manager": {Role.MANAGER},
    "reviewer": {Role.REVIEWER},
}


def everybody(world: World) -> dict[str, User]:
    """With a second referrer of the same authority, who sees the enquiry and may do nothing with it."""
    people = {
        **world.everybody(),
        "other_lead": world.other_lead,
        "colleague": world.person(world.oldham, "Col League", Role.REFERRER),
    }
    # Nobody signs in as the system: what it does is tested with the worker.
    return {name: user for name, user in people.items() if name != "system"}


def actors(
    world: World, api: Api, sees: set[str], owner: User | None = None, past: frozenset[str] = frozenset()
) -> list[Actor]:
    """Whoever owns the enquiry has taken it over already; `past` is what nobody can do with this one any more."""
    return [
        Actor(
            name,
            user,
            api(user),
            name in sees,
            frozenset(IN_THE_ROW.get(name, ())),
            frozenset({Transition.TAKE_OVER} if user == owner else ()) | past,
        )
        for name, user in everybody(world).items()
    ]


def facts(world: World, other: Enquiry, actor: Actor) -> Callable[[str], dict[str, Any]]:
    """The hub says which way an answer came."""
    came = {"channel": "telephone"} if actor.name in HUB else {}
    given: dict[str, dict[str, Any]] = {
        Transition.TAKE_OVER: {"reason": "Ann is on leave."},
        Transition.REQUEST_INFORMATION: {"questions": [{"text": "Who has PR?"}], "reply_by": str(in_days(5))},
        Transition.ANSWER: {"answers": [{"number": n, "text": "Yes."} for n in (1, 2)], **came},
        Transition.RECALL_REQUEST: {"reason": "We know it now."},
        Transition.ACCEPT: {"rationale": "Within our skills.", "conflict_statement": "None known."},
        Transition.DECLINE: {"reason_code": "AREA", "text": "Too far.", "elsewhere": "The regional list."},
        Transition.REDIRECT: {"agency": "Cafcass", "text": "A private law matter."},
        Transition.MARK_DUPLICATE: {"repeats": other.reference},
        Transition.WITHDRAW: {"reason_code": "FUNDING"},
        Transition.REOPEN: {"reason": "The court asked again."},
    }
    return lambda transition: given.get(transition, {})


@pytest.mark.of_addresses
@pytest.mark.parametrize("status", list(Status))
def test_each_transition_by_each_role_is_answered_as_the_table_says(
    world: World, api: Api, status: str
) -> None:
    other, enquiry = world.enquiry(), world.enquiry(status)
    sees = WHO_SEE_A_DRAFT if status == Status.DRAFT else AUTHORITY | HUB
    for actor in actors(world, api, sees, enquiry.owner):
        walk(enquiry, actor, facts(world, other, actor))


def test_a_draft_of_the_hub_is_sent_by_the_hub_and_discarded_by_the_authority(world: World, api: Api) -> None:
    draft = enquiries.save_draft(
        body=example(), by=world.coordinator, authority=world.oldham, on_behalf_reason="By telephone."
    )[0]
    # The referrer neither wrote it nor is named in it.
    for actor in actors(world, api, WHO_SEE_A_DRAFT - {"referrer"} | HUB):
        walk(draft, actor, facts(world, draft, actor))


def test_a_service_and_an_auditor_who_see_an_enquiry_move_nothing(world: World, api: Api) -> None:
    referral = world.referral("in_progress")
    api(world.auditor).post(
        f"/api/v1/enquiries/{referral.enquiry.reference}/opening/", {"reason": "A complaint."}, format="json"
    )
    sees = {"service_lead", "assessor", "auditor"}
    # Work has begun on it: the decision cannot be undone.
    for actor in actors(world, api, AUTHORITY | HUB | sees, past=frozenset({Transition.UNDO})):
        walk(fresh(referral.enquiry), actor, facts(world, referral.enquiry, actor))


@pytest.mark.parametrize("status", list(Status))
def test_what_somebody_is_offered_is_what_the_table_opens_to_them(
    world: World, api: Api, status: str
) -> None:
    enquiry = world.enquiry(status)
    for actor in actors(world, api, AUTHORITY | HUB, enquiry.owner):
        assert enquiry.transitions_for(actor.user) == offered(enquiry, actor), actor.name


@pytest.mark.parametrize("name", ["referrer", "coordinator"])
def test_the_api_shows_each_transition_with_its_address_and_needs(world: World, api: Api, name: str) -> None:
    enquiry, user = world.enquiry(Status.IN_TRIAGE), everybody(world)[name]
    shown = api(user).get(f"/api/v1/enquiries/{enquiry.reference}/").data["transitions"]
    assert [row["name"] for row in shown] == enquiry.transitions_for(user)
    for row in shown:
        assert row["href"].endswith(f"/{row['name'].replace('_', '-')}/")
        assert row["needs"] == list(enquiry.lifecycle[row["name"]].needs)


def test_a_transition_without_if_match_is_428_and_with_an_old_one_412_naming_who_and_when(
    world: World, api: Api
) -> None:
    enquiry = world.enquiry()
    path = f"/api/v1/enquiries/{enquiry.reference}/claim/"
    assert api(world.coordinator).post(path, {}, format="json").status_code == 428
    enquiries.amend(enquiry=enquiry, by=world.referrer, changes={"background": "Changed meanwhile."})
    answer = api(world.coordinator).make(enquiry, "claim")
    assert (answer.status_code, answer.data["changed_by"]) == (412, world.referrer.name)
    assert answer.data["changed_at"] == fresh(enquiry).last_change().at
    assert fresh(enquiry).status == Status.SUBMITTED


def test_the_second_of_two_who_claim_is_told_who_has_it(world: World, api: Api) -> None:
    enquiry = enquiries.submit(body=example(), by=world.referrer, key=new_key())[0]
    assert api(world.coordinator).make(enquiry, "claim").status_code == 200
    answer = api(world.colleague).make(enquiry, "claim")
    assert answer.status_code == 409
    assert world.coordinator.name in answer.data["detail"]
