"""A sample of closed work: drawn at random, again the same for the same seed, each service in it, shared out evenly."""

from datetime import date
from secrets import randbelow
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from intake.checks import Fault
from intake.models import User
from intake.models.idempotency import ONE_PRESS
from intake.refusals import Invalid
from referrals import audited
from referrals.actions import audits
from referrals.auditing import draw
from referrals.models import Audit, AuditSample, Referral

MOST = 100
# How many behind those that are drawn are looked at, where nobody may audit one.
SPARE = 20


class Drawn(NamedTuple):
    """What a draw took, in its order, and by whom each may be audited."""

    cases: list[Referral]
    who_may: dict[str, list[int]]
    left_out: int


@transaction.atomic
def choose(
    *, by: User, first: date | None, last: date | None, number: int, due_on: date | None, seed: str = ""
) -> AuditSample:
    """Draw so many referrals closed in those days, each service at least once, and ask for their audits.

    The very same by the same person within a minute is the draw that stands already.
    """
    audits.refuse_choosing(by)
    check(first, last, number, due_on, seed)
    assert first is not None
    assert last is not None
    assert due_on is not None
    same = AuditSample.objects.filter(by=by, first=first, last=last, number=number)
    same = same.filter(seed=seed.strip()) if seed.strip() else same
    if before := same.filter(at__gt=timezone.now() - ONE_PRESS).first():
        return before
    seed = seed.strip() or f"{randbelow(10**9):09}"
    pool = list(audited.closed_between(by, first, last).values_list("reference", "service"))
    closed = [draw.Closed(reference, service or 0) for reference, service in pool]
    check_pool(closed, number)
    drawn = take(closed, number, seed)
    sample = AuditSample.objects.create(
        first=first,
        last=last,
        number=number,
        seed=seed,
        there_were=len(closed),
        left_out=drawn.left_out,
        by=by,
        at=timezone.now(),
    )
    share_out(sample, drawn, by, due_on)
    return sample


def take(closed: list[draw.Closed], number: int, seed: str) -> Drawn:
    """Of each service the first in the order of the seed that somebody may audit."""
    order = draw.ranked(closed, seed)
    places = draw.allot({service: len(rows) for service, rows in order.items()}, number)
    looked_at = [one for service, rows in order.items() for one in rows[: places[service] + SPARE]]
    rows = Referral.objects.filter(reference__in=looked_at).in_bulk(field_name="reference")
    may = audited.who_may({row.enquiry_id for row in rows.values()})
    cases, passed = list[Referral](), 0
    for service, references in order.items():
        found = list[Referral]()
        for reference in references[: places[service] + SPARE]:
            if len(found) == places[service]:
                break
            row = rows[reference]
            if may[row.enquiry_id]:
                found.append(row)
            else:
                passed += 1
        cases += found
    return Drawn(cases, {row.reference: may[row.enquiry_id] for row in cases}, passed)


def share_out(sample: AuditSample, drawn: Drawn, by: User, due_on: date) -> list[Audit]:
    people = audited.names_of({person for may in drawn.who_may.values() for person in may})
    whose = draw.share_out([row.reference for row in drawn.cases], drawn.who_may)
    # Held in the order of their enquiries: of two draws at once one waits, and none for the other.
    rows = sorted(drawn.cases, key=lambda row: (row.enquiry_id, row.pk))
    found = []
    for row in rows:
        held = Referral.objects.hold(row)
        # Another draw may have been faster.
        if not held.audit_rows.exists():
            auditor = people[whose[row.reference]]
            found.append(audits.ask(held, by=by, auditor=auditor, due_on=due_on, sample=sample))
    return found


def check(first: date | None, last: date | None, number: int, due_on: date | None, seed: str) -> None:
    faults = audits.due_faults(due_on)
    if first is None:
        faults.append(Fault("/first", "required", "Give the first day."))
    if last is None:
        faults.append(Fault("/last", "required", "Give the last day."))
    if first and last and last < first:
        faults.append(Fault("/last", "order", "The last day comes after the first."))
    if not 1 <= number <= MOST:
        faults.append(Fault("/number", "invalid", f"Give a number from 1 to {MOST}."))
    if len(seed) > 40:
        faults.append(Fault("/seed", "too_long", "At most 40 characters."))
    if faults:
        raise Invalid(faults)


def check_pool(closed: list[draw.Closed], number: int) -> None:
    services = len({row.service for row in closed})
    if not closed:
        why = "Nothing that you see was closed in those days and is not audited yet."
        raise Invalid([Fault("/first", "nothing", why)])
    if number < services:
        why = f"Work of {services} services was closed in those days: ask for {services} or more."
        raise Invalid([Fault("/number", "too_few", why)])
