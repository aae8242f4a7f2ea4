"""What somebody typed on a page and could not send, because their session had ended."""

from typing import Self

from django.db import models

from intake.models.user import User


class KeptQuerySet(models.QuerySet["Kept"]):
    def visible_to(self, user: User) -> Self:
        """One's own words only."""
        return self.filter(user=user)


class Kept(models.Model):
    """A form as it was typed, for whoever typed it; given back once, and for an hour at most."""

    token = models.CharField(max_length=43, unique=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    path = models.CharField(max_length=300)
    typed = models.JSONField()
    at = models.DateTimeField(db_index=True)

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "kept"

    def __str__(self) -> str:
        return self.path
