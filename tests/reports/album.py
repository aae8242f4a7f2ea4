"""What bin/papers runs: every document, short and long, English and Welsh, as PDF, as pictures, and checked."""
# ruff: noqa: E402

import argparse
import logging
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import django

django.setup()

import time_machine
from django.conf import settings
from django.db import transaction

from intake.limits import read_limits
from intake.models import Enquiry
from tests.factories import World
from tests.faults.server import UNLIMITED
from tests.reports import case, issued, structure
from tests.reports.birds import Birds

# A Tuesday in office hours, always the same.
AT = datetime(2026, 11, 24, 10, tzinfo=UTC)
LANGUAGES = {"en": "English", "cy": "Welsh"}
LENGTHS = {"short": False, "long": True}
DOTS = "70"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="")
    wanted = parser.parse_args()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.LIMITS = read_limits(UNLIMITED)
    settings.ALLOWED_HOSTS = ["testserver"]
    logging.disable(logging.WARNING)
    wanted.folder.mkdir(parents=True, exist_ok=True)
    leaves = [Leaf(*made, wanted.folder) for made in every() if wanted.only in made[0]]
    (wanted.folder / "index.html").write_text(index(leaves), encoding="utf-8")
    print(report(leaves))
    return int(any(leaf.faults for leaf in leaves))


def every() -> Iterator[tuple[str, str, str, bytes]]:
    """Each in a world of its own, which is gone afterwards."""
    for language in LANGUAGES:
        for length, long in LENGTHS.items():
            with time_machine.travel(AT, tick=False), transaction.atomic():
                world = World()
                found = case.lived(world, Birds())
                Enquiry.objects.filter(pk=found.enquiry.pk).update(language=language)
                found = case.longer(found, language) if long else found
                for name, made, _ in issued.all_of(world, found):
                    yield name, length, language, made
                transaction.set_rollback(True)


class Leaf:
    """One document: its file, its pages as pictures, and what is wrong with it."""

    def __init__(self, name: str, length: str, language: str, made: bytes, folder: Path) -> None:
        self.name, self.length, self.language = name, length, language
        self.file = folder / f"{name.replace(' ', '-')}-{length}-{language}.pdf"
        self.file.write_bytes(made)
        self.faults = structure.faults(made, "en-GB", language)
        self.pages = self.drawn(folder)

    def drawn(self, folder: Path) -> list[Path]:
        pdftoppm = shutil.which("pdftoppm")
        if pdftoppm is None:
            sys.exit("pdftoppm is not here: the package poppler-utils has it.")
        for old in folder.glob(f"{self.file.stem}-*.png"):
            old.unlink()
        subprocess.run([pdftoppm, "-r", DOTS, "-png", self.file, folder / self.file.stem], check=True)
        return sorted(folder.glob(f"{self.file.stem}-*.png"))


def report(leaves: list[Leaf]) -> str:
    """A line for each document, and what is wrong with those that fail."""
    lines = [f"{'document':<40}{'length':<8}{'language':<10}{'pages':>6}  structure"]
    for leaf in leaves:
        said = "; ".join(f"{fault.of}: {fault.says}" for fault in leaf.faults) or "ok"
        lines.append(f"{leaf.name:<40}{leaf.length:<8}{leaf.language:<10}{len(leaf.pages):>6}  {said}")
    failed = sum(bool(leaf.faults) for leaf in leaves)
    lines.append(
        f"{len(leaves)} documents, {sum(len(leaf.pages) for leaf in leaves)} pages, {failed} with a fault"
    )
    return "\n".join(lines)


def index(leaves: list[Leaf]) -> str:
    """The check as a table, then each document's pages side by side."""
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in ("Document", *structure.PROPERTIES))
    rows = "".join(row(leaf) for leaf in leaves)
    pages = "".join(pictures(leaf) for leaf in leaves)
    title = "Every document of Referral Desk"
    return (
        f'<!DOCTYPE html><html lang="en-GB"><meta charset="utf-8"><title>{title}</title>'
        "<style>body{font:15px system-ui;margin:24px}img{border:1px solid #999;width:300px;vertical-align:top}"
        "table{border-collapse:collapse}th,td{border:1px solid #bbb;padding:3px 7px;text-align:left}</style>"
        f"<h1>{title}</h1><h2>The check of their structure</h2><table><thead><tr>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody></table>{pages}</html>\n"
    )


def row(leaf: Leaf) -> str:
    wrong = {fault.of: fault.says for fault in leaf.faults}
    cells = "".join(f"<td>{escape(wrong.get(name, 'ok'))}</td>" for name in structure.PROPERTIES)
    return f'<tr><th scope="row"><a href="#{leaf.file.stem}">{escape(named(leaf))}</a></th>{cells}</tr>'


def named(leaf: Leaf) -> str:
    return f"{leaf.name.capitalize()}, {leaf.length}, {LANGUAGES[leaf.language]}"


def pictures(leaf: Leaf) -> str:
    shown = " ".join(
        f'<a href="{page.name}"><img loading="lazy" src="{page.name}" alt="Page {number}"></a>'
        for number, page in enumerate(leaf.pages, start=1)
    )
    return (
        f'<h2 id="{leaf.file.stem}"><a href="{leaf.file.name}">{escape(named(leaf))}</a></h2><p>{shown}</p>'
    )


if __name__ == "__main__":
    sys.exit(main())
