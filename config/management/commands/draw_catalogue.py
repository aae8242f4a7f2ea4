"""manage.py draw_catalogue: what documents and letters say, and their Welsh."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Draws the Welsh catalogue anew, keeping its translations; with --check it only compares."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Ends with 1 when anything lacks its Welsh.")

    def handle(self, *args: Any, **options: Any) -> None:
        # A tool of whoever changes the code, not of an installation: Babel is there for them only.
        from config import catalogue  # noqa: PLC0415

        found = catalogue.drawn(catalogue.read())
        files = {"django.po": catalogue.as_po(found), "django.mo": catalogue.as_mo(found)}
        changed = [name for name, content in files.items() if self.differs(name, content)]
        if not options["check"]:
            catalogue.FOLDER.mkdir(parents=True, exist_ok=True)
            for name in changed:
                (catalogue.FOLDER / name).write_bytes(files[name])
        faults = list(catalogue.faults(found))
        for fault in faults:
            self.stdout.write(fault)
        if options["check"] and (changed or faults):
            raise CommandError(
                f"{len(faults)} to be put right; not as drawn: {', '.join(changed) or 'nothing'}. "
                "Run manage.py draw_catalogue, and see docs/welsh.md."
            )
        self.stdout.write(f"{len(found)} messages, {len(faults)} to be put right.")

    def differs(self, name: str, content: bytes) -> bool:
        from config import catalogue  # noqa: PLC0415

        path = catalogue.FOLDER / name
        return not path.exists() or path.read_bytes() != content
