"""What is destroyed leaves a line: written in the transaction that destroys it."""

import json
from datetime import datetime

from django.utils.crypto import salted_hmac

from intake import bodies
from intake.models import Disposal, Enquiry, Notification, User
from intake.models.enquiry import DRAFT_KEPT, ENDING_NOTICE

KEYED_FOR = "intake.disposal"


def record(draft: Enquiry, by: User | None) -> Disposal:
    """Before it goes. `by` is whoever deleted it; nobody where its last day had come."""
    files = list(draft.attachments.order_by("pk").values_list("sha256", flat=True))
    return Disposal.objects.create(
        authority=draft.authority,
        reference=draft.reference,
        rule=Disposal.Rule.DISCARDED if by else Disposal.Rule.LAST_DAY,
        by=by,
        kept_days=DRAFT_KEPT.days,
        notice_days=ENDING_NOTICE.days,
        last_changed_at=draft.updated_at,
        told_at=told_at(draft),
        files=len(files),
        digest=digest(draft, files),
    )


def told_at(draft: Enquiry) -> datetime | None:
    """By the letter, not by the day of the round: of some drafts nobody can be told."""
    letters = draft.notifications.filter(kind=Notification.Kind.DRAFT_ENDING)
    last: datetime | None = letters.order_by("created_at").values_list("created_at", flat=True).last()
    return last


def digest(draft: Enquiry, files: list[str]) -> str:
    """Under a key of this installation: without it nobody finds out by trying what a short record said."""
    said = json.dumps([bodies.read(draft), files], sort_keys=True, default=str)
    return salted_hmac(KEYED_FOR, said, algorithm="sha256").hexdigest()
