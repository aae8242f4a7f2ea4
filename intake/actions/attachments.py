"""Files with a role: looked at, kept under random names, closed until scanned, given out, taken away."""

import hashlib
import logging
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import BinaryIO

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Sum
from django.utils import timezone

from intake import uploads
from intake.checks import Fault
from intake.lifecycle import AMENDABLE, Role, Status
from intake.models import Attachment, Enquiry, Event, Organisation, Share, User, book
from intake.models.attachment import random_name
from intake.refusals import Forbidden, Invalid, NotFound, NotPossible, Unavailable

log = logging.getLogger("referral_desk.attachments")
REPORT = "report"
# What a storage raises when it is away: a disk, or a bucket.
STORAGE_FAULTS = (OSError, BotoCoreError, ClientError)
OPENERS = frozenset(
    {
        *(Role.REFERRER, Role.AUTHORITY_MANAGER, Role.API_CLIENT),
        *(Role.COORDINATOR, Role.MANAGER, Role.REVIEWER, Role.AUDITOR, Role.ASSESSOR),
    }
)
CLOSED = {
    Attachment.State.WAITING: "This file waits for the virus scan. It can be opened once that is done.",
    Attachment.State.REFUSED: "The virus scanner refused this file. It is not kept, and cannot be opened.",
}


@dataclass
class Kept:
    """Bytes that were looked at and lie in the storage; `row` once an attachment holds them."""

    role: str
    name: str
    found: uploads.Found
    size: int
    sha256: str
    place: str
    row: Attachment | None = None


# --- Attaching --------------------------------------------------------------------------------------------


def attach(
    *, enquiry: Enquiry, by: User, role: str, file: "UploadedFile[bytes]", subject: str = ""
) -> Attachment:
    """Keep a file with an enquiry or one of its referrals.

    The same bytes again in the same role are answered with the attachment there is, marked `known`.
    """
    # Whoever may not is told so before a large file is read.
    refuse_attaching(enquiry, by)
    with keeping(file, role) as kept:
        return add(enquiry=enquiry, by=by, kept=kept, subject=subject)


@contextmanager
def keeping(file: "UploadedFile[bytes]", role: str) -> Iterator[Kept]:
    """The bytes looked at, hashed and stored before any transaction; taken away unless a row holds them after it.

    When the database was away nobody knows whether the row stands: then they stay, for the sweep to decide.
    """
    kept = keep(file, role)
    try:
        yield kept
    except (OperationalError, InterfaceError):
        raise
    except BaseException:
        remove_bytes(kept.place)
        raise
    if kept.row is None:
        remove_bytes(kept.place)


def keep(file: "UploadedFile[bytes]", role: str) -> Kept:
    faults = []
    if role != REPORT and not book().codes.holds("document_role", role, timezone.localdate()):
        faults.append(Fault("/role", "unknown", "Choose one of the document roles in the list."))
    try:
        found = uploads.inspect(raw(file), file.name or "", file.size or 0)
    except uploads.Odd as odd:
        faults.append(uploads.fault(odd))
    if faults:
        raise Invalid(faults)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    size = file.size or 0
    return Kept(role, tidy_name(file.name or ""), found, size, digest.hexdigest(), store(file))


def raw(file: "UploadedFile[bytes]") -> BinaryIO:
    """Below Django's wrapper, as the parsers want it."""
    inner: BinaryIO = file.file  # type: ignore[assignment]
    return inner


def store(file: "UploadedFile[bytes]") -> str:
    file.seek(0)
    try:
        return default_storage.save(random_name(None, ""), file)
    except STORAGE_FAULTS as fault:
        log.error("A file could not be stored: %s", type(fault).__name__)
        raise Unavailable("Files cannot be taken at the moment. Please try again later.") from None


@transaction.atomic
def add(*, enquiry: Enquiry, by: User, kept: Kept, subject: str = "") -> Attachment:
    """The row for bytes that are kept, unless the same are there in the same role."""
    enquiry = Enquiry.objects.hold(enquiry)
    refuse_attaching(enquiry, by)
    subject = subject or enquiry.reference
    same = enquiry.attachments.filter(subject=subject, role=kept.role, sha256=kept.sha256).first()
    if same is not None:
        return known(same)
    refuse_too_many(enquiry, kept.size)
    attachment = kept.row = Attachment.objects.create(
        enquiry=enquiry,
        subject=subject,
        role=kept.role,
        name=kept.name,
        kind=kept.found.kind,
        size=kept.size,
        pages=kept.found.pages,
        sha256=kept.sha256,
        file=kept.place,
        added_by=by,
        added_at=timezone.now(),
    )
    facts = {"role": kept.role, "sha256": kept.sha256, "size": kept.size}
    record(attachment, enquiry, "added", by, data=facts)
    if enquiry.status == Status.DRAFT:
        # A file is an edit: the last day of the draft is counted from it.
        Enquiry.objects.filter(pk=enquiry.pk).update(updated_at=attachment.added_at)
    return attachment


def known(same: Attachment) -> Attachment:
    if same.state == Attachment.State.REFUSED:
        raise Invalid([Fault("/file", "refused", "The virus scanner has refused this very file before.")])
    same.known = True
    return same


def refuse_too_many(enquiry: Enquiry, size: int) -> None:
    """Counted while the enquiry is held: no two files slip in together."""
    held = enquiry.attachments.exclude(state=Attachment.State.REFUSED)
    count, together = held.count(), held.aggregate(sum=Sum("size"))["sum"] or 0
    if count >= uploads.MOST:
        raise Invalid([Fault("/file", "too_many", f"An enquiry holds at most {uploads.MOST} files.")])
    if together + size > uploads.LARGEST_TOGETHER:
        most = uploads.LARGEST_TOGETHER // 1024 // 1024
        raise Invalid(
            [Fault("/file", "too_much", f"The files of an enquiry hold at most {most} MB together.")]
        )


def record(attachment: Attachment, enquiry: Enquiry, verb: str, by: User, **facts: object) -> None:
    """A line of history; a draft has none. The caller holds the enquiry."""
    if enquiry.status != Status.DRAFT:
        Event.objects.record(
            enquiry,
            verb=f"attachment.{verb}",
            by=by,
            subject=attachment.subject,
            **facts,  # type: ignore[arg-type]
        )


def tidy_name(name: str) -> str:
    """What the sender called it, without paths, control characters and signs that turn text around."""
    plain = unicodedata.normalize("NFC", PurePath(name.replace("\\", "/")).name)
    return "".join(sign for sign in plain if sign.isprintable())[-200:]


def refuse_attaching(enquiry: Enquiry, by: User) -> None:
    """The authority while it may amend; the hub and the service it is shared with as long as it is seen."""
    if by.organisation.kind == Organisation.Kind.HUB and not by.has(Role.COORDINATOR, Role.MANAGER):
        raise Forbidden("Your role does not allow this: attach a file.")
    if by.organisation.kind == Organisation.Kind.AUTHORITY and enquiry.status not in AMENDABLE:
        raise NotPossible(enquiry.standing_sentence(), status=enquiry.status)


# --- Opening ----------------------------------------------------------------------------------------------


def open_file(*, attachment: Attachment, by: User) -> "File[bytes]":
    """The bytes of a clean file, to be streamed; who opened it is on record."""
    refuse_opening(attachment, by)
    opened = fetch(attachment)
    try:
        with transaction.atomic():
            enquiry = Enquiry.objects.hold(attachment.enquiry)
            facts = {"role": attachment.role, "attachment": attachment.pk}
            record(attachment, enquiry, "opened", by, data=facts, audience=Event.Audience.ACCESS)
    except BaseException:
        opened.close()
        raise
    return opened


def refuse_opening(attachment: Attachment, by: User) -> None:
    if not may_open(attachment.enquiry, by):
        raise Forbidden("Your role does not allow this: open a file.")
    if not attachment.is_clean:
        raise NotPossible(CLOSED[Attachment.State(attachment.state)], status=attachment.state)


def may_open(enquiry: Enquiry, by: User) -> bool:
    """By role; in a service, who is assigned to it."""
    if by.organisation.kind != Organisation.Kind.SERVICE:
        return by.has(*OPENERS)
    assigned = Share.objects.filter(enquiry=enquiry, person=by, until__isnull=True)
    return by.has(Role.ASSESSOR) and assigned.exists()


def fetch(attachment: Attachment) -> "File[bytes]":
    try:
        opened: File[bytes] = default_storage.open(str(attachment.file.name), "rb")
        # A bucket is asked only now, and goes over the disk.
        opened.seek(0)
    except STORAGE_FAULTS as fault:
        log.error("%s: a file could not be fetched: %s", attachment.subject, type(fault).__name__)
        raise Unavailable("This file cannot be fetched at the moment. Please try again later.") from None
    return opened


@transaction.atomic
def release(attachment: Attachment | None) -> None:
    """A delivered report is the authority's to read. The caller holds the enquiry."""
    if attachment is not None and attachment.released_at is None:
        attachment.released_at = timezone.now()
        attachment.save(update_fields=["released_at"])


# --- Taking away ------------------------------------------------------------------------------------------


@transaction.atomic
def remove(*, attachment: Attachment, by: User) -> None:
    """Take a file off a draft, whole; once it was sent it stays."""
    enquiry = Enquiry.objects.hold(attachment.enquiry)
    roles = {Role.REFERRER, Role.AUTHORITY_MANAGER, Role.API_CLIENT, Role.COORDINATOR, Role.MANAGER}
    if not by.has(*roles):
        raise Forbidden("Your role does not allow this: take a file away.")
    if enquiry.status != Status.DRAFT:
        raise NotPossible(
            "A file can be taken away from a draft only; this enquiry was sent.", status=enquiry.status
        )
    gone = Attachment.objects.filter(pk=attachment.pk, enquiry=enquiry).delete()[0]
    if not gone:
        raise NotFound
    transaction.on_commit(partial(remove_bytes, str(attachment.file.name)))


def remove_all(enquiry: Enquiry) -> None:
    """With a draft that is deleted: the rows now, the bytes once that is certain."""
    places = [str(row.file.name) for row in enquiry.attachments.all()]
    enquiry.attachments.all().delete()
    for place in places:
        transaction.on_commit(partial(remove_bytes, place))


def remove_bytes(place: str) -> None:
    """What a storage that is away keeps is found by the sweep."""
    if not place:
        return
    try:
        default_storage.delete(place)
    except STORAGE_FAULTS as fault:
        log.error("A file could not be removed: %s", type(fault).__name__)
