"""Twenty thousand characters of case notes come through an error, a lost session, a fault and a race, and are kept."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from intake.actions import enquiries, messages
from intake.lifecycle import Status
from intake.models import Enquiry, Message, User
from referrals.models import Decision
from tests.factories import PASSWORD, World, fresh

pytestmark = pytest.mark.django_db(transaction=True)
Enter = Callable[..., Page]
LINE = (
    "She said: \"it's fine\" & left <b>early</b>; '; DROP TABLE people; -- UNION SELECT * FROM users; "
    "<script>alert('x')</script> </textarea> Zażółć ’ – 100 % {{ x }} &amp;\n"
)
TEXT = "\n  Indented, after an empty line.\n" + (LINE * 200)[:19_960] + "End."


@dataclass
class Place:
    """Somewhere that long notes are typed: who, where, and what it comes to."""

    world: World

    def arrange(self) -> None:
        raise NotImplementedError

    user: Any = None
    path: str = ""
    name: str = "text"
    button: str = ""

    def interfere(self) -> None:
        """Somebody else changes it meanwhile."""

    def spoil(self, page: Page) -> None:
        """Something that will be found wrong."""

    def mend(self, page: Page) -> None:
        """As it should be."""

    def saved(self) -> str:
        raise NotImplementedError


class Note(Place):
    def arrange(self) -> None:
        self.enquiry = self.world.enquiry(Status.IN_TRIAGE)
        self.user, self.button = self.world.coordinator, "Keep for the hub"
        self.path = f"/enquiries/{self.enquiry.reference}/messages/?to=hub"

    def interfere(self) -> None:
        messages.write(enquiry=fresh(self.enquiry), by=self.world.colleague, text="Meanwhile.")

    def spoil(self, page: Page) -> None:
        put(page.locator("[name=text]"), TEXT * 6)

    def mend(self, page: Page) -> None:
        assert page.locator("[name=text]").input_value() == TEXT * 6
        put(page.locator("[name=text]"), TEXT)

    def saved(self) -> str:
        return Message.objects.get(by=self.user).text


class Letter(Note):
    """A message to the authority: neither the text nor for whom it is may change on the way."""

    def arrange(self) -> None:
        super().arrange()
        self.path = f"/enquiries/{self.enquiry.reference}/messages/?to=authority"
        self.button = "Send to Oldham"

    def saved(self) -> str:
        return Message.objects.get(by=self.user, audience="authority").text


class Section(Place):
    def arrange(self) -> None:
        self.enquiry = self.world.enquiry(Status.DRAFT, background="Before.")
        self.user, self.name, self.button = self.world.referrer, "background", "Save and continue"
        self.path = f"/enquiries/{self.enquiry.reference}/write/background/"

    def interfere(self) -> None:
        draft = fresh(self.enquiry)
        enquiries.amend(enquiry=draft, by=self.world.authority_manager, changes={"background": "Theirs."})

    def spoil(self, page: Page) -> None:
        put(page.locator("[name=background]"), TEXT * 6)

    def mend(self, page: Page) -> None:
        assert page.locator("[name=background]").input_value() == TEXT * 6
        put(page.locator("[name=background]"), TEXT)

    def saved(self) -> str:
        return str(Enquiry.objects.get(pk=self.enquiry.pk).background)


class Rationale(Place):
    def arrange(self) -> None:
        self.enquiry = self.world.enquiry(Status.IN_TRIAGE)
        self.user, self.name, self.button = self.world.coordinator, "rationale", "Accept"
        self.path = f"/enquiries/{self.enquiry.reference}/accept/"

    def interfere(self) -> None:
        enquiry = fresh(self.enquiry)
        enquiries.amend(enquiry=enquiry, by=self.world.referrer, changes={"background": "More is known."})

    def mend(self, page: Page) -> None:
        page.get_by_label("None known", exact=True).check()
        page.get_by_label("Conflict-of-interest statement").fill("None known.")
        for label in ("Why do we accept it though", "Why do we accept it without"):
            if (asked := page.get_by_label(label)).count():
                asked.fill("The court has been told.")

    def saved(self) -> str:
        return Decision.objects.filter(enquiry=self.enquiry).latest("pk").text


PLACES = [Note, Letter, Section, Rationale]


def box(page: Page, place: Place) -> Locator:
    return page.locator(f"main [name={place.name}]")


def put(field: Locator, words: str) -> None:
    """At once, as from a clipboard; typing as much would take its time."""
    field.evaluate("(field, words) => { field.value = words }", words)


def same(held: str, where: str) -> None:
    """A sentence rather than twenty thousand characters when it is not."""
    if held != TEXT:
        raise AssertionError(f"{where}: {len(held)} of {len(TEXT)} characters, or other ones.")


def holds(page: Page, place: Place) -> None:
    same(box(page, place).input_value(), page.title())


def press(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
@pytest.mark.parametrize("kind", PLACES)
def test_twenty_thousand_characters_come_through_everything(
    kind: type[Place], scripts: bool, enter: Enter, world: World, settings: Any, tmp_path: Path
) -> None:
    settings.MAINTENANCE_FILE = tmp_path / "maintenance"
    place = kind(world)
    place.arrange()
    page = enter(place.user, java_script_enabled=scripts)
    page.goto(place.path)
    put(box(page, place), TEXT)

    place.spoil(page)
    press(page, place.button)
    expect(page.get_by_role("alert")).to_be_visible()
    place.mend(page)
    holds(page, place)

    page.context.clear_cookies(name="sessionid")
    press(page, place.button)
    sign_in(page, place.user)
    expect(page.locator(".said")).to_contain_text("What you had typed is below")
    holds(page, place)

    settings.MAINTENANCE_FILE.write_text("Back at 14:00.")
    press(page, place.button)
    expect(page.get_by_role("heading", name="The service is not available just now")).to_be_visible()
    holds(page, place)
    settings.MAINTENANCE_FILE.unlink()

    place.interfere()
    press(page, "Send it again")
    if page.get_by_role("alert").count():
        expect(page.get_by_role("alert")).to_contain_text("changed it")
        holds(page, place)
        press(page, place.button)
    assert not page.get_by_role("alert").count(), page.get_by_role("alert").inner_text()
    same(place.saved(), "In the database")


def sign_in(page: Page, user: User) -> None:
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
