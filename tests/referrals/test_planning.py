"""A plan of the waiting list: asked for, worked out by the worker, applied row by row through the offer itself."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from intake.models import Event
from intake.refusals import Forbidden, Invalid, NotPossible
from referrals.actions import placements, planning, solving
from referrals.models import Assessor, Offer, PlanRow, PlanRun, Referral
from tests.factories import World, fresh, in_days

Outcome = PlanRow.Outcome


@pytest.fixture
def waiting(world: World) -> Referral:
    """Two referrals of one enquiry wait, for two services with one assessor each."""
    assert world.assessor
    assert world.other_assessor
    return world.referral()


def planned(world: World, **more: Any) -> PlanRun:
    run = planning.ask(**{"by": world.coordinator, **more})
    assert solving.solve_next(timezone.now())
    return fresh(run)  # type: ignore[no-any-return]


def offer(run: PlanRun, by: Any, *numbers: int) -> PlanRun:
    run = planning.apply(run=run, by=by, numbers=numbers, reply_by=in_days(3))
    return planning.begin(run)


def test_the_worker_works_it_out_and_says_with_whom_and_why(world: World, waiting: Referral) -> None:
    run = planning.ask(by=world.coordinator)
    assert run.state == PlanRun.State.WAITING
    assert solving.solve_next(timezone.now())
    run = fresh(run)
    assert run.state == PlanRun.State.READY
    row = run.rows.get(referral=waiting)
    assert row.assessor in (world.assessor, world.other_assessor)
    assert row.total == sum(point["points"] for point in row.points)
    assert row.says.startswith(f"To {row.service} with {row.assessor}: ")
    assert run.figures["placed"] == run.rows.count() == run.total
    assert not solving.solve_next(timezone.now())


def test_nothing_is_offered_before_somebody_ticks_it(world: World, waiting: Referral) -> None:
    run = planned(world)
    assert not Offer.objects.exists()
    offer(run, world.coordinator, run.rows.get(referral=waiting).number)
    assert [row.outcome for row in run.rows.order_by("-outcome")].count(Outcome.DONE) == 1
    assert fresh(waiting).status == "offered"


def test_the_service_sees_who_was_suggested(world: World, waiting: Referral) -> None:
    run = planned(world)
    row = run.rows.get(referral=waiting)
    offer(run, world.coordinator, row.number)
    made = Offer.objects.get(referral=waiting)
    assert (made.service, made.suggested, made.reply_by) == (row.service, row.assessor, in_days(3))


def test_ticked_twice_it_is_offered_once(world: World, waiting: Referral) -> None:
    run = planned(world)
    number = run.rows.get(referral=waiting).number
    offer(run, world.coordinator, number)
    offer(run, world.coordinator, number)
    assert Event.objects.filter(verb="referral.offer", subject=waiting.reference).count() == 1


def test_what_changed_meanwhile_is_refused_alone(world: World, waiting: Referral) -> None:
    run = planned(world)
    placements.offer(referral=waiting, by=world.manager, service=world.south, reply_by=in_days(2))
    placements.recall_offer(referral=fresh(waiting), by=world.manager, reason="A mistake.")
    offer(run, world.coordinator, *run.rows.values_list("number", flat=True))
    row = run.rows.get(referral=waiting)
    assert (row.outcome, row.says) == (Outcome.REFUSED, "Changed meanwhile by Mia Manager. Look at it again.")
    assert run.rows.exclude(pk=row.pk).get().outcome == Outcome.DONE


def test_an_assessor_who_is_full_meanwhile_is_not_given_more(world: World, waiting: Referral) -> None:
    run = planned(world)
    row = run.rows.get(referral=waiting)
    Assessor.objects.filter(user=row.assessor).update(capacity=0)
    offer(run, world.coordinator, row.number)
    row.refresh_from_db()
    assert row.outcome == Outcome.REFUSED
    assert row.says.startswith("Changed meanwhile: They have")
    assert fresh(waiting).status == "waiting"


def test_hours_that_are_offered_with_a_name_are_planned_only_once(world: World, waiting: Referral) -> None:
    Assessor.objects.update(capacity=1)
    run = planned(world)
    taken = run.rows.get(referral=waiting)
    offer(run, world.coordinator, taken.number)
    again = planned(world)
    assert taken.assessor not in {row.assessor for row in again.rows.filter(outcome=Outcome.PROPOSED)}


def test_who_finds_no_place_is_told_why(world: World, waiting: Referral) -> None:
    Assessor.objects.all().delete()
    row = planned(world).rows.get(referral=waiting)
    assert (row.outcome, row.code) == (Outcome.UNPLACED, "not_covered")
    assert row.says == "No service with a named assessor does this assessment there."


def test_equal_input_has_one_name_and_gives_an_equal_plan(world: World, waiting: Referral) -> None:
    first, second = planned(world), planned(world)
    assert first.input_hash == second.input_hash
    columns = ("referral", "assessor", "total", "says")
    assert list(first.rows.values_list(*columns)) == list(second.rows.values_list(*columns))
    Assessor.objects.update(capacity=3)
    assert planned(world).input_hash != first.input_hash


def test_only_those_that_the_filter_names_are_planned(world: World, waiting: Referral) -> None:
    kind = waiting.assessment.type.code
    run = planned(world, query=f"assessment_type={kind}")
    assert {row.referral.assessment.type.code for row in run.rows.all()} == {kind}


def test_a_list_that_is_too_long_is_refused_whole(world: World, waiting: Referral, settings: Any) -> None:
    settings.BULK_MOST = 1
    with pytest.raises(Invalid, match="More than 1 referrals wait"):
        planning.ask(by=world.coordinator)


def test_a_plan_that_is_not_worked_out_cannot_be_applied(world: World, waiting: Referral) -> None:
    run = planning.ask(by=world.coordinator)
    with pytest.raises(NotPossible):
        planning.apply(run=run, by=world.coordinator, numbers=[1], reply_by=in_days(3))


@pytest.mark.parametrize(
    ("numbers", "days", "pointer"), [((), 3, "/rows"), ((99,), 3, "/rows"), ((1,), -1, "/reply_by")]
)
def test_rows_of_the_plan_and_a_day_to_come_are_asked_for(
    world: World, waiting: Referral, numbers: Any, days: int, pointer: str
) -> None:
    run = planned(world)
    with pytest.raises(Invalid) as refused:
        planning.apply(run=run, by=world.coordinator, numbers=numbers, reply_by=in_days(days))
    assert [fault.pointer for fault in refused.value.faults] == [pointer]


@pytest.mark.parametrize("who", ["reviewer", "auditor", "lead", "authority_manager", "administrator"])
def test_only_the_hubs_triage_plans(world: World, waiting: Referral, who: str) -> None:
    user = getattr(world, who)
    with pytest.raises(Forbidden):
        planning.ask(by=user)
    planned(world)
    assert not PlanRun.objects.visible_to(user).exists()
    assert not PlanRow.objects.visible_to(user).exists()


def test_a_role_taken_away_meanwhile_ends_it(world: World, waiting: Referral) -> None:
    run = planning.ask(by=world.coordinator)
    world.coordinator.role_grants.all().delete()
    solving.solve_next(timezone.now())
    assert fresh(run).state == PlanRun.State.GIVEN_UP


def test_a_colleagues_plan_is_applied_with_ones_own_rights(world: World, waiting: Referral) -> None:
    run = planned(world)
    world.coordinator.role_grants.all().delete()
    offer(run, world.manager, run.rows.get(referral=waiting).number)
    assert Event.objects.get(verb="referral.offer", subject=waiting.reference).by == world.manager


def test_a_worker_that_is_killed_loses_it_to_another(world: World, waiting: Referral) -> None:
    run = planning.ask(by=world.coordinator)
    now = timezone.now()
    assert PlanRun.objects.claim(now)
    assert not solving.solve_next(now)
    assert solving.solve_next(now + timedelta(minutes=2))
    assert fresh(run).state == PlanRun.State.READY


def test_plans_of_long_ago_are_forgotten(world: World, waiting: Referral) -> None:
    planned(world)
    assert planning.forget_plans(timezone.now()) == 0
    assert planning.forget_plans(timezone.now() + timedelta(days=91))
