"""The second look at a decision: confirmed or returned, by another person."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from intake.actions.enquiries import bump
from intake.checks import Fault
from intake.lifecycle import Role
from intake.models import Enquiry, Event, User
from intake.refusals import Forbidden, Invalid, NotPossible
from referrals.actions import deciding, proposing, triage
from referrals.models import SecondLook


@transaction.atomic
def confirm(*, enquiry: Enquiry, by: User, note: str = "") -> Enquiry:
    """The decision is made as it was proposed: by the second person, with the first one named beside them.

    It is checked as of now; what would be refused today is returned instead, by hand.
    """
    enquiry = Enquiry.objects.hold(enquiry)
    look = waiting_for(enquiry, by)
    if look.proposed_by_id == by.pk:
        raise Forbidden("Nobody confirms their own decision. A colleague has to look at it.")
    if look.is_overtaken:
        raise NotPossible(
            "The enquiry has changed since this was proposed. Return it, so that it is decided anew.",
            status=enquiry.status,
        )
    try:
        facts = triage.ready(enquiry, by, look.transition, look.facts)
    except Invalid as invalid:
        raise NotPossible(as_of_now(invalid.faults), status=enquiry.status) from invalid
    finish(look, by, SecondLook.Outcome.CONFIRMED, note)
    record(enquiry, "enquiry.second_look_confirmed", by, note, look)
    triage.carry_out(enquiry, by, look.transition, facts, proposed_by=look.proposed_by)
    return enquiry


@transaction.atomic
def send_back(*, enquiry: Enquiry, by: User, reason: str) -> Enquiry:
    """Returned with a reason, also by who proposed it; the enquiry goes on in triage as it was."""
    enquiry = Enquiry.objects.hold(enquiry)
    look = waiting_for(enquiry, by)
    if not reason.strip():
        raise Invalid([Fault("/reason", "required", "Say why it is returned.")])
    finish(look, by, SecondLook.Outcome.RETURNED, reason)
    record(enquiry, "enquiry.second_look_returned", by, reason, look)
    bump(enquiry)
    return enquiry


def waiting_for(enquiry: Enquiry, by: User) -> SecondLook:
    """The decision that waits; asked after who may look at all, and before whether it was read too long ago."""
    if enquiry.roles_of(by).isdisjoint({Role.COORDINATOR, Role.MANAGER}):
        raise Forbidden("Your role does not allow this: take a second look.")
    deciding.refuse_conflicted(enquiry, by)
    look = enquiry.second_looks.waiting().select_related("proposed_by").first()
    if look is None or enquiry.status != "in_triage":
        raise NotPossible("No decision waits for a second look.", status=enquiry.status)
    enquiry.check_seen()
    return look


def finish(look: SecondLook, by: User, outcome: str, reason: str) -> None:
    look.outcome, look.reason, look.answered_by, look.answered_at = outcome, reason, by, timezone.now()
    look.save(update_fields=("outcome", "reason", "answered_by", "answered_at"))
    proposing.unflag(look.enquiry, by)


def record(enquiry: Enquiry, verb: str, by: User, note: str, look: SecondLook) -> None:
    data = {"proposes": look.transition, "proposed_by": look.proposed_by.name}
    Event.objects.record(enquiry, verb=verb, by=by, note=note, data=data, audience=Event.Audience.HUB)


def as_of_now(faults: Iterable[Fault]) -> str:
    said = " ".join(dict.fromkeys(fault.detail for fault in faults))
    return f"As it stands now it could not be decided so: {said} Return it, so that it is decided anew."
