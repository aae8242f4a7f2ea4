"""The referral's lifecycle x role x status, through the real API: each cell as the table says."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from intake.lifecycle import Role
from intake.models import User
from referrals.actions import assessments, evidence
from referrals.lifecycle import Status, Transition
from referrals.models import Referral
from tests.conftest import Caller
from tests.contract.matrix import Actor, offered, walk
from tests.factories import World, all_met, fresh, in_days

Api = Callable[[User], Caller]
ALWAYS = {"referrer", "authority_manager", "api_client", "coordinator", "manager", "reviewer"}
WITH_THE_SERVICE = set(Status) - {Status.WAITING, Status.CANCELLED}
WITH_THE_ASSESSOR = WITH_THE_SERVICE - {Status.OFFERED}
ROLES = {
    "coordinator": {Role.COORDINATOR},
    "manager": {Role.MANAGER},
    "reviewer": {Role.REVIEWER},
    "service_lead": {Role.SERVICE_LEAD},
    "assessor": {Role.ASSESSOR},
}


def who_sees(status: str) -> set[str]:
    return (
        ALWAYS
        | ({"service_lead"} if status in WITH_THE_SERVICE else set())
        | ({"assessor"} if status in WITH_THE_ASSESSOR else set())
    )


def actors(world: World, api: Api, status: str) -> list[Actor]:
    people = {
        **world.everybody(),
        "other_lead": world.other_lead,
        "other_assessor": world.other_assessor,
        "second_assessor": world.second_assessor,
    }
    return [
        Actor(name, user, api(user), name in who_sees(status), frozenset(ROLES.get(name, ())))
        for name, user in people.items()
        if name != "system"
    ]


def facts(world: World, referral: Referral) -> Callable[[str], dict[str, Any]]:
    given: dict[str, dict[str, Any]] = {
        Transition.OFFER: {"service": world.north.code, "reply_by": str(in_days(3))},
        Transition.RECALL_OFFER: {"reason": "A nearer service has room."},
        Transition.DECLINE_OFFER: {"reason_code": "SKILL", "text": "Nobody speaks Welsh."},
        Transition.ACCEPT_OFFER: {"assessor": world.assessor.email, "conflict_statement": "None known."},
        Transition.REALLOCATE: {"assessor": world.second_assessor.email, "reason_code": "ABSENCE"},
        Transition.RETURN_TO_WAITING: {"reason_code": "SKILL"},
        Transition.START: {"waiver_reason": "The letter is on its way."},
        Transition.PAUSE: {"reason_code": "COURT", "review_on": str(in_days(14))},
        Transition.SUBMIT_REPORT: report_of(world, referral),
        Transition.SEND_BACK: {"defects": [{"code": "VOICE", "text": "What does he want?"}]},
        Transition.DELIVER: {"checklist": all_met()},
        Transition.REQUEST_ADDENDUM: {"questions": ["And contact?"], "needed_by": str(in_days(20))},
        Transition.CLOSE: {
            "outcome_code": "REPORT_USED",
            "follow_up_3_months": str(in_days(90)),
            "follow_up_6_months": str(in_days(180)),
        },
        Transition.CANCEL: {"reason_code": "FUNDING"},
        Transition.REOPEN: {"reason": "The court asked again."},
    }
    return lambda transition: given.get(transition, {})


def report_of(world: World, referral: Referral) -> dict[str, Any]:
    """What the gate of a report asks, made ready where it can be asked."""
    if referral.status != Status.IN_PROGRESS:
        return {"report": 1, "children_seen": [{"child": 0, "not_seen_why": "Abroad."}]}
    evidence.log(referral=referral, by=world.assessor, source="School", state="received")
    seen = [
        {"child": child.position, "seen_on": str(in_days(-1)), "views": "Likes school."}
        for child in assessments.children_of(referral)
    ]
    return {"report": world.attach_report(referral).pk, "children_seen": seen}


@pytest.mark.of_addresses
@pytest.mark.parametrize("status", list(Status))
def test_each_transition_by_each_role_is_answered_as_the_table_says(
    world: World, api: Api, status: str
) -> None:
    referral = world.referral(status)
    given = facts(world, referral)
    for actor in actors(world, api, status):
        walk(fresh(referral), actor, given)


@pytest.mark.parametrize("status", list(Status))
def test_what_somebody_is_offered_is_what_the_table_opens_to_them(
    world: World, api: Api, status: str
) -> None:
    referral = world.referral(status)
    for actor in actors(world, api, status):
        if actor.sees:
            assert referral.transitions_for(actor.user) == offered(referral, actor), actor.name


@pytest.mark.parametrize("name", ["reviewer", "manager"])
def test_nobody_reviews_their_own_report(world: World, api: Api, name: str) -> None:
    referral = world.referral(Status.IN_REVIEW)
    [actor] = [each for each in actors(world, api, Status.IN_REVIEW) if each.name == name]
    Referral.objects.filter(pk=referral.pk).update(author=actor.user)
    author = replace(actor, roles=actor.roles - {Role.REVIEWER, Role.MANAGER})
    walk(fresh(referral), author, facts(world, referral))
