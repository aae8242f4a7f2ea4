"""Programs that only the tests need: a browser, a reader of PDFs, a database server."""

import shutil
from collections.abc import Callable

from house import debian, postgresql
from house.environment import chromium
from house.places import NATIVE, say

NEEDED: dict[str, Callable[[], object]] = {
    "chromium": chromium,
    "poppler-utils": lambda: shutil.which("pdfinfo") or (NATIVE / "usr/bin/pdfinfo").exists(),
    postgresql.PACKAGE: postgresql.find,
}


def prepare(*, without: frozenset[str] = frozenset()) -> list[str]:
    """See that each is here; the names of those that could not be had."""
    wanted = [package for package, found in NEEDED.items() if package not in without and not found()]
    if wanted and not debian.install(wanted):
        debian.unpack(wanted)
    lacking = [package for package in wanted if not NEEDED[package]()]
    if lacking:
        say(f"Not here: {', '.join(lacking)}. The tests that need them will fail. What would help:")
        say(f"  {debian.by_hand(lacking)}")
    return lacking
