"""Placing and the work, at the API: hard stops, room, one live lead, gates, and who sees it when."""

from typing import Any

import pytest

from intake.lifecycle import Role
from intake.models import Share, User
from referrals.models import Allocation, Assessor, Conflict, Coverage, Referral
from tests.factories import World, all_met, fresh, in_days


def offer(world: World, **more: Any) -> dict[str, Any]:
    return {"service": world.north.code, "reply_by": str(in_days(3)), **more}


def accept(world: World, **more: Any) -> dict[str, Any]:
    return {"assessor": world.assessor.email, "conflict_statement": "None known.", **more}


def change(assessor: User, **more: Any) -> dict[str, Any]:
    return {"assessor": assessor.email, "reason_code": "ABSENCE", **more}


def places(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.data
    return sorted(fault["pointer"] for fault in answer.data["errors"])


def sees(api: Any, user: User, referral: Referral) -> bool:
    """The enquiry and the referral go together."""
    answers = {
        api(user).get(path).status_code
        for path in (
            f"/api/v1/enquiries/{referral.enquiry.reference}/",
            f"/api/v1/referrals/{referral.reference}/",
        )
    }
    assert len(answers) == 1
    return answers == {200}


def shares(referral: Referral) -> int:
    return Share.objects.filter(because=referral.reference, until__isnull=True).count()


# --- Offers --------------------------------------------------------------------------------------------------


def test_a_service_that_does_not_cover_the_type_is_offered_nothing(world: World, api: Any) -> None:
    referral = world.referral()
    Coverage.objects.filter(service=world.north, type=referral.assessment.type).delete()
    assert places(api(world.coordinator).make(referral, "offer", offer(world))) == ["/service"]
    assert not sees(api, world.lead, referral)


@pytest.mark.parametrize(("region", "status"), [("North West", 200), ("South East", 422)])
def test_a_service_covers_a_type_in_its_region_only(world: World, api: Any, region: str, status: int) -> None:
    referral = world.referral()
    assert referral.enquiry.authority.region == "North West"
    Coverage.objects.filter(service=world.north).update(region=region)
    assert api(world.coordinator).make(referral, "offer", offer(world)).status_code == status


def test_an_offer_to_be_answered_yesterday_is_refused(world: World, api: Any) -> None:
    late = offer(world, reply_by=str(in_days(-1)))
    assert places(api(world.coordinator).make(world.referral(), "offer", late)) == ["/reply_by"]


def test_a_conflict_stops_a_coordinator_and_a_manager_without_a_reason(world: World, api: Any) -> None:
    referral = world.referral()
    Conflict.objects.create(service=world.north, authority=world.oldham, reason="Works for the mother.")
    why = offer(world, override_reason="Nobody else speaks Polish.")
    assert places(api(world.coordinator).make(referral, "offer", why)) == ["/service"]
    assert places(api(world.manager).make(referral, "offer", offer(world))) == ["/override_reason"]
    assert api(world.manager).make(referral, "offer", why).status_code == 200
    kept = fresh(referral).last_change()
    assert (kept.by, kept.data["override_reason"]) == (world.manager, "Nobody else speaks Polish.")


def test_a_conflict_with_another_authority_stops_nothing(world: World, api: Any) -> None:
    Conflict.objects.create(service=world.north, authority=world.surrey, reason="A contract.")
    assert api(world.coordinator).make(world.referral(), "offer", offer(world)).status_code == 200


def test_a_service_sees_the_enquiry_between_offer_and_decline_only(world: World, api: Any) -> None:
    referral = world.referral()
    assert not sees(api, world.lead, referral)
    api(world.coordinator).make(referral, "offer", offer(world))
    assert sees(api, world.lead, referral)
    assert not sees(api, world.other_lead, referral)
    declined = api(world.lead).make(
        fresh(referral), "decline_offer", {"reason_code": "SKILL", "text": "Nobody speaks Polish."}
    )
    assert (declined.status_code, declined.data) == (
        200,
        {"reference": referral.reference, "status": "waiting"},
    )
    assert not sees(api, world.lead, referral)
    assert shares(referral) == 0


def test_a_recalled_offer_is_seen_no_more_and_can_go_elsewhere(world: World, api: Any) -> None:
    referral, caller = world.referral("offered"), api(world.coordinator)
    caller.make(referral, "recall_offer", {"reason": "A nearer service has room."})
    assert not sees(api, world.lead, referral)
    again = caller.make(fresh(referral), "offer", offer(world, service=world.south.code))
    assert again.data["service"]["code"] == "south"
    assert sees(api, world.other_lead, referral)


# --- Who leads it --------------------------------------------------------------------------------------------


def test_an_assessor_without_room_takes_it_with_a_reason_only(world: World, api: Any) -> None:
    referral, caller = world.referral("offered"), api(world.lead)
    Assessor.objects.filter(user=world.assessor).update(capacity=0)
    assert places(caller.make(referral, "accept_offer", accept(world))) == ["/override_reason"]
    with_reason = accept(world, override_reason="She closes two this week.")
    assert caller.make(referral, "accept_offer", with_reason).status_code == 200
    assert referral.allocation_rows.get().override_reason == "She closes two this week."


def test_what_somebody_finished_takes_no_room(world: World, api: Any) -> None:
    world.referral("closed")
    Assessor.objects.filter(user=world.assessor).update(capacity=1)
    referral = world.referral("offered")
    assert api(world.lead).make(referral, "accept_offer", accept(world)).status_code == 200


def test_an_assessor_with_a_conflict_is_not_named_even_with_a_reason(world: World, api: Any) -> None:
    referral = world.referral("offered")
    Conflict.objects.create(
        person=world.assessor, enquiry_reference=referral.enquiry.reference, reason="Knows the family."
    )
    named = accept(world, override_reason="They are the best.")
    assert places(api(world.lead).make(referral, "accept_offer", named)) == ["/assessor"]


@pytest.mark.parametrize("who", ["lead", "coordinator", "manager"])
def test_a_change_leaves_one_live_lead_and_the_former_sees_nothing(world: World, api: Any, who: str) -> None:
    referral = world.referral("in_progress")
    assert not sees(api, world.second_assessor, referral)
    changed = api(getattr(world, who)).make(referral, "reallocate", change(world.second_assessor))
    assert (changed.status_code, changed.data["status"]) == (200, "in_progress")
    assert not sees(api, world.assessor, referral)
    assert sees(api, world.second_assessor, referral)
    assert sees(api, world.lead, referral)
    live = Allocation.objects.get(referral=referral, until__isnull=True)
    assert (live.assessor, live.reason_code) == (world.second_assessor, "ABSENCE")
    assert referral.allocation_rows.count() == 2


def test_the_third_worker_of_a_family_is_warned_of_in_the_history(world: World, api: Any) -> None:
    referral, caller = world.referral("allocated"), api(world.lead)
    caller.make(referral, "reallocate", change(world.second_assessor))
    assert "warning" not in fresh(referral).last_change().data
    third = world.assessor_of(world.north, "Cy Assessor")
    caller.make(fresh(referral), "reallocate", change(third, reason_code="LEFT"))
    line = fresh(referral).last_change().data
    assert (line["workers"], line["warning"]) == (3, "This is the third worker for this family.")


def test_a_change_is_to_another_assessor_of_the_same_service(world: World, api: Any) -> None:
    referral, caller = world.referral("in_progress"), api(world.coordinator)
    assert places(caller.make(referral, "reallocate", change(world.assessor))) == ["/assessor"]
    assert places(caller.make(referral, "reallocate", change(world.other_assessor))) == ["/assessor"]
    assert sees(api, world.assessor, referral)


@pytest.mark.parametrize("status", ["allocated", "in_progress", "paused"])
@pytest.mark.parametrize(
    ("transition", "facts"),
    [("return_to_waiting", {"reason_code": "SKILL"}), ("cancel", {"reason_code": "FUNDING"})],
)
def test_what_leaves_a_service_is_seen_there_no_more(
    world: World, api: Any, status: str, transition: str, facts: dict[str, str]
) -> None:
    referral = world.referral(status)
    assert api(world.coordinator).make(referral, transition, facts).status_code == 200
    assert shares(referral) == 0
    assert not Allocation.objects.filter(referral=referral, until__isnull=True).exists()
    for user in (world.lead, world.assessor):
        assert api(user).get(f"/api/v1/enquiries/{referral.enquiry.reference}/").status_code == 404


def test_a_returned_referral_is_offered_and_taken_anew(world: World, api: Any) -> None:
    referral = world.referral("in_progress")
    api(world.coordinator).make(referral, "return_to_waiting", {"reason_code": "SKILL"})
    taken = world.take(world.offer(fresh(referral)))
    assert (taken.status, sees(api, world.assessor, taken)) == ("allocated", True)


# --- The end of an enquiry -----------------------------------------------------------------------------------


def test_an_enquiry_closes_with_its_last_referral_closed_or_cancelled(world: World, api: Any) -> None:
    closed = world.referral("closed")
    assert fresh(closed.enquiry).status == "accepted"
    [other] = closed.enquiry.referrals.open()
    api(world.coordinator).make(other, "cancel", {"reason_code": "COURT_REFUSED"})
    assert fresh(closed.enquiry).status == "closed"
    verbs = list(closed.enquiry.events.order_by("-sequence").values_list("verb", flat=True)[:2])
    assert verbs == ["enquiry.close", "referral.cancel"]


def test_a_referral_of_a_closed_enquiry_is_reopened_after_its_enquiry(world: World, api: Any) -> None:
    enquiry = world.enquiry("closed")
    referral = enquiry.referrals.first()
    refused = api(world.manager).make(referral, "reopen", {"reason": "The court asked again."})
    assert refused.status_code == 409
    assert enquiry.reference in refused.data["detail"]


def test_a_cancelled_referral_of_an_open_enquiry_is_reopened_by_a_manager(world: World, api: Any) -> None:
    referral = world.referral("cancelled")
    again = api(world.manager).make(referral, "reopen", {"reason": "The court asked again."})
    assert (again.status_code, again.data["status"], again.data["service"]) == (200, "waiting", None)


# --- Gates ---------------------------------------------------------------------------------------------------


def test_the_gate_of_a_report_names_everything_it_misses_at_once(world: World, api: Any) -> None:
    referral = world.referral("in_progress")
    world_challenge(world, api, referral)
    wrong = world.attach_report(world.referral("in_progress")).pk
    seen = [{"child": 0, "seen_on": str(in_days(-1))}, {"child": 7, "not_seen_why": "Who?"}]
    facts = {"report": wrong, "children_seen": seen}
    api(world.assessor).post(
        f"/api/v1/referrals/{referral.reference}/evidence/", {"source": "School", "state": "asked"}, "json"
    )
    assert places(api(world.assessor).make(referral, "submit_report", facts)) == [
        "/challenges",
        "/children_seen",
        "/children_seen/0",
        "/children_seen/1/child",
        "/evidence",
        "/report",
    ]
    assert fresh(referral).status == "in_progress"


def world_challenge(world: World, api: Any, referral: Referral) -> int:
    path = f"/api/v1/referrals/{referral.reference}/challenges/"
    raised = api(world.manager).post(path, {"text": "Why is nobody allocated?"}, format="json")
    assert raised.status_code == 201
    return int(raised.data["id"])


def report(world: World, referral: Referral) -> dict[str, Any]:
    seen = [{"child": place, "seen_on": str(in_days(-1)), "views": "Likes school."} for place in (0, 1)]
    return {"report": world.attach_report(referral).pk, "children_seen": seen}


def logged(world: World, api: Any, referral: Referral, **line: str) -> Any:
    path = f"/api/v1/referrals/{referral.reference}/evidence/"
    return api(world.assessor).post(path, {"source": "School", **line}, format="json")


def test_evidence_asked_for_is_received_or_it_says_why_not(world: World, api: Any) -> None:
    referral, caller = world.referral("in_progress"), api(world.assessor)
    assert logged(world, api, referral, state="asked").status_code == 201
    assert places(caller.make(referral, "submit_report", report(world, referral))) == ["/evidence"]
    assert places(logged(world, api, referral, state="not_available")) == ["/why"]
    assert logged(world, api, referral, state="not_available", why="It burnt down.").status_code == 201
    handed_in = caller.make(referral, "submit_report", report(world, referral))
    assert handed_in.data["status"] == "in_review", handed_in.data


def test_an_open_challenge_stops_the_report_until_it_is_answered(world: World, api: Any) -> None:
    referral, caller = world.referral("in_progress"), api(world.assessor)
    logged(world, api, referral, state="received")
    number = world_challenge(world, api, referral)
    facts = report(world, referral)
    assert places(caller.make(referral, "submit_report", facts)) == ["/challenges"]
    path = f"/api/v1/referrals/{referral.reference}/challenges/{number}/answer/"
    assert caller.post(path, {"text": "The court moved the date."}, format="json").status_code == 200
    assert caller.make(referral, "submit_report", facts).data["status"] == "in_review"


def test_an_answer_to_a_challenge_stands(world: World, api: Any) -> None:
    referral = world.referral("in_progress")
    number = world_challenge(world, api, referral)
    path = f"/api/v1/referrals/{referral.reference}/challenges/{number}/answer/"
    assert api(world.assessor).post(path, {"text": "Because."}, format="json").status_code == 200
    assert api(world.lead).post(path, {"text": "Not so."}, format="json").status_code == 409
    assert referral.challenge_rows.get().answer == "Because."


def test_an_authority_finds_no_challenge_at_the_api_nor_on_the_page(
    world: World, api: Any, signed_in: Any
) -> None:
    referral = world.referral("in_progress")
    number = world_challenge(world, api, referral)
    page, pages = f"/referrals/{referral.reference}/", signed_in(world.referrer)
    assert api(world.referrer).get(f"/api/v1{page}challenges/").status_code == 404
    assert b"Why is nobody allocated?" not in pages.get(page).content
    assert pages.get(f"{page}challenges/{number}/").status_code == 404
    assert b"Why is nobody allocated?" in signed_in(world.lead).get(page).content


def test_the_author_of_a_report_does_not_review_it(world: World, api: Any) -> None:
    referral = world.referral("in_review")
    both = world.person(world.hub, "Rob Both", Role.REVIEWER, Role.MANAGER)
    Referral.objects.filter(pk=referral.pk).update(author=both)
    for transition, facts in {
        "deliver": {"checklist": all_met()},
        "send_back": {"defects": [{"code": "VOICE", "text": "What does he want?"}]},
    }.items():
        assert api(both).make(fresh(referral), transition, facts).status_code == 403
    assert fresh(referral).transitions_for(both) == []


def test_a_report_sent_back_is_handed_in_again(world: World, api: Any) -> None:
    referral = world.referral("in_review")
    unknown = {"defects": [{"code": "STYLE", "text": "Dull."}]}
    assert places(api(world.reviewer).make(referral, "send_back", unknown)) == ["/defects/0/code"]
    known = {"defects": [{"code": "VOICE", "text": "What does he want?"}]}
    assert api(world.reviewer).make(referral, "send_back", known).data["status"] == "in_progress"
    again = api(world.assessor).make(fresh(referral), "submit_report", report(world, referral))
    assert again.data["status"] == "in_review"


def test_an_addendum_is_work_by_a_new_date_and_delivered_like_the_report(world: World, api: Any) -> None:
    referral = world.referral("delivered")
    asked = {"questions": ["And contact with the father?"], "needed_by": str(in_days(20))}
    shown = api(world.coordinator).make(referral, "request_addendum", asked).data
    assert (shown["status"], shown["needed_by"]) == ("in_progress", in_days(20))
    api(world.assessor).make(fresh(referral), "submit_report", report(world, referral))
    delivered = api(world.reviewer).make(fresh(referral), "deliver", {"checklist": all_met()})
    assert (delivered.data["status"], delivered.data["filing_met"]) == ("delivered", True)


def test_the_follow_ups_of_a_closed_referral_come_in_order(world: World, api: Any) -> None:
    referral = world.referral("delivered")
    facts = {
        "outcome_code": "NONSENSE",
        "follow_up_3_months": str(in_days(-1)),
        "follow_up_6_months": str(in_days(-2)),
    }
    answer = api(world.coordinator).make(referral, "close", facts)
    assert places(answer) == ["/follow_up_3_months", "/follow_up_6_months", "/outcome_code"]
