"""What stands against an offer or an acceptance: the suggestions' own rule, asked again at the moment itself."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from intake.checks import Fault
from intake.lifecycle import Role
from intake.models import Organisation, User
from intake.refusals import Invalid
from referrals import suggestions
from referrals.matching import Caution, Stop, Wanted
from referrals.models import Referral

NOT_COVERED = Stop("not_covered", "This service does not cover the assessment and the place.")
OVERRIDE = "/override_reason"


def check_offer(
    referral: Referral, by: User, service: Organisation, reply_by: date | None, override: str
) -> Wanted:
    """The service covers it, and nothing stops it; what was asked of it comes back."""
    today = timezone.localdate()
    wanted = suggestions.wanted_of(referral, today)
    found = suggestions.service_match(referral, service, today, wanted)
    faults = faults_of(found.stops if found else (NOT_COVERED,), by, override, "/service")
    if reply_by and reply_by < today:
        faults.append(
            Fault("/reply_by", "past", "Give a day from today on by which the service should reply.")
        )
    if faults:
        raise Invalid(faults)
    return wanted


def check_assessor(referral: Referral, by: User, assessor: User, override: str) -> None:
    """An assessor of the service whom nothing stops, within their hours or with a reason."""
    found = suggestions.assessor_match(referral, assessor, timezone.localdate())
    if found is None:
        raise Invalid([Fault("/assessor", "unknown", "Choose an assessor of this service.")])
    faults = faults_of(suggestions.told_to(by, found), by, override, "/assessor")
    if found.cautions and not override.strip():
        faults.append(Fault(OVERRIDE, "required", f"{in_words(found.cautions)} Say why they take one more."))
    if faults:
        raise Invalid(faults)


def check_beside(referral: Referral, by: User, assessor: User) -> None:
    """An assessor of the service without a conflict of interest; hours and grade are the lead's to think of."""
    found = suggestions.assessor_match(referral, assessor, timezone.localdate())
    if found is None:
        raise Invalid([Fault("/assessor", "unknown", "Choose an assessor of this service.")])
    against = [stop for stop in suggestions.told_to(by, found) if stop.code in suggestions.CONFLICTS]
    if against:
        raise Invalid([Fault("/assessor", stop.code, f"Hard stop: {stop.text}") for stop in against])


def faults_of(stops: Sequence[Stop], by: User, override: str, pointer: str) -> list[Fault]:
    """A manager passes what a manager can override, with a reason; the rest is refused at its place."""
    manages, faults = by.has(Role.MANAGER), []
    for stop in stops:
        if not stop.overridable_by:
            faults.append(Fault(pointer, stop.code, f"Hard stop: {stop.text}"))
        elif not manages:
            faults.append(Fault(pointer, stop.code, f"Hard stop: {stop.text} A manager can override it."))
        elif not override.strip():
            faults.append(Fault(OVERRIDE, "required", f"Hard stop: {stop.text} Say why you override it."))
    return faults


def in_words(cautions: Sequence[Caution]) -> str:
    return " ".join(caution.text for caution in cautions)
