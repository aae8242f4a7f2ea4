"""Every page in its full and its error state: axe, two widths, light and dark, the outline, the focus."""

import re
from typing import Any

import pytest
from django.urls import URLPattern

from tests.browser import looks, stage
from tests.browser.pages import NO_PAGES, PAGES, Page
from tests.browser.windows import Windows
from tests.contract.scoped import patterns, plain

# The database is the same to the browser: once is enough.
pytestmark = [pytest.mark.own_database, pytest.mark.django_db(transaction=True)]
# What stands in the database while these pages are looked at.
STAGE = stage.build
NOT_OURS = ("admin/", "oauth/", "api/", "^api/")


def addresses() -> set[str]:
    """What the URLconf answers to GET, placeholders without their types."""
    found = {
        (re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", address).replace("^", "").removesuffix("$"), entry)
        for path, entry in patterns(without=NOT_OURS)
        for address in plain(path, entry)
        if reads(entry)
    }
    return {address for address, _ in found}


def reads(entry: URLPattern) -> bool:
    view: Any = getattr(entry.callback, "view_class", None)
    return view is None or hasattr(view, "get")


def test_each_page_stands_in_the_table_or_among_those_that_are_none() -> None:
    known = {page.path for page in PAGES if page.status == 200} | NO_PAGES.keys()
    new, gone = sorted(addresses() - known), sorted(known - addresses())
    assert not new, f"New, so add them to tests/browser/pages.py: {' '.join(new)}"
    assert not gone, f"Gone: {' '.join(gone)}"


@pytest.fixture
def _django_db_helper() -> None:
    """In place of pytest-django's, which empties the database after each test: one world stands for all of these."""


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_has_nothing_to_complain_of(page: Page, windows: Windows, record_property: Any) -> None:
    tab = windows.visit(page)
    states = [looks.faults_of(tab) + looks.focus_faults(tab)]
    if page.wrong:
        looks.send_empty(tab, page.form)
        states.append([f"in error: {fault}" for fault in looks.error_faults(tab) + looks.faults_of(tab)])
    record_property("faults", [len(faults) for faults in states])
    assert not any(states), "\n".join([tab.url, *(fault for faults in states for fault in faults)])
