"""What we promise of the work itself, and how it is planned back from the day of filing; dated, our own practice."""

from django.db import models
from django.db.models import Q

from intake.codes import PlanStep as Step
from intake.codes import WorkTarget as Promise
from intake.models.reference import Dated


class WorkTarget(Dated):
    """One of our targets for the work after an acceptance; what its members mean stands in `intake.codes`."""

    code = models.CharField(max_length=30)
    label = models.CharField(max_length=120)
    type = models.CharField(max_length=20, blank=True, help_text="Code of an assessment type; empty: all.")
    amount = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Empty: the longest weeks that the catalogue gives for the type."
    )
    unit = models.CharField(max_length=20)
    beginning_with = models.BooleanField(default=False, help_text="The first day counts.")
    starts_from = models.CharField(
        max_length=40, blank=True, help_text="received, offered, started, report_handed_in; empty: not yet."
    )
    nation = models.CharField(max_length=10, blank=True, help_text="Empty: England and Wales alike.")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("code", "type", "nation", "valid_from")
        constraints = (
            models.UniqueConstraint(
                "code", "type", "nation", "valid_from", name="work_target_starts_once_a_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.label} {self.type}".strip()

    def plain(self) -> Promise:
        return Promise(**{name: getattr(self, name) for name in Promise.__slots__})


class PlanStep(Dated):
    """A step of the plan back from filing, for one assessment type or for all."""

    code = models.CharField(max_length=30)
    label = models.CharField(max_length=80)
    type = models.CharField(max_length=20, blank=True, help_text="Code of an assessment type; empty: all.")
    before_filing = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Working days before the report is filed."
    )
    after_instruction = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Working days after the instruction; instead of the above."
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "code", "type", "valid_from")
        constraints = (
            models.CheckConstraint(
                condition=Q(before_filing__isnull=True) | Q(after_instruction__isnull=True),
                name="plan_step_is_counted_from_one_end",
            ),
            models.UniqueConstraint("code", "type", "valid_from", name="plan_step_starts_once_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.label} {self.type}".strip()

    def plain(self) -> Step:
        return Step(**{name: getattr(self, name) for name in Step.__slots__})
