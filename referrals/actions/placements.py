"""Placing a referral: offered to a service, taken or given back, allocated, reallocated, cancelled."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from intake.actions import sharing
from intake.actions.enquiries import check_reason
from intake.checks import Fault
from intake.lifecycle import Status as EnquiryStatus
from intake.models import Enquiry, Organisation, User
from intake.models.organisation import OrganisationQuerySet
from intake.refusals import Invalid, NotPossible, Refused
from referrals import continuity, offers
from referrals.actions import coworking, stops
from referrals.actions.telling import tell
from referrals.actions.triage import close_when_done
from referrals.lifecycle import Transition
from referrals.models import Allocation, Coverage, Offer, Referral


@transaction.atomic
def offer(
    *,
    referral: Referral,
    by: User,
    service: Organisation,
    reply_by: date,
    override_reason: str = "",
    note: str = "",
    suggested: User | None = None,
) -> Referral:
    """Offer a referral to a service, which from then on can see the enquiry; perhaps with who could lead it."""
    referral = Referral.objects.hold(referral)
    referral.check_can(Transition.OFFER, by)
    wanted = stops.check_offer(referral, by, service, reply_by, override_reason)
    referral.make(
        Transition.OFFER,
        by=by,
        note=note,
        facts={"service": service.name, "reply_by": reply_by, "override_reason": override_reason},
        service=service,
        reply_by=reply_by,
        hours=wanted.hours,
    )
    Offer.objects.create(
        referral=referral,
        service=service,
        reply_by=reply_by,
        override_reason=override_reason,
        suggested=suggested,
        offered_at=referral.updated_at,
    )
    sharing.share(referral.enquiry, with_=service, because=referral.reference)
    tell(referral, Transition.OFFER)
    return referral


def covering(referral: Referral) -> OrganisationQuerySet:
    """The services that cover a referral's type and place."""
    region = referral.enquiry.authority.region
    rows = Coverage.objects.filter(Q(region="") | Q(region=region), type=referral.assessment.type_id)
    return Organisation.objects.services().live(timezone.localdate()).filter(pk__in=rows.values("service"))


@transaction.atomic
def recall_offer(*, referral: Referral, by: User, reason: str) -> Referral:
    """The hub takes the offer back."""
    referral = Referral.objects.hold(referral)
    service = referral.service
    referral.make(Transition.RECALL_OFFER, by=by, facts={"reason": reason}, note=reason, **TAKEN_BACK)
    end_offer(referral, Offer.Answer.RECALLED, text=reason)
    tell(referral, Transition.RECALL_OFFER, service=service)
    return referral


TAKEN_BACK: dict[str, Any] = {"service": None, "reply_by": None, "assessor": None, "co_worker": None}


@transaction.atomic
def decline_offer(*, referral: Referral, by: User, reason_code: str, text: str) -> Referral:
    """The service gives it back, and sees the enquiry no more."""
    referral = Referral.objects.hold(referral)
    check_reason(referral, by, Transition.DECLINE_OFFER, "decline_offer", reason_code)
    facts = {"reason_code": reason_code, "text": text}
    referral.make(Transition.DECLINE_OFFER, by=by, facts=facts, note=text, **TAKEN_BACK)
    end_offer(referral, Offer.Answer.DECLINED, **facts)
    tell(referral, Transition.DECLINE_OFFER)
    return referral


def end_offer(referral: Referral, answer: str, **why: str) -> None:
    """What came of the open offer; whoever it was lent to sees the enquiry no more."""
    referral.offer_rows.filter(answer="").update(answer=answer, **why)
    if answer != Offer.Answer.ACCEPTED:
        sharing.unshare(referral.enquiry, because=referral.reference)


def lapse_overdue(now: datetime) -> int:
    """The worker's round: offers whose last day is over, at the office's closing, go back to waiting, once each."""
    done = 0
    for referral in Referral.objects.offers_on_their_last_day(timezone.localdate(now)):
        if now < offers.lapses_at(referral):
            continue
        try:
            lapse_offer(referral=referral, now=now)
            done += 1
        except Refused:
            continue
    return done


@transaction.atomic
def lapse_offer(*, referral: Referral, now: datetime) -> Referral:
    """Nobody replied; the coordinator and the service are told."""
    referral = Referral.objects.hold(referral)
    service = referral.service
    referral.make(Transition.LAPSE_OFFER, by=User.objects.system(), at=now, **TAKEN_BACK)
    end_offer(referral, Offer.Answer.LAPSED)
    tell(referral, Transition.LAPSE_OFFER, service=service)
    return referral


@transaction.atomic
def accept_offer(
    *, referral: Referral, by: User, assessor: User, conflict_statement: str, override_reason: str = ""
) -> Referral:
    """The service takes it, with a named lead assessor who has room, or a reason why all the same."""
    referral = Referral.objects.hold(referral)
    referral.check_can(Transition.ACCEPT_OFFER, by)
    stops.check_assessor(referral, by, assessor, override_reason)
    facts = {"assessor": assessor.name, "conflict_statement": conflict_statement}
    referral.make(
        Transition.ACCEPT_OFFER,
        by=by,
        facts=facts | {"override_reason": override_reason},
        assessor=assessor,
        reply_by=None,
    )
    end_offer(referral, Offer.Answer.ACCEPTED)
    allocate(referral, assessor, conflict_statement=conflict_statement, override_reason=override_reason)
    tell(referral, Transition.ACCEPT_OFFER)
    return referral


def allocate(referral: Referral, assessor: User, **why: str) -> None:
    """The new live lead; the one before ends at this moment, and sees the enquiry no more."""
    leads = Allocation.objects.filter(referral=referral, part=Allocation.Part.LEAD, until__isnull=True)
    leads.update(until=referral.updated_at)
    Allocation.objects.create(referral=referral, assessor=assessor, since=referral.updated_at, **why)
    sharing.share(referral.enquiry, with_=assessor.organisation, because=referral.reference, person=assessor)


@transaction.atomic
def reallocate(
    *,
    referral: Referral,
    by: User,
    assessor: User,
    reason_code: str,
    text: str = "",
    override_reason: str = "",
) -> Referral:
    """Another assessor of the same service takes over; both are told, the family's third worker is remarked."""
    referral = Referral.objects.hold(referral)
    check_reason(referral, by, Transition.REALLOCATE, "reallocate", reason_code)
    stops.check_assessor(referral, by, assessor, override_reason)
    former = referral.assessor
    if former == assessor:
        raise Invalid([Fault("/assessor", "same", "They lead it already. Choose another assessor.")])
    family = continuity.of_referral(referral)
    facts = {"assessor": assessor.name, "reason_code": reason_code, "workers": family.with_(assessor.pk)}
    if warning := family.warning(assessor.pk):
        facts["warning"] = warning
    if referral.co_worker_id == assessor.pk:
        coworking.end_row(referral, timezone.now())
    beside = None if referral.co_worker_id == assessor.pk else referral.co_worker_id
    referral.make(
        Transition.REALLOCATE, by=by, facts=facts, note=text, assessor=assessor, co_worker_id=beside
    )
    sharing.unshare(referral.enquiry, because=referral.reference, person=former)
    allocate(referral, assessor, reason_code=reason_code, override_reason=override_reason)
    tell(referral, Transition.REALLOCATE, assessors=(former, assessor))
    return referral


@transaction.atomic
def return_to_waiting(*, referral: Referral, by: User, reason_code: str, text: str = "") -> Referral:
    """Taken from the service; a place is looked for anew."""
    referral = Referral.objects.hold(referral)
    check_reason(referral, by, Transition.RETURN_TO_WAITING, "reallocate", reason_code)
    service = referral.service
    facts = {"reason_code": reason_code}
    referral.make(Transition.RETURN_TO_WAITING, by=by, facts=facts, note=text, **TAKEN_BACK, review_on=None)
    leave_service(referral)
    tell(referral, Transition.RETURN_TO_WAITING, service=service)
    return referral


def leave_service(referral: Referral) -> None:
    referral.offer_rows.filter(answer="").update(answer=Offer.Answer.CANCELLED)
    referral.allocation_rows.filter(until__isnull=True).update(until=referral.updated_at)
    sharing.unshare(referral.enquiry, because=referral.reference)


@transaction.atomic
def cancel(*, referral: Referral, by: User, reason_code: str, text: str = "") -> Referral:
    """It will not be done; the enquiry closes when it was the last."""
    referral = Referral.objects.hold(referral)
    check_reason(referral, by, Transition.CANCEL, "cancel", reason_code)
    service = referral.service
    referral.make(Transition.CANCEL, by=by, facts={"reason_code": reason_code}, note=text)
    leave_service(referral)
    tell(referral, Transition.CANCEL, service=service)
    close_when_done(referral.enquiry, at=referral.updated_at)
    return referral


@transaction.atomic
def reopen(*, referral: Referral, by: User, reason: str) -> Referral:
    """Placed anew, as long as its enquiry is open; otherwise the enquiry is reopened first."""
    referral = Referral.objects.hold(referral)
    referral.check_can(Transition.REOPEN, by)
    refuse_on_closed(referral.enquiry)
    refuse_beside_another(referral)
    referral.make(Transition.REOPEN, by=by, facts={"reason": reason}, note=reason, **TAKEN_BACK)
    tell(referral, Transition.REOPEN)
    return referral


def refuse_beside_another(referral: Referral) -> None:
    """An assessment that was accepted anew has its referral already."""
    others = Referral.objects.open().filter(assessment=referral.assessment_id)
    if (other := others.exclude(pk=referral.pk).values_list("reference", flat=True).first()) is not None:
        raise NotPossible(f"The assessment goes on as {other}.", status=referral.status)


def refuse_on_closed(enquiry: Enquiry) -> None:
    if enquiry.status != EnquiryStatus.ACCEPTED:
        raise NotPossible(
            f"Its enquiry {enquiry.reference} stands at “{enquiry.status_label}”. Reopen the enquiry first.",
            status=enquiry.status,
        )
