"""Every page in its full and its error state: axe, two widths, light and dark, the outline, the focus."""

import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.urls import URLPattern
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab
from pytest_django.live_server_helper import LiveServer

from intake.models import User
from tests.browser import looks, stage
from tests.browser.pages import NO_PAGES, PAGES, Page
from tests.contract.scoped import patterns, plain

# The database is the same to the browser: once is enough.
pytestmark = [pytest.mark.own_database, pytest.mark.django_db(transaction=True)]
NOT_OURS = ("admin/", "oauth/", "api/", "^api/")


def addresses() -> set[str]:
    """What the URLconf answers to GET, placeholders without their types."""
    found = {
        (re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", address).replace("^", "").removesuffix("$"), entry)
        for path, entry in patterns(without=NOT_OURS)
        for address in plain(path, entry)
        if reads(entry)
    }
    return {address for address, _ in found}


def reads(entry: URLPattern) -> bool:
    view: Any = getattr(entry.callback, "view_class", None)
    return view is None or hasattr(view, "get")


def test_each_page_stands_in_the_table_or_among_those_that_are_none() -> None:
    known = {page.path for page in PAGES if page.status == 200} | NO_PAGES.keys()
    new, gone = sorted(addresses() - known), sorted(known - addresses())
    assert not new, f"New, so add them to tests/browser/pages.py: {' '.join(new)}"
    assert not gone, f"Gone: {' '.join(gone)}"


class Desk:
    """A server over the staged world, and a window for each person."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser, self.url = browser, url
        self.tabs: dict[int, Tab] = {}

    def tab(self, user: User | None) -> Tab:
        key = user.pk if user else 0
        if key not in self.tabs:
            context = self.browser.new_context(base_url=self.url, viewport=looks.WIDE)  # type: ignore[arg-type]
            context.set_default_timeout(15_000)
            if user:
                context.add_cookies([{"name": "sessionid", "value": session(user), "url": self.url}])
            self.tabs[key] = context.new_page()
        return self.tabs[key]


def session(user: User) -> str:
    """As if they had just given their password."""
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    kept = client.session
    kept[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": time.time(), "email": user.email}
    ]
    kept.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def path_of(tab: Tab) -> str:
    return urlsplit(tab.url).path


@pytest.fixture
def _django_db_helper() -> None:
    """In place of pytest-django's, which empties the database after each test: one world stands for all of these."""


@pytest.fixture(scope="module")
def desk(django_db_setup: None, django_db_blocker: Any, browser: Browser) -> Iterator[Desk]:
    """One world for all: the pages are read, and what is sent is refused."""
    with django_db_blocker.unblock():
        stage.build()
        server = LiveServer("localhost")
        desk = Desk(browser, server.url)
        yield desk
        for tab in desk.tabs.values():
            tab.context.close()
        server.stop()
        connections.close_all()
        call_command("flush", interactive=False, verbosity=0)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_has_nothing_to_complain_of(page: Page, desk: Desk) -> None:
    assert page.found, "The staged world has no such record."
    user, address = page.found
    tab = desk.tab(user)
    answer = tab.goto(address)
    assert answer
    assert (answer.status, path_of(tab)) == (page.status, address.partition("?")[0])
    faults = looks.faults_of(tab) + looks.focus_faults(tab)
    if page.wrong:
        looks.send_empty(tab)
        faults += [f"in error: {fault}" for fault in looks.error_faults(tab) + looks.faults_of(tab)]
    assert not faults, "\n".join([address, *faults])
