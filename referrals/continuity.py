"""How many workers a family has had, over all that was asked about it: known before another is named."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from referrals.models import Allocation, Referral
from referrals.suggestions import family_of

WARN_AT = 3
ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


@dataclass(frozen=True)
class Continuity:
    """The workers of one family by the ids of their accounts, in the order in which they came."""

    workers: tuple[int, ...]

    @property
    def count(self) -> int:
        return len(self.workers)

    def with_(self, assessor: int) -> int:
        """How many it will have had with this one; somebody who knows the family adds nobody."""
        return self.count + (assessor not in self.workers)

    def warning(self, assessor: int) -> str:
        """What is to be thought of first; empty for the first two, and for somebody the family knows."""
        number = self.with_(assessor)
        if number < WARN_AT or assessor in self.workers:
            return ""
        return f"This is the {ordinal(number)} worker for this family."

    @property
    def sentence(self) -> str:
        """For the page on which another worker is named, before it is done."""
        if self.count + 1 < WARN_AT:
            return ""
        return (
            f"This family has had {self.count} workers. Somebody new would be the {ordinal(self.count + 1)}: "
            "for the children that is one more stranger."
        )


def ordinal(number: int) -> str:
    return ORDINALS[number] if number < len(ORDINALS) else f"{number}th"


def of_referral(referral: Referral) -> Continuity:
    """Leads and co-workers of all that is known to be about the same family, by the rule that the match uses.

    Another enquiry that is restricted says nothing of itself.
    """
    open_or_own = Q(referral__enquiry__restricted=False) | Q(referral__enquiry=referral.enquiry_id)
    family = family_of(referral.enquiry)
    rows = Allocation.objects.filter(open_or_own, referral__enquiry__reference__in=family)
    rows = rows.order_by("since", "pk")
    return Continuity(tuple(dict.fromkeys(rows.values_list("assessor_id", flat=True))))


def of_enquiries(enquiries: Iterable[int]) -> dict[int, Continuity]:
    """The same for many enquiries by themselves, in one statement."""
    rows = Allocation.objects.filter(referral__enquiry__in=set(enquiries)).order_by("since", "pk")
    found: dict[int, dict[int, None]] = {}
    for enquiry, assessor in rows.values_list("referral__enquiry_id", "assessor_id"):
        found.setdefault(enquiry, {})[assessor] = None
    return {enquiry: Continuity(tuple(workers)) for enquiry, workers in found.items()}
