"""Many papers printed in one go: what was chosen, for whom, what became of each, and the file that holds them all."""

from datetime import datetime
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from intake.models import Enquiry, User
from intake.words import Language
from reports.models.agreed import Agreed, AgreedQuerySet
from reports.models.document import Document

FOLDER = "prints"


def random_name(run: "PrintRun", filename: str) -> str:
    """Where the file lies for a day: nothing of what is in it."""
    return f"{FOLDER}/{uuid4().hex}"


class PrintRunQuerySet(AgreedQuerySet["PrintRun"]):
    def log_for(self, user: User) -> Self:
        """Those that needed a second person's word; the others are whoever's who asked for them."""
        return super().log_for(user).filter(needs_second=True)

    def begun(self) -> Self:
        """Not only previewed: printed, being printed, or waiting for a second person's word."""
        return self.filter(Q(asked_at__isnull=False) | Q(needs_second=True))

    def old(self, before: datetime) -> Self:
        return self.filter(made_at__lt=before, file="")


class PrintRun(Agreed):
    """One kind of paper for one audience, of the enquiries that were chosen when it was previewed."""

    class Form(models.TextChoices):
        ONE_PDF = "one_pdf", "One PDF with a contents page"
        ZIP = "zip", "A zip with one PDF for each"

    class State(models.TextChoices):
        PREVIEWED = "previewed", "Not begun"
        WAITING = Agreed.Word.WAITING.value, Agreed.Word.WAITING.label
        NOT_AGREED = Agreed.Word.NOT_AGREED.value, Agreed.Word.NOT_AGREED.label
        EXPIRED = Agreed.Word.EXPIRED.value, Agreed.Word.EXPIRED.label
        RUNNING = "running", "Being printed"
        CANCELLED = "cancelled", "Cancelled"
        STOPPED = "stopped", "Stopped"
        READY = "ready", "Ready"
        EMPTY = "empty", "Nothing was printed"
        DELETED = "deleted", "The file is deleted"

    kind = models.CharField(max_length=20, choices=Document.Kind)
    audience = models.CharField(max_length=10, choices=Document.Audience)
    form = models.CharField(max_length=10, choices=Form)
    language = models.CharField(
        max_length=2,
        choices=Language,
        blank=True,
        default="",
        help_text="Of all its papers; empty: each in that of its enquiry.",
    )
    reason = models.TextField(blank=True, help_text="Where the print of whoever asks has to be answered for.")
    query = models.TextField(blank=True, help_text="Of all that matched; empty for rows that were ticked.")
    # What was chosen and how, as a hash: the same name for something else is refused.
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    # The papers together, for as long as it is kept; then an empty name.
    file = models.FileField(upload_to=random_name, max_length=80, blank=True)
    size = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0, help_text="Of the one PDF.")
    kept_until = models.DateTimeField(null=True, blank=True)

    objects = PrintRunQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = Agreed.Meta.constraints
        indexes = (
            models.Index(
                "asked_at",
                name="print_unfinished",
                condition=Q(asked_at__isnull=False, finished_at__isnull=True),
            ),
            models.Index("kept_until", name="print_file_kept", condition=~Q(file="")),
        )

    @property
    def state(self) -> "PrintRun.State":
        """How it stands at this moment."""
        return self.state_at(timezone.now())

    def state_at(self, now: datetime) -> "PrintRun.State":
        """What the moments say; nothing else keeps it."""
        if self.why_given_up:
            return self.State.STOPPED
        if self.cancelled_at is not None:
            return self.State.CANCELLED
        if (word := self.word_at(now)) is not None:
            return self.State(word)
        if self.asked_at is None:
            return self.State.PREVIEWED
        if self.finished_at is None:
            return self.State.RUNNING
        if self.kept_until is None:
            return self.State.EMPTY
        return self.State.READY if self.file else self.State.DELETED

    @property
    def title(self) -> str:
        return f"{Document.Kind(self.kind).label} for: {Document.Audience(self.audience).label}"

    @property
    def file_kind(self) -> str:
        return "PDF" if self.form == self.Form.ONE_PDF else "zip"

    @property
    def filename(self) -> str:
        return f"print-run-{self.uid}.{self.file_kind.lower()}"

    def pending(self) -> "PrintRowQuerySet":
        """The rows still to be printed."""
        return PrintRow.objects.filter(run=self, outcome=PrintRow.Outcome.READY).order_by("number")

    def to_try_again(self) -> "PrintRowQuerySet":
        """What did not come out, and may another time."""
        again = (PrintRow.Outcome.FAILED, PrintRow.Outcome.FORBIDDEN)
        return PrintRow.objects.filter(run=self, outcome__in=again)

    def rows_for(self, user: User) -> "PrintRowQuerySet":
        return PrintRow.objects.visible_to(user).filter(run=self).order_by("number")


class PrintRowQuerySet(models.QuerySet["PrintRow"]):
    def visible_to(self, user: User) -> Self:
        """As visible as the run; of an enquiry that is not theirs to see any more, nothing."""
        seen = Q(enquiry__isnull=True) | Q(enquiry__in=Enquiry.objects.visible_to(user))
        return self.filter(seen, run__in=PrintRun.objects.visible_to(user))

    def printed(self) -> Self:
        return self.filter(outcome=PrintRow.Outcome.PRINTED)


class PrintRow(models.Model):
    """One enquiry of a run, with its one outcome; written in the transaction that keeps its document."""

    class Outcome(models.TextChoices):
        READY = "ready", "Will be printed"
        LEFT = "left", "Left out"
        PRINTED = "printed", "Printed"
        FORBIDDEN = "forbidden", "Not allowed"
        GONE = "gone", "Not found any more"
        FAILED = "failed", "Failed"

    run = models.ForeignKey(PrintRun, models.CASCADE, db_index=False, related_name="rows")
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=16, help_text="As it was chosen.")
    # Nothing, where there is nothing that this person can see.
    enquiry = models.ForeignKey(Enquiry, models.CASCADE, null=True, blank=True, related_name="+")
    document = models.ForeignKey(Document, models.CASCADE, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome)
    says = models.TextField(blank=True, help_text="Why not.")

    objects = PrintRowQuerySet.as_manager()

    class Meta:
        ordering = ("run", "number")
        constraints = (
            models.UniqueConstraint("run", "number", name="print_row_stands_once"),
            models.UniqueConstraint("run", "enquiry", name="enquiry_is_printed_once_in_a_run"),
            models.CheckConstraint(
                condition=Q(outcome="printed", document__isnull=False)
                | (~Q(outcome="printed") & Q(document__isnull=True)),
                name="printed_row_has_its_document",
            ),
        )

    def __str__(self) -> str:
        return f"{self.run_id}, row {self.number}"
