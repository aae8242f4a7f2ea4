"""The worker's part of an export: what goes into it is taken, with a line in each history; then the file is written.

Some hundreds of rows in one transaction, with the lines that say so: killed in between, another goes on after the row
taken last, and nothing stands twice in a history. The file is written in one go, a batch of rows in memory.
"""

import hashlib
import io
import logging
import tempfile
from collections.abc import Callable
from datetime import datetime
from typing import IO, Any, cast

from django.conf import settings
from django.core.files.base import File
from django.db import InterfaceError, OperationalError, transaction
from django.http import QueryDict
from django.utils import timezone

from intake.lifecycle import Status
from intake.models import Enquiry, Event, Organisation, User
from intake.refusals import Refused
from referrals.actions import rowwise
from referrals.actions.rowwise import Lost
from referrals.models.running import DEATHS_ALLOWED, LEASE
from referrals.selection import REFERRALS
from reports.actions import agreeing, exports
from reports.exports import cases, census, children, figures, publishing, statistical, telling
from reports.exports.tables import About, Table, write_csv, write_xlsx
from reports.figures import overview
from reports.figures.asked import Asked
from reports.models import Export, ExportRow

log = logging.getLogger("referral_desk.exports")
Kind, Form = Export.Kind, Export.Form
# Rows that are taken in one transaction, and how many of those in one go of the worker.
TAKEN, GOES = 500, 4
NO_FILE = "Something went wrong on our side: the file could not be made."
VERB = "enquiry.exported"


def begin(export: Export) -> Export:
    """A short one at once, while somebody waits; the worker does the others."""
    if export.asked_at is not None and export.total <= settings.EXPORT_AT_ONCE:
        while (mine := rowwise.begin(export)) is not None:
            work(mine)
    export.refresh_from_db()
    return export


def export_next(now: datetime) -> bool:
    """A piece of the export that waited longest; False when none waits."""
    return rowwise.next_of(Export, now, work)


def work(export: Export) -> None:
    try:
        go_on(export, asker(export))
    except (OperationalError, InterfaceError):
        # The database is away: the lease will run out, the worker waits.
        raise
    except Lost:
        log.warning("export %s went on elsewhere, or was cancelled", export)
    except Exception as fault:
        # Whatever it was, letters and other exports go on; the lease runs out, and another try counts as after a death.
        log.warning("export %s failed: %s", export, type(fault).__name__)


def asker(export: Export) -> User:
    """Whoever asked, with the roles they have at this moment."""
    found: User = User.objects.get(pk=export.made_by_id)
    return found


def go_on(export: Export, by: User) -> None:
    if export.attempts > DEATHS_ALLOWED:
        return rowwise.give_up(export, NO_FILE)
    try:
        exports.check_may(by, export.kind)
        if export.of_figures or export.all_chosen:
            return make(export, by)
        if not export.chosen:
            count_again(export, by)
    except Refused as refused:
        return rowwise.give_up(export, rowwise.in_words(refused)[:200])
    if export.asked_at is None:
        # There are more people than were agreed to: it waits for a second person again.
        return put_down(export)
    for _ in range(GOES):
        if not take(export, by):
            break
    return put_down(export)


def put_down(export: Export) -> None:
    export.mine(export.lease).update(leased_until=None, attempts=0)


def renew(export: Export) -> None:
    """A minute more. Whoever lost it, or whose export was cancelled, stops here."""
    if not export.mine(export.lease).update(leased_until=timezone.now() + LEASE):
        raise Lost


# --- What goes into it ----------------------------------------------------------------------------------------


@transaction.atomic
def count_again(export: Export, by: User) -> None:
    """As many as there are now; more people than before may need a second person, or another word."""
    renew(export)
    exports.measure(export, by)
    if export.names_people:
        agreeing.weigh(export, by)
    export.save(update_fields=["total", *agreeing.WEIGHED])


@transaction.atomic
def take(export: Export, by: User) -> bool:
    """The next rows, each with its line in the history; False when there are no more."""
    if not export.mine(export.lease).update(leased_until=timezone.now() + LEASE, attempts=1):
        raise Lost
    of_referrals = export.of == REFERRALS
    rows = exports.wanted_rows(export, by).filter(pk__gt=export.reached).order_by("pk")
    found = list(rows.values_list("pk", "enquiry_id" if of_referrals else "pk")[:TAKEN])
    if not found:
        export.all_chosen = True
        export.mine(export.lease).update(all_chosen=True)
        return False
    record(export, by, {enquiry for _, enquiry in found})
    ExportRow.objects.bulk_create(
        ExportRow(export=export, enquiry_id=enquiry, referral_id=pk if of_referrals else None)
        for pk, enquiry in found
    )
    export.reached, export.chosen = found[-1][0], export.chosen + len(found)
    export.mine(export.lease).update(reached=export.reached, chosen=export.chosen)
    return True


def record(export: Export, by: User, keys: set[int]) -> None:
    """One line for each enquiry, however many of its referrals there are."""
    there = ExportRow.objects.filter(export=export, enquiry__in=keys).values_list("enquiry", flat=True)
    rows = Enquiry.objects.filter(pk__in=keys - set(there)).exclude(status=Status.DRAFT).order_by("pk")
    held = list(rows.select_for_update(of=("self",)).only("reference", "head_sequence", "head_hash"))
    Event.objects.record_for_many(
        held,
        verb=VERB,
        by=by,
        note=export.reason,
        data={"export": export.uid, "kind": export.kind},
        audience=Event.Audience.ACCESS,
    )


# --- The file -------------------------------------------------------------------------------------------------


def make(export: Export, by: User) -> None:
    """Written beside, hashed, and handed over for a day."""
    with tempfile.TemporaryFile() as file:
        if export.of_figures:
            write_figures(export, by, file)
        elif export.kind == Kind.CENSUS:
            authority, year = exports.census_of(export.query, by)
            export.people = export.rows = census.write(export, authority, year, by, file, after(export))
        else:
            write_cases(export, by, file)
        hand_over(export, file)


def write_cases(export: Export, by: User, file: IO[bytes]) -> None:
    more: list[tuple[str, str]] = []
    count = Counter(table_of(export, by, more))
    put_into(export, by, file, more, [count.table])
    export.rows = count.number
    if export.names_people:
        export.people = count.number


class Counter:
    """A table that says how many rows went through it."""

    def __init__(self, table: Table) -> None:
        self.number = 0
        self.table = Table(table.name, table.columns, self.counted(table))

    def counted(self, table: Table) -> Any:
        for row in table.rows:
            self.number += 1
            yield row


def after(export: Export) -> Callable[[int], None]:
    return lambda number: renew(export)


def table_of(export: Export, by: User, more: list[tuple[str, str]]) -> Table:
    if export.kind == Kind.STATISTICAL:
        table, export.dropped = statistical.extract(export, by, after(export))
        few = 0 < export.dropped < statistical.ALIKE
        left = f"fewer than {statistical.ALIKE}" if few else f"{export.dropped:,}"
        more.append(("Left out", f"Rows of which fewer than {statistical.ALIKE} are alike: {left}."))
        return table
    made = {
        Kind.ENQUIRIES: cases.enquiries,
        Kind.REFERRALS: cases.referrals,
        Kind.CHILDREN: children.children,
    }
    return made[Kind(export.kind)](export, by, after(export))


def put_into(export: Export, by: User, file: IO[bytes], more: About, tables: list[Table]) -> None:
    """CSV is one table; on sheets there is a page about it before."""
    if export.form == Form.CSV:
        write_csv(tables[0], file)
    else:
        write_xlsx(telling.about(export, by, timezone.now(), more), tables, file)


def write_figures(export: Export, by: User, file: IO[bytes]) -> None:
    asked = exports.asked_in(export.query, by)
    codes = exports.figures_in(asked, QueryDict(export.query).getlist("figure"))
    until = overview.counted_until()
    more = [("Counted up to", f"{timezone.localtime(until):%d %B %Y, %H:%M}")] if until else []
    if export.kind == Kind.PUBLICATION:
        made = publish(export, asked, codes)
        shown, more = made.tables, [*more, ("Rule", made.rule)]
    else:
        shown = figures.inside(asked, codes)
    tables = [figures.wide(code, table) for code, table in shown]
    put_into(export, by, file, more, [figures.long(shown)] if export.form == Form.CSV else tables)
    export.rows = sum(len(table.rows) for _, table in shown)


@transaction.atomic
def publish(export: Export, asked: Asked, codes: list[str]) -> publishing.Publication:
    """One at a time, and remembered at once: two would not know of each other."""
    Organisation.objects.select_for_update().filter(kind=Organisation.Kind.HUB).order_by("pk").first()
    made = publishing.published(asked, codes)
    publishing.keep(made, export)
    return made


def hand_over(export: Export, file: IO[bytes]) -> None:
    """With its hash and for a day; that of an export which is not ours any more goes again."""
    now, size = timezone.now(), file.seek(0, io.SEEK_END)
    file.seek(0)
    mark = hashlib.file_digest(cast(Any, file), "sha256").hexdigest()
    file.seek(0)
    done: dict[str, Any] = {
        "finished_at": now,
        "leased_until": None,
        "attempts": 0,
        "rows": export.rows,
        "people": export.people,
    }
    done |= {"dropped": export.dropped}
    if not export.rows:
        if not export.mine(export.lease).update(**done):
            raise Lost
        return
    export.file.save("", File(file), save=False)
    done |= {"file": export.file.name, "size": size, "sha256": mark, "kept_until": now + exports.DAY}
    if not export.mine(export.lease).update(**done):
        export.file.storage.delete(str(export.file.name))
        raise Lost
