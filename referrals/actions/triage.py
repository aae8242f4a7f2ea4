"""Deciding an enquiry: claimed, taken over, accepted, declined, redirected, reopened."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from intake import ranking
from intake.actions.telling import tell
from intake.checks import Fault
from intake.identifiers import normalise_reference
from intake.lifecycle import UNDO_WITHIN, Party, Transition
from intake.lifecycle import Status as EnquiryStatus
from intake.models import Enquiry, Notification, User
from intake.models.moving import check_needs
from intake.refusals import Invalid, NotPossible
from referrals.actions import deciding, proposing
from referrals.actions.deciding import Declined, Redirected

Facts = dict[str, Any]


@transaction.atomic
def claim(*, enquiry: Enquiry, by: User, next_of: str = "") -> Enquiry:
    """Take an enquiry out of the queue; only one can. `next_of`: the view in which it stood first."""
    enquiry = Enquiry.objects.hold(enquiry)
    enquiry.check_can(Transition.CLAIM, by)
    deciding.refuse_shut_out(enquiry, by)
    enquiry.make(Transition.CLAIM, by=by, facts={"next_of": next_of} if next_of else None, owner=by)
    return enquiry


@transaction.atomic
def take_over(*, enquiry: Enquiry, by: User, reason: str) -> Enquiry:
    """Take it from a colleague, who is told."""
    enquiry = Enquiry.objects.hold(enquiry)
    former = enquiry.owner
    enquiry.check_can(Transition.TAKE_OVER, by)
    deciding.refuse_shut_out(enquiry, by)
    if former == by:
        raise NotPossible(
            "You have it already.", status=enquiry.status, transitions=enquiry.transitions_for(by)
        )
    enquiry.make(Transition.TAKE_OVER, by=by, facts={"reason": reason}, note=reason, owner=by)
    tell(enquiry, Transition.TAKE_OVER, former_owner=former)
    return enquiry


@transaction.atomic
def assign(*, enquiry: Enquiry, by: User, to: User, reason: str = "") -> Enquiry:
    """Give an enquiry to a colleague: claimed for them, or taken over on their behalf, which needs a reason.

    Whoever gets it is told, and whoever had it.
    """
    enquiry = Enquiry.objects.hold(enquiry)
    step = Transition.CLAIM if enquiry.status == EnquiryStatus.SUBMITTED else Transition.TAKE_OVER
    enquiry.check_can(step, by)
    deciding.refuse_shut_out(enquiry, by)
    check_colleague(enquiry, to)
    former = enquiry.owner
    if former == to:
        sentence = f"{to} has it already."
        raise NotPossible(sentence, status=enquiry.status, transitions=enquiry.transitions_for(by))
    enquiry.make(step, by=by, facts={"reason": reason, "assigned_to": to.name}, note=reason, owner=to)
    if former not in (None, by):
        tell(enquiry, step, former_owner=former)
    if to != by:
        data = {"lifecycle": "enquiry", "transition": str(step)}
        enquiry.notify(Notification.Kind.TRANSITION, to=Party.OWNER, person=to, data=data)
    return enquiry


def check_colleague(enquiry: Enquiry, to: User) -> None:
    """Somebody at work in the hub who could have claimed it, and may see it."""
    able = to.is_active and enquiry.lifecycle.allowed(Transition.CLAIM, enquiry.roles_of(to))
    if not able or not Enquiry.objects.visible_to(to).filter(pk=enquiry.pk).exists():
        raise Invalid([Fault("/to", "unknown", "Choose a coordinator or a manager of ours.")])


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
    redirected: Sequence[Redirected] = (),
    waiver_reason: str = "",
    late_reason: str = "",
    conflict: str = "",
    conflict_with: str = "",
    conflict_handled: str = "",
    factors: Sequence[str] | None = None,
) -> Enquiry:
    """Accept all the assessments asked for, or some of them, the others declined or redirected each by itself.

    What their types require at the acceptance is there, or somebody says why it is not waited for; what would be
    late is accepted with a reason. Where rating and facts disagree it is held for a second person: then the
    enquiry comes back still in triage.
    """
    enquiry = Enquiry.objects.hold(enquiry)
    elsewhere = {row["assessment"] for row in (*declined, *redirected)}
    facts: Facts = {
        "rationale": rationale,
        "conflict_statement": conflict_statement,
        "assessments": sorted(set(deciding.assessments_of(enquiry)) - elsewhere)
        if assessments is None
        else list(assessments),
        "declined": [dict(row) for row in declined],
        "redirected": [dict(row) for row in redirected],
        "waiver_reason": waiver_reason,
        "late_reason": late_reason,
        "conflict": conflict,
        "conflict_with": conflict_with,
        "conflict_handled": conflict_handled,
        "factors": factors,
    }
    return made_or_held(enquiry, by, Transition.ACCEPT, facts)


@transaction.atomic
def decline(
    *,
    enquiry: Enquiry,
    by: User,
    reason_code: str,
    text: str,
    elsewhere: str,
    declined: Sequence[Declined] = (),
    redirected: Sequence[Redirected] = (),
    factors: Sequence[str] | None = None,
) -> Enquiry:
    """We do not take it; the authority is told why and where else to go. With rows: for each assessment apart."""
    enquiry = Enquiry.objects.hold(enquiry)
    facts: Facts = {
        "reason_code": reason_code,
        "text": text,
        "elsewhere": elsewhere,
        "declined": [dict(row) for row in declined],
        "redirected": [dict(row) for row in redirected],
        "factors": factors,
    }
    return made_or_held(enquiry, by, Transition.DECLINE, facts)


@transaction.atomic
def redirect(
    *,
    enquiry: Enquiry,
    by: User,
    agency: str,
    text: str,
    redirected: Sequence[Redirected] = (),
    factors: Sequence[str] | None = None,
) -> Enquiry:
    """It belongs to somebody else, who is named. With rows: for each assessment apart."""
    enquiry = Enquiry.objects.hold(enquiry)
    facts: Facts = {
        "agency": agency,
        "text": text,
        "redirected": [dict(row) for row in redirected],
        "factors": factors,
    }
    return made_or_held(enquiry, by, Transition.REDIRECT, facts)


def decide(
    *,
    enquiry: Enquiry,
    by: User,
    assessments: Sequence[int],
    declined: Sequence[Declined] = (),
    redirected: Sequence[Redirected] = (),
    factors: Sequence[str] | None = None,
    **accepting: Any,
) -> Enquiry:
    """One decision on all the assessments of an enquiry: accepted when one is, else declined, else redirected."""
    rows: Facts = {"declined": declined, "redirected": redirected, "factors": factors}
    if assessments or not (declined or redirected):
        return accept(enquiry=enquiry, by=by, assessments=assessments, **rows, **accepting)
    if declined:
        first: Facts = {name: declined[0][name] for name in ("reason_code", "text", "elsewhere")}
        return decline(enquiry=enquiry, by=by, **first, **rows)
    whole: Facts = {"agency": redirected[0]["agency"], "text": redirected[0]["text"]}
    return redirect(enquiry=enquiry, by=by, **whole, redirected=redirected, factors=factors)


def made_or_held(enquiry: Enquiry, by: User, transition: str, facts: Facts) -> Enquiry:
    """The decision made, or kept for a second person."""
    facts = ready(enquiry, by, transition, facts)
    if proposing.hold_back(enquiry, by, transition, facts) is None:
        carry_out(enquiry, by, transition, facts)
    return enquiry


def ready(enquiry: Enquiry, by: User, transition: str, facts: Facts) -> Facts:
    """Checked as of now, with what the checks found: who may not, or what is lacking, is refused."""
    enquiry.check_can(transition, by)
    deciding.refuse_shut_out(enquiry, by)
    deciding.refuse_conflicted(enquiry, by)
    check_needs(enquiry.lifecycle[transition], facts)
    found: Facts = deciding.CHECKS[transition](enquiry, facts)
    return facts | found


def carry_out(
    enquiry: Enquiry, by: User, transition: str, facts: Facts, proposed_by: User | None = None
) -> None:
    """Make a decision that was checked; of two people, both are named. Its letter waits until it stands."""
    said = {name: value for name, value in facts.items() if value not in ("", None, [], {})}
    if proposed_by is not None:
        said["proposed_by"] = proposed_by.name
    note = facts.get("rationale") or facts["text"]
    enquiry.make(transition, by=by, note=note, facts=said)
    deciding.keep_all(enquiry, by, transition, facts, proposed_by)
    tell(enquiry, transition, not_before=enquiry.updated_at + UNDO_WITHIN)


@transaction.atomic
def mark_duplicate(*, enquiry: Enquiry, by: User, repeats: str) -> Enquiry:
    """It repeats another enquiry of the same authority; that one goes on."""
    enquiry = Enquiry.objects.hold(enquiry)
    enquiry.check_can(Transition.MARK_DUPLICATE, by)
    original = find_original(enquiry, by, repeats)
    facts = {"repeats": original.reference if original else ""}
    enquiry.make(Transition.MARK_DUPLICATE, by=by, facts=facts, repeats=original)
    tell(enquiry, Transition.MARK_DUPLICATE, not_before=enquiry.updated_at + UNDO_WITHIN)
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
    say_now(enquiry)
    place = ranking.placed_again(enquiry, timezone.localdate())
    enquiry.make(
        Transition.REOPEN, by=by, facts={"reason": reason}, note=reason, owner=by, repeats=None, **place
    )
    tell(enquiry, Transition.REOPEN)
    return enquiry


def say_now(enquiry: Enquiry) -> None:
    """A letter that was held back in case the decision is undone goes first: what follows it comes after it."""
    now = timezone.now()
    enquiry.notifications.held_back(now).update(not_before=now)


@transaction.atomic
def close_when_done(enquiry: Enquiry, *, at: Any) -> None:
    """The system closes an enquiry once every referral of it is closed or cancelled."""
    if enquiry.status == "accepted" and not enquiry.referrals.open().exists():
        say_now(enquiry)
        enquiry.make(Transition.CLOSE, by=User.objects.system(), at=at)
        tell(enquiry, Transition.CLOSE)
