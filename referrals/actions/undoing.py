"""A decision taken back within ten minutes, while nobody has acted on it."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from intake.lifecycle import UNDO_WITHIN, Role, Transition
from intake.models import Enquiry, Event, User
from intake.refusals import Forbidden, NotPossible, Refused
from referrals.lifecycle import Transition as Step
from referrals.models import Decision, Referral

UNDONE = "UNDONE"


@transaction.atomic
def undo(*, enquiry: Enquiry, by: User) -> Enquiry:
    """Back into triage with the due moment it had; its letter is not sent, its referrals are cancelled.

    By who decided, or a manager. Whoever takes it back has it when nobody did. Webhooks are told of the undoing.
    """
    enquiry = Enquiry.objects.hold(enquiry)
    enquiry.check_can(Transition.UNDO, by)
    decided = check_undo(enquiry, by, timezone.now())
    enquiry.notifications.held_back(timezone.now()).filter(subject=enquiry.reference).delete()
    cancel_its_referrals(enquiry, by, decided)
    facts = {"undoes": decided.verb.rpartition(".")[2], "decided_by": decided.by_name}
    owner = enquiry.owner or by
    enquiry.make(Transition.UNDO, by=by, facts=facts, owner=owner, repeats=None)
    Decision.objects.filter(enquiry=enquiry, at=decided.at).standing().update(undone_at=enquiry.updated_at)
    return enquiry


def check_undo(enquiry: Enquiry, by: User, now: datetime) -> Event:
    """The line of the decision, or why it stands."""
    decided = enquiry.last_change()
    assert decided is not None, "An enquiry that was decided has a history."
    if by != decided.by and not by.has(Role.MANAGER):
        raise Forbidden(f"Only {decided.by_name} or a manager can undo this decision.")
    if now >= decided.at + UNDO_WITHIN:
        raise NotPossible(
            "Ten minutes have passed, and the decision is told. A manager can reopen it.",
            status=enquiry.status,
            transitions=enquiry.transitions_for(by),
        )
    if acted := who_acted(enquiry, by, decided):
        sentence = f"{acted} has acted on it since, so the decision stands."
        raise NotPossible(sentence, status=enquiry.status, transitions=enquiry.transitions_for(by))
    return decided


def who_acted(enquiry: Enquiry, by: User, decided: Event) -> str:
    """Who did something after the decision; of the two themselves only work on a referral counts."""
    later = enquiry.events.filter(sequence__gt=decided.sequence).exclude(
        ~Q(verb__startswith="referral."),
        Q(by__in=(decided.by_id, by.pk)) | Q(by__kind=User.Kind.SYSTEM),
    )
    names = sorted(
        (not verb.startswith("referral."), sequence, name)
        for verb, sequence, name in later.values_list("verb", "sequence", "by_name")
    )
    return names[0][2] if names else ""


def cancel_its_referrals(enquiry: Enquiry, by: User, decided: Event) -> None:
    """Those that the decision made: kept, cancelled, nobody told of what nobody was told."""
    for row in enquiry.referrals.filter(created_at__gte=decided.at):
        referral = Referral.objects.hold(row)
        referral.enquiry = enquiry
        referral.make(Step.CANCEL, by=by, facts={"reason_code": UNDONE})


def undoable(enquiry: Enquiry, user: User) -> Event | None:
    """The decision this person could take back now, with when and by whom; as the action will say."""
    if Transition.UNDO not in enquiry.transitions_for(user):
        return None
    try:
        return check_undo(enquiry, user, timezone.now())
    except Refused:
        return None
