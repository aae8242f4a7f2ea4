"""What bin/pictures runs: a frozen hour, chance with a seed, one world, and a picture of each page in each state."""
# ruff: noqa: E402

import argparse
import io
import logging
import os
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

import django

django.setup()

import time_machine
from django.conf import settings
from django.core.management import call_command
from PIL import Image
from playwright.sync_api import Page as Tab
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

from config.demo import stock
from config.demo.families import body_of
from intake.actions import enquiries
from intake.lifecycle import ENQUIRY, Role
from intake.limits import read_limits
from referrals.lifecycle import REFERRAL
from referrals.models import PlanRun
from tests.browser import looks, stage
from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.finding import enquiry, people, referral, to_move
from tests.browser.pages import ACCOUNT, EMPTY, NOBODY, PAGES, E, Page, X
from tests.browser.windows import Windows
from tests.faults.server import UNLIMITED

# A Tuesday in office hours. The clock stands while the world is built and goes on in steps, however slow the machine
# is; it is looked at while its decisions can still be undone.
BEGUN = datetime(2026, 11, 24, 10, tzinfo=UTC)
STEP = timedelta(seconds=10)
LOOKED = BEGUN + timedelta(minutes=8, seconds=30)
GROUPS = {
    "authority": {Role.REFERRER, Role.AUTHORITY_MANAGER},
    "hub": {Role.COORDINATOR, Role.REVIEWER},
    "service": {Role.SERVICE_LEAD, Role.ASSESSOR},
    "manager": {Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR},
    "everybody": {NOBODY},
}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--readme", action="store_true")
    parser.add_argument("--only", default="")
    wanted = parser.parse_args()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 3600
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.ALLOWED_HOSTS = ["localhost", "testserver"]
    settings.LIMITS = read_limits(UNLIMITED)
    # What is refused in an error state is no news here.
    logging.disable(logging.WARNING)
    wanted.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        server = LiveServer("localhost")
        camera = Camera(Windows(browser, server.url), wanted.folder)
        if wanted.readme:
            for_the_readme(camera)
        else:
            every_page(camera, wanted.only)
        camera.windows.close()
        browser.close()
        server.stop()
    print(f"{len(camera.taken)} pictures in {wanted.folder}")
    return 0


# --- Always the same ----------------------------------------------------------------------------------------------


def seed(number: int) -> None:
    """What the system would give by chance, references and secrets among it, comes from here on in one order."""
    chance = random.Random(number)
    os.urandom = chance.randbytes
    random._urandom = chance.randbytes  # type: ignore[attr-defined]
    random.seed(number)


@contextmanager
def at(moment: datetime, number: int, *, tick: bool) -> Iterator[Callable[[], object]]:
    """Gives what lets a step of time pass."""
    seed(number)
    with time_machine.travel(moment, tick=tick) as traveller:
        yield lambda: traveller.shift(STEP)


# --- The pictures -------------------------------------------------------------------------------------------------


class Camera:
    """Puts pictures into a folder, and remembers them for its index."""

    def __init__(self, windows: Windows, folder: Path) -> None:
        self.windows, self.folder = windows, folder
        self.taken: list[Path] = []

    def take(self, page: Page, number: int, state: str = "full") -> None:
        with at(LOOKED, number, tick=True):
            tab = self.windows.visit(page)
            self.both(tab, group_of(page), number, name_of(page), state)
            if page.wrong:
                looks.send_empty(tab, page.form)
                self.both(tab, group_of(page), number, name_of(page), "error")

    def both(self, tab: Tab, group: str, number: int, name: str, state: str) -> None:
        for size in (looks.NARROW, looks.WIDE):
            tab.set_viewport_size(size)  # type: ignore[arg-type]
            # As high as the page is: what sticks to the window's foot stands at the end.
            high = max(tab.evaluate("document.documentElement.scrollHeight"), size["height"])
            tab.set_viewport_size({"width": size["width"], "height": high})
            self.keep(tab, f"{group}/{number:03}-{name}-{state}-{size['width']}.png")
        tab.set_viewport_size(looks.WIDE)  # type: ignore[arg-type]

    def keep(self, tab: Tab, name: str) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        tab.screenshot(path=path, animations="disabled", caret="hide")
        self.taken.append(path.relative_to(self.folder))


def group_of(page: Page) -> str:
    if page in ACCOUNT:
        return "everybody"
    return next(name for name, roles in GROUPS.items() if page.who in roles)


def name_of(page: Page) -> str:
    """Of the address without its placeholders: no reference stands in a file's name."""
    words = [part for part in page.path.strip("/").split("/") if part and "{" not in part]
    return "-".join(words)[:60] or ("home" if page.path == "/" else page.path.split("/")[1])


def every_page(camera: Camera, only: str) -> None:
    """The empty pages first, then the world is filled."""
    with at(BEGUN, 0, tick=False):
        world = stage.people()
    for number, page in enumerate(EMPTY, 1):
        if only in page.path:
            camera.take(page, number, "empty")
    camera.windows.close()
    with at(BEGUN, 1000, tick=False) as pause:
        stage.fill(world, pause)
        for run in PlanRun.objects.all():
            # How long it was worked out is the machine's, and stands on its page.
            run.figures = {**run.figures, "seconds": 0.3}
            run.save(update_fields=("figures",))
    for number, page in enumerate(PAGES, 101):
        if only in page.path:
            camera.take(page, number)
    (camera.folder / "index.html").write_text(index(camera.taken), encoding="utf-8")


def index(taken: list[Path]) -> str:
    """By group, the wide picture beside the narrow one."""
    parts = []
    for group in GROUPS:
        parts.append(f'<h2 id="{group}">{group.capitalize()}</h2>')
        for path in taken:
            if path.parent.name == group and path.stem.endswith("-1280"):
                narrow = str(path).replace("-1280.", "-320.")
                name = escape(path.stem.removesuffix("-1280"))
                parts.append(
                    f'<figure><figcaption>{name}</figcaption><a href="{path}"><img loading="lazy" src="{path}" '
                    f'alt="{name}, wide" width="640"></a> <a href="{narrow}"><img loading="lazy" src="{narrow}" '
                    f'alt="{name}, narrow" width="160"></a></figure>'
                )
    links = " · ".join(f'<a href="#{group}">{group.capitalize()}</a>' for group in GROUPS)
    title = "Every page of Referral Desk"
    return (
        f'<!DOCTYPE html><html lang="en-GB"><meta charset="utf-8"><title>{title}</title>'
        "<style>body{font:16px system-ui;margin:24px}img{border:1px solid #999;vertical-align:top}</style>"
        f"<h1>{title}</h1><p>{links}</p>{''.join(parts)}</html>\n"
    )


# --- The README's ---------------------------------------------------------------------------------------------------

# In the demonstration's world.
SHOWN = {
    "desk": Page("/desk/", Role.COORDINATOR),
    "worklist": Page("/enquiries/", Role.COORDINATOR, query="?clock=overdue&clock=running&clock=paused"),
    "enquiry": Page(E, Role.COORDINATOR, to_move(ENQUIRY, "accept")),
    "decision": Page(E + "accept/", Role.COORDINATOR, to_move(ENQUIRY, "accept")),
    "placing": Page(X + "offer/", Role.COORDINATOR, to_move(REFERRAL, "offer")),
    "tasks": Page(E + "write/", Role.REFERRER, enquiry("draft")),
    "service": Page("/", Role.SERVICE_LEAD, referral("offered")),
    "oversight": Page("/oversight/", Role.MANAGER),
}


def for_the_readme(camera: Camera) -> None:
    """As the window shows them, in few colours: they are small."""
    with at(BEGUN, 0, tick=False):
        call_command("demo", stdout=io.StringIO())
        body = {
            part: said for part, said in body_of(stock.WALKED).items() if part not in ("background", "risks")
        }
        enquiries.save_draft(body=body, by=next(people(Role.REFERRER)))
    for number, (name, page) in enumerate(SHOWN.items(), 1):
        with at(LOOKED, number, tick=True):
            camera.keep(camera.windows.visit(page), f"{name}.png")
        path = camera.folder / f"{name}.png"
        Image.open(path).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
