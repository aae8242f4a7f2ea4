"""`manage.py explain_order ENQ-...`: why an enquiry stands where it stands in the order of the work."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from intake.explaining import standing
from intake.identifiers import normalise_reference
from intake.models import Enquiry, User


class Command(BaseCommand):
    help = "Explain the place of one open enquiry in the order of the work, with its reasons and points."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference")

    def handle(self, *args: Any, reference: str, **options: Any) -> None:
        system = User.objects.system()
        rows = Enquiry.objects.visible_to(system).select_related("authority")
        enquiry = rows.filter(reference=normalise_reference(reference, "ENQ")).first()
        found = standing(enquiry, system) if enquiry else None
        if enquiry is None or found is None:
            raise CommandError("There is no open enquiry with this reference.")
        self.stdout.write(f"{enquiry.reference}: {found.priority.sentence}.")
        for reason in found.priority.reasons:
            self.stdout.write(f"  {reason.points:>4}  {reason.text}")
        self.stdout.write(f"  {found.priority.points:>4}  together")
        self.stdout.write(found.place_sentence)
        self.stdout.write(found.sentence)
