"""A calendar feed: by its secret or its signed address, with the rights of its owner today, and no names."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from icalendar import Calendar

from intake.actions import members
from intake.lifecycle import Role
from intake.limits import read_limits
from intake.models import AccountEvent
from referrals.actions import feeds
from referrals.models import Feed, Visit
from tests.factories import World, fresh

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as moving:
        yield moving


def fetch(feed: Feed, secret: str, **headers: str) -> Any:
    return Client().get(f"/calendar/{feed.uid}.ics", headers={"Authorization": f"Bearer {secret}", **headers})


def titles(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return sorted(str(event["SUMMARY"]) for event in Calendar.from_ical(answer.content).walk("VEVENT"))


def lead_and_feed(world: World, whose: str = "service") -> tuple[Feed, str]:
    return feeds.make(by=world.lead if whose == "service" else world.assessor, whose=whose)


def test_a_service_reads_the_days_of_its_referrals(world: World) -> None:
    offered, at_work = world.referral("offered"), world.referral("in_progress")
    asked = [f"{offered.reference} Parenting assessment: {words}" for words in ("reply to the offer",)]
    planned = ("plan: first visit", "plan: draft report", "plan: quality review done", "report to be filed")
    asked += [f"{offered.reference} Parenting assessment: report to be filed"]
    asked += [f"{at_work.reference} Parenting assessment: {words}" for words in planned]
    assert titles(fetch(*lead_and_feed(world))) == sorted(asked)


def test_an_assessor_reads_their_own_only(world: World) -> None:
    world.referral("offered")
    mine = world.referral("in_progress")
    Visit.objects.create(
        referral=mine, number=1, kind="home", planned_at=NOW + timedelta(days=3), planned_by=world.assessor
    )
    found = titles(fetch(*lead_and_feed(world, "assessor")))
    assert {title.split()[0] for title in found} == {mine.reference}
    assert f"{mine.reference} Parenting assessment: visit" in found
    other = feeds.make(by=world.second_assessor, whose="assessor")
    assert titles(fetch(*other)) == []


def test_a_pause_is_looked_at_again_and_an_end_is_followed_up(world: World) -> None:
    paused, closed = world.referral("paused"), world.referral("closed")
    found = titles(fetch(*lead_and_feed(world)))
    assert f"{paused.reference} Parenting assessment: look again at the pause" in found
    assert [title for title in found if closed.reference in title] == [
        f"{closed.reference} Parenting assessment: follow-up after {months} months" for months in (3, 6)
    ]


def test_a_feed_names_no_person_and_no_place(world: World) -> None:
    world.referral("in_progress")
    said = fetch(*lead_and_feed(world)).content.decode().replace("\r\n ", "")
    for canary in (
        "Doyle",
        "Connor",
        "Ella",
        "Shannon",
        "Oldham",
        "Weaver",
        "OL1",
        "Manchester",
        "Asa",
        "Rosa",
    ):
        assert canary not in said, canary


def test_another_services_feed_has_none_of_it(world: World) -> None:
    world.referral("in_progress")
    assert titles(fetch(*feeds.make(by=world.other_lead, whose="service"))) == []


def test_the_address_opens_it_without_a_header(world: World) -> None:
    feed, secret = lead_and_feed(world)
    path = f"/calendar/{feed.uid}/{feeds.key_of(secret)}.ics"
    answer = Client().get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert answer["Cache-Control"] == "private, no-cache"
    assert Client().get(f"/calendar/{feed.uid}/{secret}.ics").status_code == 404


def test_it_is_sent_again_only_when_it_has_changed(world: World) -> None:
    feed, secret = lead_and_feed(world)
    first = fetch(feed, secret)
    again = fetch(feed, secret, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert fetch(feed, secret).content == first.content
    world.referral("offered")
    assert fetch(feed, secret, **{"If-None-Match": first["ETag"]}).status_code == 200


# --- What opens nothing ----------------------------------------------------------------------------------------


def refused(answer: Any) -> bool:
    return (answer.status_code, answer.content) == (404, b"There is no such calendar.\n")


def test_a_wrong_secret_and_no_feed_at_all_are_one_answer(world: World) -> None:
    feed, secret = lead_and_feed(world)
    assert refused(fetch(feed, "wrong"))
    assert refused(Client().get(f"/calendar/{feed.uid}.ics"))
    assert refused(Client().get(f"/calendar/{feed.uid}.ics?key={secret}"))
    assert refused(fetch(Feed(), secret))
    assert refused(fetch(feed, feeds.key_of(secret)))


def test_made_anew_the_old_secret_ends(world: World) -> None:
    former, secret = lead_and_feed(world)
    later, new = lead_and_feed(world)
    assert refused(fetch(former, secret))
    assert fetch(later, new).status_code == 200


def test_an_ended_feed_is_gone(world: World) -> None:
    feed, secret = lead_and_feed(world)
    feeds.revoke(feed=feed, by=world.lead)
    assert refused(fetch(feed, secret))


def test_a_role_taken_away_is_gone_at_the_next_fetch(world: World) -> None:
    another = world.person(world.north, "Lil Lead", Role.SERVICE_LEAD)
    feed, secret = lead_and_feed(world)
    members.change(user=world.lead, by=another, roles={Role.ASSESSOR})
    assert refused(fetch(feed, secret))


def test_who_is_retired_reads_nothing_more(world: World) -> None:
    feed, secret = lead_and_feed(world, "assessor")
    members.retire(user=world.assessor, by=world.lead)
    assert refused(fetch(feed, secret))


def test_who_tries_too_often_waits(world: World, settings: Any, tmp_path: Any) -> None:
    settings.LIMITS_FILE = tmp_path / "limits.sqlite3"
    settings.LIMITS = read_limits("lookup=2/60")
    feed, _ = lead_and_feed(world)
    client = Client(REMOTE_ADDR="203.0.113.9")
    codes = [client.get(f"/calendar/{feed.uid}.ics").status_code for _ in range(3)]
    assert codes == [404, 404, 429]


# --- Kept and told ---------------------------------------------------------------------------------------------


def test_the_secret_is_kept_as_a_hash_and_stands_in_no_log(world: World, caplog: Any) -> None:
    feed, secret = lead_and_feed(world)
    key = feeds.key_of(secret)
    with caplog.at_level(logging.DEBUG):
        Client().get(f"/calendar/{feed.uid}/{key}.ics")
        Client().get(f"/calendar/{feed.uid}/{key[:-1]}.ics")
        fetch(feed, secret)
    written = [record.getMessage() for record in caplog.records if reaches_a_log(record.name)]
    row = [str(value) for value in Feed.objects.values_list().get(pk=feed.pk)]
    for hidden in (secret, key[:-1]):
        assert not [text for text in (*written, *row) if hidden in text]


def reaches_a_log(name: str) -> bool:
    """Django names the path of a refused request to a logger that leads nowhere."""
    logger: logging.Logger | None = logging.getLogger(name)
    while logger is not None:
        if any(type(found) is logging.StreamHandler for found in logger.handlers):
            return True
        logger = logger.parent if logger.propagate else None
    return False


def test_making_and_ending_stand_in_the_history_of_accounts(world: World) -> None:
    feed, secret = lead_and_feed(world, "assessor")
    feeds.revoke(feed=feed, by=world.lead)
    feeds.revoke(feed=feed, by=world.lead)
    lines = AccountEvent.objects.filter(verb__startswith="feed").order_by("id")
    told = [(line.verb, line.by_name, line.about) for line in lines]
    assert told == [
        ("feed_made", "Asa Assessor", "Asa Assessor"),
        ("feed_revoked", "Lea Lead", "Asa Assessor"),
    ]
    assert secret not in str(list(lines.values()))


def test_the_last_fetch_is_noted_to_the_hour(world: World, clock: Any) -> None:
    feed, secret = lead_and_feed(world)
    fetch(feed, secret)
    clock.shift(timedelta(minutes=20))
    fetch(feed, secret)
    assert fresh(feed).fetched_at == NOW
    clock.shift(timedelta(minutes=41))
    fetch(feed, secret)
    assert fresh(feed).fetched_at == NOW + timedelta(minutes=61)


# --- The pages -------------------------------------------------------------------------------------------------


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_lead_makes_a_feed_sees_its_address_once_and_ends_it(world: World) -> None:
    page = signed_in(world.lead)
    made = page.post("/organisation/calendar/", {"whose": "service"}).content.decode()
    address = made.partition("/calendar/")[2].partition("</code>")[0]
    assert Client().get(f"/calendar/{address}").status_code == 200
    shown = page.get("/organisation/calendar/").content.decode()
    assert "All work of the service" in shown
    assert address.partition("/")[2] not in shown
    feed = Feed.objects.get()
    assert page.post(f"/organisation/calendar/{feed.uid}/revoke/").status_code == 302
    assert "There are no calendar feeds yet." in page.get("/organisation/calendar/").content.decode()


def test_an_assessor_makes_their_own_and_not_the_services(world: World) -> None:
    page = signed_in(world.assessor)
    assert page.post("/organisation/calendar/", {"whose": "service"}).status_code == 422
    assert page.post("/organisation/calendar/", {"whose": "assessor"}).status_code == 200
    assert signed_in(world.coordinator).get("/organisation/calendar/").status_code == 403


def test_another_services_feed_cannot_be_ended(world: World) -> None:
    feed, _ = lead_and_feed(world)
    for who in (world.other_lead, world.assessor):
        assert signed_in(who).post(f"/organisation/calendar/{feed.uid}/revoke/").status_code == 404
    assert fresh(feed).revoked_at is None


def test_a_feed_costs_the_same_however_many_referrals(
    world: World, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        world.referral("in_progress")
    feed, secret = lead_and_feed(world)
    with django_assert_max_num_queries(7):
        fetch(feed, secret)
