"""What drifts: open work without an event for days, dates that have passed, plans nobody reviewed. A reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, LPad
from django.utils import timezone

from intake.lifecycle import OPEN as OPEN_ENQUIRIES
from intake.lifecycle import Role
from intake.lifecycle import Status as EnquiryStatus
from intake.models import ConflictBlock, Enquiry, Event, InformationRequest, Organisation, Risk, User
from intake.refusals import Forbidden
from referrals.lifecycle import OPEN, UNDER_WAY, Status
from referrals.models import Challenge, DriftRule, FollowUp, OversightEntry, Referral, SecondLook, Visit

# Own practice, until a manager sets another number with the day from which it holds.
DAYS = {"enquiry_silent": 5, "referral_silent": 14, "challenge_open": 5, "second_look_open": 1}
UNTIL_DELIVERED = OPEN - {Status.DELIVERED}
TRIAGE = (EnquiryStatus.SUBMITTED, EnquiryStatus.IN_TRIAGE, EnquiryStatus.INFORMATION_REQUESTED)


@dataclass(frozen=True, slots=True)
class Why:
    """One reason why something is on the list: the column that says so, and the sentence."""

    code: str
    says: str


REFERRAL_WHY = (
    Why("kept_out", "Who works on it is kept out by a conflict of interest: name another."),
    Why("silent", "Nothing has happened for {days} days or more."),
    Why("offer_passed", "The day to reply to the offer has passed."),
    Why("needed_passed", "The day the report was needed has passed."),
    Why("review_passed", "The pause was to be looked at again, and was not."),
    Why("visit_passed", "The day of a visit has passed, and nobody has said whether it was made."),
    Why("follow_up_passed", "A follow-up was due and is not answered."),
    Why("action_overdue", "An action of oversight is overdue."),
    Why("challenge_open", "A challenge has waited {challenge} days or more for an answer."),
)
ENQUIRY_WHY = (
    Why("silent", "Nothing has happened for {days} days or more."),
    Why("decision_late", "The decision is late."),
    Why("needed_passed", "The day the report is needed has passed."),
    Why("reply_passed", "The day to answer our questions has passed."),
    Why("risk_passed", "A risk was to be looked at again, and was not."),
    Why("second_look_open", "A decision has waited {look} days or more for a second look."),
    Why("action_overdue", "An action of oversight is overdue."),
    Why("challenge_open", "A challenge has waited {challenge} days or more for an answer."),
)


def refuse_looking(user: User) -> None:
    """For the hub: whoever triages, reviews, manages, and the auditor of what they opened."""
    looking = (Role.COORDINATOR, Role.MANAGER, Role.REVIEWER, Role.AUDITOR)
    if user.organisation.kind != Organisation.Kind.HUB or not user.has(*looking):
        raise Forbidden("Your role does not allow this: look at what drifts.")


def days_of(today: date) -> dict[str, int]:
    """The numbers that hold today. One statement."""
    found = dict(DAYS)
    rows = DriftRule.objects.filter(code__in=DAYS).order_by(F("valid_from").asc(nulls_first=True))
    for row in rows:
        began = row.valid_from is None or row.valid_from <= today
        if began and (row.valid_until is None or today <= row.valid_until):
            found[row.code] = row.days
    return found


def ago(today: date, days: int) -> datetime:
    """The beginning of the day so many days before."""
    return timezone.make_aware(datetime.combine(today - timedelta(days=days - 1), time()))


def silent_since(moment: datetime, subject: str, enquiry: str) -> Q:
    """No line of history since; the row's own change is asked first, for that is in an index."""
    heard = Event.objects.filter(enquiry=OuterRef(enquiry), subject=OuterRef(subject), at__gte=moment)
    return Q(~Exists(heard), updated_at__lt=moment)


def drifting_referrals(user: User, today: date, days: Mapping[str, int]) -> QuerySet[Referral]:
    """Each once, with a column for each reason; grouped by service and assessor."""
    needed = Coalesce("needed_by", "enquiry__filing_date", "enquiry__needed_by")
    of_it = {"referral": OuterRef("pk")}
    asked = FollowUp.objects.filter(
        **of_it, due_on__lt=today, answered_at__isnull=True, dropped_at__isnull=True
    )
    waiting = Challenge.objects.filter(
        **of_it, answered_at__isnull=True, raised_at__lt=ago(today, days["challenge_open"])
    )
    visits = Visit.objects.planned().filter(**of_it, planned_at__lt=ago(today, 1))
    silent = silent_since(ago(today, days["referral_silent"]), "reference", "enquiry")
    at_work = Q(person=OuterRef("assessor")) | Q(person=OuterRef("co_worker"))
    kept_out = ConflictBlock.objects.live().filter(at_work, enquiry=OuterRef("enquiry"))
    reasons = {
        "kept_out": Q(Exists(kept_out), status__in=UNDER_WAY),
        "silent": Q(status__in=OPEN) & silent,
        "offer_passed": Q(status=Status.OFFERED, reply_by__lt=today),
        "needed_passed": Q(status__in=UNTIL_DELIVERED, needed_on__lt=today),
        "review_passed": Q(status=Status.PAUSED, review_on__lt=today),
        "visit_passed": Q(Exists(visits), status__in=UNDER_WAY),
        "follow_up_passed": Q(Exists(asked), status=Status.CLOSED),
        "action_overdue": Q(Exists(OversightEntry.objects.overdue(today).filter(**of_it))),
        "challenge_open": Q(Exists(waiting), status__in=OPEN),
    }
    overdue = OversightEntry.objects.overdue(today).filter(referral__isnull=False)
    could = some_of(
        Referral.objects.open().values("pk"),
        FollowUp.objects.filter(due_on__lt=today, answered_at__isnull=True, dropped_at__isnull=True).values(
            "referral"
        ),
        overdue.values("referral"),
    )
    rows = Referral.objects.visible_to(user).filter(pk__in=could).annotate(needed_on=needed)
    found: QuerySet[Referral] = listed(rows, reasons).annotate(place=grouped_by())
    return found


def grouped_by() -> Concat:
    """Its service, then its assessor, then itself, in numbers: what is with nobody comes first."""
    return Concat(numbered("service_id"), numbered("assessor_id"), numbered("id"), output_field=CharField())


def numbered(column: str) -> LPad:
    """With leading zeros, for an order that no collation changes."""
    return LPad(Cast(Coalesce(column, Value(0)), CharField()), 12, Value("0"))


def drifting_enquiries(user: User, today: date, days: Mapping[str, int]) -> QuerySet[Enquiry]:
    """Each once; those of which something of itself drifts, not of its referrals."""
    needed = Coalesce("filing_date", "needed_by")
    of_it = {"enquiry": OuterRef("pk"), "referral__isnull": True}
    questions = InformationRequest.objects.overdue(today).filter(enquiry=OuterRef("pk"))
    risks = Risk.objects.filter(enquiry=OuterRef("pk"), review_on__lt=today)
    looks = SecondLook.objects.waiting().filter(
        enquiry=OuterRef("pk"), proposed_at__lt=ago(today, days["second_look_open"])
    )
    waiting = Challenge.objects.filter(
        **of_it, answered_at__isnull=True, raised_at__lt=ago(today, days["challenge_open"])
    )
    silent = silent_since(ago(today, days["enquiry_silent"]), "reference", "pk")
    running = Q(clock=Enquiry.ClockState.RUNNING, due_at__lt=timezone.now())
    reasons = {
        "silent": Q(status__in=TRIAGE) & silent,
        "decision_late": Q(status__in=TRIAGE) & running,
        "needed_passed": Q(status__in=TRIAGE, needed_on__lt=today),
        "reply_passed": Q(Exists(questions), status=EnquiryStatus.INFORMATION_REQUESTED),
        "risk_passed": Q(Exists(risks), status__in=OPEN_ENQUIRIES),
        "second_look_open": Q(Exists(looks), status=EnquiryStatus.IN_TRIAGE),
        "action_overdue": Q(Exists(OversightEntry.objects.overdue(today).filter(**of_it))),
        "challenge_open": Q(Exists(waiting), status__in=OPEN_ENQUIRIES),
    }
    alone = {"referral__isnull": True, "enquiry__isnull": False}
    could = some_of(
        Enquiry.objects.filter(status__in=TRIAGE).values("pk"),
        Risk.objects.filter(review_on__lt=today, enquiry__status__in=OPEN_ENQUIRIES).values("enquiry"),
        OversightEntry.objects.overdue(today).filter(**alone).values("enquiry"),
        Challenge.objects.filter(**alone, answered_at__isnull=True).values("enquiry"),
    )
    rows = Enquiry.objects.visible_to(user).filter(pk__in=could).annotate(needed_on=needed)
    return listed(rows, reasons)


def some_of(*keys: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """The keys of what can drift at all, each from its own index: little of what there is."""
    first, *others = (rows.order_by() for rows in keys)
    return first.union(*others)


def listed(rows: QuerySet[Any], reasons: Mapping[str, Q]) -> QuerySet[Any]:
    """The rows for which one reason holds at least, each with all of its reasons."""
    anyone = Q()
    for holds in reasons.values():
        anyone |= holds
    columns = {
        f"is_{code}": Case(When(holds, then=Value(True)), default=Value(False))
        for code, holds in reasons.items()
    }
    found: QuerySet[Any] = rows.filter(anyone).annotate(**columns)
    return found


def reasons_of(row: Any, why: tuple[Why, ...], days: Mapping[str, int]) -> list[str]:
    """Why this row is on the list, in sentences."""
    silent = days["referral_silent" if isinstance(row, Referral) else "enquiry_silent"]
    words = {"days": silent, "challenge": days["challenge_open"], "look": days["second_look_open"]}
    return [reason.says.format(**words) for reason in why if getattr(row, f"is_{reason.code}")]
