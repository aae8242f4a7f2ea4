"""From what is known of an enquiry to its band and order, with the reasons. Pure: today is an argument.

The primary need of the children-in-need census has no diagnostic value and is not among the facts. What is
pressing is the time that is left, the child's age, the law, safety, the waiting and being turned away before.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from intake.deadlines import Calendar
from intake.weights import BANDS, MOST_POINTS, Factor, Weights

BIRTHS = ("birth expected", "birth was expected")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the order of the work looks at; days are dates, ages years, working time weeks."""

    calendar: Calendar
    filing_on: date | None = None
    asked_for: date | None = None
    weeks: int = 0
    hearing_on: date | None = None
    birth_on: date | None = None
    youngest_born_on: date | None = None
    youngest_age: int | None = None
    # The legal framework and stage, by their codes.
    lane: tuple[str, ...] = ()
    # The highest level known of each: child, worker, contact.
    risks: Mapping[str, str] = field(default_factory=dict)
    received_on: date | None = None
    sent_before: int = 0
    prompted_by: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that presses: by which factor, in words, for how many points."""

    code: str
    text: str
    points: int


@dataclass(frozen=True, slots=True)
class Priority:
    """The band, the points with their reasons, and the next day on which either can differ by itself."""

    band: str
    points: int
    reasons: tuple[Reason, ...]
    changes_on: date | None
    # What the points say, where somebody has set another band.
    by_points: str = ""

    @property
    def overridden(self) -> bool:
        return bool(self.by_points)

    def set_to(self, band: str) -> "Priority":
        """The same points, with the band that somebody has set."""
        return replace(self, band=band, by_points=self.band)

    @property
    def label(self) -> str:
        return BANDS[self.band]

    @property
    def because(self) -> str:
        return "; ".join(reason.text for reason in self.reasons)

    @property
    def sentence(self) -> str:
        """High because: filing in 71 working days, needs 60; contact risk; second time sent"""
        because = f" because: {self.because}" if self.reasons else ": nothing presses"
        if not self.by_points:
            return self.label + because
        return f"{self.label}, as somebody has set it; by its points {BANDS[self.by_points].lower()}{because}"


# What was found of a factor, and the next day on which that can differ.
Found = tuple[Reason | None, date | None]
NOTHING: Found = (None, None)


def urgency(band: str, points: int) -> int:
    """The number enquiries are sorted by: the band first, then the points."""
    return list(BANDS).index(band) * (MOST_POINTS + 1) + min(points, MOST_POINTS)


def priority(facts: Facts, weights: Weights, today: date) -> Priority:
    """Points add up; the band is where the sum falls. The reasons stand in the order of their points."""
    found = (
        time_left(facts, weights, today),
        hearing(facts, weights, today),
        birth(facts, weights, today),
        age(facts, weights, today),
        lane(facts, weights),
        *risks(facts, weights),
        waiting(facts, weights, today),
        sent_before(facts, weights),
        by_code(Factor.PROMPTED, facts.prompted_by, weights),
    )
    reasons = sorted((reason for reason, _ in found if reason), key=lambda reason: -reason.points)
    points = sum(reason.points for reason in reasons)
    days = [day for _, day in found if day] + ([weights.until] if weights.until else [])
    return Priority(weights.band(points), points, tuple(reasons), min(days, default=None))


# --- The factors -------------------------------------------------------------------------------------------


def time_left(facts: Facts, weights: Weights, today: date) -> Found:
    """Working days to the filing date, or the day asked for if that is earlier, less what the work takes."""
    ends = [(day, says) for day, says in ((facts.filing_on, "filing"), (facts.asked_for, "asked for")) if day]
    if not ends:
        return NOTHING
    day, says = min(ends, key=lambda end: end[0])
    left, needs = facts.calendar.working_days_between(today, day), facts.weeks * 5
    text = f"{says} {in_working_days(left)}" + (f", needs {needs}" if needs else "")
    points, lower = at_most(Factor.TIME, left - needs, weights)
    turns = None if lower is None else facts.calendar.add_working_days(today, left - needs - lower)
    return reason(Factor.TIME, text, points), turns


def hearing(facts: Facts, weights: Weights, today: date) -> Found:
    """The next hearing; one that is past presses no more."""
    if facts.hearing_on is None or facts.hearing_on < today:
        return NOTHING
    left = facts.calendar.working_days_between(today, facts.hearing_on)
    points, lower = at_most(Factor.HEARING, left, weights)
    turns = facts.hearing_on + timedelta(days=1)
    if lower is not None:
        turns = min(turns, facts.calendar.add_working_days(today, left - lower))
    return reason(Factor.HEARING, f"hearing {in_working_days(left)}", points), turns


def birth(facts: Facts, weights: Weights, today: date) -> Found:
    """The nearest expected birth; one that was expected and is not reported presses as on its day."""
    if facts.birth_on is None:
        return NOTHING
    left = (facts.birth_on - today).days
    points, lower = at_most(Factor.BIRTH, left, weights)
    turns = None if lower is None else facts.birth_on - timedelta(days=lower)
    text = f"{BIRTHS[left < 0]} {in_days(left)}"
    return reason(Factor.BIRTH, text, points), turns


def age(facts: Facts, weights: Weights, today: date) -> Found:
    """The youngest child that is born, by the date of birth or the age that was given."""
    born = facts.youngest_born_on
    known = [years_old(born, today)] if born else []
    if facts.youngest_age is not None:
        known.append(facts.youngest_age)
    if not known:
        return NOTHING
    row = next((row for row in weights.by_limit[Factor.AGE] if min(known) <= row.limit), None)
    if row is None:
        return NOTHING
    grows = birthday(born, row.limit + 1) if born and birthday(born, row.limit + 1) > today else None
    return reason(Factor.AGE, row.label, row.points), grows


def lane(facts: Facts, weights: Weights) -> Found:
    """The law it is asked under: of framework and stage whatever weighs more."""
    rows = [
        weights.by_code[Factor.LANE, code] for code in facts.lane if (Factor.LANE, code) in weights.by_code
    ]
    if not rows:
        return NOTHING
    row = max(rows, key=lambda row: row.points)
    return reason(Factor.LANE, row.label, row.points), None


def risks(facts: Facts, weights: Weights) -> Iterable[Found]:
    """Each of the three apart: to the child, to the worker, of contact."""
    return (by_code(Factor.RISK, f"{about}.{level}", weights) for about, level in sorted(facts.risks.items()))


def waiting(facts: Facts, weights: Weights, today: date) -> Found:
    """Working days since it came in, whosever turn it was."""
    if facts.received_on is None:
        return NOTHING
    waited = max(facts.calendar.working_days_between(facts.received_on, today), 0)
    points, higher = at_least(Factor.WAITING, waited, weights)
    turns = None if higher is None else facts.calendar.add_working_days(today, higher - waited)
    return reason(Factor.WAITING, f"waiting for {counted(waited, 'working day')}", points), turns


def sent_before(facts: Facts, weights: Weights) -> Found:
    """How often it was sent and turned away before."""
    rows = [row for row in weights.by_limit[Factor.SENT] if row.limit <= facts.sent_before]
    return (reason(Factor.SENT, rows[-1].label, rows[-1].points), None) if rows else NOTHING


def by_code(factor: Factor, code: str, weights: Weights) -> Found:
    row = weights.by_code.get((factor, code))
    return (reason(factor, row.label, row.points), None) if row else NOTHING


# --- Limits and words --------------------------------------------------------------------------------------


def at_most(factor: Factor, value: int, weights: Weights) -> tuple[int, int | None]:
    """The points of the narrowest limit that holds the value, and the next narrower limit it comes to."""
    rows = weights.by_limit[factor]
    points = next((row.points for row in rows if value <= row.limit), 0)
    return points, max((row.limit for row in rows if row.limit < value), default=None)


def at_least(factor: Factor, value: int, weights: Weights) -> tuple[int, int | None]:
    """The points of the highest limit that the value has reached, and the next one above it."""
    rows = weights.by_limit[factor]
    points = next((row.points for row in reversed(rows) if row.limit <= value), 0)
    return points, min((row.limit for row in rows if row.limit > value), default=None)


def reason(factor: Factor, text: str, points: int) -> Reason | None:
    """What weighs nothing is not said."""
    return Reason(str(factor), text, points) if points else None


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def in_working_days(left: int) -> str:
    return in_days(left, "working day")


def in_days(left: int, noun: str = "day") -> str:
    """Units: the noun; negative is past."""
    if left == 0:
        return "today"
    return f"in {counted(left, noun)}" if left > 0 else f"{counted(-left, noun)} ago"


def years_old(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def birthday(born: date, years: int) -> date:
    """Of the 29th of February, the 1st of March in the other years."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)
