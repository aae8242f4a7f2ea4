"""Pictures for the README: python tests/browser/screenshots.py URL EMAIL PASSWORD, against a running demo.

Writes desk.png, worklist.png, enquiry.png and placing.png to docs/pictures, 1280 pixels wide.
"""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
SIZE = {"width": 1280, "height": 1000}
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def main(url: str, email: str, password: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        page = browser.new_page(base_url=url, viewport=SIZE)
        sign_in(page, email, password)
        page.goto("/desk/")
        page.screenshot(path=PICTURES / "desk.png")
        page.goto("/enquiries/?clock=overdue&clock=running&clock=paused")
        page.screenshot(path=PICTURES / "worklist.png")
        page.locator(".rows h2 a").nth(min(2, page.locator(".rows h2 a").count() - 1)).click()
        page.wait_for_load_state()
        page.screenshot(path=PICTURES / "enquiry.png")
        page.goto("/referrals/?status=waiting&sort=oldest")
        page.locator(".rows a[href^='/referrals/REF']").first.click()
        page.get_by_role("link", name="Offer to a service").first.click()
        page.wait_for_load_state()
        page.screenshot(path=PICTURES / "placing.png")
        browser.close()


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk/")


if __name__ == "__main__":
    main(*sys.argv[1:4])
