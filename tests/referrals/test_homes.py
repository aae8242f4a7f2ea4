"""The homes of an authority and of a service: what needs somebody first, and how far everything has come."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from intake.actions import attachments
from intake.lifecycle import Status
from intake.models import Attachment
from referrals.tracking import tracks
from tests.factories import PDF, World, fresh


def page(signed_in: Any, user: Any) -> str:
    answer = signed_in(user).get("/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_referrer_reads_first_what_needs_them(world: World, signed_in: Any) -> None:
    enquiry = world.enquiry(Status.INFORMATION_REQUESTED)
    text = page(signed_in, world.referrer)
    assert "One thing needs you" in text
    assert "2 questions are open, please answer by" in text
    assert f"/enquiries/{enquiry.reference}/answer/" in text
    assert "our clock stands still until you answer" in text


def test_another_authority_reads_nothing_of_it(world: World, signed_in: Any) -> None:
    enquiry = world.enquiry(Status.INFORMATION_REQUESTED)
    text = page(signed_in, world.stranger)
    assert "Nothing needs you" in text
    assert enquiry.reference not in text


def test_a_referrer_is_asked_for_their_own_refused_file_and_not_for_a_services(
    world: World, signed_in: Any
) -> None:
    referral = world.referral("in_progress")
    sent = {"enquiry": referral.enquiry, "role": "report"}
    report = attachments.attach(
        by=world.assessor, subject=referral.reference, file=SimpleUploadedFile("report.pdf", PDF), **sent
    )
    Attachment.objects.filter(pk=report.pk).update(state=Attachment.State.REFUSED)
    assert "has to be sent again" not in page(signed_in, world.referrer)
    Attachment.objects.filter(pk=report.pk).update(subject=referral.enquiry.reference)
    assert "has to be sent again" in page(signed_in, world.referrer)


def test_the_steps_are_those_of_the_history(world: World) -> None:
    referral = world.referral("in_progress")
    found = tracks([fresh(referral.enquiry)], world.referrer)[referral.enquiry_id]
    assert [(step.label, step.state) for step in found.steps] == [
        ("Received", "done"),
        ("In triage", "done"),
        ("Accepted", "done"),
        ("Allocated", "now"),
        ("Report", "to come"),
    ]
    assert found.steps[3].more == "1 of 2 assessments"


def test_what_was_declined_has_no_more_steps(world: World) -> None:
    enquiry = world.enquiry(Status.DECLINED)
    steps = tracks([enquiry], world.referrer)[enquiry.pk].steps
    assert [step.label for step in steps] == ["Received", "In triage", "Declined"]


def test_the_home_asks_the_same_however_many_there_are(world: World, signed_in: Any) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            page(signed_in, world.referrer)
        return len(found)

    world.enquiry(Status.INFORMATION_REQUESTED)
    world.enquiry()
    asked()
    few = asked()
    for _ in range(4):
        world.enquiry(Status.INFORMATION_REQUESTED)
        world.enquiry()
    assert asked() == few


def test_a_lead_reads_the_offer_with_ages_and_risks_and_no_name(world: World, signed_in: Any) -> None:
    referral = world.referral("offered")
    text = page(signed_in, world.lead)
    assert "Offers to answer (1)" in text
    assert f"/referrals/{referral.reference}/accept_offer/" in text or "accept-offer" in text
    assert "Risk to the worker" in text
    assert "Doyle" not in text
    assert referral.reference not in page(signed_in, world.other_lead)


def test_an_assessor_reads_their_own_work_only(world: World, signed_in: Any) -> None:
    referral = world.referral("in_progress")
    text = page(signed_in, world.assessor)
    assert "Your work, by the day it is needed" in text
    assert referral.reference in text
    assert referral.reference not in page(signed_in, world.other_assessor)
