"""The monthly pack of an authority says its month, what is open, what we wait for, and nothing of another's."""

from typing import Any

import pytest
from django.utils import timezone

from intake.actions import enquiries, restricting
from intake.models import Event
from reports.actions import counting
from tests.factories import World, example, fresh, new_key
from tests.reports import structure
from tests.reports.papers import text_of

NAMES = ("Connor", "Doyle", "Shannon", "Zielinski", "Weaver Court")


@pytest.fixture
def month() -> str:
    return f"{timezone.localdate():%Y-%m}"


def test_it_begins_with_a_sentence_and_lists_what_is_open_and_waited_for(
    world: World, signed_in: Any, month: str
) -> None:
    asked, placed = world.enquiry("information_requested"), world.referral("in_progress")
    theirs = enquiries.submit(body=example(), by=world.stranger, key=new_key())[0]
    counting.count_new(timezone.now())
    made = signed_in(world.authority_manager).get(f"/figures/pack.pdf?period={month}").content
    text = text_of(made)
    assert "2 enquiries are open now." in text
    assert text.index("In short") < text.index("Open enquiries") < text.index("What we wait for from you")
    for words in (
        asked.reference,
        placed.enquiry.reference,
        "OLD-2026-118204",
        "2 questions",
        "Coming in and deciding",
    ):
        assert words in text
    assert theirs.reference not in text
    assert [name for name in NAMES if name in text] == []
    assert structure.faults(made) == []
    assert Event.objects.filter(verb="document.listed").count() == 2


def test_what_is_restricted_is_in_it_for_who_may_see_it(world: World, signed_in: Any, month: str) -> None:
    enquiry = world.enquiry("in_triage")
    restricting.restrict(enquiry=fresh(enquiry), by=world.manager, reason="A threat.", people=[])
    text = text_of(signed_in(world.authority_manager).get(f"/figures/pack.pdf?period={month}").content)
    assert enquiry.reference not in text


def test_it_is_of_one_authority_and_one_month(world: World, signed_in: Any, api: Any, month: str) -> None:
    hub = signed_in(world.manager)
    assert hub.get(f"/figures/pack.pdf?period={month}").status_code == 400
    assert hub.get(f"/figures/pack.pdf?period={month}&authority=353").status_code == 200
    assert hub.get("/figures/pack.pdf?period=2026&authority=353").status_code == 400
    assert (
        signed_in(world.coordinator).get(f"/figures/pack.pdf?period={month}&authority=353").status_code == 403
    )
    assert api(world.manager).get(f"/api/v1/figures/pack.pdf?period={month}&authority=353").status_code == 200
    assert api(world.manager).get(f"/api/v1/figures/pack.pdf?period={month}").status_code == 400
    assert api(world.authority_manager).get("/api/v1/figures/pack.pdf?authority=936").status_code == 400


def test_the_figures_link_to_it_where_it_is_one(world: World, signed_in: Any) -> None:
    assert "pack.pdf" in signed_in(world.authority_manager).get("/figures/").content.decode()
    assert "pack.pdf" not in signed_in(world.manager).get("/figures/").content.decode()
    assert "pack.pdf" in signed_in(world.manager).get("/figures/?authority=353").content.decode()
