"""The desk and the worklist as coordinators see them."""

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from intake.actions import messages
from intake.lifecycle import Status
from intake.models import Enquiry
from referrals import desk
from referrals.actions import triage
from tests.factories import World, fresh

TUESDAY = datetime(2026, 11, 24, 10, tzinfo=UTC)


def text(answer: Any) -> str:
    """The words of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


# --- The desk ------------------------------------------------------------------------------------------------


def test_the_desk_is_the_home_of_the_hub_and_of_nobody_else(world: World, signed_in: Any) -> None:
    for who in (world.coordinator, world.manager, world.reviewer):
        assert signed_in(who).get("/")["Location"] == "/desk/"
    for who in (world.referrer, world.lead, world.assessor):
        assert signed_in(who).get("/desk/")["Location"] == "/"
        assert signed_in(who).get("/").status_code == 200
    assert signed_in(world.auditor).get("/desk/")["Location"] == "/"
    assert signed_in(world.auditor).get("/")["Location"] == "/enquiries/"


def test_counts_are_links_to_lists_of_as_many(world: World, signed_in: Any) -> None:
    with time_machine.travel(TUESDAY, tick=False):
        world.enquiry(), world.enquiry("in_triage"), world.enquiry("information_requested"), world.referral()
    with time_machine.travel(TUESDAY + timedelta(hours=5), tick=False):
        rows = {row.label: row for row in desk.tallies(world.coordinator, timezone.now())}
        assert (rows["To triage"].number, rows["To triage"].age) == ("2", "oldest 5 h")
        assert (rows["With the authority"].number, rows["Overdue"].number) == ("1", "0")
        client = signed_in(world.coordinator)
        for row in rows.values():
            listed = len(
                re.findall(r'<span class="tick">|class="rows', client.get(row.href).content.decode())
            )
            assert max(listed - 1, 0) == int(row.number) or row.href.startswith("/referrals/"), row.label


def test_the_desk_asks_few_statements(
    world: World, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        world.enquiry("in_triage")
    world.referral()
    client = signed_in(world.coordinator)
    client.get("/desk/")
    with django_assert_max_num_queries(14):
        assert client.get("/desk/").status_code == 200


def needs(world: World, now: datetime) -> list[str]:
    mine = desk.my_claims(world.coordinator, now)
    return [f"{need.reference} {need.text}" for need in desk.needs(world.coordinator, mine, now)]


def test_a_claim_that_is_about_to_go_back_is_said_after_six_office_hours(world: World) -> None:
    opening = TUESDAY.replace(hour=9)
    with time_machine.travel(opening, tick=False):
        enquiry = triage.claim(enquiry=world.enquiry(), by=world.coordinator)
    assert needs(world, opening + timedelta(hours=5, minutes=59)) == []
    (line,) = needs(world, opening + timedelta(hours=6))
    assert line.startswith(enquiry.reference)
    assert "goes back to the queue after 8 office hours" in line


def test_what_is_overdue_today_unread_and_unplaced_is_said_in_that_order(world: World) -> None:
    with time_machine.travel(TUESDAY, tick=False):
        free, mine, asked, referral = (
            world.enquiry(),
            world.enquiry("in_triage"),
            world.enquiry("in_triage"),
            world.referral(),
        )
        Enquiry.objects.filter(pk=mine.pk).update(due_at=TUESDAY - timedelta(hours=1))
        Enquiry.objects.filter(pk=free.pk).update(due_at=TUESDAY + timedelta(hours=2))
        messages.write(enquiry=asked, by=world.referrer, text="One more thing.", audience="authority")
        lines = needs(world, TUESDAY)
    first = [row.reference for row in (mine, free, asked)]
    assert [line.split()[0] for line in lines[:3]] == first
    assert referral.reference in {line.split()[0] for line in lines[3:]}
    assert "its decision is overdue" in lines[0]
    assert "to be decided today by 12:00" in lines[1]
    assert "has written" in lines[2]
    assert all("with no service yet" in line for line in lines[3:])


def test_needs_are_eight_at_most(world: World) -> None:
    with time_machine.travel(TUESDAY, tick=False):
        for _ in range(9):
            world.enquiry()
        Enquiry.objects.update(due_at=TUESDAY)
        assert len(needs(world, TUESDAY + timedelta(minutes=1))) == 8


def test_an_empty_desk_says_that_nothing_presses(world: World, signed_in: Any) -> None:
    words = text(signed_in(world.coordinator).get("/desk/"))
    assert "Nothing presses." in words
    assert "You have claimed nothing." in words


# --- The worklist --------------------------------------------------------------------------------------------


def test_a_named_list_is_headed_by_its_name_and_number(world: World, signed_in: Any) -> None:
    world.enquiry(), world.enquiry("in_triage")
    page = signed_in(world.coordinator).get("/enquiries/?status=submitted&status=in_triage")
    assert re.search(r"To triage \( ?2 ?\)", text(page))
    assert 'aria-current="page">To triage' in page.content.decode()


def test_a_line_says_why_it_stands_where_it_does(world: World, signed_in: Any) -> None:
    enquiry = world.enquiry()
    words = text(signed_in(world.coordinator).get("/enquiries/"))
    assert re.search(rf"{fresh(enquiry).band_label}( because)?: ", words)
    assert " because: " not in text(signed_in(world.referrer).get("/enquiries/"))


def test_compact_rows_are_remembered(world: World, signed_in: Any) -> None:
    world.enquiry()
    client = signed_in(world.coordinator)
    assert "rows compact" in client.get("/enquiries/?rows=compact").content.decode()
    assert "rows compact" in client.get("/enquiries/").content.decode()
    assert client.cookies["rows"]["httponly"]
    client.get("/enquiries/?rows=comfortable")
    assert "rows compact" not in client.get("/enquiries/").content.decode()


@pytest.mark.parametrize(
    "query", ["received_after=2020-01-01", "due_before=2100-01-01&nation=England", "kind=referral"]
)
def test_further_filters_are_open_when_one_is_chosen(world: World, signed_in: Any, query: str) -> None:
    enquiry = world.enquiry()
    page = signed_in(world.coordinator).get(f"/enquiries/?{query}").content.decode()
    assert "<details open>" in page
    assert (enquiry.reference in page) == (query != "kind=nothing")


def test_an_empty_list_says_what_it_means(world: World, signed_in: Any) -> None:
    words = text(signed_in(world.coordinator).get("/enquiries/?status=information_requested"))
    assert "No enquiry fits all of these filters." in words or "No authority owes us an answer." in words


def test_next_enquiry_claims_the_first_of_the_view_and_says_when_nothing_is_left(
    world: World, signed_in: Any
) -> None:
    enquiry = world.enquiry()
    client = signed_in(world.coordinator)
    query = "status=submitted&status=in_triage&authority=353"
    assert client.post("/enquiries/next/", {"query": query})["Location"] == f"/enquiries/{enquiry.reference}/"
    row = fresh(enquiry)
    assert (row.status, row.owner) == (Status.IN_TRIAGE, world.coordinator)
    assert "next of “To triage”" in text(client.get(f"/enquiries/{enquiry.reference}/"))
    again = client.post("/enquiries/next/", {"query": query}, follow=True)
    assert "Nothing that nobody has is left in this view." in text(again)
    assert signed_in(world.reviewer).post("/enquiries/next/").status_code == 403


def test_rows_are_ticked_for_a_bulk_action_by_those_who_triage_only(world: World, signed_in: Any) -> None:
    world.enquiry()
    for who in (world.referrer, world.reviewer):
        page = signed_in(who).get("/enquiries/").content.decode()
        assert 'name="act"' not in page
        assert "/prints/new/" in page
