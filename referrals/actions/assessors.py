"""Who assesses: registration, grade, hours, skills, leave; kept by the lead, leave by the assessor too."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from intake.checks import Fault
from intake.models import AccountEvent, Organisation, User, book
from intake.refusals import Forbidden, Invalid
from referrals.actions.services import refuse_keeping
from referrals.models import Assessor, Leave, Skill
from referrals.models.assessor import may_keep

# More is no week.
MOST_HOURS = 60


@transaction.atomic
def name(*, user: User, service: Organisation, by: User, **values: Any) -> Assessor:
    """Somebody of the service assesses from now on."""
    refuse_keeping(by, service.pk)
    if user.organisation_id != service.pk or Assessor.objects.filter(user=user).exists():
        raise Invalid([Fault("/user", "unknown", "Choose somebody of this service who is not named yet.")])
    check(values)
    row = Assessor.objects.create(user=user, service=service, **values)
    record(row, by, "named", **values)
    return row


@transaction.atomic
def change(*, assessor: Assessor, by: User, **values: Any) -> Assessor:
    """What they bring and can carry, from now on; the work they have stays with them."""
    assessor = (
        Assessor.objects.select_for_update(of=("self",)).select_related("user", "service").get(pk=assessor.pk)
    )
    refuse_keeping(by, assessor.service_id)
    check(values)
    before = {name: getattr(assessor, name) for name in values}
    changed = {name: value for name, value in values.items() if value != before[name]}
    if changed:
        for name_, value in changed.items():
            setattr(assessor, name_, value)
        assessor.save(update_fields=tuple(changed))
        record(assessor, by, "changed", **{name: [before[name], value] for name, value in changed.items()})
    return assessor


def check(values: dict[str, Any]) -> None:
    today, faults = timezone.localdate(), []
    practice, codes = book().practice, book().codes
    if "grade" in values and values["grade"] not in practice.grades(today):
        faults.append(Fault("/grade", "unknown", "Choose one of the grades in the list."))
    if values.get("base_area") and values["base_area"] not in practice.spots(today):
        faults.append(
            Fault(
                "/base_area",
                "unknown",
                "Give the letters a postcode of England or Wales begins with, like OL.",
            )
        )
    if (body := values.get("registration_body")) and not codes.holds("registration_body", body, today):
        faults.append(Fault("/registration_body", "unknown", "Choose one of the registers in the list."))
    if values.get("registration_number") and not values.get("registration_body"):
        faults.append(Fault("/registration_body", "required", "Say on which register the number is."))
    if values.get("hours", 0) > MOST_HOURS:
        faults.append(Fault("/hours", "impossible", f"Give the hours of a week, {MOST_HOURS} at the most."))
    if faults:
        raise Invalid(faults)


@transaction.atomic
def add_skill(
    *,
    assessor: Assessor,
    by: User,
    code: str,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> Skill:
    refuse_keeping(by, assessor.service_id)
    if not book().codes.holds("skill", code, timezone.localdate()):
        raise Invalid([Fault("/code", "unknown", "Choose one of the skills in the list.")])
    check_order(valid_from, valid_until, "/valid_until")
    row = Skill.objects.create(assessor=assessor, code=code, valid_from=valid_from, valid_until=valid_until)
    record(assessor, by, "skill", code=code, valid_from=valid_from, valid_until=valid_until)
    return row


@transaction.atomic
def end_skill(*, row: Skill, by: User) -> None:
    """It holds no longer from today on; that it held stays on record."""
    refuse_keeping(by, row.assessor.service_id)
    yesterday = timezone.localdate() - timedelta(days=1)
    if row.valid_until is None or row.valid_until > yesterday:
        if row.valid_from and row.valid_from > yesterday:
            row.delete()
        else:
            row.valid_until = yesterday
            row.save(update_fields=("valid_until",))
        record(row.assessor, by, "skill ended", code=row.code)


@transaction.atomic
def add_leave(*, assessor: Assessor, by: User, first: date, last: date, kind: str = "PLANNED") -> Leave:
    """Away from one day to another; their own to say, too. Nobody says why."""
    refuse_leave(by, assessor)
    if not book().codes.holds("leave_kind", kind, timezone.localdate()):
        raise Invalid([Fault("/kind", "unknown", "Choose one of the list.")])
    check_order(first, last, "/last")
    row = Leave.objects.create(assessor=assessor, first=first, last=last, kind=kind)
    record(assessor, by, "leave", kind=kind, first=first, last=last)
    return row


@transaction.atomic
def remove_leave(*, row: Leave, by: User) -> None:
    refuse_leave(by, row.assessor)
    record(row.assessor, by, "leave removed", first=row.first, last=row.last)
    row.delete()


def refuse_leave(by: User, assessor: Assessor) -> None:
    if assessor.user_id != by.pk and not may_keep(by, assessor.service_id):
        raise Forbidden("Your role does not allow this: somebody else's leave.")


def check_order(first: date | None, last: date | None, pointer: str) -> None:
    if first and last and last < first:
        raise Invalid([Fault(pointer, "impossible", "The last day lies before the first.")])


def record(assessor: Assessor, by: User, what: str, **data: Any) -> None:
    AccountEvent.objects.record(
        AccountEvent.Verb.ASSESSOR,
        by=by,
        organisation=assessor.service,
        person=assessor.user,
        what=what,
        **{name: in_json(value) for name, value in data.items()},
    )


def in_json(value: Any) -> Any:
    if isinstance(value, list):
        return [in_json(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
