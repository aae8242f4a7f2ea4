"""Acting on many at once: rights and lifecycle row by row, one outcome and one line of history each, no first 500."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from intake.actions import flags
from intake.lifecycle import Status
from intake.models import Enquiry, Event, Flag
from intake.refusals import Forbidden, Invalid, KeyReused, NotFound, Refused
from referrals.actions import bulk, placements, triage
from referrals.models import BulkRow, BulkRun
from tests.factories import World, fresh, in_days

Outcome = BulkRow.Outcome


def flagging(world: World, *references: str, **more: Any) -> BulkRun:
    arguments = {"code": "PRESS", "reason": "A journalist rang.", "review_on": in_days(7).isoformat()}
    given = {"by": world.coordinator, "act": "flag", "arguments": arguments, "references": references, **more}
    return bulk.preview(**given)


def assigning(world: World, *references: str, reason: str = "", to: Any = None, by: Any = None) -> BulkRun:
    arguments = {"to": (to or world.colleague).pk, "reason": reason}
    by = by or world.coordinator
    return bulk.preview(by=by, act="assign", arguments=arguments, references=references)


def done(run: BulkRun, by: Any) -> list[tuple[str, str]]:
    run = bulk.begin(bulk.apply(run=run, by=by))
    return outcomes(run)


def outcomes(run: BulkRun) -> list[tuple[str, str]]:
    return list(run.rows.order_by("number").values_list("outcome", "says"))


def told(enquiry: Enquiry, verb: str) -> int:
    return Event.objects.filter(enquiry=enquiry, verb=verb).count()


# --- What the preview says, and what comes ------------------------------------------------------------------


def test_a_preview_says_what_will_happen_to_each_and_does_nothing(world: World) -> None:
    first, second = world.enquiry(), world.enquiry()
    run = flagging(world, first.reference, second.reference)
    assert [outcome for outcome, _ in outcomes(run)] == [Outcome.READY, Outcome.READY]
    assert not Flag.objects.exists()
    assert not told(first, "enquiry.flagged")


def test_each_row_has_one_outcome_and_one_line_of_history(world: World) -> None:
    rows = [world.enquiry() for _ in range(3)]
    result = done(flagging(world, *(row.reference for row in rows)), world.coordinator)
    assert result == [(Outcome.DONE, "Has the flag “Press interest” now.")] * 3
    assert [told(row, "enquiry.flagged") for row in rows] == [1, 1, 1]


def test_confirmed_twice_it_is_done_once(world: World) -> None:
    enquiry = world.enquiry()
    run = flagging(world, enquiry.reference)
    assert done(run, world.coordinator) == done(run, world.coordinator)
    assert told(enquiry, "enquiry.flagged") == 1


def test_sent_twice_under_one_name_it_is_one_run_and_for_something_else_it_is_refused(world: World) -> None:
    name, enquiry, other = uuid4(), world.enquiry(), world.enquiry()
    first = flagging(world, enquiry.reference, uid=name)
    assert flagging(world, enquiry.reference, uid=name) == first
    with pytest.raises(KeyReused):
        flagging(world, other.reference, uid=name)


def test_what_one_cannot_see_is_not_there_and_the_others_go_on(world: World) -> None:
    mine, hidden = world.enquiry(), world.enquiry(Status.DRAFT)
    run = flagging(world, mine.reference, hidden.reference, "ENQ-2222-2222-2")
    nothing = (Outcome.LEFT, bulk.NOTHING_HERE)
    assert outcomes(run)[1:] == [nothing, nothing]
    assert [outcome for outcome, _ in done(run, world.coordinator)] == [
        Outcome.DONE,
        Outcome.LEFT,
        Outcome.LEFT,
    ]


@pytest.mark.parametrize(
    "who", ["referrer", "authority_manager", "reviewer", "auditor", "lead", "administrator"]
)
def test_only_the_hubs_triage_may_act_on_many(world: World, who: str) -> None:
    with pytest.raises(Forbidden):
        flagging(world, world.enquiry().reference, by=getattr(world, who))


def test_a_role_taken_away_meanwhile_stops_the_rest(world: World) -> None:
    run = flagging(world, world.enquiry().reference)
    bulk.apply(run=run, by=world.coordinator)
    world.coordinator.role_grants.all().delete()
    assert bulk.bulk_next(timezone.now())
    assert fresh(run).why_given_up == "Your role does not allow this: act on many enquiries at once."
    assert not Flag.objects.exists()


def test_nobody_applies_the_preview_of_somebody_else(world: World) -> None:
    run = flagging(world, world.enquiry().reference)
    assert not BulkRun.objects.visible_to(world.colleague).exists()
    with pytest.raises(NotFound):
        bulk.apply(run=run, by=world.colleague)


# --- Chosen by what is ticked, or by all that match -----------------------------------------------------------


def test_all_that_match_are_those_of_the_list_with_its_filters(world: World) -> None:
    world.enquiry()
    claimed = world.enquiry(Status.IN_TRIAGE)
    run = flagging(world, query="status=in_triage&sort=newest")
    assert [row.reference for row in run.rows.all()] == [claimed.reference]


def test_a_filter_that_is_not_known_is_refused_since_it_would_choose_too_much(world: World) -> None:
    world.enquiry()
    with pytest.raises(Invalid) as refused:
        flagging(world, query="stauts=in_triage")
    assert refused.value.faults[0].detail == "There is no filter called stauts."


def test_more_than_the_stated_number_is_refused_whole(world: World, settings: Any) -> None:
    settings.BULK_MOST = 2
    for _ in range(3):
        world.enquiry()
    with pytest.raises(Invalid, match="These are more than 2 rows"):
        flagging(world, query="")
    assert not BulkRun.objects.exists()


def test_twenty_thousand_references_are_refused_whole(world: World) -> None:
    with pytest.raises(Invalid, match="These are 20,000 rows"):
        flagging(world, *(f"ENQ-{number}" for number in range(20_000)))


# --- Assigning ------------------------------------------------------------------------------------------------


def test_what_nobody_has_and_what_somebody_has_is_given_to_a_colleague(world: World) -> None:
    free, taken = world.enquiry(), world.enquiry(Status.IN_TRIAGE)
    run = assigning(world, free.reference, taken.reference, reason="Ann is on leave.")
    assert [says for _, says in outcomes(run)] == [
        "To Ben Coordinator.",
        "From Ann Coordinator to Ben Coordinator.",
    ]
    done(run, world.coordinator)
    assert [fresh(row).owner for row in (free, taken)] == [world.colleague, world.colleague]


def test_a_row_that_changed_since_the_preview_is_refused_alone(world: World) -> None:
    first, second = world.enquiry(), world.enquiry()
    run = assigning(world, first.reference, second.reference)
    triage.claim(enquiry=first, by=world.manager)
    triage.release(enquiry=fresh(first), by=world.manager)
    result = done(run, world.coordinator)
    assert result == [
        (Outcome.REFUSED, "Changed meanwhile by Mia Manager. Look at it again."),
        (Outcome.DONE, "Ben Coordinator has it now."),
    ]


@pytest.mark.parametrize(
    "status",
    [
        Status.SUBMITTED,
        Status.IN_TRIAGE,
        Status.INFORMATION_REQUESTED,
        Status.ACCEPTED,
        Status.DECLINED,
        Status.WITHDRAWN,
    ],
)
@pytest.mark.parametrize("act", ["assign", "flag"])
def test_what_the_preview_leaves_out_is_what_the_action_refuses(world: World, status: str, act: str) -> None:
    enquiry = world.enquiry(status)
    arguments = {
        "assign": {"to": world.colleague.pk, "reason": ""},
        "flag": {"code": "HOLD", "reason": "Look.", "review_on": in_days(3).isoformat()},
    }[act]
    run = bulk.preview(by=world.coordinator, act=act, arguments=arguments, references=[enquiry.reference])
    left = run.rows.get().outcome == Outcome.LEFT
    try:
        given = bulk.read_act(act, world.coordinator, run.arguments)
        given.do(fresh(enquiry))
        refused = False
    except Refused:
        refused = True
    assert left == refused


# --- Offering -------------------------------------------------------------------------------------------------


def offering(world: World, *references: str, **more: Any) -> BulkRun:
    arguments = {"service": world.north.code, "reply_by": in_days(3).isoformat()}
    return bulk.preview(by=world.coordinator, act="offer", arguments=arguments, references=references, **more)


def test_the_waiting_referrals_of_chosen_enquiries_are_offered(world: World) -> None:
    assert world.assessor
    waiting, undecided = world.referral(), world.enquiry()
    run = offering(world, waiting.enquiry.reference, undecided.reference)
    *ready, left = outcomes(run)
    assert {outcome for outcome, _ in ready} == {Outcome.READY}
    assert left == (Outcome.LEFT, bulk.NOTHING_WAITS)
    done(run, world.coordinator)
    assert {row.service for row in waiting.enquiry.referrals.all()} == {world.north}


def test_an_offer_that_was_made_meanwhile_is_refused_alone(world: World) -> None:
    assert world.assessor
    referral = world.referral()
    run = offering(world, referral.reference)
    placements.offer(referral=referral, by=world.manager, service=world.south, reply_by=in_days(2))
    assert done(run, world.coordinator)[0][0] == Outcome.REFUSED
    assert fresh(referral).service == world.south


def test_a_service_that_does_not_do_it_there_is_said_before(world: World) -> None:
    referral = world.referral()
    world.north.coverage.all().delete()
    run = offering(world, referral.reference)
    assert run.rows.get().outcome == Outcome.LEFT
    assert "does not cover" in run.rows.get().says


# --- The worker -----------------------------------------------------------------------------------------------


def test_a_long_run_goes_on_with_the_worker_from_the_row_done_last(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr("referrals.actions.rowwise.SLICE", 1)
    run = flagging(world, world.enquiry().reference, world.enquiry().reference)
    run = bulk.begin(bulk.apply(run=run, by=world.coordinator))
    assert run.running
    assert bulk.bulk_next(timezone.now())
    assert not fresh(run).running
    assert not bulk.bulk_next(timezone.now())
    assert Flag.objects.count() == 2


def test_who_is_killed_loses_the_run_and_nothing_is_done_twice(world: World) -> None:
    run = flagging(world, world.enquiry().reference)
    bulk.apply(run=run, by=world.coordinator)
    now = timezone.now()
    assert BulkRun.objects.claim(now)
    assert not bulk.bulk_next(now)
    assert bulk.bulk_next(now + timedelta(minutes=2))
    assert outcomes(run)[0][0] == Outcome.DONE


def test_runs_of_long_ago_are_forgotten(world: World) -> None:
    flagging(world, world.enquiry().reference)
    assert bulk.forget_runs(timezone.now()) == 0
    assert bulk.forget_runs(timezone.now() + timedelta(days=31))
    assert not BulkRow.objects.exists()


# --- Flags ----------------------------------------------------------------------------------------------------


def hold(world: World, enquiry: Enquiry, **more: Any) -> Flag:
    given = {"code": "HOLD", "reason": "A call is awaited.", "review_on": in_days(5), **more}
    return flags.raise_flag(enquiry=enquiry, by=world.coordinator, **given)


def test_a_flag_stands_once_and_again_after_it_was_lifted(world: World) -> None:
    enquiry = world.enquiry()
    flag = hold(world, enquiry)
    with pytest.raises(Refused, match="It has the flag “Hold” already"):
        hold(world, enquiry)
    assert flags.lift_flag(flag=flag, by=world.manager).lifted_by == world.manager
    hold(world, enquiry)
    assert enquiry.flag_rows.standing().count() == 1


def test_a_flag_needs_a_code_of_the_list_a_reason_and_a_day_to_come(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        hold(world, world.enquiry(), code="ODD", reason=" ", review_on=in_days(0))
    assert [fault.pointer for fault in refused.value.faults] == ["/code", "/reason", "/review_on"]


def test_nobody_outside_the_hub_learns_of_a_flag(world: World) -> None:
    referral = world.referral("in_progress")
    hold(world, referral.enquiry)
    for user in (world.referrer, world.authority_manager, world.lead, world.assessor):
        assert not Flag.objects.visible_to(user).exists()
        assert not Event.objects.visible_to(user).filter(verb="enquiry.flagged").exists()
