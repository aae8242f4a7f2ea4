"""Flags on an enquiry: raised with a reason and a day for another look, and lifted again."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from intake.checks import Fault
from intake.lifecycle import Role, Status
from intake.models import Enquiry, Event, Flag, User, book
from intake.models.flag import FLAGS
from intake.refusals import Forbidden, Invalid, NotPossible


def refuse_flagging(by: User) -> None:
    if not by.has(Role.COORDINATOR, Role.MANAGER):
        raise Forbidden("Your role does not allow this: flag an enquiry.")


@transaction.atomic
def raise_flag(*, enquiry: Enquiry, by: User, code: str, reason: str, review_on: date) -> Flag:
    """Put a flag on it; the same one cannot stand twice. It makes no new version: nobody's form goes stale."""
    enquiry = Enquiry.objects.hold(enquiry)
    refuse_flagging(by)
    if enquiry.status == Status.DRAFT:
        raise NotPossible("A draft has no flags. Send the enquiry first.", status=enquiry.status)
    check_flag(code, reason, review_on)
    if enquiry.flag_rows.standing().filter(code=code).exists():
        raise NotPossible(already(code), status=enquiry.status)
    now = timezone.now()
    facts = {"code": code, "review_on": review_on}
    record(enquiry, "enquiry.flagged", by, reason, facts)
    return Flag.objects.create(enquiry=enquiry, reason=reason, raised_by=by, raised_at=now, **facts)


def already(code: str) -> str:
    return f"It has the flag “{book().codes.label(FLAGS, code)}” already."


def check_flag(code: str, reason: str, review_on: date | None) -> None:
    today, faults = timezone.localdate(), []
    if not book().codes.holds(FLAGS, code, today):
        faults.append(Fault("/code", "unknown", "Choose one of the flags in the list."))
    if not reason.strip():
        faults.append(Fault("/reason", "required", "Say why."))
    if review_on is None or review_on <= today:
        faults.append(Fault("/review_on", "past", "Give a day after today on which it is looked at again."))
    if faults:
        raise Invalid(faults)


@transaction.atomic
def lift_flag(*, flag: Flag, by: User, reason: str = "") -> Flag:
    """Take it off; a second time changes nothing."""
    enquiry = Enquiry.objects.hold(flag.enquiry)
    refuse_flagging(by)
    flag = Flag.objects.get(pk=flag.pk)
    if flag.lifted_at is None:
        flag.lifted_by, flag.lifted_at = by, timezone.now()
        flag.save(update_fields=["lifted_by", "lifted_at"])
        record(enquiry, "enquiry.unflagged", by, reason, {"code": flag.code})
    return flag


def record(enquiry: Enquiry, verb: str, by: User, note: str, facts: dict[str, object]) -> None:
    """Between us: neither the authority nor a service reads of it."""
    hub = Event.Audience.HUB
    Event.objects.record(enquiry, verb=verb, by=by, note=note, data=facts, audience=hub)
