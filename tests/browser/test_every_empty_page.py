"""Pages that have nothing to show: people have come, and nobody has asked for anything yet."""

from typing import Any

import pytest

from tests.browser import looks, stage
from tests.browser.pages import EMPTY, Page
from tests.browser.windows import Windows

pytestmark = [pytest.mark.own_database, pytest.mark.django_db(transaction=True)]
STAGE = stage.people


@pytest.fixture
def _django_db_helper() -> None:
    """In place of pytest-django's: nothing is written."""


@pytest.mark.parametrize("page", EMPTY, ids=str)
def test_an_empty_page_says_so_and_has_nothing_to_complain_of(
    page: Page, windows: Windows, record_property: Any
) -> None:
    tab = windows.visit(page)
    faults = looks.faults_of(tab) + looks.focus_faults(tab)
    record_property("faults", [len(faults)])
    assert not faults, "\n".join([tab.url, *faults])
    for word in ("ENQ-", "REF-", "Doyle"):
        assert word not in tab.locator("main .rows, main table").all_inner_texts()
