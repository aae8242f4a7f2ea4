"""A plan of the waiting list: asked for, and applied row by row. It is worked out by the worker (solving)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from intake.checks import Fault
from intake.models import User, book
from intake.refusals import Forbidden, Invalid, NotFound, NotPossible, Refused
from referrals import suggestions
from referrals.actions import placements, rowwise
from referrals.lifecycle import Status
from referrals.matching import Caution, Match, Stop, match
from referrals.models import PlanRow, PlanRun, Referral
from referrals.models.running import may_run
from referrals.promised import with_offers
from referrals.selection import REFERRALS, WITH, matching, without_words

Outcome = PlanRow.Outcome
KEPT = timedelta(days=90)


def refuse_planning(by: User) -> None:
    if not may_run(by):
        raise Forbidden("Your role does not allow this: plan the waiting list.")


def waiting_for(user: User, query: str) -> QuerySet[Referral]:
    """The referrals without a service that this person sees, filtered as in the list."""
    rows: QuerySet[Referral] = matching(user, QueryDict(query), REFERRALS)
    return rows.filter(status=Status.WAITING)


@transaction.atomic
def ask(*, by: User, query: str = "") -> PlanRun:
    """Have it worked out; the worker takes it up within seconds."""
    refuse_planning(by)
    if without_words(query) != QueryDict(query).urlencode():
        sentence = (
            "The words of a search may be somebody’s name, and a plan keeps none. Take them away first."
        )
        raise Invalid([Fault("/query", "words", sentence)])
    found = waiting_for(by, query)[: settings.BULK_MOST + 1].count()
    if not found:
        raise Invalid([Fault("/query", "none", "No referral waits for a service that fits this.")])
    if found > settings.BULK_MOST:
        sentence = f"More than {settings.BULK_MOST:,} referrals wait. Plan a region or a type at a time."
        raise Invalid([Fault("/query", "too_many", sentence)])
    # One after the other of the same person: pressed twice, it is one plan.
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    waits = PlanRun.objects.filter(made_by=by, query=query, solved_at__isnull=True, finished_at__isnull=True)
    if (same := waits.first()) is not None:
        return same
    now = timezone.now()
    return PlanRun.objects.create(made_by=by, made_at=now, asked_at=now, query=query, total=found)


@transaction.atomic
def apply(*, run: PlanRun, by: User, numbers: Sequence[int], reply_by: date) -> PlanRun:
    """Offer these rows of the plan, by whoever applies it. Rows that were offered already stay as they are."""
    refuse_planning(by)
    run = PlanRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.solved_at is None:
        raise NotPossible("The plan is not worked out yet.", status=run.state)
    check_apply(run, by, numbers, reply_by)
    rows = run.rows.filter(number__in=numbers, outcome=Outcome.PROPOSED)
    if rows.update(outcome=Outcome.ASKED, asked_by=by, reply_by=reply_by):
        run.asked_at, run.finished_at, run.attempts = timezone.now(), None, 0
        run.save(update_fields=["asked_at", "finished_at", "attempts"])
    return run


def check_apply(run: PlanRun, by: User, numbers: Sequence[int], reply_by: date | None) -> None:
    faults = []
    if not numbers:
        faults.append(Fault("/rows", "required", "Tick at least one placing."))
    seen = (
        PlanRow.objects.visible_to(by).filter(run=run, number__in=numbers).exclude(outcome=Outcome.UNPLACED)
    )
    if seen.count() < len(set(numbers)):
        faults.append(Fault("/rows", "unknown", "One of these is no placing of this plan."))
    if reply_by is None or reply_by < timezone.localdate():
        faults.append(
            Fault("/reply_by", "past", "Give a day from today on by which the service should reply.")
        )
    if faults:
        raise Invalid(faults)


def begin(run: PlanRun) -> PlanRun:
    """The first offers at once, while somebody waits; the worker makes the rest."""
    mine = rowwise.begin(run)
    if mine is not None:
        offer_some(mine)
    run.refresh_from_db()
    return run


def offer_some(run: PlanRun) -> None:
    rowwise.go_on(run, offer)


def offer(row: PlanRow) -> str:
    """As it was planned, if the referral stands as it was read and the assessor still has room."""
    by = row.asked_by
    assert by is not None
    assert row.service is not None
    assert row.reply_by is not None
    refuse_planning(by)
    referral = Referral.objects.visible_to(by).select_related(*WITH).filter(pk=row.referral_id).first()
    if referral is None:
        raise NotFound
    referral.version = row.version
    refuse_full(referral, row)
    placements.offer(
        referral=referral, by=by, service=row.service, reply_by=row.reply_by, suggested=row.assessor
    )
    return f"Offered to {row.service.name}, with {row.assessor} suggested."


def refuse_full(referral: Referral, row: PlanRow) -> None:
    """Whoever was planned has left, is stopped or is full meanwhile."""
    today = timezone.localdate()
    found = with_offers(suggestions.candidates(today, [row.service_id or 0]), today)
    person = next((one for service in found for one in service.team if one.assessor == row.assessor_id), None)
    if person is None:
        raise Refused(f"Changed meanwhile: {row.assessor} takes no referrals there any more.")
    wanted = suggestions.wanted_of(referral, today)
    now = match(wanted, person, today, book().calendars[wanted.nation])
    if against := against_it(now):
        raise Refused(f"Changed meanwhile: {against}")


def against_it(found: Match) -> str:
    rows: tuple[Stop | Caution, ...] = (*found.stops, *found.cautions)
    return " ".join(row.text for row in rows)


def forget_plans(now: datetime) -> int:
    """The worker's round: plans of three months ago. What they did stands in the history."""
    deleted, _ = PlanRun.objects.filter(made_at__lt=now - KEPT).delete()
    return deleted
