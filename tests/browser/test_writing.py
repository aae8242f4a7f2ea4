"""A referrer writes an enquiry in a real browser: at a telephone's width without JavaScript, and by keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from intake.lifecycle import Status
from intake.models import Enquiry
from tests.factories import World, fresh

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]


def save(page: Page) -> None:
    page.get_by_role("button", name="Save and continue").click()


def fits(page: Page) -> bool:
    """Nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_an_enquiry_is_written_and_sent_at_320_pixels_without_javascript(visit: Visit, world: World) -> None:
    page = visit(world.referrer, width=320, java_script_enabled=False)
    page.get_by_role("link", name="Start a new enquiry").click()
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Referral", exact=True).check()
    page.get_by_label("Your own reference").fill("OLD-77")
    page.get_by_text("Other work:").click()
    page.get_by_label("Chronology / file preparation").check()
    save(page)
    expect(page.get_by_role("heading", name="Your enquiry")).to_be_visible()
    assert fits(page)

    page.get_by_role("link", name="What you ask for").click()
    page.get_by_label("By when do you need the report?").fill("2027-03-05")
    save(page)
    page.get_by_role("link", name="Background").click()
    page.get_by_label("What has happened").fill("Nine volumes; the order of events is disputed.")
    save(page)
    page.get_by_role("link", name="Check your answers and send").click()
    assert fits(page)
    page.get_by_role("button", name="Send the enquiry").click()
    expect(page).to_have_title(
        "Error: Check your answers, " + Enquiry.objects.get().reference + " – Referral Desk"
    )


def test_a_section_is_filled_and_saved_by_keyboard_alone(visit: Visit, world: World) -> None:
    draft = world.enquiry(Status.DRAFT, background="")
    page = visit(world.referrer)
    page.goto(f"/enquiries/{draft.reference}/write/background/")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "background":
            break
    page.keyboard.type("Typed without a mouse.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved: Background.")
    assert fresh(draft).background == "Typed without a mouse."
