"""The people of an enquiry: children, adults, others in the household. Personal data stays in this file."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from intake import names
from intake.models.enquiry import Enquiry

if TYPE_CHECKING:
    from intake.models.user import User


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: "User") -> Self:
        """As visible as the enquiry."""
        return self.filter(enquiry__in=Enquiry.objects.visible_to(user))


class ChildAnswers(models.Model):
    """What is asked of a child."""

    known_as = models.CharField(max_length=120, blank=True)
    expected_date_of_delivery = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    ethnicity = models.CharField(max_length=4, blank=True)
    first_language = models.CharField(max_length=60, blank=True)
    religion = models.CharField(max_length=60, blank=True)
    disabilities = models.JSONField(default=list, blank=True)
    disabilities_given = models.BooleanField(default=False)
    communication_needs = models.TextField(blank=True)
    send_need = models.CharField(max_length=10, blank=True)
    send_ehc_plan = models.BooleanField(null=True, blank=True)
    nhs_number = models.CharField(max_length=10, blank=True)
    upn = models.CharField(max_length=13, blank=True)
    upn_unknown = models.CharField(max_length=4, blank=True)
    authority_child_id = models.CharField(max_length=40, blank=True)
    legal_status = models.CharField(max_length=4, blank=True)
    placement_type = models.CharField(max_length=4, blank=True)
    school = models.CharField(max_length=160, blank=True)
    early_help_had = models.BooleanField(null=True, blank=True)
    early_help_from = models.DateField(null=True, blank=True)
    early_help_to = models.DateField(null=True, blank=True)
    early_help_end_reason = models.CharField(max_length=40, blank=True)
    early_help_lead = models.CharField(max_length=160, blank=True)
    child_seen = models.BooleanField(null=True, blank=True)
    views = models.TextField(blank=True)

    class Meta:
        abstract = True


class AdultAnswers(models.Model):
    """What is asked of a parent, carer or applicant."""

    address_lines = models.JSONField(default=list, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    address_withheld = models.BooleanField(default=False)
    phone = models.CharField(max_length=40, blank=True)
    safe_contact = models.TextField(blank=True)
    interpreter = models.CharField(max_length=80, blank=True, help_text="The language and dialect.")
    learning_disability = models.CharField(max_length=20, blank=True)
    mental_health = models.CharField(max_length=20, blank=True)
    literacy = models.CharField(max_length=20, blank=True)
    advocate = models.BooleanField(null=True, blank=True)
    needs_notes = models.TextField(blank=True)
    solicitor = models.CharField(max_length=160, blank=True)

    class Meta:
        abstract = True


class Keys(models.Model):
    """By what a person is found who may be the same as another; written with the name (see `put_keys`)."""

    # The name folded for searching.
    name_key = models.CharField(max_length=420, editable=False)
    sound_key = models.CharField(max_length=8, default="", editable=False)
    initial_key = models.CharField(max_length=1, default="", editable=False)
    # Of a withheld address there is none: a likeness must not tell where somebody lives.
    postcode_key = models.CharField(max_length=10, null=True, editable=False)

    class Meta:
        abstract = True


class Person(ChildAnswers, AdultAnswers, Keys):
    """Somebody named in an enquiry, in the part they have in it."""

    class Part(models.TextChoices):
        CHILD = "child", "Child"
        ADULT = "adult", "Adult"
        HOUSEHOLD = "household", "In the household"

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, db_index=False, related_name="people")
    part = models.CharField(max_length=10, choices=Part)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    date_of_birth = models.DateField(null=True, blank=True)
    age = models.PositiveSmallIntegerField(null=True, blank=True)
    relationship = models.CharField(max_length=80, blank=True, help_text="Of somebody in the household.")

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ("part", "position")
        verbose_name_plural = "people"
        constraints = (
            models.UniqueConstraint("enquiry", "part", "position", name="person_has_one_place_in_an_enquiry"),
            models.CheckConstraint(
                condition=Q(date_of_birth__isnull=True) | Q(expected_date_of_delivery__isnull=True),
                name="child_is_born_or_expected_not_both",
            ),
            models.CheckConstraint(
                condition=~Q(part="child") | Q(expected_date_of_delivery__isnull=True) | Q(sex="U"),
                name="unborn_child_has_sex_unknown",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="person_is_called_something"),
        )
        # What the search for possible duplicates asks (intake/duplicates/blocks.py); each holds only those who have it.
        indexes = (
            models.Index(
                fields=("sound_key", "date_of_birth", "initial_key"),
                condition=Q(date_of_birth__isnull=False),
                name="person_by_sound_and_birth",
            ),
            models.Index(
                fields=("date_of_birth", "initial_key"),
                condition=Q(date_of_birth__isnull=False),
                name="person_by_birth",
            ),
            models.Index(
                fields=("sound_key", "expected_date_of_delivery"),
                condition=Q(expected_date_of_delivery__isnull=False),
                name="person_by_sound_and_expected",
            ),
            models.Index(
                fields=("postcode_key", "initial_key"),
                condition=Q(postcode_key__isnull=False),
                name="person_by_postcode",
            ),
            models.Index("nhs_number", condition=Q(nhs_number__gt=""), name="person_by_nhs_number"),
            models.Index("upn", condition=Q(upn__gt=""), name="person_by_upn"),
            models.Index(
                "authority_child_id", condition=Q(authority_child_id__gt=""), name="person_by_their_number"
            ),
        )

    def __str__(self) -> str:
        return f"{self.part} {self.position + 1}"

    def put_keys(self) -> None:
        """Before it is written: who writes rows in bulk calls this for each."""
        self.name_key = fold(f"{self.name} {self.known_as}")
        self.sound_key, self.initial_key = names.sound(self.name), names.initial(self.name)
        open_address = self.postcode and not self.address_withheld
        self.postcode_key = "".join(self.postcode.upper().split()) if open_address else None

    def save(self, *args: object, **kwargs: object) -> None:
        self.put_keys()
        super().save(*args, **kwargs)  # type: ignore[arg-type]


def fold(name: str) -> str:
    """A name as it is searched for: lower case, single spaces."""
    return " ".join(name.casefold().split())


class RelationshipQuerySet(models.QuerySet["Relationship"]):
    def visible_to(self, user: "User") -> Self:
        """As visible as the enquiry."""
        return self.filter(adult__enquiry__in=Enquiry.objects.visible_to(user))


class Relationship(models.Model):
    """What an adult is to a child, and whether they have parental responsibility."""

    adult = models.ForeignKey(Person, models.CASCADE, db_index=False, related_name="relationships")
    child = models.ForeignKey(Person, models.CASCADE, related_name="related_adults")
    relationship = models.CharField(max_length=60)
    parental_responsibility = models.BooleanField(null=True)

    objects = RelationshipQuerySet.as_manager()

    class Meta:
        ordering = ("adult", "child")
        constraints = (
            models.UniqueConstraint("adult", "child", name="adult_has_one_relationship_to_a_child"),
            models.CheckConstraint(condition=~Q(adult=F("child")), name="nobody_is_related_to_themselves"),
        )

    def __str__(self) -> str:
        return self.relationship
