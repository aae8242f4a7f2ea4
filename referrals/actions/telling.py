"""Whom the referral's table names: promised in the same transaction, one notification for each."""

from typing import Any

from intake.lifecycle import Party
from intake.models import Notification, Organisation, User
from referrals.lifecycle import REFERRAL
from referrals.models import Referral


def tell(
    referral: Referral,
    transition: str,
    *,
    service: Organisation | None = None,
    assessors: tuple[User | None, ...] = (),
) -> None:
    """Leave a notification for every party of the step; a service that had no part in it is not told."""
    service = service or referral.service
    data = {"lifecycle": "referral", "transition": str(transition)}
    for party in REFERRAL[transition].tells:
        for more in receivers(referral, party, service, assessors):
            referral.notify(Notification.Kind.TRANSITION, to=party, data=data, **more)


def receivers(
    referral: Referral, party: Party, service: Organisation | None, assessors: tuple[User | None, ...]
) -> list[dict[str, Any]]:
    if party is Party.SERVICE_LEAD:
        return [{"organisation": service}] if service else []
    if party in (Party.ASSESSOR, Party.BOTH_ASSESSORS):
        people = assessors or (referral.assessor,)
        return [{"person": person} for person in people if person is not None]
    return [{}]
