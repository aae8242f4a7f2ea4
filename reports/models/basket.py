"""What somebody gathers, from several lists and days, to print together."""

from typing import Self

from django.db import models

from intake.models import Enquiry, User


class BasketRowQuerySet(models.QuerySet["BasketRow"]):
    def visible_to(self, user: User) -> Self:
        """One's own; of an enquiry that is not theirs to see any more, nothing."""
        return self.filter(user=user, enquiry__in=Enquiry.objects.visible_to(user))


class BasketRow(models.Model):
    """An enquiry in somebody's basket, until it is printed, taken out or forgotten."""

    user = models.ForeignKey(User, models.CASCADE, db_index=False, related_name="+")
    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="+")
    put_at = models.DateTimeField()

    objects = BasketRowQuerySet.as_manager()

    class Meta:
        ordering = ("put_at", "id")
        indexes = (models.Index("put_at", name="basket_row_by_age"),)
        constraints = (
            models.UniqueConstraint("user", "enquiry", name="enquiry_is_once_in_somebody_s_basket"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.enquiry_id}"
