"""What the calendar says: reminded once, lapsed once, asked once, also after the worker was away for days."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.utils import timezone

from intake.lifecycle import Status
from intake.models import Notification, Reminder, Risk
from referrals.actions import oversight, reminders
from referrals.models import Assessor, Referral
from reports import reminding
from reports.letters import letter
from reports.management.commands.work import DAILY, HOURLY, Worker
from reports.models import Round
from tests.factories import World, fresh

# A Monday; the office closes at 17:00, which is UTC in winter.
MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


def at(day: int, hour: int = 10, minute: int = 0) -> datetime:
    """So many days after the Monday."""
    return (MONDAY + timedelta(day)).replace(hour=hour, minute=minute)


def walk(moment: datetime) -> None:
    """What the worker does at its turn, without the letters themselves."""
    with time_machine.travel(moment, tick=False):
        Worker().walk_rounds(timezone.now())


@pytest.fixture
def monday(world: World) -> Any:
    with time_machine.travel(MONDAY, tick=False):
        yield world


def reminded(referral: Any) -> list[tuple[str, str, str]]:
    rows = Notification.objects.filter(kind="reminder", subject=referral.reference).order_by("pk")
    return [(row.data["about"], row.data["stage"], row.to) for row in rows]


# --- Offers --------------------------------------------------------------------------------------------------


def test_an_offer_is_remembered_the_working_day_before_and_lapses_at_closing(monday: World) -> None:
    referral = monday.referral("offered")
    assert referral.reply_by == at(3).date()
    for moment in (at(1), at(2), at(2, 11), at(3, 16, 59)):
        walk(moment)
    assert reminded(referral) == [("offer", "tomorrow", "service_lead")]
    assert fresh(referral).status == "offered"
    walk(at(3, 17, 1))
    assert fresh(referral).status == "waiting"


def test_after_three_days_without_a_worker_an_offer_lapses_once_with_one_letter_each(monday: World) -> None:
    referral = monday.referral("offered")
    walk(at(1))
    for moment in (at(7), at(7, 11), at(8)):
        walk(moment)
    assert fresh(referral).status == "waiting"
    assert referral.offer_rows.get().answer == "lapsed"
    lapsed = Notification.objects.filter(kind="transition", data__transition="lapse_offer")
    assert sorted(lapsed.values_list("to", flat=True)) == ["coordinator", "service_lead"]
    assert reminded(referral) == []


def test_an_offer_made_after_closing_on_its_own_last_day_has_until_the_next_closing(world: World) -> None:
    with time_machine.travel(at(0, 18), tick=False):
        referral = world.referral("offered")
        Referral.objects.filter(pk=referral.pk).update(reply_by=at(0).date())
    walk(at(0, 18, 30))
    walk(at(1, 16))
    assert fresh(referral).status == "offered"
    walk(at(1, 17))
    assert fresh(referral).status == "waiting"


# --- Late work -----------------------------------------------------------------------------------------------


def test_late_work_is_said_once_a_stage_and_after_an_outage_only_what_is_true(monday: World) -> None:
    referral = monday.referral("in_progress")
    Referral.objects.filter(pk=referral.pk).update(needed_by=at(3).date())
    for moment in (at(1), at(2), at(2, 15), at(7), at(8), at(17), at(18)):
        walk(moment)
    stages = [stage for about, stage, to in reminded(referral) if to == "coordinator"]
    # The eve; then, after days without a worker, that it is over; the week in which it is still late.
    assert stages == ["tomorrow", "over", "week"]
    assert {to for _, _, to in reminded(referral)} == {"coordinator", "service_lead", "assessor"}


def test_work_that_waits_again_for_its_new_day_is_reminded_of_anew(monday: World) -> None:
    referral = monday.referral("in_progress")
    for day in (3, 10):
        Referral.objects.filter(pk=referral.pk).update(needed_by=at(day).date())
        walk(at(day - 1))
    assert [stage for _, stage, to in reminded(referral) if to == "assessor"] == ["tomorrow", "tomorrow"]


def test_a_decision_over_its_time_is_said_to_whoever_has_it(monday: World) -> None:
    enquiry = monday.enquiry(Status.IN_TRIAGE)
    assert enquiry.due_at is not None
    for moment in (at(0, 12), at(2), at(3), at(9)):
        walk(moment)
    assert [stage for _, stage, _ in reminded(enquiry)] == ["tomorrow", "over", "week"]


def test_nobody_is_told_of_the_eve_of_what_nobody_has(monday: World) -> None:
    enquiry = monday.enquiry()
    walk(at(0, 12))
    walk(at(2))
    assert [stage for _, stage, _ in reminded(enquiry)] == ["over"]


def test_a_review_that_is_due_is_said_to_the_reviewers_until_the_report_is_out(monday: World) -> None:
    """Our own target: five working days from the day it was handed in."""
    referral = monday.referral("in_review")
    for moment in (at(3), at(4), at(7), at(8), at(14)):
        walk(moment)
    said = [(stage, to) for about, stage, to in reminded(referral) if about == "review"]
    assert said == [("tomorrow", "reviewer"), ("over", "reviewer"), ("week", "reviewer")]
    with time_machine.travel(at(14, 11), tick=False):
        monday.deliver(fresh(referral))
    walk(at(28))
    assert len([row for row in reminded(referral) if row[0] == "review"]) == 3


def test_what_oversight_asks_for_is_said_to_whoever_does_it_until_it_is_done(monday: World) -> None:
    referral = monday.referral("in_progress")
    entries = [
        oversight.enter(about=referral, by=monday.manager, decision=words, action="Ask the school.", owner=owner,
                        due_on=at(3).date())
        for words, owner in (("One.", monday.assessor), ("Two.", monday.assessor), ("Three.", monday.coordinator))
    ]  # fmt: skip
    walk(at(1))
    assert reminded(referral) == []
    walk(at(2))
    rows = Notification.objects.filter(kind="reminder", subject=referral.reference).order_by("pk")
    assert [row.person for row in rows] == [monday.assessor, monday.assessor, monday.coordinator]
    oversight.finish(entry=entries[0], by=monday.assessor, outcome="Done.")
    monday.coordinator.is_active = False
    monday.coordinator.save()
    walk(at(4))
    late = [to for about, stage, to in reminded(referral) if (about, stage) == ("asked", "over")]
    assert late == ["owner", "manager"]


# --- Looking again -------------------------------------------------------------------------------------------


def test_a_pause_is_looked_at_on_its_day_and_then_weekly(monday: World) -> None:
    referral = monday.referral("paused")
    assert referral.review_on == at(14).date()
    for moment in (at(13), at(14), at(15), at(22), at(23)):
        walk(moment)
    said = [(stage, to) for about, stage, to in reminded(referral) if about == "pause"]
    assert said == [
        ("today", "service_lead"), ("today", "coordinator"), ("week", "service_lead"), ("week", "coordinator"),
    ]  # fmt: skip


def test_a_risk_is_looked_at_again_on_its_day_while_the_enquiry_is_open(monday: World) -> None:
    enquiry, closed = monday.enquiry(Status.ACCEPTED), monday.enquiry(Status.CLOSED)
    for row in (enquiry, closed):
        Risk.objects.filter(enquiry=row).update(review_on=at(2).date())
    for moment in (at(1), at(2), at(3)):
        walk(moment)
    assert [row for row in reminded(enquiry) if row[0] == "risk"] == [("risk", "today", "coordinator")]
    assert reminded(closed) == []


def test_a_registration_that_ends_is_said_a_month_and_a_week_before_and_when_it_has(monday: World) -> None:
    assert monday.lead
    Assessor.objects.filter(user=monday.assessor).update(registration_until=at(30).date())
    for moment in (at(0), at(1), at(2), at(23), at(24), at(25), at(31), at(32)):
        walk(moment)
    ours = [row for row in mail.outbox if "registration" in row.subject]
    assert [row.subject.partition(": ")[2] for row in ours] == [
        "A registration ends soon",
        "A registration ends soon",
        "A registration has ended",
    ]
    assert all(row.to == [monday.lead.email] for row in ours)
    assert not any(monday.assessor.name in row.body + row.subject for row in ours)


# --- The rounds themselves -----------------------------------------------------------------------------------


def test_a_daily_round_is_walked_once_a_day_from_the_morning_on_by_whichever_worker(monday: World) -> None:
    # Who counts for the figures holds a row of its own, and walks with every turn.
    rounds = Round.objects.filter(name__in=[name for name, _ in (*HOURLY, *DAILY)])

    def walked() -> set[Any]:
        return set(rounds.values_list("walked_at", flat=True))

    walk(at(0, 10))
    assert walked() == {at(0, 10)}
    assert rounds.count() == len((*HOURLY, *DAILY))
    walk(at(0, 10, 30))
    assert walked() == {at(0, 10)}
    walk(at(1, 6))
    assert walked() == {at(0, 10), at(1, 6)}
    walk(at(1, 8))
    assert walked() == {at(1, 8)}


def test_a_round_that_breaks_is_walked_again_at_the_next_turn(monday: World) -> None:
    walks: list[datetime] = []

    def breaks(now: datetime) -> int:
        walks.append(now)
        raise ZeroDivisionError

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            Worker().walk_once("breaks", breaks, at(0, 7), at(0))
    assert len(walks) == 2


def test_a_round_in_the_hands_of_a_dead_worker_is_taken_up_after_a_while(monday: World) -> None:
    assert Round.objects.take("slow", at(0, 7), at(0, 8))
    assert not Round.objects.take("slow", at(0, 7), at(0, 8, 5))
    assert Round.objects.take("slow", at(0, 7), at(0, 8, 16))


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_say_it_once() -> None:
    with time_machine.travel(MONDAY, tick=False):
        referral = World().referral("in_progress")
        Referral.objects.filter(pk=referral.pk).update(needed_by=at(1).date())
        # What making it has told is not what is asked about.
        before = Notification.objects.count()
        together, done = Barrier(2), []

        def work() -> None:
            together.wait(20)
            try:
                done.append(reminders.remind_of_late_work(timezone.now()))
            finally:
                connection.close()

        threads = [Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert sorted(done) == [0, 1]
    assert Reminder.objects.count() == 1
    assert Notification.objects.count() == before + 3


# --- The letters ---------------------------------------------------------------------------------------------


def test_a_reminder_says_what_is_to_be_done_and_names_nobody(world: World) -> None:
    referral = world.referral()
    people = [person.name for person in referral.enquiry.people.all()]
    for (about, stage), words in reminding.WORDS.items():
        subject = referral.enquiry if about in ("decision", "risk") else referral
        data = {"about": about, "stage": stage, "day": "2026-11-26"}
        written = letter(subject.notify(Notification.Kind.REMINDER, to="coordinator", data=data))
        assert subject.reference in written.subject
        assert words.headline in written.subject
        assert "Thursday 26 November 2026" in written.text
        assert words.to_do in written.text
        assert not [name for name in people if name in written.text + written.subject]
