"""Compare the numbers on the desk with the enquiries themselves."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from intake.models import Tally


class Command(BaseCommand):
    help = (
        "Compares the kept numbers of open enquiries with the enquiries; exits with 1 where they differ. With "
        "--mend it corrects them; safe beside the running site."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mend", action="store_true", help="Correct what differs.")

    def handle(self, *args: Any, mend: bool, **options: Any) -> None:
        wrong = Tally.objects.wrong_by()
        for (status, owner), number in sorted(wrong.items(), key=str):
            self.stdout.write(f"{status}, owner {owner or 'nobody'}: {number:+}")
        if wrong and not mend:
            raise CommandError(f"{len(wrong)} of the numbers are not what they should be.")
        Tally.objects.mend(wrong)
        self.stdout.write(f"{len(wrong)} corrected." if wrong else "All numbers are right.")
