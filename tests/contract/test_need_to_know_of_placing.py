"""Whom a restriction or a conflict of interest shuts out of triage and placing: no list, letter or plan tells."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from intake import worklists
from intake.actions import likeness, members, restricting
from intake.lifecycle import Party, Role
from intake.models import AccessProposal, ConflictBlock, Enquiry, Notification, Person, SavedView, User
from intake.refusals import Forbidden, Invalid, NotFound, NotPossible
from referrals import leavers, suggestions
from referrals.actions import (
    bulk,
    coworking,
    deciding,
    leaving,
    placements,
    planning,
    saved_views,
    solving,
    triage,
)
from referrals.models import BulkRow, Conflict, PlanRun, Referral
from reports.actions.digests import contents
from reports.letters import recipients
from tests.factories import World, fresh, in_days


@pytest.fixture
def second_manager(world: World) -> User:
    return world.person(world.hub, "Max Manager", Role.MANAGER)


def restrict(world: World, enquiry: Enquiry, *people: User) -> Enquiry:
    restricting.restrict(enquiry=fresh(enquiry), by=world.manager, reason="A threat.", people=people)
    return fresh(enquiry)  # type: ignore[no-any-return]


def keep_out(world: World, enquiry: Enquiry, person: User) -> None:
    restricting.block(enquiry=fresh(enquiry), by=world.manager, person=person, reason="Her neighbour.")


def of_another_family(world: World) -> Enquiry:
    """No number of anybody's in it is known."""
    enquiry = world.enquiry()
    Person.objects.filter(enquiry=enquiry).update(nhs_number="")
    return enquiry


def stops_of(referral: Referral, assessor: User) -> list[str]:
    found = suggestions.assessor_match(fresh(referral), assessor, timezone.localdate())
    assert found is not None
    return [stop.code for stop in found.stops]


# --- Kept out of an enquiry: no part in its work -------------------------------------------------------------


def test_who_is_kept_out_leads_nothing_whatever_a_manager_says(world: World) -> None:
    referral = world.referral("in_progress")
    keep_out(world, referral.enquiry, world.second_assessor)
    for by in (world.lead, world.manager):
        with pytest.raises(Invalid) as refused:
            placements.reallocate(
                referral=fresh(referral),
                by=by,
                assessor=world.second_assessor,
                reason_code="ABSENCE",
                override_reason="All the same.",
            )
        assert [fault.code for fault in refused.value.faults] == ["blocked"]


def test_who_is_kept_out_works_beside_nobody_and_only_the_hub_reads_why(world: World) -> None:
    referral = world.referral("in_progress")
    keep_out(world, referral.enquiry, world.second_assessor)
    said = {}
    for by in (world.lead, world.manager):
        with pytest.raises(Invalid) as refused:
            coworking.add(referral=fresh(referral), by=by, assessor=world.second_assessor)
        assert [fault.code for fault in refused.value.faults] == ["blocked"]
        said[by] = refused.value.faults[0].detail
    assert ("kept out" in said[world.lead], "kept out" in said[world.manager]) == (False, True)


def test_the_stop_is_no_matter_of_the_table_of_points(world: World) -> None:
    referral = world.offer(world.referral())
    keep_out(world, referral.enquiry, world.assessor)
    wanted = suggestions.suggestions_for(referral, timezone.localdate()).wanted
    assert world.assessor.pk in wanted.blocked
    assert stops_of(referral, world.assessor) == ["blocked"]


def test_kept_out_of_one_enquiry_is_kept_out_of_the_family(world: World) -> None:
    before, referral = of_another_family(world), world.offer(world.referral())
    ConflictBlock.objects.create(
        enquiry=before, person=world.assessor, since=timezone.now(), reason="Her aunt."
    )
    assert stops_of(referral, world.assessor) == []
    likeness.answer(
        enquiry=before, other=referral.enquiry.reference, answer="linked", reason="Same.", by=world.manager
    )
    assert stops_of(referral, world.assessor) == ["blocked"]


def test_no_plan_gives_it_to_who_is_kept_out(world: World) -> None:
    referral = world.referral()
    assert world.assessor
    for row in referral.enquiry.referrals.all():
        ConflictBlock.objects.get_or_create(
            enquiry=row.enquiry, person=world.assessor, defaults={"since": timezone.now(), "reason": "Kin."}
        )
    run = planning.ask(by=world.coordinator)
    assert solving.solve_next(timezone.now())
    rows = PlanRun.objects.get(pk=run.pk).rows.all()
    assert {(row.outcome, row.code) for row in rows} == {("unplaced", "blocked")}


def test_work_of_somebody_who_is_kept_out_since_drifts_until_another_is_named(world: World, api: Any) -> None:
    referral = world.referral("in_progress")
    keep_out(world, referral.enquiry, world.assessor)
    said = "Who works on it is kept out by a conflict of interest: name another."
    listed = api(world.coordinator).get("/api/v1/oversight/").json()["results"]
    assert [(row["reference"], said in row["reasons"]) for row in listed] == [(referral.reference, True)]
    placements.reallocate(
        referral=fresh(referral), by=world.lead, assessor=world.second_assessor, reason_code="ABSENCE"
    )
    assert api(world.coordinator).get("/api/v1/oversight/").json()["results"] == []


def test_a_conflict_that_has_ended_stops_no_decision_and_no_co_worker(world: World) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    for person in (world.coordinator, world.second_assessor):
        Conflict.objects.create(
            person=person, authority=world.oldham, reason="Worked there.", valid_until=yesterday
        )
    referral = world.referral("in_progress")
    assert coworking.add(referral=referral, by=world.lead, assessor=world.second_assessor).co_worker


def test_a_conflict_with_an_earlier_enquiry_of_the_family_stops_the_decision(world: World) -> None:
    before, enquiry = of_another_family(world), world.enquiry("in_triage")
    Conflict.objects.create(person=world.coordinator, enquiry_reference=before.reference, reason="Kin.")
    deciding.refuse_conflicted(enquiry, world.coordinator)
    likeness.answer(
        enquiry=before, other=enquiry.reference, answer="linked", reason="Same.", by=world.manager
    )
    with pytest.raises(Forbidden, match="conflict of interest"):
        deciding.refuse_conflicted(enquiry, world.coordinator)


# --- Letters and proposals -----------------------------------------------------------------------------------


def test_no_letter_about_it_goes_to_who_is_kept_out(world: World) -> None:
    referral = world.offer(world.referral())
    other = world.person(world.north, "Ina Lead", Role.SERVICE_LEAD)
    assert world.lead
    keep_out(world, referral.enquiry, other)
    told = referral.notify(Notification.Kind.REMINDER, to=Party.SERVICE_LEAD, organisation=world.north)
    assert recipients(told) == [world.lead.email]


def test_who_is_kept_out_neither_reads_nor_decides_what_is_proposed(
    world: World, second_manager: User
) -> None:
    enquiry = restrict(world, world.enquiry(), second_manager)
    row = restricting.propose(
        enquiry=enquiry, by=world.manager, kind="let_in", person=world.colleague, reason="She takes it on."
    )
    third = world.person(world.hub, "Nia Manager", Role.MANAGER)
    assert AccessProposal.objects.visible_to(third).filter(pk=row.pk).exists()
    keep_out(world, enquiry, third)
    with pytest.raises(NotFound):
        restricting.decide(proposal=row, by=third, agreed=True)
    told = Notification.objects.filter(kind="restriction").latest("pk")
    assert third.email not in recipients(told)


# --- Somebody has to keep the list ---------------------------------------------------------------------------


def test_the_last_manager_on_an_access_list_neither_retires_nor_loses_the_role_nor_steps_out(
    world: World, second_manager: User
) -> None:
    enquiry = restrict(world, world.enquiry(), world.coordinator)
    third = world.person(world.hub, "Nia Manager", Role.MANAGER)
    for leave in (
        lambda: members.retire(user=world.manager, by=second_manager),
        lambda: members.change(user=world.manager, by=second_manager, roles={Role.COORDINATOR}),
        lambda: restricting.block(enquiry=enquiry, by=world.manager, person=world.manager, reason="Kin."),
    ):
        with pytest.raises(NotPossible, match=r"in first\.$"):
            leave()
    row = restricting.propose(
        enquiry=fresh(enquiry), by=world.manager, kind="let_in", person=second_manager, reason="Cover."
    )
    restricting.decide(proposal=row, by=third, agreed=True)
    assert not members.retire(user=world.manager, by=second_manager).is_active


# --- Nothing that is worked from tells of it -----------------------------------------------------------------

PAGES = (
    "/desk/", "/enquiries/", "/enquiries/?restricted=true", "/enquiries/?sort=due", "/referrals/", "/planner/",
    "/oversight/", "/oversight/?what=enquiries", "/views/", "/assessment-services/",
)  # fmt: skip
API = ("enquiries/", "referrals/", "oversight/", "oversight/?what=enquiries")


def test_no_page_a_colleague_works_from_names_what_is_restricted(
    world: World, api: Any, signed_in: Any
) -> None:
    enquiry = restrict(world, world.enquiry("accepted"))
    waiting = enquiry.referrals.first()
    old = timezone.now() - timedelta(days=60)
    Enquiry.objects.filter(pk=enquiry.pk).update(updated_at=old)
    Referral.objects.filter(enquiry=enquiry).update(updated_at=old, created_at=old)
    page, caller = signed_in(world.colleague), api(world.colleague)
    answers = [page.get(path) for path in PAGES] + [caller.get(f"/api/v1/{path}") for path in API]
    for answer in answers:
        assert answer.status_code == 200, answer.request["PATH_INFO"]
        assert enquiry.reference not in answer.content.decode(), answer.request["PATH_INFO"]
        assert waiting.reference not in answer.content.decode(), answer.request["PATH_INFO"]


def test_a_colleagues_view_letter_plan_and_bulk_act_leave_out_what_is_restricted(
    world: World, signed_in: Any
) -> None:
    assert world.assessor
    hidden, open_ = world.enquiry("accepted"), world.enquiry("accepted")
    view = saved_views.save(by=world.manager, name="All", of="enquiries", query="", shared=True)
    run = planning.ask(by=world.manager)
    solving.solve_next(timezone.now())
    restrict(world, hidden)
    SavedView.objects.filter(pk=view.pk).update(owner=world.colleague)
    assert contents(fresh(view)).references == [open_.reference]
    plan = signed_in(world.colleague).get(f"/planner/{run.uid}/").content.decode()
    gone = [row.reference for row in hidden.referrals.all()]
    assert [reference in plan for reference in gone] == [False] * len(gone)
    numbers = list(run.rows.filter(referral__enquiry=hidden).values_list("number", flat=True))
    with pytest.raises(Invalid):
        planning.apply(run=fresh(run), by=world.colleague, numbers=numbers, reply_by=in_days(3))
    flag = {"code": "HOLD", "reason": "A call.", "review_on": in_days(9).isoformat()}
    made = bulk.preview(by=world.colleague, act="flag", arguments=flag, query="")
    assert [row.reference for row in made.rows.all()] == [open_.reference]


def test_since_when_the_oldest_waits_says_nothing_of_what_is_restricted(world: World) -> None:
    oldest, other = world.enquiry(), world.enquiry()
    restrict(world, oldest, world.coordinator)
    for user, row in ((world.coordinator, oldest), (world.colleague, other)):
        assert worklists.counts(user)["to_triage"].oldest == fresh(row).arrived_at, user
    keep_out(world, other, world.colleague)
    assert worklists.counts(world.colleague)["to_triage"].oldest is None


# --- A leaver ------------------------------------------------------------------------------------------------


def test_a_leavers_enquiry_is_proposed_to_nobody_who_may_not_see_it(world: World) -> None:
    secret, plain = world.enquiry("in_triage"), world.enquiry("in_triage")
    third = world.person(world.hub, "Cid Coordinator", Role.COORDINATOR)
    assert world.colleague
    restrict(world, secret, world.coordinator, third)
    keep_out(world, plain, world.colleague)
    work = leavers.open_work(world.coordinator, world.manager, timezone.localdate())
    assert {piece.reference: piece.to for piece in work.pieces} == {
        secret.reference: third,
        plain.reference: third,
    }
    plan = dict.fromkeys((secret.reference, plain.reference), world.colleague)
    moved = leaving.move_all(person=world.coordinator, by=world.manager, plan=plan, reason="She moves.")
    assert [row.moved for row in moved.outcomes] == [False, False]


# --- Read before, shut since ---------------------------------------------------------------------------------


@pytest.mark.parametrize("shut", [restrict, lambda world, enquiry: keep_out(world, enquiry, world.colleague)])
def test_who_read_it_before_it_was_shut_to_them_neither_claims_nor_takes_nor_gives_it(
    world: World, shut: Any
) -> None:
    free, had = world.enquiry(), world.enquiry("in_triage")
    for enquiry in (free, had):
        shut(world, enquiry)
    for act in (
        lambda: triage.claim(enquiry=free, by=world.colleague),
        lambda: triage.take_over(enquiry=fresh(had), by=world.colleague, reason="Mine."),
        lambda: triage.assign(enquiry=free, by=world.colleague, to=world.coordinator),
    ):
        with pytest.raises(NotFound):
            act()
    assert (fresh(free).owner, fresh(had).owner == world.colleague) == (None, False)


# --- Pressed twice -------------------------------------------------------------------------------------------


def test_a_plan_that_is_asked_for_twice_is_one_plan(world: World) -> None:
    assert world.referral()
    first = planning.ask(by=world.coordinator)
    assert planning.ask(by=world.coordinator) == first
    assert planning.ask(by=world.manager) != first


# --- What nobody types ---------------------------------------------------------------------------------------


def test_signs_that_no_database_keeps_are_no_reference(world: World, signed_in: Any) -> None:
    here = signed_in(world.coordinator)
    sent = {"act": "flag", "reference": ["\x00", "ENQ-\x00AAAA-AAAA-A"], "run": str(uuid4())}
    why = {"code": "HOLD", "reason": "A call.", "review_on": in_days(9).isoformat()}
    assert here.post("/worklist/bulk/", {**sent, **why}).status_code == 302
    assert [row.reference for row in BulkRow.objects.all()] == ["ENQ-AAAA-AAAA-A"]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_from_which_nothing_can_be_counted_is_no_day(world: World, api: Any, day: str) -> None:
    assert world.referral("in_progress")
    assert api(world.manager).get("/api/v1/assessment-services/", {"on": day}).status_code == 400
