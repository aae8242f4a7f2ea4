"""The end of a session, in a browser: said before it comes, put off by a press or by typing, and nothing is lost."""

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from intake.lifecycle import Status
from intake.models import Kept
from tests.factories import PASSWORD, World, in_days

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]
MINUTE = 60_000


@pytest.fixture
def page(visit: Visit, world: World) -> Page:
    """A form that lies open; the browser's minutes pass when the test says so, the server's are its own."""
    enquiry = world.enquiry(Status.IN_TRIAGE)
    page = visit(world.coordinator)
    page.clock.install()
    page.goto(f"/enquiries/{enquiry.reference}/request-information/")
    return page


def age(minutes: int) -> None:
    """So long ago was the last act."""
    for row in Session.objects.all():
        session = row.get_decoded()
        session["acted"] -= minutes * 60
        row.session_data = Session.objects.encode(session)
        row.save()


def test_five_minutes_before_it_is_said_and_a_press_puts_it_off(page: Page) -> None:
    box = page.locator("#session")
    page.clock.run_for(24 * MINUTE)
    expect(box).to_be_hidden()
    age(26)
    page.clock.run_for(2 * MINUTE)
    expect(box).to_contain_text("You will be signed out at")
    page.get_by_role("button", name="Stay signed in").click()
    expect(box).to_be_hidden()
    with page.expect_response("**/account/session/") as asked:
        page.clock.run_for(26 * MINUTE)
    assert asked.value.json()["seconds"] > 29 * 60


def test_whoever_types_stays_signed_in(page: Page) -> None:
    page.get_by_label("What do you need to know?").first.type("Since when?")
    age(26)
    with page.expect_response("**/account/session/") as asked:
        page.clock.run_for(26 * MINUTE)
    assert (asked.value.request.method, asked.value.json()["seconds"] > 29 * 60) == ("POST", True)
    expect(page.locator("#session")).to_be_hidden()
    expect(page.get_by_text("what you typed is given back")).to_be_hidden()


def long_ago(page: Page, label: str, words: str) -> None:
    """Typed before the page looked last, so that nobody seems to be at work now."""
    page.get_by_label(label).first.evaluate("(box, words) => { box.value = words; }", words)


def near_its_end(page: Page) -> None:
    age(26)
    with page.expect_response("**/account/session/kept/"):
        page.clock.run_for(26 * MINUTE)


def test_a_page_that_is_closed_at_its_end_has_its_words_kept(page: Page) -> None:
    long_ago(page, "What do you need to know?", "Since when?")
    near_its_end(page)
    address = page.url
    page.goto(address)
    expect(page.get_by_text("was kept, and was not sent")).to_be_visible()
    page.get_by_role("link", name="Bring it back").click()
    expect(page.get_by_label("What do you need to know?").first).to_have_value("Since when?")
    page.goto(address)
    expect(page.get_by_role("link", name="Bring it back")).to_have_count(0)


def test_what_is_sent_after_all_is_not_offered_again(page: Page) -> None:
    long_ago(page, "What do you need to know?", "Since when?")
    long_ago(page, "When do you need the answer by?", in_days(9).isoformat())
    near_its_end(page)
    assert Kept.objects.exists()
    page.locator("form.form button.first").click()
    expect(page.locator(".said")).to_be_visible()
    assert not Kept.objects.exists()


def test_a_form_that_says_nothing_new_is_not_kept(page: Page) -> None:
    age(26)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(26 * MINUTE)
    expect(page.locator("#session")).to_be_visible()
    assert not [url for url in asked if url.endswith("/kept/")]


def test_after_its_end_the_words_are_still_there_and_come_back(page: Page, world: World) -> None:
    page.get_by_label("What do you need to know?").first.fill("Since when?")
    age(31)
    page.clock.run_for(26 * MINUTE)
    expect(page.locator("#session")).to_contain_text("You have been signed out.")
    expect(page.get_by_role("button", name="Stay signed in")).to_be_hidden()
    page.locator("form.form button.first").click()
    page.get_by_label("E-mail address").fill(world.coordinator.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("What do you need to know?").first).to_have_value("Since when?")


def test_without_javascript_the_form_says_until_when_and_that_nothing_is_lost(
    visit: Visit, world: World
) -> None:
    enquiry = world.enquiry(Status.IN_TRIAGE)
    page = visit(world.coordinator, java_script_enabled=False)
    page.goto(f"/enquiries/{enquiry.reference}/request-information/")
    expect(page.get_by_text("what you typed is given back")).to_be_visible()
