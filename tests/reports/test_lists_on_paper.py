"""A list on paper says what the list says, by whom and when, cuts nothing in silence, and stands in each history."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from intake.actions import enquiries
from intake.models import Event
from referrals.actions import saved_views
from reports.actions import listing
from tests.factories import World, example, fresh, new_key
from tests.reports import structure
from tests.reports.papers import text_of

NAMES = ("Connor", "Doyle", "Shannon", "Zielinski", "Weaver Court")


def paper(client: Client, path: str) -> bytes:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    return bytes(answer.content)


def test_the_worklist_has_its_filter_its_hour_and_who_printed_it(world: World, signed_in: Any) -> None:
    mine, other = world.enquiry("in_triage"), world.enquiry("declined")
    made = paper(signed_in(world.coordinator), "/worklist.pdf?status=in_triage&q=doyle")
    text = text_of(made)
    for words in (mine.reference, "“doyle”", "In triage", "Ann Coordinator", "How many 1", "Oldham"):
        assert words in text
    assert other.reference not in text
    assert [name for name in NAMES if name in text] == []
    assert structure.faults(made) == []


def test_a_list_or_a_view_has_its_name_on_it(world: World, signed_in: Any) -> None:
    world.enquiry("in_triage")
    by = world.coordinator
    saved_views.save(by=by, name="My Mondays", of="enquiries", query="status=in_triage", shared=False)
    assert "My Mondays" in text_of(paper(signed_in(by), "/worklist.pdf?status=in_triage"))
    assert "My Mondays" not in text_of(paper(signed_in(by), "/worklist.pdf?status=declined"))


def test_each_enquiry_on_it_has_a_line_in_its_history_and_stays_as_it_is(
    world: World, signed_in: Any
) -> None:
    enquiry, hidden = world.enquiry(), world.enquiry("declined")
    before = fresh(enquiry).version
    paper(signed_in(world.coordinator), "/worklist.pdf?status=submitted")
    line = Event.objects.get(verb="document.listed")
    assert (line.enquiry, line.by, line.audience) == (enquiry, world.coordinator, Event.Audience.ACCESS)
    assert fresh(enquiry).version == before
    assert not Event.objects.filter(enquiry=hidden, verb="document.listed").exists()


def test_an_authority_prints_its_own_without_our_owners_and_no_draft(world: World, signed_in: Any) -> None:
    sent, draft = world.enquiry("in_triage"), world.enquiry("draft")
    theirs = enquiries.submit(body=example(), by=world.stranger, key=new_key())[0]
    text = text_of(paper(signed_in(world.referrer), "/worklist.pdf"))
    assert sent.reference in text
    assert [row.reference for row in (draft, theirs) if row.reference in text] == []
    assert "Ann Coordinator" not in text
    assert "Priority" not in text


def test_a_list_that_is_too_long_says_that_it_was_cut(
    world: World, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        world.enquiry()
    monkeypatch.setattr(listing, "MOST", 2)
    text = text_of(paper(signed_in(world.coordinator), "/worklist.pdf"))
    assert "only its first 2 are printed" in text
    assert text.count("ENQ-") == 2
    assert Event.objects.filter(verb="document.listed").count() == 2


def test_an_empty_list_prints_too(world: World, signed_in: Any) -> None:
    made = paper(signed_in(world.coordinator), "/worklist.pdf")
    assert "Nothing fits these filters." in text_of(made)
    assert structure.faults(made) == []


def test_referrals_print_for_the_hub_and_a_service_s_own_for_it(world: World, signed_in: Any) -> None:
    referral, other = world.referral("in_progress"), world.referral()
    made = paper(signed_in(world.lead), "/referrals.pdf")
    text = text_of(made)
    assert referral.reference in text
    assert "Asa Assessor" in text
    assert other.reference not in text
    assert structure.faults(made) == []
    assert other.reference in text_of(paper(signed_in(world.coordinator), "/referrals.pdf"))
    subjects = Event.objects.filter(verb="document.listed").values_list("subject", flat=True)
    listed = [*referral.enquiry.referrals.all(), *other.enquiry.referrals.all()]
    assert set(subjects) == {row.reference for row in listed}


def test_over_the_api_the_same_and_an_unknown_filter_is_refused(world: World, api: Any) -> None:
    enquiry = world.enquiry()
    caller = api(world.coordinator)
    made = caller.get("/api/v1/worklist.pdf?status=submitted")
    assert enquiry.reference in text_of(made.content)
    assert caller.get("/api/v1/worklist.pdf?colour=red").status_code == 400
    assert caller.get("/api/v1/worklist.pdf?status=nonsense").status_code == 400
    assert caller.get(f"/api/v1/referrals.pdf?needed_before={date(2030, 1, 1)}").status_code == 200
