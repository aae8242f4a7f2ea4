"""Where an enquiry stands in the order of the work: stored with what changes it, and each day as the facts say."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from intake import ranking
from intake.actions import enquiries, information, public, rank
from intake.models import Enquiry, Event
from intake.refusals import Forbidden, Invalid, NotPossible
from referrals.actions import triage
from tests.factories import World, example, fresh, in_days

SOON = {"urgency": {"immediate_danger": False, "needed_by": "2026-12-07", "why_now": "A hearing."}}


@pytest.fixture(autouse=True)
def _a_tuesday_morning() -> Iterator[None]:
    """Every row has the same distance to its dates, whenever the suite runs."""
    with time_machine.travel("2026-11-24 08:00", tick=False):
        yield


def is_as_the_facts_say(enquiry: Enquiry) -> bool:
    row = fresh(enquiry)
    wanted = ranking.placed_again(row, timezone.localdate())
    return all(getattr(row, name) == value for name, value in wanted.items())


def test_an_enquiry_is_ranked_when_it_is_sent(world: World) -> None:
    row = fresh(world.enquiry())
    assert row.urgency > 0
    assert row.ranks_on is not None
    assert is_as_the_facts_say(row)


def test_an_amendment_moves_it(world: World) -> None:
    enquiry = world.enquiry()
    before = fresh(enquiry).urgency
    enquiries.amend(enquiry=enquiry, by=world.referrer, changes=SOON)
    assert fresh(enquiry).urgency > before
    assert is_as_the_facts_say(enquiry)


def test_an_answer_with_another_filing_date_moves_it(world: World) -> None:
    enquiry = world.enquiry("information_requested")
    before = fresh(enquiry).urgency
    answers: list[Any] = [
        {"number": 1, "text": "It is nearer.", "value": in_days(9).isoformat()},
        {"number": 2, "text": "A dog."},
    ]
    information.answer(enquiry=enquiry, by=world.referrer, answers=answers)
    assert fresh(enquiry).urgency > before
    assert is_as_the_facts_say(enquiry)


def test_a_draft_has_no_place_until_it_is_sent(world: World) -> None:
    draft = world.enquiry("draft")
    assert (draft.urgency, draft.ranks_on) == (0, None)
    enquiries.send(enquiry=fresh(draft), by=world.referrer)
    assert fresh(draft).urgency > 0
    assert is_as_the_facts_say(draft)


def test_sent_again_counts_how_often_it_was_turned_away(world: World) -> None:
    first = world.enquiry("declined")
    again = {"continues": first.reference, "prompted_by": {"code": "sent_again"}}
    second = world.bring(world.enquiry(**again), "declined")
    third = world.enquiry(continues=second.reference, prompted_by={"code": "sent_again"})
    assert [fresh(row).sent_before for row in (first, second, third)] == [0, 1, 2]
    assert "third time sent or more" in ranking.enquiry_priority(fresh(third)).because
    assert is_as_the_facts_say(third)


def test_reopened_it_is_ranked_by_the_day_of_the_reopening(world: World) -> None:
    with time_machine.travel("2026-11-24 10:00", tick=False):
        enquiry = world.enquiry("declined", **filed_on(date(2027, 6, 1)))
        before = fresh(enquiry).urgency
    with time_machine.travel("2027-05-04 10:00", tick=False):
        triage.reopen(enquiry=fresh(enquiry), by=world.manager, reason="The court asks again.")
        assert fresh(enquiry).urgency > before
        assert is_as_the_facts_say(enquiry)


def test_what_the_public_asks_has_a_place_too(world: World) -> None:
    asked = {"name": "Gran", "email": "gran@example.org", "message": "May I be assessed as a carer?"}
    from_outside = Enquiry.objects.get(reference=public.ask(asked=asked, by=public.door()))
    assert from_outside.ranks_on is not None
    assert is_as_the_facts_say(from_outside)


def test_the_primary_need_changes_nothing(world: World) -> None:
    body = example()
    enquiry = world.enquiry()
    found = []
    for need in ("N1", "N4", "N9"):
        body["children"][0]["primary_need"] = need
        found.append(ranking.placed(enquiry, body, timezone.localdate()))
    assert found[0] == found[1] == found[2]


# --- Day by day -------------------------------------------------------------------------------------------


def filed_on(day: date) -> dict[str, Any]:
    return {"legal": {**example()["legal"], "filing_date": day.isoformat(), "hearings": []}}


def a_mixed_dozen(world: World) -> list[Enquiry]:
    """Filing dates near and far, a baby, an unborn child, risks, hearings, an override."""
    today = timezone.localdate()
    made = [world.enquiry(**filed_on(today + timedelta(days=days))) for days in (20, 85, 110, 140, 300)]
    made.append(world.enquiry(**with_child(age_in_days=300)))
    made.append(world.enquiry(**with_child(age_in_days=5 * 365 - 20)))
    made.append(world.enquiry(**with_birth(in_days(70))))
    made.append(world.enquiry(**with_hearings(in_days(16), in_days(40))))
    made.append(
        world.enquiry(risks=[{**row, "level": "high", "text": "A threat."} for row in example()["risks"]])
    )
    made.append(rank.override(enquiry=made[0], by=world.coordinator, band="standard", reason="Agreed."))
    return made


def with_child(age_in_days: int) -> dict[str, Any]:
    born = timezone.localdate() - timedelta(days=age_in_days)
    return {
        "children": [
            {**example()["children"][0], "date_of_birth": born.isoformat()},
            *example()["children"][1:],
        ]
    }


def with_birth(due: date) -> dict[str, Any]:
    children = example()["children"]
    unborn = {**example("prebirth_pams")["children"][0], "expected_date_of_delivery": due.isoformat()}
    return {"children": [*children, unborn]}


def with_hearings(*days: date) -> dict[str, Any]:
    hearings = [{"kind": "case_management", "date": day.isoformat()} for day in days]
    return {"legal": {**example()["legal"], "hearings": hearings}}


def test_every_day_for_sixty_days_the_stored_place_is_what_the_facts_say(world: World) -> None:
    start = date(2026, 11, 24)
    made = a_mixed_dozen(world)
    moved = 0
    for ahead in range(60):
        day = start + timedelta(days=ahead)
        with time_machine.travel(f"{day} 08:00", tick=False):
            moved += rank.rank_anew(timezone.now())
            rows = ranking.with_facts(Enquiry.objects.filter(pk__in=[row.pk for row in made]))
            assert {row.pk: (row.band, row.urgency, row.ranks_on) for row in rows} == {
                row.pk: tuple(ranking.placed_again(row, day).values()) for row in rows
            }
    assert moved > len(made)


def test_after_an_outage_of_weeks_one_round_puts_everything_right(world: World) -> None:
    made = a_mixed_dozen(world)
    with time_machine.travel("2027-01-18 08:00", tick=False):
        assert not all(is_as_the_facts_say(row) for row in made)
        rank.rank_anew(timezone.now())
        assert all(is_as_the_facts_say(row) for row in made)
        assert rank.rank_anew(timezone.now()) == 0


def test_the_round_takes_batches_one_after_another(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(rank, "BATCH", 2)
    made = [world.enquiry() for _ in range(5)]
    Enquiry.objects.update(ranks_on=None, urgency=0)
    assert rank.rank_anew(timezone.now()) == 5
    assert all(is_as_the_facts_say(row) for row in made)


def test_the_round_makes_no_new_version_and_no_history(world: World) -> None:
    enquiry = fresh(world.enquiry())
    Enquiry.objects.update(ranks_on=None, urgency=0)
    rank.rank_anew(timezone.now())
    after = fresh(enquiry)
    assert (after.version, after.updated_at) == (enquiry.version, enquiry.updated_at)
    assert after.events.count() == enquiry.events.count()


def test_what_is_closed_is_left_alone(world: World) -> None:
    enquiry = world.enquiry("declined")
    Enquiry.objects.update(ranks_on=None, urgency=0)
    assert rank.rank_anew(timezone.now()) == 0
    assert fresh(enquiry).ranks_on is None


def test_a_batch_takes_the_same_statements_for_one_and_for_many(
    world: World, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        world.enquiry()
    Enquiry.objects.update(ranks_on=None)
    with django_assert_max_num_queries(11):
        rank.rank_anew(timezone.now())


# --- Set by hand ------------------------------------------------------------------------------------------


def test_a_coordinator_sets_the_band_and_it_stands_whatever_the_days_bring(world: World) -> None:
    enquiry = world.enquiry()
    rank.override(enquiry=enquiry, by=world.coordinator, band="urgent", reason="The judge rang.")
    rank.rank_anew(timezone.now() + timedelta(days=10))
    row = fresh(enquiry)
    assert (row.band, row.band_label, row.override_reason) == ("urgent", "Urgent", "The judge rang.")
    assert row.urgency >= 2000


def test_who_set_it_and_why_is_in_the_hubs_history_only(world: World) -> None:
    enquiry = world.enquiry()
    rank.override(enquiry=enquiry, by=world.coordinator, band="urgent", reason="The judge rang.")
    line = enquiry.events.get(verb="enquiry.priority_set")
    assert (line.by, line.note, line.data["after"]) == (world.coordinator, "The judge rang.", "urgent")
    assert not Event.objects.visible_to(world.authority_manager).filter(pk=line.pk).exists()


def test_taken_back_the_points_say_the_band_again(world: World) -> None:
    enquiry = world.enquiry()
    before = fresh(enquiry).band
    rank.override(enquiry=enquiry, by=world.coordinator, band="urgent", reason="The judge rang.")
    rank.lift(enquiry=fresh(enquiry), by=world.colleague, reason="It was another family.")
    row = fresh(enquiry)
    assert (row.band, row.band_override, row.override_reason) == (before, "", "")
    assert enquiry.events.filter(verb="enquiry.priority_lifted").exists()


def test_the_same_again_writes_nothing(world: World) -> None:
    enquiry = world.enquiry()
    for _ in range(2):
        rank.override(enquiry=fresh(enquiry), by=world.coordinator, band="urgent", reason="The judge rang.")
    assert enquiry.events.filter(verb="enquiry.priority_set").count() == 1


def test_it_needs_a_band_a_reason_the_role_and_an_open_enquiry(world: World) -> None:
    enquiry = world.enquiry()
    with pytest.raises(Invalid) as refused:
        rank.override(enquiry=enquiry, by=world.coordinator, band="dire", reason=" ")
    assert [fault.pointer for fault in refused.value.faults] == ["/band", "/reason"]
    with pytest.raises(Forbidden):
        rank.override(enquiry=enquiry, by=world.reviewer, band="urgent", reason="Please.")
    with pytest.raises(NotPossible):
        rank.lift(enquiry=enquiry, by=world.coordinator)
    with pytest.raises(NotPossible):
        rank.override(enquiry=world.enquiry("declined"), by=world.manager, band="urgent", reason="Please.")


def test_nobody_who_reads_the_old_version_is_stale_after_it(world: World) -> None:
    enquiry = fresh(world.enquiry())
    rank.override(enquiry=enquiry, by=world.coordinator, band="urgent", reason="The judge rang.")
    assert fresh(enquiry).version == enquiry.version
