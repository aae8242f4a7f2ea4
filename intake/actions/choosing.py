"""Somebody says which letters they get, and when."""

from collections.abc import Mapping

from django.db import transaction

from intake.checks import Fault
from intake.models import LetterChoice, User
from intake.refusals import Invalid
from intake.topics import topics_for
from intake.words import Language


@transaction.atomic
def choose_letters(*, by: User, choices: Mapping[str, str], language: str = "") -> None:
    """All of their choices anew; what is not among them comes at once. A second time it changes nothing.

    `language`: empty, it stays as it is.
    """
    free = {row.name for row in topics_for(by.organisation.kind) if not row.always}
    faults = [
        Fault(f"/{topic}", "unknown", "Choose one of the ways.")
        for topic, how in choices.items()
        if topic not in free or how not in LetterChoice.How
    ]
    if language and language not in Language.values:
        faults.append(Fault("/language", "unknown", "Choose one of the languages."))
    if faults:
        raise Invalid(faults)
    if language:
        User.objects.filter(pk=by.pk).update(language=language)
    LetterChoice.objects.filter(user=by).delete()
    LetterChoice.objects.bulk_create(
        LetterChoice(user=by, topic=topic, how=how)
        for topic, how in choices.items()
        if how != LetterChoice.How.AT_ONCE
    )
