"""`python -m tests.faults.soak_prints`: many summaries in one run, while the worker is killed again and again.

Runs on the database of DATABASE_URL, which has to be an empty one. The short form is a test.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

# Sets Django up, when this is run as a program.
import config.wsgi  # noqa: F401
from intake.actions.reference import load_reference
from intake.models import Enquiry, Event
from reports.actions import agreeing, print_runs
from reports.models import Document, PrintRow, PrintRun
from tests.factories import World, fresh
from tests.faults.worker import Worker


@dataclass
class Record:
    """How rough it was."""

    kills: int = 0
    seconds: float = 0.0
    killed_at: list[int] = field(default_factory=list)


def print_while_killing(
    worker: Worker, world: World, rows: Sequence[Enquiry], *, kills: int, form: str, seed: int = 7
) -> tuple[PrintRun, Record]:
    """Have the summaries of these printed; kill -9 at moments spread over the whole of it."""
    record, draw, began = Record(), random.Random(seed), time.monotonic()
    run = print_runs.preview(
        by=world.coordinator,
        kind="summary",
        audience="authority",
        form=form,
        reason="To see what a killed worker costs.",
        chosen=print_runs.Choice([row.reference for row in rows]),
    )
    run = print_runs.start(run=run, by=world.coordinator)
    if run.needs_second:
        run = agreeing.answer(asked=run, by=world.manager, agreed=True)
    for number in sorted(draw.sample(range(1, len(rows)), kills)):
        worker.until(lambda number=number: printed(run) >= number)  # type: ignore[misc]
        time.sleep(draw.uniform(0, 0.3))
        worker.kill()
        record.kills += 1
        record.killed_at.append(printed(run))
        # The minute that its lease has left is over.
        PrintRun.objects.filter(leased_until__isnull=False).update(leased_until=timezone.now())
        worker.start()
    worker.until(lambda: not fresh(run).running)
    record.seconds = time.monotonic() - began
    return fresh(run), record


def printed(run: PrintRun) -> int:
    return PrintRow.objects.filter(run=run).printed().count()


def doubled(rows: Sequence[Enquiry]) -> list[str]:
    """References with more, or fewer, than one document and one line of history of its printing."""
    wrong = []
    for row in rows:
        papers = Document.objects.filter(enquiry=row, kind="summary").count()
        lines = Event.objects.filter(enquiry=row, verb="document.printed").count()
        if (papers, lines) != (1, 1):
            wrong.append(f"{row.reference}: {papers} documents, {lines} lines")
    return wrong


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--papers", type=int, default=200)
    wanted.add_argument("--kills", type=int, default=10)
    wanted.add_argument("--form", choices=PrintRun.Form.values, default="one_pdf")
    wanted.add_argument("--seed", type=int, default=7)
    options = wanted.parse_args()
    call_command("migrate", interactive=False, verbosity=0)
    load_reference()
    if Enquiry.objects.exists():
        raise SystemExit("This database holds enquiries. Give an empty one by DATABASE_URL.")
    world = World()
    rows = [world.enquiry() for _ in range(options.papers)]
    with tempfile.TemporaryDirectory() as folder, Worker(Path(folder)) as worker:
        settings.MEDIA_ROOT = Path(folder) / "attachments"
        run, record = print_while_killing(
            worker, world, rows, kills=options.kills, form=options.form, seed=options.seed
        )
        size = len(print_runs.open_file(run=run, by=world.coordinator).read())
    wrong = doubled(rows)
    call_command("verify_history")
    print(
        f"{printed(run)} of {len(rows)} printed in {record.seconds:.0f} s with {record.kills} kills (after "
        f"{', '.join(map(str, record.killed_at))} papers); {run.state.label.lower()}: {size:,} bytes, "
        f"{run.pages} pages; {len(wrong)} missing or doubled."
    )
    raise SystemExit(bool(wrong) or printed(run) != len(rows))


if __name__ == "__main__":
    main()
