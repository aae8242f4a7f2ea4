"""Exports that wait for a second person: the hub's other managers and its auditors are written to."""

import logging
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from intake.models import Organisation, User
from reports.models import Export
from reports.models.export import SECOND

log = logging.getLogger("referral_desk.exports")


def tell_of_exports(now: datetime) -> int:
    """The worker's round. At least once: stopped between sending and noting it, the letter goes again."""
    return sum(tell(export, now) for export in Export.objects.to_tell_of(now))


def tell(export: Export, now: datetime) -> bool:
    people = User.objects.active().filter(
        organisation__kind=Organisation.Kind.HUB, role_grants__role__in=SECOND
    )
    to = sorted(set(people.exclude(pk=export.made_by_id).values_list("email", flat=True)))
    if not to:
        log.error("export %s waits for a second person, and there is none", export)
        return False
    try:
        letter(export, to).send()
    except OSError as fault:
        log.warning("A letter about an export failed: %s", type(fault).__name__)
        return False
    return bool(Export.objects.to_tell_of(now).filter(pk=export.pk).update(told_at=now))


def letter(export: Export, to: list[str]) -> EmailMessage:
    """Who asks, for what and why stands behind the link."""
    context = {
        "link": f"{settings.PUBLIC_URL}/exports/{export.uid}/agree/",
        "provider": {"name": settings.PROVIDER_NAME, "phone": settings.PROVIDER_PHONE},
        "marking": settings.MARKING,
    }
    return EmailMessage(
        " ".join(f"{settings.MARKING}: An export waits for a second person".split()),
        render_to_string("letters/export.txt", context),
        to=to,
        headers={"Auto-Submitted": "auto-generated"},
    )
