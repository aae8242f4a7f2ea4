"""Files of many enquiries: how far each is read, and what became of its rows."""

from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID, uuid4

from django.db import models, transaction
from django.db.models import Count, F, Q

from intake.lifecycle import Role
from intake.models.organisation import Organisation
from intake.models.user import User

LEASE = timedelta(seconds=60)
DEATHS_ALLOWED = 3
KEPT = timedelta(days=7)


def random_name(bulk: "Import", filename: str) -> str:
    """Where the content lies until it is done with: nothing of what the sender called it."""
    return f"imports/{uuid4().hex}"


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: User) -> Self:
        """Who sent it; an authority's managers and case systems see all of the authority's; the hub its own."""
        kind = user.organisation.kind
        if kind == Organisation.Kind.HUB and user.has(Role.COORDINATOR, Role.MANAGER):
            return self.filter(made_by__organisation_id=user.organisation_id)
        if kind != Organisation.Kind.AUTHORITY or not user.roles:
            return self.none()
        theirs = self.filter(authority_id=user.organisation_id)
        return theirs if user.has(Role.AUTHORITY_MANAGER, Role.API_CLIENT) else theirs.filter(made_by=user)

    def unfinished(self) -> Self:
        """Still to be checked, or to be taken in."""
        to_do = Q(asked_at__isnull=True, checked_at__isnull=True) | Q(asked_at__isnull=False)
        return self.filter(to_do, finished_at__isnull=True, given_up_at__isnull=True).exclude(file="")

    def waiting(self, now: datetime) -> Self:
        """Unfinished, and in nobody's hands."""
        return self.unfinished().filter(Q(leased_until__isnull=True) | Q(leased_until__lt=now))

    def claim(self, now: datetime) -> "Import | None":
        """Take the one that waited longest, with a lease: whoever is killed holding it loses it."""
        for pk in self.waiting(now).order_by("worked_at", "pk").values_list("pk", flat=True)[:20]:
            with transaction.atomic():
                won = (
                    self.waiting(now)
                    .filter(pk=pk)
                    .update(
                        lease=uuid4(), leased_until=now + LEASE, worked_at=now, attempts=F("attempts") + 1
                    )
                )
            if won:
                return self.model.objects.select_related("authority", "made_by__organisation").get(pk=pk)
        return None

    def done_with(self, now: datetime) -> Self:
        """Whose content is kept for nothing any more."""
        over = Q(finished_at__isnull=False) | Q(given_up_at__isnull=False) | Q(kept_until__lt=now)
        return self.filter(over).exclude(file="")

    def counted(self) -> Self:
        """With how many rows came out which way."""
        each = {name: Count("rows", filter=Q(rows__outcome=name)) for name in ImportRow.Outcome.values}
        return self.annotate(done=Count("rows"), **each)


class Import(models.Model):
    """A file of enquiries of one authority: first only checked, then, when asked, taken in row by row."""

    class State(models.TextChoices):
        CHECKING = "checking", "Being checked"
        CHECKED = "checked", "Checked, nothing sent yet"
        IMPORTING = "importing", "Being sent"
        FINISHED = "finished", "Sent"
        EXPIRED = "expired", "Not sent: the file was deleted after seven days"
        GIVEN_UP = "given_up", "Stopped: it could not be read to the end"

    uid = models.UUIDField(default=uuid4, unique=True, editable=False, help_text="Its name in addresses.")
    authority = models.ForeignKey(Organisation, models.PROTECT, related_name="imports")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    on_behalf_reason = models.TextField(blank=True)
    made_at = models.DateTimeField()
    kind = models.CharField(max_length=5, help_text="csv or jsonl")
    total = models.PositiveIntegerField()
    # The content, for as long as it is needed; then an empty name.
    file = models.FileField(upload_to=random_name, max_length=80, blank=True)
    kept_until = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True, help_text="When somebody said: send them.")
    finished_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    why_given_up = models.CharField(max_length=200, blank=True)
    worked_at = models.DateTimeField()
    lease = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="At the row that comes next.")

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at", "-id")
        indexes = (
            models.Index(
                "worked_at",
                name="import_unfinished",
                condition=Q(finished_at__isnull=True, given_up_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return str(self.uid)

    @property
    def state(self) -> "Import.State":
        """What the moments say; nothing else keeps it."""
        if self.given_up_at:
            return self.State.GIVEN_UP
        if self.finished_at:
            return self.State.FINISHED
        if not self.file:
            return self.State.EXPIRED
        if self.asked_at:
            return self.State.IMPORTING
        return self.State.CHECKED if self.checked_at else self.State.CHECKING

    @property
    def running(self) -> bool:
        return self.state in (self.State.CHECKING, self.State.IMPORTING)

    def mine(self, lease: UUID | None) -> "ImportQuerySet":
        return Import.objects.filter(pk=self.pk, lease=lease, leased_until__isnull=False)


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def visible_to(self, user: User) -> Self:
        """As visible as the import."""
        return self.filter(bulk__in=Import.objects.visible_to(user))

    def accepted(self) -> Self:
        return self.filter(outcome=ImportRow.Outcome.ACCEPTED)

    def replies(self) -> "models.QuerySet[ImportRow, dict[str, Any]]":
        """What the reply says, row by row."""
        rows: models.QuerySet[ImportRow, dict[str, Any]] = self.order_by("number").values(*REPLY)
        return rows


REPLY = ("number", "authority_reference", "outcome", "reference", "same_as", "faults")


class ImportRow(models.Model):
    """What became of one row, written in the transaction of the enquiry it made; nothing of its content."""

    class Outcome(models.TextChoices):
        READY = "ready", "Ready to be sent"
        ACCEPTED = "accepted", "Accepted"
        DUPLICATE = "duplicate", "Sent before"
        REFUSED = "refused", "Refused"

    bulk = models.ForeignKey(Import, models.CASCADE, db_index=False, related_name="rows")
    # The import's, for the promise below.
    authority = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    number = models.PositiveIntegerField(help_text="The row of a spreadsheet, or the line of a file.")
    authority_reference = models.CharField(max_length=60, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True, help_text="Of the content as it was sent.")
    outcome = models.CharField(max_length=10, choices=Outcome)
    reference = models.CharField(max_length=16, blank=True, help_text="The enquiry it became or repeats.")
    same_as = models.PositiveIntegerField(null=True, blank=True, help_text="The row above that it repeats.")
    faults = models.JSONField(default=list, blank=True, help_text="[{pointer, code, detail}]")

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        ordering = ("bulk", "number")
        constraints = (
            models.UniqueConstraint("bulk", "number", name="row_is_answered_once"),
            models.UniqueConstraint(
                fields=("authority", "fingerprint"),
                condition=Q(outcome="accepted"),
                name="content_is_taken_in_once_by_an_authority",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="accepted") | ~Q(reference=""), name="accepted_row_names_its_enquiry"
            ),
        )
        indexes = (models.Index("bulk", "fingerprint", name="import_row_by_content"),)

    def __str__(self) -> str:
        return f"{self.bulk_id}, row {self.number}"
