"""Deciding an enquiry: claimed, taken over, accepted, declined, redirected, reopened."""

from collections.abc import Sequence
from typing import Any, TypedDict

from django.db import transaction
from django.utils import timezone

from intake.actions.enquiries import check_reason
from intake.actions.telling import tell
from intake.checks import Fault
from intake.identifiers import new_reference, normalise_reference
from intake.lifecycle import Transition, Turn
from intake.models import Assessment, Enquiry, User, book
from intake.refusals import Invalid, NotPossible
from referrals import gates
from referrals.lifecycle import Status
from referrals.models import Decision, Referral


class Declined(TypedDict):
    assessment: int
    reason_code: str
    text: str
    elsewhere: str


@transaction.atomic
def claim(*, enquiry: Enquiry, by: User) -> Enquiry:
    """Take an enquiry out of the queue; only one can."""
    enquiry = Enquiry.objects.hold(enquiry)
    enquiry.make(Transition.CLAIM, by=by, owner=by)
    return enquiry


@transaction.atomic
def take_over(*, enquiry: Enquiry, by: User, reason: str) -> Enquiry:
    """Take it from a colleague, who is told."""
    enquiry = Enquiry.objects.hold(enquiry)
    former = enquiry.owner
    enquiry.check_can(Transition.TAKE_OVER, by)
    if former == by:
        raise NotPossible(
            "You have it already.", status=enquiry.status, transitions=enquiry.transitions_for(by)
        )
    enquiry.make(Transition.TAKE_OVER, by=by, facts={"reason": reason}, note=reason, owner=by)
    tell(enquiry, Transition.TAKE_OVER, former_owner=former)
    return enquiry


@transaction.atomic
def release(*, enquiry: Enquiry, by: User) -> Enquiry:
    """Put it back into the queue."""
    enquiry = Enquiry.objects.hold(enquiry)
    enquiry.make(Transition.RELEASE, by=by, owner=None)
    return enquiry


@transaction.atomic
def accept(
    *,
    enquiry: Enquiry,
    by: User,
    rationale: str,
    conflict_statement: str,
    assessments: Sequence[int] | None = None,
    declined: Sequence[Declined] = (),
    waiver_reason: str = "",
) -> Enquiry:
    """Accept all the assessments asked for, or some of them, the others declined each with its reason.

    What their types require at the acceptance is there, or somebody says why it is not waited for.
    """
    enquiry = Enquiry.objects.hold(enquiry)
    enquiry.check_can(Transition.ACCEPT, by)
    asked = {row.position: row for row in enquiry.assessment_rows.all()}
    taken = (
        sorted(set(asked) - {row["assessment"] for row in declined}) if assessments is None else assessments
    )
    check_division(asked, taken, declined)
    facts = {"rationale": rationale, "conflict_statement": conflict_statement, "assessments": list(taken)}
    facts |= waived(enquiry, taken, waiver_reason)
    enquiry.make(
        Transition.ACCEPT, by=by, note=rationale, facts=facts | {"declined": list(map(dict, declined))}
    )
    for place in taken:
        decide(enquiry, by, "accepted", asked[place], text=rationale, conflict_statement=conflict_statement)
        make_referral(enquiry, asked[place])
    for row in declined:
        decide(
            enquiry,
            by,
            "declined",
            asked[row["assessment"]],
            reason_code=row["reason_code"],
            text=row["text"],
            elsewhere=row["elsewhere"],
        )
    tell(enquiry, Transition.ACCEPT)
    return enquiry


def waived(enquiry: Enquiry, taken: Sequence[int], reason: str) -> dict[str, Any]:
    """What is accepted without, and why; nothing when nothing is lacking."""
    lacking = gates.lacking(enquiry, "acceptance", taken)
    if not lacking:
        return {}
    if not reason.strip():
        sentence = f"Not there yet: {gates.in_words(lacking)}. Say why you accept it all the same."
        raise Invalid([Fault("/waiver_reason", "required", sentence)])
    return {"waiver_reason": reason, "lacking": [row.label for row in lacking]}


def check_division(asked: dict[int, Assessment], taken: Sequence[int], declined: Sequence[Declined]) -> None:
    """Each assessment asked for is either accepted or declined, once."""
    today, codes, faults = timezone.localdate(), book().codes, []
    if not taken:
        faults.append(
            Fault("/assessments", "required", "Accept at least one assessment, or decline the enquiry.")
        )
    named = [*taken, *(row["assessment"] for row in declined)]
    if len(named) != len(set(named)):
        faults.append(Fault("/assessments", "repeated", "An assessment is named twice."))
    if unknown := set(named) - set(asked):
        faults.append(
            Fault("/assessments", "unknown", f"There is no assessment {min(unknown)}; the first is 0.")
        )
    faults += [
        Fault("/declined", "required", f"Accept or decline assessment {place} as well.")
        for place in sorted(set(asked) - set(named))
    ]
    faults += [
        Fault(f"/declined/{place}/reason_code", "unknown", "Choose one of the reasons in the list.")
        for place, row in enumerate(declined)
        if not codes.holds("decline", row["reason_code"], today)
    ]
    if faults:
        raise Invalid(faults)


def make_referral(enquiry: Enquiry, assessment: Assessment) -> None:
    """A waiting referral for an accepted assessment, unless a reopened enquiry has one still open."""
    if Referral.objects.open().filter(assessment=assessment).exists():
        return
    Referral.objects.create(
        reference=new_reference("REF"),
        enquiry=enquiry,
        assessment=assessment,
        turn=Turn.HUB,
        status=Status.WAITING,
        created_at=enquiry.updated_at,
        updated_at=enquiry.updated_at,
    )


def decide(
    enquiry: Enquiry, by: User, outcome: str, assessment: Assessment | None = None, **why: str
) -> None:
    Decision.objects.create(
        enquiry=enquiry, assessment=assessment, outcome=outcome, by=by, at=enquiry.updated_at, **why
    )


@transaction.atomic
def decline(*, enquiry: Enquiry, by: User, reason_code: str, text: str, elsewhere: str) -> Enquiry:
    """We do not take it; the authority is told why and where else to go."""
    enquiry = Enquiry.objects.hold(enquiry)
    check_reason(enquiry, by, Transition.DECLINE, "decline", reason_code)
    facts = {"reason_code": reason_code, "text": text, "elsewhere": elsewhere}
    enquiry.make(Transition.DECLINE, by=by, note=text, facts=facts)
    decide(enquiry, by, "declined", None, **facts)
    tell(enquiry, Transition.DECLINE)
    return enquiry


@transaction.atomic
def redirect(*, enquiry: Enquiry, by: User, agency: str, text: str) -> Enquiry:
    """It belongs to somebody else, who is named."""
    enquiry = Enquiry.objects.hold(enquiry)
    enquiry.make(Transition.REDIRECT, by=by, note=text, facts={"agency": agency, "text": text})
    decide(enquiry, by, "redirected", text=text, elsewhere=agency)
    tell(enquiry, Transition.REDIRECT)
    return enquiry


@transaction.atomic
def mark_duplicate(*, enquiry: Enquiry, by: User, repeats: str) -> Enquiry:
    """It repeats another enquiry of the same authority; that one goes on."""
    enquiry = Enquiry.objects.hold(enquiry)
    enquiry.check_can(Transition.MARK_DUPLICATE, by)
    original = find_original(enquiry, by, repeats)
    facts = {"repeats": original.reference if original else ""}
    enquiry.make(Transition.MARK_DUPLICATE, by=by, facts=facts, repeats=original)
    tell(enquiry, Transition.MARK_DUPLICATE)
    return enquiry


def find_original(enquiry: Enquiry, by: User, repeats: str) -> Enquiry | None:
    """The enquiry it repeats, of the same authority; not itself, nor one that repeats it."""
    if not repeats:
        return None
    theirs = Enquiry.objects.visible_to(by).filter(authority=enquiry.authority).exclude(pk=enquiry.pk)
    found = theirs.exclude(repeats=enquiry).filter(reference=normalise_reference(repeats, "ENQ")).first()
    if found is None:
        raise Invalid(
            [Fault("/repeats", "unknown", "There is no other enquiry of this authority with this reference.")]
        )
    return found


@transaction.atomic
def reopen(*, enquiry: Enquiry, by: User, reason: str) -> Enquiry:
    """Triage it again, with a new decision clock; whoever reopens it has it."""
    enquiry = Enquiry.objects.hold(enquiry)
    enquiry.make(Transition.REOPEN, by=by, facts={"reason": reason}, note=reason, owner=by, repeats=None)
    tell(enquiry, Transition.REOPEN)
    return enquiry


@transaction.atomic
def close_when_done(enquiry: Enquiry, *, at: Any) -> None:
    """The system closes an enquiry once every referral of it is closed or cancelled."""
    if enquiry.status == "accepted" and not enquiry.referrals.open().exists():
        enquiry.make(Transition.CLOSE, by=User.objects.system(), at=at)
        tell(enquiry, Transition.CLOSE)
