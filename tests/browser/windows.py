"""A window for each person, signed in without the sign-in page."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.test import Client
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from intake.models import User
from referrals.pages.search import KEPT
from tests.browser import looks
from tests.browser.pages import Page
from tests.factories import PASSWORD


class Windows:
    """Over one server; each stays open for the next page of the same person."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser, self.url = browser, url
        self.tabs: dict[tuple[int, bool], Tab] = {}

    def visit(self, page: Page) -> Tab:
        """The page as it was asked for: its status, and where it leads to."""
        found = page.found
        assert found, "The staged world has no such record."
        tab = self.of(found.user, halfway=page.halfway)
        answer = tab.goto(found.address)
        assert answer
        came = (answer.status, urlsplit(tab.url).path)
        assert came == (page.status, found.lands), came
        return tab

    def of(self, user: User | None, *, halfway: bool = False) -> Tab:
        key = (user.pk if user else 0, halfway)
        if key not in self.tabs:
            context = self.browser.new_context(base_url=self.url, viewport=looks.WIDE, locale="en-GB")  # type: ignore[arg-type]
            context.set_default_timeout(15_000)
            if user:
                kept = at_the_door(user) if halfway else signed_in(user)
                context.add_cookies([{"name": "sessionid", "value": kept, "url": self.url}])
            self.tabs[key] = context.new_page()
        return self.tabs[key]

    def close(self) -> None:
        for tab in self.tabs.values():
            tab.context.close()
        self.tabs.clear()


def signed_in(user: User) -> str:
    """A session that has just given its password once more, and has looked for a family."""
    client = Client(headers={"user-agent": "Firefox on Linux"})
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    if SESSION_KEY not in client.session:
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    kept = client.session
    kept[KEPT] = "Doyle"
    kept.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def at_the_door(user: User) -> str:
    """A session that has given the password, and is asked for the second factor."""
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client.cookies[settings.SESSION_COOKIE_NAME].value
