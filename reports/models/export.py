"""What left the house as a file: what was asked for and why, who agreed, how much was in it, who fetched it when.

The file is kept for a day. This row is the log of exports, and stays.
"""

from datetime import datetime
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q

from intake.models import Enquiry, User
from referrals.models import Referral
from reports.models.agreed import Agreed, AgreedQuerySet

FOLDER = "exports"


def random_name(export: "Export", filename: str) -> str:
    """Where the file lies for a day: nothing of what is in it."""
    return f"{FOLDER}/{uuid4().hex}"


class ExportQuerySet(AgreedQuerySet["Export"]):
    """Those of one person, the log of all, what waits."""


class Export(Agreed):
    """One table of one kind, in one form, of what was chosen when it was asked for."""

    class Kind(models.TextChoices):
        ENQUIRIES = "enquiries", "Enquiries, without people"
        REFERRALS = "referrals", "Referrals, without people"
        CHILDREN = "children", "Children by name, with their numbers"
        STATISTICAL = "statistical", "Statistical extract, pseudonymised"
        CENSUS = "census", "Children in the shape of the CIN census"
        FIGURES = "figures", "Figures, all numbers, for use inside"
        PUBLICATION = "publication", "Figures for publication"

    class Form(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "Excel (XLSX)"
        ZIP = "zip", "XML with a list of what would fail (zip)"

    class State(models.TextChoices):
        WAITING = Agreed.Word.WAITING.value, Agreed.Word.WAITING.label
        NOT_AGREED = Agreed.Word.NOT_AGREED.value, Agreed.Word.NOT_AGREED.label
        EXPIRED = Agreed.Word.EXPIRED.value, Agreed.Word.EXPIRED.label
        RUNNING = "running", "Being made"
        CANCELLED = "cancelled", "Cancelled"
        STOPPED = "stopped", "Stopped"
        READY = "ready", "Ready"
        EMPTY = "empty", "Nothing was in it"
        DELETED = "deleted", "The file is deleted"

    kind = models.CharField(max_length=12, choices=Kind)
    form = models.CharField(max_length=4, choices=Form)
    of = models.CharField(max_length=10, blank=True, help_text="Which list its filters are of.")
    query = models.TextField(blank=True, help_text="The list's filters, or the question to the figures.")
    references = models.JSONField(
        default=list, blank=True, help_text="Of rows that were ticked or searched for."
    )
    in_words = models.TextField(blank=True, help_text="The filters, as a person reads them.")
    reason = models.TextField(blank=True)
    # What was asked for and how, as a hash: the same name for something else is refused.
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    # How many there were when it was asked for, how many are in the file.
    total = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    dropped = models.PositiveIntegerField(default=0, help_text="Rows left out, for too few were like them.")
    # How far the choosing is: the number of the row taken last.
    reached = models.BigIntegerField(default=0, editable=False)
    chosen = models.PositiveIntegerField(default=0, editable=False)
    all_chosen = models.BooleanField(default=False, editable=False)

    file = models.FileField(upload_to=random_name, max_length=80, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    kept_until = models.DateTimeField(null=True, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = (
            *Agreed.Meta.constraints,
            models.CheckConstraint(condition=Q(file="") | ~Q(sha256=""), name="exported_file_has_its_hash"),
        )
        indexes = (
            models.Index(
                "asked_at",
                name="export_unfinished",
                condition=Q(asked_at__isnull=False, finished_at__isnull=True),
            ),
            models.Index("kept_until", name="export_file_kept", condition=~Q(file="")),
            models.Index("made_at", "id", name="export_by_moment"),
        )

    def state_at(self, now: datetime) -> "Export.State":
        """What the moments say; nothing else keeps it."""
        if self.cancelled_at is not None:
            return self.State.CANCELLED
        if (word := self.word_at(now)) is not None:
            return self.State(word)
        if self.why_given_up:
            return self.State.STOPPED
        if self.finished_at is None:
            return self.State.RUNNING
        if self.kept_until is None:
            return self.State.EMPTY
        return self.State.READY if self.file and now < self.kept_until else self.State.DELETED

    @property
    def title(self) -> str:
        return self.Kind(self.kind).label

    @property
    def filename(self) -> str:
        return f"export-{self.uid}.{self.form}"

    @property
    def names_people(self) -> bool:
        return self.kind in IDENTIFIABLE

    @property
    def of_figures(self) -> bool:
        return self.kind in OF_FIGURES


IDENTIFIABLE = frozenset({Export.Kind.CHILDREN, Export.Kind.CENSUS})
OF_FIGURES = frozenset({Export.Kind.FIGURES, Export.Kind.PUBLICATION})


class ExportRowQuerySet(models.QuerySet["ExportRow"]):
    def visible_to(self, user: User) -> Self:
        """As visible as the export and its enquiry."""
        mine = Export.objects.visible_to(user).values("pk")
        return self.filter(export__in=mine, enquiry__in=Enquiry.objects.visible_to(user))


class ExportRow(models.Model):
    """What a file holds, written with the line in its enquiry's history; gone with the file."""

    export = models.ForeignKey(Export, models.CASCADE, db_index=False, related_name="row_set")
    enquiry = models.ForeignKey(Enquiry, models.CASCADE, db_index=False, related_name="+")
    referral = models.ForeignKey(
        Referral, models.CASCADE, null=True, blank=True, db_index=False, related_name="+"
    )

    objects = ExportRowQuerySet.as_manager()

    class Meta:
        ordering = ("export", "id")
        indexes = (
            models.Index("export", "id", name="export_row_in_order"),
            models.Index("export", "enquiry", name="export_row_by_enquiry"),
        )

    def __str__(self) -> str:
        return f"{self.export_id}, row {self.pk}"


class ExportFetchQuerySet(models.QuerySet["ExportFetch"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(export__in=Export.objects.visible_to(user))


class ExportFetch(models.Model):
    """Somebody took the file with them."""

    export = models.ForeignKey(Export, models.PROTECT, related_name="fetches")
    by = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField()

    objects = ExportFetchQuerySet.as_manager()

    class Meta:
        ordering = ("export", "at", "id")
        verbose_name_plural = "export fetches"

    def __str__(self) -> str:
        return f"{self.export_id} at {self.at}"


class ReleasedNumber(models.Model):
    """A number of figures that were made for publication, shown or not: a later one may not give it away."""

    export = models.ForeignKey(Export, models.PROTECT, related_name="released")
    measure = models.CharField(max_length=20)
    part = models.CharField(max_length=60, blank=True)
    filters = models.JSONField(default=list, blank=True, help_text="[[name, value]], in order.")
    first = models.DateField()
    last = models.DateField()
    counted = models.PositiveIntegerField()
    shown = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("export", "id")
        indexes = (models.Index("measure", "part", "first", name="released_by_measure"),)

    def __str__(self) -> str:
        return f"{self.measure} {self.first}"
