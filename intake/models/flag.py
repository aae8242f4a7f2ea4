"""A mark that the hub puts on an enquiry for a while: a code, why, and the day on which it is looked at again."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from intake.models.book import book
from intake.models.enquiry import Enquiry
from intake.models.organisation import Organisation
from intake.models.user import User

FLAGS = "flag"


class FlagQuerySet(models.QuerySet["Flag"]):
    def visible_to(self, user: User) -> Self:
        """The hub's own words about its work: nobody else reads them."""
        if user.organisation.kind != Organisation.Kind.HUB:
            return self.none()
        return self.filter(enquiry__in=Enquiry.objects.visible_to(user))

    def standing(self) -> Self:
        return self.filter(lifted_at__isnull=True)

    def to_review(self, today: date) -> Self:
        """Those whose day has come."""
        return self.standing().filter(review_on__lte=today)


class Flag(models.Model):
    """One flag; a code stands once on an enquiry, and stays on record when it is lifted."""

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="flag_rows")
    code = models.CharField(max_length=40)
    reason = models.TextField()
    review_on = models.DateField()
    raised_by = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    raised_at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ("raised_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("enquiry", "code"), condition=Q(lifted_at__isnull=True), name="flag_stands_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="flag_has_a_reason"),
        )
        indexes = (
            models.Index("code", "enquiry", name="flag_by_code", condition=Q(lifted_at__isnull=True)),
            models.Index("review_on", name="flag_by_review", condition=Q(lifted_at__isnull=True)),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def label(self) -> str:
        return book().codes.label(FLAGS, self.code)
