"""A session ends half an hour after the last act, and after twelve hours; what pages ask by themselves is no act."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from intake.lifecycle import Status
from intake.models import Kept
from tests.factories import World

TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
UNATTENDED = {"X-Unattended": "yes"}


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(TEN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def browser(clock: Any, world: World, signed_in: Callable[..., Any]) -> Any:
    """A coordinator who has just opened the worklist."""
    client = signed_in(world.coordinator)
    client.get("/enquiries/")
    return client


def is_in(browser: Any) -> bool:
    return bool(browser.get("/account/", headers=UNATTENDED).status_code == 200)


def at(clock: Any, hour: int, minute: int) -> None:
    clock.move_to(TEN.replace(hour=hour, minute=minute), tick=False)


def test_half_an_hour_without_an_act_ends_it(browser: Any, clock: Any) -> None:
    at(clock, 10, 29)
    assert is_in(browser)
    at(clock, 10, 30)
    assert not is_in(browser)
    # Its cookie opens nothing again.
    at(clock, 10, 10)
    assert not is_in(browser)


def test_every_page_begins_the_half_hour_anew(browser: Any, clock: Any) -> None:
    at(clock, 10, 20)
    browser.get("/desk/")
    at(clock, 10, 49)
    assert is_in(browser)


@pytest.mark.parametrize(
    ("path", "headers"), [("/desk/", UNATTENDED), ("/api/v1/enquiries/", {}), ("/account/session/", {})]
)
def test_what_a_page_asks_by_itself_and_the_api_keep_nobody_in(
    browser: Any, clock: Any, path: str, headers: dict[str, str]
) -> None:
    at(clock, 10, 20)
    assert browser.get(path, headers=headers).status_code == 200
    at(clock, 10, 31)
    assert not is_in(browser)


def test_who_is_looking_keeps_nobody_in(browser: Any, clock: Any, world: World) -> None:
    at(clock, 10, 20)
    path = f"/enquiries/{world.enquiry().reference}/looking/"
    assert browser.post(path, headers=UNATTENDED).status_code == 200
    at(clock, 10, 31)
    assert browser.post(path, headers=UNATTENDED).status_code == 302


def test_the_api_is_closed_to_a_session_that_is_over(browser: Any, clock: Any) -> None:
    at(clock, 10, 31)
    assert browser.get("/api/v1/enquiries/").status_code == 401


def test_a_session_that_only_called_the_api_ends_too(clock: Any, world: World, signed_in: Any) -> None:
    client = signed_in(world.coordinator)
    assert client.get("/api/v1/enquiries/").status_code == 200
    at(clock, 10, 31)
    assert client.get("/api/v1/enquiries/").status_code == 401


def test_twelve_hours_are_the_longest_however_busy(browser: Any, clock: Any) -> None:
    for hour in range(10, 22):
        for minute in (0, 25, 50):
            at(clock, hour, minute)
            assert browser.get("/desk/").status_code == 200
    assert browser.get("/account/session/").json() == {
        "seconds": 600, "warning": 300, "until": "22:00", "final": True,
    }  # fmt: skip
    at(clock, 22, 0)
    assert browser.get("/desk/").status_code == 302


def test_staying_is_a_press_of_a_button(browser: Any, clock: Any) -> None:
    at(clock, 10, 20)
    assert browser.post("/account/session/").json()["until"] == "10:50"
    at(clock, 10, 45)
    assert is_in(browser)


def test_an_act_is_written_down_once_a_minute(
    browser: Any, clock: Any, django_assert_max_num_queries: Any
) -> None:
    clock.shift(59)
    with django_assert_max_num_queries(100) as asked:
        browser.get("/account/")
    assert not [row for row in asked.captured_queries if 'UPDATE "django_session"' in row["sql"]]


def test_what_was_typed_when_it_ended_is_given_back(browser: Any, clock: Any, world: World) -> None:
    enquiry = world.enquiry(Status.IN_TRIAGE)
    path = f"/enquiries/{enquiry.reference}/request-information/"
    page = browser.get(path)
    assert "You are signed in until 10:30" in page.content.decode()
    typed = {"version": enquiry.version, "who": page.context["who"], "questions-0-text": "Since when?"}
    at(clock, 23, 0)
    sent = browser.post(path, typed)
    assert sent["Location"].startswith("/accounts/login/?next=")
    browser.force_login(world.coordinator, backend="allauth.account.auth_backends.AuthenticationBackend")
    back = browser.get(
        sent["Location"].partition("next=")[2].replace("%2F", "/").replace("%3F", "?").replace("%3D", "=")
    )
    assert "Since when?" in back.content.decode()


def test_typed_words_that_were_kept_are_offered_to_nobody_else(browser: Any, world: World) -> None:
    enquiry = world.enquiry(Status.IN_TRIAGE)
    path = f"/enquiries/{enquiry.reference}/request-information/"
    typed = {"of_page": path, "who": "x", "questions-0-text": "Since when?"}
    assert browser.post("/account/session/kept/", typed).status_code == 204
    assert "Bring it back" in browser.get(path).content.decode()
    browser.force_login(world.colleague, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "Bring it back" not in browser.get(path).content.decode()


def test_a_place_that_is_none_keeps_nothing(browser: Any) -> None:
    for place in ("", "https://elsewhere.example/", "/" + "a" * 300):
        assert browser.post("/account/session/kept/", {"of_page": place, "text": "x"}).status_code == 204
    assert not Kept.objects.exists()
