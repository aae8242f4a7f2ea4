"""Who is looking at an enquiry: noted when its page is opened, forgotten after minutes, never history."""

import logging
from datetime import datetime

from django.db import OperationalError, transaction

from intake.models import Enquiry, Presence, User
from intake.models.presence import AGAIN_AFTER, LOOKERS, LOOKING

log = logging.getLogger("referral_desk.presence")


def look(*, enquiry: Enquiry, by: User, now: datetime) -> list[str]:
    """Note that somebody of the hub opened it; who else is looking, by name. One statement, at most two."""
    if not by.has(*LOOKERS):
        return []
    rows = list(Presence.objects.now_at(enquiry, now).select_related("user").order_by("user__name"))
    mine = next((row for row in rows if row.user_id == by.pk), None)
    if mine is None or mine.seen_at <= now - AGAIN_AFTER:
        note(enquiry, by, now)
    return [row.user.name for row in rows if row.user_id != by.pk]


def note(enquiry: Enquiry, by: User, now: datetime) -> None:
    """One upsert. A page is never held up by it: a database that is busy leaves it out."""
    try:
        with transaction.atomic():
            Presence.objects.bulk_create(
                [Presence(enquiry=enquiry, user=by, seen_at=now)],
                update_conflicts=True,
                unique_fields=("enquiry", "user"),
                update_fields=("seen_at",),
            )
    except OperationalError as fault:
        log.warning("Presence was not noted (%s).", type(fault).__name__)


def forget_presence(now: datetime) -> int:
    """The worker's round: nobody keeps a record of who looked when."""
    deleted, _ = Presence.objects.filter(seen_at__lte=now - LOOKING).delete()
    return deleted
