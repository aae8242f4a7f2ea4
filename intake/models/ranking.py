"""Where an enquiry stands in the order of the work: columns for sorting, derived from the facts by the write path."""

from datetime import date

from django.db import models

from intake.weights import BANDS, STANDARD

# Of an enquiry whose place does not move by itself; empty is: not ranked yet.
NEVER = date(9999, 12, 31)


class Ranking(models.Model):
    """Derived, for sorting and filtering; a test proves it equal to what the facts say each day."""

    band = models.CharField(max_length=10, choices=list(BANDS.items()), default=STANDARD, editable=False)
    # Larger is more pressing: the band first, then the points.
    urgency = models.PositiveIntegerField(default=0, editable=False)
    ranks_on = models.DateField(null=True, blank=True, editable=False)
    # What a coordinator has said it is, whatever the points say; who and when stand in the history.
    band_override = models.CharField(max_length=10, choices=list(BANDS.items()), blank=True, default="")
    override_reason = models.TextField(blank=True, default="")
    # How often it was turned away and sent again before it came to this enquiry.
    sent_before = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    @property
    def band_label(self) -> str:
        return BANDS[self.band]
