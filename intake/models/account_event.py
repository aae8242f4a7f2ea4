"""Who got in, who went, and who changed it: one line for each change of an organisation's people and case systems."""

from typing import Any, Self

from django.db import models
from django.utils import timezone

from intake.lifecycle import Role
from intake.models.organisation import Organisation
from intake.models.user import ApiClient, User

# Who keeps an organisation's people and case systems.
KEEPERS = (Role.AUTHORITY_MANAGER, Role.SERVICE_LEAD, Role.MANAGER)


class AccountEventQuerySet(models.QuerySet["AccountEvent"]):
    def visible_to(self, user: User) -> Self:
        """An organisation's own to those who keep its people; all of them to the auditor and administrator."""
        if user.has(Role.AUDITOR, Role.ADMINISTRATOR):
            return self
        return self.filter(organisation_id=user.organisation_id) if user.has(*KEEPERS) else self.none()

    def record(
        self,
        verb: str,
        *,
        by: User | None,
        organisation: Organisation,
        person: User | None = None,
        client: ApiClient | None = None,
        **data: Any,
    ) -> "AccountEvent":
        """Write a line; without `by`, somebody at the command line did it."""
        return self.create(
            organisation=organisation,
            at=timezone.now(),
            by=by,
            by_name=by.name if by else "",
            verb=verb,
            person=person,
            client=client,
            about=person.name if person else client.name if client else "",
            data=data,
        )


class AccountEvent(models.Model):
    """Written once: the database refuses to change or delete it. No secret is in it."""

    class Verb(models.TextChoices):
        INVITED = "invited", "Invited"
        INVITED_AGAIN = "invited_again", "Invited again"
        CHANGED = "changed", "Roles or team changed"
        RETIRED = "retired", "Retired"
        BROUGHT_BACK = "brought_back", "Brought back"
        ISSUED = "issued", "Case system issued"
        ROTATED = "rotated", "New secret"
        CLIENT_RETIRED = "client_retired", "Case system retired"
        ASSESSOR = "assessor", "Assessor: what they bring and carry"
        COVERAGE = "coverage", "What the service covers"
        FEED_MADE = "feed_made", "Calendar feed made"
        FEED_REVOKED = "feed_revoked", "Calendar feed ended"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=120, blank=True, help_text="As they were called then.")
    verb = models.CharField(max_length=20, choices=Verb)
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    client = models.ForeignKey(ApiClient, models.PROTECT, null=True, related_name="+")
    about = models.CharField(max_length=255, help_text="Whom or what it happened to, as it was called then.")
    data = models.JSONField(default=dict, blank=True)

    objects = AccountEventQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index("organisation", "id", name="account_event_by_organisation"),)

    def __str__(self) -> str:
        return f"{self.verb} {self.about}"
