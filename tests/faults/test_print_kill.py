"""kill -9 of the worker in the middle of a print run: each paper once, and the file of them all."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from reports.actions import print_runs
from reports.models import PrintRun
from tests.factories import World
from tests.faults.soak_prints import doubled, print_while_killing, printed
from tests.faults.worker import Worker
from tests.reports.papers import pages_of

PAPERS, KILLS = 6, 2


@pytest.fixture
def worker(committed: World, tmp_path: Path) -> Iterator[Worker]:
    with Worker(tmp_path) as running:
        yield running


def test_a_killed_worker_costs_at_most_the_paper_in_hand_and_doubles_none(
    worker: Worker, committed: World
) -> None:
    rows = [committed.enquiry() for _ in range(PAPERS)]
    run, record = print_while_killing(worker, committed, rows, kills=KILLS, form="one_pdf")
    assert record.kills == KILLS
    assert (run.state, printed(run)) == (PrintRun.State.READY, PAPERS)
    assert doubled(rows) == []
    pages = pages_of(print_runs.open_file(run=run, by=committed.coordinator).read())
    assert all(any(row.reference in page for page in pages[1:]) for row in rows)
    call_command("verify_history", stdout=StringIO())
