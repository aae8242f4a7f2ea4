"""A real browser (Debian's Chromium) at a live server with the small world of the tests."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import Client, override_settings
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from intake.models import User
from tests.browser.windows import Windows
from tests.factories import PASSWORD

CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()
        # The browser's event loop has had database connections of its own.
        connections.close_all()


@pytest.fixture
def window(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """A fresh window, nobody signed in; keywords are the browser's own (width, java_script_enabled ...)."""
    contexts = []

    def open_one(width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 800}, **options
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def enter(window: Callable[..., Page], live_server: Any) -> Callable[..., Page]:
    """A window of somebody who has signed in already, where signing in is not what is looked at."""

    def open_as(user: User, **options: Any) -> Page:
        page, client = window(**options), Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
        )
        return page

    return open_as


@pytest.fixture
def visit(window: Callable[..., Page]) -> Callable[..., Page]:
    """A window of somebody who has just signed in."""

    def open_as(user: User, **options: Any) -> Page:
        page = window(**options)
        page.goto("/accounts/login/")
        page.get_by_label("E-mail address").fill(user.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/accounts/" not in url)
        return page

    return open_as


@pytest.fixture(scope="module")
def windows(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any, browser: Browser
) -> Iterator[Windows]:
    """Over the world that the module stages once for all its tests, and that goes with it."""
    # A password given once is enough, however long the pages take.
    with django_db_blocker.unblock(), override_settings(ACCOUNT_REAUTHENTICATION_TIMEOUT=3600):
        request.module.STAGE()
        server = LiveServer("localhost")
        windows = Windows(browser, server.url)
        yield windows
        windows.close()
        server.stop()
        connections.close_all()
        call_command("flush", interactive=False, verbosity=0)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How much was walked and looked at."""
    ran = [row for kind in ("passed", "failed") for row in terminalreporter.stats.get(kind, ())]
    here = [row for row in ran if row.when == "call" and row.nodeid.startswith("tests/browser/")]
    journeys = [row for row in here if "/test_every_" not in row.nodeid]
    looked = [properties["faults"] for row in here if "faults" in (properties := dict(row.user_properties))]
    states = [number for faults in looked for number in faults]
    terminalreporter.write_line(
        f"{len(journeys)} journeys walked; {len(looked)} pages looked at in {len(states)} states "
        f"at 1280 and 320 pixels, light and dark: {sum(states)} violations"
    )
