"""Visits: planned, moved, written up or cancelled; what they count for when the report is handed in."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from referrals.actions import evidence, visits
from referrals.models import Addendum, ChildSeen, FollowUp, Met, Referral, Review, Visit
from tests.factories import World, fresh, in_days

SOON = "2027-01-11T10:30:00Z"


def path(referral: Referral, number: int | None = None) -> str:
    return f"/api/v1/referrals/{referral.reference}/visits/" + (f"{number}/" if number else "")


def planned(world: World, referral: Referral, **more: Any) -> Visit:
    facts = {"kind": "HOME", "planned_at": timezone.now() - timedelta(days=1), **more}
    return visits.plan(referral=referral, by=world.assessor, **facts)


def made(world: World, referral: Referral, *children: int) -> Visit:
    met: list[Any] = [{"child": n, "alone": True, "views": "Wants to go home."} for n in children]
    return visits.write_up(
        visit=planned(world, referral), by=world.assessor, done_on=in_days(-1), children=met, minutes=90
    )


def places(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.data
    return sorted(fault["pointer"] for fault in answer.data["errors"])


@pytest.fixture
def referral(world: World) -> Referral:
    return world.referral("in_progress")


def test_a_visit_is_planned_moved_and_written_up_with_whom_one_met(
    world: World, api: Any, referral: Referral
) -> None:
    caller = api(world.assessor)
    first = caller.post(path(referral), {"kind": "HOME", "planned_at": SOON}, format="json")
    assert (first.status_code, first.data["number"], first.data["state"]) == (201, 1, "planned")
    moved = caller.patch(path(referral, 1), {"kind": "OFFICE"}, format="json")
    assert (moved.data["kind"], moved.data["planned_at"]) == ("OFFICE", "2027-01-11T10:30:00Z")
    met = {"children": [{"child": 1, "alone": True, "views": "Likes school."}], "adults": [{"adult": 0}]}
    done = caller.patch(path(referral, 1), {"done_on": str(in_days(0)), "minutes": 75, **met}, format="json")
    assert (done.status_code, done.data["state"], done.data["minutes"]) == (200, "done", 75)
    assert done.data["children"] == [{"child": 1, "alone": True, "views": "Likes school."}]
    assert done.data["adults"] == [{"adult": 0, "alone": None}]


def test_a_visit_planned_twice_for_one_hour_is_one_visit(world: World, api: Any, referral: Referral) -> None:
    caller, body = api(world.assessor), {"kind": "HOME", "planned_at": SOON, "note": "Ring first."}
    numbers = [caller.post(path(referral), body, format="json").data["number"] for _ in range(2)]
    assert numbers == [1, 1]
    assert referral.enquiry.events.filter(verb="referral.visit_planned").count() == 1
    visits.cancel(visit=Visit.objects.get(), by=world.assessor, why="The family is ill.")
    assert caller.post(path(referral), body, format="json").data["number"] == 2


def test_each_step_of_a_visit_is_a_line_of_history_without_what_anybody_said(
    world: World, referral: Referral
) -> None:
    visit = planned(world, referral)
    visits.move(visit=visit, by=world.assessor, kind="SCHOOL")
    made(world, referral, 0)
    visits.cancel(visit=visit, by=world.assessor, why="The family is ill.")
    lines = referral.enquiry.events.filter(verb__startswith="referral.visit").order_by("sequence")
    assert [line.verb.partition(".")[2] for line in lines] == [
        "visit_planned", "visit_moved", "visit_planned", "visit_made", "visit_cancelled",
    ]  # fmt: skip
    assert lines[1].data["before"]["kind"] == "HOME"
    assert lines[3].data["met"] == {"child": [0], "adult": []}
    assert "Wants to go home." not in str([(line.data, line.note) for line in lines])


def test_the_note_of_a_visit_stays_between_the_hub_and_the_service(
    world: World, api: Any, referral: Referral
) -> None:
    planned(world, referral, note="Bring the other key.")
    shown = {user: api(user).get(path(referral, 1)).data["note"] for user in (world.lead, world.referrer)}
    assert shown == {world.lead: "Bring the other key.", world.referrer: ""}


def test_what_was_made_or_cancelled_stands(world: World, api: Any, referral: Referral) -> None:
    made(world, referral, 0)
    again = api(world.assessor).patch(path(referral, 1), {"cancelled_why": "No."}, format="json")
    assert again.status_code == 409
    assert "Plan another." in again.data["detail"]


def test_a_visit_meets_people_of_the_enquiry_each_once_and_says_what_a_child_said(
    world: World, api: Any, referral: Referral
) -> None:
    planned(world, referral)
    facts = {
        "done_on": str(in_days(2)),
        "children": [{"child": 0, "views": " "}, {"child": 0, "views": "Hello."}],
        "adults": [{"adult": 9}],
    }
    answer = api(world.assessor).patch(path(referral, 1), facts, format="json")
    assert places(answer) == ["/adults/0/adult", "/children/0/views", "/children/1/child", "/done_on"]
    assert not Met.objects.exists()


@pytest.mark.parametrize("who", ["coordinator", "reviewer", "referrer", "manager"])
def test_only_those_who_do_the_work_keep_its_visits(
    world: World, api: Any, referral: Referral, who: str
) -> None:
    caller = api(getattr(world, who))
    assert caller.post(path(referral), {"kind": "HOME", "planned_at": SOON}, format="json").status_code == 403
    assert caller.get(path(referral)).data["results"] == []


def test_a_visit_of_somebody_elses_referral_does_not_exist(
    world: World, api: Any, referral: Referral
) -> None:
    planned(world, referral)
    for user in (world.stranger, world.other_lead, world.other_assessor, world.second_assessor):
        caller = api(user)
        assert caller.get(path(referral, 1)).status_code == caller.get(path(referral, 7)).status_code == 404
        assert caller.patch(path(referral, 1), {}, format="json").status_code == 404


def test_no_visit_is_planned_before_anybody_has_it_or_after_it_was_handed_in(world: World, api: Any) -> None:
    for status, who in (("offered", world.lead), ("in_review", world.lead)):
        row = world.referral(status)
        answer = api(who).post(path(row), {"kind": "HOME", "planned_at": SOON}, format="json")
        assert answer.status_code == 409, status


def test_a_child_seen_on_a_visit_is_not_asked_for_again_with_the_report(
    world: World, api: Any, referral: Referral
) -> None:
    made(world, referral, 0)
    evidence.log(referral=referral, by=world.assessor, source="School", state="received")
    caller, report = api(world.assessor), {"report": world.attach_report(referral).pk}
    assert places(caller.make(referral, "submit_report", report)) == ["/children_seen"]
    made(world, referral, 1)
    assert caller.make(referral, "submit_report", report).data["status"] == "in_review"
    assert not ChildSeen.objects.exists()
    line = fresh(referral).last_change()
    assert line.data["children_seen"] == [0, 1]


def test_a_visit_that_nobody_wrote_up_stops_the_report(world: World, api: Any, referral: Referral) -> None:
    made(world, referral, 0, 1)
    planned(world, referral)
    evidence.log(referral=referral, by=world.assessor, source="School", state="received")
    report = {"report": world.attach_report(referral).pk}
    assert places(api(world.assessor).make(referral, "submit_report", report)) == ["/visits"]


def test_on_the_pages_a_visit_is_planned_and_written_up_and_then_read(
    world: World, signed_in: Any, referral: Referral
) -> None:
    page, at = signed_in(world.assessor), f"/referrals/{referral.reference}/"
    plan = {"kind": "HOME", "day": str(in_days(-1)), "at": "14:30"}
    shown = page.post(f"{at}visits/", plan, follow=True).content.decode()
    assert "Not written up" in shown
    facts = {"done_on": str(in_days(-1)), "minutes": "60", "children-0-met": "on", "children-0-alone": "on"}
    missing = page.post(f"{at}visits/1/", facts)
    assert missing.status_code == 422
    assert 'href="#id_children-0-views"' in missing.content.decode()
    said = {**facts, "children-0-views": "Wants to see Nan."}
    shown = page.post(f"{at}visits/1/", said, follow=True).content.decode()
    assert "Wants to see Nan." in shown
    assert "seen alone" in shown


def test_strangers_see_nothing_of_visits_reviews_addenda_and_follow_ups(world: World) -> None:
    referral = world.referral("in_progress")
    made(world, referral, 0, 1)
    rows = (Addendum, FollowUp, Met, Review, Visit)
    referral = world.deliver(world.report(fresh(referral)))
    Addendum.objects.create(
        referral=referral, number=1, questions=["?"], needed_by=in_days(9), asked_by=world.manager,
        asked_at=timezone.now(), delivered_at=timezone.now(),
    )  # fmt: skip
    world.close_referral(referral)
    for model in rows:
        assert model.objects.visible_to(world.coordinator).exists(), model
        for user in (world.stranger, world.other_lead, world.other_assessor, world.second_assessor):
            assert not model.objects.visible_to(user).exists(), (model, user)
    assert not Review.objects.visible_to(world.referrer).exists()
