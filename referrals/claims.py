"""Claims that nobody touches: since when, which are about to go back to the queue, which are due to.

A touch is any line of history by the owner, and whatever puts the enquiry into triage: its claim, an answer.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from intake.deadlines import office_time_before
from intake.lifecycle import Status
from intake.models import Enquiry, Event, Organisation, book
from referrals.models import SecondLook

# The hub has no nation; its office keeps England's days, which are Wales's too.
OUR_NATION = Organisation.Nation.ENGLAND


def with_touch(rows: QuerySet[Enquiry]) -> QuerySet[Any]:
    """Each enquiry with the moment of its last touch."""
    lines = Event.objects.filter(enquiry=OuterRef("pk"))
    touches = lines.filter(Q(by=OuterRef("owner")) | Q(to_status=Status.IN_TRIAGE))
    return rows.annotate(touched_at=Subquery(touches.order_by("-sequence").values("at")[:1]))


def untouched(rows: QuerySet[Enquiry], since: datetime) -> QuerySet[Any]:
    """The claims that nobody has touched since; one that waits for a second look waits for somebody else."""
    claimed = rows.filter(status=Status.IN_TRIAGE)
    waits = SecondLook.objects.waiting().filter(enquiry=OuterRef("pk"))
    return with_touch(claimed).filter(~Exists(waits), touched_at__lte=since)


def lapsed(now: datetime) -> QuerySet[Any]:
    """The claims that go back to the queue now."""
    return untouched(Enquiry.objects.all(), office_hours_before(now, settings.CLAIM_HOURS))


def warned_from(now: datetime) -> datetime:
    """What was touched no later than this is about to go back."""
    return office_hours_before(now, settings.CLAIM_WARNING_HOURS)


def office_hours_before(now: datetime, hours: float) -> datetime:
    """In the office hours of our own team, as the decision clock of that day counts them."""
    shelf = book()
    open_hours = shelf.target(OUR_NATION, now).hours
    return office_time_before(now, timedelta(hours=hours), open_hours, shelf.calendars[OUR_NATION])
