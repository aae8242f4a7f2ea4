"""Oversight: a manager's decision or challenge, its answer, what is to be done; second opinions on risk."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from intake.checks import Fault
from intake.lifecycle import Party, Role
from intake.models import Enquiry, Event, Notification, Organisation, User
from intake.models.idempotency import ONE_PRESS
from intake.refusals import Forbidden, Invalid, NotPossible
from referrals.models import Challenge, OversightEntry, Referral

Subject = Enquiry | Referral
OVERSEERS = (Role.MANAGER, Role.REVIEWER)


@transaction.atomic
def enter(
    *,
    about: Subject,
    by: User,
    decision: str = "",
    challenge: str = "",
    action: str = "",
    owner: User | None = None,
    due_on: date | None = None,
) -> OversightEntry:
    """Enter a decision, a challenge or both, with what is to be done; while a challenge is open nothing is closed.

    The very same by the same person within a minute is the entry that stands already.
    """
    enquiry, referral = held(about)
    refuse_overseeing(by)
    check_entry(enquiry, referral, decision, challenge, action, owner, due_on)
    now = timezone.now()
    said: dict[str, Any] = {
        "decision": decision,
        "action": action,
        "owner": owner,
        "due_on": due_on,
        "entered_by": by,
    }
    asks = {"challenge__text": challenge} if challenge else {"challenge": None}
    rows = OversightEntry.objects.about(referral or enquiry).filter(**said, **asks)
    if first := rows.filter(entered_at__gt=now - ONE_PRESS).first():
        return first
    about_what: dict[str, Any] = {"enquiry": enquiry, "referral": referral}
    asked = (
        Challenge.objects.create(**about_what, text=challenge, raised_by=by, raised_at=now)
        if challenge
        else None
    )
    entry = OversightEntry.objects.create(**about_what, **said, challenge=asked, entered_at=now)
    facts = {"action": action, "owner": owner.name, "due_on": due_on} if owner else {}
    verb = "oversight" if decision else "challenge"
    record(enquiry, referral, verb, by, "\n\n".join(filter(None, (decision, challenge))), facts)
    if owner is not None and owner != by:
        tell(enquiry, referral, owner)
    return entry


def challenge(*, referral: Referral, by: User, text: str) -> Challenge:
    """Ask the work a question; until it is answered no report is handed in."""
    refuse_overseeing(by)
    if not text.strip():
        raise Invalid([Fault("/text", "required", "Write the challenge.")])
    raised = enter(about=referral, by=by, challenge=text).challenge
    assert raised is not None, "An entry with a challenge has one."
    return raised


def held(about: Subject) -> tuple[Enquiry, Referral | None]:
    if isinstance(about, Referral):
        referral = Referral.objects.hold(about)
        return referral.enquiry, referral
    return Enquiry.objects.hold(about), None


def refuse_overseeing(by: User) -> None:
    if by.organisation.kind != Organisation.Kind.HUB or not by.has(*OVERSEERS):
        raise Forbidden("Your role does not allow this: challenge.")


def check_entry(
    enquiry: Enquiry,
    referral: Referral | None,
    decision: str,
    challenge: str,
    action: str,
    owner: User | None,
    due_on: date | None,
) -> None:
    faults = []
    if not decision.strip() and not challenge.strip():
        faults.append(Fault("/decision", "required", "Write a decision, a challenge or both."))
    if any((action.strip(), owner, due_on)):
        missing = {
            "action": ("Say what is to be done.", action.strip()),
            "owner": ("Say who does it.", owner),
            "due_on": ("Give the day by which it is done.", due_on),
        }
        faults += [Fault(f"/{name}", "required", why) for name, (why, given) in missing.items() if not given]
    if owner is not None and not may_own(owner, enquiry, referral):
        sentence = "Choose somebody of ours, or of the service that has the referral."
        faults.append(Fault("/owner", "unknown", sentence))
    if due_on is not None and due_on < timezone.localdate():
        faults.append(Fault("/due_on", "past", "Give a day from today on."))
    if faults:
        raise Invalid(faults)


def may_own(person: User, enquiry: Enquiry, referral: Referral | None) -> bool:
    """Somebody at work in the hub, or in the service of the referral, who sees what it is about."""
    if not person.is_active or person.organisation.kind == Organisation.Kind.AUTHORITY:
        return False
    if person.organisation.kind == Organisation.Kind.SERVICE:
        return referral is not None and Referral.objects.visible_to(person).filter(pk=referral.pk).exists()
    triage = person.has(Role.COORDINATOR, *OVERSEERS)
    return triage and Enquiry.objects.visible_to(person).filter(pk=enquiry.pk).exists()


@transaction.atomic
def answer_challenge(*, challenge: Challenge, by: User, text: str) -> Challenge:
    """The coordinator, the service or the assessor answers, once."""
    enquiry, referral = held(challenge.subject)
    subject: Subject = referral or enquiry
    if subject.roles_of(by).isdisjoint({Role.COORDINATOR, Role.SERVICE_LEAD, Role.ASSESSOR}):
        raise Forbidden("Your role does not allow this: answer a challenge.")
    if not text.strip():
        raise Invalid([Fault("/text", "required", "Write the answer.")])
    challenge = Challenge.objects.about(subject).get(pk=challenge.pk)
    if challenge.answered_at:
        raise NotPossible("This challenge is answered. Raise another.", status=subject.status)
    challenge.answer, challenge.answered_by, challenge.answered_at = text, by, timezone.now()
    challenge.save()
    record(enquiry, referral, "challenge_answered", by, text)
    return challenge


@transaction.atomic
def finish(*, entry: OversightEntry, by: User, outcome: str) -> OversightEntry:
    """What was asked is done; by whom it was asked of, or a manager."""
    enquiry, referral = held(entry.subject)
    entry = OversightEntry.objects.select_related("owner").get(pk=entry.pk)
    if by != entry.owner and not (by.organisation.kind == Organisation.Kind.HUB and by.has(*OVERSEERS)):
        raise Forbidden("Only the person it was asked of or a manager can say that it is done.")
    if not entry.action or entry.done_at:
        raise NotPossible("There is nothing left to do here.", status=(referral or enquiry).status)
    if not outcome.strip():
        raise Invalid([Fault("/outcome", "required", "Say what was done.")])
    entry.outcome, entry.done_by, entry.done_at = outcome, by, timezone.now()
    entry.save(update_fields=("outcome", "done_by", "done_at"))
    record(enquiry, referral, "oversight_done", by, outcome, {"action": entry.action})
    return entry


def refuse_closing(referral: Referral) -> None:
    """Whoever closes it has every challenge answered first."""
    if challenged(referral):
        raise NotPossible("A challenge is still to be answered.", status=referral.status)


def open_faults(referral: Referral) -> list[Fault]:
    """No report goes in or out while a challenge waits for its answer."""
    if not challenged(referral):
        return []
    return [Fault("/challenges", "open", "A challenge is open. Answer it first.")]


def challenged(referral: Referral) -> bool:
    """Whether a challenge waits, of the work or of the enquiry as a whole."""
    waiting = Challenge.objects.filter(answered_at__isnull=True)
    return (waiting.about(referral) | waiting.about(referral.enquiry)).exists()


def record(
    enquiry: Enquiry,
    referral: Referral | None,
    verb: str,
    by: User,
    text: str,
    data: dict[str, Any] | None = None,
) -> None:
    row: Subject = referral or enquiry
    noun = "referral" if referral else "enquiry"
    hub = Event.Audience.HUB
    Event.objects.record(
        enquiry, verb=f"{noun}.{verb}", by=by, subject=row.reference, note=text, data=data, audience=hub
    )


def tell(enquiry: Enquiry, referral: Referral | None, person: User) -> None:
    """Whoever is asked to do something learns that something is asked; what, stands on the page."""
    subject = (referral or enquiry).reference
    enquiry.notify(Notification.Kind.OVERSIGHT, to=Party.OWNER, person=person, subject=subject)
