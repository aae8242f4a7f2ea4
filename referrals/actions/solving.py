"""The worker's part of a plan: read, work out, keep."""

import logging
import time
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from intake.models import book
from intake.refusals import Refused
from referrals import suggestions
from referrals.actions import planning, rowwise
from referrals.forecast import in_words
from referrals.models import PlanRow, PlanRun, Referral
from referrals.models.running import DEATHS_ALLOWED, may_run
from referrals.planner.fingerprint import fingerprint
from referrals.planner.terms import Placing, Plan, Unplaced, Waiting
from referrals.promised import with_offers

log = logging.getLogger("referral_desk.planner")
Outcome = PlanRow.Outcome


def solve_next(now: datetime) -> bool:
    """The plan that waited longest: worked out, or some of its offers made; False when none waits."""
    return rowwise.next_of(PlanRun, now, work)


def work(run: PlanRun) -> None:
    if run.solved_at is not None:
        return planning.offer_some(run)
    if not may_run(run.made_by):
        return rowwise.give_up(run, "Who asked for it may not do it any more.")
    if run.attempts > DEATHS_ALLOWED:
        return rowwise.give_up(run, "It could not be worked out.")
    try:
        solve(run)
    except (OperationalError, InterfaceError):
        # The database is away: the lease will run out, the worker waits.
        raise
    except Refused as refused:
        rowwise.give_up(run, rowwise.in_words(refused)[:200])
    except Exception as fault:
        # Whatever it was, letters and other runs go on; the lease runs out, and another try counts as after a death.
        log.warning("plan %s failed: %s", run, type(fault).__name__)
    return None


def solve(run: PlanRun) -> None:
    # The solver takes a second to load, and most workers, like every web process, never need it.
    from referrals.planner.plan import plan  # noqa: PLC0415

    began, today = time.perf_counter(), timezone.localdate()
    found = planning.waiting_for(run.made_by, run.query).order_by("reference")
    rows = {row.reference: row for row in found[: settings.BULK_MOST]}
    waiting = waiting_of(list(rows.values()), today)
    services = with_offers(suggestions.candidates(today), today)
    made = plan(waiting, services, today, book().calendars)
    keep(run, rows, made, fingerprint(waiting, services), time.perf_counter() - began)


def waiting_of(rows: Sequence[Referral], today: date) -> list[Waiting]:
    """What each asks, and how pressing its enquiry is."""
    asked = suggestions.wanted_many(rows, today)
    return [Waiting(wanted, row.enquiry.band) for row, wanted in zip(rows, asked, strict=True)]


@transaction.atomic
def keep(run: PlanRun, rows: dict[str, Referral], made: Plan, mark: str, seconds: float) -> None:
    """Written whole, unless somebody else has the run by now."""
    now = timezone.now()
    done: dict[str, Any] = {"solved_at": now, "finished_at": now, "leased_until": None, "total": len(rows)}
    if not run.mine(run.lease).update(**done, input_hash=mark, figures=figures(made, seconds)):
        return
    lines = {one.waiting.wanted.referral: placed(one) for one in made.placings}
    lines |= {one.waiting.wanted.referral: left(one) for one in made.unplaced}
    PlanRow.objects.bulk_create(
        PlanRow(
            run=run,
            number=number,
            referral=rows[reference],
            version=rows[reference].version,
            before=before(rows[reference]),
            **lines[reference],
        )
        for number, reference in enumerate(sorted(lines), start=1)
    )


def placed(one: Placing) -> dict[str, Any]:
    who = one.assessor
    return {
        **both(one.waiting),
        "service_id": who.service,
        "assessor_id": who.assessor,
        "total": one.match.total,
        "points": [{"text": point.text, "points": point.points} for point in one.match.points],
        "cost": one.cost,
        "forecast": one.match.forecast.sentence,
        "says": move(one),
        "outcome": Outcome.PROPOSED,
    }


def both(one: Waiting) -> dict[str, Any]:
    return {"hours": one.wanted.hours, "band": one.band}


def left(one: Unplaced) -> dict[str, Any]:
    return {**both(one.waiting), "code": one.code, "says": one.why, "outcome": Outcome.UNPLACED}


def move(one: Placing) -> str:
    """To Northern Family Assessments with Asa Assessor: PAMS trained · knows the family."""
    who = one.assessor
    sentence = f"To {who.service_name} with {who.name}: {one.match.sentence}."
    if one.cost:
        sentence += f" {one.best.candidate.name} would be {one.cost} points better for it alone."
    return sentence


def before(row: Referral) -> str:
    """How it stands without the plan."""
    since = f"Waiting since {in_words(timezone.localdate(row.created_at))}"
    return (
        f"{since}, needed by {in_words(row.decisive_date)}."
        if row.decisive_date
        else f"{since}, no date is asked."
    )


def figures(made: Plan, seconds: float) -> dict[str, Any]:
    """What the page says above the lists, beside the way an office works without a plan."""
    return {
        "seconds": round(seconds, 1),
        "placed": len(made.placings),
        "unplaced": len(made.unplaced),
        "late": sum(one.match.forecast.late for one in made.placings),
        "score": made.score,
        "bound": made.bound,
        "first_placed": len(made.best_first.placings),
        "first_late": sum(one.match.forecast.late for one in made.best_first.placings),
        "first_score": made.best_first.score,
    }
