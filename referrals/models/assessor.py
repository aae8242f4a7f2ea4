"""Who assesses: registration, grade, skills, languages, hours a week, leave."""

from datetime import date, timedelta
from typing import Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from intake.lifecycle import Role
from intake.models import Organisation, User
from referrals.models.service import OfServiceQuerySet

M = TypeVar("M", bound=models.Model)
HOURS = 30
CAPACITY = 12
GRADE = "EXPERIENCED"
ENDS_SOON = timedelta(days=60)


class Assessor(models.Model):
    """What an assessor brings and can carry: past the hours or the number of referrals a reason is asked for."""

    user = models.OneToOneField(User, models.CASCADE, related_name="assessor_profile")
    service = models.ForeignKey(Organisation, models.CASCADE, related_name="assessors")
    hours = models.PositiveSmallIntegerField(default=HOURS, help_text="A week, for assessments.")
    capacity = models.PositiveSmallIntegerField(
        default=CAPACITY, help_text="Open referrals at the most, however few their hours."
    )
    grade = models.CharField(max_length=40, default=GRADE)
    languages = models.JSONField(default=list, blank=True, help_text="Codes of spoken languages.")
    base_area = models.CharField(
        max_length=2, blank=True, help_text="Letters of the postcode they work from."
    )
    registration_body = models.CharField(max_length=40, blank=True)
    registration_number = models.CharField(max_length=40, blank=True)
    registration_until = models.DateField(null=True, blank=True, help_text="The last day on which it holds.")
    ends_on = models.DateField(null=True, blank=True, help_text="Their last day with the service.")

    objects = OfServiceQuerySet.as_manager()

    class Meta:
        ordering = ("service", "user")
        constraints = (
            models.CheckConstraint(
                condition=Q(registration_number="") | ~Q(registration_body=""),
                name="registration_number_is_of_a_body",
            ),
        )

    def __str__(self) -> str:
        return str(self.user)

    @property
    def registration_ends_soon(self) -> bool:
        """Within sixty days, or it has ended."""
        until = self.registration_until
        return until is not None and until <= timezone.localdate() + ENDS_SOON

    @property
    def registration_ended(self) -> bool:
        return self.registration_until is not None and self.registration_until < timezone.localdate()


class OfAssessorQuerySet(models.QuerySet[M]):
    def visible_to(self, user: User) -> Self:
        """With the assessor: the hub and the service itself."""
        if user.organisation.kind == Organisation.Kind.HUB:
            return self
        return self.filter(assessor__service_id=user.organisation_id)


class OfAssessor(models.Model):
    assessor = models.ForeignKey(Assessor, models.CASCADE, related_name="%(class)s_rows")

    objects = OfAssessorQuerySet.as_manager()

    class Meta:
        abstract = True


class Skill(OfAssessor):
    """Training or a language of work, from a day until another; renewed by another row."""

    code = models.CharField(max_length=40)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True, help_text="The last day on which it holds.")

    class Meta:
        ordering = ("code", "valid_from", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="skill_does_not_end_before_it_begins",
            ),
        )

    def __str__(self) -> str:
        return self.code

    def holds(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


class Leave(OfAssessor):
    """Away from one day to another. Why somebody is ill is neither asked nor kept."""

    kind = models.CharField(max_length=40, default="PLANNED")
    first = models.DateField()
    last = models.DateField()

    class Meta:
        ordering = ("first", "id")
        verbose_name_plural = "leave"
        constraints = (
            models.CheckConstraint(
                condition=Q(last__gte=F("first")), name="leave_does_not_end_before_it_begins"
            ),
        )
        indexes = (models.Index("last", name="leave_by_last_day"),)

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


def may_keep(user: User, service_id: int) -> bool:
    """Who looks after a service's coverage and assessors: its lead, and the hub's managers."""
    if user.organisation.kind == Organisation.Kind.HUB:
        return user.has(Role.MANAGER)
    return user.has(Role.SERVICE_LEAD) and user.organisation_id == service_id
