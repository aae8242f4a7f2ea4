"""Each kind of paper about an enquiry: what it says, for whom, and what it never says."""

from typing import Any

import pytest

from intake.lifecycle import Status
from intake.models import Event, User
from intake.refusals import Forbidden, NotFound, NotPossible
from reports.actions.documents import Order, print_paper
from reports.models import Document
from tests.factories import World, fresh
from tests.reports.papers import text_of

Kind, Audience = Document.Kind, Document.Audience
WITHHELD = ("14 Weaver Court", "OL1 1QN", "07700 900142")
NAMES = ("Connor", "Ella", "Doyle", "Shannon", "Marcin", "Zielinski", "Bev")


def printed(enquiry: Any, by: User, kind: str, audience: str, subject: str = "", **more: Any) -> str:
    order = Order(Kind(kind), Audience(audience), subject, **more)
    return text_of(bytes(print_paper(enquiry=fresh(enquiry), order=order, by=by).pdf))


def test_a_decision_on_paper_says_the_reason_and_where_else_to_go(world: World) -> None:
    text = printed(world.enquiry(Status.DECLINED), world.referrer, "decision", "authority")
    for words in ("Our decision", "Where else to go", "What happens next", "Who to call"):
        assert words in text
    assert "Rationale" not in text


def test_nothing_decided_is_no_paper(world: World) -> None:
    with pytest.raises(NotPossible, match="Nothing has been decided yet"):
        printed(world.enquiry(), world.referrer, "decision", "authority")


def test_questions_on_paper_have_numbers_a_day_and_how_to_answer(world: World) -> None:
    enquiry = world.enquiry(Status.INFORMATION_REQUESTED)
    text = printed(enquiry, world.referrer, "questions", "authority", "1")
    for words in ("Request for information", "Please answer by", "Answer: none yet", "clock stands still"):
        assert words in text


def test_an_offer_names_nobody_of_the_family(world: World) -> None:
    referral = world.referral("offered")
    text = printed(referral.enquiry, world.lead, "offer", "service", referral.reference)
    for words in ("Offer of an assessment", "Please reply by", "Risk to the worker", "How to reply"):
        assert words in text
    assert [name for name in (*NAMES, *WITHHELD) if name in text] == []


def test_the_pack_has_the_checklist_the_dates_and_the_files(world: World) -> None:
    referral = world.referral("in_progress")
    text = printed(referral.enquiry, world.assessor, "instruction", "service", referral.reference)
    for words in ("Instruction pack", "What is needed to start", "Report to be filed", "Children", "Doyle"):
        assert words in text
    assert [words for words in WITHHELD if words in text] == []


def test_a_referral_of_another_service_is_as_if_there_were_none(world: World) -> None:
    referral = world.referral("offered")
    with pytest.raises(NotFound):
        printed(referral.enquiry, world.other_lead, "offer", "service", referral.reference)


def test_a_chronology_puts_births_court_and_events_in_one_line_of_time(world: World) -> None:
    referral = world.referral("in_progress")
    text = printed(referral.enquiry, world.manager, "chronology", "court", reason="The court asked.")
    assert text.index("was born") < text.index("Proceedings issued") < text.index("What is to come")
    assert [name for name in NAMES if name in text] == []


def test_an_extract_numbers_its_lines_and_says_whether_they_are_whole(world: World) -> None:
    enquiry = world.enquiry(Status.IN_TRIAGE)
    text = printed(enquiry, world.manager, "history", "internal", reason="An audit.")
    assert "the chain is whole" in text
    assert f"{fresh(enquiry).head_sequence - 1} of {fresh(enquiry).head_sequence - 1}" in text


def test_a_court_gets_neither_the_workers_risk_nor_an_address_withheld(world: World) -> None:
    text = printed(world.enquiry(), world.manager, "summary", "court", reason="Directed on 3 March.")
    assert "Risk to the child" in text
    for words in ("Risk to the worker", "Others in the household", *WITHHELD):
        assert words not in text
    assert "Risk to workers, and of making contact" in text


def test_what_somebody_leaves_out_is_said_at_the_end_and_the_reason_is_on_record(world: World) -> None:
    enquiry = world.enquiry()
    text = printed(
        enquiry, world.manager, "summary", "internal", without=frozenset({"history"}), reason="A complaint."
    )
    assert "History, as whoever printed it chose" in text
    assert Event.objects.filter(enquiry=enquiry, verb="document.printed", note="A complaint.").exists()


def test_a_choice_of_sections_is_a_version_of_its_own(world: World) -> None:
    enquiry = world.enquiry()
    printed(enquiry, world.manager, "summary", "internal")
    printed(enquiry, world.manager, "summary", "internal", without=frozenset({"history"}))
    printed(enquiry, world.manager, "summary", "internal")
    assert sorted(enquiry.documents.values_list("version", flat=True)) == [1, 2]


@pytest.mark.parametrize(
    ("who", "kind", "audience"),
    [
        ("referrer", "summary", "court"),
        ("coordinator", "decision", "internal"),
        ("assessor", "offer", "service"),
        ("referrer", "history", "authority"),
        ("lead", "chronology", "internal"),
    ],
)
def test_whoever_may_not_print_it_is_told_so(world: World, who: str, kind: str, audience: str) -> None:
    referral = world.referral("in_progress")
    with pytest.raises(Forbidden, match="Your role does not allow this"):
        printed(referral.enquiry, getattr(world, who), kind, audience, referral.reference)
