"""The public door: anybody asks without signing in; no child is named; robots and mail-bombers get nowhere."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from intake.actions import members, public
from intake.lifecycle import Role
from intake.limits import read_limits
from intake.models import Enquiry, Event, Notification, Organisation, User
from intake.models import allowance as counter
from intake.pages.public_forms import new_stamp
from intake.refusals import Invalid
from referrals.actions import triage
from reports.actions.delivery import deliver_next
from tests.factories import PASSWORD, World

START, DETAILS, CONTACT = "/make-an-enquiry/", "/make-an-enquiry/details/", "/contact/"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ASKED = {
    "name": "Daniel Okafor",
    "who": "Local authority",
    "organisation": "Surrey commissioning",
    "email": "daniel@surrey.example",
    "phone": "01483 496 011",
    "about": "Parenting",
    "message": "Could you take four parenting assessments in February, and at what price?",
}


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def limits(settings: Any, tmp_path: Path) -> Any:
    def set_to(text: str = "") -> None:
        settings.LIMITS = read_limits(text)
        settings.LIMITS_FILE = tmp_path / "limits.sqlite3"

    set_to()
    return set_to


@pytest.fixture
def send(client: Client, clock: Any, limits: Any, db: None) -> Any:
    """Fill the form in as a person does: read, think for a minute, send."""

    def fill_in(path: str = DETAILS, **changes: str) -> Any:
        stamp = new_stamp()
        clock.shift(60)
        return client.post(path, {**ASKED, "stamp": stamp, **changes})

    return fill_in


def text_of(answer: Any) -> str:
    return answer.content.decode()


# --- Danger first -----------------------------------------------------------------------------------------------


def test_it_asks_for_danger_before_anything_can_be_typed(client: Client, db: None) -> None:
    page = text_of(client.get(START))
    assert "Is a child in immediate danger?" in page
    assert "<textarea" not in page
    unanswered = client.get(START, {"asked": "1"})
    assert unanswered.status_code == 422
    assert "Say whether a child is in immediate danger." in text_of(unanswered)


@pytest.mark.parametrize(("answer", "leads_to"), [("yes", f"{START}danger/"), ("no", DETAILS)])
def test_yes_leads_to_999_and_no_to_the_form(client: Client, db: None, answer: str, leads_to: str) -> None:
    assert client.get(START, {"asked": "1", "danger": answer})["Location"] == leads_to


def test_the_stop_page_names_999_and_the_council_that_was_chosen(client: Client, db: None) -> None:
    page = text_of(client.get(f"{START}danger/", {"council": "353"}))
    assert "ring 999" in page
    assert "Ring children’s services in Oldham." in page
    assert "Ring children’s services in" not in text_of(client.get(f"{START}danger/", {"council": "nowhere"}))


@pytest.mark.parametrize("path", [START, f"{START}danger/", DETAILS, CONTACT])
def test_a_page_can_be_left_at_once_for_one_that_says_nothing(client: Client, db: None, path: str) -> None:
    page = text_of(client.get(path))
    assert re.search(r'<a [^>]*href="https://www.bbc.co.uk/weather"[^>]*noreferrer', page)
    assert re.findall(r'(?:src|action)="https?:', page) == []


def test_the_sign_in_page_leads_here(client: Client, db: None) -> None:
    page = text_of(client.get("/accounts/login/"))
    assert f'href="{START}"' in page
    assert f'href="{CONTACT}"' in page


# --- What is taken ----------------------------------------------------------------------------------------------


def test_a_question_becomes_a_general_enquiry_in_the_same_worklist(
    send: Any, world: World, api: Any, signed_in: Any
) -> None:
    assert send().status_code == 302
    enquiry = Enquiry.objects.get()
    assert (enquiry.kind, enquiry.status, enquiry.authority.name) == (
        "general",
        "submitted",
        "Public enquiries",
    )
    assert (enquiry.clock, enquiry.due_at is not None) == ("running", True)
    shown = api(world.coordinator).get(f"/api/v1/enquiries/{enquiry.reference}/").data
    assert shown["background"] == ASKED["message"]
    assert shown["referrer"] == {
        "name": "Daniel Okafor",
        "role": "Local authority",
        "team": "Surrey commissioning",
        "email": "daniel@surrey.example",
        "phone": "01483 496 011",
    }
    assert [(row["type"], row["questions"]) for row in shown["assessments"]] == [
        ("GENERAL", ["About: Parenting"])
    ]
    browser = signed_in(world.coordinator)
    for query in ("", "?authority=public", "?kind=general"):
        assert enquiry.reference in text_of(browser.get(f"/enquiries/{query}"))
    assert enquiry.reference not in text_of(browser.get("/enquiries/?authority=353"))
    assert ASKED["message"] in text_of(browser.get(f"/enquiries/{enquiry.reference}/"))


def test_the_confirmation_can_be_kept_and_shows_the_reference_alone(send: Any, client: Client) -> None:
    kept = send()["Location"]
    page = text_of(Client().get(kept))
    assert Enquiry.objects.get().reference in page
    assert not any(value in page for value in ASKED.values())
    for broken in (kept[:-3] + "abc", f"{START}sent/"):
        assert Client().get(broken)["Location"] == START


def test_nobody_but_the_hub_sees_it(send: Any, world: World) -> None:
    send()
    rows = Enquiry.objects.visible_to
    assert rows(world.coordinator).exists()
    people = ("referrer", "authority_manager", "stranger", "case_system", "lead", "assessor", "administrator")
    assert not any(rows(getattr(world, name)).exists() for name in people)
    assert not rows(public.door()).exists()


def test_contact_us_asks_less_and_lands_in_the_same_place(send: Any) -> None:
    assert send(CONTACT).status_code == 302
    enquiry = Enquiry.objects.get()
    assert (enquiry.kind, enquiry.referrer_role, enquiry.background) == ("general", "", ASKED["message"])


def test_its_history_is_whole_and_it_is_triaged_like_any_other(send: Any, world: World) -> None:
    send()
    enquiry = triage.claim(enquiry=Enquiry.objects.get(), by=world.coordinator)
    triage.decline(
        enquiry=enquiry, by=world.coordinator, reason_code="AREA", text="Not here.", elsewhere="The list."
    )
    lines = list(Event.objects.chain(enquiry))
    assert [line.verb for line in lines] == ["enquiry.submit", "enquiry.claim", "enquiry.decline"]
    assert all(line.hash == line.digest() for line in lines)


def test_nobody_signs_in_as_the_public_door(client: Client, db: None) -> None:
    account = public.door()
    account.set_password(PASSWORD)
    account.save()
    with pytest.raises(Invalid):
        members.invite(
            organisation=account.organisation, email="x@example.org", name="X", roles={Role.REFERRER}
        )
    User.objects.create_user("y@example.org", PASSWORD, name="Y", organisation=account.organisation)
    for email in (account.email, "y@example.org"):
        client.post("/accounts/login/", {"login": email, "password": PASSWORD})
        assert "_auth_user_id" not in client.session


def test_an_authority_is_not_offered_the_public_door(world: World, api: Any) -> None:
    listed = api(world.referrer).get("/api/v1/authorities/").data["results"]
    assert "Public enquiries" not in {row["name"] for row in listed}
    assert not Organisation.objects.visible_to(world.referrer).filter(kind="public").exists()


# --- What is refused, with everything kept -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "what"),
    [
        ("Her NHS number is 943 476 5919.", "an NHS number"),
        ("The pupil A123456789012 lives with us.", "a UPN"),
        ("A boy, born on 5 March 2017.", "a date of birth"),
        ("DOB 05/03/2017", "a date of birth"),
        ("In the matter OL26C50123, who pays?", "a court number"),
    ],
)
def test_what_would_tell_who_a_child_is_has_to_be_left_out(send: Any, typed: str, what: str) -> None:
    answer = send(message=typed)
    assert answer.status_code == 422
    page = text_of(answer)
    assert f"This seems to hold {what}. Please leave it out, and send it again." in page
    assert f">\n{typed}</textarea>" in page
    assert page.count(typed) == 1
    assert Enquiry.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " "}, "Give your name."),
        ({"who": ""}, "Say who you are."),
        ({"about": "Weddings"}, "Select a valid choice"),
        ({"message": ""}, "Write what you would like to ask."),
        ({"message": "x" * 5001}, "Write at most 5,000 characters"),
        ({"email": "", "phone": ""}, "Give an e-mail address or a telephone number"),
        ({"email": "daniel"}, "Enter an e-mail address, like"),
        ({"email": "a@example.org\nBcc: b@example.org"}, "Enter an e-mail address, like"),
        ({"phone": "ring me"}, "Enter a telephone number, like"),
        ({"website": "http://spam.example"}, "it is there to stop robots"),
    ],
)
def test_a_faulty_answer_is_said_beside_its_field_and_nothing_is_lost(
    send: Any, changes: dict[str, str], sentence: str
) -> None:
    answer = send(**changes)
    page = text_of(answer)
    assert answer.status_code == 422
    assert sentence in page
    assert "<title>Error: " in page
    kept = {**ASKED, **changes}["organisation"]
    assert kept in page
    assert Enquiry.objects.count() == 0


def test_line_ends_in_a_name_go_nowhere(send: Any) -> None:
    send(name="Dan\r\nBcc: all@example.org")
    assert Enquiry.objects.get().referrer_name == "Dan Bcc: all@example.org"


@pytest.mark.parametrize(
    ("seconds", "sentence"), [(2, "very quick"), (24 * 3600 + 1, "more than a day")], ids=["robot", "old"]
)
def test_too_fast_or_too_old_is_shown_again_with_the_text_and_then_taken(
    client: Client, clock: Any, limits: Any, db: None, seconds: int, sentence: str
) -> None:
    stamp = new_stamp()
    clock.shift(seconds)
    answer = client.post(DETAILS, {**ASKED, "stamp": stamp})
    page = text_of(answer)
    assert (answer.status_code, Enquiry.objects.count()) == (422, 0)
    assert sentence in page
    assert ASKED["message"] in page
    fresh = re.search(r'name="stamp" value="([^"]+)"', page)
    assert fresh
    clock.shift(5)
    assert client.post(DETAILS, {**ASKED, "stamp": fresh[1]}).status_code == 302


@pytest.mark.parametrize("stamp", ["", "1700000000", "eyJhIjoxfQ:1abcde:forged"])
def test_a_stamp_of_ones_own_making_does_not_work(send: Any, stamp: str) -> None:
    assert send(stamp=stamp).status_code == 422
    assert Enquiry.objects.count() == 0


def test_without_the_csrf_token_nothing_is_taken(clock: Any, limits: Any, db: None) -> None:
    stamp = new_stamp()
    clock.shift(60)
    answer = Client(enforce_csrf_checks=True).post(DETAILS, {**ASKED, "stamp": stamp})
    assert (answer.status_code, Enquiry.objects.count()) == (403, 0)


# --- Again, and again and again ----------------------------------------------------------------------------------


def test_the_same_words_within_a_day_are_one_enquiry_with_one_reference(send: Any, clock: Any) -> None:
    first, again = send(), send(message=ASKED["message"].replace(" ", "  ").upper())
    assert Enquiry.objects.count() == Notification.objects.count() == 1
    assert first.status_code == again.status_code == 302
    clock.shift(timedelta(days=1))
    send()
    assert Enquiry.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_pressed_ten_times_at_once_it_is_one_enquiry(limits: Any) -> None:
    by = public.door()

    def press(_: int) -> str:
        try:
            return public.ask(asked=ASKED, by=by)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as threads:
        references = set(threads.map(press, range(10)))
    assert len(references) == Enquiry.objects.count() == Notification.objects.count() == 1


def test_from_one_address_ten_an_hour_are_taken_whatever_it_says_it_is(
    send: Any, client: Client, clock: Any
) -> None:
    answers = []
    for number in range(12):
        client.defaults["HTTP_X_FORWARDED_FOR"] = f"203.0.113.{number}"
        answers.append(send(message=f"Question {number}?"))
    assert [answer.status_code for answer in answers] == [302] * 10 + [429] * 2
    assert Enquiry.objects.count() == 10
    assert int(answers[11]["Retry-After"]) < 3600
    assert "Question 11?" in text_of(answers[11])
    clock.shift(3600)
    assert send(message="Later?").status_code == 302


def test_faulty_forms_use_up_nothing(send: Any, limits: Any) -> None:
    limits("public=1/3600")
    send(message="")
    assert send().status_code == 302


def test_one_address_gets_three_acknowledgements_a_day_and_every_enquiry_is_taken(send: Any) -> None:
    for number in range(6):
        send(email=f"Daniel+{number}@Surrey.example", message=f"Question {number}?")
    assert (Enquiry.objects.count(), Notification.objects.count()) == (6, 3)


@pytest.mark.django_db(transaction=True)
def test_without_the_counter_the_door_is_closed_and_the_text_is_kept(
    client: Client, clock: Any, limits: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LIMITS_FILE = tmp_path
    if connection.vendor != "sqlite":
        monkeypatch.setattr(counter, "SPEND", "SELECT 1/0")
    stamp = new_stamp()
    clock.shift(60)
    answer = client.post(DETAILS, {**ASKED, "stamp": stamp})
    assert (answer.status_code, Enquiry.objects.count()) == (503, 0)
    assert ASKED["message"] in text_of(answer)


# --- What is written to them -------------------------------------------------------------------------------------


def test_the_acknowledgement_repeats_nothing_that_was_typed(send: Any, clock: Any) -> None:
    send(name="Win £££ now", message="Buy at spam dot example")
    assert deliver_next(NOON + timedelta(hours=1))
    (letter,) = mail.outbox
    reference = Enquiry.objects.get().reference
    assert letter.to == [ASKED["email"]]
    assert letter.subject == f"We have received your enquiry ({reference})"
    assert reference in letter.body
    assert "999" in letter.body
    typed = ("Win", "Buy", "Daniel", "Surrey commissioning", "01483", "Sign in", "/enquiries/")
    assert not any(words in f"{letter.subject} {letter.body}" for words in typed)


def test_with_a_telephone_number_alone_no_letter_is_owed(send: Any, world: World) -> None:
    send(email="")
    assert not Notification.objects.exists()
    enquiry = triage.claim(enquiry=Enquiry.objects.get(), by=world.coordinator)
    triage.decline(
        enquiry=enquiry, by=world.coordinator, reason_code="AREA", text="Not here.", elsewhere="The list."
    )
    assert not Notification.objects.filter(to="referrer").exists()


def test_a_letter_about_a_decision_asks_them_to_ring_and_not_to_sign_in(send: Any, world: World) -> None:
    send()
    enquiry = triage.claim(enquiry=Enquiry.objects.get(), by=world.coordinator)
    triage.decline(
        enquiry=enquiry, by=world.coordinator, reason_code="AREA", text="Not here.", elsewhere="The list."
    )
    while deliver_next(NOON + timedelta(hours=1)):
        pass
    told = mail.outbox[-1]
    assert "ring us and give the reference" in told.body
    assert "Sign in" not in told.body
    assert "Not here." not in told.body


def test_the_summary_of_one_can_be_printed(send: Any, world: World, signed_in: Any) -> None:
    send()
    path = reverse("print-paper", args=[Enquiry.objects.get().reference, "summary"])
    here = signed_in(world.manager)
    sections = re.findall(
        r'name="sections" value="([^"]+)"', here.get(f"{path}?audience=internal").content.decode()
    )
    answer = here.post(
        f"{path}?audience=internal", {"sections": sections, "reason": "Somebody rang about it."}
    )
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
