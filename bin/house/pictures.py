"""bin/pictures: every page in every state as files, and the few that the README shows."""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from house import environment, native, packages, processes, tools
from house.places import PYTHON, TOP, Command, leave

README = TOP / "docs" / "pictures"
# Signed things stand in some pictures; nobody signs in with this one, and its database is gone afterwards.
SECRET = "of a world that is built for its pictures and thrown away with its database"


def main(arguments: Sequence[str]) -> int:
    """The pictures' folder, or --readme for those of docs/pictures; equal every time."""
    wanted = _wanted(arguments)
    processes.end_like_ctrl_c()
    packages.prepare(packages.DEVELOPMENT)
    native.prepare()
    tools.prepare([tools.CHROMIUM])
    try:
        with tempfile.TemporaryDirectory(prefix="referral-desk-pictures-") as folder:
            return abs(_take(wanted, Path(folder)))
    except KeyboardInterrupt:
        leave("\nStopped.", 130)


def _wanted(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/pictures", description="Take a picture of every page.")
    parser.add_argument("folder", type=Path, nargs="?", help="where they are put, with an index.html")
    parser.add_argument("--readme", action="store_true", help="those of docs/pictures instead")
    parser.add_argument(
        "--only", default="", metavar="WORDS", help="the pages with these words in their address"
    )
    wanted = parser.parse_args(arguments)
    if bool(wanted.folder) == wanted.readme:
        leave("bin/pictures FOLDER, or bin/pictures --readme.", 2)
    return wanted


def _take(wanted: argparse.Namespace, folder: Path) -> int:
    env = {
        **environment.tests(folder, environment.sqlite(folder / "pictures.sqlite3")),
        "SECRET_KEY": SECRET,
        "PYTHONPATH": str(TOP),
        # The browser's event loop stands around everything here, and disturbs nothing.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
    }
    log = folder / "log"
    for step in (["migrate", "--noinput"], ["load_reference"], ["collectstatic", "--noinput"]):
        if processes.run([PYTHON, "manage.py", *step], env=env, cwd=TOP, log=log):
            leave(f"manage.py {step[0]} did not succeed:\n{log.read_text()}", 1)
    command: Command = [PYTHON, "-m", "tests.browser.pictures", (wanted.folder or README).absolute()]
    more = ["--readme"] if wanted.readme else ["--only", wanted.only]
    return processes.run([*command, *more], env=env, cwd=TOP)
