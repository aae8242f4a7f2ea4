"""What assessment services cover."""

from typing import Self, TypeVar

from django.db import models
from django.db.models import F, Q

from intake.models import AssessmentType, Organisation, User

M = TypeVar("M", bound=models.Model)


class OfServiceQuerySet(models.QuerySet[M]):
    def visible_to(self, user: User) -> Self:
        """The hub and the service itself."""
        if user.organisation.kind == Organisation.Kind.HUB:
            return self
        return self.filter(service_id=user.organisation_id)


class Coverage(models.Model):
    """A service does this type of assessment in this region; no region means everywhere in both nations.

    For children of the ages named. The languages are those in which it works beside its assessors' own.
    """

    service = models.ForeignKey(Organisation, models.CASCADE, related_name="coverage")
    type = models.ForeignKey(AssessmentType, models.CASCADE, related_name="+")
    region = models.CharField(max_length=40, blank=True)
    age_from = models.PositiveSmallIntegerField(default=0, help_text="In years; an unborn child is 0.")
    age_to = models.PositiveSmallIntegerField(default=25, help_text="In completed years.")
    languages = models.JSONField(default=list, blank=True, help_text="Codes of spoken languages.")

    objects = OfServiceQuerySet.as_manager()

    class Meta:
        ordering = ("service", "type", "region")
        verbose_name_plural = "coverage"
        constraints = (
            models.UniqueConstraint("service", "type", "region", name="coverage_stands_once"),
            models.CheckConstraint(
                condition=Q(age_from__lte=F("age_to")), name="coverage_ends_at_a_later_age_than_it_begins"
            ),
        )

    def __str__(self) -> str:
        return f"{self.type} {self.region}".strip()
