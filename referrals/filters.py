"""Filters of the referrals' list."""

from datetime import date

import django_filters
from django.db.models import Q
from django.utils import timezone

from intake.filters import ME, NOBODY, OwnersFilter
from intake.identifiers import normalise_reference
from intake.lifecycle import Turn
from intake.models import Enquiry, Organisation
from referrals.lifecycle import OPEN, Status
from referrals.models import Referral
from referrals.models.referral import ReferralQuerySet

ORDERINGS = ("-created_at", "created_at", "updated_at", "-updated_at")


class ReferralFilter(django_filters.FilterSet):
    """Multi-valued, as the enquiries' filters are."""

    status = django_filters.MultipleChoiceFilter(choices=Status.pairs(), method="by_status", label="Status")
    turn = django_filters.MultipleChoiceFilter(choices=Turn.pairs(), method="by_turn", label="Whose turn")
    enquiry = django_filters.CharFilter(method="by_enquiry", label="Enquiry")
    assessment_type = django_filters.CharFilter(method="by_type", label="Assessment")
    service = django_filters.CharFilter(method="by_service", label="Service")
    authority = django_filters.CharFilter(method="by_authority", label="Authority")
    assessor = OwnersFilter(method="by_assessor", label="Assessor")
    owner = OwnersFilter(method="by_owner", label="Owner of the enquiry")
    late = django_filters.ChoiceFilter(choices=(("true", "Late"),), method="by_late", label="Late")
    reply_before = django_filters.DateFilter(method="by_reply", label="Reply due before")
    needed_before = django_filters.DateFilter(method="by_needed", label="Needed before")
    updated_since = django_filters.IsoDateTimeFilter("updated_at", "gte", label="Changed since")
    q = django_filters.CharFilter(method="by_words", label="Search")

    class Meta:
        model = Referral
        fields: tuple[str, ...] = ()

    def values(self, name: str) -> list[str]:
        """All the values given under one name."""
        return self.data.getlist(name) if hasattr(self.data, "getlist") else [self.data[name]]

    def by_status(self, rows: ReferralQuerySet, name: str, value: list[str]) -> ReferralQuerySet:
        if not value:
            return rows
        rows = rows.open() if OPEN.issuperset(value) else rows
        # All that are open: said once, since the database takes the second for a further choice.
        return rows if set(value) == OPEN else rows.filter(status__in=value)

    def by_turn(self, rows: ReferralQuerySet, name: str, value: list[str]) -> ReferralQuerySet:
        if not value:
            return rows
        rows = rows if Turn.NOBODY in value else rows.open()
        return rows.filter(turn__in=value)

    def by_enquiry(self, rows: ReferralQuerySet, name: str, value: str) -> ReferralQuerySet:
        return rows.filter(enquiry__reference=normalise_reference(value, "ENQ") or "")

    def by_type(self, rows: ReferralQuerySet, name: str, value: str) -> ReferralQuerySet:
        return rows.filter(assessment__type__code__in=self.values(name))

    def by_service(self, rows: ReferralQuerySet, name: str, value: str) -> ReferralQuerySet:
        return rows.filter(service__in=Organisation.objects.services().filter(code__in=self.values(name)))

    def by_authority(self, rows: ReferralQuerySet, name: str, value: str) -> ReferralQuerySet:
        """By DfE code or name."""
        values = self.values(name)
        named = Q(code__in=[value for value in values if value.isdecimal()]) | Q(name__in=values)
        return rows.filter(enquiry__authority__in=Organisation.objects.authorities().filter(named))

    def by_assessor(self, rows: ReferralQuerySet, name: str, value: list[str]) -> ReferralQuerySet:
        """Who leads it."""
        return rows.filter(self.whose("assessor", value)) if value else rows

    def by_owner(self, rows: ReferralQuerySet, name: str, value: list[str]) -> ReferralQuerySet:
        """Who has the enquiry at the hub."""
        return rows.filter(self.whose("enquiry__owner", value)) if value else rows

    def whose(self, column: str, value: list[str]) -> Q:
        people = [int(person) for person in value if person.isdecimal()]
        people += [self.request.user.pk] if ME in value else []
        wanted = Q(**{f"{column}__in": people})
        return wanted | Q(**{f"{column}__isnull": True}) if NOBODY in value else wanted

    def by_late(self, rows: ReferralQuerySet, name: str, value: str) -> ReferralQuerySet:
        return rows.late(timezone.localdate()) if value else rows

    def by_reply(self, rows: ReferralQuerySet, name: str, value: date) -> ReferralQuerySet:
        return rows.filter(status=Status.OFFERED, reply_by__lt=value)

    def by_needed(self, rows: ReferralQuerySet, name: str, value: date) -> ReferralQuerySet:
        return rows.needed_before(value)

    def by_words(self, rows: ReferralQuerySet, name: str, value: str) -> ReferralQuerySet:
        """A reference of ours; else what the enquiry is found by, where one sees the enquiry."""
        if reference := normalise_reference(value, "REF"):
            return rows.filter(reference=reference)
        visible = Enquiry.objects.visible_to(self.request.user)
        return rows.filter(enquiry__in=visible.search(value[:200]))
