"""Filters of the referrals' list."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from intake.identifiers import normalise_reference
from intake.lifecycle import Turn
from referrals.lifecycle import Status
from referrals.models import Referral

ORDERINGS = ("-created_at", "created_at", "updated_at", "-updated_at")


class ReferralFilter(django_filters.FilterSet):
    """Multi-valued, as the enquiries' filters are."""

    status = django_filters.MultipleChoiceFilter(choices=Status.pairs(), label="Status")
    turn = django_filters.MultipleChoiceFilter(choices=Turn.pairs(), label="Whose turn")
    enquiry = django_filters.CharFilter(method="by_enquiry", label="Enquiry")
    assessment_type = django_filters.CharFilter(method="by_type", label="Assessment")
    service = django_filters.CharFilter("service__code", label="Service")
    updated_since = django_filters.IsoDateTimeFilter("updated_at", "gte", label="Changed since")
    q = django_filters.CharFilter(method="by_words", label="Search by reference")

    class Meta:
        model = Referral
        fields: tuple[str, ...] = ()

    def by_enquiry(self, rows: QuerySet[Referral], name: str, value: str) -> QuerySet[Referral]:
        return rows.filter(enquiry__reference=normalise_reference(value, "ENQ") or "")

    def by_type(self, rows: QuerySet[Referral], name: str, value: str) -> QuerySet[Referral]:
        values: list[Any] = self.data.getlist(name) if hasattr(self.data, "getlist") else [value]
        return rows.filter(assessment__type__code__in=values)

    def by_words(self, rows: QuerySet[Referral], name: str, value: str) -> QuerySet[Referral]:
        return rows.filter(
            Q(reference=normalise_reference(value, "REF") or "")
            | Q(enquiry__reference=normalise_reference(value, "ENQ") or "")
        )
