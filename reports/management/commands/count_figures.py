"""`manage.py count_figures`: the figures brought up to date, made anew, or checked against the history."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from reports.actions import counting


class Command(BaseCommand):
    help = "Count what is new. --anew: every enquiry again, and all sums. --check: say whether the sums are true."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anew", action="store_true")
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["anew"]:
            self.stdout.write(f"{counting.count_anew():,} enquiries counted anew.")
        elif options["check"]:
            if wrong := counting.wrong_sums():
                raise CommandError(f"{wrong:,} sums are wrong. Run this with --anew.")
            self.stdout.write("Every sum is that of its facts.")
        else:
            self.stdout.write(f"{counting.count_new(timezone.now()):,} notes counted.")
