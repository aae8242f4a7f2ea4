"""Closed days: added and taken back ahead; the running clocks move as was said, and list, page and log agree."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from intake.actions import closing, enquiries, information
from intake.deadlines import LONDON
from intake.history import fault_in_clock
from intake.models import Enquiry, Holiday, Recount, SettingChange, book, put_away
from intake.refusals import Forbidden, Invalid, NotPossible
from intake.statutory import clocks_of
from referrals.turnaround import decision_of
from tests.factories import World, example, fresh, new_key
from tests.settling import closed

WEDNESDAY, THURSDAY, FRIDAY = date(2026, 11, 25), date(2026, 11, 26), date(2026, 11, 27)
MONDAY = date(2026, 11, 30)
CLOSED = {"title": "The office moves", "until": None, "nation": "", "ours": True}


@pytest.fixture(autouse=True)
def _a_tuesday_morning() -> Iterator[None]:
    """What comes now is due on Wednesday at five."""
    with time_machine.travel("2026-11-24 10:00", tick=False):
        yield


def five(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 17, tzinfo=LONDON)


def agrees(enquiry: Enquiry, client: Any) -> bool:
    """The stored moment, the page, the API's list and the interval log say the same."""
    row = fresh(enquiry)
    said = decision_of(row, timezone.now()).reading.due
    listed = client.get("/api/v1/enquiries/").data["results"]
    shown = {one["reference"]: one["decision_due_at"] for one in listed}[row.reference]
    return said == row.due_at == shown and fault_in_clock(row, list(row.events.all())) is None


def pointers(refused: Any) -> set[str]:
    return {fault.pointer for fault in refused.value.faults}


# --- The clocks -----------------------------------------------------------------------------------------------


def test_what_was_said_beforehand_is_true_afterwards(world: World, api: Any) -> None:
    english, welsh = world.enquiry(), in_wales(world)
    seen = closing.preview(day=WEDNESDAY, by=world.manager, **{**CLOSED, "nation": "England"})
    assert seen.sentence == "1 of the 2 running decisions would be due on another day."
    assert not Holiday.objects.filter(date=WEDNESDAY).exists()
    closed(WEDNESDAY, world.manager, nation="England")
    assert (fresh(english).due_at, fresh(welsh).due_at) == (five(THURSDAY), five(WEDNESDAY))
    assert agrees(english, api(world.coordinator))
    assert agrees(welsh, api(world.coordinator))


def in_wales(world: World) -> Enquiry:
    referrer = world.person(world.cardiff, "Carys Referrer", "referrer")
    return enquiries.submit(body=example(), by=referrer, key=new_key())[0]


def test_taken_back_the_clocks_are_as_before(world: World, api: Any) -> None:
    enquiry = world.enquiry()
    row = closed(WEDNESDAY, world.manager)
    assert closing.moved_if_open(row) == 1
    closing.open_again(holiday=row, by=world.administrator)
    assert fresh(enquiry).due_at == five(WEDNESDAY)
    assert agrees(enquiry, api(world.coordinator))
    said = SettingChange.objects.values_list("verb", "by_name", "about")
    assert list(said) == [
        ("taken_back", "Ivy Administrator", "25 November 2026: The office moves"),
        ("changed", "Mia Manager", "25 November 2026: The office moves"),
    ]


def test_a_clock_that_stands_still_counts_the_day_when_it_runs_again(world: World, api: Any) -> None:
    enquiry = world.enquiry("information_requested")
    closed(WEDNESDAY, world.manager)
    assert fresh(enquiry).due_at is None
    questions = enquiry.information_requests.get().questions.values_list("number", flat=True)
    answers: list[Any] = [{"number": number, "text": "Both agree."} for number in questions]
    information.answer(enquiry=fresh(enquiry), by=world.referrer, answers=answers)
    assert fresh(enquiry).due_at == five(THURSDAY)
    assert agrees(enquiry, api(world.coordinator))


def test_of_a_decided_one_the_history_still_verifies(world: World) -> None:
    enquiry = world.enquiry("accepted")
    closed(WEDNESDAY, world.manager)
    row = fresh(enquiry)
    assert row.due_at == five(THURSDAY)
    assert fault_in_clock(row, list(row.events.filter(subject=row.reference).order_by("sequence"))) is None


def test_what_an_old_book_still_promised_is_put_right_by_the_round(world: World, api: Any) -> None:
    closed(WEDNESDAY, world.manager)
    enquiry = world.enquiry()
    Enquiry.objects.filter(pk=enquiry.pk).update(due_at=five(WEDNESDAY))
    now = timezone.now()
    assert closing.spread(now) == 0
    assert closing.spread(now + timedelta(minutes=3)) == 1
    assert not Recount.objects.filter(done_at=None).exists()
    assert agrees(enquiry, api(world.coordinator))


def test_an_edit_with_the_reference_data_is_followed_by_the_clocks(
    world: World, signed_in: Any, api: Any
) -> None:
    enquiry = world.enquiry()
    form = {"date": "2026-11-25", "title": "A coronation", "nation": "", "verified": "unverified"}
    page = signed_in(world.administrator).post("/admin/intake/holiday/add/", form)
    assert page.status_code == 302
    closing.spread(timezone.now() + timedelta(minutes=3))
    assert fresh(enquiry).due_at == five(THURSDAY)
    assert agrees(enquiry, api(world.coordinator))


def test_many_are_counted_in_batches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intake.due.BATCH", 2)
    rows = [world.enquiry() for _ in range(5)]
    assert closing.preview(day=WEDNESDAY, by=world.manager, **CLOSED).moved == 5
    closed(WEDNESDAY, world.manager)
    assert {fresh(row).due_at for row in rows} == {five(THURSDAY)}


@pytest.mark.parametrize(("ours", "later"), [(True, 0), (False, 1)])
def test_an_office_that_is_closed_gives_the_authority_no_day_more(
    world: World, ours: bool, later: int
) -> None:
    enquiry = world.enquiry()
    body = {"assessments": [{"type": "CAF", "particulars": {"la_referral_date": "2026-11-24"}}]}

    def last_days() -> list[date]:
        found = clocks_of(enquiry, {**example(), **body}, world.coordinator, timezone.localdate())
        return [clock.last_day for clock in found if clock.code == "REF_DECISION"]

    before = last_days()
    closed(WEDNESDAY, world.manager, ours=ours)
    assert before == [WEDNESDAY]
    assert last_days() == [WEDNESDAY + timedelta(days=later)]


# --- Which days -----------------------------------------------------------------------------------------------


def test_several_days_leave_out_weekends_and_what_is_closed(world: World) -> None:
    closing.close(day=date(2026, 12, 24), by=world.manager, **{**CLOSED, "until": date(2026, 12, 31)})
    added = Holiday.objects.filter(source=closing.OWN).values_list("date", flat=True)
    assert [day.day for day in added] == [24, 29, 30, 31]


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"day": date(2026, 11, 24)}, "/day"),
        ({"day": date(2026, 11, 28)}, "/day"),
        ({"day": date(2026, 12, 25)}, "/day"),
        ({"day": FRIDAY, "until": THURSDAY}, "/until"),
        ({"day": FRIDAY, "until": date(2027, 11, 27)}, "/until"),
        ({"day": FRIDAY, "title": " "}, "/title"),
        ({"day": FRIDAY, "nation": "France"}, "/nation"),
    ],
)
def test_a_day_that_makes_no_sense_is_refused(world: World, more: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        closing.close(by=world.manager, **{**CLOSED, **more})
    assert pointers(refused) == {pointer}


def test_what_was_shipped_or_has_come_stays(world: World) -> None:
    row = closed(WEDNESDAY, world.manager)
    with pytest.raises(NotPossible):
        closing.open_again(holiday=Holiday.objects.get(date=date(2026, 12, 25)), by=world.manager)
    with time_machine.travel("2026-11-25 10:00", tick=False), pytest.raises(NotPossible):
        closing.open_again(holiday=row, by=world.manager)
    assert Holiday.objects.filter(date=WEDNESDAY).exists()


@pytest.mark.parametrize("who", ["coordinator", "auditor", "authority_manager", "lead"])
def test_nobody_else_closes_or_opens(world: World, who: str) -> None:
    row, by = closed(WEDNESDAY, world.manager), getattr(world, who)
    for act in (closing.preview, closing.close):
        with pytest.raises(Forbidden):
            act(day=FRIDAY, by=by, **CLOSED)
    with pytest.raises(Forbidden):
        closing.open_again(holiday=row, by=by)
    assert Holiday.objects.filter(source=closing.OWN).count() == 1


# --- The page -------------------------------------------------------------------------------------------------


def test_on_the_page_what_moves_is_shown_and_then_the_day_is_closed(world: World, signed_in: Any) -> None:
    enquiry, client = world.enquiry(), signed_in(world.manager)
    typed = {"title": "The office moves", "whose": "office", "nation": "", "day": "2026-11-25"}
    looked = client.post("/closed-days/", typed).content.decode()
    assert "1 of the 1 running decision would be due on another day." in looked
    assert fresh(enquiry).due_at == five(WEDNESDAY)
    assert client.post("/closed-days/", {**typed, "apply": "1"}).status_code == 302
    assert fresh(enquiry).due_at == five(THURSDAY)
    shown = client.get("/closed-days/").content.decode()
    assert "Wednesday 25 November 2026: The office moves" in shown
    assert "1 running decision would be due on another day." in shown
    row = Holiday.objects.get(date=WEDNESDAY)
    assert client.post(f"/closed-days/{row.pk}/take-back/").status_code == 302
    assert fresh(enquiry).due_at == five(WEDNESDAY)


def test_the_auditor_reads_the_days_without_a_button(world: World, signed_in: Any) -> None:
    closed(WEDNESDAY, world.manager)
    client = signed_in(world.auditor)
    shown = client.get("/closed-days/").content.decode()
    assert "The office moves" in shown
    assert "Take it back" not in shown
    assert "Show what would change" not in shown
    assert client.post("/closed-days/", {"title": "No"}).status_code == 403


def test_a_nations_own_day_is_the_other_nations_working_day(world: World) -> None:
    closed(MONDAY, world.manager, nation="Wales", ours=False)
    put_away()
    assert [book().calendars[nation].is_working_day(MONDAY) for nation in ("England", "Wales")] == [
        True,
        False,
    ]
