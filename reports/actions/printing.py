"""The worker's part of a print run: paper after paper, each kept with its row, then the file of them all."""

import csv
import io
import logging
import tempfile
import zipfile
from datetime import datetime
from typing import IO, Any, NamedTuple

from django.core.files.base import File
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from intake.importing.replies import safe
from intake.models import User
from intake.refusals import Forbidden, NotFound, Refused
from referrals.actions import rowwise
from referrals.actions.rowwise import Lost
from referrals.models.running import DEATHS_ALLOWED, LEASE
from reports import binding, languages, pdf
from reports.actions import documents, print_runs
from reports.actions.documents import Made
from reports.actions.print_runs import DAY, NO_MORE
from reports.languages import known
from reports.models import Document, PrintRow, PrintRun
from reports.numbering import signs
from reports.summaries.blocks import moment

log = logging.getLogger("referral_desk.prints")
Outcome, Form = PrintRow.Outcome, PrintRun.Form
# Some two seconds of work; then letters and other runs have their turn.
SLICE = 5
PASSED_OVER = "Something went wrong on our side at this one. Print it by itself."
NO_FILE = "The papers are printed, but could not be put together."
# A zip keeps no zone: one moment for all makes equal files of equal papers.
NO_MOMENT = (1980, 1, 1, 0, 0, 0)


def print_next(now: datetime) -> bool:
    """Some papers of the run that waited longest, or its file; False when none waits.

    Killed in the middle, another goes on after the paper kept last; one at which three died is passed over.
    """
    return rowwise.next_of(PrintRun, now, work)


def work(run: PrintRun) -> None:
    try:
        go_on(run, asker(run))
    except (OperationalError, InterfaceError):
        # The database is away: the lease will run out, the worker waits.
        raise
    except Lost:
        log.warning("print run %s went on elsewhere, or was cancelled", run)
    except Exception as fault:
        # Whatever it was, letters and other runs go on; the lease runs out, and another try counts as after a death.
        log.warning("print run %s failed: %s", run, type(fault).__name__)


def asker(run: PrintRun) -> User:
    """Whoever asked, with the roles they have at this moment."""
    found: User = User.objects.select_related("organisation").get(pk=run.made_by_id)
    return found


def go_on(run: PrintRun, by: User) -> None:
    try:
        documents.check_may_print(print_runs.order_of(run), by)
        if not PrintRow.objects.filter(run=run).printed().exists():
            count_again(run, by)
    except Refused as refused:
        return rowwise.give_up(run, refused.detail[:200])
    if run.asked_at is None:
        # There are more people than were agreed to: it waits for a second person again.
        return put_down(run)
    rows = list(run.pending()[:SLICE])
    for row in rows:
        attempt(run, row)
    if not rows:
        return put_together(run, by)
    return put_down(run)


def put_down(run: PrintRun) -> None:
    run.mine(run.lease).update(leased_until=None, attempts=0)


@transaction.atomic
def count_again(run: PrintRun, by: User) -> None:
    """Before the first paper: as many people as there are now."""
    renew(run)
    print_runs.weigh(run, by)


def attempt(run: PrintRun, row: PrintRow) -> None:
    """One paper with its one outcome."""
    renew(run)
    try:
        if run.attempts > DEATHS_ALLOWED:
            log.error("print run %s: row %d passed over", run, row.number)
            raise Refused(PASSED_OVER)
        print_row(run, row, asker(run))
    except NotFound:
        settle(run, row, Outcome.GONE, NO_MORE)
    except Forbidden as refused:
        settle(run, row, Outcome.FORBIDDEN, refused.detail)
    except Refused as refused:
        settle(run, row, Outcome.FAILED, rowwise.in_words(refused))
    run.attempts = 1


def renew(run: PrintRun) -> None:
    """A minute more. Whoever lost it, or whose run was cancelled, stops here."""
    if not run.mine(run.lease).update(leased_until=timezone.now() + LEASE):
        raise Lost


def print_row(run: PrintRun, row: PrintRow, by: User) -> None:
    if row.enquiry is None:
        raise NotFound
    order = print_runs.order_of(run)
    documents.print_and(
        enquiry=row.enquiry, order=order, by=by, keep=lambda made: keep_with_row(run, row, made)
    )


@transaction.atomic
def keep_with_row(run: PrintRun, row: PrintRow, made: Made) -> Document | None:
    """The document, its line of history and the row that says so: written together or not at all."""
    mark_alive(run)
    document = documents.keep_made(made)
    if document is not None:
        row.document, row.outcome, row.says = document, Outcome.PRINTED, ""
        row.save(update_fields=["document", "outcome", "says"])
    return document


@transaction.atomic
def settle(run: PrintRun, row: PrintRow, outcome: PrintRow.Outcome, says: str) -> None:
    mark_alive(run)
    row.outcome, row.says = outcome, says
    if outcome == Outcome.GONE:
        # As if it had never been there: by its reference as it was chosen, and nothing else.
        row.enquiry = row.document = None
    row.save(update_fields=["outcome", "says", "enquiry", "document"])


def mark_alive(run: PrintRun) -> None:
    if not run.mine(run.lease).update(leased_until=timezone.now() + LEASE, attempts=1):
        raise Lost


# --- The file ----------------------------------------------------------------------------------------------


def put_together(run: PrintRun, by: User) -> None:
    """All that is printed and still theirs to see, in one file for a day."""
    if run.attempts > DEATHS_ALLOWED:
        return rowwise.give_up(run, NO_FILE)
    leave_out_unseen(run, by)
    rows = run.rows_for(by).printed().select_related("document", "enquiry__authority")
    if not rows.exists():
        run.mine(run.lease).update(finished_at=timezone.now(), leased_until=None, attempts=0)
        return None
    with tempfile.TemporaryFile() as file:
        # About no one enquiry: where each paper is in its own language, the file is in that of whoever asked.
        with languages.speaking(run.language or by.language):
            pages = MAKERS[Form(run.form)](run, rows, by, file)
        hand_over(run, file, pages)
    return None


def leave_out_unseen(run: PrintRun, by: User) -> None:
    """What was printed, and has been shut to this person since."""
    seen = run.rows_for(by).values("pk")
    for row in PrintRow.objects.filter(run=run).printed().exclude(pk__in=seen):
        settle(run, row, Outcome.GONE, NO_MORE)


def hand_over(run: PrintRun, file: IO[bytes], pages: int) -> None:
    """The new file takes the place of the old; that of a run which is not ours any more goes again."""
    storage, old, now = run.file.storage, run.file.name, timezone.now()
    size = file.tell()
    file.seek(0)
    run.file.save("", File(file), save=False)
    done = run.mine(run.lease).update(
        file=run.file.name,
        size=size,
        pages=pages,
        kept_until=now + DAY,
        finished_at=now,
        leased_until=None,
        attempts=0,
    )
    gone = old if done else run.file.name
    if gone:
        storage.delete(gone)
    if not done:
        raise Lost


class Listed(NamedTuple):
    """A line of the contents: the paper, whose it is, and the page it begins on."""

    row: PrintRow
    authority: str
    start: int


def one_pdf(run: PrintRun, rows: Any, by: User, file: IO[bytes]) -> int:
    """Contents first, then each paper as it was issued; how many pages it has."""
    found = list(rows)
    leaves = [binding.Leaf(bookmark(row), bytes(row.document.pdf)) for row in found]
    numbers = pdf.render("reports/bound/signs.html", {"signs": signs()}, made_at=made_at(run))

    def contents(starts: list[int]) -> bytes:
        papers = [
            Listed(row, languages.short_name_of(row.enquiry.authority), start)
            for row, start in zip(found, starts, strict=True)
        ]
        context = {
            "kind": known(run.get_kind_display()),
            "audience": known(run.get_audience_display()),
            "papers": papers,
            "provider": documents.provider(),
            "printed_by": f"{by.name}, {languages.short_name_of(by.organisation)}",
            "printed_at": moment(made_at(run)),
            **documents.language(),
        }
        return pdf.render("reports/bound/contents.html", context, made_at=made_at(run))

    bound = binding.bind(leaves, contents, numbers, after_each=lambda: renew(run))
    file.write(bound.pdf)
    return bound.pages


def made_at(run: PrintRun) -> datetime:
    """When it was asked for: put together again, it is the same."""
    assert run.asked_at is not None
    return run.asked_at


def bookmark(row: PrintRow) -> str:
    assert row.document is not None
    return gettext("{reference}, {paper}, version {version}").format(
        reference=row.reference,
        paper=known(row.document.get_kind_display()).lower(),
        version=row.document.version,
    )


COLUMNS = ("file", "reference", "authority", "paper", "audience", "version", "made", "sha256")


def zipped(run: PrintRun, rows: Any, by: User, file: IO[bytes]) -> int:
    """A folder for each authority, and a table of what is in it; one paper in memory at a time."""
    table = io.StringIO(newline="")
    lines = csv.writer(table)
    lines.writerow(COLUMNS)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as made:
        for row in rows.defer("document__pdf"):
            document, authority = Document.objects.get(pk=row.document_id), row.enquiry.authority
            name = f"{authority.code}/{document.filename}"
            put(made, name, bytes(document.pdf))
            said = line(name, row, languages.short_name_of(authority))
            lines.writerow([safe(str(value)) for value in said])
            renew(run)
        put(made, "contents.csv", table.getvalue().encode("utf-8-sig"))
    return 0


def line(name: str, row: PrintRow, authority: str) -> tuple[Any, ...]:
    document = row.document
    assert document is not None
    made = timezone.localtime(document.made_at).isoformat(timespec="minutes")
    paper, audience = known(document.get_kind_display()), known(document.get_audience_display())
    return name, row.reference, authority, paper, audience, document.version, made, document.sha256


def put(made: zipfile.ZipFile, name: str, content: bytes) -> None:
    made.writestr(zipfile.ZipInfo(name, NO_MOMENT), content)


MAKERS = {Form.ONE_PDF: one_pdf, Form.ZIP: zipped}
