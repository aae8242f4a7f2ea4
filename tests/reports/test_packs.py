"""The monthly pack of an authority says its month, what is open, what we wait for; it is kept as it was issued."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config import catalogue
from intake.actions import enquiries, restricting
from intake.lifecycle import Role
from intake.models import Event, User
from intake.words import Language
from reports.actions import counting, documents, pack_letters, packs
from reports.actions.pack_letters import monthly_packs
from reports.management.commands.work import Worker
from reports.models import Pack, PackLetter
from tests.factories import World, example, fresh, new_key
from tests.reports import structure
from tests.reports.papers import text_of
from tests.reports.test_welsh import lang_of

NAMES = ("Connor", "Doyle", "Shannon", "Zielinski", "Weaver Court")


@pytest.fixture
def month() -> str:
    return f"{timezone.localdate():%Y-%m}"


def listed() -> list[str]:
    """Of which enquiries somebody was given a list or a pack, and who, in order."""
    lines = Event.objects.filter(verb="document.listed").order_by("pk")
    return [f"{line.enquiry.reference} {line.by.name}" for line in lines.select_related("enquiry", "by")]


def test_it_begins_with_a_sentence_and_lists_what_is_open_and_waited_for(
    world: World, signed_in: Any, month: str
) -> None:
    asked, placed = world.enquiry("information_requested"), world.referral("in_progress")
    theirs = enquiries.submit(body=example(), by=world.stranger, key=new_key())[0]
    counting.count_new(timezone.now())
    made = signed_in(world.authority_manager).get(f"/figures/pack.pdf?period={month}").content
    text = text_of(made)
    assert "2 enquiries are open now." in text
    assert text.index("In short") < text.index("Open enquiries") < text.index("What we wait for from you")
    for words in (
        asked.reference,
        placed.enquiry.reference,
        "OLD-2026-118204",
        "2 questions",
        "Coming in and deciding",
    ):
        assert words in text
    assert theirs.reference not in text
    assert [name for name in NAMES if name in text] == []
    assert structure.faults(made) == []
    assert Event.objects.filter(verb="document.listed").count() == 2


def test_it_is_of_one_authority_and_one_month(world: World, signed_in: Any, api: Any, month: str) -> None:
    hub = signed_in(world.manager)
    assert hub.get(f"/figures/pack.pdf?period={month}").status_code == 400
    assert hub.get(f"/figures/pack.pdf?period={month}&authority=353").status_code == 200
    assert hub.get(f"/figures/pack.pdf?period={month}&authority=public").status_code == 400
    assert hub.get("/figures/pack.pdf?period=2026&authority=353").status_code == 400
    assert (
        signed_in(world.coordinator).get(f"/figures/pack.pdf?period={month}&authority=353").status_code == 403
    )
    assert api(world.manager).get(f"/api/v1/figures/pack.pdf?period={month}&authority=353").status_code == 200
    assert api(world.manager).get(f"/api/v1/figures/pack.pdf?period={month}").status_code == 400
    assert api(world.authority_manager).get("/api/v1/figures/pack.pdf?authority=936").status_code == 400


def test_the_figures_link_to_it_where_it_is_one_and_to_those_before(world: World, signed_in: Any) -> None:
    theirs = signed_in(world.authority_manager).get("/figures/").content.decode()
    assert "pack.pdf?" in theirs
    assert 'href="/packs/?authority=353"' in theirs
    hubs = signed_in(world.manager).get("/figures/").content.decode()
    assert "pack.pdf" not in hubs
    assert 'href="/packs/"' in hubs
    assert "pack.pdf" in signed_in(world.manager).get("/figures/?authority=353").content.decode()
    assert "/packs/" not in signed_in(world.coordinator).get("/figures/").content.decode()


# --- Kept -----------------------------------------------------------------------------------------------------


def printed(api: Any, by: User, **asked: str) -> bytes:
    query = {"period": f"{timezone.localdate():%Y-%m}", **asked}
    answer = api(by).get("/api/v1/figures/pack.pdf", query)
    assert answer.status_code == 200
    return bytes(answer.content)


@time_machine.travel(datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("Europe/London")))
def test_the_same_person_gets_an_unchanged_one_again_on_the_same_day_and_the_next_version_otherwise(
    world: World, api: Any
) -> None:
    world.enquiry()
    first = printed(api, world.authority_manager)
    assert printed(api, world.authority_manager) == first
    assert "Version 1" in text_of(first)
    world.enquiry()
    second = printed(api, world.authority_manager)
    assert "Version 2" in text_of(second)
    third = text_of(printed(api, world.manager, authority="353"))
    assert "Version 3" in third
    assert "Printed by Mia Manager" in third
    with time_machine.travel(datetime(2026, 11, 25, 10, tzinfo=ZoneInfo("Europe/London"))):
        assert "Version 4" in text_of(printed(api, world.authority_manager))
    kept = Pack.objects.order_by("version")
    assert [bytes(pack.pdf) for pack in kept][:2] == [first, second]


def test_each_language_and_each_authority_counts_its_own_versions(world: World, api: Any) -> None:
    printed(api, world.authority_manager)
    assert "Fersiwn 1" in text_of(printed(api, world.authority_manager, language="cy"))
    assert "Version 1" in text_of(printed(api, world.stranger))


def test_who_was_given_it_stands_in_the_history_of_each_enquiry_each_time(
    world: World, api: Any, signed_in: Any
) -> None:
    enquiry = world.enquiry()
    printed(api, world.authority_manager)
    printed(api, world.authority_manager)
    pack = Pack.objects.get()
    kept = signed_in(world.manager).get(f"/packs/{pack.pk}/pack.pdf")
    assert bytes(kept.content) == bytes(pack.pdf)
    assert kept["Content-Disposition"].endswith(f'"{pack.filename}"')
    again = api(world.authority_manager).get(f"/api/v1/packs/{pack.pk}/pack.pdf")
    assert bytes(again.content) == bytes(pack.pdf)
    names = ["Ada Authority", "Ada Authority", "Mia Manager", "Ada Authority"]
    assert listed() == [f"{enquiry.reference} {name}" for name in names]


def test_the_packs_are_found_with_version_moment_and_who_made_them(
    world: World, api: Any, signed_in: Any
) -> None:
    printed(api, world.authority_manager)
    printed(api, world.authority_manager, language="cy")
    printed(api, world.stranger)
    page = signed_in(world.authority_manager).get("/packs/").content.decode()
    for words in ("Oldham, ", "version 1 (PDF)", "English", "Welsh", "Ada Authority, Oldham"):
        assert words in page
    assert "Surrey" not in page
    hub = signed_in(world.manager)
    assert "Surrey, " in hub.get("/packs/").content.decode()
    assert "Surrey, " not in hub.get("/packs/?authority=353").content.decode()
    found = api(world.manager).get("/api/v1/packs/?authority=353").json()["results"]
    assert [(row["authority"], row["language"], row["version"]) for row in found] == [
        ("353", "cy", 1),
        ("353", "en", 1),
    ]
    assert bytes(api(world.manager).get(found[0]["url"]).content).startswith(b"%PDF")
    assert api(world.manager).get("/api/v1/packs/?authority=nowhere").status_code == 400


def test_the_list_of_packs_asks_no_more_for_more_of_them(world: World, api: Any, signed_in: Any) -> None:
    client = signed_in(world.authority_manager)
    printed(api, world.authority_manager)
    client.get("/packs/")
    with CaptureQueriesContext(connection) as few:
        client.get("/packs/")
    for _ in range(3):
        world.enquiry()
        printed(api, world.authority_manager)
    with CaptureQueriesContext(connection) as more:
        client.get("/packs/")
    assert len(more) == len(few)


def test_of_another_authority_s_there_is_none_and_who_prints_none_reads_none(
    world: World, api: Any, signed_in: Any
) -> None:
    printed(api, world.authority_manager)
    pack = Pack.objects.get()
    assert signed_in(world.stranger).get(f"/packs/{pack.pk}/pack.pdf").status_code == 404
    assert api(world.stranger).get(f"/api/v1/packs/{pack.pk}/pack.pdf").status_code == 404
    assert api(world.stranger).get("/api/v1/packs/").json()["results"] == []
    for nobody in (world.referrer, world.coordinator, world.auditor, world.lead):
        assert signed_in(nobody).get("/packs/").status_code == 403
        assert api(nobody).get("/api/v1/packs/").status_code == 403
        assert not Pack.objects.visible_to(nobody).exists()
    assert listed() == []


def test_what_is_restricted_is_in_no_pack_whoever_prints_it(world: World, api: Any, month: str) -> None:
    open_to_all, enquiry = world.enquiry("in_triage"), world.enquiry("in_triage")
    restricting.restrict(enquiry=fresh(enquiry), by=world.manager, reason="A threat.", people=[])
    counting.count_new(timezone.now())
    for by in (world.manager, world.authority_manager):
        text = text_of(printed(api, by, authority="353"))
        assert open_to_all.reference in text
        assert enquiry.reference not in text
        assert "1 enquiry is open now." in text
        assert "1 enquiry was received" in text
        assert "Whatever is restricted to certain people" in text


def test_a_pack_without_anything_restricted_says_of_it_the_same(world: World, api: Any) -> None:
    assert "Whatever is restricted to certain people" in text_of(printed(api, world.authority_manager))


def test_a_kept_one_is_gone_for_whom_one_of_its_enquiries_is_shut_to(
    world: World, api: Any, signed_in: Any
) -> None:
    enquiry = world.enquiry("in_triage")
    printed(api, world.authority_manager)
    pack = Pack.objects.get()
    restricting.restrict(enquiry=fresh(enquiry), by=world.manager, reason="A threat.", people=[])
    theirs = signed_in(world.authority_manager)
    assert theirs.get(f"/packs/{pack.pk}/pack.pdf").status_code == 404
    assert "No pack was issued yet." in theirs.get("/packs/").content.decode()
    assert signed_in(world.manager).get(f"/packs/{pack.pk}/pack.pdf").status_code == 200
    assert "Version 2" in text_of(printed(api, world.authority_manager))


def test_whom_a_conflict_keeps_out_prints_it_without_and_cannot_fetch_the_others(
    world: World, api: Any, signed_in: Any
) -> None:
    enquiry = world.enquiry("in_triage")
    other = world.person(world.hub, "Max Manager", Role.MANAGER)
    restricting.block(enquiry=fresh(enquiry), by=world.manager, person=other, reason="A cousin.")
    printed(api, world.authority_manager)
    assert signed_in(other).get(f"/packs/{Pack.objects.get().pk}/pack.pdf").status_code == 404
    assert enquiry.reference not in text_of(printed(api, other, authority="353"))


def test_a_version_that_somebody_took_meanwhile_is_not_given_twice(
    world: World, api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out, others = documents.printed, [world.manager]

    def slowly(*args: Any, **kwargs: Any) -> bytes:
        """While the first is laid out, somebody else prints the same pack."""
        if others:
            printed(api, others.pop(), authority="353")
        return lay_out(*args, **kwargs)

    monkeypatch.setattr(documents, "printed", slowly)
    assert "Version 2" in text_of(printed(api, world.authority_manager))
    assert list(Pack.objects.order_by("version").values_list("version", "made_by__name")) == [
        (1, "Mia Manager"),
        (2, "Ada Authority"),
    ]


def test_the_database_refuses_to_change_or_delete_one(world: World, api: Any) -> None:
    printed(api, world.authority_manager)
    for change in (lambda: Pack.objects.update(version=9), lambda: Pack.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Pack.objects.get().version == 1


# --- By the calendar ------------------------------------------------------------------------------------------


def at(day: int, hour: int = 7, minute: int = 0) -> datetime:
    """Of January 2027, whose first working day is Monday the 4th."""
    return datetime(2027, 1, day, hour, minute, tzinfo=ZoneInfo("Europe/London"))


DECEMBER = datetime(2026, 12, 14, 10, tzinfo=ZoneInfo("Europe/London"))


def walk(now: datetime) -> int:
    with time_machine.travel(now, tick=False):
        return monthly_packs(timezone.now())


@pytest.fixture
def asked(world: World) -> World:
    """Oldham asked in December; one of its managers reads English, the other Welsh. Surrey has asked for nothing."""
    with time_machine.travel(DECEMBER, tick=False):
        world.enquiry()
        assert world.authority_manager.pk
        assert world.stranger.pk
        gwen = world.person(world.oldham, "Gwen Rees", Role.AUTHORITY_MANAGER)
    User.objects.filter(pk=gwen.pk).update(language=Language.WELSH)
    return world


def test_on_the_morning_of_the_first_working_day_each_manager_is_told_in_their_language(
    asked: World, mailoutbox: Any
) -> None:
    assert walk(at(1, 12)) == 0
    assert walk(at(4, 6, 59)) == 0
    assert mailoutbox == []
    assert walk(at(4)) == 2
    english, welsh = sorted(Pack.objects.all(), key=lambda pack: pack.language, reverse=True)
    assert [pack.made_by for pack in (english, welsh)] == [User.objects.system()] * 2
    assert "December 2026" in text_of(bytes(english.pdf))
    assert "Rhagfyr 2026" in text_of(bytes(welsh.pdf))
    assert (lang_of(bytes(english.pdf)), lang_of(bytes(welsh.pdf))) == ("en-GB", "cy")
    letters = {letter.to[0]: letter for letter in mailoutbox}
    ada, gwen = letters[asked.authority_manager.email], letters["gwen.rees@353.example"]
    assert "The monthly pack for December 2026 is ready" in ada.subject
    assert f"/packs/#pack-{english.pk}" in ada.body
    assert "Mae'r pecyn misol ar gyfer Rhagfyr 2026 yn barod" in gwen.subject
    assert f"/packs/#pack-{welsh.pk}" in gwen.body
    for letter in mailoutbox:
        assert letter.attachments == []
        words = letter.subject + letter.body
        assert [name for name in (*NAMES, "Oldham", "Ada", "Gwen", "ENQ-") if name in words] == []
    assert listed() == []


def test_the_worker_walks_this_round(asked: World, mailoutbox: Any) -> None:
    with time_machine.travel(at(4), tick=False):
        Worker().walk_rounds(timezone.now())
    told = [letter for letter in mailoutbox if "/packs/" in letter.body]
    assert len(told) == Pack.objects.count() == 2


def test_it_comes_once(asked: World, mailoutbox: Any) -> None:
    assert [walk(moment) for moment in (at(4), at(4, 7, 1), at(4, 12), at(5))] == [2, 0, 0, 0]
    assert (Pack.objects.count(), len(mailoutbox)) == (2, 2)


def test_two_managers_of_one_language_share_one_pack(asked: World, mailoutbox: Any) -> None:
    User.objects.update(language=Language.ENGLISH)
    assert walk(at(4)) == 2
    assert Pack.objects.count() == 1


def test_after_an_outage_it_comes_late_and_after_a_week_not_at_all(asked: World, mailoutbox: Any) -> None:
    assert walk(at(11, 7)) == 0
    assert walk(at(11, 6, 59)) == 2


def test_nobody_is_told_who_left_or_whose_authority_had_asked_for_nothing_by_then(
    asked: World, mailoutbox: Any
) -> None:
    User.objects.filter(name="Gwen Rees").update(is_active=False)
    with time_machine.travel(at(4, 6), tick=False):
        enquiries.submit(body=example(), by=asked.stranger, key=new_key())
    assert walk(at(4)) == 1
    assert [letter.to for letter in mailoutbox] == [[asked.authority_manager.email]]
    assert [pack.authority for pack in Pack.objects.all()] == [asked.oldham]


class Killed(BaseException):
    """The process is gone: nothing catches it."""


@pytest.mark.parametrize(
    ("step", "letters"), [((packs, "keep"), 1), ((pack_letters, "letter"), 1), ((pack_letters, "told"), 2)]
)
def test_a_worker_that_is_killed_makes_no_second_pack_and_its_letter_keeps_its_id(
    asked: World, mailoutbox: Any, monkeypatch: pytest.MonkeyPatch, step: Any, letters: int
) -> None:
    User.objects.filter(name="Gwen Rees").update(is_active=False)

    def killed(*args: Any, **kwargs: Any) -> Any:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(*step, killed)
        with pytest.raises(Killed):
            walk(at(4))
    marked = PackLetter.objects.get().message_id
    assert walk(at(4, 7, 4)) == 0
    assert walk(at(4, 7, 6)) == 1
    assert walk(at(4, 7, 12)) == 0
    assert Pack.objects.count() == 1
    sent = {letter.extra_headers["Message-ID"] for letter in mailoutbox}
    assert len(sent) == 1
    assert str(marked) in sent.pop()
    assert len(mailoutbox) == letters


def test_two_workers_at_once_keep_one_pack_between_them(
    asked: World, mailoutbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.update(language=Language.ENGLISH)
    lay_out, other = documents.printed, [monthly_packs]

    def slowly(*args: Any, **kwargs: Any) -> bytes:
        """While the first worker lays the pack out for one manager, another takes up the other."""
        if other:
            assert other.pop()(timezone.now()) == 1
        return lay_out(*args, **kwargs)

    monkeypatch.setattr(documents, "printed", slowly)
    assert walk(at(4)) == 1
    assert Pack.objects.count() == 1
    assert len({letter.to[0] for letter in mailoutbox}) == len(mailoutbox) == 2


def test_a_pack_that_cannot_be_made_holds_up_nobody_else(
    asked: World, mailoutbox: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    lay_out = documents.printed

    def not_in_welsh(paper: Any, **kwargs: Any) -> bytes:
        if paper.language == Language.WELSH:
            raise documents.Unavailable("Not now.")
        return lay_out(paper, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(documents, "printed", not_in_welsh)
        assert walk(at(4)) == 1
    assert "could not be made" in caplog.text
    assert "Gwen" not in caplog.text
    assert walk(at(4, 7, 1)) == 0
    assert walk(at(4, 7, 6)) == 1


def test_a_round_without_anything_due_asks_nothing_and_one_when_all_are_told_asks_little(
    asked: World, mailoutbox: Any
) -> None:
    with time_machine.travel(at(20), tick=False), CaptureQueriesContext(connection) as outside:
        monthly_packs(timezone.now())
    assert len(outside) == 0
    walk(at(4))
    with time_machine.travel(at(5), tick=False), CaptureQueriesContext(connection) as told:
        monthly_packs(timezone.now())
    assert len(told) == 2


def test_who_is_told_can_fetch_it(asked: World, mailoutbox: Any, signed_in: Any) -> None:
    walk(at(4))
    page = signed_in(asked.authority_manager).get("/packs/").content.decode()
    pack = Pack.objects.get(language="en")
    assert f'id="pack-{pack.pk}"' in page
    assert "Oldham, December 2026, version 1 (PDF)" in page
    assert signed_in(asked.authority_manager).get(f"/packs/{pack.pk}/pack.pdf").status_code == 200


def test_the_letter_in_welsh_is_of_the_english_as_it_stands() -> None:
    assert list(catalogue.faults_of_letter(catalogue.LETTERS / "pack.txt")) == []


def test_months_whose_packs_are_told_of_are_forgotten_with_the_next(asked: World, mailoutbox: Any) -> None:
    walk(at(4))
    walk(at(4) + timedelta(days=28, hours=1))
    assert {row.month.month for row in PackLetter.objects.all()} == {1}
