"""One box that finds, within one's own sight; no name in an address."""

from typing import Any

import pytest

from tests.factories import World


def look_for(client: Any, words: str) -> Any:
    return client.post("/search/", {"q": words}, follow=True)


def test_a_reference_leads_straight_to_it(world: World, signed_in: Any) -> None:
    referral = world.referral("in_progress")
    client = signed_in(world.coordinator)
    for reference in (referral.reference, referral.enquiry.reference.lower()):
        assert look_for(client, f" {reference} ").redirect_chain[0][0].endswith(f"/{reference.upper()}/")


@pytest.mark.parametrize("words", ["doyle", "Zielinski", "OLD-2026-118204"])
def test_anybody_of_the_family_or_a_number_finds_it(world: World, signed_in: Any, words: str) -> None:
    enquiry = world.enquiry()
    answer = look_for(signed_in(world.coordinator), words)
    assert enquiry.reference in answer.content.decode()
    assert answer.redirect_chain == [("/search/", 302)]


@pytest.mark.parametrize("who", ["stranger", "other_lead", "other_assessor", "administrator", "auditor"])
def test_who_does_not_see_it_does_not_find_it(world: World, signed_in: Any, who: str) -> None:
    referral = world.referral("in_progress")
    client = signed_in(getattr(world, who))
    for words in ("doyle", referral.reference, referral.enquiry.reference):
        text = look_for(client, words).content.decode()
        assert "Nothing found" in text
        assert f"/{referral.enquiry.reference}/" not in text


def test_a_service_finds_what_it_was_offered(world: World, signed_in: Any) -> None:
    referral = world.referral("offered")
    text = look_for(signed_in(world.lead), "doyle").content.decode()
    assert f"/referrals/{referral.reference}/" in text


def test_nothing_typed_is_asked_for_and_stays(world: World, signed_in: Any) -> None:
    answer = look_for(signed_in(world.coordinator), "x")
    assert answer.status_code == 422
    assert "Type at least two letters or digits." in answer.content.decode()
    assert 'value="x"' in answer.content.decode()
