"""Views of the lists: kept, shared, looked after, and counted in a letter."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from intake.deadlines import Calendar
from intake.lifecycle import Role
from intake.models import DigestSent, SavedView
from intake.refusals import Forbidden, Invalid
from referrals import viewing
from referrals.actions import saved_views
from reports.actions.digests import digests, due_day
from tests.factories import World, fresh

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
PATH = "/api/v1/saved-views/"


def save(world: World, name: str = "Oldham, nobody’s", **more: Any) -> SavedView:
    given = {"of": "enquiries", "query": "authority=353&owner=nobody", **more}
    return saved_views.save(by=given.pop("by", world.coordinator), name=name, **given)


# --- Keeping -------------------------------------------------------------------------------------------------


def test_a_query_is_kept_in_a_fixed_order_without_its_place(world: World) -> None:
    one = save(
        world, query="?status=in_triage&status=submitted&authority=353&after=ENQ-1&from=51&q=&rows=compact"
    )
    other = save(world, "Again", query="authority=353&status=submitted&status=in_triage")
    assert one.query == other.query == "authority=353&status=in_triage&status=submitted"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("q=Doyle", "words"),
        ("nonsense=1", "unknown"),
        ("status=nonsense", "unknown"),
        ("clock=late", "unknown"),
    ],
)
def test_a_view_keeps_known_filters_and_no_words_of_a_search(world: World, query: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        save(world, query=query)
    assert [fault.code for fault in refused.value.faults] == [code]


def test_two_views_of_one_person_have_two_names(world: World) -> None:
    save(world)
    save(world, by=world.colleague)
    with pytest.raises(Invalid, match="this name already"):
        save(world)


def test_a_private_view_is_nobody_elses(world: World, api: Any) -> None:
    view = save(world)
    path = f"{PATH}{view.pk}/"
    for who in (world.manager, world.colleague):
        assert api(who).get(path).status_code == 404
        assert api(who).patch(path, {"name": "Mine"}, format="json").status_code == 404
        assert api(who).delete(path).status_code == 404
        assert api(who).get(PATH).data["results"] == []
    assert fresh(view).name == "Oldham, nobody’s"


def test_a_shared_view_is_read_by_colleagues_and_changed_by_its_owner_or_a_manager(
    world: World, api: Any
) -> None:
    path = f"{PATH}{save(world, shared=True).pk}/"
    assert api(world.colleague).get(path).data["mine"] is False
    assert api(world.colleague).patch(path, {"name": "Mine"}, format="json").status_code == 403
    assert api(world.colleague).delete(path).status_code == 403
    assert api(world.manager).patch(path, {"digest": "daily"}, format="json").status_code == 403
    assert api(world.manager).patch(path, {"name": "Oldham"}, format="json").data["name"] == "Oldham"
    assert api(world.coordinator).patch(path, {"shared": False}, format="json").status_code == 200
    assert api(world.manager).delete(path).status_code == 404
    assert api(world.coordinator).delete(path).status_code == 204


def test_an_authority_a_service_and_those_without_lists_keep_no_views(world: World, api: Any) -> None:
    path = f"{PATH}{save(world, shared=True).pk}/"
    for who in (world.referrer, world.stranger, world.lead, world.auditor, world.administrator):
        assert api(who).get(PATH).status_code == 403
        assert api(who).get(path).status_code == 403
        body = {"name": "Mine", "list": "enquiries"}
        assert api(who).post(PATH, body, format="json").status_code == 403


def test_the_api_saves_a_view_and_names_every_fault(world: World, api: Any) -> None:
    body = {"name": "Urgent", "list": "enquiries", "query": "urgency=urgent", "digest": "weekly"}
    made = api(world.coordinator).post(PATH, body, format="json")
    assert (made.status_code, made.data["query"], made.data["digest"]) == (201, "urgency=urgent", "weekly")
    assert api(world.coordinator).get(made["Location"]).data == made.data
    wrong = api(world.coordinator).post(PATH, {"list": "people", "colour": "red"}, format="json")
    pointers = {fault["pointer"] for fault in wrong.json()["errors"]}
    assert (wrong.status_code, pointers) == (422, {"/name", "/list", "/colour"})


def test_a_shared_view_shows_each_what_they_may_see(world: World) -> None:
    mine = world.enquiry("in_triage")
    view = save(world, query="owner=me", shared=True)
    assert list(viewing.rows_of(view, world.coordinator)) == [mine]
    assert list(viewing.rows_of(view, world.colleague)) == []
    assert list(viewing.rows_of(view, world.stranger)) == []


# --- Pages ---------------------------------------------------------------------------------------------------


def test_a_view_is_saved_opened_changed_moved_and_deleted_by_page(world: World, signed_in: Any) -> None:
    client = signed_in(world.coordinator)
    address = "/views/save/?of=enquiries&authority=353&q=Doyle"
    assert "search are not kept" in client.get(address).content.decode()
    opened = client.post(address, {"name": "Oldham", "shared": "on", "digest": "daily"})
    view = SavedView.objects.get()
    assert (view.query, view.shared, view.digest) == ("authority=353", True, "daily")
    assert client.get(opened["Location"])["Location"] == "/enquiries/?authority=353"
    client.post("/views/save/?of=referrals&status=waiting", {"name": "To place", "digest": "none"})
    second = SavedView.objects.get(of="referrals")
    client.post(f"/views/{second.pk}/up/")
    assert [row.name for row in SavedView.objects.all()] == ["To place", "Oldham"]
    client.post(f"/views/{view.pk}/change/", {"name": "Oldham’s", "digest": "none"})
    assert (fresh(view).name, fresh(view).shared, fresh(view).digest) == ("Oldham’s", False, "none")
    assert "Delete the view “Oldham’s”?" in client.get(f"/views/{view.pk}/delete/").content.decode()
    client.post(f"/views/{view.pk}/delete/")
    assert [row.name for row in SavedView.objects.all()] == ["To place"]


def test_a_refused_name_is_said_beside_the_field_and_kept(world: World, signed_in: Any) -> None:
    save(world, "Oldham")
    answer = signed_in(world.coordinator).post("/views/save/?of=enquiries", {"name": "Oldham"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error: " in page
    assert 'value="Oldham"' in page


def test_another_ones_private_view_has_no_page(world: World, signed_in: Any) -> None:
    view = save(world)
    client = signed_in(world.manager)
    pages = [f"/views/{view.pk}/{page}" for page in ("", "change/", "delete/")]
    assert {client.get(page).status_code for page in pages} == {404}
    assert client.post(f"/views/{view.pk}/up/").status_code == 404
    assert signed_in(world.referrer).get("/views/").status_code == 404


# --- The digest ----------------------------------------------------------------------------------------------

CALENDAR = Calendar(frozenset({date(2026, 12, 25), date(2026, 12, 28)}))


@pytest.mark.parametrize(
    ("digest", "now", "day"),
    [
        ("daily", datetime(2026, 11, 24, 7, tzinfo=UTC), date(2026, 11, 24)),
        ("daily", datetime(2026, 11, 24, 6, 59, tzinfo=UTC), date(2026, 11, 23)),
        ("daily", datetime(2026, 11, 29, 12, tzinfo=UTC), date(2026, 11, 27)),
        ("daily", datetime(2026, 12, 28, 12, tzinfo=UTC), date(2026, 12, 24)),
        ("weekly", datetime(2026, 11, 27, 12, tzinfo=UTC), date(2026, 11, 23)),
        ("weekly", datetime(2026, 11, 23, 6, tzinfo=UTC), date(2026, 11, 16)),
        ("weekly", datetime(2026, 12, 28, 12, tzinfo=UTC), date(2026, 12, 21)),
        ("weekly", datetime(2026, 12, 29, 7, tzinfo=UTC), date(2026, 12, 29)),
    ],
)
def test_the_latest_day_on_which_a_digest_is_due(digest: str, now: datetime, day: date) -> None:
    assert due_day(digest, now, CALENDAR) == day


def walk(now: datetime) -> int:
    with time_machine.travel(now, tick=False):
        return digests(timezone.now())


@pytest.fixture
def daily(world: World) -> SavedView:
    """Saved on a Monday, so that its first letter is Tuesday's."""
    with time_machine.travel(MONDAY, tick=False):
        return save(world, "Doyle family", digest="daily")


def test_a_digest_counts_and_names_references_and_nobody(
    daily: SavedView, world: World, mailoutbox: Any
) -> None:
    enquiry, _ = world.enquiry(), world.enquiry("in_triage")
    assert walk(MONDAY) == 0
    assert walk(MONDAY + timedelta(days=1)) == 1
    (letter,) = mailoutbox
    assert letter.to == [world.coordinator.email]
    assert "1 enquiry" in letter.subject
    assert enquiry.reference in letter.body
    assert f"/views/{daily.pk}/" in letter.body
    for name in ("Doyle", "Oldham", "Rosa"):
        assert name not in letter.body + letter.subject


def test_after_an_outage_one_digest_comes_and_never_twice(daily: SavedView, mailoutbox: Any) -> None:
    assert [walk(MONDAY + timedelta(days=3, minutes=n)) for n in range(3)] == [1, 0, 0]
    assert [walk(MONDAY + timedelta(days=4, minutes=n)) for n in range(2)] == [1, 0]
    assert len(mailoutbox) == DigestSent.objects.count() == 2


def test_a_digest_whose_worker_died_is_sent_by_another_under_the_same_id(
    daily: SavedView, mailoutbox: Any
) -> None:
    day, dead = date(2026, 11, 24), MONDAY + timedelta(days=1)
    mark = DigestSent.objects.take(daily, day, dead)
    assert mark is not None
    assert walk(dead + timedelta(minutes=4)) == 0
    assert walk(dead + timedelta(minutes=6)) == 1
    assert str(mark.message_id) in mailoutbox[0].extra_headers["Message-ID"]


def test_who_has_another_role_now_gets_no_digest(daily: SavedView, world: World, mailoutbox: Any) -> None:
    world.coordinator.role_grants.all().delete()
    members_role = Role.ADMINISTRATOR
    world.coordinator.role_grants.create(role=members_role)
    assert walk(MONDAY + timedelta(days=1)) == 0
    assert mailoutbox == []


def test_who_has_left_gets_no_digest(daily: SavedView, world: World, mailoutbox: Any) -> None:
    type(world.coordinator).objects.filter(pk=world.coordinator.pk).update(is_active=False)
    assert walk(MONDAY + timedelta(days=1)) == 0
    assert mailoutbox == []


def test_a_digest_turned_on_again_is_not_for_days_gone_by(daily: SavedView, world: World) -> None:
    thursday = MONDAY + timedelta(days=3)
    with time_machine.travel(thursday, tick=False):
        view = saved_views.change(view=daily, by=world.coordinator, digest="none")
        saved_views.change(view=view, by=world.coordinator, digest="daily")
    assert walk(thursday + timedelta(hours=1)) == 0
    assert walk(thursday + timedelta(days=1)) == 1


def test_only_its_owner_turns_a_digest_on(world: World) -> None:
    view = save(world, shared=True)
    with pytest.raises(Forbidden):
        saved_views.change(view=view, by=world.manager, digest="daily")
