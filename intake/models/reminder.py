"""What was reminded of already: one row for each thing and each stage of it, so that nothing is said twice."""

from datetime import datetime

from django.db import models


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def first_time(self, subject: str, kind: str, stage: str, now: datetime) -> bool:
        """Whether nobody has said this before; from now on somebody has.

        Written in the transaction of the notification: of two workers one writes it, the other waits and then
        finds it. Ask this last, when everything else says that it is to be said.
        """
        return self.get_or_create(subject=subject, kind=kind, stage=stage, defaults={"at": now})[1]


class Reminder(models.Model):
    """A reference, what was reminded of, at which stage; nobody's name, nothing that was typed."""

    subject = models.CharField(max_length=40, help_text="A reference, or the number of a profile.")
    kind = models.CharField(max_length=30)
    stage = models.CharField(max_length=40, help_text="The day it is about, and how far it has come.")
    at = models.DateTimeField()

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")
        constraints = (models.UniqueConstraint("subject", "kind", "stage", name="reminded_once_a_stage"),)

    def __str__(self) -> str:
        return f"{self.subject} {self.kind} {self.stage}"
