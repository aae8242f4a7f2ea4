"""Conflicts of interest: what a service or a person must not have."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from intake.lifecycle import Role
from intake.models import Organisation, User


class ConflictQuerySet(models.QuerySet["Conflict"]):
    def visible_to(self, user: User) -> Self:
        """The hub sees all. A service sees what it said itself of its own people, its assessors only their own."""
        kind = user.organisation.kind
        if kind == Organisation.Kind.HUB:
            return self
        if kind != Organisation.Kind.SERVICE:
            return self.none()
        own = self.filter(said_by__organisation_id=user.organisation_id)
        if user.has(Role.SERVICE_LEAD):
            return own.filter(
                Q(person__organisation_id=user.organisation_id) | Q(service_id=user.organisation_id)
            )
        return own.filter(person=user)

    def live(self, on: date) -> Self:
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=on),
            Q(valid_until__isnull=True) | Q(valid_until__gte=on),
        )


class Conflict(models.Model):
    """A hard stop: this service or this person must not have this authority's work, or this family's."""

    service = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="conflicts")
    person = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="conflicts")
    authority = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="+")
    enquiry_reference = models.CharField(
        max_length=16, blank=True, help_text="Of an enquiry about the family: it holds for all of them."
    )
    kind = models.CharField(max_length=40, default="OTHER")
    reason = models.TextField(help_text="For the hub; where placing is stopped only the kind is said.")
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True, help_text="The last day on which it holds.")
    said_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ConflictQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(service__isnull=False) | Q(person__isnull=False), name="conflict_is_somebodys"
            ),
            models.CheckConstraint(
                condition=Q(authority__isnull=False) | ~Q(enquiry_reference=""),
                name="conflict_is_with_something",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="conflict_does_not_end_before_it_begins",
            ),
        )

    def __str__(self) -> str:
        return f"Conflict {self.pk}"
