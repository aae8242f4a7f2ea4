"""The enquiry's other sections: assessments asked for, court dates, risks, documents."""

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Q

from intake.models.enquiry import Enquiry
from intake.models.people import Person
from intake.models.reference import AssessmentType

if TYPE_CHECKING:
    from intake.models.user import User

M = TypeVar("M", bound=models.Model)


class SectionQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User") -> Self:
        """As visible as the enquiry."""
        return self.filter(enquiry__in=Enquiry.objects.visible_to(user))


class Section(models.Model):
    """Rows in an order, of one enquiry."""

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="%(class)s_rows")
    position = models.PositiveSmallIntegerField()

    objects = SectionQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("position",)


class Assessment(Section):
    """One assessment asked for: its type, whom it is about, the questions it has to answer."""

    type = models.ForeignKey(AssessmentType, models.PROTECT, related_name="+")
    questions = models.JSONField(default=list)
    particulars = models.JSONField(
        default=dict, blank=True, help_text="What only some types ask for: code and answer."
    )
    subjects = models.ManyToManyField(Person, through="Subject", related_name="assessments")

    class Meta(Section.Meta):
        constraints = (
            models.UniqueConstraint("enquiry", "position", name="assessment_has_one_place_in_an_enquiry"),
        )

    def __str__(self) -> str:
        return self.type.name


class SubjectQuerySet(models.QuerySet["Subject"]):
    def visible_to(self, user: "User") -> Self:
        return self.filter(person__enquiry__in=Enquiry.objects.visible_to(user))


class Subject(models.Model):
    """Somebody an assessment is about."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, db_index=False, related_name="about")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")

    objects = SubjectQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint("assessment", "person", name="assessment_names_a_person_once"),
        )

    def __str__(self) -> str:
        return str(self.person)


class CourtDate(Section):
    """A hearing or another day of the court's timetable."""

    kind = models.CharField(max_length=40)
    date = models.DateField()

    class Meta(Section.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.kind} {self.date}"


class Risk(Section):
    """A risk, about the child, the worker or the contact, each apart, with its review date."""

    class About(models.TextChoices):
        CHILD = "child", "Risk to the child"
        WORKER = "worker", "Risk to the worker"
        CONTACT = "contact", "Safety of contact"

    about = models.CharField(max_length=10, choices=About)
    level = models.CharField(max_length=20)
    text = models.TextField(blank=True)
    review_on = models.DateField(null=True, blank=True)

    class Meta(Section.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(level="none_known") | ~Q(text=""), name="risk_says_what_it_is"
            ),
        )

    def __str__(self) -> str:
        return f"{self.about}: {self.level}"


class Paper(Section):
    """A document the assessment needs: had, to come, or not available and why."""

    role = models.CharField(max_length=40)
    state = models.CharField(max_length=20)
    note = models.TextField(blank=True)

    class Meta(Section.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.role}: {self.state}"
