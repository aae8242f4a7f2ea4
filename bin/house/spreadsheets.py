"""bin/spreadsheets: our tables, read by a spreadsheet; apart from the suite, since only root installs LibreOffice."""

import tempfile
from pathlib import Path

from house import environment, packages, processes, tools
from house.places import PYTHON, TOP


def main() -> int:
    """1 when a text became a formula, or LibreOffice cannot be had."""
    packages.prepare(packages.DEVELOPMENT)
    if tools.prepare([tools.SPREADSHEET]):
        return 1
    with tempfile.TemporaryDirectory(prefix="referral-desk-spreadsheets-") as folder:
        env = environment.tests(Path(folder), environment.sqlite(Path(folder) / "none.sqlite3"))
        return abs(processes.run([PYTHON, "-m", "tests.faults.spreadsheets"], env=env, cwd=TOP))
