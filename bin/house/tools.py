"""Programs that only the tests need: a browser, a reader of PDFs, a database server, a virus scanner, a spreadsheet."""

import shutil
from collections.abc import Callable, Iterable

from house import debian, postgresql
from house.environment import chromium
from house.places import NATIVE, say

CHROMIUM = "chromium"
POPPLER = "poppler-utils"
CLAMAV = "clamav-daemon"
SPREADSHEET = "libreoffice-calc-nogui"
# Their packages start services of the machine; a test needs the program only.
ONLY_UNPACKED = frozenset({CLAMAV})
NEEDED: dict[str, Callable[[], object]] = {
    CHROMIUM: chromium,
    POPPLER: lambda: shutil.which("pdfinfo") or (NATIVE / "usr/bin/pdfinfo").exists(),
    postgresql.PACKAGE: postgresql.find,
    SPREADSHEET: lambda: shutil.which("soffice"),
    CLAMAV: lambda: shutil.which("clamd", path=f"/usr/sbin:{NATIVE / 'usr/sbin'}"),
}


def prepare(needed: Iterable[str]) -> list[str]:
    """See that each is here; the names of those that could not be had."""
    wanted = [package for package in needed if not NEEDED[package]()]
    installed = [package for package in wanted if package not in ONLY_UNPACKED]
    if installed and not debian.install(installed):
        debian.unpack(installed)
    if unpacked := [package for package in wanted if package in ONLY_UNPACKED]:
        debian.unpack(unpacked)
    lacking = [package for package in wanted if not NEEDED[package]()]
    if lacking:
        say(f"Not here: {', '.join(lacking)}. The tests that need them will fail. What would help:")
        say(f"  {debian.by_hand(lacking)}")
    return lacking
