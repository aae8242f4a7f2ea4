"""Files somebody gave us, under random names, closed until they are scanned."""

from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Self
from uuid import UUID, uuid4

from django.db import models, transaction
from django.db.models import F, Q

from intake.models.enquiry import Enquiry, Share
from intake.models.organisation import Organisation
from intake.models.user import User
from intake.uploads import EXTENSIONS, LONGEST_BUNDLE

# Longer than a scan may take.
LEASE = timedelta(minutes=5)
DEATHS_ALLOWED = 3
# Minutes until the next scan after each failure; the last again and again: a file is never given up.
RETRY_AFTER = (1, 2, 5, 15, 60, 360)
BUNDLE = "bundle"


def random_name(attachment: "Attachment | None", filename: str) -> str:
    """Where the bytes lie: nothing of what the sender called them."""
    name = uuid4().hex
    return f"{name[:2]}/{name}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: User) -> Self:
        """As visible as the enquiry; a referral's files to the hub and the service that has it.

        Of a referral's files an authority sees those that were released to it: the delivered report.
        """
        rows = self.filter(enquiry__in=Enquiry.objects.visible_to(user))
        kind = user.organisation.kind
        if kind == Organisation.Kind.HUB:
            return rows
        own = Share.objects.subjects_for(user)
        return rows.filter(own | Q(released_at__isnull=False) if kind == Organisation.Kind.AUTHORITY else own)

    def waiting(self, now: datetime) -> Self:
        """To be scanned now, and in nobody's hands."""
        return self.filter(
            Q(leased_until__isnull=True) | Q(leased_until__lt=now),
            Q(not_before__isnull=True) | Q(not_before__lte=now),
            state=Attachment.State.WAITING,
        )

    def claim(self, now: datetime) -> "Attachment | None":
        """Take the oldest that waits, with a lease: whoever is killed holding it loses it when the lease ends."""
        for pk in self.waiting(now).order_by("pk").values_list("pk", flat=True)[:20]:
            lease = uuid4()
            with transaction.atomic():
                won = (
                    self.waiting(now)
                    .filter(pk=pk)
                    .update(leased_until=now + LEASE, lease=lease, attempts=F("attempts") + 1)
                )
            if won:
                return self.select_related("enquiry", "added_by").filter(pk=pk).first()
        return None


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
    pages = models.PositiveIntegerField(null=True, blank=True, help_text="Of a PDF.")
    sha256 = models.CharField(max_length=64)
    file = models.FileField(
        upload_to=random_name, max_length=80, blank=True, help_text="None once it was refused."
    )
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    released_at = models.DateTimeField(
        null=True, blank=True, help_text="When a report became the authority's."
    )
    scanned_at = models.DateTimeField(null=True, blank=True)
    signature = models.CharField(max_length=200, blank=True, help_text="What the scanner found; for the hub.")
    attempts = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True)
    lease = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=60, blank=True, help_text="Its kind only.")

    objects = AttachmentQuerySet.as_manager()
    # Whether these bytes were here before they were given again.
    known = False

    class Meta:
        ordering = ("added_at", "id")
        constraints = (
            models.UniqueConstraint("subject", "role", "sha256", name="file_is_kept_once_in_its_role"),
            models.CheckConstraint(
                condition=~Q(state="clean") | (Q(scanned_at__isnull=False) & ~Q(file="")),
                name="clean_file_was_scanned_and_is_kept",
            ),
        )
        indexes = (
            models.Index("id", name="attachment_waiting", condition=Q(state="waiting")),
            models.Index("file", name="attachment_by_file"),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"

    @property
    def filename(self) -> str:
        """What a download is called: nobody's name."""
        extension = EXTENSIONS.get(self.kind, "bin")
        return f"{PurePath(self.role).name}-{self.subject}-{self.pk}.{extension}"

    @property
    def is_clean(self) -> bool:
        return self.state == self.State.CLEAN

    @property
    def warnings(self) -> list[str]:
        """What is worth a look and stops nothing (FPR 2010 PD27A: a bundle of at most 350 pages)."""
        if self.role == BUNDLE and (self.pages or 0) > LONGEST_BUNDLE:
            return [
                f"This bundle has {self.pages} pages. The court allows {LONGEST_BUNDLE} unless it directs "
                "otherwise (Practice Direction 27A)."
            ]
        return []

    @property
    def deaths(self) -> int:
        """How many workers died with it in their hands: scans that neither succeeded nor failed."""
        return self.attempts - self.failures - 1

    def mine(self, lease: UUID | None) -> "AttachmentQuerySet":
        return Attachment.objects.filter(pk=self.pk, lease=lease, state=self.State.WAITING)

    def retry(self, now: datetime, why: str) -> None:
        """It goes on waiting; later, and later again. Deaths count as failures from here on."""
        place = min(self.failures, len(RETRY_AFTER) - 1) if self.deaths < DEATHS_ALLOWED else -1
        self.mine(self.lease).update(
            failures=F("attempts"),
            not_before=now + timedelta(minutes=RETRY_AFTER[place]),
            leased_until=None,
            last_error=why[:60],
        )
