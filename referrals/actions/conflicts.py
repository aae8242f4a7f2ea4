"""Conflicts of interest: declared by whom they concern, their lead or the hub; ended, never erased."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from intake.checks import Fault
from intake.identifiers import normalise_reference
from intake.lifecycle import Role
from intake.models import AccountEvent, Enquiry, Organisation, User, book
from intake.refusals import Forbidden, Invalid
from referrals.models import Assessor, Conflict
from referrals.models.assessor import may_keep


def may_declare(by: User, assessor: Assessor) -> bool:
    """The assessor, their lead, and the hub's coordinators and managers."""
    own = assessor.user_id == by.pk or may_keep(by, assessor.service_id)
    return own or by.has(Role.COORDINATOR, Role.MANAGER)


@transaction.atomic
def declare(
    *,
    assessor: Assessor,
    by: User,
    kind: str,
    reason: str,
    authority: Organisation | None = None,
    enquiry_reference: str = "",
    valid_until: date | None = None,
) -> Conflict:
    """They must not have this authority's work, or this family's."""
    refuse(by, assessor)
    reference = check(by, kind, reason, authority, enquiry_reference)
    row = Conflict.objects.create(
        person=assessor.user,
        kind=kind,
        reason=reason,
        authority=authority,
        enquiry_reference=reference,
        valid_from=timezone.localdate(),
        valid_until=valid_until,
        said_by=by,
    )
    record(assessor, by, "conflict declared", kind)
    return row


def check(by: User, kind: str, reason: str, authority: Organisation | None, enquiry_reference: str) -> str:
    """The enquiry is one they see: what a person may not see cannot be asked after by its reference."""
    faults, reference = [], normalise_reference(enquiry_reference, "ENQ") or ""
    if not book().codes.holds("conflict_kind", kind, timezone.localdate()):
        faults.append(Fault("/kind", "unknown", "Choose one of the list."))
    if not reason.strip():
        faults.append(Fault("/reason", "required", "Say what it is, for the triage team."))
    if enquiry_reference and not Enquiry.objects.visible_to(by).filter(reference=reference).exists():
        sentence = "There is no enquiry of this reference. Leave it empty and ring us if you do not have it."
        faults.append(Fault("/enquiry_reference", "unknown", sentence))
    elif authority is None and not reference:
        faults.append(Fault("/authority", "required", "Name the authority, or an enquiry about the family."))
    if faults:
        raise Invalid(faults)
    return reference


@transaction.atomic
def end(*, row: Conflict, assessor: Assessor, by: User) -> None:
    """It holds no longer from today on. Whoever it concerns does not end it themselves."""
    refuse(by, assessor)
    if assessor.user_id == by.pk:
        raise Forbidden("Somebody else ends a conflict of interest of yours.")
    row.valid_until = timezone.localdate() - timedelta(days=1)
    row.valid_from = min(row.valid_from or row.valid_until, row.valid_until)
    row.save(update_fields=("valid_from", "valid_until"))
    record(assessor, by, "conflict ended", row.kind)


def refuse(by: User, assessor: Assessor) -> None:
    if not may_declare(by, assessor):
        raise Forbidden("Your role does not allow this: conflicts of interest of others.")


def record(assessor: Assessor, by: User, what: str, kind: str) -> None:
    AccountEvent.objects.record(
        AccountEvent.Verb.ASSESSOR,
        by=by,
        organisation=assessor.service,
        person=assessor.user,
        what=what,
        kind=kind,
    )
