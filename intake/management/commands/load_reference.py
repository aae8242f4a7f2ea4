"""`manage.py load_reference`: the shipped reference data into the tables, as often as you like."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from intake.actions.reference import load_reference


class Command(BaseCommand):
    help = "Load authorities, assessment types, code lists, holidays and clocks; adds what is not there yet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--overwrite", action="store_true", help="Put back rows that were edited.")

    def handle(self, *args: Any, **options: Any) -> None:
        added = load_reference(overwrite=options["overwrite"])
        self.stdout.write(", ".join(f"{count} {name} added" for name, count in added.items()))
