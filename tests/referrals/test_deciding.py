"""One decision on several assessments: each has its fate; what would be late and who is partial is said."""

from collections.abc import Callable
from typing import Any

import pytest

from intake.actions import enquiries
from intake.models import Enquiry, User
from intake.refusals import Forbidden, Invalid, NotPossible
from referrals.actions import triage
from referrals.models import Conflict, Decision
from tests.conftest import Caller
from tests.factories import World, example, fresh, in_days, new_key

Api = Callable[[User], Caller]
DECLINED = {"reason_code": "AREA", "text": "Not our area.", "elsewhere": "The regional list."}
SENT_ON = {"agency": "Cafcass", "text": "A private law matter."}
SAID: dict[str, Any] = {
    "rationale": "Within our skills.",
    "conflict_statement": "None known.",
    "waiver_reason": "It follows before the first visit.",
}


def several(world: World, count: int = 3, **changes: Any) -> Enquiry:
    """An enquiry in triage that asks for several assessments of one family."""
    body = {**example(), **changes}
    cognitive = {"type": "COG", "children": [], "adults": [0], "questions": ["How does she learn best?"]}
    body["assessments"] = [*body["assessments"], cognitive][:count]
    enquiry = enquiries.submit(body=body, by=world.referrer, key=new_key())[0]
    return triage.claim(enquiry=enquiry, by=world.coordinator)


def fates(enquiry: Enquiry) -> list[tuple[int | None, str]]:
    rows = enquiry.decisions.order_by("assessment__position")
    return [(row.assessment.position if row.assessment else None, row.outcome) for row in rows]


def test_each_assessment_of_an_enquiry_has_its_own_fate(world: World, api: Api) -> None:
    enquiry = several(world)
    body = SAID | {"declined": [{"assessment": 1, **DECLINED}], "redirected": [{"assessment": 2, **SENT_ON}]}
    answer = api(world.coordinator).make(enquiry, "accept", body)
    assert (answer.status_code, answer.data["status"]) == (200, "accepted")
    assert fates(enquiry) == [(0, "accepted"), (1, "declined"), (2, "redirected")]
    assert enquiry.referrals.count() == 1
    assert enquiry.decisions.get(outcome="redirected").elsewhere == "Cafcass"


def test_none_accepted_is_a_decline_that_says_each_fate(world: World) -> None:
    enquiry = several(world, 2)
    triage.decide(
        enquiry=enquiry,
        by=world.coordinator,
        assessments=[],
        declined=[{"assessment": 1, **DECLINED}],  # type: ignore[list-item]
        redirected=[{"assessment": 0, **SENT_ON}],  # type: ignore[list-item]
    )
    assert fresh(enquiry).status == "declined"
    assert fates(enquiry) == [(0, "redirected"), (1, "declined")]


def test_all_sent_on_is_a_redirection(world: World, api: Api) -> None:
    enquiry = several(world, 2)
    rows = [{"assessment": place, **SENT_ON} for place in (0, 1)]
    answer = api(world.coordinator).make(enquiry, "redirect", SENT_ON | {"redirected": rows})
    assert answer.data["status"] == "redirected"
    assert fates(enquiry) == [(0, "redirected"), (1, "redirected")]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"redirected": [{"assessment": 1, **SENT_ON}, {"assessment": 1, **SENT_ON}]}, "/assessments"),
        ({"redirected": [{"assessment": 9, **SENT_ON}]}, "/assessments"),
        ({"assessments": [0]}, "/declined"),
        ({"declined": [{"assessment": 1, **DECLINED, "reason_code": "NOPE"}]}, "/declined/0/reason_code"),
        ({"conflict": "declared"}, "/conflict_with"),
        ({"conflict": "declared", "conflict_with": "A colleague"}, "/conflict_handled"),
        ({"factors": ["16A", "ZZ"]}, "/factors/1"),
    ],
)
def test_a_decision_that_does_not_add_up_is_refused_at_its_place(
    world: World, api: Api, body: dict[str, Any], pointer: str
) -> None:
    enquiry = several(world, 2)
    answer = api(world.coordinator).make(enquiry, "accept", SAID | body)
    assert answer.status_code == 422
    assert pointer in {fault["pointer"] for fault in answer.data["errors"]}
    assert (fresh(enquiry).status, enquiry.decisions.count()) == ("in_triage", 0)


def soon(world: World) -> Enquiry:
    """Asked for sooner than anybody could."""
    body = example()
    needed = str(in_days(14))
    legal = {**body["legal"], "filing_date": needed, "hearings": []}
    return several(world, 1, urgency={**body["urgency"], "needed_by": needed}, legal=legal)


def test_what_would_be_late_is_accepted_only_with_the_reason_why(world: World, api: Api) -> None:
    world.assessor  # noqa: B018 - somebody has room
    enquiry = soon(world)
    refused = api(world.coordinator).make(enquiry, "accept", SAID)
    [fault] = refused.data["errors"]
    assert (refused.status_code, fault["pointer"]) == (422, "/late_reason")
    assert "too late" in fault["detail"]
    made = api(world.coordinator).make(enquiry, "accept", SAID | {"late_reason": "The court allows it."})
    decision = Decision.objects.get(enquiry=enquiry)
    assert (made.status_code, decision.late_reason) == (200, "The court allows it.")
    assert decision.forecast.startswith("Would be filed")
    assert fresh(enquiry).last_change().data["late_reason"] == "The court allows it."


def test_what_is_in_time_keeps_its_forecast_and_no_reason(world: World) -> None:
    world.assessor  # noqa: B018
    body = example()
    enquiry = several(world, 1, urgency={**body["urgency"], "needed_by": str(in_days(300))}, legal={
        **body["legal"], "filing_date": str(in_days(300)), "hearings": []
    })  # fmt: skip
    triage.accept(enquiry=enquiry, by=world.coordinator, late_reason="No matter.", **SAID)
    assert Decision.objects.get(enquiry=enquiry).late_reason == ""


def test_who_has_a_conflict_on_record_decides_nothing(world: World) -> None:
    enquiry = several(world, 1)
    Conflict.objects.create(
        person=world.coordinator, authority=world.oldham, reason="Worked there last year."
    )
    with pytest.raises(Forbidden):
        triage.accept(enquiry=enquiry, by=world.coordinator, late_reason="The court knows.", **SAID)
    with pytest.raises(Forbidden):
        triage.decline(enquiry=enquiry, by=world.coordinator, **DECLINED)
    triage.accept(enquiry=enquiry, by=world.colleague, late_reason="The court knows.", **SAID)
    assert fresh(enquiry).status == "accepted"


def test_a_declared_conflict_is_kept_with_what_was_done(world: World) -> None:
    enquiry = several(world, 1)
    declared = {
        "conflict": "declared",
        "conflict_with": "The lead",
        "conflict_handled": "Another lead decides.",
    }
    triage.accept(enquiry=enquiry, by=world.coordinator, late_reason="The court knows.", **SAID, **declared)
    decision = Decision.objects.get(enquiry=enquiry)
    assert (decision.conflict, decision.conflict_with) == ("declared", "The lead")


# --- Given to a colleague ------------------------------------------------------------------------------------


def test_an_enquiry_in_the_queue_is_given_to_a_colleague_who_is_told(world: World) -> None:
    enquiry = triage.assign(enquiry=world.enquiry(), by=world.coordinator, to=world.colleague)
    assert (enquiry.status, enquiry.owner) == ("in_triage", world.colleague)
    assert enquiry.notifications.filter(to="owner", person=world.colleague).count() == 1
    line = enquiry.last_change()
    assert (line.by, line.data["assigned_to"]) == (world.coordinator, world.colleague.name)


def test_one_that_somebody_has_needs_a_reason_and_tells_both(world: World) -> None:
    enquiry = triage.claim(enquiry=world.enquiry(), by=world.coordinator)
    with pytest.raises(Invalid):
        triage.assign(enquiry=enquiry, by=world.manager, to=world.colleague)
    enquiry = triage.assign(enquiry=enquiry, by=world.manager, to=world.colleague, reason="Ann is on leave.")
    told = enquiry.notifications.exclude(to="referrer").values_list("to", "person__name")
    assert set(told) == {("former_owner", world.coordinator.name), ("owner", world.colleague.name)}


def test_it_is_given_to_nobody_who_could_not_have_claimed_it(world: World) -> None:
    enquiry = world.enquiry()
    for person in (world.referrer, world.reviewer, world.lead):
        with pytest.raises(Invalid):
            triage.assign(enquiry=enquiry, by=world.manager, to=person)
    with pytest.raises(Forbidden):
        triage.assign(enquiry=enquiry, by=world.reviewer, to=world.colleague)
    enquiry = triage.assign(enquiry=enquiry, by=world.manager, to=world.colleague)
    with pytest.raises(NotPossible):
        triage.assign(enquiry=enquiry, by=world.manager, to=world.colleague, reason="Once more.")
