"""bin/test: the whole suite, on SQLite and on PostgreSQL, with the counts of both."""

import os
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from house import environment, native, packages, postgresql, processes, tools
from house.places import PYTHON, TOP, Command, leave, say, tail

ENGINES = ("sqlite", "postgresql")
HELP = """bin/test [arguments for pytest]: the whole suite on SQLite and on a PostgreSQL of its own.
TEST_DATABASE_URL names an existing PostgreSQL; BIN_TEST_ONLY=sqlite or postgresql runs on one of the two.
Tests that bring their own database, ask none, or ask only who may call which address, run once."""


@dataclass(frozen=True)
class Outcome:
    """What one engine's run came to."""

    engine: str
    passed: int
    failed: int
    skipped: int
    seconds: float
    status: int

    @property
    def good(self) -> bool:
        return self.status == 0 and self.failed == 0 and self.passed > 0


def main(arguments: Sequence[str]) -> int:
    """Arguments go to pytest; the status is 0 when tests ran and passed on every engine."""
    if {"-h", "--help"} & set(arguments):
        say(HELP)
        return 0
    engines = _engines()
    processes.end_like_ctrl_c()
    packages.prepare(packages.DEVELOPMENT)
    lacking = [] if native.prepare() else ["Pango"]
    own_server = _needs_a_cluster(engines)
    unused = {tools.SPREADSHEET, *(() if own_server else (postgresql.PACKAGE,))}
    lacking += tools.prepare(name for name in tools.NEEDED if name not in unused)
    try:
        outcomes = [_run(engine, arguments) for engine in engines]
    except KeyboardInterrupt:
        leave("\nStopped.", 130)
    _print(outcomes, lacking)
    return 0 if all(outcome.good for outcome in outcomes) else 1


def _engines() -> tuple[str, ...]:
    only = os.environ.get("BIN_TEST_ONLY")
    if only and only not in ENGINES:
        leave(f"BIN_TEST_ONLY is {only}; it can be {' or '.join(ENGINES)}.")
    return (only,) if only else ENGINES


def _needs_a_cluster(engines: tuple[str, ...]) -> bool:
    return "postgresql" in engines and not os.environ.get("TEST_DATABASE_URL")


def _run(engine: str, arguments: Sequence[str]) -> Outcome:
    """One run in a folder of its own, which is gone afterwards."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="referral-desk-tests-")))
        if engine == "sqlite":
            url = environment.sqlite(folder / "tests.sqlite3")
        else:
            url = os.environ.get("TEST_DATABASE_URL") or stack.enter_context(postgresql.cluster())
        say(f"\n== {engine} ==")
        return _pytest(engine, arguments, folder, environment.tests(folder, url))


def _pytest(engine: str, arguments: Sequence[str], folder: Path, env: dict[str, str]) -> Outcome:
    _collect_static(folder, env)
    report = folder / "report.xml"
    workers = max(2, min(os.cpu_count() or 2, 8))
    # A test that brings its own database, or asks none, would be the same test twice.
    once = (
        ["-m", "not own_database and not of_addresses"]
        if engine == "postgresql" and len(_engines()) > 1
        else []
    )
    # A worker that has nothing left takes tests of another: the long ones lie together.
    shared = ["-n", str(workers), "--dist", "worksteal"]
    command: Command = [PYTHON, "-m", "pytest", *shared, f"--junitxml={report}", *once, *arguments]
    started = time.monotonic()
    status = processes.run(command, env=env, cwd=TOP)
    return _outcome(engine, report, time.monotonic() - started, status)


def _collect_static(folder: Path, env: dict[str, str]) -> None:
    """Pages name their static files by hash, so the files must have been collected."""
    log = folder / "collectstatic.log"
    if processes.run([PYTHON, "manage.py", "collectstatic", "--noinput"], env=env, cwd=TOP, log=log):
        leave(f"manage.py collectstatic did not succeed:\n{tail(log)}", 1)


def _outcome(engine: str, report: Path, seconds: float, status: int) -> Outcome:
    suites = ElementTree.parse(report).getroot().findall("testsuite") if report.exists() else []
    ran, failures, errors, skipped = (
        sum(int(suite.get(name, 0)) for suite in suites)
        for name in ("tests", "failures", "errors", "skipped")
    )
    return Outcome(engine, ran - failures - errors - skipped, failures + errors, skipped, seconds, status)


def _print(outcomes: list[Outcome], lacking: list[str]) -> None:
    say(f"\n{'database':<12}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}  result")
    for each in outcomes:
        result = "ok" if each.good else "FAILED" if each.passed + each.failed else "FAILED: no test ran"
        counts = f"{each.passed:>8}{each.failed:>8}{each.skipped:>9}{each.seconds:>9.0f}"
        say(f"{each.engine:<12}{counts}  {result}")
    if lacking:
        say(f"Not here, so the tests that need them failed: {', '.join(lacking)} (see the top).")
