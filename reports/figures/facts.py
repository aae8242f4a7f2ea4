"""From the history of one enquiry to what the figures count of it. Pure: the story comes in, facts come out.

The clock is the one of the decision (intake.deadlines), the steps are those of the two lifecycles: there is no
second set of timestamps, and a fact can be made anew from the history at any time.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from intake.clocks import at_london
from intake.deadlines import Calendar, Interval
from intake.lifecycle import ENQUIRY, Clock
from intake.lifecycle import Transition as T
from intake.models.enquiry import with_step
from referrals.lifecycle import Transition as X
from reports.figures.measures import IN_TIME, LATE, LATE_ASKED, MET, MISSED, NO_DATE, Measure

OVERSIGHT = {"oversight": "decision", "challenge": "challenge"}
DECISIONS = frozenset({T.ACCEPT, T.DECLINE, T.REDIRECT})
ENDINGS = frozenset({T.WITHDRAW, T.LAPSE, T.MARK_DUPLICATE})
FOLLOW_UP = "follow_up"
# What an audit judged, each dimension by itself: by the name of its grade in the history.
AUDITED = {
    "compliance": Measure.AUDIT_COMPLIANCE,
    "quality": Measure.AUDIT_QUALITY,
    "impact": Measure.AUDIT_IMPACT,
}
AFTERWARDS = (FOLLOW_UP, "audit_finished", "audit_returned", "improvement_done")
VERBS = frozenset(
    {
        *(f"enquiry.{name}" for name in (*T, *OVERSIGHT)),
        *(f"referral.{name}" for name in (*X, *OVERSIGHT, *AFTERWARDS)),
    }
)


class Line(NamedTuple):
    """A line of history, as far as figures ask: the name of the step, of what, when, with which facts."""

    name: str
    subject: str
    at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Work:
    """A referral: its type, since when it waits, and to which services it was offered, in their order."""

    type: str
    created_at: datetime
    offered_to: Sequence[int]


@dataclass(frozen=True, slots=True)
class Story:
    """An enquiry with all that happened; `types` by their place in it, `due` by an interval log."""

    reference: str
    types: Mapping[int, str]
    lines: Sequence[Line]
    work: Mapping[str, Work]
    workers: Sequence[tuple[datetime, int]]
    calendar: Calendar
    due: Callable[[list[Interval]], datetime | None]

    def days(self, start: datetime, end: datetime) -> int:
        """Working days from one day to another."""
        first, last = at_london(start).date(), at_london(end).date()
        return max(self.calendar.working_days_between(first, last), 0)


class Fact(NamedTuple):
    """One thing to count; `referral` is its reference, `service` the number of the organisation, 0 for none."""

    measure: str
    day: date
    types: str
    reason: str = ""
    value: int = 0
    referral: str = ""
    service: int = 0


def facts(story: Story) -> list[Fact]:
    """Everything there is to count of an enquiry, in the order in which it happened to each part of it."""
    deciding = Deciding(story)
    working = {reference: Working(story, reference, work) for reference, work in story.work.items()}
    for line in story.lines:
        if line.subject == story.reference:
            deciding.read(line)
        elif line.subject in working:
            working[line.subject].read(line)
    return [*deciding.found, *(fact for row in working.values() for fact in row.found)]


def spelt(types: Sequence[str]) -> str:
    """Each once, with spaces around: so a part of the text is a whole code."""
    return f" {' '.join(dict.fromkeys(types))} " if types else ""


def on(at: datetime) -> date:
    return at_london(at).date()


@dataclass
class Deciding:
    """The enquiry itself: received, decided, ended; a decision that was undone was none."""

    story: Story
    found: list[Fact] = field(default_factory=list)
    log: list[Interval] = field(default_factory=list)
    # Where the facts of the last decision stand among those found.
    last: tuple[int, int] = (0, 0)

    def read(self, line: Line) -> None:
        if line.name == T.UNDO:
            del self.found[slice(*self.last)]
            self.last = (0, 0)
        before = len(self.found)
        self.found += self.facts_of(line)
        if line.name in DECISIONS | ENDINGS:
            self.last = (before, len(self.found))
        step = ENQUIRY.steps.get(line.name)
        if step is not None and step.clock is not None:
            self.log = with_step(self.log, step.clock, line.at)

    def facts_of(self, line: Line) -> Iterator[Fact]:
        day, types = on(line.at), spelt(list(self.story.types.values()))
        if line.name == T.SUBMIT:
            yield Fact(Measure.RECEIVED, day, types)
        elif line.name in DECISIONS:
            yield from self.timing(line, day, types)
            yield from self.fates(line, day)
        elif line.name in ENDINGS:
            yield Fact(Measure.ENDED, day, types, line.name)
        elif line.name == T.REOPEN:
            yield Fact(Measure.REOPENED, day, types)
        elif line.name in OVERSIGHT:
            yield Fact(Measure.OVERSEEN, day, types, OVERSIGHT[line.name])

    def timing(self, line: Line, day: date, types: str) -> Iterator[Fact]:
        """In time by our own clock; and on whose side the days were."""
        stretches = with_step(self.log, Clock.STOP, line.at)
        due = self.story.due(self.log)
        ours = self.passed(stretches, "running")
        asked = any(row.state == "paused" for row in stretches)
        theirs = self.passed(stretches, "paused")
        late = due is not None and line.at > due
        reason = (LATE_ASKED if asked else LATE) if late else IN_TIME
        yield Fact(Measure.DECIDED, day, types, reason, ours + theirs)
        yield Fact(Measure.WITH_US, day, types, "", ours)
        if asked:
            yield Fact(Measure.WITH_AUTHORITY, day, types, "", theirs)

    def passed(self, stretches: Sequence[Interval], state: str) -> int:
        return sum(
            self.story.days(row.started_at, row.ended_at)
            for row in stretches
            if row.state == state and row.ended_at is not None
        )

    def fates(self, line: Line, day: date) -> Iterator[Fact]:
        """Of each assessment asked for; of an enquiry decided as a whole, all of them alike."""
        data, whole = line.data, self.story.types
        for place in data.get("assessments", ()):
            yield Fact(Measure.ACCEPTED, day, self.type_of(place))
        for row in data.get("declined", ()):
            yield Fact(Measure.DECLINED, day, self.type_of(row["assessment"]), row["reason_code"])
        for row in data.get("redirected", ()):
            yield Fact(Measure.REDIRECTED, day, self.type_of(row["assessment"]))
        if any(data.get(name) for name in ("assessments", "declined", "redirected")):
            return
        measure = {T.ACCEPT: Measure.ACCEPTED, T.DECLINE: Measure.DECLINED}.get(
            T(line.name), Measure.REDIRECTED
        )
        for code in whole.values() or ("",):
            yield Fact(measure, day, spelt([code] if code else []), data.get("reason_code", ""))

    def type_of(self, place: int) -> str:
        code = self.story.types.get(place, "")
        return spelt([code] if code else [])


@dataclass
class Working:
    """One referral: offered, placed, paused, returned, delivered, looked at, followed up."""

    story: Story
    reference: str
    work: Work
    found: list[Fact] = field(default_factory=list)
    service: int = 0
    offers: int = 0
    waiting_since: datetime | None = None
    paused: tuple[datetime, str] | None = None
    adding: bool = False
    # Whose work it was when it was closed, and what each audit of it has counted.
    closed_by: int = 0
    audits: dict[int, list[Fact]] = field(default_factory=dict)

    def read(self, line: Line) -> None:
        step = getattr(self, line.name, None) if line.name in STEPS else None
        if step is not None:
            step(line)
        elif line.name in OVERSIGHT:
            self.count(Measure.OVERSEEN, line, OVERSIGHT[line.name])

    def count(self, measure: Measure, line: Line, reason: str = "", value: int = 0) -> None:
        types = spelt([self.work.type])
        self.found.append(Fact(measure, on(line.at), types, reason, value, self.reference, self.service))

    def offer(self, line: Line) -> None:
        known = self.work.offered_to
        self.service = known[self.offers] if self.offers < len(known) else 0
        self.offers += 1
        self.count(Measure.OFFERED, line)

    def decline_offer(self, line: Line) -> None:
        self.count(Measure.OFFER_DECLINED, line, line.data.get("reason_code", ""))
        self.service = 0

    def recall_offer(self, line: Line) -> None:
        self.service = 0

    lapse_offer = recall_offer

    def accept_offer(self, line: Line) -> None:
        since = self.waiting_since or self.work.created_at
        self.count(Measure.PLACED, line, "", self.story.days(since, line.at))

    def pause(self, line: Line) -> None:
        self.paused = (line.at, line.data.get("reason_code", ""))

    def resume(self, line: Line) -> None:
        if self.paused is not None:
            since, reason = self.paused
            self.count(Measure.PAUSED, line, reason, self.story.days(since, line.at))
        self.paused = None

    def return_to_waiting(self, line: Line) -> None:
        self.resume(line)
        self.service, self.waiting_since = 0, line.at

    def cancel(self, line: Line) -> None:
        self.resume(line)
        self.service = 0

    def reopen(self, line: Line) -> None:
        self.service, self.waiting_since, self.adding = 0, line.at, False

    def send_back(self, line: Line) -> None:
        self.count(Measure.RETURNED, line)
        for row in line.data.get("defects", ()):
            self.count(Measure.DEFECT, line, row["code"])

    def request_addendum(self, line: Line) -> None:
        self.adding = True

    def deliver(self, line: Line) -> None:
        """The report; an addendum has a day of its own, and says nothing of the filing date."""
        if self.adding:
            self.adding = False
            return
        met = line.data.get("filing_met")
        self.count(Measure.DELIVERED, line, NO_DATE if met is None else MET if met else MISSED)
        if grade := line.data.get("grade"):
            self.count(Measure.GRADED, line, grade)
        met_by = {person for since, person in self.story.workers if since <= line.at}
        self.count(Measure.WORKERS, line, "", len(met_by))

    def close(self, line: Line) -> None:
        self.closed_by = self.service

    def audit_finished(self, line: Line) -> None:
        self.audits[line.data["audit"]] = [
            self.after(measure, line, line.data[name]) for name, measure in AUDITED.items()
        ]

    def audit_returned(self, line: Line) -> None:
        """What was judged is judged anew: until then it is none."""
        for fact in self.audits.pop(line.data["audit"], ()):
            self.found.remove(fact)

    def improvement_done(self, line: Line) -> None:
        self.after(Measure.IMPROVED, line, MET if line.data.get("in_time") else MISSED)

    def after(self, measure: Measure, line: Line, reason: str) -> Fact:
        """Of the service whose work it was, whoever has it now."""
        types = spelt([self.work.type])
        fact = Fact(measure, on(line.at), types, reason, 0, self.reference, self.closed_by)
        self.found.append(fact)
        return fact

    def follow_up(self, line: Line) -> None:
        self.count(Measure.OUTCOME, line, line.data.get("follow_up", ""))
        for measure in (Measure.FOLLOWED, Measure.LIVES):
            if said := line.data.get(measure):
                self.count(measure, line, said)


STEPS = frozenset({*X, *AFTERWARDS})
