"""The office's own words for its letters."""

from datetime import date

from django.db import models

from intake.models import User


class WordingQuerySet(models.QuerySet["Wording"]):
    def on(self, kind: str, day: date, language: str = "en") -> "Wording | None":
        """The latest that has begun by that day."""
        return self.filter(kind=kind, language=language, valid_from__lte=day).order_by("valid_from").last()


class Wording(models.Model):
    """The office's own words for a kind of letter, from a day on; empty: as it was shipped again."""

    kind = models.CharField(max_length=30)
    language = models.CharField(max_length=5, default="en")
    text = models.TextField(blank=True)
    valid_from = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = WordingQuerySet.as_manager()

    class Meta:
        ordering = ("kind", "language", "valid_from")
        constraints = (
            models.UniqueConstraint("kind", "language", "valid_from", name="wording_starts_once_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.kind} from {self.valid_from}"
