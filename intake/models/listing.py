"""What lists sort, filter and search enquiries by: derived columns, so that no list joins or counts."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce

from intake.finding import found_by, risk_bits, types_key
from intake.lifecycle import OPEN

# Where there is no date, the place in the order is after every date.
LAST_MOMENT = datetime(2200, 1, 1, tzinfo=UTC)
LAST_DAY = date(2200, 1, 1)
# What is over comes after everything that is open.
OVER = 1
IS_OPEN = Q(status__in=sorted(OPEN))


class Listing(models.Model):
    """The database derives the first five itself; the last three are written with the people and sections."""

    is_open = models.GeneratedField(
        expression=IS_OPEN,  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )
    # Smaller is more pressing, so that it runs in one direction with the moment that follows it.
    pressing = models.GeneratedField(
        expression=Case(When(IS_OPEN, then=Value(0) - F("urgency")), default=Value(OVER)),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    due_order = models.GeneratedField(
        expression=Case(When(clock="running", then=F("due_at")), default=Value(LAST_MOMENT)),
        output_field=models.DateTimeField(),
        db_persist=True,
    )
    filing_order = models.GeneratedField(
        expression=Case(
            When(IS_OPEN & Q(filing_date__isnull=False), then=F("filing_date")), default=Value(LAST_DAY)
        ),
        output_field=models.DateField(),
        db_persist=True,
    )
    # A draft has not arrived yet: with the newest it comes first.
    arrived_at = models.GeneratedField(
        expression=Coalesce(F("received_at"), Value(LAST_MOMENT)),
        output_field=models.DateTimeField(),
        db_persist=True,
    )
    authority_reference: Any
    case_number: Any
    found_by = models.TextField(default="", editable=False)
    asked_types = models.CharField(max_length=300, default="", editable=False)
    risk_bits = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    def put_found_by(self, body: Mapping[str, Any]) -> None:
        """Before it is written with this body."""
        people = [*(body.get("children") or ()), *(body.get("adults") or ()), *(body.get("household") or ())]
        named = [person.get(part) or "" for person in people for part in ("name", "known_as")]
        self.found_by = found_by(named, (self.authority_reference, self.case_number))
        self.asked_types = types_key(asked["type"] for asked in body.get("assessments") or ())
        self.risk_bits = risk_bits((risk["about"], risk["level"]) for risk in body.get("risks") or ())
