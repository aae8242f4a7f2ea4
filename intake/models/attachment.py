"""Files somebody gave us, under random names, closed until they are scanned."""

from typing import Self
from uuid import uuid4

from django.db import models

from intake.models.enquiry import Enquiry, Share
from intake.models.organisation import Organisation
from intake.models.user import User


def random_name(attachment: "Attachment", filename: str) -> str:
    """Where the bytes lie: nothing of what the sender called them."""
    name = uuid4().hex
    return f"{name[:2]}/{name}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: User) -> Self:
        """As visible as the enquiry; a referral's files to the hub and the service that has it."""
        rows = self.filter(enquiry__in=Enquiry.objects.visible_to(user))
        if user.organisation.kind == Organisation.Kind.HUB:
            return rows
        return rows.filter(Share.objects.subjects_for(user))


class Attachment(models.Model):
    """A file with a role; no download exists before a scanner has said it is clean."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for scan"
        CLEAN = "clean", "Clean"
        REFUSED = "refused", "Refused by the scanner"

    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="attachments")
    subject = models.CharField(max_length=16, help_text="The reference it belongs to.")
    role = models.CharField(max_length=40)
    name = models.CharField(max_length=200, help_text="What the sender called it.")
    kind = models.CharField(max_length=100, help_text="The media type its content shows.")
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=random_name, max_length=80)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ("added_at", "id")

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"
