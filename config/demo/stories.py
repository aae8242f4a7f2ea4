"""What becomes of the enquiries the desk opens with: all by the actions, so that their history is true."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from config.demo import world
from config.demo.clock import ago
from config.demo.families import Body
from config.demo.paper import report
from config.demo.world import AUTHORITIES, HUB, with_role
from intake import shapes
from intake.actions import attachments, enquiries, information
from intake.lifecycle import Role
from intake.models import Enquiry, Organisation, Person, User
from referrals import suggestions
from referrals.actions import assessments, evidence, follow_ups, placements, reviews, triage
from referrals.models import Referral

Story = Callable[[Enquiry, "Cast"], object]


@dataclass(frozen=True)
class Cast:
    """Who acts: the people of the hub, and the days as the story is told."""

    coordinator: User
    colleague: User
    reviewer: User

    @property
    def today(self) -> date:
        return timezone.localdate()

    def days(self, number: int) -> date:
        return self.today + timedelta(days=number)


def cast() -> Cast:
    return Cast(world.user(HUB[0]), world.user(HUB[1]), world.user(HUB[3]))


def add(authority: str, reference: str, body: Callable[[], Body], story: Story, cast: Cast) -> bool:
    there = Enquiry.objects.filter(authority__code=authority, authority_reference=reference)
    if there.exists():
        return False
    with transaction.atomic():
        referrer = world.user(with_role(AUTHORITIES[authority], Role.REFERRER))
        enquiry, _ = enquiries.submit(body=plain(body()), by=referrer)
        story(enquiry, cast)
    return True


def plain(body: Body) -> Body:
    """As the doors hand it to the action: dates are dates."""
    return shapes.validated(body, nation="")


# --- What becomes of an enquiry -----------------------------------------------------------------------------


def waits(enquiry: Enquiry, cast: Cast) -> None:
    """Nobody has taken it yet."""


def claimed(enquiry: Enquiry, cast: Cast) -> Enquiry:
    return triage.claim(enquiry=enquiry, by=cast.coordinator)


def claimed_today(enquiry: Enquiry, cast: Cast) -> Enquiry:
    """A claim that nobody touches for a day goes back."""
    with ago(0):
        return claimed(enquiry, cast)


def claimed_by_colleague(enquiry: Enquiry, cast: Cast) -> Enquiry:
    return triage.claim(enquiry=enquiry, by=cast.colleague)


def asked(enquiry: Enquiry, cast: Cast) -> Enquiry:
    return information.request_information(
        enquiry=claimed(enquiry, cast),
        by=cast.coordinator,
        questions=[
            {"text": "Is the date by which it is needed fixed?", "field": "/urgency/needed_by"},
            {"text": "Who can tell us about the earlier assessments?"},
        ],
        reply_by=cast.days(7),
    )


def withdrawn(enquiry: Enquiry, cast: Cast) -> None:
    enquiries.withdraw(
        enquiry=claimed(enquiry, cast),
        by=enquiry.created_by,
        reason_code="PLAN_CHANGED",
        text="The child will stay with the grandparents.",
    )


def declined(enquiry: Enquiry, cast: Cast) -> None:
    triage.decline(
        enquiry=claimed_by_colleague(enquiry, cast),
        by=cast.colleague,
        reason_code="NO_CAPACITY",
        text="No psychologist is free before the filing date.",
        elsewhere="The court's list of experts; the clinic at the university hospital.",
    )


def redirected(enquiry: Enquiry, cast: Cast) -> None:
    triage.redirect(
        enquiry=claimed(enquiry, cast),
        by=cast.coordinator,
        agency="Our training desk",
        text="Training is arranged by the training desk, which has your question now.",
    )


def accepted(enquiry: Enquiry, cast: Cast) -> Enquiry:
    return triage.accept(
        enquiry=claimed(enquiry, cast),
        by=cast.coordinator,
        rationale="Within our skills, and there is room before the date needed.",
        conflict_statement="None known.",
        waiver_reason="The authority brings what is not there yet to the first meeting.",
        late_reason="The court was asked for more time, and the authority takes what there is.",
    )


def placed(enquiry: Enquiry, cast: Cast, *, service: str, steps: int) -> None:
    """Accepted, then each referral taken as many steps along the usual way."""
    for referral in accepted(enquiry, cast).referrals.all():
        go(referral, cast, world.service(service), steps)


def cancelled(enquiry: Enquiry, cast: Cast) -> None:
    for referral in accepted(enquiry, cast).referrals.all():
        placements.cancel(referral=referral, by=cast.coordinator, reason_code="FUNDING")


# --- The usual way of a referral ----------------------------------------------------------------------------

OFFERED, ALLOCATED, IN_PROGRESS, IN_REVIEW, DELIVERED, CLOSED = range(1, 7)


def go(referral: Referral, cast: Cast, service: world.Service, steps: int) -> Referral:
    for step in (offer, take, start, hand_in, deliver, close)[:steps]:
        referral = step(referral, cast, service)
    return referral


def offer(referral: Referral, cast: Cast, service: world.Service) -> Referral:
    organisation = Organisation.objects.services().get(code=service.code)
    return placements.offer(
        referral=referral, by=cast.coordinator, service=organisation, reply_by=cast.days(5)
    )


def lead(service: world.Service) -> User:
    return world.user(with_role(service.members, Role.SERVICE_LEAD))


def take(referral: Referral, cast: Cast, service: world.Service) -> Referral:
    """By whoever is best placed; past their hours with a reason."""
    found = suggestions.suggestions_for(referral, timezone.localdate(), [referral.service_id or 0])
    best = found.assessors[0]
    return placements.accept_offer(
        referral=referral,
        by=lead(service),
        assessor=User.objects.get(pk=best.candidate.assessor),
        conflict_statement="None known.",
        override_reason="One of their others closes this week." if best.cautions else "",
    )


def start(referral: Referral, cast: Cast, service: world.Service) -> Referral:
    lacking = assessments.lacking_at_start(referral)
    reason = "The letter is promised for this week; the first visit is agreed." if lacking else ""
    return assessments.start(referral=referral, by=assessor_of(referral), waiver_reason=reason)


def assessor_of(referral: Referral) -> User:
    found: User = User.objects.get(pk=referral.assessor_id)
    return found


def hand_in(referral: Referral, cast: Cast, service: world.Service) -> Referral:
    by = assessor_of(referral)
    evidence.log(referral=referral, by=by, source="School or health visitor", state="received")
    attachment = attachments.attach(
        enquiry=referral.enquiry,
        by=by,
        role=attachments.REPORT,
        file=SimpleUploadedFile("report.pdf", report(referral.reference)),
        subject=referral.reference,
    )
    return assessments.submit_report(
        referral=referral,
        by=by,
        report=attachment,
        children_seen=[seen(row, cast) for row in assessments.children_of(referral)],
    )


def seen(child: Person, cast: Cast) -> assessments.Seen:
    if child.date_of_birth is None:
        return {"child": child.position, "not_seen_why": "Not born yet."}
    return {"child": child.position, "seen_on": cast.today, "views": "Would like to stay with the others."}


def deliver(referral: Referral, cast: Cast, service: world.Service) -> Referral:
    judged: list[reviews.Judged] = [{"criterion": code, "verdict": "met"} for code in reviews.criteria()]
    return reviews.deliver(referral=referral, by=cast.reviewer, checklist=judged, grade="GOOD")


def close(referral: Referral, cast: Cast, service: world.Service) -> Referral:
    return follow_ups.close(
        referral=referral,
        by=cast.coordinator,
        outcome_code="REPORT_USED",
        follow_up_3_months=cast.days(91),
        follow_up_6_months=cast.days(182),
    )
