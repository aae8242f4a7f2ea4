"""The world can bring an enquiry and a referral to every status by the office's actions."""

import pytest

from intake.lifecycle import Status
from referrals.lifecycle import Status as ReferralStatus
from tests.factories import World


@pytest.mark.parametrize("status", list(Status))
def test_an_enquiry_can_be_brought_to_every_status(world: World, status: str) -> None:
    assert world.enquiry(status).status == status


@pytest.mark.parametrize("status", list(ReferralStatus))
def test_a_referral_can_be_brought_to_every_status(world: World, status: str) -> None:
    assert world.referral(status).status == status
