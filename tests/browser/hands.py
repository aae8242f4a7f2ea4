"""Two pairs of hands at a page: with the mouse, and by keyboard alone, which counts its keys page by page."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, TimeoutError, expect

REFERENCE = re.compile(r"[,:]?\s*\b(ENQ|REF)-")
# Nobody presses Tab longer than this to reach one thing.
MOST_STOPS = 40


def said(label: str) -> re.Pattern[str]:
    """As it is read out: the browser puts a space before words that are there for the ear only."""
    heard = re.escape(label).replace(",", r"\s*,").replace("\\ ", r"\s+")
    return re.compile(rf"^\s*{heard}\s*(\(optional\))?\s*$")


class Mouse:
    """Finds things by the words on them, and looks at every page that it comes to."""

    def __init__(self, page: Page, look: Callable[[Page], None] = lambda page: None) -> None:
        self.page, self.look = page, look
        self.scope: Page | Locator = page
        look(page)

    def group(self, legend: str) -> "Mouse":
        """The same hands within one fieldset, or one region with a heading."""
        inner: Mouse = object.__new__(type(self))
        vars(inner).update(vars(self))
        named = self.page.get_by_role("group", name=legend, exact=True)
        inner.scope = named.or_(self.page.get_by_role("region", name=legend, exact=True)).first
        return inner

    def labelled(self, words: str) -> Locator:
        """The field under this label, whether it is marked as optional or not."""
        return self.scope.get_by_label(said(words)).first

    # --- What takes one to another page ---------------------------------------------------------------------

    def follow(self, link: str) -> None:
        self.leave(self.scope.get_by_role("link", name=said(link)).first)

    def press(self, button: str) -> None:
        self.leave(self.scope.get_by_role("button", name=button, exact=True).first)

    def leave(self, target: Locator) -> None:
        try:
            self.reach(target)
            with self.page.expect_navigation():
                self.act(target)
        except TimeoutError as late:
            told = " ".join(self.page.locator("[role=alert], [role=status]").all_inner_texts())
            raise AssertionError(f"“{self.page.title()}” ({told}) leads nowhere by {target}.") from late
        self.look(self.page)

    def reach(self, target: Locator) -> None:
        """A mouse is there at once."""

    def act(self, target: Locator) -> None:
        target.click()

    # --- What stays on the page -----------------------------------------------------------------------------

    def fill(self, label: str, words: str) -> None:
        self.write(self.labelled(label), words)

    def day(self, label: str, day: Any) -> None:
        self.labelled(label).fill(day.isoformat())

    def write(self, target: Locator, words: str) -> None:
        target.fill(words)

    def choose(self, question: str, *answers: str) -> None:
        """Radio buttons or boxes of one question."""
        asked = self.scope.get_by_role("group", name=said(question))
        for answer in answers:
            self.tick_one(asked.first.get_by_label(answer, exact=True))

    def choose_first(self, question: str) -> None:
        """The one that stands on top."""
        self.tick_one(self.scope.get_by_role("group", name=said(question)).first.get_by_role("radio").first)

    def tick(self, label: str) -> None:
        self.tick_one(self.labelled(label))

    def tick_one(self, target: Locator) -> None:
        target.check()

    def pick(self, label: str, option: str) -> None:
        """Of a menu."""
        self.labelled(label).select_option(label=option)

    def attach(self, label: str, file: Path) -> None:
        self.labelled(label).set_input_files(file)

    def told(self, words: str) -> None:
        """The line on top says so."""
        expect(self.page.get_by_role("status").first).to_contain_text(words)


@dataclass
class Visited:
    """One page of a path, and what it took there."""

    name: str
    answers: int = 0
    stops: int = 0
    presses: int = 0
    typed: int = 0


@dataclass
class Way:
    """The pages of a way, in order, with the keys of each."""

    pages: list[Visited] = field(default_factory=list)

    def come_to(self, page: Page) -> None:
        """By its title, without the reference, which is another every time."""
        title = page.title().removesuffix(" – Referral Desk")
        before, found, _ = REFERENCE.split(title, maxsplit=1) if REFERENCE.search(title) else (title, "", "")
        self.pages.append(Visited(before or {"ENQ": "The enquiry", "REF": "The referral"}[found]))

    @property
    def here(self) -> Visited:
        return self.pages[-1]

    def table(self) -> list[str]:
        rows = [
            "| Page | Answers | Tab and arrows | Enter and space | Characters |",
            "|---|---:|---:|---:|---:|",
        ]
        rows += [
            f"| {n}. {p.name} | {p.answers} | {p.stops} | {p.presses} | {p.typed} |"
            for n, p in enumerate(self.pages, 1)
        ]
        sums = [
            sum(getattr(p, name) for p in self.pages) for name in ("answers", "stops", "presses", "typed")
        ]
        return [*rows, f"| **{len(self.pages)} pages** | " + " | ".join(f"**{n}**" for n in sums) + " |"]


class Keyboard(Mouse):
    """Nothing but keys: Tab to what is meant, arrows within radio buttons, letters for a menu."""

    def __init__(self, page: Page, look: Callable[[Page], None] = lambda page: None) -> None:
        self.path = Way()

        def arrive(page: Page) -> None:
            self.path.come_to(page)
            look(page)

        super().__init__(page, arrive)
        # The browser hands its window for files over only while somebody listens, and hears of it late when
        # it is busy: so from the beginning, not from the key on.
        page.on("filechooser", lambda chooser: None)

    def act(self, target: Locator) -> None:
        self.key("Enter")

    def write(self, target: Locator, words: str) -> None:
        self.reach(target)
        if target.input_value():
            self.key("ControlOrMeta+a")
        self.type(words)

    def day(self, label: str, day: Any) -> None:
        """In the order in which this browser asks for it: eight digits in each."""
        target = self.labelled(label)
        self.reach(target)
        self.type(day.strftime(self.order))
        assert target.input_value() == day.isoformat()

    @cached_property
    def order(self) -> str:
        """Debian's has American English unless chromium-l10n is there, whatever the page's language."""
        blank = self.page.context.new_page()
        blank.set_content("<input type=date>")
        blank.locator("input").focus()
        blank.keyboard.type("03022001")
        first = blank.locator("input").input_value()
        blank.close()
        self.page.bring_to_front()
        return "%m%d%Y" if first == "2001-03-02" else "%d%m%Y"

    def tick_one(self, target: Locator) -> None:
        self.path.here.answers += 1
        if target.get_attribute("type") == "radio":
            self.reach(target, of_group=True)
            if not target.is_checked() and target.evaluate("node => node === document.activeElement"):
                return self.key("Space")
            for _ in range(MOST_STOPS):
                if target.is_checked():
                    return None
                self.stop("ArrowDown")
            raise AssertionError("No arrow leads there.")
        self.reach(target)
        if not target.is_checked():
            self.key("Space")

    def pick(self, label: str, option: str) -> None:
        target = self.labelled(label)
        self.reach(target)
        self.path.here.answers += 1
        for letter in option:
            self.page.keyboard.press(
                f"Shift+{letter}" if letter.isupper() else "Space" if letter == " " else letter
            )
            self.path.here.typed += 1
            if target.evaluate("node => node.selectedOptions[0].label.trim()") == option:
                return
        raise AssertionError(f"No letters lead to {option}.")

    def attach(self, label: str, file: Path) -> None:
        """The browser's own window for files is not ours to count."""
        target = self.labelled(label)
        self.reach(target)
        with self.page.expect_file_chooser() as chooser:
            self.key("Space")
        chooser.value.set_files(file)
        self.path.here.answers += 1

    # --- The keys themselves --------------------------------------------------------------------------------

    def reach(self, target: Locator, of_group: bool = False) -> None:
        """Tab until it has the focus; of radio buttons, until one of theirs has."""
        same = "node.name === document.activeElement.name" if of_group else "node === document.activeElement"
        if self.page.evaluate("document.activeElement === document.body") and self.in_main(target):
            self.skip()
        for _ in range(MOST_STOPS):
            if target.evaluate(f"node => {same}"):
                return
            self.stop("Tab")
        raise AssertionError(f"{MOST_STOPS} times Tab does not lead to {target}.")

    def in_main(self, target: Locator) -> bool:
        return bool(target.evaluate("node => node.closest('main') !== null"))

    def skip(self) -> None:
        """The first stop of every page leads past its head."""
        self.stop("Tab")
        self.key("Enter")

    def stop(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.path.here.stops += 1

    def key(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.path.here.presses += 1

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)
        self.path.here.typed += len(words)
        self.path.here.answers += 1
