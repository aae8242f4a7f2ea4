"""Messages between authority, hub and assessor, and the hub's notes: to whom they go, and that they stay as written."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone

from intake.actions import keeping, messages, sharing
from intake.lifecycle import Status
from intake.models import Enquiry, Event, Message, MessagesSeen, Notification
from reports.letters import letter
from tests.factories import World, fresh
from tests.intake.test_pages import statements, text

# What firewalls take for an attack and this office for case notes.
LINE = 'Mum\'s partner said: "SELECT * FROM life WHERE 1=1; DROP TABLE dreams;--" </textarea> {{ 7*7 }} – '
PROSE = (LINE * 260)[:20_000]


@pytest.fixture
def enquiry(world: World) -> Enquiry:
    return world.enquiry("in_triage")


def path(enquiry: Enquiry) -> str:
    return f"/api/v1/enquiries/{enquiry.reference}/messages/"


def send(api: Any, user: Any, enquiry: Enquiry, words: str = "May we visit?", **more: str) -> Any:
    return api(user).post(path(enquiry), {"text": words, **more}, format="json")


def read(api: Any, user: Any, enquiry: Enquiry, query: str = "") -> list[tuple[str, str]]:
    answer = api(user).get(path(enquiry) + query)
    assert answer.status_code == 200, answer.data
    return [(row["audience"], row["text"]) for row in answer.data["results"]]


def test_the_very_same_sent_again_at_once_is_one_message_and_later_another(
    world: World, api: Any, enquiry: Enquiry
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        numbers = {send(api, world.referrer, enquiry).data["id"] for _ in range(2)}
        assert len(numbers) == Event.objects.filter(verb="message.sent").count() == 1
        send(api, world.authority_manager, enquiry)
        clock.shift(timedelta(minutes=1))
        send(api, world.referrer, enquiry)
    assert Message.objects.count() == 3


# --- To whom -------------------------------------------------------------------------------------------------


def test_what_the_hub_writes_stays_in_the_hub_unless_it_says_for_whom(
    world: World, api: Any, enquiry: Enquiry
) -> None:
    assert send(api, world.coordinator, enquiry, "Ring Ann.").data["audience"] == "hub"
    assert send(api, world.coordinator, enquiry, audience="authority").data["audience"] == "authority"
    assert read(api, world.referrer, enquiry) == [("authority", "May we visit?")]
    assert len(read(api, world.manager, enquiry)) == 2


@pytest.mark.parametrize("who", ["referrer", "authority_manager", "case_system"])
def test_what_the_authority_writes_goes_to_both(world: World, api: Any, enquiry: Enquiry, who: str) -> None:
    answer = send(api, getattr(world, who), enquiry)
    assert (answer.status_code, answer.data["audience"], answer.data["organisation"]) == (
        201,
        "authority",
        "Oldham",
    )
    for reader in (world.coordinator, world.referrer, world.case_system):
        assert read(api, reader, enquiry) == [("authority", "May we visit?")]


@pytest.mark.parametrize("who", ["referrer", "authority_manager", "case_system"])
def test_the_authority_writes_no_note_of_the_hub(world: World, api: Any, enquiry: Enquiry, who: str) -> None:
    assert send(api, getattr(world, who), enquiry, audience="hub").status_code == 403
    assert not Message.objects.exists()


def test_a_colleague_of_the_referrer_reads_and_writes_as_well(
    world: World, api: Any, enquiry: Enquiry
) -> None:
    colleague = world.person(world.oldham, "Col League", *world.referrer.roles)
    assert send(api, colleague, enquiry).status_code == 201
    assert read(api, colleague, enquiry) == [("authority", "May we visit?")]


def test_the_reviewer_has_the_notes_and_not_the_messages(world: World, api: Any, enquiry: Enquiry) -> None:
    send(api, world.coordinator, enquiry, audience="authority")
    assert send(api, world.reviewer, enquiry, "Seen.").data["audience"] == "hub"
    assert read(api, world.reviewer, enquiry) == [("hub", "Seen.")]
    assert send(api, world.reviewer, enquiry, audience="authority").status_code == 403


def test_the_auditor_reads_with_a_reason_and_writes_nothing(world: World, api: Any, enquiry: Enquiry) -> None:
    send(api, world.coordinator, enquiry, "Ring Ann.")
    assert api(world.auditor).get(path(enquiry)).status_code == 404
    sharing.open_with_reason(reference=enquiry.reference, by=world.auditor, reason="A complaint.")
    assert read(api, world.auditor, enquiry) == [("hub", "Ring Ann.")]
    assert send(api, world.auditor, enquiry).status_code == 403


def test_of_a_service_only_the_assigned_assessor_takes_part(world: World, api: Any) -> None:
    referral = world.referral("allocated")
    enquiry = referral.enquiry
    send(api, world.referrer, enquiry)
    send(api, world.coordinator, enquiry, "Ring Ann.")
    assert read(api, world.assessor, enquiry) == [("authority", "May we visit?")]
    assert send(api, world.assessor, enquiry, "On Monday.").data["audience"] == "authority"
    assert send(api, world.assessor, enquiry, audience="hub").status_code == 403
    for call in (api(world.lead).get(path(enquiry)), send(api, world.lead, enquiry)):
        assert call.status_code == 403
    assert not Message.objects.visible_to(world.lead).exists()
    assert api(world.second_assessor).get(path(enquiry)).status_code == 404


def test_for_a_stranger_there_are_none(world: World, api: Any, enquiry: Enquiry) -> None:
    assert api(world.stranger).get(path(enquiry)).status_code == 404
    assert send(api, world.stranger, enquiry).status_code == 404


def test_about_a_draft_nothing_is_said(world: World, api: Any) -> None:
    answer = send(api, world.referrer, world.enquiry(Status.DRAFT))
    assert (answer.status_code, answer.data["current_status"]) == (409, "draft")


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.DECLINED, Status.LAPSED, Status.CLOSED])
def test_after_it_was_sent_something_can_always_be_said(world: World, api: Any, status: str) -> None:
    enquiry = world.enquiry(status)
    assert send(api, world.referrer, enquiry).status_code == 201
    assert fresh(enquiry).version == enquiry.version


# --- What is written -----------------------------------------------------------------------------------------


def test_twenty_thousand_characters_with_quotes_and_sql_come_back_as_they_went(
    world: World, api: Any, enquiry: Enquiry
) -> None:
    assert send(api, world.referrer, enquiry, PROSE).status_code == 201
    assert read(api, world.coordinator, enquiry) == [("authority", PROSE)]


@pytest.mark.parametrize(
    ("sent", "where"),
    [
        ({"text": "  "}, "/text"),
        ({}, "/text"),
        ({"text": "a" * 100_001}, "/text"),
        ({"text": "Hello", "audience": "everybody"}, "/audience"),
        ({"text": "Hello", "by": "Somebody"}, "/by"),
    ],
)
def test_what_is_no_message_is_refused_at_its_place(
    world: World, api: Any, enquiry: Enquiry, sent: dict[str, str], where: str
) -> None:
    answer = api(world.referrer).post(path(enquiry), sent, format="json")
    assert (answer.status_code, [fault["pointer"] for fault in answer.data["errors"]]) == (422, [where])


def test_the_history_has_a_hash_and_not_the_text_and_a_note_s_line_is_the_hub_s(
    world: World, api: Any, enquiry: Enquiry
) -> None:
    send(api, world.coordinator, enquiry, "Ring Ann.")
    send(api, world.coordinator, enquiry, audience="authority")
    note, message = Event.objects.filter(verb__in=("note.written", "message.sent")).order_by("sequence")
    assert (note.audience, message.audience) == ("hub", "all")
    assert note.data["sha256"] == hashlib.sha256(b"Ring Ann.").hexdigest()
    assert "Ring" not in str([note.note, note.data])
    shown = api(world.referrer).get(f"/api/v1/enquiries/{enquiry.reference}/events/").data["results"]
    assert [row["verb"] for row in shown][-1] == "message.sent"


def test_the_database_changes_and_deletes_no_message(world: World, enquiry: Enquiry) -> None:
    message = messages.write(enquiry=enquiry, by=world.referrer, text="May we visit?")
    rows = Message.objects.filter(pk=message.pk)
    for spoil in (lambda: rows.update(text="Never."), rows.delete):
        with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
            spoil()
    assert fresh(message).text == "May we visit?"


# --- Lists ---------------------------------------------------------------------------------------------------


def test_the_list_is_filtered_by_audience_and_turned_by_pages(
    world: World, api: Any, enquiry: Enquiry
) -> None:
    for n in range(5):
        send(api, world.coordinator, enquiry, f"{n}", audience="hub" if n % 2 else "authority")
    assert [words for _, words in read(api, world.manager, enquiry, "?audience=authority")] == ["0", "2", "4"]
    caller, seen, link = api(world.manager), [], path(enquiry) + "?page_size=2"
    while link:
        page = caller.get(link).data
        seen += [row["text"] for row in page["results"]]
        link = page["next"]
    assert seen == ["0", "1", "2", "3", "4"]


def test_a_filter_that_is_none_is_refused(world: World, api: Any, enquiry: Enquiry) -> None:
    assert api(world.manager).get(path(enquiry) + "?audience=all").status_code == 400


def test_an_authority_asks_for_notes_and_gets_none(world: World, api: Any, enquiry: Enquiry) -> None:
    send(api, world.coordinator, enquiry, "Ring Ann.")
    assert read(api, world.referrer, enquiry, "?audience=hub") == []


# --- Who is told ---------------------------------------------------------------------------------------------


def told(enquiry: Enquiry) -> set[tuple[str, str]]:
    rows = Notification.objects.filter(kind="message", enquiry=enquiry).select_related("enquiry", "person")
    assert all("visit" not in letter(row).text for row in rows)
    return {(row.to, letter(row).to[0]) for row in rows}


def test_the_other_side_is_told_and_the_letter_leads_to_the_page(
    world: World, api: Any, enquiry: Enquiry, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://desk.example"
    send(api, world.coordinator, enquiry, audience="authority")
    assert told(enquiry) == {("referrer", "priya.nair@oldham.example.gov.uk")}
    written = letter(Notification.objects.select_related("enquiry").get(kind="message"))
    assert f"https://desk.example/enquiries/{enquiry.reference}/messages/" in written.text
    assert written.subject.endswith(f"There is a message for you ({enquiry.reference})")


def test_the_owner_is_told_of_an_authority_s_message_and_without_one_the_mailbox(
    world: World, api: Any, enquiry: Enquiry
) -> None:
    send(api, world.referrer, enquiry)
    assert told(enquiry) == {("coordinator", world.coordinator.email)}
    send(api, world.referrer, unclaimed := world.enquiry())
    assert [to for to, _ in told(unclaimed)] == ["coordinator"]


def test_an_assessor_s_message_tells_both_and_theirs_tells_the_assessor(world: World, api: Any) -> None:
    enquiry = world.referral("allocated").enquiry
    send(api, world.assessor, enquiry)
    assert {to for to, _ in told(enquiry)} == {"referrer", "coordinator"}
    send(api, world.referrer, enquiry)
    assert ("assessor", world.assessor.email) in told(enquiry)


def test_of_a_note_nobody_is_told(world: World, api: Any, enquiry: Enquiry) -> None:
    send(api, world.coordinator, enquiry, "Ring Ann.")
    assert told(enquiry) == set()


# --- The page ------------------------------------------------------------------------------------------------


def page_path(enquiry: Enquiry, query: str = "") -> str:
    return f"/enquiries/{enquiry.reference}/messages/{query}"


def test_the_hub_starts_with_a_note_and_the_box_says_who_reads_it(
    world: World, signed_in: Any, enquiry: Enquiry
) -> None:
    page = signed_in(world.coordinator)
    note, message = text(page.get(page_path(enquiry))), text(page.get(page_path(enquiry, "?to=authority")))
    assert "Only the hub will read this." in note
    assert "Keep for the hub" in note
    assert "Oldham will read this." in message
    assert "Send to Oldham" in message
    assert "Message Oldham" in note


def test_the_audience_sent_is_the_one_that_stood_beside_the_box(
    world: World, signed_in: Any, enquiry: Enquiry
) -> None:
    page = signed_in(world.coordinator)
    page.post(page_path(enquiry, "?to=authority"), {"audience": "hub", "text": "Ring Ann."})
    assert Message.objects.get().audience == "hub"


def test_the_authority_chooses_nothing_and_sends_to_the_triage_team(
    world: World, signed_in: Any, enquiry: Enquiry
) -> None:
    page = signed_in(world.referrer)
    words = text(page.get(page_path(enquiry, "?to=hub")))
    assert "The triage team will read this." in words
    assert "Note for the hub" not in words
    answer = page.post(page_path(enquiry), {"audience": "hub", "text": "Let me in"}, follow=True)
    assert answer.status_code == 403
    assert "Let me in" in answer.content.decode()
    answer = page.post(page_path(enquiry), {"audience": "authority", "text": "On Monday?"}, follow=True)
    assert "Sent." in text(answer)
    assert "On Monday?" in text(answer)


def test_an_empty_box_is_refused_beside_it_in_the_same_colour(
    world: World, signed_in: Any, enquiry: Enquiry
) -> None:
    answer = signed_in(world.coordinator).post(page_path(enquiry), {"audience": "authority", "text": " "})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert '<a href="#id_text">Write the message.</a>' in html
    assert 'class="form writing authority"' in html
    assert "<title>Error: Messages" in html


def test_the_typed_text_survives_a_refusal(world: World, signed_in: Any) -> None:
    enquiry = world.referral("offered").enquiry
    answer = signed_in(world.lead).post(page_path(enquiry), {"text": "Can I ask you something?"})
    assert answer.status_code == 403
    assert "Can I ask you something?" in text(answer)


def test_a_message_is_new_to_an_organisation_until_somebody_of_it_opens_the_page(
    world: World, api: Any, signed_in: Any, enquiry: Enquiry
) -> None:
    send(api, world.coordinator, enquiry, audience="authority")
    page = signed_in(world.referrer)
    assert "1 new" in text(page.get(f"/enquiries/{enquiry.reference}/"))
    assert " New " in text(page.get(page_path(enquiry)))
    assert "1 new" not in text(page.get(f"/enquiries/{enquiry.reference}/"))
    assert " New " not in text(page.get(page_path(enquiry)))
    send(api, world.coordinator, enquiry, "Hello?", audience="authority")
    assert "1 new" in text(page.get(f"/enquiries/{enquiry.reference}/"))


def test_who_cannot_answer_marks_nothing_as_read(
    world: World, api: Any, signed_in: Any, enquiry: Enquiry
) -> None:
    send(api, world.referrer, enquiry)
    send(api, world.coordinator, enquiry, "Ring Ann.")
    signed_in(world.reviewer).get(page_path(enquiry))
    assert not MessagesSeen.objects.exists()


def test_the_page_asks_as_much_of_the_database_for_one_message_as_for_many(
    world: World, api: Any, signed_in: Any, enquiry: Enquiry
) -> None:
    send(api, world.referrer, enquiry)
    page = signed_in(world.coordinator)
    one = statements(page, page_path(enquiry))
    for n in range(4):
        send(api, world.referrer, enquiry, f"{n}")
    page.get(page_path(enquiry))
    assert statements(page, page_path(enquiry)) == one <= 14


def test_old_messages_are_a_link_away(
    world: World, signed_in: Any, enquiry: Enquiry, monkeypatch: Any
) -> None:
    monkeypatch.setattr("intake.pages.messages.SIZE", 2)
    for words in ("first", "second", "third"):
        messages.write(enquiry=enquiry, by=world.referrer, text=f"The {words} one")
    page = signed_in(world.coordinator)
    answer = page.get(page_path(enquiry))
    assert "The first one" not in text(answer)
    older = page.get(page_path(enquiry, f"?to=hub&before={answer.context['older']}"))
    assert "The first one" in text(older)
    assert "The second one" not in text(older)


def test_the_enquiry_shows_the_last_few_with_their_ground(
    world: World, signed_in: Any, enquiry: Enquiry
) -> None:
    messages.write(enquiry=enquiry, by=world.coordinator, text="Ring Ann.")
    html = signed_in(world.coordinator).get(f"/enquiries/{enquiry.reference}/").content.decode()
    assert 'class="message hub"' in html
    assert "Ring Ann." in html
    assert (
        "Ring Ann." not in signed_in(world.referrer).get(f"/enquiries/{enquiry.reference}/").content.decode()
    )


def test_words_that_come_back_keep_their_audience_on_whichever_page(world: World, signed_in: Any) -> None:
    enquiry = world.enquiry(Status.IN_TRIAGE)
    path = f"/enquiries/{enquiry.reference}/messages/"
    typed = {"audience": ["authority"], "text": ["Please ring us."]}
    token = keeping.keep(by=world.coordinator, path=path, typed=typed)
    page = signed_in(world.coordinator).get(f"{path}?to=hub&kept={token}").content.decode()
    assert "Please ring us." in page
    assert "Send to Oldham" in page
    assert "Only the hub will read this" not in page
