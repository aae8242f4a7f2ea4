"""The numbers on the desk: kept by the write path, equal to the slow truth whatever happens."""

import random
from datetime import timedelta
from io import StringIO
from threading import Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from intake import worklists
from intake.actions import enquiries
from intake.models import Access, ConflictBlock, Enquiry, Tally, User
from tests.factories import World

MOVES = ("submitted", "in_triage", "information_requested", "accepted", "closed", "declined", "draft")


def numbers(user: User) -> dict[str, int]:
    return {name: count.number for name, count in worklists.counts(user).items()}


def truth(user: User) -> dict[str, int]:
    return {name: worklists.rows_of(name, user).count() for name in worklists.LISTS}


def test_the_numbers_are_those_of_the_lists_for_everybody(world: World) -> None:
    for status in (
        "submitted",
        "submitted",
        "in_triage",
        "information_requested",
        "accepted",
        "withdrawn",
        "draft",
    ):
        world.enquiry(status)
    Enquiry.objects.filter(status="in_triage").update(due_at=timezone.now() - timedelta(days=1))
    people = (world.coordinator, world.colleague, world.manager, world.referrer, world.stranger, world.lead)
    for user in people:
        assert numbers(user) == truth(user), user
    assert numbers(world.coordinator) == {
        "to_triage": 3, "unallocated": 2, "mine": 2, "with_authority": 1, "late": 1, "restricted": 0
    }  # fmt: skip


def test_random_moves_keep_the_sums_equal_to_the_truth_folded_or_not(world: World) -> None:
    """Written past the actions: what counts is the table, whoever writes it."""
    thrown = random.Random(4)
    rows = [world.enquiry().pk for _ in range(6)]
    repeated = world.enquiry("withdrawn").pk
    owners = [world.coordinator.pk, world.colleague.pk]
    for turn in range(60):
        status = thrown.choice(MOVES)
        Enquiry.objects.filter(pk__in=thrown.sample(rows, thrown.randint(1, 4))).update(
            status=status,
            owner=thrown.choice(owners) if status != "submitted" else None,
            restricted=thrown.random() < 0.2,
            repeats=repeated,
        )
        if turn % 7 == 0:
            Tally.objects.fold()
        assert Tally.objects.wrong_by() == {}
    assert all(number > 0 for _, _, number in Tally.objects.numbers().filter(how_many__gt=0))


def test_folding_leaves_a_line_of_each_and_the_same_sums(world: World) -> None:
    for status in ("submitted", "submitted", "in_triage", "in_triage", "withdrawn"):
        world.enquiry(status)
    before = numbers(world.coordinator)
    assert Tally.objects.fold() > 0
    assert Tally.objects.count() == 2
    assert (numbers(world.coordinator), Tally.objects.fold()) == (before, 0)


def test_a_discarded_or_deleted_enquiry_is_not_counted(world: World) -> None:
    draft = world.enquiry("draft")
    enquiries.discard(enquiry=draft, by=world.referrer)
    assert (Tally.objects.wrong_by(), numbers(world.coordinator)["to_triage"]) == ({}, 0)


def test_a_restricted_enquiry_is_counted_for_those_on_its_list_only(world: World) -> None:
    row = world.enquiry()
    world.enquiry()
    Enquiry.objects.filter(pk=row.pk).update(restricted=True)
    Access.objects.create(enquiry=row, person=world.coordinator, since=timezone.now())
    for user in (world.coordinator, world.colleague, world.manager):
        assert numbers(user) == truth(user)
    assert numbers(world.coordinator)["to_triage"], numbers(world.colleague)["to_triage"] == (2, 1)
    assert (numbers(world.coordinator)["restricted"], numbers(world.colleague)["restricted"]) == (1, 0)


def test_a_conflict_of_interest_takes_an_enquiry_out_of_ones_numbers(world: World) -> None:
    row = world.enquiry()
    ConflictBlock.objects.create(
        enquiry=row, person=world.colleague, since=timezone.now(), reason="A cousin."
    )
    assert (numbers(world.coordinator)["to_triage"], numbers(world.colleague)["to_triage"]) == (1, 0)


def test_each_list_says_since_when_its_oldest_waits(world: World) -> None:
    first, second = world.enquiry(), world.enquiry("in_triage")
    long_ago = timezone.now() - timedelta(days=9)
    Enquiry.objects.filter(pk=second.pk).update(received_at=long_ago)
    counts = worklists.counts(world.coordinator)
    first.refresh_from_db()
    assert (counts["to_triage"].oldest, counts["unallocated"].oldest) == (long_ago, first.received_at)
    assert (counts["mine"].oldest, counts["with_authority"].oldest) == (long_ago, None)


def test_a_number_above_the_cap_says_so() -> None:
    assert (str(worklists.capped(12)), str(worklists.capped(worklists.CAP + 1))) == ("12", "more than 1,000")


@pytest.mark.parametrize("rows", [1, 8])
def test_the_numbers_take_two_statements_however_many_there_are(
    world: World, django_assert_max_num_queries: Any, rows: int
) -> None:
    for _ in range(rows):
        world.enquiry()
    user = User.objects.select_related("organisation").get(pk=world.coordinator.pk)
    assert user.roles
    with django_assert_max_num_queries(2):
        worklists.counts(user)


def test_the_check_finds_what_is_wrong_says_by_how_much_and_mends_it(world: World) -> None:
    world.enquiry()
    Tally.objects.create(status="submitted", owner=None, number=5)
    with pytest.raises(CommandError, match="1 of the numbers"):
        call_command("check_counts", stdout=StringIO())
    said = StringIO()
    call_command("check_counts", "--mend", stdout=said)
    assert "-5" in said.getvalue()
    call_command("check_counts", stdout=StringIO())
    assert numbers(world.coordinator)["to_triage"] == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_while_the_worker_folds_lose_no_count() -> None:
    world = World()
    rows = [world.enquiry().pk for _ in range(8)]
    owner = world.coordinator.pk

    def move(pk: int) -> None:
        try:
            for status in ("in_triage", "submitted", "in_triage"):
                Enquiry.objects.filter(pk=pk).update(
                    status=status, owner=None if status == "submitted" else owner
                )
                Tally.objects.fold()
        finally:
            connection.close()

    threads = [Thread(target=move, args=(pk,)) for pk in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Tally.objects.wrong_by() == {}
    assert numbers(world.coordinator)["mine"] == len(rows)
