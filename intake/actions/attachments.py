"""Files with a role: checked by content and extension, stored under random names, closed until scanned."""

import hashlib
import unicodedata
from functools import partial
from pathlib import PurePath

import filetype
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from intake.checks import Fault
from intake.lifecycle import AMENDABLE, Role, Status
from intake.models import Attachment, Enquiry, Event, Organisation, User, book
from intake.refusals import Forbidden, Invalid, NotPossible

LARGEST = 20 * 1024 * 1024
# The extension and what the content must show.
TAKEN = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
}
REPORT = "report"


def attach(
    *, enquiry: Enquiry, by: User, role: str, file: "UploadedFile[bytes]", subject: str = ""
) -> Attachment:
    """Keep a file with an enquiry or one of its referrals. The bytes are read and hashed before the transaction."""
    kind, digest = examine(file, role)
    with transaction.atomic():
        enquiry = Enquiry.objects.hold(enquiry)
        refuse_attaching(enquiry, by)
        attachment = Attachment.objects.create(
            enquiry=enquiry,
            subject=subject or enquiry.reference,
            role=role,
            name=tidy_name(file.name or ""),
            kind=kind,
            size=file.size or 0,
            sha256=digest,
            file=file,
            added_by=by,
            added_at=timezone.now(),
        )
        if enquiry.status != Status.DRAFT:
            Event.objects.record(
                enquiry,
                verb="attachment.added",
                by=by,
                subject=attachment.subject,
                data={"role": role, "sha256": digest, "size": attachment.size},
            )
    return attachment


def remove_all(enquiry: Enquiry) -> None:
    """With a draft that is deleted: the rows now, the bytes once that is certain."""
    rows = list(enquiry.attachments.all())
    enquiry.attachments.all().delete()
    for row in rows:
        transaction.on_commit(partial(row.file.storage.delete, str(row.file.name)))


def examine(file: "UploadedFile[bytes]", role: str) -> tuple[str, str]:
    """The media type its content shows and its SHA-256; every fault at once."""
    faults = []
    if role != REPORT and not book().codes.holds("document_role", role, timezone.localdate()):
        faults.append(Fault("/role", "unknown", "Choose one of the document roles in the list."))
    if not file.size:
        faults.append(Fault("/file", "empty", "The file is empty."))
    elif file.size > LARGEST:
        faults.append(Fault("/file", "too_large", "The file is larger than 20 MB."))
    extension = PurePath(file.name or "").suffix.lower().removeprefix(".")
    guess = filetype.guess_mime(file.read(8192))
    file.seek(0)
    if TAKEN.get(extension) is None or TAKEN[extension] != guess:
        faults.append(
            Fault("/file", "type", "Send a PDF, Word (.docx), JPEG or PNG file whose name says what it is.")
        )
    if faults:
        raise Invalid(faults)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return str(guess), digest.hexdigest()


def tidy_name(name: str) -> str:
    """What the sender called it, without paths and control characters."""
    plain = unicodedata.normalize("NFC", PurePath(name.replace("\\", "/")).name)
    return "".join(sign for sign in plain if sign.isprintable())[-200:]


def refuse_attaching(enquiry: Enquiry, by: User) -> None:
    """The authority while it may amend; the hub and the service it is shared with as long as it is seen."""
    if by.organisation.kind == Organisation.Kind.HUB and not by.has(Role.COORDINATOR, Role.MANAGER):
        raise Forbidden("Your role does not allow this: attach a file.")
    if by.organisation.kind == Organisation.Kind.AUTHORITY and enquiry.status not in AMENDABLE:
        raise NotPossible(enquiry.standing_sentence(), status=enquiry.status)
