"""What waits for a second person: the hub's other managers and its auditors are written to."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage

from intake.models import Organisation, User
from intake.words import _
from reports import plain
from reports.models import Agreed, Export, PrintRun
from reports.models.agreed import SECOND

log = logging.getLogger("referral_desk.exports")


@dataclass(frozen=True)
class Telling:
    """How a letter speaks of it."""

    subject: str
    name: str
    address: str


TELLINGS: dict[type[Agreed], Telling] = {
    Export: Telling(_("An export waits for a second person"), "export", "exports"),
    PrintRun: Telling(_("A print run waits for a second person"), "print_run", "prints"),
}


def tell_of_waiting(now: datetime) -> int:
    """The worker's round. At least once: stopped between sending and noting it, the letter goes again."""
    models: list[Any] = list(TELLINGS)
    return sum(tell(asked, now) for model in models for asked in model.objects.to_tell_of(now))


def tell(asked: Agreed, now: datetime) -> bool:
    letters = letters_about(asked)
    if not letters:
        log.error("%s %s waits for a second person, and there is none", asked._meta.verbose_name, asked)
        return False
    try:
        for letter in letters:
            letter.send()
    except OSError as fault:
        log.warning("A letter about what waits for a second person failed: %s", type(fault).__name__)
        return False
    rows: Any = type(asked)._default_manager
    return bool(rows.to_tell_of(now).filter(pk=asked.pk).update(told_at=now))


def letters_about(asked: Agreed) -> list[EmailMessage]:
    """Who asks, for what and why stands behind the link."""
    telling = TELLINGS[type(asked)]

    def said() -> tuple[str, dict[str, Any]]:
        return str(telling.subject), {"link": f"{settings.PUBLIC_URL}/{telling.address}/{asked.uid}/agree/"}

    people = User.objects.active().filter(
        organisation__kind=Organisation.Kind.HUB, role_grants__role__in=SECOND
    )
    return plain.letters(telling.name, said, people=people.exclude(pk=asked.made_by_id))
