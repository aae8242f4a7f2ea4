"""The orders and filters of the enquiries' list: the same on the pages and in the API, forwards and back."""

import random
from datetime import date, timedelta
from itertools import chain
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone

from intake import priority
from intake.actions import enquiries
from intake.filters import EnquiryFilter
from intake.models import Enquiry
from intake.pages.paging import turn_to
from intake.sorts import ORDERINGS, SORTS
from tests.factories import World, example, new_key

URL = "/api/v1/enquiries/"


@pytest.fixture
def mixed(world: World) -> list[str]:
    """Open ones, over ones, drafts; equal keys and empty dates among them."""
    thrown, now = random.Random(2), timezone.now()
    made = [world.enquiry("withdrawn" if place % 4 == 3 else "submitted") for place in range(9)]
    made += [world.enquiry("information_requested"), world.enquiry("draft")]
    for row in made:
        Enquiry.objects.filter(pk=row.pk).update(
            urgency=thrown.choice([0, 1010, 1010, 2005]),
            filing_date=thrown.choice([None, date(2026, 12, 1), date(2027, 3, 3)]),
            updated_at=now - timedelta(hours=thrown.randint(0, 3)),
            received_at=row.received_at and now - timedelta(days=thrown.randint(1, 3)),
        )
    return [row.reference for row in made if row.status != "draft"]


def walked(caller: Any, address: str, step: str) -> list[list[str]]:
    pages: list[list[str]] = []
    while address:
        answer = caller.get(address)
        assert answer.status_code == 200, answer.data
        pages.append([row["reference"] for row in answer.data["results"]])
        address = answer.data[step]
    return pages


@pytest.mark.parametrize("order", ORDERINGS)
def test_the_api_walks_every_order_once_through_and_back(
    world: World, api: Any, mixed: list[str], order: str
) -> None:
    caller, address = api(world.coordinator), f"{URL}?ordering={order}&page_size=3"
    pages = walked(caller, address, "next")
    assert sorted(chain(*pages)) == sorted(mixed)
    assert list(chain(*pages)) == list(
        ORDERINGS[order]
        .ordered(Enquiry.objects.filter(reference__in=mixed))
        .values_list("reference", flat=True)
    )
    last = caller.get(address)
    while last.data["next"]:
        last = caller.get(last.data["next"])
    assert walked(caller, last.data["previous"], "previous")[::-1] == pages[:-1]


@pytest.mark.parametrize("name", SORTS)
def test_the_pages_walk_every_order_once_through_and_back(
    world: World, mixed: list[str], name: str, monkeypatch: Any
) -> None:
    monkeypatch.setattr("intake.pages.paging.SIZE", 4)
    visible = Enquiry.objects.visible_to(world.coordinator)
    pages, query = [], QueryDict("")
    while True:
        page = turn_to(visible, SORTS[name], query, visible)
        pages.append([row.reference for row in page.rows])
        if not page.next:
            break
        query = QueryDict(page.next.lstrip("?"))
    assert list(chain(*pages)) == [row.reference for row in SORTS[name].ordered(visible)]
    while page.previous:
        pages.pop()
        page = turn_to(visible, SORTS[name], QueryDict(page.previous.lstrip("?")), visible)
        assert [row.reference for row in page.rows] == pages[-1]
    assert len(pages) == 1


def test_what_is_open_comes_before_what_is_over_where_the_order_is_about_what_to_do(
    world: World, mixed: list[str]
) -> None:
    for name in ("pressing", "due"):
        rows = SORTS[name].ordered(
            Enquiry.objects.filter(status__in=("submitted", "withdrawn"), reference__in=mixed)
        )
        assert [row.status for row in rows] == sorted(row.status for row in rows), name


def test_most_pressing_is_by_urgency_then_by_when_the_decision_is_due(world: World) -> None:
    late, soon, urgent = (world.enquiry() for _ in range(3))
    now = timezone.now()
    for row, urgency, days in ((late, 1000, -1), (soon, 1000, 1), (urgent, 2000, 5)):
        Enquiry.objects.filter(pk=row.pk).update(urgency=urgency, due_at=now + timedelta(days=days))
    assert list(SORTS["pressing"].ordered(Enquiry.objects.all())) == [urgent, late, soon]


@pytest.mark.parametrize("cursor", ["x", "WyIx", "W10", "WyItcmVjZWl2ZWRfYXQiXQ"])
def test_a_broken_cursor_is_refused(world: World, api: Any, cursor: str) -> None:
    assert api(world.coordinator).get(f"{URL}?cursor={cursor}").status_code == 400


# --- Filters -------------------------------------------------------------------------------------------------


def found(world: World, query: str, user: Any = None) -> set[str]:
    user = user or world.coordinator
    asked = type("Asked", (), {"user": user})
    chosen = EnquiryFilter(QueryDict(query), Enquiry.objects.visible_to(user), request=asked)
    assert chosen.is_valid(), chosen.errors
    return set(chosen.qs.values_list("reference", flat=True))


def test_every_filter_of_several_values_takes_any_of_them(world: World) -> None:
    ours, over = world.enquiry().reference, world.enquiry("withdrawn").reference
    theirs = enquiries.submit(body=example("general_enquiry"), by=world.stranger, key=new_key())[0].reference
    Enquiry.objects.filter(reference=ours).update(band="urgent", urgency=priority.urgency("urgent", 0))
    Enquiry.objects.filter(reference=theirs).update(band="high", urgency=priority.urgency("high", 5000))
    everything = {ours, over, theirs}
    for query, expected in {
        "": everything,
        "urgency=urgent": {ours},
        "urgency=high": {theirs},
        "urgency=urgent&urgency=high": {ours, theirs},
        "urgency=urgent&urgency=standard": {ours},
        "region=North West": {ours, over},
        "region=North West&region=South East": everything,
        "nation=England&nation=Wales": everything,
        "authority=353&authority=Surrey": everything,
        "assessment_type=AGE": {theirs},
        "assessment_type=PA&assessment_type=AGE": everything,
        "assessment_type=A&assessment_type=NONE": set(),
        "flag=child&flag=contact": {ours, over},
        "status=submitted&turn=hub": {ours, theirs},
        "turn=nobody&turn=authority": {over},
        "owner=nobody": everything,
        "clock=overdue&clock=due_today": set(),
        "restricted=true": set(),
        "status=withdrawn&urgency=urgent": set(),
        "due_before=2100-01-01": {ours, theirs},
        "filing_before=2100-01-01&q=doyle": {ours},
        "filing_before=2300-01-01": {ours},
    }.items():
        assert found(world, query) == expected, query


def test_the_order_of_the_hubs_work_is_nobody_elses(world: World, api: Any) -> None:
    row = world.enquiry()
    Enquiry.objects.filter(pk=row.pk).update(band="urgent", urgency=priority.urgency("urgent", 0))
    assert found(world, "urgency=urgent", world.referrer) == set()
    assert api(world.referrer).get(f"{URL}?ordering=-urgency").status_code == 400


def test_a_draft_was_not_received_and_comes_first_among_the_newest(world: World, api: Any) -> None:
    sent, draft = world.enquiry(), world.enquiry("draft")
    assert found(world, "received_after=2020-01-01", world.referrer) == {sent.reference}
    lines = api(world.referrer).get(URL).data["results"]
    assert [row["reference"] for row in lines] == [draft.reference, sent.reference]
