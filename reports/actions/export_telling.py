"""What waits for a second person: the hub's other managers and its auditors are written to."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from intake.models import Organisation, User
from reports.models import Agreed, Export, PrintRun
from reports.models.agreed import SECOND

log = logging.getLogger("referral_desk.exports")


@dataclass(frozen=True)
class Telling:
    """How a letter speaks of it."""

    subject: str
    template: str
    address: str


TELLINGS: dict[type[Agreed], Telling] = {
    Export: Telling("An export waits for a second person", "letters/export.txt", "exports"),
    PrintRun: Telling("A print run waits for a second person", "letters/print_run.txt", "prints"),
}


def tell_of_waiting(now: datetime) -> int:
    """The worker's round. At least once: stopped between sending and noting it, the letter goes again."""
    models: list[Any] = list(TELLINGS)
    return sum(tell(asked, now) for model in models for asked in model.objects.to_tell_of(now))


def tell(asked: Agreed, now: datetime) -> bool:
    people = User.objects.active().filter(
        organisation__kind=Organisation.Kind.HUB, role_grants__role__in=SECOND
    )
    to = sorted(set(people.exclude(pk=asked.made_by_id).values_list("email", flat=True)))
    if not to:
        log.error("%s %s waits for a second person, and there is none", asked._meta.verbose_name, asked)
        return False
    try:
        letter(asked, to).send()
    except OSError as fault:
        log.warning("A letter about what waits for a second person failed: %s", type(fault).__name__)
        return False
    rows: Any = type(asked)._default_manager
    return bool(rows.to_tell_of(now).filter(pk=asked.pk).update(told_at=now))


def letter(asked: Agreed, to: list[str]) -> EmailMessage:
    """Who asks, for what and why stands behind the link."""
    telling = TELLINGS[type(asked)]
    context = {
        "link": f"{settings.PUBLIC_URL}/{telling.address}/{asked.uid}/agree/",
        "provider": {"name": settings.PROVIDER_NAME, "phone": settings.PROVIDER_PHONE},
        "marking": settings.MARKING,
    }
    return EmailMessage(
        " ".join(f"{settings.MARKING}: {telling.subject}".split()),
        render_to_string(telling.template, context),
        to=to,
        headers={"Auto-Submitted": "auto-generated"},
    )
