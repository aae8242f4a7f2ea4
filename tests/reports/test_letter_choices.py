"""Which letters somebody gets: at once unless they say otherwise, together in the morning, or not at all."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from intake.actions import choosing, members, messages, restricting
from intake.lifecycle import Role, Status
from intake.models import HeldLetter, LetterChoice, Notification
from intake.refusals import Invalid
from intake.topics import TOPICS, topic_of
from reports.actions.daily import daily_letters
from reports.actions.delivery import deliver_next
from tests.factories import World, fresh

FRIDAY, MONDAY = datetime(2026, 11, 27, 15, 0, tzinfo=UTC), datetime(2026, 11, 30, 7, 1, tzinfo=UTC)


@pytest.fixture
def friday() -> Any:
    with time_machine.travel(FRIDAY, tick=False) as clock:
        yield clock


def deliver() -> None:
    while deliver_next(timezone.now()):
        pass


def written_to(world: World, mailoutbox: list[Any], **choices: str) -> Any:
    """An enquiry of the coordinator's on which the authority writes, after they have chosen."""
    enquiry = world.enquiry(Status.IN_TRIAGE)
    deliver()
    mailoutbox.clear()
    choosing.choose_letters(by=world.coordinator, choices=choices)
    messages.write(enquiry=fresh(enquiry), by=world.referrer, text="May we ring?")
    deliver()
    return enquiry


def walk(clock: Any, moment: datetime) -> int:
    clock.move_to(moment, tick=False)
    return daily_letters(timezone.now())


def test_without_a_choice_a_letter_comes_at_once(world: World, mailoutbox: Any) -> None:
    written_to(world, mailoutbox)
    assert [sent.to for sent in mailoutbox] == [[world.coordinator.email]]


def test_who_wants_none_gets_none_and_the_promise_is_kept(world: World, mailoutbox: Any) -> None:
    written_to(world, mailoutbox, messages="never")
    assert mailoutbox == []
    promise = Notification.objects.get(kind="message")
    assert (promise.sent_at is not None, promise.parked_at) == (True, None)


def test_another_topic_is_not_touched(world: World, mailoutbox: Any) -> None:
    written_to(world, mailoutbox, moved="never", due="daily")
    assert len(mailoutbox) == 1


def test_together_they_come_on_the_next_working_morning_and_once(
    friday: Any, world: World, mailoutbox: Any
) -> None:
    enquiry = written_to(world, mailoutbox, messages="daily")
    messages.write(enquiry=fresh(enquiry), by=world.referrer, text="Or to-morrow?")
    deliver()
    assert walk(friday, FRIDAY.replace(day=28, hour=9)) == 0
    assert walk(friday, MONDAY.replace(hour=6)) == 0
    assert walk(friday, MONDAY) == 1
    assert walk(friday, MONDAY) == 0
    [sent] = mailoutbox
    assert sent.to == [world.coordinator.email]
    assert "2 things have happened" in sent.subject
    assert sent.body.count(f"There is a message for you ({enquiry.reference})") == 2
    assert not any(name in sent.body for name in ("Doyle", "Rosa", "May we ring?"))
    assert not HeldLetter.objects.exists()


def test_a_promise_that_is_kept_twice_waits_once(friday: Any, world: World, mailoutbox: Any) -> None:
    written_to(world, mailoutbox, messages="daily")
    Notification.objects.filter(kind="message").update(sent_at=None)
    deliver()
    assert HeldLetter.objects.count() == 1


def test_a_mail_system_that_is_down_loses_no_letter(
    friday: Any, world: World, mailoutbox: Any, settings: Any
) -> None:
    written_to(world, mailoutbox, messages="daily")
    with_mail, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "tests.reports.test_delivery.Broken"
    assert walk(friday, MONDAY) == 0
    settings.EMAIL_BACKEND = with_mail
    assert walk(friday, MONDAY.replace(minute=2)) == 0
    assert walk(friday, MONDAY.replace(minute=7)) == 1


def test_who_has_left_or_may_not_know_of_it_any_more_reads_nothing(
    friday: Any, world: World, mailoutbox: Any
) -> None:
    enquiry = written_to(world, mailoutbox, messages="daily")
    restricting.block(enquiry=fresh(enquiry), by=world.manager, person=world.coordinator, reason="A cousin.")
    deliver()
    mailoutbox.clear()
    assert walk(friday, MONDAY) == 0
    assert mailoutbox == []
    assert not HeldLetter.objects.exists()


def test_of_two_leads_each_has_it_their_own_way(world: World, mailoutbox: Any) -> None:
    first, second = world.lead, world.person(world.north, "Lou Lead", Role.SERVICE_LEAD)
    referral = world.offer(world.referral())
    choosing.choose_letters(by=second, choices={"moved": "never"})
    deliver()
    mailoutbox.clear()
    Notification.objects.promise(
        referral.enquiry,
        kind="transition",
        to="service_lead",
        organisation=world.north,
        subject=referral.reference,
        data={"lifecycle": "referral", "transition": "cancel"},
    )
    deliver()
    assert [sent.to for sent in mailoutbox] == [[first.email]]


def test_an_offer_comes_whatever_was_chosen(world: World, mailoutbox: Any) -> None:
    choosing.choose_letters(by=world.lead, choices={"moved": "never", "messages": "never", "due": "never"})
    LetterChoice.objects.create(user=world.lead, topic="offers", how="never")
    world.offer(world.referral())
    deliver()
    assert [world.lead.email] in [sent.to for sent in mailoutbox]


def test_what_always_comes_cannot_be_chosen(world: World) -> None:
    for topic, how in (
        ("offers", "never"),
        ("received", "never"),
        ("moved", "weekly"),
        ("nonsense", "daily"),
    ):
        with pytest.raises(Invalid):
            choosing.choose_letters(by=world.lead, choices={topic: how})


def test_every_notification_is_about_something() -> None:
    assert {topic_of(kind, {}).name for kind in Notification.Kind.values} <= TOPICS.keys()
    asked = {"lifecycle": "enquiry", "transition": "request_information"}
    assert topic_of("transition", asked).always


def test_a_person_chooses_on_their_account(world: World, signed_in: Any) -> None:
    browser = signed_in(world.coordinator)
    page = browser.get("/account/letters/")
    assert list(page.context["form"].fields) == ["language", "moved", "messages", "due"]
    said = {"moved": "daily", "messages": "never", "due": "at_once", "access": "never"}
    assert browser.post("/account/letters/", said)["Location"] == "/account/"
    assert set(LetterChoice.objects.values_list("user__name", "topic", "how")) == {
        ("Ann Coordinator", "moved", "daily"),
        ("Ann Coordinator", "messages", "never"),
    }
    assert browser.get("/account/letters/").context["form"]["moved"].value() == "daily"


def test_who_comes_back_finds_their_choice_and_who_left_gets_nothing(
    friday: Any, world: World, mailoutbox: Any
) -> None:
    written_to(world, mailoutbox, messages="daily")
    members.retire(user=world.coordinator, by=world.manager)
    deliver()
    mailoutbox.clear()
    assert (walk(friday, MONDAY), mailoutbox) == (0, [])
