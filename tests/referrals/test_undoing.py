"""A decision is taken back within ten minutes while nobody has acted; nobody is told of what was undone."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from intake.actions import messages, webhooks
from intake.models import Enquiry, Event, User, WebhookDelivery
from intake.refusals import Forbidden, NotPossible
from referrals.actions import triage, undoing
from reports.actions.delivery import deliver_next
from tests.conftest import Caller
from tests.factories import World, fresh

Api = Callable[[User], Caller]
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def decided(world: World, status: str, clock: Any) -> Enquiry:
    enquiry = world.enquiry("in_triage" if status != "duplicate" else "submitted")
    clock.shift(timedelta(hours=1))
    if status == "duplicate":
        return world.bring(enquiry, status)
    return world.decide(enquiry, status)


def letters() -> int:
    count = 0
    while deliver_next(timezone.now()):
        count += 1
    return count


@pytest.mark.parametrize("status", ["accepted", "declined", "redirected", "duplicate"])
def test_an_undone_decision_is_back_in_triage_with_the_due_moment_it_had(
    world: World, api: Api, clock: Any, status: str
) -> None:
    enquiry = decided(world, status, clock)
    due = enquiry.due_at
    clock.shift(timedelta(minutes=9))
    answer = api(world.coordinator).make(enquiry, "undo", {})
    assert (answer.status_code, answer.data["status"]) == (200, "in_triage")
    back = fresh(enquiry)
    assert (back.due_at, back.clock, back.repeats) == (due, "running", None)
    assert back.owner == world.coordinator
    assert not back.decisions.standing().exists()
    call_command("verify_history", stdout=StringIO())


@pytest.mark.parametrize("status", ["accepted", "declined", "redirected", "duplicate"])
def test_its_letter_waits_ten_minutes_and_is_never_sent_when_it_was_undone(
    world: World, clock: Any, mailoutbox: Any, status: str
) -> None:
    enquiry = decided(world, status, clock)
    letters()
    before = len(mailoutbox)
    clock.shift(timedelta(minutes=9))
    assert letters() == 0
    undoing.undo(enquiry=enquiry, by=world.coordinator)
    clock.shift(timedelta(hours=1))
    assert (letters(), len(mailoutbox)) == (0, before)


def test_a_decision_that_stands_is_told_after_ten_minutes(world: World, clock: Any, mailoutbox: Any) -> None:
    decided(world, "declined", clock)
    letters()
    clock.shift(timedelta(minutes=10))
    assert letters() == 1
    assert "declined" in mailoutbox[-1].subject


def test_the_referrals_it_made_are_kept_as_cancelled_and_made_anew(world: World, clock: Any) -> None:
    enquiry = decided(world, "accepted", clock)
    undone = undoing.undo(enquiry=enquiry, by=world.coordinator)
    lines = Event.objects.filter(enquiry=enquiry, verb="referral.cancel")
    assert [line.data["reason_code"] for line in lines] == ["UNDONE", "UNDONE"]
    assert set(enquiry.referrals.values_list("status", flat=True)) == {"cancelled"}
    world.accept(undone)
    assert sorted(enquiry.referrals.values_list("status", flat=True)) == ["cancelled"] * 2 + ["waiting"] * 2


def test_after_ten_minutes_it_stands(world: World, api: Api, clock: Any) -> None:
    enquiry = decided(world, "declined", clock)
    clock.shift(timedelta(minutes=10))
    assert "undo" not in enquiry.transitions_for(world.coordinator)
    answer = api(world.coordinator).make(enquiry, "undo", {})
    assert answer.status_code == 409
    assert fresh(enquiry).status == "declined"


def test_by_who_decided_or_a_manager(world: World, clock: Any) -> None:
    enquiry = decided(world, "declined", clock)
    with pytest.raises(Forbidden):
        undoing.undo(enquiry=enquiry, by=world.colleague)
    assert undoing.undo(enquiry=enquiry, by=world.manager).status == "in_triage"


def test_once_a_referral_was_offered_it_stands(world: World, clock: Any) -> None:
    enquiry = decided(world, "accepted", clock)
    world.offer(enquiry.referrals.first())
    with pytest.raises(NotPossible, match="acted"):
        undoing.undo(enquiry=fresh(enquiry), by=world.coordinator)


def test_once_somebody_else_acted_it_stands(world: World, clock: Any) -> None:
    enquiry = decided(world, "declined", clock)
    messages.write(enquiry=enquiry, by=world.referrer, text="May we ask again?", audience="authority")
    with pytest.raises(NotPossible, match=world.referrer.name):
        undoing.undo(enquiry=fresh(enquiry), by=world.coordinator)


def test_a_letter_that_waits_goes_before_that_of_a_reopening(
    world: World, clock: Any, mailoutbox: Any
) -> None:
    enquiry = decided(world, "declined", clock)
    letters()
    mailoutbox.clear()
    triage.reopen(enquiry=enquiry, by=world.manager, reason="The court asked again.")
    letters()
    said = [mail.subject.partition(" (")[0].rpartition(": ")[2] for mail in mailoutbox]
    assert said == ["declined", "reopened"]


def test_webhooks_hear_of_the_decision_and_of_the_undoing(world: World, clock: Any, api: Api) -> None:
    webhooks.subscribe(by=world.authority_manager, url="https://hooks.oldham.example/")
    world.oldham.refresh_from_db()
    enquiry = decided(world, "declined", clock)
    undoing.undo(enquiry=enquiry, by=world.coordinator)
    kinds = list(WebhookDelivery.objects.order_by("id").values_list("kind", flat=True))
    assert kinds[-2:] == ["enquiry.decline", "enquiry.undo"]
