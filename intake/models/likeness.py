"""What somebody answered about two enquiries that look alike: one family, or not the same. It can be undone."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from intake.models.enquiry import Enquiry
from intake.models.organisation import Organisation
from intake.models.user import User

if TYPE_CHECKING:
    from datetime import datetime


class LikenessQuerySet(models.QuerySet["Likeness"]):
    def visible_to(self, user: User) -> Self:
        """Where both enquiries are visible; a service learns of neither from the other."""
        if user.organisation.kind == Organisation.Kind.SERVICE:
            return self.none()
        visible = Enquiry.objects.visible_to(user)
        return self.filter(
            Exists(visible.filter(pk=OuterRef("one"))), Exists(visible.filter(pk=OuterRef("other")))
        )

    def standing(self) -> Self:
        return self.filter(undone_at__isnull=True)

    def of(self, enquiry: Enquiry) -> Self:
        return self.filter(Q(one=enquiry) | Q(other=enquiry))


class Likeness(models.Model):
    """An answer about two enquiries; `one` is the earlier made. A later answer undoes the one before."""

    class Answer(models.TextChoices):
        LINKED = "linked", "The same family"
        NOT_THE_SAME = "not_the_same", "Not the same"

    # Without an index of its own: covered by the constraint below.
    one = models.ForeignKey(Enquiry, models.CASCADE, db_index=False, related_name="+")
    other = models.ForeignKey(Enquiry, models.CASCADE, related_name="+")
    answer = models.CharField(max_length=20, choices=Answer)
    reason = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, db_index=False, related_name="+")
    undone_at = models.DateTimeField(null=True)

    objects = LikenessQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        verbose_name_plural = "likenesses"
        constraints = (
            models.UniqueConstraint(
                fields=("one", "other"),
                condition=Q(undone_at__isnull=True),
                name="two_enquiries_have_one_answer_that_stands",
            ),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="earlier_enquiry_is_named_first"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="undone_answer_says_by_whom_and_when",
            ),
        )

    def __str__(self) -> str:
        return self.get_answer_display()

    def beside(self, enquiry: Enquiry) -> Enquiry:
        """The other of the two."""
        return self.other if self.one_id == enquiry.pk else self.one

    def undo(self, *, by: User, at: "datetime") -> None:
        self.undone_by, self.undone_at = by, at
        self.save(update_fields=("undone_by", "undone_at"))
