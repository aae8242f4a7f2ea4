"""Who works on it: the co-worker, how many workers a family has had, and a leaver whose work goes in one go."""

from typing import Any

import pytest

from intake.models import User
from referrals.actions import assessments, coworking, leaving, placements, triage
from referrals.models import Allocation, Conflict, Referral
from tests.factories import World, fresh

OFF = {"reason": "She moves to Wales."}


def to_work(world: World, count: int) -> list[Referral]:
    """So many referrals with the assessor: some started, some paused."""
    rows: list[Referral] = []
    while len(rows) < count:
        rows += world.enquiry("accepted").referrals.all()
    taken = [world.take(world.offer(row)) for row in rows[:count]]
    for n, row in enumerate(taken):
        if n % 10 > 7:
            taken[n] = world.start(row)
        if n % 10 > 8:
            taken[n] = world.pause(taken[n])
    return taken


def path(person: User) -> str:
    return f"/api/v1/people/{person.pk}/leaving/"


def moves(work: Any, **more: Any) -> dict[str, Any]:
    rows = [{"reference": row["reference"], "to": row["to"]} for row in work["results"] if row["movable"]]
    return {"moves": rows, **OFF, **more}


# --- The co-worker -------------------------------------------------------------------------------------------


def test_a_co_worker_sees_the_referral_and_works_on_it_until_it_ends(world: World, api: Any) -> None:
    referral, second = world.referral("in_progress"), world.second_assessor
    at = f"/api/v1/referrals/{referral.reference}/"
    body = {"assessor": second.email, "reason": "Newly qualified."}
    named = api(world.lead).put(f"{at}co-worker/", body, format="json")
    assert (named.status_code, named.data["co_worker"], named.data["workers"]) == (200, second.name, 2)
    line = {"source": "School", "state": "received"}
    assert api(second).post(f"{at}evidence/", line, format="json").status_code == 201
    assert api(second).get(f"/api/v1/enquiries/{referral.enquiry.reference}/").status_code == 200
    assert api(world.lead).delete(f"{at}co-worker/").data["co_worker"] is None
    assert api(second).get(at).status_code == 404
    assert api(world.lead).delete(f"{at}co-worker/").status_code == 409


def test_a_co_worker_is_somebody_else_of_the_service_without_a_conflict(world: World, api: Any) -> None:
    referral, caller = world.referral("in_progress"), api(world.lead)
    at = f"/api/v1/referrals/{referral.reference}/co-worker/"
    Conflict.objects.create(person=world.second_assessor, authority=world.oldham, reason="Worked there.")
    for person in (world.assessor, world.other_assessor, world.referrer, world.second_assessor):
        answer = caller.put(at, {"assessor": person.email}, format="json")
        assert (answer.status_code, answer.data["errors"][0]["pointer"]) == (422, "/assessor"), person


@pytest.mark.parametrize(("who", "status"), [("reviewer", 403), ("assessor", 403), ("stranger", 404)])
def test_a_co_worker_is_named_by_the_lead_or_the_hub(world: World, api: Any, who: str, status: int) -> None:
    referral = world.referral("in_progress")
    at = f"/api/v1/referrals/{referral.reference}/co-worker/"
    body = {"assessor": world.second_assessor.email}
    assert api(getattr(world, who)).put(at, body, format="json").status_code == status


def test_a_co_worker_who_takes_the_lead_stands_there_once(world: World) -> None:
    referral = coworking.add(
        referral=world.referral("in_progress"), by=world.lead, assessor=world.second_assessor
    )
    moved = placements.reallocate(
        referral=referral, by=world.lead, assessor=world.second_assessor, reason_code="LEFT"
    )
    assert (moved.assessor, moved.co_worker) == (world.second_assessor, None)
    live = Allocation.objects.filter(referral=referral, until__isnull=True)
    assert [(row.part, row.assessor) for row in live] == [("lead", world.second_assessor)]
    assert Referral.objects.visible_to(world.second_assessor).filter(pk=referral.pk).exists()


# --- Continuity ----------------------------------------------------------------------------------------------


def test_the_third_worker_is_warned_of_before_anybody_is_named(world: World, signed_in: Any) -> None:
    referral = world.referral("in_progress")
    page, at = signed_in(world.lead), f"/referrals/{referral.reference}/"
    assert "would be the" not in page.get(f"{at}reallocate/").content.decode()
    placements.reallocate(
        referral=referral, by=world.lead, assessor=world.second_assessor, reason_code="ABSENCE"
    )
    assert "Somebody new would be the third" in page.get(f"{at}reallocate/").content.decode()
    assert "This family has had 2 workers." in page.get(at).content.decode()


def test_somebody_who_knows_the_family_is_no_further_worker(world: World) -> None:
    referral = world.referral("in_progress")
    third = world.assessor_of(world.north, "Cy Assessor")
    for person in (world.second_assessor, third):
        referral = placements.reallocate(
            referral=referral, by=world.lead, assessor=person, reason_code="ABSENCE"
        )
    back = placements.reallocate(
        referral=referral, by=world.lead, assessor=world.assessor, reason_code="ABSENCE"
    )
    line = back.last_change()
    assert line is not None
    assert (line.data["workers"], "warning" in line.data) == (3, False)


# --- Somebody leaves -----------------------------------------------------------------------------------------


def test_a_leaver_with_thirty_open_referrals_is_moved_in_one_go(world: World, api: Any) -> None:
    referrals, leaver = to_work(world, 30), world.assessor
    others = [world.assessor_of(world.north, f"{name} Assessor") for name in ("Cy", "Di", "Ed")]
    caller = api(world.lead)
    work = caller.get(path(leaver)).json()
    assert len(work["results"]) == 30
    assert all(row["to"] for row in work["results"])
    answer = caller.post(path(leaver), moves(work, retire=True), format="json")
    assert answer.status_code == 200
    assert answer.data["retired"] is True
    assert all(row["moved"] for row in answer.data["results"])
    assert not Referral.objects.filter(assessor=leaver).exists()
    taken = {person: Referral.objects.filter(assessor=person).count() for person in others}
    # Spread: nobody gets all of it.
    assert sum(taken.values()) == 30
    assert max(taken.values()) < 20
    assert fresh(leaver).is_active is False
    line = fresh(referrals[0]).last_change()
    assert (line.data["reason_code"], line.note) == ("LEFT", OFF["reason"])


def test_what_is_refused_holds_up_nothing_else_and_goes_later(world: World, api: Any) -> None:
    first, other = to_work(world, 2)
    plan = {first.reference: world.other_assessor, other.reference: world.second_assessor}
    moved = leaving.move_all(person=world.assessor, by=world.lead, plan=plan, retire=True, **OFF)
    by_reference = {row.reference: row for row in moved.outcomes}
    assert by_reference[other.reference].moved
    assert not by_reference[first.reference].moved
    assert by_reference[first.reference].sentence == "Choose an assessor of this service."
    assert moved.retired is False
    assert fresh(other).assessor == world.second_assessor
    assert fresh(first).assessor == world.assessor


def test_a_report_in_review_stays_and_stops_nobody_from_leaving(world: World) -> None:
    referral = world.referral("in_review")
    moved = leaving.move_all(person=world.assessor, by=world.lead, plan={}, retire=True, **OFF)
    assert (moved.outcomes, moved.retired) == ([], True)
    assert fresh(referral).assessor == world.assessor


def test_the_enquiries_of_a_coordinator_who_leaves_go_to_colleagues(world: World, signed_in: Any) -> None:
    enquiry = triage.claim(enquiry=world.enquiry(), by=world.coordinator)
    assert world.colleague
    page, at = signed_in(world.manager), f"/people/{world.coordinator.pk}/leaving/"
    shown = page.get(at).content.decode()
    assert enquiry.reference in shown
    to = {f"to-{enquiry.reference}": world.colleague.pk}
    answer = page.post(at, {**to, "reason": "He retires.", "retire": "on"})
    assert "Moved: 1 of 1" in answer.content.decode()
    assert fresh(enquiry).owner == world.colleague
    assert fresh(world.coordinator).is_active is False


def test_a_lead_moves_the_work_of_their_own_people_only(world: World, api: Any) -> None:
    assert api(world.other_lead).get(path(world.assessor)).status_code == 404
    assert api(world.stranger).get(path(world.assessor)).status_code == 404
    assert api(world.assessor).get(path(world.second_assessor)).status_code == 403
    assert api(world.reviewer).get(path(world.assessor)).status_code == 403
    assert api(world.coordinator).get(path(world.assessor)).status_code == 200


def test_somebody_of_elsewhere_gets_no_work(world: World, api: Any) -> None:
    [referral] = to_work(world, 1)
    for email in (world.other_assessor.email, "nobody@north.example"):
        body = {"moves": [{"reference": referral.reference, "to": email}], **OFF}
        assert api(world.lead).post(path(world.assessor), body, format="json").status_code == 422
    assert fresh(referral).assessor == world.assessor


def test_planned_visits_go_with_the_referral(world: World, api: Any) -> None:
    [referral] = to_work(world, 1)
    assessments.start(referral=referral, by=world.assessor, waiver_reason="It follows.")
    at = f"/api/v1/referrals/{referral.reference}/visits/"
    body = {"kind": "HOME", "planned_at": "2027-01-11T10:30:00Z"}
    assert api(world.assessor).post(at, body, format="json").status_code == 201
    assert world.second_assessor
    work = api(world.lead).get(path(world.assessor)).json()
    assert work["results"][0]["visits"] == 1
    api(world.lead).post(path(world.assessor), moves(work), format="json")
    done = {"cancelled_why": "The new assessor comes another day."}
    assert api(world.second_assessor).patch(f"{at}1/", done, format="json").status_code == 200
