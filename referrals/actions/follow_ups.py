"""The end, and what became of it: closed with an outcome, then asked after three and six months."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from intake.checks import Fault
from intake.deadlines import Limit, Unit, due_date
from intake.lifecycle import Party, Role
from intake.models import Notification, User, book
from intake.refusals import Forbidden, Invalid, NotPossible
from referrals.actions.oversight import refuse_closing
from referrals.actions.telling import tell
from referrals.actions.triage import close_when_done
from referrals.lifecycle import Transition
from referrals.models import FollowUp, Referral

MONTHS = (3, 6)
ANSWERERS = frozenset(
    {Role.REFERRER, Role.AUTHORITY_MANAGER, Role.API_CLIENT, Role.COORDINATOR, Role.MANAGER}
)


@transaction.atomic
def close(
    *,
    referral: Referral,
    by: User,
    outcome_code: str,
    follow_up_3_months: date | None = None,
    follow_up_6_months: date | None = None,
) -> Referral:
    """Done, with what came of it and the days on which it is asked again; the enquiry closes with the last.

    Days that are not given are three and six months from today, or the next working day.
    """
    referral = Referral.objects.hold(referral)
    referral.check_can(Transition.CLOSE, by)
    refuse_closing(referral)
    first, second = (
        given or in_months(referral, months)
        for given, months in zip((follow_up_3_months, follow_up_6_months), MONTHS, strict=True)
    )
    check_closing(outcome_code, first, second)
    days: dict[str, Any] = {"follow_up_3_months": first, "follow_up_6_months": second}
    facts = {"outcome_code": outcome_code, **days}
    referral.make(Transition.CLOSE, by=by, facts=facts, outcome_code=outcome_code, **days)
    plan(referral, (first, second))
    tell(referral, Transition.CLOSE)
    close_when_done(referral.enquiry, at=referral.updated_at)
    return referral


def in_months(referral: Referral, months: int) -> date:
    """So many months from today, on a day on which somebody is there."""
    calendar = book().calendars[referral.enquiry.authority.nation]
    return due_date(Limit(months, Unit.MONTHS, rolls=True), timezone.localdate(), calendar)


def check_closing(outcome_code: str, first: date, second: date) -> None:
    today, faults = timezone.localdate(), []
    if outcome_code and not book().codes.holds("close", outcome_code, today):
        faults.append(Fault("/outcome_code", "unknown", "Choose one of the outcomes in the list."))
    if first <= today:
        faults.append(Fault("/follow_up_3_months", "past", "Give a day after today."))
    if second <= first:
        faults.append(Fault("/follow_up_6_months", "order", "The second follow-up comes after the first."))
    if faults:
        raise Invalid(faults)


def plan(referral: Referral, days: tuple[date, date]) -> None:
    """The two questions of this closing; what an earlier closing left unanswered falls away."""
    waiting = referral.followup_rows.filter(answered_at__isnull=True, dropped_at__isnull=True)
    waiting.update(dropped_at=referral.updated_at)
    number = referral.followup_rows.count()
    FollowUp.objects.bulk_create(
        FollowUp(referral=referral, number=number + n, months=months, due_on=day)
        for n, (months, day) in enumerate(zip(MONTHS, days, strict=True), start=1)
    )


def ask_due(now: datetime) -> int:
    """The worker's round: on its day each question goes to the authority, once, as long as the referral is closed."""
    due = FollowUp.objects.filter(
        asked_at__isnull=True, answered_at__isnull=True, dropped_at__isnull=True,
        due_on__lte=timezone.localdate(now),
    )  # fmt: skip
    closed = due.filter(referral__status="closed").select_related("referral__enquiry__authority")
    return sum(ask(row, now) for row in closed)


@transaction.atomic
def ask(row: FollowUp, now: datetime) -> int:
    """Decided by the statement that marks it: of two workers one asks."""
    won = FollowUp.objects.filter(pk=row.pk, asked_at__isnull=True).update(asked_at=now)
    if won:
        data = {"number": row.number, "months": row.months}
        row.referral.notify(Notification.Kind.FOLLOW_UP, to=Party.REFERRER, data=data)
    return won


@transaction.atomic
def answer(
    *, follow_up: FollowUp, by: User, outcome_code: str, followed: str = "", lives: str = "", text: str = ""
) -> FollowUp:
    """What became of it, once: said by the authority, or by the hub for them.

    Also whether the recommendation was followed, and where the child lives now, as far as somebody says so.
    """
    referral = Referral.objects.hold(follow_up.referral)
    if roles_for(referral, by).isdisjoint(ANSWERERS):
        raise Forbidden("Your role does not allow this: answer a follow-up.")
    row = referral.followup_rows.get(pk=follow_up.pk)
    if row.answered_at or row.dropped_at or referral.status != "closed":
        raise NotPossible("This follow-up waits for no answer.", status=referral.status)
    check_answer(outcome_code, followed, lives, text)
    row.outcome_code, row.text, row.answered_by, row.answered_at = outcome_code, text, by, timezone.now()
    row.followed, row.lives = followed, lives
    row.save()
    data: dict[str, Any] = {"number": row.number, "months": row.months, "follow_up": outcome_code}
    data |= {name: value for name, value in (("followed", followed), ("lives", lives)) if value}
    referral.record("follow_up", by=by, at=row.answered_at, note=text, data=data)
    return row


def roles_for(referral: Referral, user: User) -> frozenset[Role]:
    """An authority's own people answer for it, the hub's by what they are there."""
    own = user.organisation_id == referral.enquiry.authority_id
    return user.roles if own else referral.roles_of(user)


def check_answer(outcome_code: str, followed: str, lives: str, text: str) -> None:
    faults = []
    if not book().codes.holds("follow_up_outcome", outcome_code, timezone.localdate()):
        faults.append(Fault("/outcome_code", "unknown", "Choose one of the outcomes in the list."))
    elif outcome_code == "OTHER" and not text.strip():
        faults.append(Fault("/text", "required", "Say what became of it."))
    if followed not in ("", *FollowUp.Followed.values):
        faults.append(Fault("/followed", "unknown", "Choose one of the list."))
    if lives not in ("", *FollowUp.Lives.values):
        faults.append(Fault("/lives", "unknown", "Choose one of the list."))
    if faults:
        raise Invalid(faults)
