"""Many papers in one go: previewed, begun, cancelled, taken up again, fetched, forgotten. The worker prints them."""

import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone

from intake.actions.attachments import STORAGE_FAULTS
from intake.checks import Fault
from intake.lifecycle import Status
from intake.models import Enquiry, SavedView, User
from intake.refusals import Forbidden, Invalid, KeyReused, NotFound, NotPossible, Unavailable
from intake.words import Language
from referrals.models import Decision
from referrals.selection import ENQUIRIES, Chosen, for_enquiries, selection, without_words
from reports.actions import agreeing, documents
from reports.actions.documents import Order
from reports.models import BasketRow, Document, PrintRow, PrintRun
from reports.models.print_run import FOLDER
from reports.summaries.shelf import SHELVES

log = logging.getLogger("referral_desk.prints")
Outcome, State, Form = PrintRow.Outcome, PrintRun.State, PrintRun.Form
# How long the file is kept, and for how long what was cancelled or stopped can go on.
DAY = timedelta(hours=24)
KEPT = timedelta(days=30)
# One PDF is put together in memory, a zip is not.
MOST_IN_ONE_PDF = 300
# Files that no run holds: of a worker that was killed between the two.
ORPHAN_AFTER = timedelta(hours=1)
NOTHING_HERE = "There is nothing here that you can see."
A_DRAFT = "A draft cannot be printed. Send the enquiry first."
UNDECIDED = "Nothing has been decided yet."
NO_MORE = "It is not there for you any more."
MORE_THAN_AGREED = "There are more children in them than somebody agreed to. Choose them again."
WHY_MANY = (
    "They are about {people} children. More than 50 need a second person’s word: say what they are for."
)


def papers_for(user: User) -> list[tuple[Document.Kind, Document.Audience]]:
    """What this person may print of many enquiries: each kind about a whole enquiry, for each of its audiences."""
    whole = [shelf for shelf in SHELVES.values() if not shelf.about]
    return [(shelf.kind, audience) for shelf in whole for audience in shelf.audiences_for(user)]


def check_may_print_many(user: User) -> None:
    if not papers_for(user):
        raise Forbidden("Your role does not allow this: print papers about enquiries.")


@dataclass(frozen=True)
class Choice:
    """What somebody chose to print: ticked rows, all that match a list's query, or all of a saved view."""

    references: Sequence[str] = ()
    query: str | None = None
    of: str = ENQUIRIES

    @classmethod
    def of_view(cls, view: SavedView) -> "Choice":
        return cls(query=view.query, of=view.of)

    def rows(self, by: User) -> list[Chosen]:
        return for_enquiries(selection(by, self.query, self.references, self.of))


def preview(
    *,
    by: User,
    kind: str,
    audience: str,
    form: str,
    chosen: Choice,
    language: str = "",
    reason: str = "",
    uid: UUID | None = None,
) -> PrintRun:
    """Say which would be printed, and why not the others; the same again under the same name is the same run."""
    order = check_order(by, kind, audience, language, reason)
    mark = fingerprint(order, form, chosen)
    if uid is not None and (same := made_before(uid, by, mark)):
        return same
    rows = judged(order, chosen.rows(by), by)
    refuse_too_many(form, rows)
    named = {} if uid is None else {"uid": uid}
    run = PrintRun(
        made_by=by, made_at=timezone.now(), kind=kind, audience=audience, form=form, language=language,
        reason=order.reason, query=without_words(chosen.query), fingerprint=mark, **named,
    )  # fmt: skip
    run.people = agreeing.children_of([row.enquiry for row in rows if row.outcome == Outcome.READY])
    check_many(run, by)
    try:
        return keep(run, rows)
    except IntegrityError:
        # Sent twice at once: the other one was first.
        return made_before(run.uid, by, mark) or run


def check_order(by: User, kind: str, audience: str, language: str, reason: str) -> Order:
    check_may_print_many(by)
    if kind not in SHELVES or audience not in Document.Audience.values:
        raise Invalid([Fault("/paper", "unknown", "Choose what is printed, and for whom.")])
    if language and language not in Language.values:
        raise Invalid([Fault("/language", "unknown", "Choose the language that each is in, or one for all.")])
    order = Order(Document.Kind(kind), Document.Audience(audience), reason=reason.strip(), language=language)
    if SHELVES[order.kind].about:
        raise Invalid([Fault("/paper", "unknown", "This is printed of one enquiry at a time.")])
    documents.check_may_print(order, by)
    documents.check_reason(order, by)
    return order


def check_many(run: PrintRun, by: User) -> None:
    """Papers about many leave from the hub, and whoever is to agree reads why."""
    agreeing.check_may_ask(run, by)
    if agreeing.needs_second(run) and not run.reason:
        raise Invalid([Fault("/reason", "required", WHY_MANY.format(people=f"{run.people:,}"))])


def fingerprint(order: Order, form: str, chosen: Choice) -> str:
    content = [order.kind, order.audience, order.language, order.reason, form, *vars(chosen).values()]
    return hashlib.sha256(json.dumps(content, default=list).encode()).hexdigest()


def made_before(uid: UUID, by: User, mark: str) -> PrintRun | None:
    found = PrintRun.objects.visible_to(by).filter(uid=uid).first()
    if found is not None and found.fingerprint != mark:
        raise KeyReused("This name was used for something else. Choose another.")
    return found


def judged(order: Order, chosen: Sequence[Chosen], by: User) -> list[PrintRow]:
    """Each with why it is left out, as the printing itself would say."""
    keys = [row.enquiry.pk for row in chosen if row.enquiry]
    standing = Decision.objects.filter(enquiry__in=keys, undone_at__isnull=True)
    decided = (
        set(standing.values_list("enquiry_id", flat=True)) if order.kind == Document.Kind.DECISION else None
    )
    rows = []
    for number, row in enumerate(chosen, start=1):
        why = why_not(row.enquiry, decided)
        outcome = Outcome.LEFT if why else Outcome.READY
        rows.append(
            PrintRow(number=number, reference=row.reference, enquiry=row.enquiry, outcome=outcome, says=why)
        )
    return rows


def why_not(enquiry: Enquiry | None, decided: set[int] | None) -> str:
    if enquiry is None:
        return NOTHING_HERE
    if enquiry.status == Status.DRAFT:
        return A_DRAFT
    return UNDECIDED if decided is not None and enquiry.pk not in decided else ""


def refuse_too_many(form: str, rows: Sequence[PrintRow]) -> None:
    number = sum(row.outcome == Outcome.READY for row in rows)
    if form == Form.ONE_PDF and number > MOST_IN_ONE_PDF:
        most = f"one PDF holds at most {MOST_IN_ONE_PDF}"
        sentence = f"These are {number:,} papers; {most}. Choose a zip, or filter further."
        raise Invalid([Fault("/form", "too_many", sentence)])


@transaction.atomic
def keep(run: PrintRun, rows: list[PrintRow]) -> PrintRun:
    run.save(force_insert=True)
    for row in rows:
        row.run = run
    PrintRow.objects.bulk_create(rows)
    return run


# --- Begun, cancelled, taken up again -----------------------------------------------------------------------


def hold(run: PrintRun, by: User) -> PrintRun:
    """As it is now, of whoever asked for it."""
    held = PrintRun.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=run.pk).first()
    if held is None:
        raise NotFound
    return held


@transaction.atomic
def start(*, run: PrintRun, by: User) -> PrintRun:
    """The worker takes it up within seconds, or when a second person agreed; a second time changes nothing."""
    run = hold(run, by)
    documents.check_may_print(order_of(run), by)
    if run.state != State.PREVIEWED:
        return run
    if not run.pending().exists():
        raise NotPossible("None of these can be printed.", status=run.state)
    weigh(run, by)
    # What is in a run has left the basket.
    BasketRow.objects.filter(user=by, enquiry__in=run.pending().values("enquiry")).delete()
    return run


def weigh(run: PrintRun, by: User) -> None:
    """As many people as its papers are about now: it begins, or waits for a second person's word."""
    run.people = people_in(run, by)
    agreeing.weigh(run, by)
    run.save(update_fields=agreeing.WEIGHED)


def people_in(run: PrintRun, by: User) -> int:
    """Children in what is printed or will be, of what this person sees."""
    gone = (Outcome.LEFT, Outcome.GONE)
    return agreeing.children_of(run.rows_for(by).exclude(outcome__in=gone).values("enquiry"))


def order_of(run: PrintRun) -> Order:
    return Order(
        Document.Kind(run.kind), Document.Audience(run.audience), reason=run.reason, language=run.language
    )


@transaction.atomic
def cancel(*, run: PrintRun, by: User) -> PrintRun:
    """What is printed stays printed, the rest is not; the paper just in hand is thrown away."""
    run = hold(run, by)
    if run.state == State.CANCELLED:
        return run
    if run.state not in (State.WAITING, State.RUNNING):
        raise NotPossible(f"There is nothing to cancel. {run.state.label}.", status=run.state)
    run.cancelled_at, run.leased_until = timezone.now(), None
    run.save(update_fields=["cancelled_at", "leased_until"])
    return run


@transaction.atomic
def resume(*, run: PrintRun, by: User) -> PrintRun:
    """Go on with the rest, try again what failed, put the file together anew. Nothing is printed twice.

    What a second person agreed to needs no other word; of more people than they agreed to it does not go on, and the
    log keeps whose word the papers had that are printed.
    """
    run = hold(run, by)
    documents.check_may_print(order_of(run), by)
    if run.state in (State.WAITING, State.RUNNING):
        return run
    if not may_go_on(run, timezone.now()):
        sentence = "This cannot go on: it ended more than a day ago. Choose them again."
        raise NotPossible(sentence, status=run.state)
    run.people = people_in(run, by)
    if run.agreed and agreeing.needs_second(run):
        raise NotPossible(MORE_THAN_AGREED, status=run.state)
    run.to_try_again().update(outcome=Outcome.READY, says="")
    run.cancelled_at = run.finished_at = run.leased_until = None
    run.why_given_up, run.attempts = "", 0
    agreeing.weigh(run, by)
    went_on = ("cancelled_at", "finished_at", "leased_until", "why_given_up", "attempts")
    run.save(update_fields=[*went_on, *agreeing.WEIGHED])
    return run


def may_go_on(run: PrintRun, now: datetime) -> bool:
    ended = run.cancelled_at or run.finished_at
    if ended is None or run.state in (State.PREVIEWED, State.NOT_AGREED, State.DELETED):
        return False
    return now < (run.kept_until or ended + DAY)


# --- The file ----------------------------------------------------------------------------------------------


def open_file(*, run: PrintRun, by: User) -> "File[bytes]":
    """The papers together, if all of what is in them is still theirs to see."""
    if run.made_by_id != by.pk:
        raise NotFound
    documents.check_may_print(order_of(run), by)
    if run.state != State.READY or run.kept_until is None or run.kept_until <= timezone.now():
        raise NotPossible(f"There is no file. {run.state.label}.", status=run.state)
    if lost_sight(run, by):
        sentence = (
            "Something in this file is not yours to see any more. Have it put together again without it."
        )
        raise NotPossible(sentence, status=run.state)
    try:
        return run.file.open("rb")
    except STORAGE_FAULTS as fault:
        log.error("print run %s: the file cannot be read: %s", run, type(fault).__name__)
        raise Unavailable("This file cannot be fetched at the moment. Please try again later.") from None


def lost_sight(run: PrintRun, by: User) -> bool:
    """Whether the file holds a paper of an enquiry that this person does not see any more."""
    inside = PrintRow.objects.filter(run=run).printed().count()
    return run.rows_for(by).printed().count() != inside


def forget_files(now: datetime) -> int:
    """The worker's round: files that had their day, and bytes that no run holds."""
    try:
        return forget_over(now) + sum(remove_orphan(name, now) for name in unheld())
    except STORAGE_FAULTS as fault:
        log.error("Printed files could not be deleted: %s", type(fault).__name__)
        return 0


def forget_over(now: datetime) -> int:
    """The bytes first: killed in between, the next round does it again."""
    over = list(PrintRun.objects.over(now))
    for run in over:
        default_storage.delete(str(run.file.name))
        PrintRun.objects.filter(pk=run.pk, file=run.file.name).update(file="")
    return len(over)


def unheld() -> list[str]:
    try:
        names = {f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]}
    except FileNotFoundError:
        return []
    held = set(PrintRun.objects.exclude(file="").values_list("file", flat=True))
    return sorted(names - held)


def remove_orphan(name: str, now: datetime) -> bool:
    if now - default_storage.get_modified_time(name) < ORPHAN_AFTER:
        return False
    default_storage.delete(name)
    return True


def forget_runs(now: datetime) -> int:
    """The worker's round: what was asked a month ago. What it printed stands in the histories.

    What needed a second person's word stays in the log, without its rows.
    """
    old = PrintRun.objects.old(now - KEPT)
    rows, _ = PrintRow.objects.filter(run__in=old.filter(needs_second=True)).delete()
    deleted, _ = old.filter(needs_second=False).delete()
    return rows + deleted


def parked() -> list[tuple[PrintRun, PrintRow | None]]:
    """What the worker gave up: whole runs, and rows at which it died."""
    runs = PrintRun.objects.exclude(why_given_up="").order_by("asked_at")
    rows = PrintRow.objects.filter(outcome=Outcome.FAILED).select_related("run").order_by("run", "number")
    return [*((run, None) for run in runs), *((row.run, row) for row in rows)]


def counted(runs: Sequence[PrintRun], by: User) -> dict[int, dict[str, int]]:
    """How many rows of each stand at each outcome; of an enquiry that is not theirs to see, none. One statement."""
    rows = PrintRow.objects.visible_to(by).filter(run__in=[run.pk for run in runs]).order_by()
    found = {run.pk: dict.fromkeys(Outcome.values, 0) for run in runs}
    for key, outcome, number in rows.values_list("run", "outcome").annotate(number=Count("pk")):
        found[key][outcome] = number
    for counts in found.values():
        counts["total"] = sum(counts.values()) - counts[Outcome.LEFT]
    return found


def counts_of(run: PrintRun, by: User) -> dict[str, int]:
    return counted([run], by)[run.pk]
