"""What pages do by themselves: lists filtered in place, progress, who is looking; and what they do without."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from intake.lifecycle import Status
from intake.models import Presence
from referrals.actions import bulk, planning, solving
from tests.factories import World

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]
# A page says here what its policy kept it from.
REFUSED = """() => {
  window.refused = [];
  document.addEventListener('securitypolicyviolation', event => window.refused.push(event.violatedDirective));
}"""


def watched(page: Page) -> Page:
    page.add_init_script(f"({REFUSED})()")
    return page


def stamp(page: Page) -> None:
    """A mark that a page loaded anew would not have."""
    page.evaluate("window.stamped = true")


def same(page: Page) -> bool:
    return bool(page.evaluate("window.stamped === true"))


@pytest.fixture
def two(world: World) -> World:
    world.enquiry()
    world.enquiry(Status.IN_TRIAGE)
    return world


def test_filters_are_applied_in_place_and_said_and_back_undoes_them(visit: Visit, two: World) -> None:
    page = watched(visit(two.coordinator))
    page.goto("/enquiries/")
    stamp(page)
    page.get_by_label("In triage").check()
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator(".chosen")).to_contain_text("In triage")
    expect(page.locator("#announced")).to_have_text("1–1 of 1")
    expect(page.locator(".rows > li")).to_have_count(1)
    expect(page.get_by_role("button", name="Apply filters")).to_be_focused()
    assert "status=in_triage" in page.url
    page.go_back()
    expect(page.locator(".rows > li")).to_have_count(2)
    expect(page.get_by_label("In triage")).not_to_be_checked()
    assert page.url.endswith("/enquiries/")
    assert same(page)
    assert page.evaluate("window.refused") == []


def test_a_filter_is_taken_away_in_place_and_the_focus_is_in_the_results(visit: Visit, two: World) -> None:
    page = visit(two.coordinator)
    page.goto("/enquiries/?status=in_triage&rows=compact")
    stamp(page)
    page.locator(".chosen a").click()
    expect(page.locator(".rows > li")).to_have_count(2)
    expect(page.locator("#results")).to_be_focused()
    expect(page.get_by_label("In triage")).not_to_be_checked()
    page.get_by_role("link", name="Comfortable rows").click()
    expect(page.get_by_role("link", name="Compact rows")).to_be_focused()
    assert same(page)


def test_a_row_that_was_ticked_is_not_another_one_after_filtering(visit: Visit, two: World) -> None:
    page = visit(two.coordinator)
    page.goto("/enquiries/")
    for tick in page.locator(".tick input").all():
        tick.check()
    page.get_by_label("In triage").check()
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator(".rows > li")).to_have_count(1)
    expect(page.locator(".tick input")).not_to_be_checked()


def test_a_wrong_filter_is_said_in_place(visit: Visit, two: World) -> None:
    page = visit(two.coordinator)
    page.goto("/enquiries/")
    stamp(page)
    page.get_by_text("More filters").click()
    page.evaluate("document.querySelector('[name=due_before]').type = 'text'")
    page.get_by_label("Decision due before").fill("soon")
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator("#errors")).to_be_focused()
    assert same(page)


def test_who_was_signed_out_meanwhile_signs_in_and_has_their_filter(visit: Visit, two: World) -> None:
    page = visit(two.coordinator)
    page.goto("/enquiries/")
    page.get_by_label("In triage").check()
    page.context.clear_cookies()
    page.get_by_role("button", name="Apply filters").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert "status%3Din_triage" in page.url


def test_without_javascript_the_filters_are_a_form(visit: Visit, two: World) -> None:
    page = visit(two.coordinator, java_script_enabled=False)
    page.goto("/enquiries/")
    page.get_by_label("In triage").check()
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator(".rows > li")).to_have_count(1)
    page.locator(".chosen a").click()
    expect(page.locator(".rows > li")).to_have_count(2)


# --- Progress -----------------------------------------------------------------------------------------------------


def hurry(page: Page) -> Page:
    """Its own seconds pass when the test says so."""
    page.clock.install()
    return page


def test_a_plan_shows_itself_when_it_is_ready_and_then_is_quiet(visit: Visit, world: World) -> None:
    world.referral()
    run = planning.ask(by=world.coordinator)
    page = hurry(visit(world.coordinator))
    page.goto(f"/planner/{run.uid}/")
    expect(page.get_by_role("link", name="Look again")).to_be_visible()
    stamp(page)
    solving.solve_next(run.made_at)
    page.clock.run_for(6000)
    expect(page.locator("#how-far")).to_contain_text("find a place")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/planner/" in request.url else None)
    page.clock.run_for(30_000)
    assert (same(page), asked) == (True, [])


def test_a_bulk_run_counts_on_by_itself_and_by_its_link(visit: Visit, world: World, settings: Any) -> None:
    world.enquiry()
    names = [world.enquiry().reference for _ in range(2)]
    run = bulk.preview(
        by=world.coordinator,
        act="assign",
        arguments={"to": world.colleague.pk, "reason": ""},
        references=names,
    )
    run = bulk.apply(run=run, by=world.coordinator)
    page, plain = hurry(visit(world.coordinator)), visit(world.coordinator, java_script_enabled=False)
    for window in (page, plain):
        window.goto(f"/worklist/bulk/{run.uid}/")
        expect(window.locator("#run")).to_contain_text("0 of 2 rows are done.")
    bulk.begin(run)
    page.clock.run_for(6000)
    plain.get_by_role("link", name="Look again").click()
    for window in (page, plain):
        expect(window.locator("#how-far")).to_contain_text("2 done")


def test_a_tab_that_nobody_looks_at_asks_nothing(visit: Visit, world: World) -> None:
    world.referral()
    run = planning.ask(by=world.coordinator)
    page = hurry(visit(world.coordinator))
    page.goto(f"/planner/{run.uid}/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/planner/" in request.url else None)
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    page.clock.run_for(11_000)
    assert asked == []
    page.evaluate("delete document.hidden")
    with page.expect_request("**/planner/**"):
        page.clock.run_for(6000)


# --- Who is looking -----------------------------------------------------------------------------------------------


def test_a_colleague_who_comes_and_goes_is_named_while_the_page_lies_open(visit: Visit, world: World) -> None:
    enquiry = world.enquiry()
    page = hurry(visit(world.coordinator))
    page.goto(f"/enquiries/{enquiry.reference}/")
    stamp(page)
    expect(page.locator("#looking")).to_have_text("")
    visit(world.manager).goto(f"/enquiries/{enquiry.reference}/")
    page.clock.run_for(26_000)
    expect(page.locator("#looking")).to_contain_text("Mia Manager is looking at this")
    Presence.objects.filter(user=world.manager).delete()
    page.clock.run_for(26_000)
    expect(page.locator("#looking")).to_have_text("")
    assert same(page)
