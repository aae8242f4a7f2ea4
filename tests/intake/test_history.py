"""History: the database refuses to change it, and what is changed all the same is found."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from intake import append_only, history
from intake.actions import enquiries
from intake.lifecycle import Status
from intake.models import Enquiry, Event
from referrals.lifecycle import Status as ReferralStatus
from referrals.models import Referral
from tests.factories import World, fresh


@contextmanager
def without_triggers() -> Iterator[None]:
    """As somebody with the keys to the database would do it."""
    with connection.cursor() as cursor:
        drop(cursor)
        yield
        put_back(cursor)


def drop(cursor: Any) -> None:
    for statement in append_only.DROP[connection.vendor]:
        cursor.execute(statement)


def put_back(cursor: Any) -> None:
    for statement in append_only.SQLITE if connection.vendor == "sqlite" else append_only.POSTGRESQL:
        cursor.execute(statement)


def verified(*arguments: str) -> str:
    out = StringIO()
    call_command("verify_history", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def found() -> str:
    """What the command says of a broken history."""
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_history", stdout=out, stderr=out)
    return out.getvalue()


@pytest.mark.parametrize("status", list(Status))
def test_the_history_of_an_enquiry_at_any_status_is_whole(world: World, status: str) -> None:
    enquiry = world.enquiry(status)
    assert "whole" in verified("--enquiry", enquiry.reference)


@pytest.mark.parametrize("status", list(ReferralStatus))
def test_the_history_of_a_referral_at_any_status_is_whole(world: World, status: str) -> None:
    world.referral(status)
    assert "whole" in verified()


def test_an_unknown_reference_is_said_to_be_one(world: World) -> None:
    with pytest.raises(CommandError, match="no enquiry"):
        verified("--enquiry", "ENQ-2222-2222-2")


# --- Refused by the database --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines.update(note="Never said."),
        lambda lines: lines.all().delete(),
        lambda lines: lines.all()._raw_delete(lines.db),
        lambda lines: lines.first().save(),
        lambda lines: raw("UPDATE intake_event SET note = 'Never said.'"),
        lambda lines: raw("DELETE FROM intake_event"),
    ],
    ids=["update", "delete", "raw delete", "save", "sql update", "sql delete"],
)
def test_the_database_refuses_to_change_a_line(world: World, change: Callable[[Any], Any]) -> None:
    world.enquiry()
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        change(Event.objects.all())
    assert "whole" in verified()


def raw(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


# --- Found out ----------------------------------------------------------------------------------------------


def line(enquiry: Enquiry, place: int) -> Any:
    return Event.objects.filter(enquiry=enquiry, sequence=place)


def swap(enquiry: Enquiry) -> None:
    line(enquiry, 2).update(sequence=99)
    line(enquiry, 3).update(sequence=2)
    line(enquiry, 99).update(sequence=3)


def insert(enquiry: Enquiry) -> None:
    for place in (4, 3):
        line(enquiry, place).update(sequence=F("sequence") + 1)
    copy(enquiry, 2, 3)


def copy(enquiry: Enquiry, place: int, to: int) -> None:
    made = line(enquiry, place).get()
    made.pk, made.sequence = None, to
    made.save(force_insert=True)


def append(enquiry: Enquiry) -> None:
    """A line that fits, which nobody wrote by an action."""
    last = line(enquiry, 4).get()
    last.pk, last.sequence, last.previous_hash = None, 5, last.hash
    last.from_status = last.to_status = last.clock = ""
    last.hash = last.digest()
    last.save(force_insert=True)


TAMPERED: dict[str, tuple[Callable[[Enquiry], Any], int]] = {
    "an edit": (lambda e: line(e, 2).update(note="Never said."), 2),
    "other facts": (lambda e: line(e, 3).update(data={"reply_by": "2020-01-01"}), 3),
    "somebody else": (lambda e: line(e, 2).update(by_name="Somebody Else"), 2),
    "another date": (lambda e: line(e, 3).update(at=F("at") - timedelta(days=7)), 3),
    "a first line deleted": (lambda e: line(e, 1).delete(), 1),
    "a line deleted": (lambda e: line(e, 2).delete(), 2),
    "the tail cut": (lambda e: line(e, 4).delete(), 4),
    "everything deleted": (lambda e: Event.objects.filter(enquiry=e).delete(), 1),
    "a line put in": (insert, 3),
    "a line put after": (append, 5),
    "two swapped": (swap, 2),
    "a hash": (lambda e: line(e, 2).update(hash="0" * 64), 2),
    "a hidden line": (lambda e: line(e, 2).update(audience="hub"), 2),
}


@pytest.fixture
def enquiry(world: World) -> Enquiry:
    """Sent, claimed, asked about, withdrawn; beside one that nobody touches."""
    world.enquiry(Status.ACCEPTED)
    asked = world.enquiry(Status.INFORMATION_REQUESTED)
    return enquiries.withdraw(enquiry=asked, by=world.referrer, reason_code="FUNDING")


@pytest.mark.parametrize("how", list(TAMPERED))
def test_tampering_is_found_at_the_first_wrong_line(enquiry: Enquiry, how: str) -> None:
    change, place = TAMPERED[how]
    with without_triggers():
        change(enquiry)
    said = found()
    assert f"{enquiry.reference} line {place}:" in said
    assert len(said.splitlines()) == 1, "Only the one that was tampered with is named."


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("status", Status.LAPSED),
        ("clock", "paused"),
        ("due_at", F("received_at")),
        ("head_hash", "0" * 64),
        ("head_sequence", 3),
    ],
)
def test_a_state_that_the_history_does_not_tell_is_found(enquiry: Enquiry, column: str, value: Any) -> None:
    Enquiry.objects.filter(pk=enquiry.pk).update(**{column: value})
    assert enquiry.reference in found()


def test_a_referral_that_stands_elsewhere_than_its_history_tells_is_found(world: World) -> None:
    referral = world.referral(ReferralStatus.IN_PROGRESS)
    Referral.objects.filter(pk=referral.pk).update(status=ReferralStatus.PAUSED)
    assert f"{referral.reference} stands at “paused”, told is “in_progress”" in found()


def test_a_step_that_no_table_knows_is_found_although_its_hash_is_right(world: World) -> None:
    enquiry = world.enquiry()
    Event.objects.record(
        enquiry, verb="enquiry.accept", by=world.manager, from_status="submitted", to_status="accepted"
    )
    Enquiry.objects.filter(pk=enquiry.pk).update(status=Status.ACCEPTED)
    assert f"{enquiry.reference} line 2: “accept” does not lead on from “submitted”" in found()


def test_it_takes_as_many_statements_for_two_as_for_twenty(
    world: World, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        world.enquiry(Status.IN_TRIAGE)
    with django_assert_max_num_queries(8):
        assert list(history.broken()) == []


def test_an_enquiry_that_is_whole_again_is_not_named(world: World) -> None:
    """A line written between two reads is no fault: the second look, with the enquiry held, decides."""
    enquiry = world.enquiry()
    assert history.held(fresh(enquiry)) is None
