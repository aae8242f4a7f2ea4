"""Who is looking at an enquiry right now: so that two do not begin the same work. No history."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models

from intake.lifecycle import Role
from intake.models.enquiry import Enquiry
from intake.models.organisation import Organisation
from intake.models.user import User

# Somebody counts as looking so long after they opened the page; written down at most so often.
LOOKING = timedelta(minutes=5)
AGAIN_AFTER = timedelta(minutes=1)
LOOKERS = (Role.COORDINATOR, Role.MANAGER, Role.REVIEWER)


class PresenceQuerySet(models.QuerySet["Presence"]):
    def visible_to(self, user: User) -> Self:
        """Among colleagues of the hub, as far as they see the enquiry."""
        if user.organisation.kind != Organisation.Kind.HUB:
            return self.none()
        return self.filter(enquiry__in=Enquiry.objects.visible_to(user))

    def now_at(self, enquiry: Enquiry, now: datetime) -> Self:
        return self.filter(enquiry=enquiry, seen_at__gt=now - LOOKING)


class Presence(models.Model):
    """One person at one enquiry, when last."""

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, db_index=False, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, db_index=False, related_name="+")
    seen_at = models.DateTimeField()

    objects = PresenceQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint("enquiry", "user", name="somebody_looks_once_at_an_enquiry"),)
        indexes = (models.Index("seen_at", name="presence_by_moment"),)

    def __str__(self) -> str:
        return str(self.seen_at)
