"""What the web form does besides saving a section."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from intake import bodies
from intake.actions import attachments, enquiries
from intake.lifecycle import Status
from intake.models import Attachment, Enquiry, User


@transaction.atomic
def declare_and_send(*, enquiry: Enquiry, by: User, declaration: dict[str, Any]) -> Enquiry:
    """Keep the declaration and send the whole: both, or neither."""
    enquiry = enquiries.amend(enquiry=enquiry, by=by, changes={"declaration": declaration or None})
    return enquiries.send(enquiry=enquiry, by=by)


def attach(*, enquiry: Enquiry, by: User, role: str, file: "UploadedFile[bytes]") -> Attachment:
    """Keep a file; the list of documents of a draft then says that we have it, so that nobody is asked twice."""
    # Whoever may not is told so before a large file is read.
    attachments.refuse_attaching(enquiry, by)
    with attachments.keeping(file, role) as kept, transaction.atomic():
        attached = attachments.add(enquiry=enquiry, by=by, kept=kept)
        if attached.enquiry.status == Status.DRAFT:
            say_it_is_there(attached.enquiry, by, role)
    return attached


def say_it_is_there(draft: Enquiry, by: User, role: str) -> None:
    """One that was to come has come; one that was not listed is."""
    papers = bodies.read(draft).get("documents") or []
    listed = [n for n, paper in enumerate(papers) if paper.get("role") == role]
    waited = [n for n in listed if papers[n].get("state") != "have"]
    here = {"role": role, "state": "have"}
    if waited:
        papers = [{**paper, **here} if n == waited[0] else paper for n, paper in enumerate(papers)]
    elif not listed:
        papers = [*papers, here]
    else:
        return
    enquiries.amend(enquiry=draft, by=by, changes={"documents": papers})
