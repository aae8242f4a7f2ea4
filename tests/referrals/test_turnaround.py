"""Our targets for the work run by the referral's own history, stand still in a pause, and say how they ended."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from intake.models import WorkTarget, put_away
from referrals.actions import assessments
from referrals.turnaround import promised, targets_of
from tests.factories import World, fresh

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as moving:
        yield moving


def said(referral: Any, user: Any) -> dict[str, str]:
    found = targets_of([referral], user, datetime.now(UTC))[referral.pk]
    return {target.code: target.reading.sentence for target in found}


def test_an_offer_is_to_be_answered_in_working_days(world: World) -> None:
    referral = world.referral("offered")
    assert said(referral, world.coordinator) == {
        "OFFER": "Answer to the offer due Friday 27 November, 3 working days left"
    }


def test_an_offer_answered_says_whether_in_time(world: World, clock: Any) -> None:
    referral = world.referral("offered")
    clock.shift(timedelta(days=1))
    assert said(world.take(referral), world.lead) == {
        "OFFER": "Answer to the offer: 25 November 2026, in time"
    }


def test_the_report_is_due_the_catalogues_weeks_after_the_start(world: World) -> None:
    referral = world.referral("in_progress")
    assert said(referral, world.assessor)["TURNAROUND"] == (
        "Report due Tuesday 16 February 2027, 57 working days left"
    )


def test_a_pause_moves_it_and_while_it_lasts_there_is_no_day(world: World, clock: Any) -> None:
    referral = world.referral("in_progress")
    before = targets_of([referral], world.lead, NOW)[referral.pk][-1].reading.due
    paused = world.pause(referral)
    assert said(paused, world.lead)["TURNAROUND"] == "Report clock paused"
    clock.shift(timedelta(days=7))
    resumed = assessments.resume(referral=fresh(paused), by=world.lead)
    after = targets_of([resumed], world.lead, NOW)[referral.pk][-1].reading.due
    assert after - before == timedelta(days=7)


def test_a_report_handed_in_is_to_be_reviewed(world: World) -> None:
    referral = world.referral("in_review")
    assert said(referral, world.reviewer)["REVIEW"] == (
        "Review of the report due Tuesday 1 December, 5 working days left"
    )


def test_delivered_both_have_ended(world: World) -> None:
    found = said(world.referral("delivered"), world.manager)
    assert (found["TURNAROUND"], found["REVIEW"]) == (
        "Report: 24 November 2026, in time",
        "Review of the report: 24 November 2026, in time",
    )


def test_the_row_of_the_type_and_of_the_day_decides(db: None) -> None:
    rows = [row.plain() for row in WorkTarget.objects.all()]
    on = NOW.date()
    assert promised(rows, "TURNAROUND", "AGE", "England", on).amount == 28
    assert promised(rows, "TURNAROUND", "PA", "England", on).amount is None
    later = WorkTarget.objects.create(
        code="OFFER", label="Answer to the offer", amount=2, unit="working days", starts_from="offered",
        valid_from=on + timedelta(days=1),
    )  # fmt: skip
    rows.append(later.plain())
    amounts = [promised(rows, "OFFER", "PA", "Wales", on + timedelta(days=days)).amount for days in (0, 1)]
    assert amounts == [3, 2]


def test_a_target_changed_from_a_day_on_leaves_what_began_before(world: World, clock: Any) -> None:
    referral = world.referral("offered")
    WorkTarget.objects.create(
        code="OFFER", label="Answer to the offer", amount=1, unit="working days", starts_from="offered",
        valid_from=NOW.date() + timedelta(days=1),
    )  # fmt: skip
    put_away()
    clock.shift(timedelta(days=1))
    assert "27 November" in said(referral, world.lead)["OFFER"]


def test_the_api_and_the_page_say_the_same(world: World, api: Any, client: Any) -> None:
    referral = world.referral("in_progress")
    shown = api(world.assessor).get(f"/api/v1/referrals/{referral.reference}/").json()["targets"]
    due = next(row for row in shown if row["code"] == "TURNAROUND")
    assert (due["working_days_left"], due["late"], due["promise"]) == (
        57,
        False,
        "12 weeks from the start of the work",
    )
    client.force_login(world.assessor, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = " ".join(client.get(f"/referrals/{referral.reference}/").content.decode().split())
    assert due["sentence"] in page


def test_an_authority_reads_no_target_of_an_offer_it_does_not_see(world: World) -> None:
    """As visible as the history it is read from."""
    assert said(world.referral("offered"), world.stranger) == {}
