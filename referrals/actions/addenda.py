"""Questions after the report: numbered, with a day of their own; the report before stays as it was sent."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from intake.checks import Fault
from intake.models import User
from intake.refusals import Invalid
from referrals.actions.telling import tell
from referrals.lifecycle import Transition
from referrals.models import Addendum, Referral


@transaction.atomic
def request_addendum(*, referral: Referral, by: User, questions: Sequence[str], needed_by: date) -> Referral:
    """Further questions after the report; the assessor goes on, against a day of its own."""
    referral = Referral.objects.hold(referral)
    referral.check_can(Transition.REQUEST_ADDENDUM, by)
    if needed_by <= timezone.localdate():
        raise Invalid([Fault("/needed_by", "past", "Give a day after today by which it is needed.")])
    number = referral.addendum_rows.count() + 1
    facts = {"questions": list(questions), "needed_by": needed_by, "number": number}
    before = referral.report
    referral.make(Transition.REQUEST_ADDENDUM, by=by, facts=facts, needed_by=needed_by)
    Addendum.objects.create(
        referral=referral,
        number=number,
        questions=list(questions),
        needed_by=needed_by,
        asked_by=by,
        asked_at=referral.updated_at,
        adds_to=before,
    )
    tell(referral, Transition.REQUEST_ADDENDUM)
    return referral
