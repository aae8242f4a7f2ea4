"""What the pages say of time: our targets, the authority's clocks, the timetable and the earliest realistic date."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext

from intake.lifecycle import Status
from intake.models import Enquiry, Organisation, User
from intake.statutory import clocks_of
from referrals import court, forecasting, turnaround
from referrals.lifecycle import Status as Stands
from referrals.models import Referral
from referrals.turnaround import OurTarget

TO_PLACE = frozenset({Stands.WAITING, Stands.OFFERED})


class Group(NamedTuple):
    """Targets of one referral, or of the decision, under the words of what they are about."""

    title: str
    targets: list[OurTarget]


def of_enquiry(
    enquiry: Enquiry, user: User, body: Mapping[str, Any], referrals: Sequence[Referral]
) -> dict[str, Any]:
    """Nothing of a draft: no clock of anybody's runs before it is sent."""
    if enquiry.status == Status.DRAFT:
        return {}
    today = timezone.localdate()
    return {
        "timetable": court.timetable_of(enquiry, body, today),
        "authority_clocks": clocks_of(enquiry, body, user, today),
        "our_targets": our_targets(enquiry, user, referrals),
        "earliest": earliest(enquiry, user, body, referrals),
    }


def our_targets(enquiry: Enquiry, user: User, referrals: Sequence[Referral]) -> list[Group]:
    """The decision's, between the authority and us; then those of each referral that this person sees."""
    now, groups = timezone.now(), []
    if user.organisation.kind != Organisation.Kind.SERVICE:
        decision = turnaround.decision_of(enquiry, now)
        groups += [Group(gettext("The decision"), [decision])] if decision.reading.state else []
    found = turnaround.targets_of(referrals, user, now)
    groups += [Group(row.assessment.type.name, found[row.pk]) for row in referrals if found[row.pk]]
    return groups


def of_referral(referral: Referral, user: User, dates: Mapping[str, Any]) -> dict[str, Any]:
    """By the dates of the enquiry's body, whole or not."""
    today = timezone.localdate()
    found = turnaround.targets_of([referral], user, timezone.now())[referral.pk]
    return {
        "timetable": court.timetable_of_referral(referral, dates, today),
        "authority_clocks": clocks_of(referral.enquiry, dates, user, today),
        "our_targets": [Group("", found)] if found else [],
    }


def earliest(
    enquiry: Enquiry, user: User, body: Mapping[str, Any], referrals: Sequence[Referral]
) -> list[forecasting.Earliest]:
    """While something of it is still to be placed; what room services have is nothing for another service."""
    placed = referrals and all(row.status not in TO_PLACE for row in referrals)
    if placed or user.organisation.kind == Organisation.Kind.SERVICE:
        return []
    return forecasting.earliest_of(enquiry, body, timezone.localdate())
