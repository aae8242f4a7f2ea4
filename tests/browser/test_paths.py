"""The two main ways by keyboard alone, drawn key by key, and on 320 pixels without JavaScript."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from intake.models import Enquiry
from referrals.models import Referral
from tests.browser import looks, paths
from tests.browser.hands import Keyboard, Mouse
from tests.factories import PDF, World

pytestmark = pytest.mark.django_db(transaction=True)
Window = Callable[..., Page]
DRAWN = Path(__file__).parents[2] / "docs" / "paths.md"
HEAD = """# Two ways, key by key

Drawn by `tests/browser/test_paths.py` from the ways as they are gone by keyboard alone, at 1280 pixels; do not edit it
(`DRAW_PATHS=1 bin/test tests/browser/test_paths.py` draws it anew). Each page counts what is answered on it; Tab and
the arrows; Enter and Space; and the characters typed, those of the answers and the letters that choose from a menu.
A date is eight. Past the head of a page leads the link that skips it; the browser's own window for files is not
counted.
"""


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    file = tmp_path / "order.pdf"
    file.write_bytes(PDF)
    return file


def go_both(
    hands: Callable[[Page], Mouse], window: Window, world: World, letter: Path, **options: object
) -> list[Mouse]:
    """The referrer from signing in to the confirmation, then the coordinator from signing in to an offer of it."""
    assert world.assessor
    gone = []
    for user in (world.referrer, world.coordinator):
        page = window(**options)
        page.goto("/accounts/login/")
        gone.append(hands(page))
        paths.sign_in(gone[-1], user)
        if user == world.referrer:
            paths.write_special_guardianship(gone[-1], letter)
            expect(page.locator(".big-reference")).to_have_text(Enquiry.objects.get().reference)
        else:
            paths.offer_it(gone[-1])
    assert Referral.objects.get().status == "offered"
    return gone


def test_both_ways_by_keyboard_alone_are_as_drawn(window: Window, world: World, letter: Path) -> None:
    referrers, coordinators = go_both(Keyboard, window, world, letter)
    drawn = [
        HEAD,
        "## A referrer's first: special guardianship of two siblings, from signing in to the confirmation\n",
    ]
    drawn += [*referrers.path.table(), ""]  # type: ignore[attr-defined]
    drawn += ["## A coordinator's: from signing in to an offer of it\n", *coordinators.path.table()]  # type: ignore[attr-defined]
    text = "\n".join(drawn) + "\n"
    if os.environ.get("DRAW_PATHS"):
        DRAWN.write_text(text, encoding="utf-8")
    assert DRAWN.read_text(encoding="utf-8") == text


def test_both_ways_at_320_pixels_without_javascript_never_scroll_sideways(
    window: Window, world: World, letter: Path
) -> None:
    """As 1280 pixels look at 400 %."""

    def look(page: Page) -> None:
        assert not page.evaluate(looks.SIDEWAYS), page.url

    go_both(lambda page: Mouse(page, look), window, world, letter, width=320, java_script_enabled=False)
