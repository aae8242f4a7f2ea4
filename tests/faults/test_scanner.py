"""The virus scanner: a real clamd that finds, is stopped, is started again; and everything that is no verdict."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from intake.actions import attachments
from intake.actions.scanning import scan_next, settle
from intake.models import Attachment, Enquiry, Event, Notification
from intake.refusals import Unavailable
from intake.scanner import ScanFailed, scan
from reports.management.commands.work import Worker
from tests.factories import PDF, World, fresh
from tests.faults import clamd as pretenders
from tests.faults.clamd import LONGEST_STREAM, MARKER, Clamd, answering, pretender
from tests.intake import odd_files
from tests.intake.odd_files import EICAR

MARKED = PDF.replace(b"%PDF-1.7\n", b"%PDF-1.7\n%" + MARKER + b"\n")
CLEAN, WAITING, REFUSED = "clean", "waiting", "refused"


@pytest.fixture(scope="module")
def daemon() -> Iterator[Clamd]:
    made = Clamd()
    try:
        made.start()
        yield made
    finally:
        made.remove()


@pytest.fixture
def clamd(daemon: Clamd, settings: Any) -> Clamd:
    settings.CLAMD, settings.CLAMD_TIMEOUT = daemon.address, 20
    return daemon


def attached(world: World, content: bytes = PDF, name: str = "order.pdf") -> Attachment:
    file = SimpleUploadedFile(name, content)
    return attachments.attach(enquiry=world.enquiry(), by=world.referrer, role="order", file=file)


def asked(address: str, content: bytes = b"x", timeout: float = 20) -> str:
    return scan(address, [content], timeout=timeout)


# --- A running clamd --------------------------------------------------------------------------------------


def test_the_standard_test_virus_is_found_and_a_clean_stream_is_not(clamd: Clamd) -> None:
    assert asked(clamd.address, EICAR) == "Casework.Test.EICAR.UNOFFICIAL"
    assert asked(clamd.address, b"") == asked(clamd.address, PDF) == ""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("order.pdf", MARKED),
        ("order.docx", odd_files.office("word/document.xml", ("word/media/x", MARKER))),
        ("order.png", odd_files.picture("PNG")[:-12] + odd_files.chunk(b"tEXt", b"a\0" + MARKER)
            + odd_files.picture("PNG")[-12:]),
    ],
)  # fmt: skip
def test_a_file_with_the_signature_is_refused_and_its_bytes_are_deleted(
    clamd: Clamd, world: World, name: str, content: bytes, django_capture_on_commit_callbacks: Any
) -> None:
    attachment = attached(world, content, name)
    storage, place = attachment.file.storage, attachment.file.name
    with django_capture_on_commit_callbacks(execute=True):
        assert scan_next(timezone.now())
    refused = fresh(attachment)
    assert (refused.state, refused.signature) == (REFUSED, "Casework.Test.Marker.UNOFFICIAL")
    assert (refused.file.name, refused.sha256) == ("", attachment.sha256)
    assert not storage.exists(place)
    assert not scan_next(timezone.now())


def test_a_clean_file_is_clean_and_its_scan_is_in_the_history(clamd: Clamd, world: World) -> None:
    attachment = attached(world)
    assert scan_next(timezone.now())
    assert fresh(attachment).state == CLEAN
    line = Event.objects.get(verb="attachment.scanned")
    assert (line.by.kind, line.data["verdict"], line.data["signature"]) == ("system", CLEAN, "")


def test_what_was_found_is_for_the_hub_and_the_sender_is_told_that_it_was_refused(
    clamd: Clamd, world: World, api: Any, mailoutbox: Any
) -> None:
    attachment = attached(world, MARKED, "Mary Example.pdf")
    # The acknowledgement, with its PDF, is another story.
    Notification.objects.update(sent_at=timezone.now())
    Worker().drain()
    shown = {
        user: api(user).get(url_of(attachment)).json()["results"][0]
        for user in (world.referrer, world.coordinator)
    }
    assert "signature" not in shown[world.referrer]
    assert "Marker" in shown[world.coordinator]["signature"]
    line = Event.objects.get(verb="attachment.scanned")
    assert "Marker" in line.note_for(world.coordinator)
    assert line.note_for(world.referrer) == ""
    letter = next(mail for mail in mailoutbox if "A file could not be taken" in mail.subject)
    assert letter.to == [world.referrer.email]
    assert not any(word in letter.subject + letter.body for word in ("Mary", "Marker", "order"))


def url_of(attachment: Attachment) -> str:
    return f"/api/v1/enquiries/{attachment.subject}/attachments/"


def test_of_a_case_system_the_referrer_is_told(clamd: Clamd, world: World) -> None:
    file = SimpleUploadedFile("order.pdf", MARKED)
    attachments.attach(enquiry=world.enquiry(), by=world.case_system, role="order", file=file)
    scan_next(timezone.now())
    assert Notification.objects.get(kind="file_refused").to == "referrer"


def test_the_very_same_file_is_refused_at_once_the_next_time(clamd: Clamd, world: World, api: Any) -> None:
    attachment = attached(world, MARKED)
    scan_next(timezone.now())
    again = {"role": "order", "file": SimpleUploadedFile("other.pdf", MARKED)}
    answer = api(world.referrer).post(url_of(attachment), again, format="multipart")
    assert (answer.status_code, answer.data["errors"][0]["code"]) == (422, "refused")


def test_with_clamd_stopped_the_enquiry_is_accepted_and_the_file_waits_until_it_runs_again(
    clamd: Clamd, world: World, api: Any
) -> None:
    clamd.stop()
    try:
        attachment = attached(world)
        now = timezone.now()
        with pytest.raises(Unavailable):
            scan_next(now)
        enquiry = world.bring(attachment.enquiry, "accepted")
        waiting = fresh(attachment)
        assert (enquiry.status, waiting.state, waiting.attempts) == ("accepted", WAITING, 1)
        assert waiting.last_error == "FileNotFoundError"
        assert api(world.referrer).get(f"{url_of(attachment)}{attachment.pk}/").status_code == 409
        assert not scan_next(now)
    finally:
        clamd.start()
    assert scan_next(now + timedelta(minutes=2))
    assert fresh(attachment).state == CLEAN


def test_a_file_larger_than_the_scanner_takes_waits(clamd: Clamd, world: World) -> None:
    attachment = attached(world, PDF.replace(b"%%EOF", b"%" + b"x" * LONGEST_STREAM + b"\n%%EOF"))
    assert scan_next(timezone.now())
    assert (fresh(attachment).state, fresh(attachment).last_error) == (WAITING, "size limit")


# --- What is no verdict -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("behave", "kind"),
    [
        (pretenders.never_answers, "timeout"),
        (pretenders.reads_and_never_answers, "timeout"),
        (pretenders.closes_in_the_middle, "closed"),
        (answering(b""), "closed"),
        (answering(b"stream: OK"), "closed"),
        (answering(b"stream: O\0K\0"), "odd answer"),
        (answering(b"OK\0"), "odd answer"),
        (answering(b"\xff\xfe\0"), "odd answer"),
        (answering(b"stream: OK FOUND or not\0"), "odd answer"),
        (answering(b"UNKNOWN COMMAND\0"), "odd answer"),
        (answering(b"INSTREAM size limit exceeded. ERROR\0"), "size limit"),
        (answering(b"x" * 10_000), "closed"),
    ],
)
def test_no_verdict_leaves_the_file_waiting_with_the_kind_of_failure(
    behave: Any, kind: str, world: World, settings: Any
) -> None:
    attachment = attached(world)
    with pretender(behave) as settings.CLAMD:
        settings.CLAMD_TIMEOUT = 0.3
        try:
            scan_next(timezone.now())
        except Unavailable:
            assert kind in ("timeout", "closed")
    waiting = fresh(attachment)
    assert (waiting.state, waiting.attempts, waiting.failures) == (WAITING, 1, 1)
    assert waiting.last_error in (kind, "ConnectionResetError")
    assert waiting.not_before > timezone.now()


@pytest.mark.parametrize(
    "address", ["", "http://localhost", "unix:///nowhere/at/all", "tcp://127.0.0.1:1", "clamd"]
)
def test_an_address_where_nobody_scans_is_no_verdict(address: str) -> None:
    with pytest.raises(ScanFailed):
        asked(address, timeout=1)


def test_without_a_scanner_every_file_waits_and_nothing_is_tried(world: World, settings: Any) -> None:
    settings.CLAMD = ""
    attachment = attached(world)
    assert not scan_next(timezone.now())
    assert (fresh(attachment).state, fresh(attachment).attempts) == (WAITING, 0)


def test_bytes_that_cannot_be_read_are_no_verdict(clamd: Clamd, world: World) -> None:
    attachment = attached(world)
    attachment.file.storage.delete(attachment.file.name)
    assert scan_next(timezone.now())
    assert (fresh(attachment).state, fresh(attachment).last_error) == (WAITING, "storage: FileNotFoundError")


def test_each_failure_makes_the_wait_longer_and_it_is_never_given_up(world: World, settings: Any) -> None:
    attachment, now, waits = attached(world), timezone.now(), []
    with pretender(answering(b"OK\0")) as settings.CLAMD:
        for _ in range(8):
            assert scan_next(now)
            later = fresh(attachment).not_before
            waits.append((later - now).total_seconds() / 60)
            now = later
    assert waits == [1, 2, 5, 15, 60, 360, 360, 360]


def test_a_worker_that_dies_with_a_file_loses_it_and_three_deaths_make_it_wait_long(
    world: World, settings: Any
) -> None:
    settings.CLAMD = "tcp://127.0.0.1:1"
    attachment, now = attached(world), timezone.now()
    for _ in range(3):
        assert Attachment.objects.claim(now) == attachment
        assert Attachment.objects.claim(now) is None
        now += timedelta(minutes=6)
    assert scan_next(now)
    parked = fresh(attachment)
    assert (parked.last_error, parked.not_before) == ("its worker died", now + timedelta(hours=6))


def test_a_scanner_that_hangs_is_left_alone_and_letters_go_out(
    world: World, settings: Any, mailoutbox: Any
) -> None:
    settings.CLAMD_TIMEOUT = 0.2
    enquiry = world.enquiry()
    for pages in (1, 2, 3):
        file = SimpleUploadedFile("order.pdf", odd_files.pdf_of(pages))
        attachments.attach(enquiry=enquiry, by=world.referrer, role="order", file=file)
    worker = Worker()
    with pretender(pretenders.never_answers) as settings.CLAMD:
        worker.drain()
        worker.drain()
    assert len(mailoutbox) == Enquiry.objects.count() == 1
    assert sorted(Attachment.objects.values_list("attempts", flat=True)) == [0, 0, 1]


def test_a_file_taken_away_while_it_is_scanned_leaves_nothing(clamd: Clamd, world: World) -> None:
    enquiry = world.enquiry("draft")
    file = SimpleUploadedFile("order.pdf", PDF)
    attachment = attachments.attach(enquiry=enquiry, by=world.referrer, role="order", file=file)
    claimed = Attachment.objects.claim(timezone.now())
    attachments.remove(attachment=attachment, by=world.referrer)
    assert claimed is not None
    settle(claimed, "")
    assert not Attachment.objects.exists()
    assert not Event.objects.exists()
