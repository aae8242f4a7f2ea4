"""A manager's challenge to the work, and its answer."""

from django.db import transaction
from django.utils import timezone

from intake.checks import Fault
from intake.lifecycle import Role
from intake.models import Event, User
from intake.refusals import Forbidden, Invalid, NotPossible
from referrals.models import Challenge, Referral


@transaction.atomic
def challenge(*, referral: Referral, by: User, text: str) -> Challenge:
    """Ask the work a question; until it is answered no report is handed in."""
    referral = Referral.objects.hold(referral)
    if not by.has(Role.MANAGER, Role.REVIEWER):
        raise Forbidden("Your role does not allow this: challenge.")
    if not text.strip():
        raise Invalid([Fault("/text", "required", "Write the challenge.")])
    row = Challenge.objects.create(referral=referral, text=text, raised_by=by, raised_at=timezone.now())
    record(referral, "referral.challenge", by, text)
    return row


@transaction.atomic
def answer_challenge(*, challenge: Challenge, by: User, text: str) -> Challenge:
    """The coordinator, the service or the assessor answers, once."""
    referral = Referral.objects.hold(challenge.referral)
    if referral.roles_of(by).isdisjoint({Role.COORDINATOR, Role.SERVICE_LEAD, Role.ASSESSOR}):
        raise Forbidden("Your role does not allow this: answer a challenge.")
    if not text.strip():
        raise Invalid([Fault("/text", "required", "Write the answer.")])
    challenge = referral.challenge_rows.get(pk=challenge.pk)
    if challenge.answered_at:
        raise NotPossible("This challenge is answered. Raise another.", status=referral.status)
    challenge.answer, challenge.answered_by, challenge.answered_at = text, by, timezone.now()
    challenge.save()
    record(referral, "referral.challenge_answered", by, text)
    return challenge


def record(referral: Referral, verb: str, by: User, text: str) -> None:
    Event.objects.record(
        referral.enquiry,
        verb=verb,
        by=by,
        subject=referral.reference,
        note=text,
        audience=Event.Audience.HUB,
    )
