"""The evidence log: who was asked when, who was chased, what came, and what is not available and why."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from intake.checks import Fault
from intake.lifecycle import Role
from intake.models import Event, User
from intake.refusals import Forbidden, Invalid
from referrals.models import Evidence, Referral

KEPT = ("state", "why", "asked_on", "received_on", "chased_on")
OURS = frozenset({Role.ASSESSOR, Role.SERVICE_LEAD})


@transaction.atomic
def log(
    *,
    referral: Referral,
    by: User,
    source: str,
    state: str,
    why: str = "",
    asked_on: date | None = None,
    received_on: date | None = None,
    chased_on: date | None = None,
) -> Evidence:
    """One line of the log; the same source again says what became of it, and the history keeps what it was."""
    referral = Referral.objects.hold(referral)
    if referral.roles_of(by).isdisjoint(OURS):
        raise Forbidden("Your role does not allow this: log evidence.")
    row = referral.evidence_rows.filter(source=source).first() or Evidence(referral=referral, source=source)
    before = {name: getattr(row, name) for name in KEPT} if row.pk else {}
    days = days_of(row, state, asked_on, received_on, chased_on)
    check_line(source, state, why, days)
    row.chased += bool(days["chased_on"] and days["chased_on"] != row.chased_on)
    for name, value in {"state": state, "why": why, **days}.items():
        setattr(row, name, value)
    row.logged_by, row.logged_at = by, timezone.now()
    row.save()
    facts = {"source": source, **{name: getattr(row, name) for name in KEPT}, "chased": row.chased}
    record(referral, by, facts | ({"before": before} if before else {}), row)
    return row


def days_of(
    row: Evidence, state: str, asked_on: date | None, received_on: date | None, chased_on: date | None
) -> dict[str, date | None]:
    """The days given, else those known, else today: nobody types what is plain."""
    today = timezone.localdate()
    came = received_on or row.received_on or today if state == Evidence.State.RECEIVED else None
    asked = asked_on or row.asked_on or (min(came, today) if came else today)
    return {"asked_on": asked, "received_on": came, "chased_on": chased_on or row.chased_on}


def check_line(source: str, state: str, why: str, days: dict[str, date | None]) -> None:
    today, asked, faults = timezone.localdate(), days["asked_on"], []
    if not source.strip():
        faults.append(Fault("/source", "required", "Say who was asked."))
    if state == Evidence.State.NOT_AVAILABLE and not why.strip():
        faults.append(Fault("/why", "required", "Say why it is not available."))
    for name, day in days.items():
        if day and day > today:
            faults.append(Fault(f"/{name}", "future", "Give a day that is not after today."))
        elif day and asked and day < asked:
            faults.append(Fault(f"/{name}", "order", "Nobody answers before they were asked."))
    if faults:
        raise Invalid(faults)


def record(referral: Referral, by: User, facts: dict[str, Any], row: Evidence) -> None:
    Event.objects.record(
        referral.enquiry,
        verb="referral.evidence",
        by=by,
        at=row.logged_at,
        subject=referral.reference,
        data=facts,
    )


def faults(referral: Referral) -> list[Fault]:
    """What the report waits for: a log, and of every source that was asked an answer, or why there is none."""
    states = list(referral.evidence_rows.values_list("state", flat=True))
    if not states:
        return [Fault("/evidence", "required", "Log the evidence: who was asked, and what came of it.")]
    if Evidence.State.ASKED in states:
        return [Fault("/evidence", "open", "A source was asked and has not answered. Say what came of it.")]
    return []
