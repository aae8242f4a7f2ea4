"""How often somebody may call: exact, apart for each purpose and caller, told in headers, not to be talked round."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client

from intake.limits import Purpose, client_address, read_limits
from intake.models import Allowance
from intake.models import allowance as counter
from intake.models.allowance import forget_old_allowances, spend
from tests.conftest import bearer
from tests.factories import World, example

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "/api/v1/enquiries/"
NOWHERE = f"{URL}ENQ-2222-2222-2/"
Limits = Callable[[str], None]


@pytest.fixture
def limits(settings: Any, tmp_path: Path) -> Limits:
    """Limits of this test's own, and nothing used of them."""

    def set_to(text: str) -> None:
        settings.LIMITS = read_limits(text)
        settings.LIMITS_FILE = tmp_path / "limits.sqlite3"

    return set_to


@pytest.fixture
def at_noon() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def token(world: World, at_noon: Any) -> dict[str, str]:
    return {"Authorization": bearer(*world.client)}


# --- The counter ----------------------------------------------------------------------------------------------


def test_a_window_begins_with_the_first_call_and_refused_calls_do_not_lengthen_it(
    limits: Limits, at_noon: Any, db: None
) -> None:
    limits("reading=2/60")
    used = []
    for _ in range(6):
        spent = spend(Purpose.READING, "user:1")
        assert spent
        used.append((spent.used, spent.refused, spent.wait))
        at_noon.shift(10)
    assert used == [(1, False, 60), (2, False, 50), *((3, True, wait) for wait in (40, 30, 20, 10))]
    after = spend(Purpose.READING, "user:1")
    assert after
    assert (after.used, after.refused, after.wait) == (1, False, 60)


def test_purposes_and_callers_are_counted_apart(limits: Limits, db: None) -> None:
    limits("reading=1/60,intake=1/60")
    calls = [(Purpose.READING, "user:1"), (Purpose.INTAKE, "user:1"), (Purpose.READING, "user:2")]
    assert [spend(*call).refused for call in calls] == [False, False, False]  # type: ignore[union-attr]
    assert [spend(*call).refused for call in calls] == [True, True, True]  # type: ignore[union-attr]


@pytest.mark.django_db(transaction=True)
def test_of_200_calls_in_20_threads_exactly_100_pass(limits: Limits) -> None:
    limits("intake=100/3600")

    def call(_: int) -> bool:
        spent = spend(Purpose.INTAKE, "client:1")
        return spent is not None and not spent.refused

    def work(part: int) -> int:
        passed = sum(call(number) for number in range(10))
        connections.close_all()
        return passed

    with ThreadPoolExecutor(20) as threads:
        assert sum(threads.map(work, range(20))) == 100


def test_old_windows_are_forgotten_and_running_ones_kept(limits: Limits, at_noon: Any, db: None) -> None:
    limits("reading=1/60,public=1/200000")
    spend(Purpose.READING, "user:1")
    spend(Purpose.PUBLIC, "user:1")
    at_noon.shift(timedelta(days=1, minutes=2))
    assert forget_old_allowances() == 1
    again = spend(Purpose.PUBLIC, "user:1")
    assert again
    assert again.refused


def test_beside_sqlite_nothing_is_written_to_the_database(limits: Limits, db: None) -> None:
    limits("reading=1/60")
    spend(Purpose.READING, "user:1")
    assert Allowance.objects.count() == (0 if connection.vendor == "sqlite" else 1)


@pytest.mark.parametrize(
    "text", ["intake", "intake=3", "reading=x/60", "tea=3/60", "token=0/60", "token=3/0"]
)
def test_limits_that_say_nothing_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="LIMITS holds"):
        read_limits(text)


def test_what_is_not_named_keeps_the_limit_as_shipped() -> None:
    assert read_limits("token=5/1")[Purpose.INTAKE].policy == '"intake";q=300;w=60'


# --- The API --------------------------------------------------------------------------------------------------


def test_every_answer_says_what_is_left(limits: Limits, token: dict[str, str], client: Client) -> None:
    limits("reading=3/60")
    told = [client.get(path, headers=token) for path in (URL, "/api/v1/me/", NOWHERE)]
    assert [answer["RateLimit"] for answer in told] == [f'"reading";r={left};t=60' for left in (2, 1, 0)]
    assert {answer["RateLimit-Policy"] for answer in told} == {'"reading";q=3;w=60'}
    assert not any("Retry-After" in answer for answer in told)


def test_one_call_too_many_is_a_429_that_says_when_to_come_again(
    limits: Limits, token: dict[str, str], client: Client, at_noon: Any
) -> None:
    limits("reading=1/60")
    assert client.get(URL, headers=token).status_code == 200
    at_noon.shift(20)
    refused = client.get(URL, headers=token)
    assert (refused.status_code, refused["Content-Type"]) == (429, "application/problem+json")
    assert (refused["Retry-After"], refused["RateLimit"]) == ("40", '"reading";r=0;t=40')
    assert refused.json()["detail"] == "Too many requests. Try again in 40 seconds."
    at_noon.shift(40)
    assert client.get(URL, headers=token).status_code == 200


def test_reading_too_much_does_not_stop_an_enquiry(
    limits: Limits, token: dict[str, str], client: Client
) -> None:
    limits("reading=1/60,intake=1/60")
    for _ in range(2):
        read = client.get(URL, headers=token)
    sent, again = (client.post(URL, example(), content_type="application/json", headers=token) for _ in "12")
    assert (read.status_code, sent.status_code, again.status_code) == (429, 201, 429)
    assert sent["RateLimit"] == '"intake";r=0;t=60'


def test_another_client_is_not_touched(
    limits: Limits, world: World, token: dict[str, str], client: Client
) -> None:
    theirs = {"Authorization": bearer(*world.other_client)}
    limits("reading=1/60")
    statuses = [client.get(URL, headers=headers).status_code for headers in (token, token, theirs)]
    assert statuses == [200, 429, 200]


def test_who_looks_for_records_that_are_not_there_soon_finds_none(
    limits: Limits, world: World, token: dict[str, str], client: Client, at_noon: Any
) -> None:
    limits("lookup=3/60")
    mine = f"{URL}{world.enquiry().reference}/"
    assert [client.get(NOWHERE, headers=token).status_code for _ in range(5)] == [404, 404, 404, 429, 429]
    stopped = client.get(mine, headers=token)
    assert (stopped.status_code, stopped["RateLimit-Policy"]) == (429, '"lookup";q=3;w=60')
    assert client.get(URL, headers=token).status_code == 200
    at_noon.shift(60)
    assert client.get(mine, headers=token).status_code == 200


def test_anothers_record_counts_as_one_that_is_not_there(
    limits: Limits, world: World, token: dict[str, str], client: Client
) -> None:
    stranger = {"Authorization": bearer(*world.other_client)}
    theirs = f"{URL}{world.enquiry().reference}/"
    limits("lookup=2/60")
    assert [client.get(theirs, headers=stranger).status_code for _ in range(3)] == [404, 404, 429]


def test_a_person_is_counted_at_the_pages_too(
    limits: Limits, world: World, signed_in: Any, at_noon: Any
) -> None:
    browser = signed_in(world.coordinator)
    limits("reading=2/60")
    answers = [browser.get("/enquiries/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "60"
    assert "Too many" in answers[2].content.decode()


def test_guessing_references_at_the_pages_ends_at_the_limit(
    limits: Limits, world: World, signed_in: Any, at_noon: Any
) -> None:
    mine = f"/enquiries/{world.enquiry().reference}/"
    browser = signed_in(world.coordinator)
    limits("lookup=2/60")
    guessed = [browser.get("/enquiries/ENQ-2222-2222-2/").status_code for _ in range(3)]
    assert guessed == [404, 404, 429]
    assert browser.get(mine).status_code == 429
    assert browser.get("/enquiries/").status_code == 200


# --- Tokens, strangers and what they say of themselves ----------------------------------------------------------


def ask_token(client: Client, name: str, secret: str, **more: Any) -> Any:
    form = {"grant_type": "client_credentials", "client_id": name, "client_secret": secret}
    return client.post("/oauth/token/", form, **more)


def test_a_client_that_fetches_a_token_for_every_call_is_told_to_keep_one(
    limits: Limits, world: World, client: Client, at_noon: Any
) -> None:
    limits("token=2/60")
    issued, secret = world.client
    places = [{"REMOTE_ADDR": f"192.0.2.{number}"} for number in range(3)]
    answers = [ask_token(client, issued.client_id, secret, **place) for place in places]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert (answers[2].json()["error"], answers[2]["Retry-After"]) == ("slow_down", "60")


def test_wrong_secrets_stop_their_own_address_and_not_the_client(
    limits: Limits, world: World, client: Client, at_noon: Any
) -> None:
    limits("token=2/60")
    issued, secret = world.client
    guessed = [ask_token(client, issued.client_id, "wrong", REMOTE_ADDR="192.0.2.1") for _ in range(3)]
    assert [answer.status_code for answer in guessed] == [401, 401, 429]
    assert guessed[2]["Content-Type"] == "application/problem+json"
    assert ask_token(client, issued.client_id, secret, REMOTE_ADDR="192.0.2.2").status_code == 200


def test_tokens_are_fetched_without_a_csrf_token(world: World) -> None:
    issued, secret = world.client
    assert ask_token(Client(enforce_csrf_checks=True), issued.client_id, secret).status_code == 200


@pytest.mark.parametrize("proxies", [0, 1])
def test_fifty_invented_addresses_in_x_forwarded_for_are_one_caller(
    limits: Limits, client: Client, settings: Any, db: None, proxies: int
) -> None:
    """Behind a proxy, which adds the true one at the end, and without."""
    settings.PROXY_COUNT = proxies
    limits("lookup=10/60")
    true = ", 198.51.100.7" if proxies else ""
    spoofed = [{"X-Forwarded-For": f"203.0.113.{number}{true}"} for number in range(50)]
    answers = [client.get(URL, headers=headers).status_code for headers in spoofed]
    assert answers == [401] * 10 + [429] * 40


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("", 0, "192.0.2.9"),
        ("203.0.113.5", 0, "192.0.2.9"),
        ("", 1, "192.0.2.9"),
        ("203.0.113.5", 1, "203.0.113.5"),
        ("10.0.0.1, 203.0.113.5", 1, "203.0.113.5"),
        ("10.0.0.1, 203.0.113.5, 198.51.100.1", 2, "203.0.113.5"),
        ("203.0.113.5", 2, "192.0.2.9"),
        ("nonsense", 1, "192.0.2.9"),
        ("203.0.113.5:4711", 1, "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", 1, "2001:db8:1:2::"),
        ("::ffff:203.0.113.5", 1, "203.0.113.5"),
    ],
)
def test_a_caller_is_who_our_own_proxies_name(forwarded: str, proxies: int, address: str) -> None:
    meta = {"REMOTE_ADDR": "192.0.2.9", "HTTP_X_FORWARDED_FOR": forwarded}
    assert client_address(meta, proxies) == address


def test_a_lockout_counts_the_same_address(world: World, client: Client, settings: Any) -> None:
    settings.PROXY_COUNT = 1
    for number in range(11):
        headers = {"X-Forwarded-For": f"203.0.113.{number}, 198.51.100.7"}
        form = {"login": world.coordinator.email, "password": "wrong"}
        answer = client.post("/accounts/login/", form, headers=headers)
    assert answer.status_code == 429


def test_no_address_is_written_down(limits: Limits, client: Client, settings: Any, db: None) -> None:
    limits("lookup=10/60")
    client.get(URL, REMOTE_ADDR="198.51.100.7")
    if connection.vendor == "sqlite":
        with sqlite3.connect(settings.LIMITS_FILE) as kept:
            keys = [key for (key,) in kept.execute("SELECT key FROM intake_allowance")]
    else:
        keys = list(Allowance.objects.values_list("key", flat=True))
    assert len(keys) == 1
    assert "198.51" not in keys[0]


# --- A counter that is away -------------------------------------------------------------------------------------


@pytest.fixture
def away(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store of the counters cannot be reached; the rest can."""
    if connection.vendor == "sqlite":
        settings.LIMITS_FILE = tmp_path
        return

    monkeypatch.setattr(counter, "SPEND", "SELECT 1/0")
    monkeypatch.setattr(counter, "SPEND_AND_LOOK", "SELECT 1/0")


@pytest.mark.django_db(transaction=True)
def test_without_its_counter_the_api_stays_open_and_says_so_in_the_log(away: None, caplog: Any) -> None:
    world = World()
    headers = {"Authorization": bearer(*world.client)}
    sent = Client().post(URL, example(), content_type="application/json", headers=headers)
    assert sent.status_code == 201
    assert "RateLimit" not in sent
    assert "The counter of calls did not answer" in caplog.text
