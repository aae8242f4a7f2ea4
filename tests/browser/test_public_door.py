"""The public door in a real browser: without JavaScript, at 320 px, the trap out of sight and out of the way."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Browser, Page, expect

from intake.models import Enquiry
from tests.factories import World

pytestmark = pytest.mark.django_db(transaction=True)
PATHS = (
    "/make-an-enquiry/",
    "/make-an-enquiry/danger/?council=353",
    "/make-an-enquiry/details/",
    "/contact/",
)


@pytest.fixture
def narrow(browser: Browser, live_server: Any, world: World) -> Iterator[Page]:
    """A telephone, nobody signed in, no scripts."""
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 320, "height": 700}, java_script_enabled=False
    )
    context.set_default_timeout(8000)
    yield context.new_page()
    context.close()


def test_somebody_asks_on_a_telephone_without_javascript(narrow: Page) -> None:
    with time_machine.travel(datetime(2026, 11, 23, 12, tzinfo=UTC)) as clock:
        narrow.goto("/make-an-enquiry/")
        narrow.get_by_label("No", exact=True).check()
        narrow.get_by_role("button", name="Continue").click()
        narrow.get_by_label("Your name").fill("Daniel Okafor")
        narrow.get_by_label("I work for a local authority").check()
        narrow.get_by_label("Telephone number").fill("01483 496 011")
        narrow.get_by_label("Something else").check()
        clock.shift(60)
        narrow.get_by_role("button", name="Send the enquiry").click()
        expect(narrow.get_by_role("alert")).to_contain_text("Write what you would like to ask.")
        expect(narrow.get_by_label("Your name")).to_have_value("Daniel Okafor")
        narrow.get_by_label("What would you like to ask?").fill("How soon could you begin?")
        narrow.get_by_role("button", name="Send the enquiry").click()
    expect(narrow.locator(".big-reference")).to_have_text(Enquiry.objects.get().reference)


def test_nothing_scrolls_sideways_and_the_trap_is_out_of_sight(browser: Browser, live_server: Any) -> None:
    page = browser.new_page(base_url=live_server.url, viewport={"width": 320, "height": 700})
    for path in PATHS:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    trap = page.get_by_label("Leave this empty")
    box = trap.evaluate("field => field.closest('.hidden-text').getBoundingClientRect().toJSON()")
    assert (box["width"], box["height"]) == (1, 1)
    assert trap.get_attribute("tabindex") == "-1"
    page.close()
