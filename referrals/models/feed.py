"""Calendar feeds: what a lead or an assessor reads in their own calendar program, without signing in."""

from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q

from intake.lifecycle import Role
from intake.models import Organisation, User


class FeedQuerySet(models.QuerySet["Feed"]):
    def visible_to(self, user: User) -> Self:
        """One's own; a lead also those of their service's people, to end them."""
        if user.organisation.kind != Organisation.Kind.SERVICE:
            return self.none()
        if user.has(Role.SERVICE_LEAD):
            return self.filter(owner__organisation_id=user.organisation_id)
        return self.filter(owner=user) if user.has(Role.ASSESSOR) else self.none()

    def live(self) -> Self:
        return self.filter(revoked_at__isnull=True)


class Feed(models.Model):
    """One feed of one person. Its secret is kept as a hash, shown once; what it shows is looked up at each fetch."""

    class Whose(models.TextChoices):
        SERVICE = "service", "All work of the service"
        ASSESSOR = "assessor", "Your own work"

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    owner = models.ForeignKey(User, models.PROTECT, related_name="feeds")
    whose = models.CharField(max_length=10, choices=Whose)
    secret_hash = models.CharField(max_length=64, editable=False)
    key_hash = models.CharField(max_length=64, editable=False, help_text="Of the key in its address.")
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True, help_text="To the hour.")

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("owner", "whose"), condition=Q(revoked_at__isnull=True), name="feed_is_live_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.uid)

    @property
    def needs(self) -> Role:
        """The role whose holder it stands for."""
        return Role.SERVICE_LEAD if self.whose == Feed.Whose.SERVICE else Role.ASSESSOR
