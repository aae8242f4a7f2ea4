"""The work itself: started, paused, gone on with, handed in; each gate says what it misses."""

from collections.abc import Sequence
from datetime import date
from typing import TypedDict

from django.db import transaction
from django.utils import timezone

from intake.actions.enquiries import check_reason
from intake.checks import Fault
from intake.models import Attachment, Person, User
from intake.refusals import Invalid
from intake.requirements import inside
from referrals import gates
from referrals.actions import evidence, oversight, visits
from referrals.actions.telling import tell
from referrals.lifecycle import Transition
from referrals.models import ChildSeen, Referral

INFECTED = "The virus scanner refused the report. It has to be attached anew."


class Seen(TypedDict, total=False):
    child: int
    seen_on: date | None
    views: str
    not_seen_why: str


@transaction.atomic
def start(*, referral: Referral, by: User, waiver_reason: str = "") -> Referral:
    """Begin, once what the type requires is there or somebody says why it is not waited for."""
    referral = Referral.objects.hold(referral)
    referral.check_can(Transition.START, by)
    lacking = lacking_at_start(referral)
    if lacking and not waiver_reason:
        sentence = f"Not there yet: {'; '.join(lacking)}. Say why you start all the same."
        raise Invalid([Fault("/waiver_reason", "required", sentence)])
    referral.make(
        Transition.START,
        by=by,
        facts={"waiver_reason": waiver_reason, "lacking": lacking},
        note=waiver_reason,
    )
    tell(referral, Transition.START)
    return referral


def lacking_at_start(referral: Referral) -> list[str]:
    """What the type of this referral's assessment requires before work starts, and is not there."""
    rows = gates.lacking(referral.enquiry, "start", [referral.assessment.position])
    return list(dict.fromkeys(inside(row.label) for row in rows))


@transaction.atomic
def pause(*, referral: Referral, by: User, reason_code: str, review_on: date, text: str = "") -> Referral:
    """Stand still, with a day on which somebody looks again."""
    referral = Referral.objects.hold(referral)
    check_reason(referral, by, Transition.PAUSE, "pause", reason_code)
    check_review(review_on)
    facts = {"reason_code": reason_code, "review_on": review_on}
    referral.make(Transition.PAUSE, by=by, facts=facts, note=text, review_on=review_on)
    tell(referral, Transition.PAUSE)
    return referral


def check_review(review_on: date | None) -> None:
    if review_on and review_on <= timezone.localdate():
        raise Invalid([Fault("/review_on", "past", "Give a day after today on which it is looked at again.")])


@transaction.atomic
def resume(*, referral: Referral, by: User) -> Referral:
    """Go on."""
    referral = Referral.objects.hold(referral)
    referral.make(Transition.RESUME, by=by, review_on=None)
    tell(referral, Transition.RESUME)
    return referral


@transaction.atomic
def submit_report(
    *, referral: Referral, by: User, report: Attachment | None, children_seen: Sequence[Seen] = ()
) -> Referral:
    """Hand in the report for review: attached, every child seen or the reason why not, the evidence answered.

    A child whose views were written up on a visit has been seen; of the others it is said here.
    """
    referral = Referral.objects.hold(referral)
    referral.check_can(Transition.SUBMIT_REPORT, by)
    children = {row.position: row for row in children_of(referral)}
    check_report(referral, report, children, children_seen)
    seen = {row["child"] for row in children_seen} | set(children) & set(visits.children_met(referral))
    facts = {
        "report": report.sha256 if report else "",
        "children_seen": sorted(seen) or "no child is named in this assessment",
    }
    referral.make(Transition.SUBMIT_REPORT, by=by, facts=facts, report=report, author=by)
    for row in children_seen:
        record_child(referral, children[row["child"]], row)
    tell(referral, Transition.SUBMIT_REPORT)
    return referral


def children_of(referral: Referral) -> list[Person]:
    return list(referral.assessment.subjects.filter(part=Person.Part.CHILD))


def check_report(
    referral: Referral, report: Attachment | None, children: dict[int, Person], seen: Sequence[Seen]
) -> None:
    faults = []
    if report is None:
        faults.append(Fault("/report", "required", "Attach the report."))
    elif report.enquiry_id != referral.enquiry_id or report.subject != referral.reference:
        faults.append(Fault("/report", "unknown", "Choose a report that is attached to this referral."))
    elif report.state == Attachment.State.REFUSED:
        faults.append(Fault("/report", "refused", INFECTED))
    recorded = set()
    for place, row in enumerate(seen):
        if row["child"] not in children:
            faults.append(
                Fault(f"/children_seen/{place}/child", "unknown", "This child is not assessed here.")
            )
        if not (row.get("seen_on") and row.get("views")) and not row.get("not_seen_why"):
            sentence = "Give the day and the child's views, or why the child was not seen."
            faults.append(Fault(f"/children_seen/{place}", "required", sentence))
        recorded.add(row["child"])
    faults += [
        Fault("/children_seen", "required", f"Say whether child {place + 1} was seen, and their views.")
        for place in sorted(set(children) - recorded - set(visits.children_met(referral)))
    ]
    faults += evidence.faults(referral) + visits.faults(referral) + oversight.open_faults(referral)
    if faults:
        raise Invalid(faults)


def record_child(referral: Referral, child: Person, row: Seen) -> None:
    ChildSeen.objects.update_or_create(
        referral=referral,
        child=child,
        defaults={
            "seen_on": row.get("seen_on"),
            "views": row.get("views", ""),
            "not_seen_why": row.get("not_seen_why", ""),
        },
    )
