"""The worker's part: files that wait are scanned, refused ones are deleted, bytes without a row are swept away."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from intake.actions.attachments import STORAGE_FAULTS, record, remove_bytes
from intake.lifecycle import Party
from intake.models import Attachment, Enquiry, Notification, User
from intake.models.attachment import DEATHS_ALLOWED
from intake.refusals import Unavailable
from intake.scanner import ScanFailed, scan

log = logging.getLogger("referral_desk.scanning")
CHUNK = 256 * 1024
# Bytes are stored before their row: younger ones may still get it.
ORPHAN_AFTER = timedelta(days=1)


def scan_next(now: datetime) -> bool:
    """Scan the oldest file that waits; False when none does, or there is no scanner.

    Without a verdict it goes on waiting, for longer each time. Unavailable when the scanner itself is away.
    """
    attachment = Attachment.objects.claim(now) if settings.CLAMD else None
    if attachment is None:
        return False
    if attachment.deaths >= DEATHS_ALLOWED:
        note_failure(attachment, now, ScanFailed("its worker died"))
        return True
    try:
        found = scan(settings.CLAMD, content(attachment), timeout=settings.CLAMD_TIMEOUT)
    except ScanFailed as failed:
        note_failure(attachment, now, failed)
        return True
    settle(attachment, found)
    return True


def note_failure(attachment: Attachment, now: datetime, failed: ScanFailed) -> None:
    kind = str(failed.args[0])
    log.warning("%s: file %d was not scanned: %s", attachment.subject, attachment.pk, kind)
    attachment.retry(now, kind)
    if failed.away:
        raise Unavailable("The virus scanner does not answer.")


def content(attachment: Attachment) -> Iterator[bytes]:
    """The bytes in pieces; a storage that is away is no fault of the scanner's."""
    try:
        with default_storage.open(str(attachment.file.name), "rb") as file:
            yield from file.chunks(CHUNK)
    except STORAGE_FAULTS as fault:
        raise ScanFailed(f"storage: {type(fault).__name__}") from None


@transaction.atomic
def settle(attachment: Attachment, found: str) -> None:
    """The verdict with its line of history; refused bytes go, and who added them is told."""
    enquiry = Enquiry.objects.select_for_update().filter(pk=attachment.enquiry_id).first()
    if enquiry is None:
        return
    State = Attachment.State
    state = State.REFUSED if found else State.CLEAN
    verdict = {"state": state, "signature": found, "scanned_at": timezone.now()}
    forget = {"leased_until": None, "not_before": None, "last_error": "", **({"file": ""} if found else {})}
    if not attachment.mine(attachment.lease).update(**verdict, **forget):
        # Taken away meanwhile, or scanned by another worker.
        return
    facts = {"verdict": state, "signature": found, "attachment": attachment.pk}
    note = f"The scanner found {found}." if found else ""
    record(attachment, enquiry, "scanned", User.objects.system(), data=facts, note=note)
    if found:
        tell(attachment, enquiry)
        transaction.on_commit(partial(remove_bytes, str(attachment.file.name)))


def tell(attachment: Attachment, enquiry: Enquiry) -> None:
    """Whoever added it; of a case system, the referrer."""
    by = attachment.added_by
    if by.kind == User.Kind.PERSON:
        to, person = Party.ADDED_BY, by
    else:
        to, person = Party.REFERRER, None
    enquiry.notify(Notification.Kind.FILE_REFUSED, to=to, person=person, subject=attachment.subject)


def sweep(now: datetime) -> int:
    """Remove bytes that no attachment holds: one part of 256 a minute, so that all are seen many times a day."""
    part = f"{int(now.timestamp()) // 60 % 256:02x}"
    try:
        return sum(remove_orphan(f"{part}/{name}", now) for name in unheld(part))
    except STORAGE_FAULTS as fault:
        log.error("The storage could not be swept: %s", type(fault).__name__)
        return 0


def unheld(part: str) -> list[str]:
    try:
        names = set(default_storage.listdir(part)[1])
    except FileNotFoundError:
        return []
    held: set[str] = set()
    for some in batched(sorted(names)):
        rows = Attachment.objects.filter(file__in=[f"{part}/{name}" for name in some])
        held |= {str(place).partition("/")[2] for place in rows.values_list("file", flat=True)}
    return sorted(names - held)


def batched(names: list[str], size: int = 500) -> Iterator[list[str]]:
    for start in range(0, len(names), size):
        yield names[start : start + size]


def remove_orphan(place: str, now: datetime) -> bool:
    if now - default_storage.get_modified_time(place) < ORPHAN_AFTER:
        return False
    remove_bytes(place)
    return True
