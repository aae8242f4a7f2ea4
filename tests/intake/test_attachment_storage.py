"""Where the bytes lie: on the disk or in a bucket; nothing is kept that no attachment holds."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, transaction
from django.utils import timezone
from moto import mock_aws

from intake.actions import attachments
from intake.actions.scanning import ORPHAN_AFTER, scan_next, sweep
from intake.models import Attachment
from intake.refusals import Refused
from tests.factories import PDF, World, fresh
from tests.faults.clamd import answering, pretender

BUCKET, REGION = "desk-attachments", "eu-west-2"


def attached(row: Any, world: World, content: bytes = PDF) -> Attachment:
    file = SimpleUploadedFile("order.pdf", content)
    return attachments.attach(enquiry=row, by=world.referrer, role="order", file=file)


def url(attachment: Attachment) -> str:
    return f"/api/v1/enquiries/{attachment.subject}/attachments/{attachment.pk}/"


# --- A bucket ---------------------------------------------------------------------------------------------


@pytest.fixture
def bucket(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        made = boto3.resource("s3", region_name=REGION).create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        options = {
            "bucket_name": BUCKET,
            "region_name": REGION,
            "default_acl": None,
            "querystring_auth": True,
            "file_overwrite": False,
            "max_memory_size": 1_000,
        }
        backend = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
        settings.STORAGES = {**settings.STORAGES, "default": backend}
        yield made


def keys(bucket: Any) -> list[str]:
    return [row.key for row in bucket.objects.all()]


def test_in_a_bucket_a_file_is_kept_scanned_and_given_out_through_our_own_door(
    bucket: Any, world: World, api: Any, settings: Any
) -> None:
    attachment = attached(world.enquiry(), world)
    assert keys(bucket) == [attachment.file.name]
    with pretender(answering(b"stream: OK\0")) as settings.CLAMD:
        assert scan_next(timezone.now())
    answer = api(world.coordinator).get(url(attachment))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment;")


def test_in_a_bucket_a_refused_file_is_deleted(
    bucket: Any, world: World, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    attachment = attached(world.enquiry(), world)
    with (
        pretender(answering(b"stream: Test FOUND\0")) as settings.CLAMD,
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert scan_next(timezone.now())
    assert (fresh(attachment).state, keys(bucket)) == ("refused", [])


def test_a_bucket_that_is_away_is_said_and_nothing_is_taken(bucket: Any, world: World, api: Any) -> None:
    enquiry = world.enquiry()
    clean = attached(enquiry, world)
    Attachment.objects.update(state="clean", scanned_at=timezone.now())
    bucket.objects.delete()
    bucket.delete()
    body = {"role": "care_plan", "file": SimpleUploadedFile("plan.pdf", PDF)}
    sent = api(world.referrer).post(
        f"/api/v1/enquiries/{enquiry.reference}/attachments/", body, format="multipart"
    )
    assert (sent.status_code, api(world.referrer).get(url(clean)).status_code) == (503, 503)
    assert Attachment.objects.count() == 1


def test_in_a_bucket_what_no_attachment_holds_is_swept(bucket: Any, world: World) -> None:
    attached(world.enquiry(), world)
    bucket.put_object(Key=f"{PART}/orphan", Body=b"x")
    assert sweep(AFTER) == 1
    assert len(keys(bucket)) == 1


# --- Nothing is left behind -------------------------------------------------------------------------------

# A minute at which the sweep looks at this part, long after anything here was written.
PART = "2a"
AFTER = datetime.fromtimestamp((10**7 * 256 + 0x2A) * 60, UTC)


def lie(name: str = "orphan") -> str:
    return default_storage.save(f"{PART}/{name}", ContentFile(b"x"))


def test_bytes_without_a_row_are_removed_after_a_day_and_held_ones_never(world: World) -> None:
    orphan = lie()
    attachment = attached(world.enquiry(), world)
    Attachment.objects.update(file=lie("held"))
    assert sweep(AFTER) == 1
    assert not default_storage.exists(orphan)
    assert default_storage.exists(fresh(attachment).file.name)
    assert sweep(AFTER) == 0


def test_young_bytes_are_left_since_their_row_may_be_on_its_way(db: None) -> None:
    orphan = lie()
    now = timezone.now()
    in_this_part = now + timedelta(minutes=(0x2A - int(now.timestamp()) // 60) % 256)
    assert in_this_part - now < ORPHAN_AFTER
    assert sweep(in_this_part) == 0
    assert default_storage.exists(orphan)


def test_within_256_minutes_every_part_is_swept(db: None) -> None:
    for part in ("00", "7f", "ff"):
        default_storage.save(f"{part}/orphan", ContentFile(b"x"))
    assert sum(sweep(AFTER + timedelta(minutes=minute)) for minute in range(256)) == 3


@pytest.mark.parametrize("fault", [Refused("No."), KeyError("x")])
def test_a_row_that_does_not_come_about_leaves_no_bytes(world: World, fault: Exception) -> None:
    with pytest.raises(type(fault)):
        fail_after_attaching(world, fault)
    assert not Attachment.objects.exists()
    assert everything() == []


def test_when_the_database_was_away_the_bytes_stay_for_the_sweep(world: World) -> None:
    """Nobody knows whether the row was written: a clean file is not to lose its bytes."""
    with pytest.raises(OperationalError):
        fail_after_attaching(world, OperationalError())
    assert len(everything()) == 1


def fail_after_attaching(world: World, fault: Exception) -> None:
    enquiry = world.enquiry()
    file = SimpleUploadedFile("order.pdf", PDF)
    with attachments.keeping(file, "order") as kept, transaction.atomic():
        attachments.add(enquiry=enquiry, by=world.referrer, kept=kept)
        raise fault


def everything() -> list[str]:
    folders = default_storage.listdir("")[0] if default_storage.exists("") else []
    return [name for folder in folders for name in default_storage.listdir(folder)[1]]
