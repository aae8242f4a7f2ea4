"""Numbered questions to the referrer; the clock stands still while they are open."""

from collections.abc import Sequence
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from intake.models.enquiry import Enquiry
from intake.models.user import User


class InformationRequestQuerySet(models.QuerySet["InformationRequest"]):
    def visible_to(self, user: User) -> Self:
        """As visible as the enquiry."""
        return self.filter(enquiry__in=Enquiry.objects.visible_to(user))

    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)

    def overdue(self, today: date) -> Self:
        return self.open().filter(reply_by__lt=today)


class InformationRequest(models.Model):
    """Questions asked at once, with a day by which the answer is needed."""

    class Outcome(models.TextChoices):
        ANSWERED = "answered", "Answered"
        RECALLED = "recalled", "Recalled"
        LAPSED = "lapsed", "Lapsed"
        WITHDRAWN = "withdrawn", "Enquiry withdrawn"

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="information_requests")
    number = models.PositiveSmallIntegerField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reply_by = models.DateField()
    chasers_sent = models.PositiveSmallIntegerField(default=0)
    last_chaser_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)

    objects = InformationRequestQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint("enquiry", "number", name="information_request_has_its_number"),
            models.UniqueConstraint(
                fields=("enquiry",),
                condition=Q(closed_at__isnull=True),
                name="enquiry_has_one_open_information_request",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(outcome=""), name="closed_request_says_how"
            ),
        )

    def __str__(self) -> str:
        return f"Questions {self.number}"

    def unanswered(self, answered: Sequence[int]) -> list[int]:
        """The numbers still open after these are answered."""
        return [row.number for row in self.questions.all() if not row.answer and row.number not in answered]


class QuestionQuerySet(models.QuerySet["Question"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(request__enquiry__in=Enquiry.objects.visible_to(user))


class Question(models.Model):
    """One question; with a field, an answer may amend it, and old and new value stay in the history."""

    request = models.ForeignKey(InformationRequest, models.CASCADE, related_name="questions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    field = models.CharField(max_length=120, blank=True, help_text="A JSON pointer into the enquiry.")
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint("request", "number", name="question_has_its_number"),
            models.CheckConstraint(condition=~Q(text=""), name="question_asks_something"),
        )

    def __str__(self) -> str:
        return f"Question {self.number}"
