"""What authority and provider say to each other on an enquiry, and the hub's own notes; written once."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from intake.lifecycle import Role
from intake.models.enquiry import Enquiry, Share
from intake.models.organisation import Organisation
from intake.models.user import User


class Audience(models.TextChoices):
    """Who reads it: chosen before it is written."""

    HUB = "hub", "Note for the hub"
    AUTHORITY = "authority", "Message"


# By the table of roles. A service's lead has no part in either, the auditor only reads.
WRITERS: dict[str, frozenset[Role]] = {
    Audience.HUB: frozenset({Role.COORDINATOR, Role.MANAGER, Role.REVIEWER}),
    Audience.AUTHORITY: frozenset(
        {
            Role.REFERRER,
            Role.AUTHORITY_MANAGER,
            Role.API_CLIENT,
            Role.COORDINATOR,
            Role.MANAGER,
            Role.ASSESSOR,
        }
    ),
}
READERS = {audience: writers | {Role.AUDITOR} for audience, writers in WRITERS.items()}


def read_by(user: User) -> list[str]:
    """The audiences this person belongs to, wherever they see an enquiry."""
    return [audience for audience, roles in READERS.items() if user.has(*roles)]


def written_by(user: User) -> list[str]:
    """The audiences this person may write to; their own first, so that a note stays inside by default."""
    return [audience for audience, roles in WRITERS.items() if user.has(*roles)]


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: User) -> Self:
        """With the enquiry, to its audience; of a service only the assessor it is assigned to."""
        rows = self.filter(enquiry__in=Enquiry.objects.visible_to(user), audience__in=read_by(user))
        if user.organisation.kind != Organisation.Kind.SERVICE:
            return rows
        mine = Share.objects.filter(enquiry=OuterRef("enquiry"), person=user, until__isnull=True)
        return rows.filter(Exists(mine))

    def unread_by(self, user: User) -> Self:
        """What others wrote since this organisation last opened the page."""
        seen = MessagesSeen.objects.filter(organisation_id=user.organisation_id, enquiry=OuterRef("enquiry"))
        later = ~Exists(seen.filter(last__gte=OuterRef("pk")))
        return self.filter(later).exclude(organisation_id=user.organisation_id)


class Message(models.Model):
    """One message or note. The database refuses to change or delete it."""

    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="messages")
    audience = models.CharField(max_length=10, choices=Audience)
    text = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    by_name = models.CharField(max_length=120, help_text="As they were called then.")
    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField()

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")
        constraints = (models.CheckConstraint(condition=~Q(text=""), name="message_says_something"),)

    def __str__(self) -> str:
        return f"Message {self.pk}"

    def save(self, **options: Any) -> None:
        """Once."""
        super().save(**{**options, "force_insert": True})

    @property
    def is_note(self) -> bool:
        return self.audience == Audience.HUB


class MessagesSeenQuerySet(models.QuerySet["MessagesSeen"]):
    def visible_to(self, user: User) -> Self:
        """One's own organisation's marks."""
        return self.filter(enquiry__in=Enquiry.objects.visible_to(user), organisation_id=user.organisation_id)


class MessagesSeen(models.Model):
    """How far an organisation has read an enquiry's messages."""

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, db_index=False, related_name="+")
    organisation = models.ForeignKey(Organisation, models.CASCADE, db_index=False, related_name="+")
    last = models.BigIntegerField(help_text="The number of the latest message that was shown.")

    objects = MessagesSeenQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint("enquiry", "organisation", name="messages_are_seen_up_to_one_place"),
        )

    def __str__(self) -> str:
        return f"up to {self.last}"
