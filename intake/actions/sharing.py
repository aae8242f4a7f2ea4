"""Who is let in: services from offer to decline, auditors with a reason, coordinators to a withheld address."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from intake import bodies
from intake.bodies import Body
from intake.checks import Fault
from intake.identifiers import normalise_reference
from intake.lifecycle import Role, Status
from intake.models import Enquiry, Event, Opened, Organisation, Share, User, WebhookDelivery
from intake.refusals import Forbidden, Invalid, NotFound

OPEN_FOR = timedelta(hours=8)


def share(enquiry: Enquiry, *, with_: Organisation, because: str, person: User | None = None) -> None:
    """Lend an enquiry to a service, or within it to an assessor, because of a referral."""
    Share.objects.create(
        enquiry=enquiry, organisation=with_, person=person, because=because, since=timezone.now()
    )
    if person is None and with_.webhooks_on:
        # The line that lent it was written a moment before it was theirs to see.
        line = Event.objects.filter(enquiry=enquiry, subject=because).latest("sequence")
        WebhookDelivery.objects.fan_out(line, Q(organisation=with_))


def unshare(enquiry: Enquiry, *, because: str, person: User | None = None) -> None:
    """Take it back, from everybody it was lent to because of that referral, or from one person."""
    shares = Share.objects.filter(enquiry=enquiry, because=because, until__isnull=True)
    if person is not None:
        shares = shares.filter(person=person)
    shares.update(until=timezone.now())


@transaction.atomic
def open_with_reason(*, reference: str, by: User, reason: str) -> Enquiry:
    """The auditor reads one enquiry for eight hours, for a reason that stays in its history."""
    if not by.has(Role.AUDITOR):
        raise Forbidden("Your role does not allow this: open an enquiry with a reason.")
    if not reason.strip():
        raise Invalid([Fault("/reason", "required", "Give the reason for reading this enquiry.")])
    sent = Enquiry.objects.exclude(status=Status.DRAFT)
    found = sent.filter(reference=normalise_reference(reference, "ENQ")).first()
    if found is None:
        raise NotFound
    enquiry = Enquiry.objects.hold(found)
    now = timezone.now()
    Opened.objects.create(enquiry=enquiry, user=by, reason=reason, since=now, until=now + OPEN_FOR)
    Event.objects.record(
        enquiry, verb="enquiry.opened", by=by, at=now, note=reason, audience=Event.Audience.ACCESS
    )
    return enquiry


@transaction.atomic
def disclose(*, enquiry: Enquiry, by: User, reason: str) -> Body:
    """Show a coordinator the withheld address, for a reason that stays in the history."""
    if not by.has(Role.COORDINATOR, Role.MANAGER):
        raise Forbidden("Your role does not allow this: see the withheld address.")
    if not reason.strip():
        raise Invalid([Fault("/reason", "required", "Give the reason for which you need the address.")])
    enquiry = Enquiry.objects.hold(enquiry)
    Event.objects.record(
        enquiry, verb="enquiry.disclosed", by=by, note=reason, audience=Event.Audience.ACCESS
    )
    return bodies.read(enquiry)
