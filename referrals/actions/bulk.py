"""One act on many: previewed over the rows that were chosen, then done to each by its own action."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from intake.models import Enquiry, User
from intake.refusals import KeyReused, NotFound, Refused
from referrals.actions import rowwise
from referrals.actions.acts import ACTS, Act, read_act
from referrals.models import BulkRow, BulkRun, Referral
from referrals.selection import (
    ENQUIRIES,
    WITH,
    Chosen,
    for_enquiries,
    for_referrals,
    selection,
    without_words,
)

Outcome = BulkRow.Outcome
KEPT = timedelta(days=30)
NOTHING_HERE = "There is nothing here that you can see."
NOTHING_WAITS = "Nothing of it waits for a service."


def preview(
    *,
    by: User,
    act: str,
    arguments: dict[str, Any],
    references: Sequence[str] = (),
    query: str | None = None,
    of: str = ENQUIRIES,
    uid: UUID | None = None,
) -> BulkRun:
    """Say of each row what would become of it; nothing is done. The same again under the same name is the same run."""
    given = read_act(act, by, arguments)
    mark = fingerprint(act, given, references, query, of)
    if uid is not None and (same := made_before(uid, by, mark)):
        return same
    chosen = selection(by, query, references, of)
    chosen = for_referrals(chosen) if given.of_referrals else for_enquiries(chosen)
    named = {} if uid is None else {"uid": uid}
    run = BulkRun(
        made_by=by, made_at=timezone.now(), act=act, arguments=given.kept(), query=without_words(query),
        fingerprint=mark, **named,
    )  # fmt: skip
    rows = judged(given, chosen)
    try:
        return keep(run, rows)
    except IntegrityError:
        # Sent twice at once: the other one was first.
        return made_before(run.uid, by, mark) or run


def fingerprint(act: str, given: Act, references: Sequence[str], query: str | None, of: str) -> str:
    content = [act, given.kept(), list(references), query, of]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def made_before(uid: UUID, by: User, mark: str) -> BulkRun | None:
    found: BulkRun | None = BulkRun.objects.filter(uid=uid, made_by=by).first()
    if found is not None and found.fingerprint != mark:
        raise KeyReused("This name was used for something else. Choose another.")
    return found


@transaction.atomic
def keep(run: BulkRun, rows: list[BulkRow]) -> BulkRun:
    run.save(force_insert=True)
    for number, row in enumerate(rows, start=1):
        row.run, row.number = run, number
    BulkRow.objects.bulk_create(rows)
    return run


def judged(given: Act, chosen: Sequence[Chosen]) -> list[BulkRow]:
    """Each row as it is chosen, with what will happen to it or why it is left out."""
    given.look([subject for row in chosen if (subject := subject_of(given, row)) is not None])
    return [judge(given, row) for row in chosen]


def subject_of(given: Act, row: Chosen) -> Any:
    return row.referral if given.of_referrals else row.enquiry


def judge(given: Act, row: Chosen) -> BulkRow:
    subject = subject_of(given, row)
    nothing = NOTHING_HERE if row.enquiry is None else NOTHING_WAITS
    why = given.why_not(subject) if subject else nothing
    return BulkRow(
        reference=row.reference,
        enquiry=row.enquiry,
        referral=row.referral,
        version=subject.version if subject else 0,
        outcome=Outcome.LEFT if why else Outcome.READY,
        says=why or given.will(subject),
    )


@transaction.atomic
def apply(*, run: BulkRun, by: User) -> BulkRun:
    """Do it to the rows that are ready, as they were previewed; a second time changes nothing."""
    run = BulkRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.made_by_id != by.pk:
        raise NotFound
    read_act(run.act, by, run.arguments)
    if run.asked_at is None:
        run.asked_at = timezone.now()
        run.save(update_fields=["asked_at"])
    return run


def begin(run: BulkRun) -> BulkRun:
    """The first rows at once, while somebody waits; the worker does the rest."""
    mine = rowwise.begin(run)
    if mine is not None:
        work(mine)
    run.refresh_from_db()
    return run


def bulk_next(now: datetime) -> bool:
    """The worker's part: some rows of the run that waited longest."""
    return rowwise.next_of(BulkRun, now, work)


def work(run: BulkRun) -> None:
    try:
        given = read_act(run.act, run.made_by, run.arguments)
    except Refused as refused:
        return rowwise.give_up(run, rowwise.in_words(refused)[:200])
    return rowwise.go_on(run, lambda row: do(given, row))


def do(given: Act, row: BulkRow) -> str:
    """As its own action does it, with the rights of whoever asked for it, against the version they saw."""
    visible: Any = (Referral if given.of_referrals else Enquiry).objects.visible_to(given.by)
    key = row.referral_id if given.of_referrals else row.enquiry_id
    subject = (
        visible.select_related(*(WITH if given.of_referrals else ("authority", "owner")))
        .filter(pk=key)
        .first()
    )
    if subject is None:
        raise NotFound(NOTHING_HERE)
    if ACTS[row.run.act].strict:
        subject.version = row.version
    return given.do(subject)


def forget_runs(now: datetime) -> int:
    """The worker's round: what was previewed or done a month ago. What it did stands in the history."""
    deleted, _ = BulkRun.objects.old(now - KEPT).delete()
    return deleted
