"""The files of a subject as a page lists them, with what this person can do with each."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from intake.actions import attachments
from intake.lifecycle import Status
from intake.models import Attachment, Enquiry, Organisation, User, book

TONES = {
    Attachment.State.WAITING: "waiting",
    Attachment.State.CLEAN: "well",
    Attachment.State.REFUSED: "late",
}


@dataclass(frozen=True)
class Line:
    """One file as a page shows it, with what this person can do with it."""

    file: Attachment
    role: str
    tone: str
    opens: str
    removes: str
    # What the scanner found, for the hub.
    found: str


def lines(enquiry: Enquiry, user: User, subject: str = "", *, may_remove: bool = False) -> list[Line]:
    """The files of a subject as far as this person sees them, oldest first."""
    subject = subject or enquiry.reference
    rows = list(Attachment.objects.visible_to(user).filter(enquiry=enquiry, subject=subject))
    opens = bool(rows) and attachments.may_open(enquiry, user)
    removes = may_remove and enquiry.status == Status.DRAFT
    return [line(row, user, opens=opens, removes=removes) for row in rows]


def line(row: Attachment, user: User, *, opens: bool, removes: bool) -> Line:
    page = "referral-attachment" if row.subject.startswith("REF-") else "attachment"
    here = (row.subject, row.pk)
    in_hub = user.organisation.kind == Organisation.Kind.HUB
    return Line(
        file=row,
        role=gettext("Report")
        if row.role == attachments.REPORT
        else book().codes.label("document_role", row.role),
        tone=TONES[Attachment.State(row.state)],
        opens=reverse(page, args=here) if opens and row.is_clean else "",
        removes=reverse("remove-attachment", args=here) if removes else "",
        found=row.signature if in_hub else "",
    )
