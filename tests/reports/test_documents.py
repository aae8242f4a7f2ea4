"""What our documents say and leave out, for whom, and how they are kept."""

import hashlib
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from intake.actions import enquiries
from intake.lifecycle import Role, Status
from intake.models import Enquiry, Event, User
from intake.refusals import Forbidden, NotFound, NotPossible
from reports.actions import documents
from reports.models import Document
from tests.factories import World, example, fresh, new_key
from tests.reports.papers import print_summary, text_of

WITHHELD = ("14 Weaver Court", "OL1 1QN", "07700 900142")
NAMES = ("Connor", "Ella", "Doyle", "Shannon", "Marcin", "Zielinski", "Bev")
NEVER_BY_LETTER = (
    *NAMES,
    *WITHHELD,
    "2018",
    "1996",
    "Union Street",
    "9991234578",
    "Neglect",
    "early help",
    "dog",
)


@pytest.fixture(autouse=True)
def _no_warning(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever is printed here, WeasyPrint has nothing to complain of."""
    yield
    complaints = [row for row in caplog.get_records("call") if row.name.startswith("weasyprint")]
    assert [row.getMessage() for row in complaints if row.levelno >= logging.WARNING] == []


def printed(enquiry: Enquiry, audience: str, by: User) -> str:
    return text_of(bytes(print_summary(enquiry, audience, by=by).pdf))


def test_the_acknowledgement_says_what_the_referrer_needs(world: World) -> None:
    enquiry = world.enquiry()
    text = text_of(documents.acknowledge(enquiry=enquiry).pdf)
    for words in (
        enquiry.reference,
        "Oldham Metropolitan Borough Council",
        "Priya Nair",
        "OLD-2026-118204",
        "Parenting assessment",
        "Letter of instruction: still to come",
        "We decide within 1 working day",
        "Out of hours",
        "at 17:00",
    ):
        assert words in text


def test_the_acknowledgement_holds_nobody_of_the_family(world: World) -> None:
    text = text_of(documents.acknowledge(enquiry=world.enquiry()).pdf).casefold()
    assert [words for words in NEVER_BY_LETTER if words.casefold() in text] == []


@pytest.mark.parametrize("name", ["general_enquiry", "prebirth_pams"])
def test_every_kind_of_enquiry_gets_both_documents(world: World, name: str) -> None:
    wales = world.person(world.cardiff, "Gwen Referrer", Role.REFERRER)
    by = wales if name == "prebirth_pams" else world.referrer
    enquiry = fresh(enquiries.submit(body=example(name), by=by, key=new_key())[0])
    documents.acknowledge(enquiry=enquiry)
    assert enquiry.reference in printed(enquiry, "internal", world.manager)


def test_acknowledged_twice_is_one_document(world: World) -> None:
    enquiry = world.enquiry()
    first, second = documents.acknowledge(enquiry=enquiry), documents.acknowledge(enquiry=enquiry)
    assert first == second
    assert Document.objects.count() == 1
    assert Event.objects.filter(verb="document.issued").count() == 1


def test_two_workers_that_made_it_at_once_keep_one(world: World) -> None:
    enquiry = world.enquiry()
    first = documents.acknowledge(enquiry=enquiry)
    late = documents.Draft(
        first.kind, first.audience, 1, "", "submit", first.made_at, first.made_by, bytes(first.pdf)
    )
    assert documents.keep_first(enquiry, late) == first
    assert Document.objects.count() == 1


def test_a_draft_has_no_documents(world: World) -> None:
    draft = world.enquiry(Status.DRAFT)
    with pytest.raises(NotFound):
        documents.acknowledge(enquiry=draft)
    with pytest.raises(NotPossible):
        print_summary(draft, "authority", by=world.referrer)


def test_a_summary_begins_with_initials_and_the_risks(world: World) -> None:
    text = printed(world.enquiry(), "internal", world.manager)
    order = ["C.D., ", "Risk to the child", "Risk to the worker", "Safety of contact", "Connor Doyle"]
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_the_provider_s_paper_has_everything(world: World) -> None:
    enquiry = fresh(world.referral("in_progress").enquiry)
    text = printed(enquiry, "internal", world.manager)
    for words in (
        *WITHHELD,
        "Not to be disclosed",
        "Within our skills.",
        "None known.",
        "Asa Assessor",
        "Started",
    ):
        assert words.casefold() in text.casefold()
    assert "Nothing was left out." in text


def test_the_authority_s_paper_has_no_note_of_ours(world: World) -> None:
    enquiry = fresh(world.referral("in_progress").enquiry)
    text = printed(enquiry, "authority", world.referrer)
    assert "Within our skills." not in text
    assert "None known." not in text
    assert "The letter is on its way." not in text
    assert "14 Weaver Court" in text
    assert "notes and rationale" in text


def test_the_authority_reads_why_it_was_declined_and_where_to_go(world: World) -> None:
    text = printed(world.enquiry(Status.DECLINED), "authority", world.referrer)
    assert "Not our area." in text
    assert "The regional list." in text


@pytest.mark.parametrize("who", ["lead", "assessor", "coordinator"])
def test_a_service_s_paper_never_has_the_withheld_address(world: World, who: str) -> None:
    enquiry = fresh(world.referral("in_progress").enquiry)
    text = printed(enquiry, "service", getattr(world, who))
    assert [words for words in WITHHELD if words in text] == []
    assert "An address that is not to be disclosed" in text
    assert "Union Street" in text
    assert "Within our skills." not in text
    assert "25 %" not in text


def test_the_assigned_assessor_s_paper_has_the_needs_and_the_lead_s_has_not(world: World) -> None:
    enquiry = fresh(world.referral("in_progress").enquiry)
    assert "picture cards" in printed(enquiry, "service", world.assessor)
    assert "picture cards" not in printed(enquiry, "service", world.lead)


def test_a_coordinator_does_not_read_the_withheld_address_by_printing(world: World) -> None:
    text = printed(world.enquiry(), "authority", world.coordinator)
    assert [words for words in WITHHELD if words in text] == []


ALLOWED = {
    "referrer": {"authority"},
    "authority_manager": {"authority"},
    "api_client": set(),
    "coordinator": {"authority", "service"},
    "manager": {"authority", "service", "internal", "court"},
    "reviewer": {"internal"},
    "auditor": {"authority", "service", "internal", "court"},
    "administrator": set(),
    "service_lead": {"service"},
    "assessor": {"service"},
    "system": set(),
}


def test_who_may_print_for_whom_is_the_table_of_roles(world: World) -> None:
    people = world.everybody()
    assert {role: set(documents.audiences_for(people[role])) for role in ALLOWED} == ALLOWED


def test_an_audience_that_is_not_theirs_is_refused_and_leaves_nothing(world: World) -> None:
    enquiry = world.enquiry()
    with pytest.raises(Forbidden):
        print_summary(enquiry, "internal", by=world.referrer)
    assert not Document.objects.exists()


def test_a_stranger_s_print_finds_nothing(world: World) -> None:
    with pytest.raises(NotFound):
        print_summary(world.enquiry(), "authority", by=world.stranger)


def test_every_print_is_a_line_of_the_history_and_bytes_that_are_kept(world: World) -> None:
    document = print_summary(world.enquiry(), "internal", by=world.manager)
    line = Event.objects.get(verb="document.printed")
    assert line.data == {"kind": "summary", "audience": "internal", "version": 1, "sha256": document.sha256}
    assert line.audience == Event.Audience.ACCESS
    assert hashlib.sha256(fresh(document).pdf).hexdigest() == document.sha256


def test_printed_again_unchanged_it_is_the_same_version_and_another_line(world: World) -> None:
    enquiry = world.enquiry()
    first = print_summary(enquiry, "internal", by=world.manager)
    second = print_summary(enquiry, "internal", by=world.manager)
    assert first == second
    assert Event.objects.filter(verb="document.printed").count() == 2


def test_a_change_or_another_person_makes_the_next_version(world: World) -> None:
    enquiry = world.enquiry()
    print_summary(enquiry, "internal", by=world.manager)
    other = print_summary(enquiry, "internal", by=world.reviewer)
    world.bring(enquiry, Status.IN_TRIAGE)
    third = print_summary(fresh(enquiry), "internal", by=world.manager)
    assert (other.version, third.version) == (2, 3)


def test_what_changed_while_it_was_made_is_made_again(world: World) -> None:
    enquiry = world.enquiry()
    first = print_summary(enquiry, "internal", by=world.manager)
    stale = documents.Draft(
        first.kind, first.audience, 2, "", "an older state", first.made_at, first.made_by, b"%PDF"
    )
    order = documents.Order(first.kind, first.audience)
    assert documents.keep_next(enquiry, stale, order, "an older state") is None
    assert Document.objects.count() == 1


def test_the_history_still_verifies_after_prints(world: World) -> None:
    enquiry = world.enquiry()
    documents.acknowledge(enquiry=enquiry)
    print_summary(enquiry, "internal", by=world.manager)
    lines: list[Any] = list(Event.objects.chain(enquiry))
    assert [line.hash for line in lines] == [line.digest() for line in lines]
    assert [line.previous_hash for line in lines[1:]] == [line.hash for line in lines[:-1]]
