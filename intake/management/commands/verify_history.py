"""manage.py verify_history: is every line of history as it was written, and every state what it tells?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from intake import history
from intake.identifiers import normalise_reference
from intake.models import Enquiry, Event


class Command(BaseCommand):
    help = (
        "Walks the chain of each enquiry's history; names the first wrong line of each, and then ends with 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--enquiry", metavar="REFERENCE", help="Only this one.")

    def handle(self, *args: Any, **options: Any) -> None:
        reference = find(options["enquiry"]) if options["enquiry"] else ""
        faults = 0
        for fault in history.broken(reference):
            faults += 1
            self.stderr.write(str(fault))
        if faults:
            raise CommandError(
                f"The history of {faults} {'enquiry is' if faults == 1 else 'enquiries is'} broken."
            )
        lines = Event.objects.filter(enquiry__reference=reference) if reference else Event.objects.all()
        self.stdout.write(f"The history is whole: {lines.count()} lines.")


def find(given: str) -> str:
    reference = normalise_reference(given, "ENQ")
    if reference is None or not Enquiry.objects.filter(reference=reference).exists():
        raise CommandError("There is no enquiry with this reference.")
    return reference
