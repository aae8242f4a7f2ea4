"""Improvements that come from no case: their owner is told, and reminded, as of those that do."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from intake.lifecycle import Role
from intake.models import Organisation, Reminder, User, book
from referrals.actions.reminders import IMPROVEMENT, stage_of
from referrals.claims import OUR_NATION
from referrals.models import Improvement
from reports import plain
from reports.languages import known
from reports.letters import THE_DAY
from reports.reminding import WORDS

log = logging.getLogger("referral_desk.improvements")
# An owner of long ago has had their letter.
NEW = timedelta(days=7)


def tell_of_improvements(now: datetime) -> int:
    """The worker's round. At least once: stopped between sending and noting it, the letter goes again."""
    rows = Improvement.objects.open().filter(referral__isnull=True)
    rows = rows.select_related("owner").prefetch_related("steps")
    return sum(tell(row, stage, now) for row in rows for stage in stages(row, now))


def stages(row: Improvement, now: datetime) -> Iterator[str]:
    """What there is to say of it just now, under a name that stands for it once."""
    *_, step = row.steps.all()
    if step.by_id != row.owner_id and step.at > now - NEW:
        yield f"{row.owner_id} asked"
    if stage := stage_of(row.due_on, timezone.localdate(now), book().calendars[OUR_NATION]):
        yield f"{row.due_on} {stage}"


def tell(row: Improvement, stage: str, now: datetime) -> int:
    subject = f"improvement {row.pk}"
    if Reminder.objects.filter(subject=subject, kind=IMPROVEMENT, stage=stage).exists():
        return 0
    try:
        for letter in plain.letters("reminder", told(row, stage.split()[1]), people=people(row)):
            letter.send()
    except OSError as fault:
        log.warning("A letter about an improvement failed: %s", type(fault).__name__)
        return 0
    return int(Reminder.objects.first_time(subject, IMPROVEMENT, stage, now))


def told(row: Improvement, stage: str) -> plain.Told:
    """What is to change stands behind the link."""

    def said() -> tuple[str, dict[str, Any]]:
        words, reference = WORDS[IMPROVEMENT, stage], gettext("Improvement {number}").format(number=row.pk)
        says = known(words.headline)
        return f"{says} ({reference})", {
            "says": says,
            "to_do": known(words.to_do),
            "the_day": str(THE_DAY).format(day=date_format(row.due_on, "j F Y")),
            "reference": reference,
            "link": f"{settings.PUBLIC_URL}/improvements/{row.pk}/",
        }

    return said


def people(row: Improvement) -> list[User]:
    """Its owner, or the managers once they have left."""
    if row.owner.is_active:
        return [row.owner]
    managers = User.objects.active().with_role(Role.MANAGER)
    return list(managers.filter(organisation__kind=Organisation.Kind.HUB))
