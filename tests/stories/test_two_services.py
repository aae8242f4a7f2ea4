"""Two assessments of one enquiry in two services: one declined and placed anew, one challenged and sent back."""

import pytest

from intake import history
from intake.actions import information
from intake.models import Event
from intake.refusals import Invalid
from referrals.actions import assessments, follow_ups, oversight, placements, reviews, triage
from referrals.models import Referral
from reports.letters import letter
from tests.factories import World, fresh, in_days


def test_two_assessments_go_through_two_services_and_close_with_a_true_history(world: World) -> None:
    enquiry = world.enquiry()
    triage.claim(enquiry=enquiry, by=world.coordinator)
    enquiry = information.request_information(
        enquiry=fresh(enquiry), by=world.coordinator, questions=[{"text": "Any dogs?"}], reply_by=in_days(5)
    )
    information.answer(enquiry=enquiry, by=world.referrer, answers=[{"number": 1, "text": "Two."}])
    enquiry = world.accept(fresh(enquiry))
    first, second = enquiry.referrals.order_by("id")

    # The first is declined by one service, whose sight of the enquiry ends, and placed with the other.
    placements.offer(referral=first, by=world.coordinator, service=world.north, reply_by=in_days(3))
    first = placements.decline_offer(
        referral=fresh(first), by=world.lead, reason_code="SKILL", text="Nobody is trained for it."
    )
    assert not Referral.objects.visible_to(world.lead).exists()
    placements.offer(referral=first, by=world.coordinator, service=world.south, reply_by=in_days(3))
    first = placements.accept_offer(
        referral=fresh(first),
        by=world.other_lead,
        assessor=world.other_assessor,
        conflict_statement="None known.",
    )

    # The second is begun in the other service, challenged, and handed in once the challenge is answered.
    second = world.start(world.take(world.offer(second)))
    question = oversight.challenge(referral=second, by=world.manager, text="Who has seen the younger child?")
    with pytest.raises(Invalid, match="challenge"):
        world.report(second)
    oversight.answer_challenge(challenge=question, by=world.assessor, text="I have, on Monday, alone.")
    second = world.report(fresh(second))
    second = reviews.send_back(
        referral=second, by=world.reviewer, defects=[{"code": "VOICE", "text": "What did she say?"}]
    )
    second = assessments.submit_report(
        referral=second,
        by=world.assessor,
        report=world.attach_report(second),
        children_seen=[
            {"child": child.position, "seen_on": in_days(-1), "views": "Wants to stay with her brother."}
            for child in assessments.children_of(second)
        ],
    )
    second = world.deliver(second)
    follow_ups.close(
        referral=second,
        by=world.coordinator,
        outcome_code="REPORT_USED",
        follow_up_3_months=in_days(90),
        follow_up_6_months=in_days(180),
    )
    assert fresh(enquiry).status == "accepted", "The other assessment goes on."

    # With the first delivered and closed by its own service the enquiry closes.
    first = world.deliver(world.report(world.start(first)))
    assert not Referral.objects.visible_to(world.lead).filter(pk=first.pk).exists()
    world.close_referral(first)
    assert fresh(enquiry).status == "closed"

    assert way_of(first) == PLACED_ANEW
    assert way_of(second) == SENT_BACK
    assert not list(history.broken())


def way_of(referral: Referral) -> list[str]:
    """Its steps, and what was challenged and answered, in the order of the history."""
    lines = Event.objects.filter(enquiry=referral.enquiry, subject=referral.reference).order_by("sequence")
    steps = {*PLACED_ANEW, *SENT_BACK}
    return [verb for verb in lines.values_list("verb", flat=True) if verb in steps]


PLACED_ANEW = [
    "referral.offer",
    "referral.decline_offer",
    "referral.offer",
    "referral.accept_offer",
    "referral.start",
    "referral.submit_report",
    "referral.deliver",
    "referral.close",
]
SENT_BACK = [
    "referral.offer",
    "referral.accept_offer",
    "referral.start",
    "referral.challenge",
    "referral.challenge_answered",
    "referral.submit_report",
    "referral.send_back",
    "referral.submit_report",
    "referral.deliver",
    "referral.close",
]


def test_each_party_is_told_of_its_steps_and_no_letter_names_anybody(world: World) -> None:
    referral = world.referral("closed")
    letters = [letter(row) for row in referral.enquiry.notifications.order_by("id")]
    told = {address for written in letters for address in written.to}
    assert {referral.enquiry.referrer_email, world.lead.email, world.reviewer.email} <= told
    for written in letters:
        assert "Doyle" not in written.subject + written.text


def test_a_challenge_raised_during_the_review_keeps_the_report_here(world: World) -> None:
    referral = world.referral("in_review")
    raised = oversight.challenge(referral=referral, by=world.manager, text="Who asked the school?")
    with pytest.raises(Invalid):
        world.deliver(referral)
    oversight.answer_challenge(challenge=raised, by=world.assessor, text="I did, twice.")
    assert world.deliver(fresh(referral)).status == "delivered"
