"""Write anew by what people and enquiries are found: after an upgrade that changes how names are folded or heard."""

from typing import Any

from django.core.management.base import BaseCommand

from intake import keys
from intake.models import Assessment, Enquiry, Person, Risk

AT_A_TIME = 2_000
KEYS = ("name_key", "sound_key", "initial_key", "postcode_key")


class Command(BaseCommand):
    help = (
        "Rewrites the keys of everybody named in an enquiry; safe to run again, and beside the running site."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        last, written = 0, 0
        rows = Person.objects.order_by("pk")
        while chunk := list(rows.filter(pk__gt=last)[:AT_A_TIME]):
            for person in chunk:
                person.put_keys()
            Person.objects.bulk_update(chunk, KEYS, batch_size=200)
            last, written = chunk[-1].pk, written + len(chunk)
        enquiries = keys.write_keys(Enquiry, Person, Assessment, Risk)
        self.stdout.write(f"Written for {written} people in {enquiries} enquiries.")
