"""Putting up a few words on every page, and taking them down; who did, and when, stays on record."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from intake.checks import Fault
from intake.lifecycle import Role
from intake.models import User
from intake.models.banner import Banner, forget
from intake.refusals import Forbidden, Invalid

MAY = (Role.MANAGER, Role.ADMINISTRATOR)


def refuse_speaking(by: User) -> None:
    if not by.has(*MAY):
        raise Forbidden("Your role does not allow this: say something to everybody.")


@transaction.atomic
def put_up(*, by: User, text: str, tone: str, audience: str, since: datetime, until: datetime) -> Banner:
    """Seen by everybody whom it is for within a minute of its beginning."""
    refuse_speaking(by)
    now, faults = timezone.now(), []
    if not text.strip():
        faults.append(Fault("/text", "required", "Write what is to be said."))
    if until <= max(since, now):
        faults.append(Fault("/until", "order", "It has to end after it begins, and later than now."))
    if faults:
        raise Invalid(faults)
    row = Banner.objects.create(
        text=text.strip(), tone=tone, audience=audience, since=since, until=until, put_up_by=by, put_up_at=now
    )
    transaction.on_commit(forget)
    return row


@transaction.atomic
def take_down(*, banner: Banner, by: User) -> None:
    """The second time changes nothing."""
    refuse_speaking(by)
    rows = Banner.objects.filter(pk=banner.pk, taken_down_at__isnull=True)
    rows.update(taken_down_by=by, taken_down_at=timezone.now())
    transaction.on_commit(forget)
