"""The next enquiry of a view, and claims that nobody touches."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from intake.actions import information, messages
from intake.actions.presence import forget_presence, look
from intake.deadlines import LONDON, OFFICE_HOURS, Calendar, office_time_before, office_time_between
from intake.lifecycle import Role, Status
from intake.models import Enquiry, Event, Notification, Presence
from intake.refusals import Refused
from referrals.actions import triage
from referrals.actions.claims import claim_next, lapse_claims
from tests.conftest import Caller
from tests.factories import World, fresh

# A Tuesday, at the opening of the office.
TUESDAY = datetime(2026, 11, 24, 9, tzinfo=UTC)


def at(hours: float, day: datetime = TUESDAY) -> Any:
    return time_machine.travel(day + timedelta(hours=hours), tick=False)


# --- Claims that lapse ---------------------------------------------------------------------------------------


@pytest.fixture
def claimed(world: World) -> Enquiry:
    """Claimed on Tuesday at nine."""
    with at(-1):
        enquiry = world.enquiry()
    with at(0):
        return triage.claim(enquiry=enquiry, by=world.coordinator)


def test_a_claim_that_nobody_touches_for_eight_office_hours_goes_back(claimed: Enquiry, world: World) -> None:
    with at(8):
        assert lapse_claims(timezone.now()) == 1
    row = fresh(claimed)
    assert (row.status, row.owner) == (Status.SUBMITTED, None)
    line = Event.objects.filter(enquiry=row).latest("sequence")
    assert (line.verb, line.by.kind, line.data) == ("enquiry.release", "system", {"untouched_hours": 8.0})
    told = Notification.objects.filter(enquiry=row, to="former_owner").get()
    assert told.person == world.coordinator


def test_it_stays_until_the_eight_hours_are_full(claimed: Enquiry) -> None:
    with at(7.99):
        assert lapse_claims(timezone.now()) == 0
    assert fresh(claimed).owner is not None


def test_nights_and_weekends_do_not_count(world: World) -> None:
    friday = TUESDAY + timedelta(days=3)
    with at(7, friday):
        triage.claim(enquiry=world.enquiry(), by=world.coordinator)
    with at(6.9, friday + timedelta(days=3)):
        assert lapse_claims(timezone.now()) == 0
    with at(7, friday + timedelta(days=3)):
        assert lapse_claims(timezone.now()) == 1


def test_a_note_of_the_owner_is_a_touch_and_a_colleagues_is_none(claimed: Enquiry, world: World) -> None:
    with at(4):
        messages.write(enquiry=claimed, by=world.coordinator, text="Rang them.", audience="hub")
    with at(7):
        messages.write(enquiry=claimed, by=world.colleague, text="So did I.", audience="hub")
    with at(8):
        assert lapse_claims(timezone.now()) == 0
    with at(4, TUESDAY + timedelta(days=1)):
        assert lapse_claims(timezone.now()) == 1


def test_an_answer_of_the_authority_begins_the_hours_anew(world: World) -> None:
    with at(0):
        enquiry = world.ask(triage.claim(enquiry=world.enquiry(), by=world.coordinator))
    with at(0, TUESDAY + timedelta(days=3)):
        answers: Any = [{"number": n, "text": "Yes."} for n in (1, 2)]
        information.answer(enquiry=enquiry, by=world.referrer, answers=answers)
    with at(7, TUESDAY + timedelta(days=3)):
        assert lapse_claims(timezone.now()) == 0
    assert fresh(enquiry).owner == world.coordinator


def test_while_the_authority_is_asked_no_claim_lapses(world: World) -> None:
    with at(0):
        world.ask(triage.claim(enquiry=world.enquiry(), by=world.coordinator))
    with at(0, TUESDAY + timedelta(days=6)):
        assert lapse_claims(timezone.now()) == 0


def test_after_an_outage_of_days_each_goes_back_once_and_is_told_once(claimed: Enquiry) -> None:
    with at(3, TUESDAY + timedelta(days=6)):
        assert [lapse_claims(timezone.now()) for _ in range(3)] == [1, 0, 0]
    assert Notification.objects.filter(enquiry=claimed, to="former_owner").count() == 1


def test_nobody_releases_a_claim_as_the_system_by_hand(claimed: Enquiry, world: World, api: Any) -> None:
    assert api(world.reviewer).make(fresh(claimed), "release").status_code == 403


@pytest.mark.parametrize("hours", [0.5, 8, 9, 20])
@pytest.mark.parametrize(
    "moment", [TUESDAY, TUESDAY + timedelta(hours=3), TUESDAY + timedelta(days=4, hours=14)]
)
def test_office_time_counted_back_is_the_office_time_that_passed(moment: datetime, hours: float) -> None:
    calendar, amount = Calendar(frozenset({moment.date() - timedelta(days=1)})), timedelta(hours=hours)
    start = office_time_before(moment, amount, OFFICE_HOURS, calendar)
    assert office_time_between(start, moment, OFFICE_HOURS, calendar) == amount
    assert OFFICE_HOURS.opens <= start.astimezone(LONDON).time() <= OFFICE_HOURS.closes


# --- The next enquiry ----------------------------------------------------------------------------------------


def everything(world: World) -> Any:
    return Enquiry.objects.visible_to(world.coordinator).order_by("received_at", "pk")


def test_the_next_is_the_first_that_nobody_has(world: World) -> None:
    taken, first, second = (world.enquiry() for _ in range(3))
    triage.claim(enquiry=taken, by=world.colleague)
    got = [claim_next(by=world.coordinator, rows=everything(world), view="To triage") for _ in range(3)]
    assert [row and row.reference for row in got] == [first.reference, second.reference, None]
    line = Event.objects.filter(enquiry=first, verb="enquiry.claim").get()
    assert line.data == {"next_of": "To triage"}


def test_a_reviewer_claims_nothing(world: World) -> None:
    enquiry = world.enquiry()
    with pytest.raises(Refused):
        claim_next(by=world.reviewer, rows=everything(world), view="")
    assert fresh(enquiry).owner is None


def test_the_api_claims_the_next_that_fits_the_filters(world: World, api: Any) -> None:
    world.enquiry()
    caller: Caller = api(world.coordinator)
    path = "/api/v1/enquiries/next/"
    assert caller.post(f"{path}?authority=936").status_code == 409
    answer = caller.post(f"{path}?authority=353")
    assert (answer.status_code, answer.data["status"]) == (200, Status.IN_TRIAGE)
    assert answer["ETag"]
    refused = caller.post(path)
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        "Nothing that nobody has is left in this view.",
    )
    assert caller.post(f"{path}?nonsense=1").status_code == 400
    assert caller.post(f"{path}?status=nonsense").status_code == 400


def test_with_a_key_the_same_is_claimed_however_often_it_is_sent(world: World, api: Any) -> None:
    first, second = world.enquiry(), world.enquiry()
    path = "/api/v1/enquiries/next/?sort=oldest"

    def send(key: str, who: Any = world.coordinator, to: str = path) -> Any:
        return api(who).post(to, headers={"Idempotency-Key": key})

    answers = [send("monday-1"), send("monday-1")]
    assert [row.data["reference"] for row in answers] == [first.reference] * 2
    assert [row.headers.get("Idempotent-Replayed") for row in answers] == [None, "true"]
    assert fresh(second).owner is None
    assert Event.objects.filter(enquiry=first, verb="enquiry.claim").count() == 1
    assert send("monday-1", to="/api/v1/enquiries/next/?sort=newest").status_code == 422
    assert send("monday-1", world.colleague).data["reference"] == second.reference
    # What found nothing is asked anew.
    assert send("monday-2").status_code == 409
    third = world.enquiry()
    assert send("monday-2").data["reference"] == third.reference


def test_a_button_pressed_twice_on_a_page_claims_one_and_pressed_later_another(
    world: World, signed_in: Any
) -> None:
    first, second = world.enquiry(), world.enquiry()
    browser = signed_in(world.coordinator)
    press = {"query": "sort=oldest", "csrfmiddlewaretoken": "as the page was drawn"}
    with time_machine.travel(timezone.now(), tick=False) as clock:
        went = [browser.post("/enquiries/next/", press).headers["Location"] for _ in range(2)]
        assert went == [f"/enquiries/{first.reference}/"] * 2
        clock.shift(timedelta(minutes=2))
        assert (
            browser.post("/enquiries/next/", press).headers["Location"] == f"/enquiries/{second.reference}/"
        )


def test_the_api_claims_for_no_authority(world: World, api: Any) -> None:
    enquiry = world.enquiry()
    for who in (world.referrer, world.reviewer, world.lead):
        assert api(who).post("/api/v1/enquiries/next/").status_code == 403
    assert fresh(enquiry).status == Status.SUBMITTED


# --- Presence ------------------------------------------------------------------------------------------------


def test_a_colleague_learns_who_is_looking_and_that_for_five_minutes(world: World) -> None:
    enquiry = world.enquiry()
    assert look(enquiry=enquiry, by=world.coordinator, now=TUESDAY) == []
    assert look(enquiry=enquiry, by=world.manager, now=TUESDAY + timedelta(minutes=4)) == ["Ann Coordinator"]
    assert look(enquiry=enquiry, by=world.reviewer, now=TUESDAY + timedelta(minutes=5)) == ["Mia Manager"]


def test_looking_is_written_down_once_a_minute(world: World, django_assert_num_queries: Any) -> None:
    enquiry = world.enquiry()
    look(enquiry=enquiry, by=world.coordinator, now=TUESDAY)
    with django_assert_num_queries(1):
        look(enquiry=enquiry, by=world.coordinator, now=TUESDAY + timedelta(seconds=59))
    look(enquiry=enquiry, by=world.coordinator, now=TUESDAY + timedelta(seconds=60))
    assert Presence.objects.get().seen_at == TUESDAY + timedelta(seconds=60)


def test_an_authority_and_a_service_leave_no_trace_and_see_none(world: World, signed_in: Any) -> None:
    enquiry = world.enquiry()
    look(enquiry=enquiry, by=world.coordinator, now=timezone.now())
    page = signed_in(world.referrer).get(f"/enquiries/{enquiry.reference}/")
    assert "looking at this" not in page.content.decode()
    assert Presence.objects.count() == 1


def test_the_page_says_who_else_is_looking(world: World, signed_in: Any) -> None:
    enquiry = world.enquiry()
    look(enquiry=enquiry, by=world.coordinator, now=timezone.now())
    page = signed_in(world.manager).get(f"/enquiries/{enquiry.reference}/")
    assert "Ann Coordinator is looking at this" in page.content.decode()


def test_who_looked_is_forgotten(world: World) -> None:
    look(enquiry=world.enquiry(), by=world.coordinator, now=TUESDAY)
    assert forget_presence(TUESDAY + timedelta(minutes=4)) == 0
    assert forget_presence(TUESDAY + timedelta(minutes=6)) == 1
    assert not Presence.objects.exists()


def test_presence_is_no_history(world: World) -> None:
    enquiry = world.enquiry()
    look(enquiry=enquiry, by=world.coordinator, now=TUESDAY)
    assert Event.objects.filter(enquiry=enquiry).count() == 1
    assert Role.COORDINATOR in world.coordinator.roles
