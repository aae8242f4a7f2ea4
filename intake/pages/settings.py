"""The settings that are data, each with the day from which it holds and whether it is verified."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from intake.lifecycle import Role
from intake.models import AssessmentHours, Grade, Holiday, PlanStep, Target, WorkTarget, book
from intake.pages.acting import DeskView

READING = (Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR)
DAYS_SHOWN = 20


class Table(NamedTuple):
    """A kind of setting: what it is for, its columns, its rows; the first of each names the row."""

    code: str
    title: str
    means: str
    head: Sequence[str]
    rows: list[Sequence[Any]]


class SettingsPage(DeskView):
    def get(self, request: HttpRequest) -> HttpResponse:
        if not self.user.has(*READING):
            raise PermissionDenied
        today = timezone.localdate()
        context = {
            "tables": [targets(), promises(), steps(), hours(), grades(), holidays(today)],
            "may_weigh": self.user.has(Role.MANAGER, Role.AUDITOR),
            "may_speak": self.user.has(Role.MANAGER, Role.ADMINISTRATOR),
            "may_edit": self.user.has(Role.ADMINISTRATOR),
        }
        return render(request, "intake/settings.html", context)


def targets() -> Table:
    rows = [
        (
            row.nation,
            row.working_days,
            f"{row.cut_off:%H:%M}",
            f"{row.opens:%H:%M} to {row.closes:%H:%M}",
            row,
        )
        for row in Target.objects.all()
    ]
    means = (
        "Within how many working days we decide, and by when something has to arrive to count for the day."
    )
    return Table(
        "targets", "The decision", means, ["Nation", "Working days", "Cut-off", "Office hours"], rows
    )


def promises() -> Table:
    rows = [
        (
            row.label,
            type_name(row.type),
            "" if row.amount is None else row.amount,
            row.unit.replace("_", " "),
            row,
        )
        for row in WorkTarget.objects.all()
    ]
    means = "What we promise of the work itself. Where no number stands, the catalogue’s longest weeks count."
    return Table("work", "The work", means, ["Promise", "Assessment", "How many", "Unit"], rows)


def steps() -> Table:
    rows = [(row.label, type_name(row.type), when(row), row) for row in PlanStep.objects.all()]
    means = "How an assessment is planned back from the day of filing, in working days."
    return Table("steps", "The plan", means, ["Step", "Assessment", "When"], rows)


def when(row: PlanStep) -> str:
    if row.before_filing:
        return f"{row.before_filing} before filing"
    return f"{row.after_instruction} after the instruction" if row.after_instruction else "as its weeks say"


def hours() -> Table:
    rows = [
        (type_name(row.type), row.hours, row.weeks, row.per_child, row)
        for row in AssessmentHours.objects.all()
    ]
    head = ["Assessment", "Hours", "Over weeks", "For each further child"]
    return Table("hours", "Hours of an assessment", "What one takes: capacity is counted in it.", head, rows)


def grades() -> Table:
    rows = [(row.label, f"{row.share} %", row) for row in Grade.objects.all()]
    means = "What part of the hours a week is there for assessments."
    return Table("grades", "Grades", means, ["Grade", "Share"], rows)


def holidays(today: date) -> Table:
    coming = Holiday.objects.filter(date__gte=today)[:DAYS_SHOWN]
    rows = [(f"{row.date:%-d %B %Y}", row.title, row.nation or "England and Wales", row) for row in coming]
    return Table("days", "Closed days to come", "They are no working days.", ["Day", "Why", "Where"], rows)


def type_name(code: str) -> str:
    kind = book().types.get(code)
    return kind.name if kind else code or "All"
