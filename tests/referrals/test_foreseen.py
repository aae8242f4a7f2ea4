"""Who could take an assessment, said while it is being decided; and a family, by one rule."""

from typing import Any

from intake.lifecycle import Status
from intake.models import Person
from referrals import continuity
from tests.factories import World


def test_whoever_decides_reads_who_could_take_it(world: World, signed_in: Any) -> None:
    world.north  # noqa: B018 - a service that covers everything
    enquiry = world.enquiry(Status.IN_TRIAGE)
    page = signed_in(world.coordinator).get(f"/enquiries/{enquiry.reference}/accept/").content.decode()
    assert page.count("Could take it: Northern Family Assessments") == len(enquiry.assessment_rows.all())


def test_who_knows_a_child_by_its_number_counts_as_a_worker_of_the_family(world: World) -> None:
    """Two enquiries that nobody linked: the children's NHS numbers are the same."""
    world.referral("in_progress")
    referral = world.referral("waiting")
    assert continuity.of_referral(referral).count == 1
    Person.objects.filter(enquiry=referral.enquiry).update(nhs_number="")
    assert continuity.of_referral(referral).count == 0
