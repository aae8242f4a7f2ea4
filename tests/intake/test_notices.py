"""What is said on top of every page: to whom, from when, until when; and the settings that are data."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from intake.actions import banners
from intake.models import User
from intake.models.banner import forget
from intake.refusals import Forbidden, Invalid
from tests.factories import World

WORDS = "We are closed on Friday."


@pytest.fixture(autouse=True)
def _nothing_kept() -> Any:
    forget()
    yield
    forget()


def put_up(by: User, **more: Any) -> Any:
    now = timezone.now()
    given = {
        "text": WORDS,
        "tone": "warning",
        "audience": "everybody",
        "since": now,
        "until": now + timedelta(1),
    }
    row = banners.put_up(by=by, **given | more)
    forget()
    return row


def said(client: Any, user: User) -> bool:
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return WORDS in client.get("/account/").content.decode()


def test_it_is_read_by_whom_it_is_for(world: World, client: Any) -> None:
    put_up(world.manager, audience="authority")
    assert said(client, world.referrer)
    assert not said(client, world.coordinator)
    assert not said(client, world.lead)


def test_what_is_for_everybody_is_read_before_signing_in(world: World, client: Any) -> None:
    put_up(world.administrator)
    assert WORDS in client.get("/accounts/login/").content.decode()


def test_it_begins_and_ends_by_its_days(world: World, client: Any) -> None:
    put_up(world.manager, since=timezone.now() + timedelta(hours=1))
    assert not said(client, world.coordinator)


def test_taken_down_it_is_gone(world: World, client: Any) -> None:
    row = put_up(world.manager)
    assert said(client, world.coordinator)
    banners.take_down(banner=row, by=world.manager)
    forget()
    assert not said(client, world.coordinator)


def test_a_manager_puts_one_up_on_the_page(world: World, signed_in: Any) -> None:
    day = timezone.localdate() + timedelta(days=1)
    client = signed_in(world.manager)
    page = client.post(
        "/notices/", {"text": WORDS, "tone": "notice", "audience": "everybody", "until": day.isoformat()}
    )
    assert page.status_code == 302
    forget()
    assert client.get("/notices/").content.decode().count(WORDS) >= 2


def test_whoever_may_not_is_told_so_and_nothing_is_said(world: World) -> None:
    with pytest.raises(Forbidden):
        put_up(world.coordinator)


def test_one_that_ends_before_it_begins_is_refused(world: World) -> None:
    with pytest.raises(Invalid):
        put_up(world.manager, until=timezone.now() - timedelta(days=1))


@pytest.mark.parametrize(("who", "status"), [("manager", 200), ("auditor", 200), ("coordinator", 403)])
def test_the_settings_are_read_by_who_may(world: World, signed_in: Any, who: str, status: int) -> None:
    answer = signed_in(getattr(world, who)).get("/settings/")
    assert answer.status_code == status
    assert ("Hours of an assessment" in answer.content.decode()) == (status == 200)
