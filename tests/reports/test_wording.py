"""The office's own wording of letters: safe places only, looked at first, from a day on, and back to the file."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.conf import settings as configured

from intake.lifecycle import Party
from intake.models import Notification, SettingChange, User
from intake.refusals import Forbidden, Invalid, NotPossible
from reports import wordings
from reports.actions import wording
from reports.letters import letter
from reports.models import Wording
from tests.factories import World, in_days
from tests.reports.test_letters import FAMILY

OWN = "Good morning,\n\nsomebody wrote to you about {reference}.\nSign in: {link}\n\n{provider}, {phone}"


@pytest.fixture(autouse=True)
def _a_tuesday_morning() -> Iterator[None]:
    with time_machine.travel("2026-11-24 10:00", tick=False):
        yield


def reword(by: User, text: str = OWN, day: date | None = None, kind: str = "message", **more: Any) -> Wording:
    given = {"reason": "Kinder.", **more}
    return wording.reword(kind=kind, text=text, valid_from=day or in_days(0), by=by, **given)


def message(world: World) -> Notification:
    return world.enquiry().notify(Notification.Kind.MESSAGE, to=Party.REFERRER)


def details(refused: Any) -> str:
    return " ".join(fault.detail for fault in refused.value.faults)


# --- What goes out --------------------------------------------------------------------------------------------


def test_a_letter_goes_out_in_the_offices_words_from_its_day_on(world: World) -> None:
    row = message(world)
    shipped = letter(row)
    reword(world.manager, day=in_days(2))
    assert letter(row) == shipped
    with time_machine.travel("2026-11-26 10:00", tick=False):
        written = letter(row)
    assert f"somebody wrote to you about {row.subject}." in written.text
    assert written.subject == shipped.subject
    assert written.text.startswith(configured.MARKING)
    assert written.text.rstrip().endswith(configured.MARKING)


def test_without_words_it_is_the_file_again(world: World) -> None:
    row = message(world)
    shipped = letter(row)
    reword(world.manager)
    assert letter(row) != shipped
    reword(world.manager, text="")
    assert letter(row) == shipped


@pytest.mark.parametrize("kind", Notification.Kind.values)
def test_the_words_one_begins_with_make_the_same_letter(world: World, kind: str) -> None:
    data = {"lifecycle": "enquiry", "transition": "request_information", "day": "2026-12-01"}
    data |= {"lapses_on": "2026-12-01", "delete_on": "2026-12-01", "about": "decision", "stage": "due"}
    row = world.enquiry().notify(kind, to=Party.REFERRER, data=data)
    before = letter(row).text
    Wording.objects.create(
        kind=kind, text=wordings.shipped(kind), valid_from=in_days(0), by=world.manager, at=row.created_at
    )
    assert letter(row).text.split() == before.split()


@pytest.mark.parametrize("kind", wordings.KINDS)
def test_what_a_letter_can_say_names_nobody(world: World, kind: str) -> None:
    """All its places at once, for a real enquiry about a family."""
    places = wordings.KINDS[kind].places
    words = " ".join(f"{{{name}}}" for name in places)
    notified = Notification.Kind.ACKNOWLEDGEMENT if kind.startswith("public") else Notification.Kind(kind)
    Wording.objects.create(
        kind=notified, text=words, valid_from=in_days(0), by=world.manager, at="2026-11-24T10:00Z"
    )
    data = {"lifecycle": "enquiry", "transition": "request_information", "about": "decision", "stage": "due"}
    written = letter(world.enquiry().notify(notified, to=Party.REFERRER, data=data)).text
    assert "ENQ-" in written
    assert [name for name in FAMILY if name.casefold() in written.casefold().split()] == []


def test_a_place_with_nothing_to_say_leaves_no_gap(world: World) -> None:
    words = "{says}\n\n{to_do}\n\n{reference}: {link}"
    reword(world.manager, text=words, kind="transition")
    data = {"lifecycle": "enquiry", "transition": "claim"}
    row = world.enquiry().notify(Notification.Kind.TRANSITION, to=Party.REFERRER, data=data)
    assert "\n\n\n" not in letter(row).text


def test_somebody_at_the_public_door_reads_it_without_a_marking(world: World) -> None:
    shipped = wordings.shipped(wordings.PUBLIC_RECEIVED)
    reword(world.manager, text=f"Good morning.\n\n{shipped}", kind=wordings.PUBLIC_RECEIVED)
    values = {"reference": "ENQ-7K3M-9QXD-4", "says": ""}
    text = wordings.text(wordings.PUBLIC_RECEIVED, values, in_days(0))
    assert text.startswith("Good morning.\n\nWe have received")
    assert configured.MARKING not in text


# --- What is refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (OWN + " {family}", "“{family}” is not among the places"),
        (OWN + " {reference.enquiry}", "A brace stands for a place only"),
        (OWN + " {reference!r}", "A brace stands for a place only"),
        (OWN + " {{ enquiry.people }}", "A brace stands for a place only"),
        (OWN + " {% include 'x' %}", "A brace stands for a place only"),
        (OWN + " {0}", "A brace stands for a place only"),
        (OWN + " {", "A brace stands for a place only"),
        (OWN.replace("{link}", "here"), "The letter has to say “{link}”"),
        (OWN.replace("{reference}", "it"), "The letter has to say “{reference}”"),
        (OWN + "x" * 4000, "at most 4000 characters"),
    ],
)
def test_words_that_cannot_be_a_letter_are_refused(world: World, words: str, says: str) -> None:
    for act in (lambda: reword(world.manager, words), lambda: look(world, words)):
        with pytest.raises(Invalid) as refused:
            act()
        assert says in details(refused)
    assert not Wording.objects.exists()


def look(world: World, words: str) -> wording.Preview:
    return wording.preview(kind="message", text=words, by=world.manager)


def test_the_number_for_danger_stays_where_it_stood(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        reword(world.manager, kind="acknowledgement")
    assert details(refused) == "Keep what to do in danger: call 999."


def test_the_past_the_same_words_and_no_reason_are_refused(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        reword(world.manager, wordings.shipped("message"), in_days(-1), reason=" ")
    assert {fault.pointer for fault in refused.value.faults} == {"/valid_from", "/reason", "/text"}


@pytest.mark.parametrize("who", ["coordinator", "auditor", "reviewer", "authority_manager", "lead"])
def test_nobody_else_words_a_letter(world: World, who: str) -> None:
    row, by = reword(world.manager, day=in_days(2)), getattr(world, who)
    for act in (
        lambda: reword(by),
        lambda: wording.preview(kind="message", text=OWN, by=by),
        lambda: wording.take_back(wording=row, by=by),
    ):
        with pytest.raises(Forbidden):
            act()
    assert Wording.objects.get() == row


# --- On record, and taken back --------------------------------------------------------------------------------


def test_words_are_taken_back_while_their_day_has_not_come(world: World) -> None:
    row = reword(world.manager, day=in_days(2))
    wording.take_back(wording=row, by=world.administrator)
    assert not Wording.objects.exists()
    back, given = SettingChange.objects.all()
    assert (given.reason, given.changed) == ("Kinder.", [["Wording", "", OWN]])
    assert (back.verb, back.by_name, back.changed) == (
        "taken_back",
        "Ivy Administrator",
        [["Wording", OWN, ""]],
    )


def test_words_that_hold_are_not_taken_back(world: World) -> None:
    row = reword(world.manager)
    with pytest.raises(NotPossible):
        wording.take_back(wording=row, by=world.manager)
    assert Wording.objects.get() == row


# --- The pages ------------------------------------------------------------------------------------------------


def test_on_the_page_the_letter_is_shown_with_made_up_data_and_then_kept(
    world: World, signed_in: Any
) -> None:
    client = signed_in(world.manager)
    typed = {"text": OWN, "valid_from": in_days(0).isoformat(), "reason": "Kinder."}
    looked = client.post("/letters/message/", typed).content.decode()
    assert "somebody wrote to you about ENQ-7K3M-9QXD-4." in looked
    assert not Wording.objects.exists()
    assert client.post("/letters/message/", {**typed, "apply": "1"}).status_code == 302
    assert "Our own words since 24 November 2026" in client.get("/letters/").content.decode()
    assert "Kinder." in client.get("/letters/message/").content.decode()


def test_on_the_page_words_to_come_are_taken_back(world: World, signed_in: Any) -> None:
    row, client = reword(world.manager, day=in_days(2)), signed_in(world.manager)
    assert "Other words from 26 November 2026" in client.get("/letters/").content.decode()
    assert client.post(f"/letters/{row.pk}/take-back/").status_code == 302
    assert not Wording.objects.exists()


def test_what_is_refused_stands_on_the_page_with_what_was_typed(world: World, signed_in: Any) -> None:
    typed = {"text": OWN + " {family}", "valid_from": in_days(0).isoformat(), "reason": "Kinder."}
    answer = signed_in(world.manager).post("/letters/message/", typed)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "is not among the places" in shown
    assert "somebody wrote to you about {reference}" in shown


def test_the_auditor_reads_the_words_without_a_button(world: World, signed_in: Any) -> None:
    reword(world.manager, day=in_days(2))
    client = signed_in(world.auditor)
    shown = client.get("/letters/message/").content.decode()
    assert "There is a message for you." in shown
    assert "somebody wrote to you" in shown
    assert "Take it back" not in shown
    assert "Show the letter" not in shown
    assert client.post("/letters/message/", {"text": "No"}).status_code == 403


def test_others_do_not_get_in_and_an_unknown_kind_is_not_found(world: World, signed_in: Any) -> None:
    assert signed_in(world.coordinator).get("/letters/").status_code == 403
    assert signed_in(world.manager).get("/letters/poems/").status_code == 404


# --- In Welsh -------------------------------------------------------------------------------------------------

WELSH = "Bore da,\n\nysgrifennodd rhywun atoch am {reference}.\nMewngofnodwch: {link}\n\n{provider}, {phone}"


def test_the_welsh_of_a_letter_is_worded_apart_from_its_english(world: World) -> None:
    row = world.enquiry(language="cy").notify(Notification.Kind.MESSAGE, to=Party.REFERRER)
    reword(world.manager, WELSH, language="cy")
    welsh, _, english = letter(row).text.partition("* * *")
    assert f"ysgrifennodd rhywun atoch am {row.subject}." in welsh
    assert "There is a message for you." in english
    assert SettingChange.objects.get().about == "There is a message (Welsh)"


def test_on_its_page_the_welsh_begins_with_the_welsh_that_was_shipped(world: World, signed_in: Any) -> None:
    client = signed_in(world.manager)
    assert 'href="/letters/message/?language=cy"' in client.get("/letters/").content.decode()
    assert "Mae neges i chi." in client.get("/letters/message/?language=cy").content.decode()
    typed = {"text": WELSH, "valid_from": in_days(0).isoformat(), "reason": "Kinder."}
    looked = client.post("/letters/message/?language=cy", typed).content.decode()
    assert "ysgrifennodd rhywun atoch am ENQ-7K3M-9QXD-4." in looked
    assert "Mae neges i chi (ENQ-7K3M-9QXD-4)" in looked
    there = client.post("/letters/message/?language=cy", {**typed, "apply": "1"})
    assert there.url == "/letters/message/?language=cy"
    assert Wording.objects.get().language == "cy"
    assert client.get("/letters/message/?language=fr").status_code == 404
