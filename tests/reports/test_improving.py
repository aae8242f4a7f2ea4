"""The owner of an improvement that comes from no case gets the letters of those that come from one."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from intake.actions import choosing, members
from intake.models import User
from referrals.actions import improvements
from referrals.models import Improvement
from reports.actions.improving import tell_of_improvements
from tests.factories import World, fresh, in_days


def add(world: World, owner: User | None = None, due_on: Any = None) -> Improvement:
    return improvements.add(
        by=world.manager,
        what="Ask for the letter on the first day.",
        source="complaint",
        found="Two families waited for it.",
        owner=owner or world.coordinator,
        due_on=due_on or in_days(30),
    )


def walk(days: int = 0) -> int:
    return tell_of_improvements(timezone.now() + timedelta(days=days))


def test_whoever_is_to_bring_it_about_is_told_once_and_reads_nothing_of_it(world: World) -> None:
    row = add(world)
    assert (walk(), walk(), walk(1)) == (1, 0, 0)
    (letter,) = mail.outbox
    assert letter.to == [world.coordinator.email]
    assert letter.subject.endswith(f"An improvement is yours to bring about (Improvement {row.pk})")
    assert f"/improvements/{row.pk}/" in letter.body
    assert row.what not in letter.body


def test_whoever_took_it_on_themselves_is_not_told_what_they_know(world: World) -> None:
    add(world, owner=world.manager)
    assert walk() == 0


def test_another_owner_is_told_and_who_had_it_is_not_told_again(world: World) -> None:
    row = add(world)
    walk()
    improvements.change(
        improvement=row, by=world.manager, owner=world.colleague, due_on=row.due_on, reason="She is away."
    )
    assert walk() == 1
    assert mail.outbox[-1].to == [world.colleague.email]


@pytest.mark.parametrize(
    ("days", "says"), [(4, ""), (6, "An improvement is late"), (20, "An improvement is still late")]
)
def test_it_is_chased_when_its_day_has_passed(world: World, days: int, says: str) -> None:
    add(world, due_on=in_days(5))
    walk()
    mail.outbox.clear()
    walk(days)
    walk(days)
    late = [letter.subject for letter in mail.outbox if "late" in letter.subject]
    assert len(late) == bool(says)
    assert all(says in subject for subject in late)


def test_once_its_owner_has_left_the_managers_are_written_to(world: World) -> None:
    add(world, due_on=in_days(5))
    members.retire(user=world.coordinator, by=world.manager)
    mail.outbox.clear()
    walk(6)
    assert mail.outbox[-1].to == [world.manager.email]


def test_in_the_owners_language(world: World) -> None:
    choosing.choose_letters(by=world.coordinator, choices={}, language="cy")
    row = add(world, owner=fresh(world.coordinator))
    walk()
    assert f"Gwelliant {row.pk}" in mail.outbox[0].body
    assert f"Reference: Improvement {row.pk}" in mail.outbox[0].body


def test_what_comes_from_a_case_is_not_told_twice(world: World) -> None:
    improvements.add(
        by=world.manager,
        what="Write shorter reports.",
        source="audit",
        owner=world.lead,
        due_on=in_days(5),
        audits=[world.audited()],
    )
    assert walk(20) == 0


def test_what_is_done_is_not_chased(world: World) -> None:
    row = add(world, due_on=in_days(5))
    improvements.finish(improvement=row, by=world.coordinator, evidence="All letters came on the first day.")
    assert walk(20) == 0
