"""What is said about an enquiry in Welsh is said in Welsh; what people wrote stays as they wrote it."""

import io
import re
from datetime import date
from typing import Any

import pikepdf
import pytest
from django.utils.formats import date_format

from config import catalogue
from intake.actions import enquiries, information
from intake.lifecycle import Party, Role, Status
from intake.models import Enquiry, Event, Notification, User
from intake.words import Language
from referrals.models import Referral
from referrals.verbs import SAYS
from reports.actions.documents import Order, acknowledge, print_paper
from reports.languages import UNREVIEWED, speaking
from reports.letters import letter
from reports.models import Document
from reports.summaries.shelf import SHELVES
from tests.factories import World, example, fresh, new_key
from tests.reports.papers import text_of

Kind, Audience = Document.Kind, Document.Audience
EVERY = [(kind, audience) for kind, shelf in SHELVES.items() for audience in shelf.readers]
MONTHS = (
    *("Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin"),
    *("Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr"),
)
ENGLISH_DAYS = re.compile(
    r"\d+ (?:January|February|March|April|June|July|August|September|October|November|December) \d+"
)
# What the authority wrote stays in its own words.
WROTE = " ".join(str(example()).split())


def fragments() -> list[str]:
    """What the catalogue says in English, in pieces of more than two words between its places."""
    found = set()
    for message in catalogue.read():
        for words in [message.id] if isinstance(message.id, str) else message.id:
            if words and message.string != message.id:
                found |= {piece.strip() for piece in re.split(r"{\w+}|%\(\w+\)s", words)}
    return sorted(piece for piece in found if len(re.findall(r"[A-Za-z']{2,}", piece)) > 2)


def english_in(text: str) -> list[str]:
    return [words for words in fragments() if words in text and words not in WROTE]


def lang_of(pdf: bytes) -> str:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return str(opened.Root.Lang)


def case(world: World) -> Referral:
    """A Welsh enquiry whose work is under way, with everything a paper can say of it."""
    enquiry = world.enquiry(Status.IN_TRIAGE, language="cy")
    enquiry = world.ask(enquiry)
    information.answer(
        enquiry=enquiry, by=world.referrer, answers=[{"number": number, "text": "Ydy."} for number in (1, 2)]
    )
    enquiry = world.accept(fresh(enquiry))
    referral = enquiry.referrals.first()
    assert referral is not None
    for step in (world.offer, world.take, world.start, world.report):
        referral = step(referral)
    return referral


def subject_of(kind: str, referral: Referral) -> str:
    return {"referral": referral.reference, "questions": "1", "": ""}[SHELVES[Kind(kind)].about]


def reader(world: World, kind: str, audience: str) -> User:
    """Somebody who may print it, the hub's first."""
    people = (world.manager, world.auditor, world.coordinator, world.authority_manager, world.lead)
    allowed = SHELVES[Kind(kind)].readers[Audience(audience)]
    return next(person for person in people if person.has(*allowed))


def printed(world: World, referral: Referral, kind: str, audience: str, language: str = "") -> Document:
    order = Order(
        Kind(kind), Audience(audience), subject_of(kind, referral), reason="Gofynnwyd.", language=language
    )
    by = reader(world, kind, audience)
    return print_paper(enquiry=fresh(referral.enquiry), order=order, by=by)


def test_every_paper_for_every_audience_is_in_welsh(world: World) -> None:
    referral, found = case(world), {}
    for kind, audience in EVERY:
        document = printed(world, referral, kind, audience)
        text = text_of(bytes(document.pdf))
        found[kind, audience] = english_in(text)
        assert lang_of(bytes(document.pdf)) == "cy", (kind, audience)
        assert document.language == Language.WELSH
        assert "Tudalen 1 o " in text
        days = [day for day in ENGLISH_DAYS.findall(text) if day not in WROTE]
        assert days == [], (kind, audience)
        assert [words for words in UNREVIEWED if words not in text] == []
    assert {of: words for of, words in found.items() if words} == {}
    verbs = set(Event.objects.filter(enquiry=referral.enquiry).values_list("verb", flat=True))
    assert verbs - set(SAYS) == set()


def test_a_declined_enquiry_and_its_acknowledgement_are_in_welsh(world: World) -> None:
    enquiry = world.enquiry(Status.DECLINED, language="cy")
    order = Order(Kind.DECISION, Audience.AUTHORITY)
    made = print_paper(enquiry=fresh(enquiry), order=order, by=world.referrer)
    text = text_of(bytes(made.pdf))
    assert "Ein penderfyniad" in text
    assert "Not our area." in text
    receipt = bytes(acknowledge(enquiry=fresh(enquiry)).pdf)
    assert "Mae eich ymholiad wedi dod i law" in text_of(receipt)
    assert (english_in(text), english_in(text_of(receipt)), lang_of(receipt)) == ([], [], "cy")


def of_cardiff(world: World, **changes: Any) -> Enquiry:
    by = world.person(world.cardiff, "Gwenllian Rees", Role.REFERRER)
    body = {**example("prebirth_pams"), **changes}
    body["referrer"] = {**body["referrer"], "email": by.email}
    return enquiries.submit(body=body, by=by, key=new_key())[0]


def test_what_is_still_missing_is_named_in_welsh(world: World) -> None:
    adults = [{**row, "relationships": []} for row in example("prebirth_pams")["adults"]]
    text = text_of(bytes(acknowledge(enquiry=of_cardiff(world, background="", adults=adults)).pdf))
    said = text.partition("Yr hyn sydd ar goll o hyd")[2]
    for words in ("Cefndir", "Oedolyn 1: perthynas â'r plant", "yn ôl calendr Cymru"):
        assert words in said
    assert english_in(text) == []


def test_a_welsh_authority_is_called_by_its_welsh_name(world: World) -> None:
    enquiry = of_cardiff(world)
    assert "Cyngor Caerdydd" in text_of(bytes(acknowledge(enquiry=enquiry).pdf))
    order = Order(Kind.SUMMARY, Audience.AUTHORITY, language="en")
    made = print_paper(enquiry=fresh(enquiry), order=order, by=enquiry.created_by)
    assert "City of Cardiff Council" in text_of(bytes(made.pdf))


def test_the_other_language_is_a_paper_of_its_own(world: World) -> None:
    referral = case(world)
    welsh = printed(world, referral, "summary", "internal")
    english = printed(world, referral, "summary", "internal", language="en")
    assert (welsh.version, english.version) == (1, 2)
    assert (lang_of(bytes(english.pdf)), english.language) == ("en-GB", "en")
    assert "Case summary" in text_of(bytes(english.pdf))
    assert printed(world, referral, "summary", "internal") == welsh
    assert printed(world, referral, "summary", "internal", language="en") == english
    lines = Event.objects.filter(enquiry=referral.enquiry, verb="document.printed").order_by("sequence")
    assert [line.data.get("language", "") for line in lines] == ["", "en", "", "en"]


def test_an_english_enquiry_speaks_english_and_says_nothing_of_welsh(world: World) -> None:
    made = print_paper(
        enquiry=world.enquiry(), order=Order(Kind.SUMMARY, Audience.AUTHORITY), by=world.referrer
    )
    text = text_of(bytes(made.pdf))
    assert (lang_of(bytes(made.pdf)), made.language) == ("en-GB", "en")
    assert "Page 1 of " in text
    assert [words for words in UNREVIEWED if words in text] == []


def test_once_a_speaker_has_read_it_through_no_paper_says_that_none_has(world: World, settings: Any) -> None:
    settings.WELSH_REVIEWED = True
    made = acknowledge(enquiry=world.enquiry(language="cy"))
    assert [words for words in UNREVIEWED if words in text_of(bytes(made.pdf))] == []


def test_days_are_spelt_in_welsh() -> None:
    with speaking(Language.WELSH):
        said = [date_format(date(2027, month, 1), "j F Y") for month in range(1, 13)]
        assert date_format(date(2026, 12, 1), "l j F Y") == "Dydd Mawrth 1 Rhagfyr 2026"
    assert said == [f"1 {month} 2027" for month in MONTHS]


FAMILY = ("Connor", "Ella", "Doyle", "Shannon", "Zielinski", "Weaver", "2018", "neglect", "Priya", "Ann")


@pytest.mark.parametrize("kind", Notification.Kind.values)
def test_a_letter_is_in_welsh_with_the_english_beneath_and_names_nobody(world: World, kind: str) -> None:
    enquiry = world.enquiry(language="cy")
    data = {"lifecycle": "enquiry", "transition": "request_information", "day": "2026-12-01"}
    written = letter(enquiry.notify(kind, to=Party.REFERRER, data=data))
    welsh, _, english = written.text.partition("* * *")
    assert english_in(welsh.replace(UNREVIEWED[1], "")) == []
    assert (
        f"Cyfeirnod: {enquiry.reference}" in welsh or f"Cyfeirnod yr un newydd: {enquiry.reference}" in welsh
    )
    assert enquiry.reference in english
    assert UNREVIEWED[0] in welsh
    whole = (written.subject + written.text).casefold()
    assert [name for name in FAMILY if name.casefold() in whole.split()] == []
    assert " / " in written.subject


def test_the_hub_is_written_to_in_english(world: World) -> None:
    enquiry = world.enquiry(Status.IN_TRIAGE, language="cy")
    data = {"lifecycle": "enquiry", "transition": "answer"}
    written = letter(enquiry.notify(Notification.Kind.TRANSITION, to=Party.OWNER, data=data))
    assert "* * *" not in written.text
    assert "The questions are answered, and the clock runs again." in written.text


# --- Chosen ---------------------------------------------------------------------------------------------------


def test_over_the_api_a_paper_comes_in_the_language_that_is_asked_for(world: World, api: Any) -> None:
    enquiry, caller = world.enquiry(language="cy"), api(world.reviewer)
    for path in ("summary.pdf", "papers/chronology.pdf"):
        there = f"/api/v1/enquiries/{enquiry.reference}/{path}?audience=internal"
        assert lang_of(caller.get(there).content) == "cy"
        assert lang_of(caller.get(f"{there}&language=en").content) == "en-GB"
        refused = caller.get(f"{there}&language=fr")
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "language")


def test_on_the_page_the_enquirys_own_language_is_chosen_already(world: World, signed_in: Any) -> None:
    enquiry, client = world.enquiry(language="cy"), signed_in(world.coordinator)
    page = f"/enquiries/{enquiry.reference}/print/summary/?audience=authority"
    shown = " ".join(client.get(page).content.decode().split())
    assert re.search(r'value="cy"[^>]* checked', shown)
    sections = ["children", "history"]
    assert lang_of(client.post(page, {"sections": sections, "language": "en"}).content) == "en-GB"
    assert lang_of(client.post(page, {"sections": sections, "language": "cy"}).content) == "cy"
    welsh = text_of(client.post(page, {"sections": sections}).content)
    assert "Risgiau a diogelwch, yn ôl dewis y sawl a'i hargraffodd" in welsh
