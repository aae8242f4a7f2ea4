"""bin/bench: one benchmark, on SQLite and on PostgreSQL with its writes kept safe, unless it asks neither."""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from house import environment, native, packages, postgresql, processes, tools
from house.places import PYTHON, TOP, Command, leave, say

FOLDER = TOP / "tests" / "benchmarks"
ENGINES = ("sqlite", "postgresql")
# They ask no database, and a browser instead.
ONCE = frozenset({"pdf"})


def main(arguments: Sequence[str]) -> int:
    """Further arguments go to the benchmark; the status is 0 when it ended well on both engines."""
    if not arguments or arguments[0] not in names():
        known = ", ".join(names()) or "none yet"
        leave(f"bin/bench NAME [arguments]. The benchmarks: {known}.", 2 if arguments else 0)
    processes.end_like_ctrl_c()
    packages.prepare(packages.DEVELOPMENT)
    native.prepare()
    name = arguments[0]
    tools.prepare([tools.CHROMIUM if name in ONCE else postgresql.PACKAGE])
    try:
        return max(_run(engine, arguments) for engine in (ENGINES[:1] if name in ONCE else ENGINES))
    except KeyboardInterrupt:
        leave("\nStopped.", 130)


def names() -> list[str]:
    """Every file of tests/benchmarks that is one."""
    hidden = ("_", "test_", "conftest")
    return sorted(file.stem for file in FOLDER.glob("*.py") if not file.stem.startswith(hidden))


def _run(engine: str, arguments: Sequence[str]) -> int:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="referral-desk-bench-")))
        if engine == "sqlite":
            url = environment.sqlite(folder / "bench.sqlite3")
        else:
            url = stack.enter_context(postgresql.cluster(durable=True))
        say(f"\n== {engine} ==")
        env = {**environment.tests(folder, url), "PYTHONPATH": str(TOP)}
        command: Command = [PYTHON, FOLDER / f"{arguments[0]}.py", *arguments[1:]]
        return abs(processes.run(command, env=env, cwd=TOP))
