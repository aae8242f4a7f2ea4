"""One set of filters for the API's list and the pages' worklist."""

from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from intake.lifecycle import Status, Turn
from intake.models import Assessment, AssessmentType, Enquiry, Organisation, Risk, book

NOBODY = "nobody"
ME = "me"
# The code of the public door, beside the three digits of the authorities.
PUBLIC = "public"
# What a caller may sort by; ties go by the id, so that pages do not overlap.
ORDERINGS = ("-received_at", "received_at", "due_at", "-due_at", "updated_at", "-updated_at")
CLOCKS = (("overdue", "Overdue"), ("due_today", "Due today"), ("paused", "Paused"), ("running", "Running"))


class OwnersField(forms.MultipleChoiceField):
    """nobody, me, or the numbers of people."""

    def valid_value(self, value: Any) -> bool:
        return value in (NOBODY, ME) or (value.isascii() and value.isdecimal() and len(value) < 19)


class OwnersFilter(django_filters.MultipleChoiceFilter):
    field_class = OwnersField


class EnquiryFilter(django_filters.FilterSet):
    """Multi-valued: several values of one name are alternatives, several names go together."""

    status = django_filters.MultipleChoiceFilter(choices=Status.pairs(), label="Status")
    authority = django_filters.CharFilter(method="by_authority", label="Authority")
    assessment_type = django_filters.CharFilter(method="by_type", label="Assessment")
    kind = django_filters.MultipleChoiceFilter(choices=Enquiry.Kind.choices, label="Kind")
    flag = django_filters.MultipleChoiceFilter(choices=Risk.About.choices, method="by_flag", label="Flags")
    owner = OwnersFilter(method="by_owner", label="Owner")
    turn = django_filters.MultipleChoiceFilter(choices=Turn.pairs(), label="Whose turn")
    clock = django_filters.MultipleChoiceFilter(choices=CLOCKS, method="by_clock", label="Clock")
    nation = django_filters.MultipleChoiceFilter(
        field_name="authority__nation", choices=Organisation.Nation.choices, label="Nation"
    )
    region = django_filters.CharFilter(method="by_region", label="Region")
    received_after = django_filters.IsoDateTimeFilter("received_at", "gte", label="Received from")
    received_before = django_filters.IsoDateTimeFilter("received_at", "lt", label="Received before")
    due_before = django_filters.IsoDateTimeFilter("due_at", "lt", label="Due before")
    filing_before = django_filters.DateFilter("filing_date", "lt", label="Filing before")
    updated_since = django_filters.IsoDateTimeFilter("updated_at", "gte", label="Changed since")
    q = django_filters.CharFilter(method="by_words", label="Search")

    class Meta:
        model = Enquiry
        fields: tuple[str, ...] = ()

    def values(self, name: str) -> list[str]:
        """All the values given under one name."""
        data = self.data
        return data.getlist(name) if isinstance(data, QueryDict) else [data[name]]

    def by_authority(self, rows: QuerySet[Enquiry], name: str, value: str) -> QuerySet[Enquiry]:
        """By DfE code or name."""
        values = self.values(name)
        codes = [value for value in values if value.isdecimal() or value == PUBLIC]
        return rows.filter(Q(authority__code__in=codes) | Q(authority__name__in=values))

    def by_type(self, rows: QuerySet[Enquiry], name: str, value: str) -> QuerySet[Enquiry]:
        asked = Assessment.objects.filter(enquiry=OuterRef("pk"), type__code__in=self.values(name))
        return rows.filter(Exists(asked))

    def by_flag(self, rows: QuerySet[Enquiry], name: str, value: list[str]) -> QuerySet[Enquiry]:
        """A risk of one of these, that is known."""
        if not value:
            return rows
        risks = Risk.objects.filter(enquiry=OuterRef("pk"), about__in=value).exclude(level="none_known")
        return rows.filter(Exists(risks))

    def by_owner(self, rows: QuerySet[Enquiry], name: str, value: list[str]) -> QuerySet[Enquiry]:
        if not value:
            return rows
        people = [int(owner) for owner in value if owner.isdecimal()]
        wanted = Q(owner__in=people)
        if NOBODY in value:
            wanted |= Q(owner__isnull=True)
        if ME in value:
            wanted |= Q(owner=self.request.user)
        return rows.filter(wanted)

    def by_region(self, rows: QuerySet[Enquiry], name: str, value: str) -> QuerySet[Enquiry]:
        return rows.filter(authority__region__in=self.values(name))

    def by_clock(self, rows: QuerySet[Enquiry], name: str, value: list[str]) -> QuerySet[Enquiry]:
        now = timezone.now()
        today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
        states = {
            "overdue": Q(clock="running", due_at__lt=now),
            "due_today": Q(clock="running", due_at__gte=today, due_at__lt=today + timedelta(days=1)),
            "paused": Q(clock="paused"),
            "running": Q(clock="running"),
        }
        wanted = Q()
        for state in value:
            wanted |= states[state]
        return rows.filter(wanted)

    def by_words(self, rows: QuerySet[Enquiry], name: str, value: str) -> QuerySet[Enquiry]:
        return rows.search(value[:200])  # type: ignore[attr-defined, no-any-return]


def type_choices() -> list[tuple[str, str]]:
    """The catalogue, for a form."""
    types: list[AssessmentType] = list(book().types.values())
    return [(row.code, row.name) for row in sorted(types, key=lambda row: row.name)]
