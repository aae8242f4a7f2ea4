"""Letters: to whoever is responsible now, with a reference and a link, and nobody's name."""

from typing import Any

import pytest

from intake.lifecycle import Party, Status
from intake.models import Notification
from reports.letters import NoRecipient, letter
from tests.factories import World, fresh

FAMILY = ("Connor", "Ella", "Doyle", "Shannon", "Zielinski", "Weaver", "2018", "neglect", "Priya", "Ann")


def promised(world: World, to: Party, **more: Any) -> Notification:
    data = {"lifecycle": "enquiry", "transition": "accept"}
    return world.enquiry(Status.IN_TRIAGE).notify(Notification.Kind.TRANSITION, to=to, data=data, **more)


@pytest.mark.parametrize("kind", Notification.Kind.values)
def test_a_letter_holds_a_reference_and_a_link_and_nobody(world: World, kind: str, settings: Any) -> None:
    settings.PUBLIC_URL = "https://desk.example"
    enquiry = world.enquiry()
    data = {"lifecycle": "enquiry", "transition": "request_information"}
    written = letter(enquiry.notify(kind, to=Party.REFERRER, data=data))
    assert written.subject.startswith(f"{settings.MARKING}: ")
    assert enquiry.reference in written.subject
    where = "access/" if kind == Notification.Kind.RESTRICTION else f"enquiries/{enquiry.reference}/"
    assert f"https://desk.example/{where}" in written.text
    whole = (written.subject + written.text).casefold()
    assert [name for name in FAMILY if name.casefold() in whole.split()] == []


def test_every_letter_of_a_whole_case_can_be_written(world: World) -> None:
    world.referral("closed")
    written = [letter(row) for row in Notification.objects.select_related("enquiry", "person")]
    assert len(written) > 8
    assert all(one.subject and one.text and one.to for one in written)


def test_a_letter_about_a_referral_leads_to_the_referral(world: World) -> None:
    referral = world.referral("offered")
    offer = Notification.objects.get(subject=referral.reference, to=Party.SERVICE_LEAD)
    world.lead.refresh_from_db()
    assert f"/referrals/{referral.reference}/" in letter(offer).text
    assert letter(offer).to == [world.lead.email]


def test_the_message_id_is_the_notification_s_own(world: World, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Desk <desk@provider.example>"
    row = promised(world, Party.REFERRER)
    assert letter(row).message_id == letter(fresh(row)).message_id == f"<{row.message_id}@provider.example>"


def test_each_party_is_who_has_the_part_now(world: World) -> None:
    reviewer = world.reviewer
    told = {
        party: letter(promised(world, party)).to for party in (Party.REFERRER, Party.OWNER, Party.REVIEWER)
    }
    assert told == {
        Party.REFERRER: ["priya.nair@oldham.example.gov.uk"],
        Party.OWNER: [world.coordinator.email],
        Party.REVIEWER: [reviewer.email],
    }


def test_when_the_owner_has_left_the_hub_s_mailbox_is_told(world: World) -> None:
    row = promised(world, Party.COORDINATOR)
    world.coordinator.is_active = False
    world.coordinator.save()
    row = Notification.objects.select_related("enquiry").get(pk=row.pk)
    assert letter(row).to != [world.coordinator.email]
    assert len(letter(row).to) == 1


def test_nobody_who_has_left_is_written_to(world: World) -> None:
    row = promised(world, Party.ASSESSOR, person=world.assessor)
    world.assessor.is_active = False
    world.assessor.save()
    with pytest.raises(NoRecipient, match="No active assessor"):
        letter(Notification.objects.get(pk=row.pk))
