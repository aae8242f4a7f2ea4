"""One set of filters for the API's list and the pages' worklist."""

from datetime import date, datetime, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from intake import priority
from intake.finding import RISKS, with_any
from intake.lifecycle import OPEN, Status, Turn
from intake.models import AssessmentType, Enquiry, Flag, Organisation, Risk, User, book
from intake.models.enquiry import EnquiryQuerySet
from intake.models.flag import FLAGS
from intake.models.listing import LAST_DAY
from intake.sorts import ORDERINGS
from intake.weights import BANDS, MOST_POINTS

__all__ = ["ORDERINGS", "EnquiryFilter"]
NOBODY = "nobody"
ME = "me"
# The code of the public door, beside the three digits of the authorities.
PUBLIC = "public"
CLOCKS = (("overdue", "Overdue"), ("due_today", "Due today"), ("paused", "Paused"), ("running", "Running"))


class OwnersField(forms.MultipleChoiceField):
    """nobody, me, or the numbers of people."""

    def valid_value(self, value: Any) -> bool:
        return value in (NOBODY, ME) or (value.isascii() and value.isdecimal() and len(value) < 19)


class OwnersFilter(django_filters.MultipleChoiceFilter):
    field_class = OwnersField


def flag_choices() -> list[tuple[str, str]]:
    """What a known risk is about, and the flags of the hub."""
    flags = book().codes.list(FLAGS, timezone.localdate())
    return [*Risk.About.choices, *((row.code, row.label) for row in flags)]


class EnquiryFilter(django_filters.FilterSet):
    """Multi-valued: several values of one name are alternatives, several names go together.

    What can only be true of an open enquiry says so: one in a hundred is open, and those have indexes of their own.
    """

    status = django_filters.MultipleChoiceFilter(choices=Status.pairs(), method="by_status", label="Status")
    authority = django_filters.CharFilter(method="by_authority", label="Authority")
    assessment_type = django_filters.CharFilter(method="by_type", label="Assessment")
    kind = django_filters.MultipleChoiceFilter(choices=Enquiry.Kind.choices, distinct=False, label="Kind")
    urgency = django_filters.MultipleChoiceFilter(
        choices=list(BANDS.items()), method="by_urgency", label="Priority (for the hub, of what is open)"
    )
    flag = django_filters.MultipleChoiceFilter(choices=flag_choices, method="by_flag", label="Flags")
    owner = OwnersFilter(method="by_owner", label="Owner")
    turn = django_filters.MultipleChoiceFilter(choices=Turn.pairs(), method="by_turn", label="Whose turn")
    clock = django_filters.MultipleChoiceFilter(choices=CLOCKS, method="by_clock", label="Clock")
    nation = django_filters.MultipleChoiceFilter(
        choices=Organisation.Nation.choices, method="by_nation", label="Nation"
    )
    region = django_filters.CharFilter(method="by_region", label="Region")
    restricted = django_filters.ChoiceFilter(
        choices=(("true", "Restricted"),), method="by_restricted", label="Restricted"
    )
    received_after = django_filters.IsoDateTimeFilter(method="by_received", label="Received from")
    received_before = django_filters.IsoDateTimeFilter("arrived_at", "lt", label="Received before")
    due_before = django_filters.IsoDateTimeFilter(method="by_due", label="Due before")
    filing_before = django_filters.DateFilter(method="by_filing", label="Filing before (of what is open)")
    updated_since = django_filters.IsoDateTimeFilter("updated_at", "gte", label="Changed since")
    q = django_filters.CharFilter(method="by_words", label="Search")

    class Meta:
        model = Enquiry
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        """Only the filters that are asked for are made: to copy all twenty costs as much as the page's statement."""
        asked = {name: row for name, row in self.base_filters.items() if name in (data or {})}
        self.__dict__["base_filters"] = asked
        super().__init__(data, *args, **kwargs)

    def values(self, name: str) -> list[str]:
        """All the values given under one name."""
        data = self.data
        return data.getlist(name) if isinstance(data, QueryDict) else [data[name]]

    def by_status(self, rows: EnquiryQuerySet, name: str, value: list[str]) -> EnquiryQuerySet:
        if not value:
            return rows
        if OPEN.issubset(value) and len(set(value)) == len(OPEN):
            # Said once: asked twice, PostgreSQL looks in two indexes and puts them together.
            return rows.open()
        rows = rows.open() if OPEN.issuperset(value) else rows
        return rows.filter(status__in=value)

    def by_authority(self, rows: EnquiryQuerySet, name: str, value: str) -> EnquiryQuerySet:
        """By DfE code or name."""
        values = self.values(name)
        codes = [value for value in values if value.isdecimal() or value == PUBLIC]
        return rows.of([row.pk for row in book().askers if row.code in codes or row.name in values])

    def by_nation(self, rows: EnquiryQuerySet, name: str, value: list[str]) -> EnquiryQuerySet:
        return rows.of([row.pk for row in book().askers if row.nation in value]) if value else rows

    def by_region(self, rows: EnquiryQuerySet, name: str, value: str) -> EnquiryQuerySet:
        regions = self.values(name)
        return rows.of([row.pk for row in book().askers if row.region in regions])

    def by_type(self, rows: EnquiryQuerySet, name: str, value: str) -> EnquiryQuerySet:
        return rows.asking_for(self.values(name))

    def by_urgency(self, rows: EnquiryQuerySet, name: str, value: list[str]) -> EnquiryQuerySet:
        """Of what is open. How the hub orders its work is nobody else's: they find nothing by it."""
        if value and self.request.user.organisation.kind != Organisation.Kind.HUB:
            return rows.none()
        if not value:
            return rows
        # A part of the order itself, so that its index leads there: smaller is more pressing.
        numbers = [priority.urgency(band, points) for band in value for points in (0, MOST_POINTS)]
        within = {"pressing__gte": -max(numbers), "pressing__lte": -min(numbers)}
        return rows.open().filter(**within, band__in=value)

    def by_flag(self, rows: EnquiryQuerySet, name: str, value: list[str]) -> EnquiryQuerySet:
        """A risk of one of these, that is known; to the hub also a flag of its own that stands."""
        if not value:
            return rows
        wanted = Q(risk_bits__in=with_any(value))
        flags = [code for code in value if code not in RISKS]
        if flags and self.request.user.organisation.kind == Organisation.Kind.HUB:
            wanted |= Q(pk__in=Flag.objects.standing().filter(code__in=flags).values("enquiry_id"))
        return rows.filter(wanted)

    def by_owner(self, rows: EnquiryQuerySet, name: str, value: list[str]) -> EnquiryQuerySet:
        if not value:
            return rows
        people = [int(owner) for owner in value if owner.isdecimal()]
        people += [self.request.user.pk] if ME in value else []
        wanted = Q(owner__in=people) if len(people) != 1 else Q(owner=people[0])
        return rows.filter(wanted | Q(owner__isnull=True) if NOBODY in value else wanted)

    def by_turn(self, rows: EnquiryQuerySet, name: str, value: list[str]) -> EnquiryQuerySet:
        if not value:
            return rows
        rows = rows if Turn.NOBODY in value else rows.open()
        return rows.filter(turn__in=value)

    def by_clock(self, rows: EnquiryQuerySet, name: str, value: list[str]) -> EnquiryQuerySet:
        now = timezone.now()
        today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
        states = {
            "overdue": Q(due_order__lt=now),
            "due_today": Q(due_order__gte=today, due_order__lt=today + timedelta(days=1)),
            "paused": Q(clock="paused"),
            "running": Q(clock="running"),
        }
        wanted = Q()
        for state in value:
            wanted |= states[state]
        return rows.open().filter(wanted) if value else rows

    def by_restricted(self, rows: EnquiryQuerySet, name: str, value: str) -> EnquiryQuerySet:
        return rows.filter(restricted=True) if value else rows

    def by_received(self, rows: EnquiryQuerySet, name: str, value: datetime) -> EnquiryQuerySet:
        """A draft was not received."""
        return rows.filter(arrived_at__gte=value, received_at__isnull=False)

    def by_due(self, rows: EnquiryQuerySet, name: str, value: datetime) -> EnquiryQuerySet:
        """Whose decision is still to be made."""
        return rows.open().filter(due_order__lt=value)

    def by_filing(self, rows: EnquiryQuerySet, name: str, value: date) -> EnquiryQuerySet:
        """Of what is open, as the order by filing date has it: what is over may lie anywhere among the newest."""
        return rows.open().filter(filing_order__lt=min(value, LAST_DAY))

    def by_words(self, rows: EnquiryQuerySet, name: str, value: str) -> EnquiryQuerySet:
        return rows.search(value[:200])


def orderings_for(user: User) -> list[str]:
    """What somebody may sort by; the order of the hub's work is the hub's."""
    in_hub = user.organisation.kind == Organisation.Kind.HUB
    return [name for name in ORDERINGS if in_hub or name != "-urgency"]


def type_choices() -> list[tuple[str, str]]:
    """The catalogue, for a form."""
    types: list[AssessmentType] = list(book().types.values())
    return [(row.code, row.name) for row in sorted(types, key=lambda row: row.name)]
