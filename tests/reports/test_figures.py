"""Figures say the same as the cases behind them, to each reader what they may know, at all doors alike."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from intake.actions import restricting
from intake.lifecycle import Status
from intake.models import User
from referrals.lifecycle import Status as Stands
from reports.actions import counting
from reports.figures import overview
from reports.figures.answers import Answer, Value
from reports.figures.asked import Asked, read
from reports.figures.spread import blurred
from reports.management.commands.work import ROUNDS
from reports.models import Fact, Uncounted
from tests.factories import World, fresh
from tests.reports.lived import Office, office

FIGURES = "/api/v1/figures/"
READERS = (
    "coordinator",
    "colleague",
    "manager",
    "second",
    "authority_manager",
    "stranger",
    "lead",
    "assessor",
)
EVERYTHING = "first=2026-11-01&last=2027-06-30"


def count() -> None:
    counting.count_new(timezone.now())


@pytest.fixture
def lived(world: World) -> Iterator[World]:
    """Some weeks of everything, with restricted enquiries and somebody kept out, and those days still on."""
    with office() as clock:
        months = Office(world, clock, 21)
        months.one_of_each()
        months.live(60)
        world.__dict__["second"] = months.second
        count()
        yield world


def asked_by(user: User, query: str = EVERYTHING) -> Asked:
    return read(QueryDict(query), user)


def says(user: User, figure: str, query: str = EVERYTHING) -> Answer:
    return overview.read(asked_by(user, query), [figure])[figure]


def opened(caller: Any, href: str) -> int:
    """How many rows are listed behind a link, page after page."""
    number, address = 0, href
    while address:
        page = caller.get(address)
        assert page.status_code == 200, address
        number += len(page.context["cases"])
        address = page.context["page"].next and f"{href.partition('?')[0]}{page.context['page'].next}"
    return number


def links(answer: Answer) -> list[Value]:
    tables = (answer.table, *answer.more)
    return [answer.total, *(value for table in tables for row in table.rows for value in row.values)]


def test_every_number_opens_as_many_cases(lived: World, signed_in: Callable[[User], Any]) -> None:
    """For each reader, on every page, in every table."""
    for name in READERS:
        user = getattr(lived, name)
        values = [
            value
            for group in overview.groups(asked_by(user))
            for one in group.answers
            for value in links(one)
        ]
        numbers = {value.href: value.number for value in values if value.href}
        caller = signed_in(user)
        assert {href: opened(caller, href) for href in numbers} == numbers, name
        assert numbers or name == "assessor"


def test_each_figure_has_a_number_in_these_weeks(lived: World) -> None:
    """Else the test above would say nothing of it."""
    found = overview.read(asked_by(lived.manager), list(overview.ALL))
    assert {code for code, one in found.items() if not one.total.number} <= {"demand", "to_place"}


def test_a_filter_narrows_sums_and_cases_alike(lived: World) -> None:
    kinds = [f"assessment_type={code}" for code in Fact.objects.values_list("types", flat=True)[0].split()]
    for more in (
        *kinds,
        "authority=353",
        "nation=England",
        "region=North West",
        "service=north",
        "period=2026-12",
    ):
        asked = asked_by(lived.colleague, f"{EVERYTHING}&{more}")
        found = overview.read(asked, [code for code in overview.readable(asked) if code != "demand"])
        numbers = {code: one.total.number for code, one in found.items()}
        assert numbers == {code: overview.cases(asked, code, "").count() for code in found}, more
        assert any(numbers.values()), more


def test_the_hub_counts_what_it_is_let_into_and_not_what_it_is_kept_out_of(world: World) -> None:
    shut, conflicted = world.enquiry(), world.enquiry(Status.IN_TRIAGE)
    world.enquiry()
    restricting.restrict(enquiry=shut, by=world.manager, reason="A threat.", people=[world.coordinator])
    restricting.block(enquiry=conflicted, by=world.manager, person=world.colleague, reason="A cousin.")
    count()
    numbers = {
        user.name: says(user, "received", "").total.number
        for user in (world.manager, world.coordinator, world.colleague)
    }
    assert numbers == {"Mia Manager": 3, "Ann Coordinator": 3, "Ben Coordinator": 1}


def test_an_authority_reads_its_own_and_a_stranger_nothing_of_it(world: World) -> None:
    world.enquiry(Status.DECLINED)
    count()
    assert says(world.authority_manager, "received", "").total.number == 1
    assert says(world.stranger, "received", "").total.number == 0
    assert says(world.stranger, "declined", "").more[0].rows == []


def test_a_service_reads_its_own_work_and_nothing_of_the_triage(world: World) -> None:
    world.referral(Stands.DELIVERED)
    count()
    assert says(world.lead, "filed", "").total.number == 1
    assert says(world.other_lead, "filed", "").total.number == 0
    assert "received" not in overview.readable(asked_by(world.lead))


# --- Who may not open the cases ------------------------------------------------------------------------------


def test_small_numbers_are_not_shown_to_whoever_may_not_open_the_cases(world: World, signed_in: Any) -> None:
    for _ in range(3):
        world.enquiry(Status.DECLINED)
    count()
    for user in (world.auditor, world.administrator):
        answer = says(user, "decided", "")
        assert {value.text for value in links(answer)} <= {"c", "0", "–"}
        assert answer.chart is not None
        assert "3" not in answer.sentence.partition(",")[2]
        assert signed_in(user).get("/figures/declined/cases/").status_code == 403


@pytest.mark.parametrize(("number", "shown"), [(0, 0), (1, None), (7, None), (8, 10), (12, 10), (13, 15)])
def test_other_numbers_are_rounded(number: int, shown: int | None) -> None:
    assert blurred(number) == shown


# --- What the page says ---------------------------------------------------------------------------------------


def test_the_page_begins_with_the_sentence_of_the_decisions(world: World, signed_in: Any) -> None:
    with office() as clock:
        world.enquiry(Status.DECLINED)
        late = world.ask(world.enquiry(Status.IN_TRIAGE))
        clock.shift(timedelta(days=1))
        Office(world, clock, 1).answer(late)
        clock.shift(timedelta(days=20))
        world.accept(fresh(late))
        count()
        page = signed_in(world.manager).get("/figures/?first=2026-11-30&last=2026-12-31&compare=true")
    body = page.content.decode()
    sentence = page.context["first"].sentence
    assert "2 decisions were made: 50 % in time; 1 was late, after the authority was asked" in sentence
    assert body.index("<strong>From 30 November") < body.index("<svg") < body.index("<caption")
    assert "style=" not in body.partition("<main")[2]


def test_the_page_says_up_to_when_it_is_counted(world: World, signed_in: Any) -> None:
    world.enquiry()
    page = signed_in(world.manager).get("/figures/")
    assert b"what happened since is in it within a minute" in page.content
    count()
    page = signed_in(world.manager).get("/figures/")
    assert b"Everything up to now is in it" in page.content


def test_a_question_that_cannot_be_read_is_said_to_be_so(world: World, signed_in: Any, api: Any) -> None:
    for query in ("period=never", "first=2026-10-01", "authority=999", "nation=France", "assessment_type=X"):
        page = signed_in(world.manager).get(f"/figures/?{query}")
        answer = api(world.manager).get(f"{FIGURES}received/?{query}")
        assert (page.status_code, answer.status_code) == (400, 400), query
        assert answer.data["errors"][0]["detail"] in page.content.decode()


def test_the_statements_do_not_grow_with_the_cases(world: World) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            overview.groups(asked_by(world.manager))
        return len(captured)

    grown = (Status.DECLINED, Status.ACCEPTED, Status.INFORMATION_REQUESTED)
    numbers = [statements()]
    for _ in range(2):
        for status in grown:
            world.enquiry(status)
        world.referral(Stands.DELIVERED)
        count()
        numbers.append(statements())
    assert numbers[1] == numbers[2] < 40


# --- The API ---------------------------------------------------------------------------------------------------


def test_the_api_lists_each_figure_with_its_meaning(world: World, api: Any) -> None:
    rows = api(world.manager).get(FIGURES).data["results"]
    assert [row["figure"] for row in rows] == list(overview.ORDER)
    assert all(row["meaning"] and row["label"] for row in rows)
    assert "overseen" not in {
        row["figure"] for row in api(world.authority_manager).get(FIGURES).data["results"]
    }


def test_the_api_says_what_the_page_says(lived: World, api: Any) -> None:
    asked = asked_by(lived.manager, f"{EVERYTHING}&compare=true")
    for code, answer in overview.read(asked, list(overview.ALL)).items():
        got = api(lived.manager).get(f"{FIGURES}{code}/?{EVERYTHING}&compare=true")
        assert got.status_code == 200, code
        assert (got.data["sentence"], got.data["total"]) == (answer.sentence, answer.total.number)
        shown = [list(row["values"].values()) for row in got.data["table"]["rows"]]
        assert shown == [[value.number for value in row.values] for row in answer.table.rows]


def test_the_api_lists_the_cases_of_each_row(lived: World, api: Any) -> None:
    caller, query = api(lived.manager), f"{EVERYTHING}&page_size=200"
    for figure in ("declined", "filed", "caseload", "to_place"):
        for row in caller.get(f"{FIGURES}{figure}/?{EVERYTHING}").data["table"]["rows"]:
            when = f"first={row['first']}&last={row['last']}&page_size=200" if row["first"] else query
            found = caller.get(f"{FIGURES}{figure}/cases/?{when}&part={row['part']}")
            assert len(found.data["results"]) == row["values"]["number"], row


@pytest.mark.parametrize(
    ("name", "figure", "status"),
    [
        ("manager", "received", 200),
        ("manager", "nothing", 404),
        ("authority_manager", "received", 200),
        ("authority_manager", "overseen", 404),
        ("lead", "received", 404),
        ("referrer", "received", 403),
        ("case_system", "received", 403),
    ],
)
def test_who_reads_which_figure(world: World, api: Any, name: str, figure: str, status: int) -> None:
    assert api(getattr(world, name)).get(f"{FIGURES}{figure}/").status_code == status


def test_an_unknown_parameter_is_refused(world: World, api: Any) -> None:
    assert api(world.manager).get(f"{FIGURES}received/?perod=2026").status_code == 400
    assert api(world.manager).get(f"{FIGURES}received/?period=2026&period=2025").status_code == 400
    assert api(world.manager).get(f"{FIGURES}declined/cases/?part=NO_SUCH").status_code == 400
    assert api(world.manager).get(f"{FIGURES}?period=2026").status_code == 400


def test_another_authority_and_no_authority_are_the_same_answer(world: World, api: Any) -> None:
    answers = [
        api(world.authority_manager).get(f"{FIGURES}received/?authority={code}") for code in ("936", "999")
    ]
    assert [row.status_code for row in answers] == [400, 400]
    assert answers[0].data["errors"] == answers[1].data["errors"]


def test_the_worker_counts_once_a_minute(world: World) -> None:
    world.enquiry()
    dict(ROUNDS)["lines of history counted in the figures"](timezone.now())
    assert not Uncounted.objects.exists()
    assert says(world.manager, "received", "").total.number == 1
