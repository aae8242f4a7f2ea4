"""`bin/bench exports`: tables of many enquiries as CSV and XLSX, as the worker makes them.

Seconds for taking them (a line in each history, in batches) and for writing the file, the file's size, and by how much
the memory of the process grew at its highest. The enquiries are those of `bin/bench worklist`.
"""

import argparse
import time
from pathlib import Path

from django.db import connection
from django.test.utils import override_settings
from django.utils import timezone

from config import wsgi
from intake.lifecycle import Role
from intake.models import Enquiry, RoleGrant, User, put_away
from reports.actions import export_making, exports
from reports.actions.exports import Wanted
from reports.models import Export, ExportRow
from tests.benchmarks import _worklist_rows
from tests.benchmarks.worklist import people, prepare

assert wsgi.application  # sets Django up
ROWS = {"postgresql": (10_000, 200_000), "sqlite": (10_000,)}
MEGABYTE = 1024
STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def main() -> None:
    wanted = arguments()
    prepare()
    user = people()
    RoleGrant.objects.get_or_create(user=user, role=Role.MANAGER)
    print(
        f"{'rows':>9} {'form':>5} {'taken, s':>9} {'written, s':>10} {'file, MB':>9} {'memory, MB':>11}",
        flush=True,
    )
    for rows in wanted.rows or ROWS[connection.vendor]:
        _worklist_rows.build(rows)
        put_away()
        for form in (Export.Form.CSV, Export.Form.XLSX):
            with override_settings(EXPORT_AT_ONCE=0):
                measure(user, form)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench exports", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", help="10,000, and 200,000 on PostgreSQL, if not given")
    return parser.parse_args()


def measure(user: User, form: str) -> None:
    export = exports.ask(by=user, wanted=Wanted("enquiries", form))
    began, before = time.monotonic(), memory(anew=True)
    while not Export.objects.get(pk=export.pk).all_chosen:
        assert export_making.export_next(timezone.now())
    taken = time.monotonic() - began
    while export_making.export_next(timezone.now()):
        pass
    written, grown = time.monotonic() - began - taken, memory() - before
    done = Export.objects.get(pk=export.pk)
    assert done.rows == ExportRow.objects.filter(export=done).count(), "Not all that was taken is in it."
    assert done.rows == Enquiry.objects.visible_to(user).exclude(status="draft").count(), "Not all are in it."
    line = f"{done.rows:>9,} {form:>5} {taken:>9.1f} {written:>10.1f} {done.size / 1e6:>9.1f}"
    print(f"{line} {grown / MEGABYTE:>11.1f}", flush=True)
    done.file.delete(save=False)


def memory(*, anew: bool = False) -> int:
    """The most that was resident, in kB; with `anew` counted from now on."""
    if anew:
        CLEAR.write_text("5", encoding="ascii")
    line = next(line for line in STATUS.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1])


if __name__ == "__main__":
    main()
