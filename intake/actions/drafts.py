"""Drafts nobody goes on with: their end announced to the author, and deleted on the day that was named."""

import logging
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F, ProtectedError, Q
from django.utils import timezone

from intake.actions import enquiries
from intake.lifecycle import Party, Status
from intake.models import Enquiry, Notification, User
from intake.models.enquiry import DRAFT_KEPT, ENDING_NOTICE, EnquiryQuerySet

log = logging.getLogger("referral_desk.drafts")
# Of one round; what is left comes with the next.
AT_A_TIME = 200
A_DAY = timedelta(days=1)


def tidy(now: datetime) -> int:
    """The worker's round, computed from dates. After an outage the author is told first, and has five days."""
    today = timezone.localdate(now)
    done = 0
    for row in to_announce(today).order_by("updated_at")[:AT_A_TIME]:
        done += announce(draft=row, now=now)
    for row in to_delete(today).order_by("updated_at")[:AT_A_TIME]:
        done += delete(draft=row, today=today)
    return done


def untouched_since(day: date) -> EnquiryQuerySet:
    """Drafts last edited before a day. One with a history, printed or read from, waits for a person's decision."""
    return Enquiry.objects.filter(status=Status.DRAFT, head_sequence=0, updated_at__lt=beginning_of(day))


def to_announce(today: date) -> EnquiryQuerySet:
    """Those whose end nobody was told of since the last edit."""
    untold = Q(ending_told_at__isnull=True) | Q(ending_told_at__lt=F("updated_at"))
    return untouched_since(today - DRAFT_KEPT + ENDING_NOTICE + A_DAY).filter(untold)


def to_delete(today: date) -> EnquiryQuerySet:
    """Those whose day has come; it is the day of `Enquiry.delete_on`."""
    return untouched_since(today - DRAFT_KEPT + A_DAY).filter(
        ending_told_at__gte=F("updated_at"), ending_told_at__lt=beginning_of(today - ENDING_NOTICE + A_DAY)
    )


def beginning_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@transaction.atomic
def announce(*, draft: Enquiry, now: datetime) -> int:
    """Tell the author once, in the statement that decides who does it; an edit since then makes it untrue."""
    won = to_announce(timezone.localdate(now)).filter(pk=draft.pk).update(ending_told_at=now)
    if won:
        draft.ending_told_at = now
        # A case system reads no letters: whoever is named as the referrer does.
        author = draft.created_by if draft.created_by.kind == User.Kind.PERSON else None
        if author or draft.referrer_email:
            draft.notify(
                Notification.Kind.DRAFT_ENDING,
                to=Party.REFERRER,
                person=author,
                data={"delete_on": str(draft.delete_on)},
            )
    return won


def delete(*, draft: Enquiry, today: date) -> int:
    """With its files; not one that somebody has edited, sent or deleted meanwhile."""
    try:
        with transaction.atomic():
            held = Enquiry.objects.hold(draft)
            if not to_delete(today).filter(pk=held.pk).exists():
                return 0
            enquiries.delete(held, None)
    except Enquiry.DoesNotExist:
        return 0
    except ProtectedError:
        log.warning("%s is due to be deleted, and something holds on to it.", draft.reference)
        return 0
    return 1
