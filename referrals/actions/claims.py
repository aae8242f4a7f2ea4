"""The next enquiry of a view, claimed in one go; claims that nobody touches go back to the queue."""

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from intake.actions import enquiries
from intake.lifecycle import ENQUIRY, Party, Status, Transition
from intake.models import Enquiry, IdempotencyKey, Notification, User
from intake.models.idempotency import KEPT_DAYS
from intake.refusals import Forbidden, NotPossible, Refused
from referrals import claims
from referrals.actions import triage

AT_A_TIME = 200


def claim_next(*, by: User, rows: QuerySet[Enquiry], view: str) -> Enquiry | None:
    """Claim the first of a view that nobody has; none when nothing is left.

    `rows` are what they see of it, in its order. Of many who ask at once each gets another: on PostgreSQL a row
    that is in somebody's hands is passed over, on SQLite one asks after the other.
    """
    return claim_next_once(by=by, rows=rows, view=view)[0]


def claim_next_once(
    *,
    by: User,
    rows: QuerySet[Enquiry],
    view: str,
    key: str = "",
    asked: str = "",
    same_for: timedelta = timedelta(days=KEPT_DAYS),
) -> tuple[Enquiry | None, bool]:
    """`claim_next`, and whether it is what an earlier call with this key claimed: asked again, nothing more is.

    `asked` is the query of the view; for another one a key is refused. Where nothing was left a key is not used up.
    """
    if not ENQUIRY.allowed(Transition.CLAIM, by.roles):
        raise Forbidden("Your role does not allow this: claim.")
    mark = hashlib.sha256(f"next?{asked}".encode()).hexdigest()
    used = IdempotencyKey.objects.filter(client=by, key=key)
    if first := used.filter(created_at__gt=timezone.now() - same_for).first() if key else None:
        return enquiries.replayed(by, first, mark), True
    try:
        with transaction.atomic():
            if key:
                used.filter(created_at__lte=timezone.now() - same_for).delete()
            return claim_first(by, rows, view, key, mark), False
    except IntegrityError:
        # Two at once with one key: the other has it now.
        if not key or (first := used.first()) is None:
            raise
        return enquiries.replayed(by, first, mark), True


def claim_first(by: User, rows: QuerySet[Enquiry], view: str, key: str, mark: str) -> Enquiry | None:
    free = rows.filter(status=Status.SUBMITTED, owner__isnull=True)
    first = free.select_for_update(skip_locked=True, of=("self",)).first()
    if first is not None and key:
        enquiries.remember(by, key, mark, first.reference)
    return triage.claim(enquiry=first, by=by, next_of=view) if first else None


def lapse_claims(now: datetime) -> int:
    """The worker's round: claims that nobody touched for eight office hours go back, once each."""
    done = 0
    for enquiry in claims.lapsed(now).order_by("pk")[:AT_A_TIME]:
        try:
            lapse_claim(enquiry=enquiry, now=now)
            done += 1
        except Refused:
            continue
    return done


@transaction.atomic
def lapse_claim(*, enquiry: Enquiry, now: datetime) -> Enquiry:
    """The system puts it back, and tells whoever had it."""
    enquiry = Enquiry.objects.hold(enquiry)
    if not claims.lapsed(now).filter(pk=enquiry.pk).exists():
        raise NotPossible("Somebody has touched it.", status=enquiry.status)
    former = enquiry.owner
    facts = {"untouched_hours": settings.CLAIM_HOURS}
    enquiry.make(Transition.RELEASE, by=User.objects.system(), at=now, facts=facts, owner=None)
    if former is not None and former.is_active:
        data = {"lifecycle": "enquiry", "transition": str(Transition.RELEASE)}
        enquiry.notify(Notification.Kind.TRANSITION, to=Party.FORMER_OWNER, person=former, data=data)
    return enquiry
