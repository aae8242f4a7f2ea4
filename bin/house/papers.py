"""bin/papers: every document as PDF and as pictures, and what the check of its structure says."""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from house import environment, native, packages, processes, tools
from house.places import PYTHON, TOP, Command, leave


def main(arguments: Sequence[str]) -> int:
    """Into a folder, with an index.html; 1 when a document fails the check."""
    parser = argparse.ArgumentParser(prog="bin/papers", description="Make every document, and check it.")
    parser.add_argument("folder", type=Path, help="where they are put, with an index.html")
    parser.add_argument(
        "--only", default="", metavar="WORDS", help="the documents with these words in their name"
    )
    wanted = parser.parse_args(arguments)
    processes.end_like_ctrl_c()
    packages.prepare(packages.DEVELOPMENT)
    native.prepare()
    tools.prepare([tools.POPPLER])
    try:
        with tempfile.TemporaryDirectory(prefix="referral-desk-papers-") as folder:
            return abs(_make(wanted, Path(folder)))
    except KeyboardInterrupt:
        leave("\nStopped.", 130)


def _make(wanted: argparse.Namespace, folder: Path) -> int:
    env = {
        **environment.tests(folder, environment.sqlite(folder / "papers.sqlite3")),
        "PYTHONPATH": str(TOP),
    }
    log = folder / "log"
    for step in (["migrate", "--noinput"], ["load_reference"]):
        if processes.run([PYTHON, "manage.py", *step], env=env, cwd=TOP, log=log):
            leave(f"manage.py {step[0]} did not succeed:\n{log.read_text()}", 1)
    command: Command = [PYTHON, "-m", "tests.reports.album", wanted.folder.absolute(), "--only", wanted.only]
    return processes.run(command, env=env, cwd=TOP)
