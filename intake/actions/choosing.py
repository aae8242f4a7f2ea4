"""Somebody says which letters they get, and when."""

from collections.abc import Mapping

from django.db import transaction

from intake.checks import Fault
from intake.models import LetterChoice, User
from intake.refusals import Invalid
from intake.topics import topics_for


@transaction.atomic
def choose_letters(*, by: User, choices: Mapping[str, str]) -> None:
    """All of their choices anew; what is not among them comes at once. A second time it changes nothing."""
    free = {row.name for row in topics_for(by.organisation.kind) if not row.always}
    faults = [
        Fault(f"/{topic}", "unknown", "Choose one of the ways.")
        for topic, how in choices.items()
        if topic not in free or how not in LetterChoice.How
    ]
    if faults:
        raise Invalid(faults)
    LetterChoice.objects.filter(user=by).delete()
    LetterChoice.objects.bulk_create(
        LetterChoice(user=by, topic=topic, how=how)
        for topic, how in choices.items()
        if how != LetterChoice.How.AT_ONCE
    )
