"""Audits of closed work: picked with a reason, written by somebody who had no part in it, finished, answered."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from intake.checks import Fault
from intake.lifecycle import Party, Role
from intake.models import Event, Notification, Organisation, User
from intake.models.idempotency import ONE_PRESS
from intake.refusals import Forbidden, Invalid, NotPossible, Stale
from referrals import audited
from referrals.auditing import compliance
from referrals.lifecycle import Status
from referrals.models import Audit, AuditReply, AuditSample, Referral
from referrals.models.audit import AUDITING

# What the auditor writes; the grades and how the voice was heard are of fixed lists.
CHOSEN: Mapping[str, Any] = {
    "quality_grade": Audit.Grade,
    "impact_grade": Audit.Grade,
    "voice_how": Audit.Voice,
}
WRITTEN = ("compliance_text", "quality_text", "impact_text", "voice_text")
NEEDED = {
    "quality_grade": "Grade the quality of the work.",
    "quality_text": "Say what the grade of the quality rests on.",
    "impact_grade": "Grade the impact on the child.",
    "impact_text": "Say what the work changed for the child.",
    "voice_how": "Say how the child’s voice was heard.",
    "voice_text": "Write down what the child said, or how their experience was understood.",
}
INADEQUATE = "It is inadequate: enter an improvement that comes from it first, with an owner and a day."


@transaction.atomic
def pick(*, referral: Referral, by: User, auditor: User | None, due_on: date | None, reason: str) -> Audit:
    """A manager has one closed referral audited, and says why this one."""
    refuse_choosing(by)
    referral = Referral.objects.hold(referral)
    check_closed(referral)
    faults = [] if reason.strip() else [Fault("/reason", "required", "Say why this one is audited.")]
    faults += due_faults(due_on) + auditor_faults(referral, auditor)
    if faults:
        raise Invalid(faults)
    assert auditor is not None
    assert due_on is not None
    return ask(referral, by=by, auditor=auditor, due_on=due_on, picked_why=reason)


def ask(
    referral: Referral,
    *,
    by: User,
    auditor: User,
    due_on: date,
    picked_why: str = "",
    sample: AuditSample | None = None,
) -> Audit:
    """The audit, on record in the hub, and its auditor told. The caller holds the referral."""
    now = timezone.now()
    audit = Audit.objects.create(
        referral=referral,
        number=referral.audit_rows.count() + 1,
        sample=sample,
        picked_why=picked_why,
        auditor=auditor,
        asked_by=by,
        asked_at=now,
        due_on=due_on,
        updated_at=now,
    )
    record(audit, "audit_asked", by, {"due_on": due_on, "drawn": sample is not None})
    tell(audit, "audit", "asked", {"to": Party.OWNER, "person": auditor}, day=due_on)
    return audit


@transaction.atomic
def assign(*, audit: Audit, by: User, auditor: User | None, due_on: date | None) -> Audit:
    """To somebody else, or by another day, as long as it is open; what was written stays in it."""
    refuse_choosing(by)
    audit = Audit.objects.hold(audit)
    refuse_finished(audit)
    faults = due_faults(due_on) + auditor_faults(audit.referral, auditor)
    if faults:
        raise Invalid(faults)
    assert auditor is not None
    assert due_on is not None
    anew = auditor != audit.auditor
    keep(audit, auditor=auditor, due_on=due_on)
    record(audit, "audit_assigned", by, {"due_on": due_on})
    if anew:
        tell(audit, "audit", "asked", {"to": Party.OWNER, "person": auditor}, day=due_on)
    return audit


@transaction.atomic
def save(*, audit: Audit, by: User, **words: str) -> Audit:
    """What the auditor has so far; nothing has to be whole yet."""
    audit = Audit.objects.hold(audit)
    refuse_writing(audit, by)
    check_choices(words)
    keep(audit, **words)
    return audit


@transaction.atomic
def finish(*, audit: Audit, by: User, **words: str) -> Audit:
    """Finished: with the impact on the child and the child's voice, or not at all.

    What was complied with is derived from the record and kept as it is now. An inadequate grade has an improvement
    that comes from it, and the managers are told.
    """
    audit = Audit.objects.hold(audit)
    refuse_writing(audit, by)
    check_choices(words)
    for name, value in words.items():
        setattr(audit, name, value)
    faults = [
        Fault(f"/{name}", "required", why)
        for name, why in NEEDED.items()
        if not str(getattr(audit, name)).strip()
    ]
    if audit.is_inadequate and not audit.improvements.exists():
        faults.append(Fault("/improvements", "required", INADEQUATE))
    if faults:
        raise Invalid(faults)
    found = audited.items(audit.referral)
    now = timezone.now()
    keep(
        audit,
        **words,
        compliance=compliance.overall(found),
        compliance_items=[row._asdict() for row in found],
        finished_at=now,
    )
    grades = {"compliance": audit.compliance, "quality": audit.quality_grade, "impact": audit.impact_grade}
    record(audit, "audit_finished", by, {**grades, "voice": audit.voice_how})
    tell_of_findings(audit)
    return audit


@transaction.atomic
def send_back(*, audit: Audit, by: User, reason: str) -> Audit:
    """Moderation: a manager who had no part in it gives a finished audit back to its auditor, with a reason."""
    refuse_choosing(by)
    audit = Audit.objects.hold(audit)
    if by == audit.auditor or audited.had_a_part(audit.referral, by):
        raise Forbidden("Somebody who had no part in the work or its audit sends an audit back.")
    if audit.finished_at is None:
        raise NotPossible("This audit is not finished yet.", status=audit.state)
    if audit.referral.audit_rows.filter(finished_at__isnull=True).exists():
        raise NotPossible("Another audit of this referral is open.", status=audit.state)
    if not reason.strip():
        raise Invalid([Fault("/reason", "required", "Say what is to be looked at again.")])
    now = timezone.now()
    keep(audit, finished_at=None, returned_by=by, returned_at=now, returned_why=reason)
    record(audit, "audit_returned", by)
    tell(audit, "audit", "returned", {"to": Party.OWNER, "person": audit.auditor})
    return audit


@transaction.atomic
def reply(*, audit: Audit, by: User, text: str) -> AuditReply:
    """Those whose work it was say what they think of it; the very same within a minute is one reply."""
    audit = Audit.objects.hold(audit)
    if not may_reply(audit, by):
        raise Forbidden("Those whose work was audited reply to it.")
    if audit.finished_at is None:
        raise NotPossible("This audit is not finished yet.", status=audit.state)
    if not text.strip():
        raise Invalid([Fault("/text", "required", "Write the reply.")])
    now = timezone.now()
    if first := audit.replies.filter(by=by, text=text, at__gt=now - ONE_PRESS).first():
        return first
    said = AuditReply.objects.create(audit=audit, text=text, by=by, at=now)
    record(audit, "audit_replied", by)
    return said


def may_reply(audit: Audit, user: User) -> bool:
    """Whoever had a part in the case, and the lead of the service that did it."""
    leads = user.organisation_id == audit.referral.service_id and user.has(Role.SERVICE_LEAD)
    return user.pk != audit.auditor_id and (leads or audited.had_a_part(audit.referral, user))


# --- Refusals and checks --------------------------------------------------------------------------------------


def refuse_choosing(by: User) -> None:
    if by.organisation.kind != Organisation.Kind.HUB or not by.has(Role.MANAGER):
        raise Forbidden("Your role does not allow this: choose what is audited, and by whom.")


def refuse_writing(audit: Audit, by: User) -> None:
    """Its auditor, who is still one, and still had no part in it."""
    if by != audit.auditor or not by.has(*AUDITING):
        raise Forbidden("Only its auditor writes an audit.")
    if audited.had_a_part(audit.referral, by):
        raise Forbidden("You had a part in this case since. A manager gives the audit to somebody else.")
    refuse_finished(audit)
    if audit.seen_version is not None and audit.seen_version != audit.version:
        raise Stale(changed_by=audit.auditor.name, changed_at=audit.updated_at, etag=audit.etag)


def refuse_finished(audit: Audit) -> None:
    if audit.finished_at is not None:
        raise NotPossible("This audit is finished. A manager can send it back.", status=audit.state)


def check_closed(referral: Referral) -> None:
    if referral.status != Status.CLOSED:
        raise NotPossible("Only closed work is audited.", status=referral.status)
    if referral.audit_rows.filter(finished_at__isnull=True).exists():
        raise NotPossible("An audit of this referral is open.", status=referral.status)


def due_faults(due_on: date | None) -> list[Fault]:
    if due_on is None:
        return [Fault("/due_on", "required", "Give the day by which it is done.")]
    past = due_on < timezone.localdate()
    return [Fault("/due_on", "past", "Give a day from today on.")] if past else []


def auditor_faults(referral: Referral, auditor: User | None) -> list[Fault]:
    if auditor is not None and audited.independent(referral).filter(pk=auditor.pk).exists():
        return []
    return [Fault("/auditor", "unknown", "Choose somebody of ours who may see it and had no part in it.")]


def check_choices(words: Mapping[str, str]) -> None:
    faults = [
        Fault(f"/{name}", "unknown", "Choose one of the list.")
        for name, choices in CHOSEN.items()
        if words.get(name) and words[name] not in choices.values
    ]
    if faults:
        raise Invalid(faults)


# --- What is written and said ---------------------------------------------------------------------------------


def keep(audit: Audit, **changes: Any) -> None:
    """A new version of it."""
    for name, value in {**changes, "version": audit.version + 1, "updated_at": timezone.now()}.items():
        setattr(audit, name, value)
    audit.seen_version = None
    audit.save()


def record(audit: Audit, verb: str, by: User, data: dict[str, Any] | None = None) -> None:
    """A line for the hub: grades and numbers, none of the words."""
    facts = {"audit": audit.number, **(data or {})}
    audit.referral.record(verb, by=by, data=facts, audience=Event.Audience.HUB)


def tell(audit: Audit, about: str, stage: str, *to: dict[str, Any], day: date | None = None) -> None:
    data = {"about": about, "stage": stage, "day": day.isoformat() if day else "", "audit": audit.pk}
    for party in to:
        audit.referral.notify(Notification.Kind.REMINDER, data=data, **party)


def tell_of_findings(audit: Audit) -> None:
    """Those whose work it was, for them to learn from it; of what is inadequate the managers too."""
    referral = audit.referral
    to: list[dict[str, Any]] = [{"to": Party.SERVICE_LEAD, "organisation": referral.service}]
    if referral.assessor:
        to.append({"to": Party.ASSESSOR, "person": referral.assessor})
    if referral.enquiry.owner:
        to.append({"to": Party.OWNER, "person": referral.enquiry.owner})
    tell(audit, "audited", "finished", *to)
    if audit.is_inadequate:
        tell(audit, "audited", "inadequate", {"to": Party.MANAGER})
