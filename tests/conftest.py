"""What all tests share: a database with the reference data, the world, and callers of the API."""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from intake import append_only, found, tallies
from intake.actions.reference import load_reference
from intake.limits import read_limits
from intake.models import ApiClient, User, book, put_away
from intake.models.book import Book, _shelf
from reports import uncounted
from tests.factories import World
from tests.faults.server import UNLIMITED


def pytest_configure() -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    # A suite calls more often than anybody; the tests of limits set their own.
    settings.LIMITS = read_limits(UNLIMITED)


@pytest.fixture(scope="session")
def django_db_use_migrations() -> bool:
    """One worker migrates; the others make the same tables at once, in a tenth of the time."""
    return os.environ.get("PYTEST_XDIST_WORKER", "gw0") == "gw0"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Every test finds the shipped reference data."""
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            install(editor)
        load_shipped()
        keep_reference_when_flushing()


# What the tables carry that no model says.
BY_HAND = (append_only, found, tallies, uncounted)


def install(editor: Any) -> None:
    for part in BY_HAND:
        part.install(None, editor)


def remove(editor: Any) -> None:
    for part in BY_HAND:
        part.remove(None, editor)


_shipped: list[Book] = []


def load_shipped() -> None:
    """The shipped reference data in the tables, and its book read once for all tests."""
    load_reference()
    put_away()
    _shipped[:] = [book()]


def keep_reference_when_flushing() -> None:
    """A test that commits is followed by a flush: the triggers make way for it, the reference data comes back."""
    # The class, since a browser's event loop gets a connection of its own.
    operations = type(connection.ops)
    flush = operations.execute_sql_flush

    def flush_and_load(ops: Any, statements: list[str]) -> None:
        with connection.schema_editor() as editor:
            remove(editor)
        flush(ops, statements)
        with connection.schema_editor() as editor:
            install(editor)
        load_shipped()

    operations.execute_sql_flush = flush_and_load  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _private_files(tmp_path: Any, settings: Any) -> Iterator[None]:
    """Attachments and mail of a test lie in its own folder; the reference book is as shipped.

    A test that changes reference rows puts the book away, as whoever edits them waits a minute.
    """
    settings.MEDIA_ROOT = tmp_path / "attachments"
    put_away()
    if _shipped:
        _shelf["book"] = (time.monotonic(), _shipped[0])
    yield
    put_away()


@pytest.fixture
def world(db: None) -> World:
    return World()


class Caller(APIClient):
    """A person or a case system at the API."""

    def make(self, row: Any, transition: str, data: Any = None, **headers: str) -> Any:
        """POST a transition with the row's ETag."""
        kind = "enquiries" if row.reference.startswith("ENQ") else "referrals"
        path = f"/api/v1/{kind}/{row.reference}/{transition.replace('_', '-')}/"
        return self.post(path, data or {}, format="json", headers={"If-Match": row.etag, **headers})


def bearer(client: ApiClient, secret: str, **more: str) -> str:
    """The Authorization header of a case system, with a token fetched at the real door."""
    asked = {
        "grant_type": "client_credentials",
        "client_id": client.client_id,
        "client_secret": secret,
        **more,
    }
    answer = Client().post("/oauth/token/", asked)
    assert answer.status_code == 200, answer.content
    return f"Bearer {answer.json()['access_token']}"


@pytest.fixture
def api(world: World) -> Callable[[User], Caller]:
    """Somebody signed in at the API; a case system with a token of its own."""

    def call_as(user: User) -> Caller:
        caller = Caller()
        if user.kind == User.Kind.MACHINE:
            pairs = (world.client, world.other_client)
            caller.credentials(
                HTTP_AUTHORIZATION=next(bearer(*pair) for pair in pairs if pair[0].user == user)
            )
        else:
            caller.force_authenticate(user)
        return caller

    return call_as


@pytest.fixture
def signed_in(client: Any) -> Callable[[User], Any]:
    """Somebody signed in at the pages."""

    def sign_in(user: User) -> Any:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
