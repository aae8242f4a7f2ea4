"""Beside whose enquiry it is: what each reader of the same enquiry is shown of the others' words and work."""

from typing import Any

from intake.lifecycle import Status
from referrals.actions import placements
from referrals.models import Referral
from tests.factories import World, in_days


def page(browser: Any, row: Any) -> str:
    kind = "enquiries" if row.reference.startswith("ENQ") else "referrals"
    return str(browser.get(f"/{kind}/{row.reference}/").content.decode())


def test_our_rationale_stays_with_us(world: World, signed_in: Any) -> None:
    enquiry = world.enquiry(Status.ACCEPTED)
    assert "Within our skills." in page(signed_in(world.coordinator), enquiry)
    assert "Within our skills." not in page(signed_in(world.referrer), enquiry)


def test_the_authority_reads_why_it_was_declined(world: World, signed_in: Any) -> None:
    assert "Not our area." in page(signed_in(world.referrer), world.enquiry(Status.DECLINED))


def two_services(world: World) -> tuple[Referral, Referral]:
    """One enquiry, one assessment each with another service; the first has handed in its report."""
    first, second = world.enquiry(Status.ACCEPTED).referrals.all()
    first = world.report(world.start(world.take(world.offer(first))))
    second = placements.offer(referral=second, by=world.coordinator, service=world.south, reply_by=in_days(3))
    return first, second


def test_a_service_sees_nothing_of_another_services_work_on_the_same_enquiry(
    world: World, signed_in: Any, api: Any
) -> None:
    first, second = two_services(world)
    enquiry = second.enquiry
    shown = page(signed_in(world.other_lead), enquiry)
    told = api(world.other_lead).get(f"/api/v1/enquiries/{enquiry.reference}/events/").data["results"]
    assert {line["subject"] for line in told} == {enquiry.reference, second.reference}
    assert (first.reference in shown, "report.pdf" in shown, "Asa Assessor" in shown) == (False, False, False)
    theirs = signed_in(world.lead).get(f"/referrals/{first.reference}/").content.decode()
    assert "report.pdf" in theirs


def test_the_authority_does_not_see_a_report_before_it_can_have_it(world: World, signed_in: Any) -> None:
    first, _ = two_services(world)
    assert "report.pdf" not in page(signed_in(world.referrer), first.enquiry)
