"""What assessment services cover, and how much their assessors can carry."""

from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from intake.models import AssessmentType, Organisation, User

M = TypeVar("M", bound=models.Model)


class OfServiceQuerySet(models.QuerySet[M]):
    def visible_to(self, user: User) -> Self:
        """The hub and the service itself."""
        if user.organisation.kind == Organisation.Kind.HUB:
            return self
        return self.filter(service_id=user.organisation_id)


class Coverage(models.Model):
    """A service does this type of assessment in this region; no region means everywhere in both nations."""

    service = models.ForeignKey(Organisation, models.CASCADE, related_name="coverage")
    type = models.ForeignKey(AssessmentType, models.CASCADE, related_name="+")
    region = models.CharField(max_length=40, blank=True)

    objects = OfServiceQuerySet.as_manager()

    class Meta:
        ordering = ("service", "type", "region")
        verbose_name_plural = "coverage"
        constraints = (models.UniqueConstraint("service", "type", "region", name="coverage_stands_once"),)

    def __str__(self) -> str:
        return f"{self.type} {self.region}".strip()


class Assessor(models.Model):
    """What an assessor can carry: so many open referrals; more only with a reason on record."""

    user = models.OneToOneField(User, models.CASCADE, related_name="assessor_profile")
    service = models.ForeignKey(Organisation, models.CASCADE, related_name="assessors")
    capacity = models.PositiveSmallIntegerField(default=4, help_text="Open referrals at the most.")

    objects = OfServiceQuerySet.as_manager()

    class Meta:
        ordering = ("service", "user")

    def __str__(self) -> str:
        return str(self.user)


class ConflictQuerySet(models.QuerySet["Conflict"]):
    def visible_to(self, user: User) -> Self:
        return self if user.organisation.kind == Organisation.Kind.HUB else self.none()


class Conflict(models.Model):
    """A hard stop: this service or this person must not have this authority's work, or this enquiry."""

    service = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="conflicts")
    person = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="conflicts")
    authority = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="+")
    enquiry_reference = models.CharField(max_length=16, blank=True)
    reason = models.TextField()

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
        )

    def __str__(self) -> str:
        return f"Conflict {self.pk}"
