"""Letters that are about no one enquiry: each in its reader's language, with the English beneath the Welsh."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from intake.actions import choosing, members, messages, webhooks
from intake.lifecycle import Role, Status
from intake.models import User, Webhook
from intake.refusals import Invalid
from intake.words import Language
from referrals.actions import saved_views
from referrals.models import Assessor
from reports.actions.daily import daily_letters
from reports.actions.delivery import deliver_next
from reports.actions.digests import CAP, counted, digests
from reports.actions.hooks import tell_of_those_off
from reports.actions.invitations import send_invitations
from reports.actions.registrations import tell_of_registrations
from reports.languages import UNREVIEWED, speaking
from reports.letters import BELOW
from tests.factories import PASSWORD, World, fresh

FRIDAY, MONDAY = datetime(2026, 11, 27, 15, 0, tzinfo=UTC), datetime(2026, 11, 30, 7, 1, tzinfo=UTC)


def reads(person: User, language: str = Language.WELSH) -> User:
    choosing.choose_letters(by=person, choices={}, language=language)
    return fresh(person)  # type: ignore[no-any-return]


def the_one() -> Any:
    (sent,) = mail.outbox
    return sent


def halves(letter: Any) -> tuple[str, str]:
    welsh, _, english = letter.body.partition(f"\n{BELOW}\n")
    return welsh, english


def in_both(letter: Any, welsh: str, english: str) -> None:
    """The Welsh first, with what nobody has reviewed said of it; the English beneath."""
    above, below = halves(letter)
    assert welsh in above
    assert english in below
    assert "(English below)" in above
    assert all(words in above for words in UNREVIEWED)
    assert not any(words in below for words in UNREVIEWED)


# --- Each of them ---------------------------------------------------------------------------------------------


def off(world: World) -> None:
    hook, _ = webhooks.subscribe(by=world.authority_manager, url="https://hooks.example.org/")
    now = timezone.now()
    Webhook.objects.filter(pk=hook.pk).update(off_because=Webhook.Off.GONE, off_since=now, notice_at=now)
    tell_of_those_off(now)


def ends(world: World) -> None:
    Assessor.objects.filter(user=world.assessor).update(registration_until=date(2026, 11, 30))
    tell_of_registrations(timezone.now())


def counts(world: World) -> None:
    world.enquiry()
    with time_machine.travel(FRIDAY, tick=False):
        saved_views.save(
            by=world.coordinator,
            name="Doyle family",
            of="enquiries",
            query="status=submitted",
            digest="daily",
        )
    mail.outbox.clear()
    with time_machine.travel(MONDAY, tick=False):
        digests(timezone.now())


def gathers(world: World) -> None:
    person = world.coordinator
    with time_machine.travel(FRIDAY, tick=False):
        enquiry = world.enquiry(Status.IN_TRIAGE)
        while deliver_next(timezone.now()):
            pass
        mail.outbox.clear()
        choosing.choose_letters(by=person, choices={"messages": "daily"})
        messages.write(enquiry=fresh(enquiry), by=world.referrer, text="May we ring?")
        while deliver_next(timezone.now()):
            pass
    with time_machine.travel(MONDAY, tick=False):
        daily_letters(timezone.now())


@pytest.mark.parametrize(
    ("who", "happens", "subject", "welsh", "english"),
    [
        (
            "authority_manager",
            off,
            "OFFICIAL-SENSITIVE: Diffoddwyd un o'ch bachau gwe / A webhook of yours was switched off",
            "Dywedodd y derbynnydd nad yw yno mwyach (410)",
            "The receiver said that it is gone (410)",
        ),
        (
            "lead",
            ends,
            "OFFICIAL-SENSITIVE: Daw cofrestriad i ben cyn hir / A registration ends soon",
            "Mewngofnodwch i weld pwy ydyw",
            "Sign in to see whose it is",
        ),
        (
            "coordinator",
            counts,
            "OFFICIAL-SENSITIVE: 1 ymholiad mewn golwg sydd gennych / 1 enquiry in a view of yours",
            "Dydd Llun 30 Tachwedd 2026",
            "Monday 30 November 2026",
        ),
        (
            "coordinator",
            gathers,
            "OFFICIAL-SENSITIVE: Digwyddodd 1 peth ers eich llythyr diwethaf / 1 thing has happened since your "
            "last letter",
            "Mae neges i chi",
            "There is a message for you",
        ),
    ],
)
def test_a_reader_of_welsh_gets_it_with_the_english_beneath(
    world: World, who: str, happens: Any, subject: str, welsh: str, english: str
) -> None:
    person = reads(getattr(world, who))
    setattr(world, who, person)
    happens(world)
    letter = the_one()
    assert letter.to == [person.email]
    assert " ".join(letter.subject.split()) == subject
    in_both(letter, welsh, english)
    for name in ("Doyle", "Rosa", "Asa", "hooks.example.org"):
        assert name not in letter.subject + letter.body


@pytest.mark.parametrize(
    ("who", "happens"), [("authority_manager", off), ("lead", ends), ("coordinator", counts)]
)
def test_everybody_else_gets_the_english_alone(world: World, who: str, happens: Any) -> None:
    assert getattr(world, who)
    happens(world)
    assert BELOW not in the_one().body
    assert " / " not in the_one().subject


def test_of_two_who_are_told_together_each_gets_one_letter_in_their_language(world: World) -> None:
    world.lead = reads(world.lead)
    other = world.person(world.north, "Lin Lead", Role.SERVICE_LEAD)
    ends(world)
    welsh, english = sorted(mail.outbox, key=lambda letter: BELOW not in letter.body)
    assert (welsh.to, english.to) == ([world.lead.email], [other.email])
    assert BELOW not in english.body


@pytest.mark.parametrize(
    ("number", "of", "welsh", "english"),
    [
        (0, "enquiries", "0 ymholiad", "0 enquiries"),
        (2, "referrals", "2 atgyfeiriad", "2 referrals"),
        (CAP + 1, "enquiries", "mwy na 1,000 o ymholiadau", "more than 1,000 enquiries"),
    ],
)
def test_how_many_are_in_a_view_is_said_in_words(number: int, of: str, welsh: str, english: str) -> None:
    assert counted(number, of) == english
    with speaking(Language.WELSH):
        assert counted(number, of) == welsh


# --- Somebody new ---------------------------------------------------------------------------------------------


@pytest.fixture
def invited(world: World) -> Iterator[Any]:
    def invite(organisation: Any, **more: Any) -> User:
        person = members.invite(
            organisation=organisation, email="new@example.org", name="Nia New", roles={Role.REFERRER}, **more
        )
        send_invitations(timezone.now())
        return person

    return invite  # type: ignore[return-value]


def test_somebody_new_in_wales_is_invited_in_both_languages(world: World, invited: Any) -> None:
    invited(world.cardiff)
    assert the_one().subject == "Referral Desk: eich ffordd i mewn / your way in"
    in_both(the_one(), "Gosodwch eich cyfrinair yma", "Set your password here")
    assert "Nia" not in the_one().body


def test_elsewhere_in_the_language_that_was_chosen_for_them(world: World, invited: Any) -> None:
    invited(world.oldham)
    assert BELOW not in the_one().body
    mail.outbox.clear()
    User.objects.all().filter(email="new@example.org").update(email="gone@example.org")
    assert invited(world.oldham, language="cy").language == "cy"
    in_both(the_one(), "Gosodwch eich cyfrinair yma", "Set your password here")


def test_who_invites_chooses_the_language(world: World, signed_in: Any) -> None:
    here = signed_in(world.authority_manager)
    sent = {"name": "Nia New", "email": "nia@oldham.gov.uk", "roles": ["referrer"], "language": "cy"}
    refused = here.post(reverse("person-invite"), {**sent, "language": "fr"})
    assert refused.status_code == 422
    assert 'value="Nia New"' in refused.content.decode()
    here.post(reverse("person-invite"), sent)
    assert User.objects.get(email="nia@oldham.gov.uk").language == "cy"


# --- One's own choice -----------------------------------------------------------------------------------------


def test_one_chooses_the_language_on_the_page_of_letters(world: World, signed_in: Any) -> None:
    here, page = signed_in(world.coordinator), "/account/letters/"
    assert 'value="en"' in here.get(page).content.decode()
    choices = {"messages": "never"}
    refused = here.post(page, {**choices, "language": "fr"})
    assert refused.status_code == 422
    assert "Choose one of the languages." in refused.content.decode()
    everything = {name: "at_once" for name in refused.context["form"].fields if name != "language"}
    here.post(page, {**everything, "language": "cy"})
    assert fresh(world.coordinator).language == "cy"


def test_a_language_that_is_none_is_refused(world: World) -> None:
    with pytest.raises(Invalid):
        choosing.choose_letters(by=world.coordinator, choices={}, language="fr")


# --- Signing in -----------------------------------------------------------------------------------------------


def ask_for_a_link(client: Any, email: str) -> Any:
    client.post(reverse("account_reset_password"), {"email": email})
    return the_one()


def test_a_new_password_is_asked_for_in_ones_language(world: World, client: Any) -> None:
    person = reads(world.coordinator)
    letter = ask_for_a_link(client, person.email)
    in_both(letter, "Gosodwch ef yma, unwaith:", "Set it here, once:")
    assert letter.subject == "Referral Desk: gosodwch eich cyfrinair o'r newydd / set your password anew"
    assert "/accounts/password/reset/key/" in halves(letter)[0]
    assert person.name not in letter.body


def test_an_address_without_an_account_is_told_so_and_nothing_more(world: World, client: Any) -> None:
    letter = ask_for_a_link(client, "nobody@example.org")
    assert letter.to == ["nobody@example.org"]
    assert "There is no\naccount for it" in letter.body
    assert "http" not in letter.body


def test_who_changes_a_password_is_told_in_case_it_was_not_them(world: World, signed_in: Any) -> None:
    person = reads(world.coordinator)
    another = "quite another passphrase"
    fields = {"oldpassword": PASSWORD, "password1": another, "password2": another}
    signed_in(person).post(reverse("account_change_password"), fields)
    in_both(the_one(), "Newidiwyd eich cyfrinair.", "Your password was changed.")


def test_a_password_is_changed_also_while_no_letter_can_be_sent(
    world: World, signed_in: Any, settings: Any
) -> None:
    here, another = signed_in(world.coordinator), "quite another passphrase"
    settings.EMAIL_BACKEND = "tests.reports.test_delivery.Broken"
    fields = {"oldpassword": PASSWORD, "password1": another, "password2": another}
    assert here.post(reverse("account_change_password"), fields).status_code == 302
    assert fresh(world.coordinator).check_password(another)
