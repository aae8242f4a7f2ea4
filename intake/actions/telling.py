"""Whom the enquiry's table names: promised in the same transaction, one notification for each."""

from datetime import datetime

from intake.lifecycle import ENQUIRY, Party
from intake.models import Enquiry, Notification, User


def tell(
    enquiry: Enquiry,
    transition: str,
    *,
    former_owner: User | None = None,
    not_before: datetime | None = None,
) -> None:
    """Leave a notification for every party of the step; an owner who is not there is not told."""
    people = {Party.OWNER: enquiry.owner, Party.FORMER_OWNER: former_owner}
    for party in ENQUIRY[transition].tells:
        if party in people and people[party] is None:
            continue
        if party == Party.REFERRER and not enquiry.referrer_email:
            # Who asked at the public door may have left a telephone number only.
            continue
        enquiry.notify(
            Notification.Kind.TRANSITION,
            to=party,
            person=people.get(party),
            data={"lifecycle": "enquiry", "transition": str(transition)},
            not_before=not_before,
        )
