"""Triage, placing and assessing on the pages."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from intake.lifecycle import ENQUIRY, Role, Status
from intake.models import Enquiry
from referrals.actions import oversight, reviews
from referrals.actions.assessments import children_of
from referrals.lifecycle import REFERRAL
from referrals.lifecycle import Status as Stage
from referrals.models import Decision, Referral
from referrals.pages.doors import ENQUIRY_DOORS, REFERRAL_DOORS
from tests.factories import PDF, World, fresh, in_days
from tests.intake.test_pages import post, statements, text


def only_the_system(row: Any) -> bool:
    return bool(row.by == {Role.SYSTEM})


@pytest.mark.parametrize(("table", "doors"), [(ENQUIRY, ENQUIRY_DOORS), (REFERRAL, REFERRAL_DOORS)])
def test_every_transition_that_a_person_can_make_has_a_page(table: Any, doors: Any) -> None:
    assert set(doors) == {name for name, row in table.items() if not only_the_system(row)}


@pytest.mark.parametrize("stage", [stage.value for stage in Stage])
def test_every_page_offered_at_a_stage_can_be_opened(world: World, signed_in: Any, stage: str) -> None:
    referral = world.referral(stage)
    for who in (world.manager, world.coordinator, world.reviewer, world.lead, world.assessor):
        for transition in referral.transitions_for(who):
            path = f"/referrals/{referral.reference}/{transition.replace('_', '-')}/"
            visible = Referral.objects.visible_to(who).filter(pk=referral.pk).exists()
            assert signed_in(who).get(path).status_code == (200 if visible else 404), path


@pytest.mark.parametrize("status", [status.value for status in Status])
def test_every_page_offered_of_an_enquiry_can_be_opened(world: World, signed_in: Any, status: str) -> None:
    enquiry = world.enquiry(status)
    for who in (world.manager, world.coordinator, world.referrer, world.authority_manager):
        for transition in enquiry.transitions_for(who):
            path = f"/enquiries/{enquiry.reference}/{transition.replace('_', '-')}/"
            visible = Enquiry.objects.visible_to(who).filter(pk=enquiry.pk).exists()
            assert signed_in(who).get(path).status_code == (200 if visible else 404), path


def test_one_assessment_is_accepted_and_the_other_declined(world: World, signed_in: Any) -> None:
    enquiry, page = world.enquiry(Status.IN_TRIAGE), signed_in(world.coordinator)
    answer = post(page, enquiry, "accept", **{
        "assessment-0-decision": "accept",
        "assessment-1-decision": "decline",
        "assessment-1-reason_code": "NO_CAPACITY",
        "assessment-1-text": "No room before March.",
        "assessment-1-elsewhere": "The regional list.",
        "rationale": "Within our skills.",
        "conflict_statement": "None known.",
    })  # fmt: skip
    assert "Waiting for a service" in text(answer)
    assert "No room before March." in text(answer)
    assert sorted(Decision.objects.values_list("outcome", flat=True)) == ["accepted", "declined"]


def test_a_decline_without_a_reason_is_said_at_that_assessment(world: World, signed_in: Any) -> None:
    enquiry, page = world.enquiry(Status.IN_TRIAGE), signed_in(world.coordinator)
    answer = post(page, enquiry, "accept", **{
        "assessment-0-decision": "accept", "assessment-1-decision": "decline",
        "rationale": "Within our skills.", "conflict_statement": "None known.",
    })  # fmt: skip
    assert answer.status_code == 422
    assert 'href="#id_assessment-1-reason_code"' in answer.content.decode()
    assert "Within our skills." in text(answer)


def test_a_referral_goes_from_offer_to_close_on_the_pages(world: World, signed_in: Any) -> None:
    referral = world.referral()
    hub, lead, assessor, reviewer = world.coordinator, world.lead, world.assessor, world.reviewer

    def go(who: Any, transition: str, **data: Any) -> Referral:
        answer = post(signed_in(who), fresh(referral), transition, **data)
        assert answer.redirect_chain, text(answer)
        return fresh(referral)

    go(hub, "offer", service=world.north.pk, reply_by=in_days(3).isoformat())
    go(lead, "accept-offer", assessor=assessor.pk, conflict_statement="None known.")
    go(assessor, "start", waiver_reason="The letter is on its way.")
    page = signed_in(assessor)
    page.post(f"/referrals/{referral.reference}/evidence/", {"source": "School", "state": "received"})
    seen = {}
    for n, _ in enumerate(children_of(referral)):
        seen |= {f"children_seen-{n}-seen_on": in_days(-1).isoformat(), f"children_seen-{n}-views": "Home."}
    go(assessor, "submit-report", file=SimpleUploadedFile("report.pdf", PDF), **seen)
    go(reviewer, "send-back", **{"defects-0-code": "VOICE", "defects-0-text": "Quote her."})
    go(assessor, "submit-report", file=SimpleUploadedFile("report.pdf", PDF), **seen)
    judged = {f"checklist-{n}-verdict": "met" for n, _ in enumerate(reviews.criteria())}
    go(reviewer, "deliver", grade="GOOD", **{"mended-0-mended": "yes"}, **judged)
    days = {"follow_up_3_months": in_days(90).isoformat(), "follow_up_6_months": in_days(180).isoformat()}
    assert go(hub, "close", outcome_code="REPORT_USED", **days).status == Stage.CLOSED


def test_a_child_neither_seen_nor_explained_is_asked_for_and_no_file_is_kept(
    world: World, signed_in: Any
) -> None:
    referral = world.referral(Stage.IN_PROGRESS)
    page = signed_in(world.assessor)
    page.post(f"/referrals/{referral.reference}/evidence/", {"source": "School", "state": "received"})
    answer = post(page, referral, "submit-report", file=SimpleUploadedFile("report.pdf", PDF))
    assert answer.status_code == 422
    assert 'href="#id_children_seen-0-seen_on"' in answer.content.decode()
    assert not referral.enquiry.attachments.exists()


def test_a_service_that_declines_an_offer_comes_back_to_its_list(world: World, signed_in: Any) -> None:
    referral, page = world.referral(Stage.OFFERED), signed_in(world.lead)
    answer = post(page, referral, "decline-offer", reason_code="NO_CAPACITY", text="Full until March.")
    assert answer.redirect_chain[-1][0] == "/referrals/", text(answer)
    assert page.get(f"/referrals/{referral.reference}/").status_code == 404


def test_another_services_referral_and_none_at_all_are_the_same_page(world: World, signed_in: Any) -> None:
    referral, page = world.referral(Stage.OFFERED), signed_in(world.other_lead)
    theirs, none = page.get(f"/referrals/{referral.reference}/"), page.get("/referrals/REF-2222-2222-2/")
    assert theirs.status_code == none.status_code == 404
    assert theirs.content == none.content


def test_a_challenge_stands_on_top_until_it_is_answered(world: World, signed_in: Any) -> None:
    referral = world.referral(Stage.IN_PROGRESS)
    row = oversight.challenge(referral=referral, by=world.manager, text="Why no home visit?")
    page = signed_in(world.assessor)
    assert "A challenge that must be answered" in text(page.get(f"/referrals/{referral.reference}/"))
    path = f"/referrals/{referral.reference}/challenges/{row.pk}/"
    assert "A challenge that must" not in text(page.post(path, {"text": "On Friday."}, follow=True))


def test_the_referrals_ask_as_much_of_the_database_for_one_row_as_for_many(
    world: World, signed_in: Any
) -> None:
    world.referral(Stage.OFFERED)
    page = signed_in(world.lead)
    one = statements(page, "/referrals/")
    for _ in range(3):
        world.referral(Stage.OFFERED)
    assert statements(page, "/referrals/") == one <= 8
