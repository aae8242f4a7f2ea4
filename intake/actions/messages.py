"""What is said on an enquiry: messages between authority, hub and assessor, and the hub's own notes."""

import hashlib

from django.db import transaction
from django.utils import timezone

from intake.checks import Fault
from intake.lifecycle import Party, Status
from intake.models import Enquiry, Event, Message, MessagesSeen, Notification, Organisation, Share, User
from intake.models.idempotency import ONE_PRESS
from intake.models.message import Audience, read_by, written_by
from intake.refusals import Forbidden, Invalid, NotPossible

LONGEST = 100_000


@transaction.atomic
def write(*, enquiry: Enquiry, by: User, text: str, audience: str = "") -> Message:
    """Say something to an audience; without one it stays as far inside as its writer can keep it.

    The history keeps that it was written and a hash of the text, never the text. The very same by the same person
    within a minute is the message that stands already.
    """
    enquiry = Enquiry.objects.hold(enquiry)
    audience = check_writing(enquiry, by, text, audience)
    now = timezone.now()
    said = {"enquiry": enquiry, "audience": audience, "text": text, "by": by}
    if first := Message.objects.filter(**said, at__gt=now - ONE_PRESS).first():
        return first
    message = Message.objects.create(**said, by_name=by.name, organisation=by.organisation, at=now)
    record(message)
    if audience == Audience.AUTHORITY:
        tell_others(message)
    return message


def check_writing(enquiry: Enquiry, by: User, text: str, audience: str) -> str:
    """The audience, once it is sure that they may write to it, that it is sent, and that it says something."""
    mine = audiences_for(enquiry, by)
    audience = audience or next(iter(mine), "")
    if audience not in mine:
        raise Forbidden(f"Your role does not allow this: write a {noun(audience)}.")
    if enquiry.status == Status.DRAFT:
        raise NotPossible(enquiry.standing_sentence(), status=enquiry.status)
    if not text.strip():
        raise Invalid([Fault("/text", "required", f"Write the {noun(audience)}.")])
    if len(text) > LONGEST:
        raise Invalid([Fault("/text", "max_length", f"At most {LONGEST:,} characters.")])
    return audience


def noun(audience: str) -> str:
    return "note for the hub" if audience == Audience.HUB else "message"


def audiences_for(enquiry: Enquiry, user: User) -> list[str]:
    """To whom they may write on this very enquiry, the innermost first."""
    return written_by(user) if has_a_part(enquiry, user) else []


def readable_for(enquiry: Enquiry, user: User) -> list[str]:
    """Which of its messages they may read."""
    return read_by(user) if has_a_part(enquiry, user) else []


def has_a_part(enquiry: Enquiry, user: User) -> bool:
    """Whoever sees it; of a service, the assessor to whom it is assigned."""
    if user.organisation.kind != Organisation.Kind.SERVICE:
        return True
    return Share.objects.filter(enquiry=enquiry, person=user, until__isnull=True).exists()


def record(message: Message) -> None:
    note = message.is_note
    Event.objects.record(
        message.enquiry,
        verb="note.written" if note else "message.sent",
        by=message.by,
        at=message.at,
        data={
            "message": message.pk,
            "audience": message.audience,
            "sha256": hashlib.sha256(message.text.encode()).hexdigest(),
        },
        audience=Event.Audience.HUB if note else Event.Audience.ALL,
    )


def tell_others(message: Message) -> None:
    """The other sides: the referrer, the owner or the hub's mailbox, the assigned assessors; no word of the text."""
    enquiry, side = message.enquiry, message.organisation.kind
    if side != Organisation.Kind.AUTHORITY:
        enquiry.notify(Notification.Kind.MESSAGE, to=Party.REFERRER)
    if side != Organisation.Kind.HUB:
        enquiry.notify(Notification.Kind.MESSAGE, to=Party.COORDINATOR)
    assigned = User.objects.filter(
        pk__in=Share.objects.filter(enquiry=enquiry, person__isnull=False, until__isnull=True).values(
            "person"
        )
    )
    for assessor in assigned.exclude(pk=message.by_id):
        enquiry.notify(Notification.Kind.MESSAGE, to=Party.ASSESSOR, person=assessor)


def mark_seen(*, enquiry: Enquiry, by: User) -> None:
    """Somebody who could answer has opened the page: what stood there is no longer new to their organisation."""
    rows = Message.objects.visible_to(by).filter(enquiry=enquiry)
    if Audience.AUTHORITY not in written_by(by) or not rows.unread_by(by).exists():
        return
    last = rows.order_by("-pk").values_list("pk", flat=True)[:1].get()
    MessagesSeen.objects.bulk_create(
        [MessagesSeen(enquiry=enquiry, organisation=by.organisation, last=last)],
        update_conflicts=True,
        unique_fields=["enquiry", "organisation"],
        update_fields=["last"],
    )
