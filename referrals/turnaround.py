"""Our targets for the work of a referral, read from its own interval log: the history of its steps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from intake import codes
from intake.clocks import ANSWERED, DECISION, Reading, holds, reading_of_log, working_days
from intake.deadlines import OFFICE_HOURS, Interval, Limit, Unit
from intake.lifecycle import Clock
from intake.models import AssessmentType, Enquiry, Event, User, book
from intake.models.enquiry import with_step
from intake.words import _, span
from referrals.lifecycle import Transition as X
from referrals.models import Referral

# Which steps start, pause, resume and stop a target, by the fact from which it runs.
ENDS: Mapping[str, Clock] = {X.RETURN_TO_WAITING: Clock.STOP, X.CANCEL: Clock.STOP}
RUNS: Mapping[str, Mapping[str, Clock]] = {
    "received": {X.START: Clock.STOP, X.CANCEL: Clock.STOP},
    "offered": {
        X.OFFER: Clock.START,
        X.ACCEPT_OFFER: Clock.STOP,
        X.DECLINE_OFFER: Clock.STOP,
        X.RECALL_OFFER: Clock.STOP,
        X.LAPSE_OFFER: Clock.STOP,
        X.CANCEL: Clock.STOP,
    },
    "started": {
        X.START: Clock.START,
        X.PAUSE: Clock.PAUSE,
        X.RESUME: Clock.RESUME,
        X.DELIVER: Clock.STOP,
        **ENDS,
    },
    "report_handed_in": {
        X.SUBMIT_REPORT: Clock.START,
        X.SEND_BACK: Clock.STOP,
        X.DELIVER: Clock.STOP,
        **ENDS,
    },
}
STEPS = frozenset(f"referral.{name}" for steps in RUNS.values() for name in steps)
Line = tuple[str, datetime]
OWN = "our own promise"
REVIEW = "REVIEW"


@dataclass(frozen=True, slots=True)
class OurTarget:
    """One of our targets for the work: what is promised in words, and what its clock says now."""

    code: str
    promise: str
    reading: Reading
    source: str
    verified: str

    @property
    def is_verified(self) -> bool:
        return self.verified == "verified"


def decision_of(enquiry: Enquiry, now: datetime) -> OurTarget:
    """Our decision, read from its whole log, so that a stopped one says whether it was in time. One statement."""
    log, nation = enquiry.intervals(), enquiry.authority.nation
    since = log[0].started_at if log else now
    target = book().target(nation, since)
    said = reading_of_log(DECISION, target, log, book().calendars[nation], now, target.hours, ANSWERED)
    days = working_days(target.working_days)
    late = f"after {target.hours.cut_off:%H:%M} it counts as the next day's"
    promise = f"{days} from the day it comes, by {target.hours.closes:%H:%M}; {late}"
    return OurTarget(DECISION.upper(), promise, said, OWN, "verified")


def targets_of(referrals: Sequence[Referral], user: User, now: datetime) -> dict[int, list[OurTarget]]:
    """Of each referral, by its id, as far as this person reads its history. One statement for all of them."""
    found = lines_of(referrals, user)
    return {row.pk: targets(row, found.get(row.reference, []), now) for row in referrals}


def lines_of(referrals: Sequence[Referral], user: User) -> dict[str, list[Line]]:
    """The steps in the history that our targets run by: verb and moment, oldest first."""
    if not referrals:
        return {}
    rows = Event.objects.visible_to(user).filter(
        enquiry__in={row.enquiry_id for row in referrals},
        subject__in=[row.reference for row in referrals],
        verb__in=STEPS,
    )
    found: dict[str, list[Line]] = {}
    for subject, verb, at in rows.order_by("enquiry", "sequence").values_list("subject", "verb", "at"):
        found.setdefault(subject, []).append((verb.partition(".")[2], at))
    return found


def targets(referral: Referral, lines: Sequence[Line], now: datetime) -> list[OurTarget]:
    """Those that have begun, in the order of the work."""
    kind, nation = referral.assessment.type, referral.enquiry.authority.nation
    shown = []
    for code, starts_from in facts(book().work_targets):
        log = log_of(lines, starts_from, referral.enquiry.received_at)
        if not log:
            continue
        row = promised(book().work_targets, code, kind.code, nation, timezone.localdate(log[0].started_at))
        limit = limit_of(row, kind) if row else None
        if row is None or limit is None or row.starts_from != starts_from:
            continue
        said = reading_of_log(row.label, limit, log, book().calendars[nation], now, OFFICE_HOURS)
        shown.append(OurTarget(row.code, in_words(limit, starts_from), said, row.source, row.verified))
    return shown


def running_until(code: str, targets: Iterable[OurTarget]) -> datetime | None:
    """The due moment of one of them, while it runs."""
    return next(
        (row.reading.due for row in targets if row.code == code and row.reading.state == "running"), None
    )


ORDER = tuple(RUNS)


def facts(rows: Iterable[codes.WorkTarget]) -> list[tuple[str, str]]:
    """Each code with the fact from which it runs."""
    pairs = {(row.code, row.starts_from) for row in rows if row.starts_from in RUNS}
    return sorted(pairs, key=lambda pair: (ORDER.index(pair[1]), pair[0]))


def log_of(lines: Sequence[Line], starts_from: str, received_at: datetime | None) -> list[Interval]:
    """The interval log of one target since it last started."""
    log: list[Interval] = []
    if starts_from == "received" and received_at is not None:
        log = with_step([], Clock.START, received_at)
    for name, at in lines:
        clock = RUNS[starts_from].get(X(name))
        if clock is not None and (log or clock is Clock.START):
            log = with_step(log, clock, at)
    return log


def promised(
    rows: Iterable[codes.WorkTarget], code: str, kind: str, nation: str, on: date
) -> codes.WorkTarget | None:
    """The row in force on the day it began: of the very type before all types, of the nation before both."""
    fitting = [
        row
        for row in rows
        if row.code == code
        and row.type in ("", kind)
        and row.nation in ("", nation)
        and holds(row.valid_from, row.valid_until, on)
    ]
    ranked = sorted(fitting, key=lambda row: (bool(row.type), bool(row.nation), row.valid_from or date.min))
    return ranked[-1] if ranked else None


def limit_of(row: codes.WorkTarget, kind: AssessmentType) -> Limit | None:
    """Without an amount, the longest weeks of the catalogue; none when it gives none."""
    if row.amount is not None:
        return Limit(row.amount, Unit(row.unit), row.beginning_with)
    return Limit(kind.weeks_max, Unit.WEEKS, row.beginning_with) if kind.weeks_max else None


BEGINS = {
    "received": _("{span} from the day the enquiry came"),
    "offered": _("{span} from the offer"),
    "started": _("{span} from the start of the work"),
    "report_handed_in": _("{span} from the day the report is handed in"),
}


def in_words(limit: Limit, starts_from: str) -> str:
    """12 weeks from the start of the work."""
    return BEGINS[starts_from].format(span=span(limit.amount, limit.unit))
