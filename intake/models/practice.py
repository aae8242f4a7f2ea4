"""What placing goes by, editable and dated: hours of an assessment, grades, postcode areas, weights."""

from dataclasses import fields
from typing import Any

from django.db import models
from django.db.models import Q

from intake import placing
from intake.models.reference import Dated


def plain(row: models.Model, kind: type[Any]) -> Any:
    """The row as the rules read it."""
    values = {field.name: getattr(row, field.name) for field in fields(kind)}
    return kind(
        **{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    )


class AssessmentHours(Dated):
    """What one assessment of a type usually takes; what its members mean stands in `intake.placing`."""

    type = models.CharField(max_length=20, help_text="Code of an assessment type.")
    hours = models.PositiveSmallIntegerField(help_text="In all, for one child.")
    weeks = models.PositiveSmallIntegerField(help_text="Over so many weeks at the most.")
    skills = models.JSONField(default=list, blank=True, help_text="Codes of skills; each is a must.")
    bodies = models.JSONField(default=list, blank=True, help_text="Registers of which one is a must.")
    grade = models.PositiveSmallIntegerField(default=0, help_text="Level of the grade that may lead it.")
    per_child = models.PositiveSmallIntegerField(default=0, help_text="Hours more for each further child.")
    interpreter = models.PositiveSmallIntegerField(default=0, help_text="Hours more with an interpreter.")
    learning_disability = models.PositiveSmallIntegerField(
        default=0, help_text="Hours more where an adult has a learning disability."
    )

    class Meta:
        ordering = ("type", "valid_from")
        verbose_name_plural = "assessment hours"
        constraints = (
            models.UniqueConstraint("type", "valid_from", name="assessment_hours_start_once_a_day"),
            models.CheckConstraint(condition=Q(weeks__gt=0), name="assessment_takes_at_least_a_week"),
        )

    def __str__(self) -> str:
        return f"{self.type}: {self.hours} h over {self.weeks} weeks"

    def plain(self) -> placing.AssessmentHours:
        row: placing.AssessmentHours = plain(self, placing.AssessmentHours)
        return row


class Grade(Dated):
    """How far an assessor is, and what share of the hours a week that leaves for assessments."""

    code = models.CharField(max_length=40)
    label = models.CharField(max_length=80)
    level = models.PositiveSmallIntegerField(help_text="0 is newly qualified.")
    share = models.PositiveSmallIntegerField(default=100, help_text="Percent of the hours a week.")

    class Meta:
        ordering = ("level", "code", "valid_from")
        constraints = (
            models.UniqueConstraint("code", "valid_from", name="grade_starts_once_a_day"),
            models.CheckConstraint(condition=Q(share__lte=100), name="grade_leaves_no_more_than_all_hours"),
        )

    def __str__(self) -> str:
        return self.label

    def plain(self) -> placing.Grade:
        row: placing.Grade = plain(self, placing.Grade)
        return row


class PostcodeArea(Dated):
    """The letters of a postcode, and about the middle of where they are."""

    area = models.CharField(max_length=2, unique=True)
    name = models.CharField(max_length=60)
    nation = models.CharField(max_length=10)
    latitude = models.FloatField()
    longitude = models.FloatField()

    class Meta:
        ordering = ("area",)

    def __str__(self) -> str:
        return f"{self.area} {self.name}"

    def plain(self) -> placing.PostcodeArea:
        row: placing.PostcodeArea = plain(self, placing.PostcodeArea)
        return row


class MatchWeight(Dated):
    """What a reason for or against a candidate weighs, or that it stops."""

    class Stops(models.TextChoices):
        NOT = "", "No: it gives points"
        HARD = "hard", "Yes, for everybody"
        MANAGER = "manager", "Yes, a manager can override it with a reason"

    code = models.CharField(max_length=30)
    points = models.SmallIntegerField(default=0)
    stops = models.CharField(max_length=10, choices=Stops, blank=True)
    label = models.CharField(max_length=120, help_text="What it is, for who changes it.")

    class Meta:
        ordering = ("code", "valid_from")
        constraints = (models.UniqueConstraint("code", "valid_from", name="match_weight_starts_once_a_day"),)

    def __str__(self) -> str:
        return f"{self.code}: {self.points}"

    def plain(self) -> placing.MatchWeight:
        row: placing.MatchWeight = plain(self, placing.MatchWeight)
        return row
