"""What is about no one enquiry is in the language that is asked for, else in that of whoever prints it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from intake.actions import drafts, enquiries
from intake.clocks import ANSWERED, DECISION, Reading
from intake.codes import read_reference
from intake.lifecycle import Role
from intake.models import Disposal, Organisation, User
from intake.words import Language
from reports.actions import counting, listing
from reports.languages import UNREVIEWED, known, speaking
from reports.summaries.timing import stands
from tests.factories import World, example, new_key
from tests.reports import structure
from tests.reports.papers import text_of
from tests.reports.test_welsh import ENGLISH_DAYS, english_in, lang_of

ENGLISH_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
# Of one word each, which `english_in` does not look for.
ENGLISH_HEADS = (
    "Reference",
    "Owner",
    "Priority",
    "Filter",
    "Order",
    "Decision due",
    "working day",
)


def reads_welsh(user: User) -> User:
    User.objects.filter(pk=user.pk).update(language=Language.WELSH)
    return User.objects.get(pk=user.pk)


def in_welsh(made: bytes) -> str:
    """What it says, which is Welsh, apart from the plain word about the wording."""
    text = text_of(made)
    assert lang_of(made) == "cy"
    assert [words for words in UNREVIEWED if words not in text] == []
    assert english_in(text.replace(UNREVIEWED[1], "")) == []
    assert ENGLISH_DAYS.findall(text) == []
    assert [word for word in (*ENGLISH_WEEKDAYS, *ENGLISH_HEADS) if word in text] == []
    assert structure.faults(made, "en-GB", "cy") == []
    return text


def of_cardiff(world: World) -> Any:
    by = world.person(world.cardiff, "Gwenllian Rees", Role.REFERRER)
    body = example("prebirth_pams")
    body["referrer"] = {**body["referrer"], "email": by.email}
    return enquiries.submit(body=body, by=by, key=new_key())[0]


def test_the_worklist_is_in_welsh_with_its_heads_states_clocks_and_authorities(
    world: World, signed_in: Any
) -> None:
    found = [
        world.enquiry(status) for status in ("submitted", "in_triage", "information_requested", "declined")
    ]
    found.append(of_cardiff(world))
    text = in_welsh(signed_in(reads_welsh(world.coordinator)).get("/worklist.pdf").content)
    for words in (
        *(row.reference for row in found),
        *(
            "Rhestr waith",
            "Ymholiadau",
            "Cyfeirnod",
            "Gofynnwyd am",
            "Ble mae pethau'n sefyll",
            "Blaenoriaeth",
        ),
        *(
            "Wrthi'n cael ei frysbennu",
            "Asesiad rhianta",
            "Cyngor Caerdydd",
            "dim perchennog",
            "Perchennog",
            "Ann Coordinator",
        ),
        *("Penderfyniad: i'w gwblhau erbyn Dydd", "Penderfyniad: cloc wedi'i atal nes i'r awdurdod ateb"),
        *("Dim: popeth y gallwch ei weld", "Y mwyaf brys", "Tîm brysbennu"),
    ):
        assert words in text, words


def test_its_filters_and_its_order_are_in_welsh_and_what_people_wrote_is_not(
    world: World, signed_in: Any
) -> None:
    query = (
        "?authority=681&authority=353&turn=hub&urgency=urgent&clock=due_today&status=in_triage&owner=me"
        "&flag=child&flag=HOLD&restricted=true&kind=general&nation=Wales&region=North+West&received_after=2026-11-02"
        "&assessment_type=PARENTING&sort=due&q=the+last+hearing"
    )
    text = in_welsh(signed_in(reads_welsh(world.coordinator)).get(f"/worklist.pdf{query}").content)
    for words in (
        *("Cyngor Caerdydd", "Oldham", "Yn aros amdanom ni", "Brys", "I'w gwblhau heddiw", "Perchennog: Fi"),
        *("Oedi", "Cyfyngedig", "Ymholiad cyffredinol", "Cymru", "Gogledd-orllewin Lloegr"),
        *("Daeth i law o: 2026-11-02", "Penderfyniad cynharaf", "“the last hearing”", "Faint 0"),
        "Nid oes dim yn cyfateb i'r hidlyddion hyn.",
    ):
        assert words in text, words


def test_the_named_list_and_the_cut_are_in_welsh(
    world: World, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        world.enquiry()
    monkeypatch.setattr(listing, "MOST", 1)
    by = reads_welsh(world.coordinator)
    text = in_welsh(signed_in(by).get("/worklist.pdf?status=submitted&owner=nobody").content)
    for words in (
        "Heb ei neilltuo i neb",
        "Y 1 cyntaf o fwy",
        "dim ond y 1 cyntaf a argreffir",
        "Perchennog: Neb",
    ):
        assert words in text


def test_the_referrals_are_in_welsh_for_a_service_too(world: World, signed_in: Any) -> None:
    referral = world.referral("in_progress")
    world.north.welsh_name = "Asesiadau Teulu'r Gogledd"
    Organisation.objects.filter(pk=world.north.pk).update(welsh_name=world.north.welsh_name)
    for by in (world.coordinator, world.lead):
        made = signed_in(reads_welsh(by)).get("/referrals.pdf?late=true&late=&sort=changed")
        text = in_welsh(made.content)
        assert "Rhestr atgyfeiriadau" in text
        assert "Newidiwyd ddiwethaf" in text
        text = in_welsh(signed_in(by).get("/referrals.pdf").content)
        for words in (
            referral.reference,
            "Asa Assessor, Asesiadau Teulu'r Gogledd",
            "Angen yr adroddiad erbyn",
        ):
            assert words in text


@pytest.mark.parametrize("path", ["/worklist.pdf", "/referrals.pdf", "/figures/pack.pdf"])
def test_the_language_is_that_which_is_asked_for_or_one_s_own(
    world: World, signed_in: Any, api: Any, path: str
) -> None:
    by = world.authority_manager if "pack" in path else world.manager
    if "referrals" in path:
        by = world.lead
    given = f"?period={timezone.localdate():%Y-%m}&" if "pack" in path else "?"
    for language, own, other in (("en", "en-GB", "cy"), ("cy", "cy", "en-GB")):
        User.objects.filter(pk=by.pk).update(language=language)
        by, asked = User.objects.get(pk=by.pk), "cy" if language == "en" else "en"
        assert lang_of(signed_in(by).get(path + given).content) == own
        assert lang_of(signed_in(by).get(f"{path}{given}language={asked}").content) == other
        assert lang_of(api(by).get(f"/api/v1{path}{given}").content) == own
        assert lang_of(api(by).get(f"/api/v1{path}{given}language={asked}").content) == other


@pytest.mark.parametrize(
    "path", ["/worklist.pdf", "/referrals.pdf", "/figures/pack.pdf", "/disposals/{pk}/certificate.pdf"]
)
def test_a_language_that_we_do_not_speak_is_refused_with_a_sentence(
    world: World, signed_in: Any, api: Any, path: str
) -> None:
    address = path.format(pk=world.discarded().pk)
    page = signed_in(world.manager).get(f"{address}?authority=353&language=fr")
    assert page.status_code == 422
    assert "Say in which language: one of en, cy." in page.content.decode()
    authority = "authority=353&" if "pack" in path or "worklist" in path else ""
    for given in ("language=fr", "language=en&language=cy", "language="):
        refused = api(world.manager).get(f"/api/v1{address}?{authority}{given}")
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "language")


def test_a_certificate_is_in_welsh_with_its_rule(world: World, signed_in: Any, api: Any) -> None:
    with time_machine.travel(datetime(2026, 11, 23, 9, tzinfo=UTC), tick=False):
        enquiries.save_draft(body=example(), by=world.referrer)
    for day in (18, 23):
        with time_machine.travel(datetime(2026, 12, day, 9, tzinfo=UTC), tick=False):
            drafts.tidy(timezone.now())
    by_rule, by_hand = Disposal.objects.get(), world.discarded()
    client = signed_in(reads_welsh(world.authority_manager))
    text = in_welsh(client.get(f"/disposals/{by_rule.pk}/certificate.pdf").content)
    for words in (
        "Tystysgrif gwaredu",
        by_rule.number,
        "23 Rhagfyr 2026",
        "30 diwrnod",
        "Y rheol, heb berson",
    ):
        assert words in text
    text = in_welsh(client.get(f"/disposals/{by_hand.pk}/certificate.pdf").content)
    for words in ("Dilëwyd ef gan rywun o'r awdurdod", "Rosa Referrer", "Drafft o ymholiad"):
        assert words in text
    english = api(world.manager).get(f"/api/v1/disposals/{by_rule.pk}/certificate.pdf")
    assert "Certificate of disposal" in text_of(english.content)
    there = f"/api/v1/disposals/{by_rule.pk}/certificate.pdf?language=cy"
    assert "Tystysgrif gwaredu" in in_welsh(api(world.manager).get(there).content)


def test_a_pack_is_in_welsh_but_for_what_the_authority_wrote(world: World, signed_in: Any) -> None:
    world.enquiry("information_requested")
    world.referral("in_progress")
    counting.count_new(timezone.now())
    month = timezone.localdate()
    made = signed_in(world.authority_manager).get(f"/figures/pack.pdf?period={month:%Y-%m}&language=cy")
    text = text_of(made.content)
    ours = text[: text.index("Yr hyn sydd i'w gyflwyno'r mis nesaf")]
    for words in (
        *("Pecyn misol", "Mae 2 ymholiad ar agor nawr.", "Ymholiadau agored", "2 gwestiwn", "hyd yn hyn"),
        *(
            "Yr hyn yr ydym yn aros amdano gennych chi",
            "Yn aros am yr awdurdod",
            "Ateb erbyn",
            "Eich cyfeirnod",
        ),
        "OLD-2026-118204",
    ):
        assert words in ours, words
    assert "Beth bynnag sydd wedi'i gyfyngu i rai pobl" in text
    assert (lang_of(made.content), english_in(ours), ENGLISH_DAYS.findall(ours)) == ("cy", [], [])


# --- The clock on a list ----------------------------------------------------------------------------------------

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
READINGS = {
    "paused": Reading(DECISION, "paused", None, NOW, waits_until=ANSWERED),
    "paused without a cause": Reading(DECISION, "paused", None, NOW),
    "not begun": Reading(DECISION, "", None, NOW),
    "in time": Reading(DECISION, "stopped", NOW, NOW, 0, ended_at=NOW - timedelta(days=1)),
    "stopped late": Reading(DECISION, "stopped", NOW, NOW, 0, ended_at=NOW + timedelta(days=1)),
    "stopped before it was due": Reading(DECISION, "stopped", None, NOW),
    "in days": Reading(DECISION, "running", NOW + timedelta(days=2), NOW, 2),
    "in a day": Reading(DECISION, "running", NOW + timedelta(days=1), NOW, 1),
    "in another year": Reading(DECISION, "running", NOW + timedelta(days=60), NOW, 40),
    "today": Reading(DECISION, "running", NOW + timedelta(hours=3), NOW, 0),
    "in an hour": Reading(DECISION, "running", NOW + timedelta(minutes=61), NOW, 0),
    "in minutes": Reading(DECISION, "running", NOW + timedelta(minutes=12), NOW, 0),
    "at once": Reading(DECISION, "running", NOW + timedelta(seconds=5), NOW, 0),
    "late today": Reading(DECISION, "running", NOW - timedelta(hours=2), NOW, 0),
    "late by days": Reading(DECISION, "running", NOW - timedelta(days=3), NOW, -3),
}


@pytest.mark.parametrize("of", READINGS)
def test_the_clock_says_on_paper_what_it_says_on_the_screen(of: str) -> None:
    with speaking(Language.ENGLISH):
        assert stands(READINGS[of]) == READINGS[of].sentence


@pytest.mark.parametrize(
    ("of", "words"),
    [
        ("in days", "Penderfyniad: i'w gwblhau erbyn Dydd Iau 26 Tachwedd, 2 ddiwrnod gwaith ar ôl"),
        ("today", "Penderfyniad: i'w gwblhau heddiw erbyn 13:00, 3 awr ar ôl"),
        ("in minutes", "Penderfyniad: i'w gwblhau heddiw erbyn 10:12, 12 munud ar ôl"),
        (
            "late by days",
            "Penderfyniad: i fod i'w gwblhau erbyn Dydd Sadwrn 21 Tachwedd, 3 diwrnod gwaith yn hwyr",
        ),
        ("in time", "Penderfyniad: 23 Tachwedd 2026, mewn pryd"),
    ],
)
def test_the_clock_in_welsh(of: str, words: str) -> None:
    with speaking(Language.WELSH):
        assert stands(READINGS[of]) == words


# --- Offered ----------------------------------------------------------------------------------------------------


def test_beside_each_paper_is_a_link_to_the_language_that_is_not_one_s_own(
    world: World, signed_in: Any
) -> None:
    gone = world.discarded()
    pages = ("/enquiries/?status=draft", "/referrals/", "/figures/?authority=353", "/disposals/")
    papers = (
        "/worklist.pdf?status=draft&amp;",
        "/referrals.pdf?",
        "authority=353&amp;",
        f"/{gone.pk}/certificate.pdf?",
    )
    for language, other, words in (("en", "cy", "in Welsh"), ("cy", "en", "in English")):
        User.objects.filter(pk=world.manager.pk).update(language=language)
        for page, paper in zip(pages, papers, strict=True):
            shown = signed_in(world.manager).get(page).content.decode()
            assert f'{paper}language={other}" hreflang="{other}">{words}<span' in shown


def test_what_was_destroyed_stands_among_the_pages_of_the_organisation(world: World, signed_in: Any) -> None:
    for keeper in (world.manager, world.authority_manager):
        page = signed_in(keeper).get("/disposals/").content.decode()
        assert 'href="/disposals/" aria-current="page"' in page
        assert 'aria-label="Your organisation"' in page
    assert (
        'aria-label="Your organisation"' not in signed_in(world.auditor).get("/disposals/").content.decode()
    )


def test_every_region_of_an_authority_has_its_welsh() -> None:
    regions = {row.region for row in read_reference().authorities if row.region}
    with speaking(Language.WELSH):
        assert [region for region in regions if known(region) == region] == []
