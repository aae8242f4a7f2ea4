"""History: one line for each change, print and disclosure; written once, chained, refused to be altered."""

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone

from intake.lifecycle import Clock, Role
from intake.models.enquiry import Enquiry, Share
from intake.models.organisation import Organisation
from intake.models.user import User
from intake.models.webhook_delivery import WebhookDelivery

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


# What makes a new version without a step of the lifecycle.
AMENDING = ("enquiry.amend", "information.answered_in_part")
# And what holds a decision, or gives it back: whoever decides meanwhile has to read it anew.
HOLDING = ("enquiry.second_look_asked", "enquiry.second_look_returned")
# The steps whose text is written for the authority.
TOLD = frozenset({"enquiry.decline", "enquiry.redirect"})


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, user: User) -> Self:
        """As visible as the enquiry; what only the hub may read stays in the hub."""
        rows = self.filter(enquiry__in=Enquiry.objects.visible_to(user))
        kind = user.organisation.kind
        if kind == Organisation.Kind.HUB:
            return rows
        if kind == Organisation.Kind.SERVICE:
            open_to = Q(audience=Event.Audience.ALL) | Q(organisation_id=user.organisation_id)
            return rows.filter(open_to, Share.objects.subjects_for(user))
        if user.has(Role.AUTHORITY_MANAGER):
            return rows.filter(audience__in=(Event.Audience.ALL, Event.Audience.ACCESS))
        return rows.filter(audience=Event.Audience.ALL)

    def changes(self) -> Self:
        """The lines that made a new version of their subject: steps and amendments, not prints or disclosures."""
        return self.filter(~Q(to_status="") | Q(verb__in=AMENDING))

    def versions(self) -> Self:
        """The lines that each made the version of an enquiry one more."""
        return self.filter(~Q(to_status="") | Q(verb__in=(*AMENDING, *HOLDING)))

    def record(
        self,
        enquiry: Enquiry,
        *,
        verb: str,
        by: User,
        at: datetime | None = None,
        subject: str = "",
        from_status: str = "",
        to_status: str = "",
        clock: str = "",
        note: str = "",
        data: dict[str, Any] | None = None,
        audience: str = "all",
    ) -> "Event":
        """Write the next line of an enquiry's chain. The caller holds the enquiry.

        An enquiry that is not written yet gets its head here and is written by this call.
        """
        event = Event(
            enquiry=enquiry,
            sequence=enquiry.head_sequence + 1,
            at=at or timezone.now(),
            by=by,
            by_name=by.name,
            organisation=by.organisation,
            verb=verb,
            subject=subject or enquiry.reference,
            from_status=from_status,
            to_status=to_status,
            clock=clock,
            note=note,
            data=plain(data or {}),
            audience=audience,
            previous_hash=enquiry.head_hash,
        )
        event.hash = event.digest()
        enquiry.head_sequence, enquiry.head_hash = event.sequence, event.hash
        if enquiry._state.adding:
            enquiry.save(force_insert=True)
            event.enquiry = enquiry
        else:
            Enquiry.objects.filter(pk=enquiry.pk).update(head_sequence=event.sequence, head_hash=event.hash)
        event.save(force_insert=True)
        if to := event.listeners():
            WebhookDelivery.objects.fan_out(event, to)
        return event

    def record_for_many(
        self,
        enquiries: "Sequence[Enquiry]",
        *,
        verb: str,
        by: User,
        note: str = "",
        data: dict[str, Any] | None = None,
        audience: str,
    ) -> None:
        """The next line of each chain, in three statements. The caller holds the enquiries.

        Nobody's webhook is told, so it is for what not everybody reads.
        """
        assert audience != Event.Audience.ALL, "Lines that webhooks tell of are written one by one."
        now, kept, lines = timezone.now(), plain(data or {}), []
        for enquiry in enquiries:
            line = Event(
                enquiry=enquiry,
                sequence=enquiry.head_sequence + 1,
                at=now,
                by=by,
                by_name=by.name,
                organisation=by.organisation,
                verb=verb,
                subject=enquiry.reference,
                note=note,
                data=kept,
                audience=audience,
                previous_hash=enquiry.head_hash,
            )
            line.hash = line.digest()
            enquiry.head_sequence, enquiry.head_hash = line.sequence, line.hash
            lines.append(line)
        Enquiry.objects.bulk_update(enquiries, ("head_sequence", "head_hash"))
        self.bulk_create(lines)

    def chain(self, enquiry: Enquiry) -> "Iterator[Event]":
        return self.filter(enquiry=enquiry).order_by("sequence").iterator()


class Event(models.Model):
    """One line of an enquiry's history; the hash covers its content and the line before."""

    class Audience(models.TextChoices):
        ALL = "all", "Everybody who sees the enquiry"
        HUB = "hub", "The hub"
        ACCESS = "access", "The hub, and the authority's manager: who saw it"

    # No index of their own for these three: the first is covered by the constraint below, nobody asks by the others.
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, db_index=False, related_name="events")
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    by_name = models.CharField(max_length=120, help_text="As they were called then.")
    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    verb = models.CharField(max_length=60, help_text="enquiry.claim, referral.offer, document.printed ...")
    subject = models.CharField(max_length=16, help_text="The reference it happened to.")
    from_status = models.CharField(max_length=30, blank=True)
    to_status = models.CharField(max_length=30, blank=True)
    clock = models.CharField(max_length=10, blank=True, choices=Clock.pairs())
    note = models.TextField(blank=True)
    data = models.JSONField(default=dict, blank=True)
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.ALL)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ("enquiry", "sequence")
        constraints = (models.UniqueConstraint("enquiry", "sequence", name="history_has_one_line_a_place"),)

    def __str__(self) -> str:
        return f"{self.subject} {self.verb}"

    def note_for(self, user: User) -> str:
        """What was written about it stays with who wrote it and the hub, but for what the authority is told."""
        kind, mine = user.organisation.kind, self.organisation_id == user.organisation_id
        told = kind == Organisation.Kind.AUTHORITY and self.verb in TOLD
        return self.note if mine or told or kind == Organisation.Kind.HUB else ""

    def listeners(self) -> Q | None:
        """Whose webhooks are told: those who see this line through the API. None, without asking, when nobody is."""
        if self.audience != Event.Audience.ALL:
            return None
        if self.enquiry.restricted:
            # Its list names people; a webhook is read by whoever looks after it.
            return None
        to = Q()
        if self.enquiry.authority.webhooks_on:
            to |= Q(organisation=self.enquiry.authority_id)
        if self.enquiry.services_listen:
            to |= Q(organisation__in=Share.objects.holders(self.enquiry, self.subject))
        return to or None

    def digest(self) -> str:
        """SHA-256 over every column but the two of the database's own, and the hash of the line before."""
        content = [
            self.enquiry.reference,
            self.sequence,
            self.at.astimezone(UTC).isoformat(),
            self.by_id,
            self.by_name,
            self.organisation_id,
            self.verb,
            self.subject,
            self.from_status,
            self.to_status,
            str(self.clock),
            self.note,
            self.data,
            self.audience,
            self.previous_hash,
        ]
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def plain(data: dict[str, Any]) -> dict[str, Any]:
    """As it will come back from the database, so that the hash is the same then."""
    result: dict[str, Any] = json.loads(json.dumps(data, cls=DjangoJSONEncoder))
    return result
