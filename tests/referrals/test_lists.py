"""The referrals' named lists and filters."""

from typing import Any

from django.utils import timezone

from referrals import worklists
from referrals.models import Referral
from tests.factories import World, in_days

URL = "/api/v1/referrals/"


def found(caller: Any, query: str) -> set[str]:
    answer = caller.get(f"{URL}?{query}")
    assert answer.status_code == 200, answer.data
    return {row["reference"] for row in answer.data["results"]}


def test_the_numbers_are_those_of_the_lists_for_the_hub_and_a_service(world: World) -> None:
    world.referral("offered")
    working = world.referral("in_progress")
    Referral.objects.filter(pk=working.pk).update(needed_by=in_days(-2))
    for user in (world.coordinator, world.lead, world.assessor, world.other_lead):
        lists = worklists.lists_for(user)
        numbers = {name: count.number for name, count in worklists.counts(user).items()}
        assert numbers == {name: worklists.rows_of(row, user).count() for name, row in lists.items()}, user
    counts = worklists.counts(world.coordinator)
    assert (counts["offered"].number, counts["late"].number) == (1, 1)
    assert worklists.counts(world.assessor)["mine"].number == 1


def test_filters_of_referrals_find_and_leave_out(world: World, api: Any) -> None:
    offered, working = world.referral("offered"), world.referral("in_progress")
    Referral.objects.filter(pk=working.pk).update(needed_by=in_days(-2))
    Referral.objects.filter(pk=offered.pk).update(needed_by=in_days(30))
    chosen = Referral.objects.filter(pk__in=(offered.pk, working.pk))
    assert set(chosen.filter(is_open=True)) == {offered, working}
    caller, today = api(world.coordinator), timezone.localdate()
    for query, expected in {
        "status=offered": {offered.reference},
        "status=offered&status=in_progress": {offered.reference, working.reference},
        "late=true": {working.reference},
        f"needed_before={today}": {working.reference},
        f"reply_before={in_days(400)}": {offered.reference},
        "assessor=nobody&status=offered": {offered.reference},
        "authority=353&status=in_progress": {working.reference},
        "authority=936": set(),
        f"q={working.reference}": {working.reference},
    }.items():
        assert found(caller, query) == expected, query
    assert working.reference in found(caller, "q=doyle")
    assert found(caller, f"q={working.enquiry.reference}&status=in_progress") == {working.reference}
    assert found(api(world.assessor), "assessor=me") == {working.reference}
    assert found(api(world.stranger), "q=doyle") == set()
