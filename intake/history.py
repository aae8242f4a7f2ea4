"""Whether the history is whole, and whether every status, clock and due moment is what it says."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db import transaction

from intake.lifecycle import Clock
from intake.models import Enquiry, Event
from intake.models.enquiry import intervals_from
from intake.models.moving import Moving

# Enquiries whose history is read at a time: memory stays the same however many there are.
AT_A_TIME = 500


@dataclass(frozen=True)
class Broken:
    """Where a history is first found to be wrong."""

    reference: str
    sequence: int
    what: str

    def __str__(self) -> str:
        return f"{self.reference} line {self.sequence}: {self.what}"


def broken(reference: str = "") -> Iterator[Broken]:
    """The first fault of each enquiry's history; nothing when all of it is whole.

    Reads without holding anybody up. What looks wrong is looked at once more with the enquiry held, for a line
    may have been written between two reads.
    """
    last = 0
    rows = Enquiry.objects.select_related("authority").order_by("pk")
    if reference:
        rows = rows.filter(reference=reference)
    while chunk := list(rows.filter(pk__gt=last)[:AT_A_TIME]):
        last = chunk[-1].pk
        for enquiry in suspects(chunk):
            if found := held(enquiry):
                yield found


def suspects(chunk: list[Enquiry]) -> list[Enquiry]:
    """Those of a chunk that look wrong at a first, unlocked reading."""
    ids = [enquiry.pk for enquiry in chunk]
    lines = Event.objects.filter(enquiry__in=ids).order_by("enquiry_id", "sequence")
    told = {pk: list(group) for pk, group in groupby(lines.iterator(), lambda line: line.enquiry_id)}
    moved = movers(ids)
    return [row for row in chunk if fault_of(row, told.get(row.pk, []), moved.get(row.pk, []))]


@transaction.atomic
def held(enquiry: Enquiry) -> Broken | None:
    enquiry = Enquiry.objects.hold(enquiry)
    lines = list(enquiry.events.order_by("sequence"))
    return fault_of(enquiry, lines, movers([enquiry.pk]).get(enquiry.pk, []))


def movers(ids: list[int]) -> dict[int, list[Moving]]:
    """The other rows with a lifecycle that belong to these enquiries (referrals), whichever app has them."""
    found: dict[int, list[Moving]] = {}
    for model in apps.get_models():
        if issubclass(model, Moving) and model is not Enquiry:
            for row in model._default_manager.filter(enquiry__in=ids):  # type: ignore[misc]
                found.setdefault(row.enquiry_id, []).append(row)  # type: ignore[attr-defined]
    return found


def fault_of(enquiry: Enquiry, lines: list[Event], moved: list[Moving]) -> Broken | None:
    """The first line that is wrong, else the state that the lines do not tell."""
    return (
        fault_in_chain(enquiry, lines)
        or fault_in_steps(enquiry, lines, moved)
        or fault_in_clock(enquiry, lines)
    )


def fault_in_chain(enquiry: Enquiry, lines: list[Event]) -> Broken | None:
    previous = ""
    for place, line in enumerate(lines, start=1):
        line.enquiry = enquiry
        if line.sequence != place:
            return Broken(enquiry.reference, place, "this line is missing")
        if line.previous_hash != previous or line.hash != line.digest():
            return Broken(enquiry.reference, place, "this line is not the one that was written")
        previous = line.hash
        if place > enquiry.head_sequence:
            return Broken(enquiry.reference, place, "this line stands after the last one that was written")
    if len(lines) < enquiry.head_sequence:
        return Broken(enquiry.reference, len(lines) + 1, "this line is missing")
    if previous != enquiry.head_hash:
        return Broken(enquiry.reference, len(lines), "the enquiry remembers another last line")
    return None


def fault_in_steps(enquiry: Enquiry, lines: list[Event], moved: list[Moving]) -> Broken | None:
    """Each step leads on from the one before by the table, and the last one to where the row stands."""
    rows: dict[str, Moving] = {row.reference: row for row in (enquiry, *moved)}
    stands = {reference: first_status(type(row)) for reference, row in rows.items()}
    reached = dict.fromkeys(rows, len(lines))
    for line in lines:
        row, name = rows.get(line.subject), line.verb.partition(".")[2]
        if row is None or not line.to_status:
            continue
        step = row.lifecycle.steps.get(name)
        before = stands[line.subject]
        if step is None or before not in step.from_ or line.from_status != before:
            return Broken(enquiry.reference, line.sequence, f"“{name}” does not lead on from “{before}”")
        if line.to_status != step.leads_to(before):
            return Broken(enquiry.reference, line.sequence, f"“{name}” does not lead to “{line.to_status}”")
        stands[line.subject], reached[line.subject] = line.to_status, line.sequence
    return next(
        (
            Broken(
                enquiry.reference, reached[name], f"{name} stands at “{row.status}”, told is “{stands[name]}”"
            )
            for name, row in rows.items()
            if row.status != stands[name]
        ),
        None,
    )


def first_status(model: Any) -> str:
    """Where a row of this kind begins."""
    return str(model._meta.get_field("status").get_default())


CLOCKS = {
    Clock.START: Enquiry.ClockState.RUNNING,
    Clock.RESUME: Enquiry.ClockState.RUNNING,
    Clock.PAUSE: Enquiry.ClockState.PAUSED,
    Clock.STOP: Enquiry.ClockState.STOPPED,
}


def fault_in_clock(enquiry: Enquiry, lines: list[Event]) -> Broken | None:
    """The clock and the due moment, computed anew from the interval log. A stop leaves the moment as it was."""
    log = [(line.clock, line.at, line.verb) for line in lines if line.clock]
    place = max((line.sequence for line in lines if line.clock), default=0)
    state = CLOCKS[Clock(log[-1][0])] if log else Enquiry.ClockState.NONE
    if enquiry.clock != state:
        return Broken(enquiry.reference, place, f"the clock is “{enquiry.clock}”, told is “{state}”")
    before_the_stop = log[:-1] if state == Enquiry.ClockState.STOPPED else log
    due = enquiry.due_after(intervals_from(before_the_stop)) if before_the_stop else None
    if enquiry.due_at != due:
        return Broken(enquiry.reference, place, f"due at {enquiry.due_at}, computed is {due}")
    return None
