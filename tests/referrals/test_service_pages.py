"""The pages on which services look after what they cover and who assesses, and the page that places."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from intake.lifecycle import Role
from intake.models import AccountEvent
from referrals.models import Assessor, Conflict, Coverage, Leave
from tests.factories import World, fresh, in_days


def page(client: Any, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return str(answer.content.decode())


def profile(user: Any) -> Assessor:
    return Assessor.objects.get(user=user)


FACTS = {
    "registration_body": "SWE", "registration_number": "SW1", "registration_until": str(in_days(20)),
    "grade": "EXPERIENCED", "hours": "24", "capacity": "5", "languages": "Polish, urdu", "base_area": "ol",
    "ends_on": "",
}  # fmt: skip


def test_a_lead_names_an_assessor_and_changes_what_they_bring(world: World, signed_in: Any) -> None:
    new, lead = world.person(world.north, "New Assessor", Role.ASSESSOR), signed_in(world.lead)
    answer = lead.post("/assessment-services/north/assessors/", {**FACTS, "user": new.pk})
    assert answer.status_code == 302
    row = profile(new)
    assert (row.hours, row.languages, row.base_area, row.registration_body) == (24, ["pl", "ur"], "OL", "SWE")
    lead.post(f"/assessors/{row.pk}/change/", {**FACTS, "hours": "12"})
    assert fresh(row).hours == 12
    line = AccountEvent.objects.filter(verb="assessor", person=new).first()
    assert line is not None
    assert (line.by, line.data["hours"]) == (world.lead, [24, 12])


def test_a_language_that_the_list_does_not_have_is_named_and_what_was_typed_stays(
    world: World, signed_in: Any
) -> None:
    row = profile(world.assessor)
    answer = signed_in(world.lead).post(
        f"/assessors/{row.pk}/change/", {**FACTS, "languages": "Polish, Elvish"}
    )
    assert answer.status_code == 422
    assert "do not have these languages in the list: Elvish" in answer.content.decode()
    assert 'value="Polish, Elvish"' in answer.content.decode()


def test_coverage_said_again_changes_it_and_ended_is_offered_no_more(world: World, signed_in: Any) -> None:
    kind, lead = Coverage.objects.filter(service=world.north).earliest("id").type, signed_in(world.lead)
    facts = {"type": kind.pk, "region": "", "age_from": "0", "age_to": "12", "languages": ""}
    assert lead.post("/assessment-services/north/cover/", facts).status_code == 302
    row = Coverage.objects.get(service=world.north, type=kind)
    assert row.age_to == 12
    assert lead.post(f"/assessment-services/north/cover/{row.pk}/").status_code == 302
    assert not Coverage.objects.filter(service=world.north, type=kind).exists()


def test_an_assessor_keeps_their_own_leave_and_nobody_elses(world: World, signed_in: Any) -> None:
    own, other, me = profile(world.assessor), profile(world.second_assessor), signed_in(world.assessor)
    days = {"kind": "PLANNED", "first": str(in_days(3)), "last": str(in_days(5))}
    assert me.get("/assessors/mine/").url == f"/assessors/{own.pk}/"
    assert me.post(f"/assessors/{own.pk}/leave/", days).status_code == 302
    leave = Leave.objects.get(assessor=own)
    assert me.post(f"/assessors/{other.pk}/leave/", days).status_code == 404
    assert me.get(f"/assessors/{own.pk}/change/").status_code == 403
    assert me.post(f"/assessors/{own.pk}/leave/{leave.pk}/").status_code == 302
    assert not Leave.objects.exists()


def test_leave_that_ends_before_it_begins_is_refused_beside_its_field(world: World, signed_in: Any) -> None:
    row = profile(world.assessor)
    days = {"kind": "PLANNED", "first": str(in_days(5)), "last": str(in_days(3))}
    answer = signed_in(world.lead).post(f"/assessors/{row.pk}/leave/", days)
    assert answer.status_code == 422
    assert "The last day lies before the first." in answer.content.decode()


def test_registrations_that_end_within_sixty_days_are_shown(world: World, signed_in: Any) -> None:
    row, hub = profile(world.assessor), signed_in(world.coordinator)
    assert "None ends within 60 days" in page(hub, "/assessment-services/")
    Assessor.objects.filter(pk=row.pk).update(registration_until=timezone.localdate() + timedelta(days=60))
    assert "1 ends within 60 days" in page(hub, "/assessment-services/")
    assert ", soon" in page(hub, "/assessment-services/north/")
    assert "Their registration ends on" in page(hub, f"/assessors/{row.pk}/")


@pytest.mark.parametrize(
    ("who", "status"),
    [("lead", 200), ("coordinator", 200), ("other_lead", 404), ("reviewer", 403), ("referrer", 403)],
)
def test_a_service_is_seen_by_its_lead_and_the_hub(
    world: World, signed_in: Any, who: str, status: int
) -> None:
    world.north, world.south  # noqa: B018
    page(signed_in(getattr(world, who)), "/assessment-services/north/", status)


def test_what_the_hub_said_of_a_conflict_is_not_on_the_services_page(world: World, signed_in: Any) -> None:
    row = profile(world.assessor)
    Conflict.objects.create(
        person=world.assessor, authority=world.oldham, reason="Of the Marlowe family.", said_by=world.manager
    )
    assert "Marlowe" not in page(signed_in(world.lead), f"/assessors/{row.pk}/")
    assert "Marlowe" in page(signed_in(world.manager), f"/assessors/{row.pk}/")


# --- Placing ---------------------------------------------------------------------------------------------------


def test_the_placing_page_shows_services_with_points_and_offers_from_there(
    world: World, signed_in: Any
) -> None:
    referral, hub = world.referral(), signed_in(world.coordinator)
    world.assessor  # noqa: B018
    shown = page(hub, f"/referrals/{referral.reference}/offer/?service={world.north.pk}")
    assert "Services, best first" in shown
    assert "Best placed there: Asa Assessor" in shown
    assert "how they add up" in shown
    facts = {"service": world.north.pk, "reply_by": str(in_days(3)), "version": str(referral.version)}
    assert hub.post(f"/referrals/{referral.reference}/offer/", facts).status_code == 302
    assert fresh(referral).service == world.north


def test_a_stop_stands_in_its_own_list_and_a_refused_offer_keeps_what_was_typed(
    world: World, signed_in: Any
) -> None:
    referral, hub = world.referral(), signed_in(world.coordinator)
    Conflict.objects.create(service=world.north, authority=world.oldham, kind="OTHER", reason="A contract.")
    shown = page(hub, f"/referrals/{referral.reference}/offer/")
    assert "Not possible as things stand" in shown
    assert "A manager can override it, with a reason." in shown
    facts = {
        "service": world.north.pk,
        "reply_by": str(in_days(3)),
        "note": "They asked for it.",
        "version": str(referral.version),
    }
    answer = hub.post(f"/referrals/{referral.reference}/offer/", facts)
    assert answer.status_code == 422
    assert "They asked for it." in answer.content.decode()


def test_who_does_not_place_is_shown_no_candidate(world: World, signed_in: Any) -> None:
    referral = world.referral("offered")
    world.assessor, world.other_assessor  # noqa: B018
    for who in (world.lead, world.referrer, world.reviewer):
        shown = signed_in(who).get(f"/referrals/{referral.reference}/offer/")
        assert shown.status_code in (403, 404)
        assert "Southern" not in shown.content.decode()
        assert "best first" not in shown.content.decode()


def test_a_lead_names_the_assessor_with_what_speaks_for_each(world: World, signed_in: Any) -> None:
    referral = world.referral("offered")
    row = profile(world.assessor)
    world.second_assessor, world.other_assessor  # noqa: B018
    Leave.objects.create(assessor=row, first=in_days(0), last=in_days(400))
    shown = page(signed_in(world.lead), f"/referrals/{referral.reference}/accept-offer/")
    assert "Asa Assessor, not possible as things stand: They are on leave over the whole time." in shown
    assert "Bo Assessor (" in shown
    assert "Ola Assessor" not in shown
