"""What clocks say on a day: our own targets from their interval logs, the authority's statutory clocks from facts.

Pure: now and today are arguments. The two are never mixed: a `Reading` is ours, an `AuthorityClock` is the
authority's, and neither borrows the other's words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from intake.codes.rows import StatutoryClock
from intake.deadlines import (
    LONDON,
    Calendar,
    Interval,
    Limit,
    OfficeHours,
    Target,
    Unit,
    decision_due,
    due_date,
    pushed,
    working_days_left,
)

State = Literal["", "running", "paused", "stopped"]
# Our first promise, and for what its clock stands still.
DECISION = "Decision"
ANSWERED = "the authority answers"


@dataclass(frozen=True, slots=True)
class Reading:
    """One of our targets at a moment. The same one on list, page, paper, API and in reminders.

    `due` is None before it started and while it is paused. `working_days_left`: 0 on the day, negative after it.
    `time_left` is to the due moment by the wall, negative after it. `ended_at`: of a stopped one, when it was met.
    """

    what: str
    state: State
    due: datetime | None
    now: datetime
    working_days_left: int | None = None
    time_left: timedelta | None = None
    ended_at: datetime | None = None
    waits_until: str = ""

    @property
    def late(self) -> bool:
        """Past its moment: now, or when it was stopped."""
        until = self.now if self.state == "running" else self.ended_at
        return self.due is not None and until is not None and until > self.due

    @property
    def today(self) -> bool:
        """Whether its moment is still to come, on this very day."""
        return self.state == "running" and not self.late and self.working_days_left == 0

    @property
    def standing(self) -> str:
        """What stays true however long the paper lies: Decision due 26 November 2026 at 17:00."""
        if self.state == "paused":
            return f"Standing still until {self.waits_until}" if self.waits_until else "Standing still"
        if self.state == "stopped":
            return "Stopped"
        return f"{self.what} due {spelt(self.due)} at {at_london(self.due):%H:%M}" if self.due else ""

    @property
    def on_paper(self) -> str:
        return self.outcome or self.standing

    @property
    def sentence(self) -> str:
        """Decision due Thursday 26 November, 2 working days left; nothing before it started."""
        match self.state:
            case "paused":
                until = f" until {self.waits_until}" if self.waits_until else ""
                return f"{self.what} clock paused{until}"
            case "stopped":
                return self.outcome
            case "running" if self.due is not None:
                return self.running(self.due)
        return ""

    def running(self, due: datetime) -> str:
        local = at_london(due)
        day = f"{local:%A} {spelt(due) if local.year != at_london(self.now).year else f'{local.day} {local:%B}'}"
        left = self.working_days_left or 0
        if self.late:
            late = working_days(-left) if left else hours(self.now - due)
            return f"{self.what} was due {day}, {late} late"
        if self.today:
            return f"{self.what} due today by {local:%H:%M}, {hours(due - self.now)} left"
        return f"{self.what} due {day}, {working_days(left)} left"

    @property
    def outcome(self) -> str:
        if self.ended_at is None or self.due is None:
            return ""
        return f"{self.what}: {spelt(self.ended_at)}, {'late' if self.late else 'in time'}"

    @property
    def tone(self) -> str:
        """Of its chip: late, soon, well, waiting or none."""
        if self.state == "paused":
            return "waiting"
        if self.state == "stopped":
            return "late" if self.late else "well" if self.due else ""
        if self.late:
            return "late"
        return "soon" if self.working_days_left is not None and self.working_days_left <= 1 else ""


def reading(
    what: str,
    state: str,
    due: datetime | None,
    now: datetime,
    calendar: Calendar,
    ended_at: datetime | None = None,
    waits_until: str = "",
) -> Reading:
    """The reading of a target whose due moment is known: stored for sorting, or computed from its log."""
    if due is None or state not in ("running", "stopped"):
        return Reading(what, state, None, now, waits_until=waits_until)  # type: ignore[arg-type]
    left = working_days_left(ended_at or now, due, calendar)
    return Reading(what, state, due, now, left, due - (ended_at or now), ended_at)  # type: ignore[arg-type]


def reading_of_log(
    what: str,
    promise: Target | Limit,
    log: Sequence[Interval],
    calendar: Calendar,
    now: datetime,
    hours: OfficeHours,
    waits_until: str = "",
) -> Reading:
    """The reading of a target from its interval log; the same sums for the decision and for the work."""
    if not log:
        return reading(what, "", None, now, calendar)
    ended_at, last = log[-1].ended_at, log[-1].state
    if ended_at is None and last == "paused":
        return reading(what, "paused", None, now, calendar, waits_until=waits_until)
    due = due_by_log(promise, log, calendar, hours)
    return reading(what, "running" if ended_at is None else "stopped", due, now, calendar, ended_at)


def due_by_log(
    promise: Target | Limit, log: Sequence[Interval], calendar: Calendar, hours: OfficeHours
) -> datetime | None:
    """A decision is promised in working days with a cut-off; work by closing time of a limit's last day."""
    if isinstance(promise, Target):
        return decision_due(promise, log, calendar)
    started = at_london(log[0].started_at).date()
    last_day = calendar.next_working_day(due_date(promise, started, calendar))
    return pushed(hours.closing(last_day), log, hours, calendar)


# --- The authority's own clocks -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AuthorityClock:
    """A statutory limit that binds the authority, begun by a fact of the enquiry. Never one of our targets.

    `last_day` is the statutory one ("beginning with" counted); `court_day` the date that court or authority
    typed, which stands beside it and is not altered. `days_left` is in working days where the limit is, else in
    days; 0 on the last day, negative after it, which says nothing about whether the authority kept it.
    """

    code: str
    name: str
    started_on: date
    last_day: date
    days_left: int
    over: bool
    amount: int
    unit: Unit
    beginning_with: bool
    source: str
    verified: str
    starts: str = ""
    court_day: date | None = None
    court_says: str = ""

    @property
    def is_verified(self) -> bool:
        return self.verified == "verified"

    @property
    def limit(self) -> str:
        """26 weeks."""
        return f"{self.amount} {self.unit.removesuffix('s') if self.amount == 1 else self.unit}"

    @property
    def sentence(self) -> str:
        """26 weeks beginning with 28 September 2026: the last day is 28 March 2027."""
        begins = f"{self.limit} beginning with" if self.beginning_with else f"{self.limit} from"
        verb = "was" if self.over else "is"
        return f"{begins} {spelt(self.started_on)}: the last day {verb} {spelt(self.last_day)}"

    @property
    def left(self) -> str:
        """124 days left; over since 28 March 2027."""
        if self.over:
            return f"ended on {spelt(self.last_day)}"
        unit = "working days" if "working" in self.limit else "days"
        count = f"{self.days_left} {unit}"
        return f"{count.removesuffix('s') if self.days_left == 1 else count} left"


Facts = Mapping[str, Sequence[date]]
# The typed date that stands beside a statutory last day: a kind of hearing, or the day of filing.
BESIDE: Mapping[str, tuple[str, str]] = {
    "PLO_26": ("final", "The court's date for the final hearing"),
    "PLO_CMH": ("case_management", "The court's date for the case management hearing"),
    "S37": ("filing", "The court's date for filing"),
}


def authority_clocks(
    facts: Facts, rows: Iterable[StatutoryClock], nation: str, on: date, calendar: Calendar
) -> list[AuthorityClock]:
    """Those that run by the facts we hold, in the authority's nation, by last day.

    A row holds when it did so on the day it started. A row without a fact of ours starts nothing here.
    """
    clocks = [
        authority_clock(row, day, facts, on, calendar)
        for row in rows
        if row.kind in ("authority", "controller") and row.starts_from and row.nation in ("", nation)
        for day in sorted(set(facts.get(row.starts_from, ())))
        if day <= on and holds(row.valid_from, row.valid_until, day)
    ]
    return sorted(clocks, key=lambda clock: (clock.last_day, clock.code))


def authority_clock(
    row: StatutoryClock, started_on: date, facts: Facts, on: date, calendar: Calendar
) -> AuthorityClock:
    limit = Limit(row.amount, Unit(row.unit), row.beginning_with, row.rolls)
    last_day = due_date(limit, started_on, calendar)
    in_working_days = limit.unit is Unit.WORKING_DAYS
    left = calendar.working_days_between(on, last_day) if in_working_days else (last_day - on).days
    typed, says = BESIDE.get(row.code, ("", ""))
    court_days = sorted(facts.get(f"typed:{typed}", ()))
    return AuthorityClock(
        code=row.code,
        name=row.name,
        started_on=started_on,
        last_day=last_day,
        days_left=left,
        over=on > last_day,
        amount=limit.amount,
        unit=limit.unit,
        beginning_with=row.beginning_with,
        source=row.source,
        verified=row.verified,
        starts=row.starts,
        court_day=court_days[0] if court_days else None,
        court_says=says if court_days else "",
    )


CARE_PROCEEDINGS = frozenset({"S31", "S38", "S38_6"})
# The particulars of an assessment that start a clock, by the fact they are.
STARTED_BY: Mapping[str, str] = {
    "la_referral_date": "la_referral",
    "strategy_date": "strategy_discussion",
    "direction_date": "s37_direction",
    "reg24_date": "reg24_approval",
    "complaint_date": "complaint_agreed",
}


def facts_of(body: Mapping[str, object], delivered: Iterable[date] = ()) -> dict[str, list[date]]:
    """What an enquiry's plain body says that starts a clock. `delivered`: the days on which reports were served.

    Written questions are put to an expert, so a delivery starts a clock only under FPR Part 25 or with the
    court's permission; an issue starts the 26 weeks only of care or supervision proceedings.
    """
    legal = mapping(body.get("legal"))
    found: dict[str, list[date]] = {}
    for asked in rows(body.get("assessments")):
        for code, value in mapping(asked.get("particulars")).items():
            if code in STARTED_BY and (day := as_day(value)):
                found.setdefault(STARTED_BY[code], []).append(day)
    in_care = legal.get("stage") == "care_proceedings" or legal.get("framework") in CARE_PROCEEDINGS
    if in_care and (issued := as_day(legal.get("issued_on"))):
        found["care_proceedings_issued"] = [issued]
    if legal.get("framework") == "FPR25" or legal.get("permission") == "granted":
        found["expert_report_delivered"] = list(delivered)
    for hearing in rows(legal.get("hearings")):
        if day := as_day(hearing.get("date")):
            found.setdefault(f"typed:{hearing.get('kind')}", []).append(day)
    if filing := as_day(legal.get("filing_date")):
        found["typed:filing"] = [filing]
    return found


# --- Days and words -----------------------------------------------------------------------------------------


def holds(valid_from: date | None, valid_until: date | None, on: date) -> bool:
    return (valid_from is None or valid_from <= on) and (valid_until is None or on <= valid_until)


def mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def rows(value: object) -> list[Mapping[str, object]]:
    return [mapping(row) for row in value] if isinstance(value, list) else []


def as_day(value: object) -> date | None:
    """A date, or the text of one; anything else is none."""
    if isinstance(value, datetime):
        return at_london(value).date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def at_london(moment: datetime) -> datetime:
    return moment.astimezone(UTC).astimezone(LONDON)


def spelt(value: date | datetime) -> str:
    """26 November 2026."""
    day = at_london(value) if isinstance(value, datetime) else value
    return f"{day.day} {day:%B %Y}"


def working_days(count: int) -> str:
    return f"{count} working day" if count == 1 else f"{count} working days"


def hours(span: timedelta) -> str:
    minutes = max(int(span.total_seconds() // 60), 1)
    if minutes < 60:
        return f"{minutes} minute" if minutes == 1 else f"{minutes} minutes"
    return "1 hour" if minutes < 120 else f"{minutes // 60} hours"
