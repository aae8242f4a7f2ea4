"""The improvement log: entered with an owner and a day, moved with a reason, closed with evidence, looked at again."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from intake.checks import Fault
from intake.lifecycle import Party, Role
from intake.models import Event, Notification, Organisation, User, book
from intake.models.idempotency import ONE_PRESS
from intake.refusals import Forbidden, Invalid, NotPossible
from referrals.models import Audit, Improvement, ImprovementStep, Referral
from referrals.models.audit import AUDITING

Step = ImprovementStep.Verb


@transaction.atomic
def add(
    *,
    by: User,
    what: str,
    source: str,
    owner: User | None,
    due_on: date | None,
    audits: Sequence[Audit] = (),
    defect_code: str = "",
    found: str = "",
) -> Improvement:
    """What is to change, whose it is and by when; the very same by the same person within a minute is one.

    Of an audit it stands in the history of the work that was audited: of the first, when it comes from several.
    """
    refuse_entering(by)
    referral = Referral.objects.hold(audits[0].referral) if audits else None
    check(what, source, owner, due_on, audits, defect_code, found)
    assert owner is not None
    assert due_on is not None
    now = timezone.now()
    said: dict[str, Any] = {
        "what": what,
        "source": source,
        "defect_code": defect_code,
        "found": found,
        "owner": owner,
        "due_on": due_on,
        "raised_by": by,
        "referral": referral,
    }
    if first := Improvement.objects.filter(**said, raised_at__gt=now - ONE_PRESS).first():
        return first
    row = Improvement.objects.create(**said, raised_at=now)
    row.audits.set(audits)
    note(row, Step.RAISED, by, now)
    record(row, "improvement_opened", by, {"due_on": due_on})
    if owner != by:
        tell(row, "asked")
    return row


@transaction.atomic
def change(
    *, improvement: Improvement, by: User, owner: User | None, due_on: date | None, reason: str
) -> Improvement:
    """Another owner or another day, with the reason; by a manager or whoever entered it."""
    row = Improvement.objects.hold(improvement)
    refuse_changing(row, by)
    refuse_done(row)
    faults = owner_faults(owner, row.referral) + due_faults(due_on)
    if not reason.strip():
        faults.append(Fault("/reason", "required", "Say why."))
    if faults:
        raise Invalid(faults)
    assert owner is not None
    assert due_on is not None
    anew, row.owner, row.due_on = owner != row.owner, owner, due_on
    row.save(update_fields=("owner", "due_on"))
    note(row, Step.CHANGED, by, timezone.now(), reason)
    record(row, "improvement_changed", by, {"due_on": due_on})
    if anew and owner != by:
        tell(row, "asked")
    return row


@transaction.atomic
def finish(*, improvement: Improvement, by: User, evidence: str) -> Improvement:
    """Done, with what shows it; by its owner or a manager."""
    row = Improvement.objects.hold(improvement)
    if by.pk != row.owner_id and not by.has(Role.MANAGER):
        raise Forbidden("Its owner or a manager says that it is done.")
    refuse_done(row)
    if not evidence.strip():
        raise Invalid([Fault("/evidence", "required", "Say what shows that it is done.")])
    row.evidence, row.done_by, row.done_at = evidence, by, timezone.now()
    row.save(update_fields=("evidence", "done_by", "done_at"))
    note(row, Step.DONE, by, row.done_at, evidence)
    record(row, "improvement_done", by, {"in_time": timezone.localdate(row.done_at) <= row.due_on})
    return row


@transaction.atomic
def check_effect(*, improvement: Improvement, by: User, worked: str, effect: str) -> Improvement:
    """Later: whether it worked, by somebody of the hub who neither owned it nor said that it is done. Once."""
    row = Improvement.objects.hold(improvement)
    refuse_entering(by)
    if by.pk in (row.owner_id, row.done_by_id):
        raise Forbidden("Somebody else looks whether it worked: you owned it, or said that it is done.")
    if row.done_at is None:
        raise NotPossible("It is not done yet.", status=row.state)
    if row.checked_at is not None:
        raise NotPossible("Whether it worked was looked at already.", status=row.state)
    faults = []
    if worked not in Improvement.Worked.values:
        faults.append(Fault("/worked", "required", "Say whether it worked."))
    if not effect.strip():
        faults.append(Fault("/effect", "required", "Say what you looked at, and what you saw."))
    if faults:
        raise Invalid(faults)
    row.worked, row.effect, row.checked_by, row.checked_at = worked, effect, by, timezone.now()
    row.save(update_fields=("worked", "effect", "checked_by", "checked_at"))
    note(row, Step.CHECKED, by, row.checked_at, effect)
    record(row, "improvement_checked", by, {"worked": worked})
    return row


# --- Refusals and checks --------------------------------------------------------------------------------------


def refuse_entering(by: User) -> None:
    if by.organisation.kind != Organisation.Kind.HUB or not by.has(*AUDITING):
        raise Forbidden("Your role does not allow this: keep the improvement log.")


def refuse_changing(row: Improvement, by: User) -> None:
    if by.pk != row.raised_by_id and not by.has(Role.MANAGER):
        raise Forbidden("A manager, or whoever entered it, changes its owner and day.")


def refuse_done(row: Improvement) -> None:
    if row.done_at is not None:
        raise NotPossible("It is done already.", status=row.state)


def check(
    what: str,
    source: str,
    owner: User | None,
    due_on: date | None,
    audits: Sequence[Audit],
    defect_code: str,
    found: str,
) -> None:
    faults = [] if what.strip() else [Fault("/what", "required", "Say what is to change.")]
    sources = Improvement.Source
    if source not in sources.values:
        faults.append(Fault("/source", "unknown", "Choose where it comes from."))
    elif (source == sources.AUDIT) != bool(audits):
        why = "Enter it on the page of the audit it comes from." if not audits else "It comes from an audit."
        faults.append(Fault("/source", "audit", why))
    elif source == sources.REVIEW and not book().codes.holds(
        "review_defect", defect_code, timezone.localdate()
    ):
        faults.append(Fault("/defect_code", "unknown", "Choose the defect for which reports came back."))
    elif source not in (sources.AUDIT, sources.REVIEW) and not found.strip():
        faults.append(Fault("/found", "required", "Say what was found."))
    faults += owner_faults(owner, audits[0].referral if audits else None) + due_faults(due_on)
    if faults:
        raise Invalid(faults)


def owner_faults(owner: User | None, referral: Referral | None) -> list[Fault]:
    if owner is not None and may_own(owner, referral):
        return []
    sentence = "Choose somebody of ours, or of the service whose work it is."
    return [Fault("/owner", "unknown", sentence)]


def may_own(person: User, referral: Referral | None) -> bool:
    """Somebody at work in the hub, or of the service that did the work; who sees it."""
    if not person.is_active or person.kind != User.Kind.PERSON:
        return False
    in_hub = person.organisation.kind == Organisation.Kind.HUB and person.has(*AUDITING)
    if referral is None:
        return in_hub
    of_service = person.organisation_id == referral.service_id
    return (in_hub or of_service) and Referral.objects.visible_to(person).filter(pk=referral.pk).exists()


def due_faults(due_on: date | None) -> list[Fault]:
    if due_on is None:
        return [Fault("/due_on", "required", "Give the day by which it is done.")]
    past = due_on < timezone.localdate()
    return [Fault("/due_on", "past", "Give a day from today on.")] if past else []


# --- What is written and said ---------------------------------------------------------------------------------


def note(row: Improvement, verb: str, by: User, at: Any, text: str = "") -> None:
    ImprovementStep.objects.create(
        improvement=row, verb=verb, text=text, owner=row.owner, due_on=row.due_on, by=by, at=at
    )


def record(row: Improvement, verb: str, by: User, data: dict[str, Any]) -> None:
    """In the history of the case it comes from, for the hub, without its words; of no case, in its own steps only."""
    if row.referral is not None:
        hub = Event.Audience.HUB
        row.referral.record(verb, by=by, data={"improvement": row.pk, **data}, audience=hub)


def tell(row: Improvement, stage: str) -> None:
    """Of no case there is no notification: the worker writes to its owner."""
    if row.referral is not None:
        data = {"about": "improvement", "stage": stage, "day": row.due_on.isoformat(), "improvement": row.pk}
        row.referral.notify(Notification.Kind.REMINDER, to=Party.OWNER, person=row.owner, data=data)
