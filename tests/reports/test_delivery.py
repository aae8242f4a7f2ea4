"""Promises are kept at least once, later when it fails, and shown when they cannot be kept."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from intake.lifecycle import UNDO_WITHIN, Party
from intake.models import Enquiry, Notification
from intake.models.notification import DEATHS_ALLOWED, LEASE, RETRY_AFTER
from reports.actions.delivery import deliver_next
from reports.models import Document
from tests.factories import World, fresh


class Broken:
    """A mail system that refuses, with a text that must not be kept."""

    def __init__(self, **_: Any) -> None: ...

    def send_messages(self, _: Any) -> int:
        raise OSError("550 priya.nair@oldham.example.gov.uk unknown")


@pytest.fixture
def enquiry(world: World) -> Enquiry:
    return world.enquiry()


@pytest.fixture
def broken_mail(settings: Any) -> None:
    settings.EMAIL_BACKEND = "tests.reports.test_delivery.Broken"


def the_one() -> Notification:
    return Notification.objects.get()


def test_the_acknowledgement_is_made_then_the_letter_is_sent(enquiry: Enquiry) -> None:
    assert deliver_next(timezone.now())
    assert Document.objects.get().enquiry == enquiry
    assert [sent.to for sent in mail.outbox] == [[enquiry.referrer_email]]
    assert the_one().sent_at is not None


def test_nothing_waits_twice(enquiry: Enquiry) -> None:
    assert [deliver_next(timezone.now()), deliver_next(timezone.now())] == [True, False]
    assert len(mail.outbox) == 1


def test_a_letter_carries_the_notification_s_message_id(enquiry: Enquiry) -> None:
    deliver_next(timezone.now())
    assert str(the_one().message_id) in mail.outbox[0].message()["Message-ID"]


@pytest.mark.usefixtures("broken_mail")
def test_each_failure_waits_longer_and_the_last_is_parked(enquiry: Enquiry) -> None:
    now = timezone.now()
    for minutes in RETRY_AFTER:
        assert deliver_next(now)
        assert the_one().not_before == now + timedelta(minutes=minutes)
        assert not deliver_next(now)
        now = the_one().not_before
    assert deliver_next(now)
    assert the_one().parked_at == now
    assert Document.objects.count() == 1


@pytest.mark.usefixtures("broken_mail")
def test_what_went_wrong_is_kept_without_its_text(enquiry: Enquiry, caplog: pytest.LogCaptureFixture) -> None:
    deliver_next(timezone.now())
    assert the_one().last_error == "OSError"
    assert "priya" not in caplog.text.lower()


def test_what_a_dead_worker_held_is_taken_up_after_the_lease(enquiry: Enquiry) -> None:
    now = timezone.now()
    Notification.objects.claim(now)
    assert not deliver_next(now)
    assert deliver_next(now + LEASE + timedelta(seconds=1))
    assert len(mail.outbox) == 1


def test_a_promise_that_kills_its_workers_is_parked(enquiry: Enquiry) -> None:
    now = timezone.now()
    for _ in range(DEATHS_ALLOWED):
        assert Notification.objects.claim(now)
        now += LEASE + timedelta(seconds=1)
    deliver_next(now)
    assert the_one().parked_at == now
    assert "died 3 times" in the_one().last_error
    assert mail.outbox == []


def test_a_worker_that_lost_its_lease_does_not_mark_another_s_work(enquiry: Enquiry) -> None:
    now = timezone.now()
    slow = Notification.objects.claim(now)
    assert slow is not None
    Notification.objects.claim(now + LEASE + timedelta(seconds=1))
    slow.mark_sent(now)
    assert the_one().sent_at is None


def test_with_nobody_to_tell_it_is_parked_and_shown(world: World, capsys: Any) -> None:
    enquiry = world.enquiry()
    Notification.objects.all().delete()
    enquiry.notify(Notification.Kind.TRANSITION, to=Party.OWNER, data={"transition": "answer"})
    call_command("work", "--once")
    call_command("work", "--parked")
    shown = capsys.readouterr().out
    assert f"{enquiry.reference}  transition" in shown
    assert "No active owner to write to." in shown


def test_once_sends_all_that_waits_and_ends(world: World) -> None:
    world.lead.refresh_from_db()
    world.referral("offered")
    # The letter of the acceptance waits until that cannot be undone any more.
    with time_machine.travel(timezone.now() + UNDO_WITHIN, tick=False):
        call_command("work", "--once")
    assert not Notification.objects.waiting(timezone.now()).exists()
    assert len(mail.outbox) >= 3


def test_an_enquiry_withdrawn_in_the_meantime_is_acknowledged_all_the_same(world: World) -> None:
    enquiry = world.enquiry("withdrawn")
    call_command("work", "--once")
    assert fresh(enquiry).documents.count() == 1
