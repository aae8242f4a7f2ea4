"""The authority's statutory clocks of an enquiry, as far as its reader sees the facts that start them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from intake import clocks
from intake.clocks import AuthorityClock
from intake.lifecycle import Status
from intake.models import Enquiry, Event, User, book

SERVED = "expert_report_delivered"


def clocks_of(enquiry: Enquiry, body: Mapping[str, Any], user: User, today: date) -> list[AuthorityClock]:
    """By last day. `body` is the one that this reader sees, so no clock tells of what is kept from them.

    A statement more once reports can have been delivered to the court, none before.
    """
    if enquiry.status == Status.DRAFT:
        return []
    facts = clocks.facts_of(body)
    if SERVED in facts and enquiry.status in (Status.ACCEPTED, Status.CLOSED):
        facts[SERVED] = delivered_on(enquiry, user)
    nation = enquiry.authority.nation
    return clocks.authority_clocks(facts, book().clocks, nation, today, book().statutory_calendars[nation])


def delivered_on(enquiry: Enquiry, user: User) -> list[date]:
    """The days on which a report of it was delivered, as far as this person reads its history."""
    lines = Event.objects.visible_to(user).filter(enquiry=enquiry, verb="referral.deliver")
    return [timezone.localdate(at) for at in lines.values_list("at", flat=True)]
