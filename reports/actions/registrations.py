"""Assessors whose registration ends: their service's leads are told a month before, a week before, and after."""

import logging
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.translation import gettext

from intake.lifecycle import Role
from intake.models import Reminder, User
from referrals.models import Assessor
from reports import plain

log = logging.getLogger("referral_desk.registrations")
MONTH, WEEK = timedelta(days=30), timedelta(days=7)
KIND = "registration"


def tell_of_registrations(now: datetime) -> int:
    """The worker's round. At least once: stopped between sending and noting it, the letter goes again."""
    today, sent = timezone.localdate(now), 0
    rows = Assessor.objects.filter(user__is_active=True, registration_until__lt=today + MONTH)
    for profile in rows.select_related("service"):
        sent += tell(profile, stage_of(profile.registration_until, today), now)
    return sent


def stage_of(until: date | None, today: date) -> str:
    """How near the end is; the last day of a registration still counts."""
    assert until is not None
    stage = "ended" if until < today else "a week" if until < today + WEEK else "a month"
    return f"{until} {stage}"


def tell(profile: Assessor, stage: str, now: datetime) -> int:
    if Reminder.objects.filter(subject=f"assessor {profile.pk}", kind=KIND, stage=stage).exists():
        return 0
    leads = User.objects.active().with_role(Role.SERVICE_LEAD).filter(organisation=profile.service)
    try:
        for letter in letters(leads, ended=stage.endswith("ended")):
            letter.send()
    except OSError as fault:
        log.warning("A letter about a registration failed: %s", type(fault).__name__)
        return 0
    return int(Reminder.objects.first_time(f"assessor {profile.pk}", KIND, stage, now))


def letters(leads: Iterable[User], *, ended: bool) -> list[EmailMessage]:
    """Whose it is stands behind the link; an e-mail names nobody."""

    def said() -> tuple[str, dict[str, Any]]:
        says = gettext("A registration has ended") if ended else gettext("A registration ends soon")
        return says, {"ended": ended, "link": f"{settings.PUBLIC_URL}/"}

    return plain.letters("registration", said, people=leads)
