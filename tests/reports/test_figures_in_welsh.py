"""The figures on paper, whole, in Welsh: every sentence, label, chart, month and name; the page stays English."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone

from config import catalogue
from intake.lifecycle import Role
from intake.models import User
from intake.words import Language
from reports.actions import counting
from reports.actions.figures import print_figures
from reports.figures import answers, overview, periods
from reports.figures.asked import read
from reports.figures.catalogue import FIGURES
from reports.figures.moment import LIVE
from reports.languages import UNREVIEWED, speaking
from tests.factories import World, fresh
from tests.reports import structure
from tests.reports.lived import Office, office
from tests.reports.papers import text_of
from tests.reports.test_figures_on_paper import is_figure
from tests.reports.test_welsh import ENGLISH_DAYS, english_in, lang_of

EVERYTHING = "first=2026-11-01&last=2027-06-30&compare=true"
ENGLISH_MONTHS = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b"
)
READERS = ("manager", "auditor", "authority_manager", "lead")


@pytest.fixture
def lived(world: World) -> Iterator[World]:
    """Some weeks in which everything that a figure counts happened."""
    with office() as clock:
        months = Office(world, clock, 21)
        months.one_of_each()
        months.live(60)
        counting.count_new(timezone.now())
        yield world


def printed(user: User, language: str, query: str = EVERYTHING) -> bytes:
    return print_figures(asked=read(QueryDict(query), user), language=language)


def everything_in(made: bytes) -> str:
    """What is printed, and what is told of each chart, but for the plain word about the wording."""
    with pikepdf.open(io.BytesIO(made)) as opened:
        told = [str(row.Alt) for row in opened.objects if is_figure(row)]
    return " ".join([text_of(made).replace(UNREVIEWED[1], ""), *told])


def single_words() -> list[tuple[str, re.Pattern[str]]]:
    """What the catalogue says otherwise in Welsh, and has no places: labels too short to be a sentence."""
    found = []
    for message in catalogue.read():
        if isinstance(message.id, str) and message.id and message.string != message.id:
            found.append((message.id, re.compile(rf"(?<![\w’']){re.escape(message.id)}(?![\w’'])")))
    return [(words, pattern) for words, pattern in found if not catalogue.places(words)]


def english_of(english: str, welsh: str) -> list[str]:
    """The words of ours that stand on the English paper, and on the Welsh one as well."""
    return [words for words, pattern in single_words() if pattern.search(english) and pattern.search(welsh)]


def names_in(world: World) -> list[str]:
    """What people, services and the provider are called, which no language changes."""
    people = (getattr(world, name) for name in READERS)
    return [settings.PROVIDER_NAME, *(row.name for row in (world.north, world.south, *people))]


def without(names: list[str], text: str) -> str:
    for name in names:
        text = text.replace(name, "")
    return text


@pytest.mark.parametrize("name", READERS)
def test_every_sentence_label_and_chart_is_in_welsh(lived: World, name: str) -> None:
    user = getattr(lived, name)
    english, made = everything_in(printed(user, "en")), printed(user, "cy")
    welsh = everything_in(made)
    assert lang_of(made) == "cy"
    assert UNREVIEWED[1] in text_of(made)
    assert english_in(welsh) == []
    assert english_of(without(names_in(lived), english), without(names_in(lived), welsh)) == []
    assert (ENGLISH_DAYS.findall(welsh), ENGLISH_MONTHS.findall(welsh)) == ([], [])
    assert structure.faults(made, "en-GB", "cy") == []


def test_the_paper_of_a_manager_has_something_of_each_figure_in_it(lived: World) -> None:
    """Else the test above would say nothing of their words."""
    asked = read(QueryDict(EVERYTHING), lived.manager)
    found = overview.read(asked, list(overview.ALL))
    assert {code for code, one in found.items() if not one.total.number} <= {"demand", "to_place"}
    welsh = everything_in(printed(lived.manager, "cy"))
    for words in (
        *("Ffigurau: 1 Tachwedd 2026 i 30 Mehefin 2027, hyd yn hyn", "O 1 Tachwedd 2026 i 30 Mehefin 2027"),
        *("Tach 2026", "Rhag 2026", "Meh 2027", "Tudalen 1 o ", "Argraffwyd gan Mia Manager"),
        *("Penderfyniadau mewn pryd", "Nid ydym yn gwasanaethu'r ardal hon", "Gogledd-orllewin Lloegr"),
        *("Asesiad rhianta", "Llwyth achosion y timau", "Hanner o fewn", "mewn pryd "),
    ):
        assert words in welsh, words


def test_small_numbers_are_hidden_in_welsh_words(world: World) -> None:
    for _ in range(3):
        world.enquiry("declined")
    counting.count_new(timezone.now())
    welsh = everything_in(printed(world.auditor, "cy", ""))
    assert "rhwng 1 a 7 ymholiad" in welsh
    assert "Mae c yn golygu 1 i 7" in welsh


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "gwnaed 1 penderfyniad"),
        (2, "gwnaed 2 benderfyniad"),
        (3, "gwnaed 3 phenderfyniad"),
        (4, "gwnaed 4 penderfyniad"),
        (6, "gwnaed 6 phenderfyniad"),
        (1200, "gwnaed 1,200 penderfyniad"),
        (None, "gwnaed rhwng 1 a 7 penderfyniad"),
    ],
)
def test_a_count_mutates_what_it_counts(number: int | None, said: str) -> None:
    with speaking(Language.WELSH):
        assert answers.counted(FIGURES["decided"].counted, number) == said


@pytest.mark.parametrize(
    ("period", "label", "when"),
    [
        (periods.named("2026-10"), "Hydref 2026", "ym mis Hydref 2026"),
        (periods.named("2026-Q3"), "Gorffennaf–Medi 2026", "o fis Gorffennaf i fis Medi 2026"),
        (periods.named("2026"), "2026", "yn 2026"),
        (periods.between("2026-07-03", "2026-07-03"), "3 Gorffennaf 2026", "ar 3 Gorffennaf 2026"),
        (periods.between("2026-03-03", "2026-03-09"), "3 i 9 Mawrth 2026", "o 3 i 9 Mawrth 2026"),
        (
            periods.between("2025-12-30", "2026-01-02"),
            "30 Rhagfyr 2025 i 2 Ionawr 2026",
            "o 30 Rhagfyr 2025 i 2 Ionawr 2026",
        ),
    ],
)
def test_a_period_is_said_in_welsh(period: periods.Period, label: str, when: str) -> None:
    with speaking(Language.WELSH):
        assert (period.label, period.when) == (label, when)


def test_what_was_late_is_said_with_whose_days_they_were(world: World) -> None:
    def said(language: str) -> str:
        counting.count_new(timezone.now())
        asked = read(QueryDict("first=2026-11-30&last=2027-02-28"), world.manager)
        with speaking(language):
            return overview.read(asked, ["decided"])["decided"].sentence

    with office() as clock:
        late = world.ask(world.enquiry("in_triage"))
        clock.shift(timedelta(days=1))
        Office(world, clock, 1).answer(late)
        clock.shift(timedelta(days=20))
        world.accept(fresh(late))
        assert said("en").endswith("1 was late, after the authority was asked.")
        assert said("cy").endswith("0 % mewn pryd; roedd 1 yn hwyr, ar ôl gofyn i'r awdurdod.")
        unasked = world.enquiry("in_triage")
        clock.shift(timedelta(days=20))
        world.accept(unasked)
        assert said("en").endswith("2 were late, 1 of them after the authority was asked.")
        assert said("cy").endswith("roedd 2 yn hwyr, 1 ohonynt ar ôl gofyn i'r awdurdod.")


def test_days_with_a_half_are_said_whole() -> None:
    with speaking(Language.WELSH):
        assert [answers.days(number) for number in (2, 2.5)] == ["2 ddiwrnod gwaith", "2.5 diwrnod gwaith"]


def test_an_authority_and_its_nation_are_called_by_their_welsh_names(world: World) -> None:
    by = world.person(world.cardiff, "Gwenllian Rees", Role.AUTHORITY_MANAGER)
    counting.count_new(timezone.now())
    text = text_of(printed(by, "cy", ""))
    assert "Cyngor Caerdydd" in text
    text = text_of(printed(world.manager, "cy", "nation=Wales&region=North+West&assessment_type=PAMS"))
    for words in ("Gwlad Cymru", "Rhanbarth Gogledd-orllewin Lloegr", "Asesiad Asesiad rhianta - PAMS"):
        assert words in text


# --- Which language -------------------------------------------------------------------------------------------


def test_it_is_in_the_language_of_whoever_prints_unless_they_ask_for_the_other(
    world: World, signed_in: Any
) -> None:
    for own, tag, other, others in (("en", "en-GB", "cy", "cy"), ("cy", "cy", "en", "en-GB")):
        User.objects.filter(pk=world.manager.pk).update(language=own)
        caller = signed_in(User.objects.get(pk=world.manager.pk))
        assert lang_of(caller.get("/figures.pdf").content) == tag
        assert lang_of(caller.get(f"/figures.pdf?language={other}").content) == others


@pytest.mark.parametrize("given", ["language=fr", "language=en&language=cy", "language="])
def test_a_language_that_we_do_not_speak_is_refused(world: World, signed_in: Any, given: str) -> None:
    answer = signed_in(world.manager).get(f"/figures.pdf?{given}")
    assert answer.status_code == 400
    assert "Say in which language: one of en, cy." in answer.content.decode()


def test_beside_the_print_button_is_the_other_language(world: World, signed_in: Any) -> None:
    for own, other, words in (("en", "cy", "in Welsh"), ("cy", "en", "in English")):
        User.objects.filter(pk=world.manager.pk).update(language=own)
        page = signed_in(User.objects.get(pk=world.manager.pk)).get("/figures/?period=2026-11")
        link = re.escape(f"/figures.pdf?period=2026-11&amp;language={other}")
        assert re.search(rf'href="{link}" hreflang="{other}">{words}<', page.content.decode())


# --- One language does not leak into the other ------------------------------------------------------------------


def test_the_page_is_in_english_before_and_after_a_paper_in_welsh(world: World, signed_in: Any) -> None:
    world.enquiry("declined")
    counting.count_new(timezone.now())
    caller = signed_in(world.manager)

    def page() -> list[tuple[str, str, str]]:
        groups = caller.get("/figures/?period=2026").context["groups"]
        return [(one.sentence, one.label, repr(one.table)) for group in groups for one in group.answers]

    before = page()
    printed(world.manager, "cy")
    assert page() == before
    assert [words for row in before for words in row if "Asesiad" in words or "gwnaed" in words] == []


def test_what_was_made_in_welsh_stays_so(world: World) -> None:
    """For whoever makes it in one place, and lays it out in another."""
    world.enquiry("declined")
    counting.count_new(timezone.now())
    asked = read(QueryDict("compare=true"), world.manager)
    with speaking(Language.WELSH):
        groups = overview.groups(asked)
        within = repr(groups)
    assert repr(groups) == within
    assert "proxy" not in within
    assert [row.label for row in (*FIGURES.values(), *LIVE.values()) if row.label in within] == []


def test_equal_figures_give_equal_bytes_in_welsh_too(world: World) -> None:
    world.enquiry("declined")
    counting.count_new(timezone.now())
    with office():
        assert printed(world.manager, "cy") == printed(world.manager, "cy")
