"""A coordinator's path in a real browser: with the mouse, by keyboard alone, without JavaScript, at 320 px."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from intake.lifecycle import Status
from tests.factories import World, fresh, in_days

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]


def test_a_coordinator_finds_claims_asks_and_declines_without_javascript(visit: Visit, world: World) -> None:
    enquiry, _ = world.enquiry(), world.enquiry(Status.DECLINED)
    page = visit(world.coordinator, java_script_enabled=False)
    page.get_by_role("link", name="Enquiries", exact=True).click()
    page.get_by_label("Received", exact=True).check()
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator(".rows > li")).to_have_count(1)
    page.get_by_role("link", name=enquiry.reference).click()
    page.get_by_role("button", name="Claim").click()
    expect(page.locator(".said")).to_contain_text("Claimed")

    page.get_by_role("link", name="Request information").click()
    page.get_by_label("What do you need to know?").first.fill("Is the filing date fixed?")
    page.get_by_role("button", name="Request information").click()
    expect(page).to_have_title(f"Error: Request information: {enquiry.reference} – Referral Desk")
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("What do you need to know?").first).to_have_value("Is the filing date fixed?")
    page.get_by_label("When do you need the answer by?").fill(in_days(7).isoformat())
    page.get_by_role("button", name="Request information").click()
    expect(page.locator(".standing")).to_contain_text("Waiting for the authority")

    page.get_by_role("link", name="Recall the questions").click()
    page.get_by_label("Why?").fill("They rang us.")
    page.get_by_role("button", name="Recall the questions").click()
    page.get_by_role("link", name="Decline").click()
    page.get_by_label("We do not cover this area").check()
    page.get_by_label("What do we tell the authority?").fill("Too far from us.")
    page.get_by_label("Where else can they go?").fill("The regional list.")
    page.get_by_role("button", name="Decline").click()
    expect(page.locator(".standing")).to_contain_text("Declined")
    assert fresh(enquiry).status == Status.DECLINED


def tab_to(page: Page, words: str) -> None:
    """Press Tab until the focus is on something that says this."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if words in page.evaluate("document.activeElement.innerText || document.activeElement.name || ''"):
            return
    raise AssertionError(f"{words} is not reached by Tab.")


def test_an_enquiry_is_opened_claimed_and_accepted_by_keyboard_alone(visit: Visit, world: World) -> None:
    enquiry = world.enquiry()
    page = visit(world.coordinator)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the main content")).to_be_focused()
    page.keyboard.press("Enter")
    for words in ("To triage", enquiry.reference, "Claim", "Accept"):
        tab_to(page, words)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    for name, typed in (("rationale", "Within our skills."), ("conflict_statement", "None known.")):
        tab_to(page, name)
        page.keyboard.type(typed)
    tab_to(page, "Accept")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".standing")).to_contain_text("Accepted")


def test_after_an_error_the_summary_has_the_focus(visit: Visit, world: World) -> None:
    enquiry = world.enquiry(Status.IN_TRIAGE)
    page = visit(world.coordinator)
    page.goto(f"/enquiries/{enquiry.reference}/decline/")
    page.get_by_role("button", name="Decline").click()
    expect(page.get_by_role("alert")).to_be_focused()


def test_nothing_scrolls_sideways_at_320_pixels(visit: Visit, world: World) -> None:
    referral = world.referral("offered")
    enquiry = world.enquiry(Status.IN_TRIAGE)
    page = visit(world.coordinator, width=320)
    for path in (
        "/enquiries/?status=in_triage",
        f"/enquiries/{enquiry.reference}/",
        f"/enquiries/{enquiry.reference}/accept/",
        f"/enquiries/{enquiry.reference}/request-information/",
        "/referrals/",
        f"/referrals/{referral.reference}/",
        "/accounts/2fa/",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_the_browser_has_nothing_to_complain_of(visit: Visit, world: World) -> None:
    """No refused style or script, nothing missing."""
    enquiry = world.enquiry()
    page, complaints = visit(world.coordinator), []
    # What is still on its way when one goes on is given up by the browser, and no complaint.
    page.wait_for_load_state("networkidle")
    page.on("console", lambda line: complaints.append(line.text))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    for path in (
        "/enquiries/",
        f"/enquiries/{enquiry.reference}/",
        f"/enquiries/{enquiry.reference}/withdraw/",
    ):
        page.goto(path, wait_until="networkidle")
    assert [line for line in complaints if "403" not in line] == []
