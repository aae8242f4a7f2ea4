"""A second assessor beside the lead: to learn, or because the work needs two."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from intake.actions import sharing
from intake.checks import Fault
from intake.lifecycle import Role
from intake.models import User
from intake.refusals import Forbidden, Invalid, NotPossible
from referrals import continuity
from referrals.actions import stops
from referrals.lifecycle import UNDER_WAY
from referrals.models import Allocation, Referral

NAMERS = frozenset({Role.SERVICE_LEAD, Role.COORDINATOR, Role.MANAGER})


@transaction.atomic
def add(*, referral: Referral, by: User, assessor: User, reason: str = "") -> Referral:
    """Somebody of the service works beside the lead and sees what the lead sees; one at a time."""
    referral = hold(referral, by)
    check(referral, by, assessor)
    family, now = continuity.of_referral(referral), timezone.now()
    if referral.co_worker_id:
        end_row(referral, now)
    Allocation.objects.create(referral=referral, part=Allocation.Part.CO_WORKER, assessor=assessor, since=now)
    put(referral, assessor, now)
    sharing.share(referral.enquiry, with_=assessor.organisation, because=referral.reference, person=assessor)
    facts = {"co_worker": assessor.name, "workers": family.with_(assessor.pk)}
    if warning := family.warning(assessor.pk):
        facts["warning"] = warning
    referral.record("co_worker_added", by=by, at=now, note=reason, data=facts)
    return referral


def hold(referral: Referral, by: User) -> Referral:
    referral = Referral.objects.hold(referral)
    check_can(referral, by)
    return referral


def check_can(referral: Referral, by: User) -> None:
    if referral.roles_of(by).isdisjoint(NAMERS):
        raise Forbidden("Your role does not allow this: name a co-worker.")
    if referral.status not in UNDER_WAY:
        raise NotPossible(
            referral.standing_sentence(), status=referral.status, transitions=referral.transitions_for(by)
        )


def check(referral: Referral, by: User, assessor: User) -> None:
    """Of the same service, nobody who stands on it already, nobody with a conflict."""
    if assessor.pk in (referral.assessor_id, referral.co_worker_id):
        raise Invalid([Fault("/assessor", "same", "They work on it already. Choose somebody else.")])
    stops.check_beside(referral, by, assessor)


@transaction.atomic
def end(*, referral: Referral, by: User, reason: str = "") -> Referral:
    """The lead goes on alone."""
    referral = hold(referral, by)
    if referral.co_worker is None:
        raise NotPossible("Nobody works beside the lead.", status=referral.status)
    name, now = referral.co_worker.name, timezone.now()
    end_row(referral, now)
    put(referral, None, now)
    referral.record("co_worker_ended", by=by, at=now, note=reason, data={"co_worker": name})
    return referral


def end_row(referral: Referral, at: datetime) -> None:
    """The live co-work ends, and with it what they see of the enquiry because of this referral."""
    live = referral.allocation_rows.filter(part=Allocation.Part.CO_WORKER, until__isnull=True)
    live.update(until=at)
    if referral.co_worker is not None:
        sharing.unshare(referral.enquiry, because=referral.reference, person=referral.co_worker)


def put(referral: Referral, assessor: User | None, at: datetime) -> None:
    """No step of the lifecycle, but a new version of the row: two who name somebody at once see each other."""
    Referral.objects.filter(pk=referral.pk).update(
        co_worker=assessor, version=referral.version + 1, updated_at=at
    )
    referral.co_worker, referral.version, referral.updated_at = assessor, referral.version + 1, at
