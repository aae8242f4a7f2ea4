"""Files of many enquiries: taken in, checked, sent row by row, and forgotten again."""

import logging
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from django.core.files.base import ContentFile
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils import timezone

from intake import shapes
from intake.actions import enquiries
from intake.bodies import Body
from intake.checks import Fault
from intake.importing import files
from intake.importing.files import Row
from intake.lifecycle import Role, Status
from intake.models import Enquiry, Import, ImportRow, Organisation, User
from intake.models.bulk import DEATHS_ALLOWED, KEPT, LEASE
from intake.refusals import Forbidden, Invalid, NotPossible, Refused

log = logging.getLogger("referral_desk.imports")
Outcome = ImportRow.Outcome
# Rows done in one go; then others have their turn.
SLICE = 100
MOST_FAULTS = 200
# A step of a pointer that no member of ours is called.
WORDS = re.compile(r"/[^/]*[^A-Za-z0-9_~/-][^/]*")
SENDERS = (Role.REFERRER, Role.AUTHORITY_MANAGER, Role.API_CLIENT, Role.COORDINATOR, Role.MANAGER)


class Lost(Exception):
    """The lease ran out and somebody else has it now."""


def may_import(user: User) -> bool:
    return user.has(*SENDERS)


def take_in(
    *,
    content: bytes,
    by: User,
    name: str = "",
    kind: str = "",
    authority: Organisation | None = None,
    on_behalf_reason: str = "",
    dry_run: bool = True,
) -> Import:
    """Keep a file to be checked by the worker, or checked and sent; what is wrong with the whole is refused now."""
    if not may_import(by):
        raise Forbidden("Your role does not allow this: import enquiries.")
    authority = enquiries.whose(by, authority, on_behalf_reason)
    kind = kind or files.kind_of(name, content)
    total, now = files.count(content, kind), timezone.now()
    bulk = Import(
        authority=authority,
        made_by=by,
        on_behalf_reason=on_behalf_reason,
        made_at=now,
        worked_at=now,
        kept_until=now + KEPT,
        asked_at=None if dry_run else now,
        kind=kind,
        total=total,
    )
    bulk.file.save("", ContentFile(content), save=False)
    try:
        bulk.save(force_insert=True)
    except BaseException:
        bulk.file.delete(save=False)
        raise
    return bulk


@transaction.atomic
def apply(*, bulk: Import, by: User) -> Import:
    """Send what was checked; a second time changes nothing. What the check said makes way for what comes of it."""
    bulk = Import.objects.select_for_update(of=("self",)).select_related("authority").get(pk=bulk.pk)
    if not may_import(by):
        raise Forbidden("Your role does not allow this: import enquiries.")
    if bulk.asked_at and not bulk.given_up_at:
        return bulk
    if bulk.state != Import.State.CHECKED:
        raise NotPossible(f"This is not possible now. {bulk.state.label}.", status=bulk.state)
    bulk.rows.all().delete()
    bulk.asked_at = timezone.now()
    bulk.kept_until = bulk.asked_at + KEPT
    bulk.save(update_fields=["asked_at", "kept_until"])
    return bulk


# --- The work ---------------------------------------------------------------------------------------------


def import_next(now: datetime, only: Import | None = None) -> bool:
    """Do some rows of the import that waited longest; False when none waits.

    Killed in the middle, it is taken up by another after the row done last; a row that three died at is passed
    over.
    """
    waiting = Import.objects.filter(pk=only.pk) if only else Import.objects.all()
    bulk = waiting.claim(now)
    if bulk is None:
        return False
    try:
        work(bulk)
    except (OperationalError, InterfaceError):
        # The database is away: the lease will run out, the worker waits.
        raise
    except Lost:
        log.warning("import %s went on elsewhere", bulk)
    except Exception as fault:
        # Whatever it was, the other imports and letters are to go on. An error's text may hold what somebody
        # wrote, so only its kind is kept; the lease runs out, and another try counts as after a death.
        log.warning("import %s failed: %s", bulk, type(fault).__name__)
    return True


def work(bulk: Import) -> None:
    if not may_import(bulk.made_by):
        return give_up(bulk, timezone.now(), "Who sent it may not send enquiries any more.")
    if bulk.attempts > DEATHS_ALLOWED + 1:
        return give_up(bulk, timezone.now(), "Its file could not be read.")
    left = rows_left(bulk)
    if bulk.attempts > DEATHS_ALLOWED:
        pass_over(bulk, next(left, None))
    for row in islice(left, SLICE):
        do(bulk, row)
    if next(left, None) is None:
        finish(bulk, timezone.now())
    else:
        bulk.mine(bulk.lease).update(leased_until=None)
    return None


def rows_left(bulk: Import) -> Iterator[Row]:
    """The rows after the one done last."""
    last = bulk.rows.order_by("-number").values_list("number", flat=True).first() or 0
    with bulk.file.open("rb") as file:
        content = file.read()
    return files.rows(content, bulk.kind, after=last)


def pass_over(bulk: Import, row: Row | None) -> None:
    """A row at which three workers died, or that we failed to read three times: the others go on."""
    if row is None:
        return
    log.error("import %s: row %d passed over", bulk, row.number)
    detail = "Something went wrong on our side at this row. Send it by itself, or tell us its number."
    fault = Fault("", "fault_of_ours", detail)
    do(bulk, Row(row.number, None, (fault,)))


def do(bulk: Import, row: Row) -> None:
    """One row, in a transaction of its own: what it made, and the line that says so."""
    try:
        attempt(bulk, row)
    except IntegrityError:
        # The same content came in by another import just now; this time it is found.
        attempt(bulk, row)


@transaction.atomic
def attempt(bulk: Import, row: Row) -> None:
    if not bulk.mine(bulk.lease).update(leased_until=timezone.now() + LEASE, attempts=1):
        raise Lost
    answer = ImportRow(bulk=bulk, authority=bulk.authority, number=row.number)
    try:
        with transaction.atomic():
            answer_to(bulk, row, answer)
    except Invalid as refused:
        answer.outcome = Outcome.REFUSED
        answer.faults = kept(refused.faults)
    except Refused as refused:
        answer.outcome = Outcome.REFUSED
        answer.faults = kept([Fault("", "refused", refused.detail)])
    answer.save(force_insert=True)


def kept(faults: Sequence[Fault]) -> list[dict[str, str]]:
    """Faults as the reply has them; a member's name that may be somebody's words is left out."""
    few = list(faults[:MOST_FAULTS])
    if len(faults) > MOST_FAULTS:
        few.append(Fault("", "more", f"There are {len(faults) - MOST_FAULTS} faults more."))
    return [{"pointer": WORDS.sub("/…", f.pointer), "code": f.code, "detail": f.detail} for f in few]


def answer_to(bulk: Import, row: Row, answer: ImportRow) -> None:
    """Send a row, or only say what would come of it; refuses with every fault."""
    answer.authority_reference = reference_of(row.body)
    body = checked(row, bulk.authority)
    answer.fingerprint = enquiries.fingerprint(body, bulk.authority)
    if find_earlier(bulk, answer, body):
        answer.outcome = Outcome.DUPLICATE
    elif bulk.asked_at:
        send(bulk, answer, body)
    else:
        rehearse(bulk, answer, body)


def checked(row: Row, authority: Organisation) -> Body:
    """The body of a row, which has its shape; or every fault at once."""
    faults, body = list(row.faults), {}
    if row.body is not None or not faults:
        try:
            body = shapes.validated(row.body, nation=authority.nation)
        except Invalid as refused:
            faults += refused.faults
    if faults:
        raise Invalid(faults)
    return body


def reference_of(body: object) -> str:
    """The authority's own reference, by which it finds a row again, also one that is refused."""
    given = body.get("authority_reference") if isinstance(body, dict) else ""
    return given if isinstance(given, str) and len(given) <= 60 else ""


def find_earlier(bulk: Import, answer: ImportRow, body: Body) -> bool:
    """Whether this very content was sent before by this authority, by whichever door, and is no draft.

    A withdrawn one counts: a file sent again must not bring back what somebody took back.
    """
    mark, authority = answer.fingerprint, bulk.authority
    imported = ImportRow.objects.accepted().filter(authority=authority, fingerprint=mark)
    found = imported.values_list("reference", flat=True).first() or sent_before(authority, mark, body)
    if found is not None:
        answer.reference = found
        return True
    if bulk.asked_at:
        return False
    above = bulk.rows.filter(fingerprint=mark, outcome=Outcome.READY).values_list("number", flat=True)
    answer.same_as = above.first()
    return answer.same_as is not None


def sent_before(authority: Organisation, mark: str, body: Body) -> str | None:
    """By the authority's own reference, which has an index; equal content has an equal one."""
    same = Enquiry.objects.exclude(status=Status.DRAFT).filter(
        authority=authority, authority_reference=body.get("authority_reference") or "", fingerprint=mark
    )
    return same.values_list("reference", flat=True).first()


def rehearse(bulk: Import, answer: ImportRow, body: Body) -> None:
    """Send it and take it all back: a check by anything else than the action itself would be another rule."""
    with transaction.atomic():
        send(bulk, answer, body)
        transaction.set_rollback(True)
    if answer.outcome == Outcome.ACCEPTED:
        answer.outcome, answer.reference = Outcome.READY, ""


def send(bulk: Import, answer: ImportRow, body: Body) -> None:
    enquiry, written = enquiries.submit(
        body=body,
        by=bulk.made_by,
        authority=bulk.authority,
        on_behalf_reason=bulk.on_behalf_reason,
        key=f"import:{answer.fingerprint}",
    )
    answer.reference = enquiry.reference
    answer.outcome = Outcome.DUPLICATE if written is None else Outcome.ACCEPTED


# --- The end ----------------------------------------------------------------------------------------------


def finish(bulk: Import, now: datetime) -> None:
    """Checked: the file waits to be sent. Sent: the content goes."""
    if bulk.asked_at is None:
        bulk.mine(bulk.lease).update(checked_at=now, leased_until=None)
    elif bulk.mine(bulk.lease).update(finished_at=now, leased_until=None):
        forget_content(bulk)


def give_up(bulk: Import, now: datetime, why: str) -> None:
    log.error("import %s given up: %s", bulk, why)
    if bulk.mine(bulk.lease).update(given_up_at=now, why_given_up=why, leased_until=None):
        forget_content(bulk)


def forget_content(bulk: Import) -> None:
    """The bytes first: killed in between, the round finds the name and tries again."""
    bulk.file.storage.delete(str(bulk.file.name))
    Import.objects.filter(pk=bulk.pk).update(file="")


def forget_contents(now: datetime) -> int:
    """Delete what is done with, and what was never sent within seven days."""
    over = list(Import.objects.done_with(now))
    for bulk in over:
        forget_content(bulk)
    return len(over)
