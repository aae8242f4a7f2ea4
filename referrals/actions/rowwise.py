"""Many rows one after the other, each in its own transaction with its one outcome; killed, another goes on."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from intake.refusals import Invalid, Refused, Stale
from referrals.models.running import DEATHS_ALLOWED, LEASE

log = logging.getLogger("referral_desk.bulk")
# So many rows are done while somebody waits for the page, or in one go of the worker; then others have their turn.
SLICE = 50
# Does a row and says what was done.
Do = Callable[[Any], str]


class Lost(Exception):
    """The lease ran out and somebody else has it now."""


def go_on(run: Any, do: Do) -> None:
    """Some of the rows that are still to do; the run is finished with the last. The lease is ours."""
    try:
        for row in list(run.pending()[:SLICE]):
            attempt(run, row, do)
    except Lost:
        log.warning("run %s went on elsewhere", run)
    else:
        put_down(run)


@transaction.atomic
def put_down(run: Any) -> None:
    """Finished when nothing is left; held meanwhile, for more rows may be asked for at this moment."""
    mine = run.mine(run.lease)
    if mine.select_for_update().exists():
        done = {} if run.pending().exists() else {"finished_at": timezone.now()}
        mine.update(leased_until=None, **done)


@transaction.atomic
def attempt(run: Any, row: Any, do: Do) -> None:
    """One row: what it changed, and the line that says so, are written together or not at all."""
    if not run.mine(run.lease).update(leased_until=timezone.now() + LEASE, attempts=1):
        raise Lost
    row.outcome = row.Outcome.DONE
    try:
        if run.attempts > DEATHS_ALLOWED:
            raise Refused("Something went wrong on our side at this row. Do it by itself.")
        with transaction.atomic():
            row.says = do(row)
    except Refused as refused:
        row.outcome, row.says = row.Outcome.REFUSED, in_words(refused)
    run.attempts = 1
    row.save(update_fields=["outcome", "says"])


def in_words(refused: Refused) -> str:
    """A refusal as the one sentence of a row."""
    if isinstance(refused, Stale):
        who = f" by {refused.changed_by}" if refused.changed_by else ""
        return f"Changed meanwhile{who}. Look at it again."
    if isinstance(refused, Invalid):
        return " ".join(dict.fromkeys(fault.detail for fault in refused.faults))
    return refused.detail


def give_up(run: Any, why: str) -> None:
    log.error("run %s given up: %s", run, why)
    run.mine(run.lease).update(why_given_up=why, finished_at=timezone.now(), leased_until=None)


def begin(run: Any) -> Any | None:
    """Take this very run, if nobody has it in hand."""
    return type(run).objects.filter(pk=run.pk).claim(timezone.now())


def next_of(model: Any, now: datetime, work: Callable[[Any], None]) -> bool:
    """The run that waited longest; False when none waits."""
    run = model.objects.claim(now)
    if run is not None:
        work(run)
    return run is not None
