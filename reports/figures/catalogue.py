"""Every figure: what it counts, what that means, who reads it, and what has to be looked at beside it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet

from intake.models import book
from referrals.models import FollowUp
from reports.figures.asked import Reader
from reports.figures.measures import IN_TIME, LATE, LATE_ASKED, MET, MISSED, NO_DATE, Measure
from reports.models import Fact

HUB = frozenset({Reader.HUB, Reader.NUMBERS})
WITH_AUTHORITY = HUB | {Reader.AUTHORITY}
WITH_SERVICE = HUB | {Reader.SERVICE}
EVERYBODY = WITH_AUTHORITY | WITH_SERVICE
# More than any value.
NO_END = 10**6


@dataclass(frozen=True, slots=True)
class Part:
    """Some of what a figure counts: by its reason, or by its value from one number to another."""

    code: str
    label: str
    reason: str | None = None
    low: int = 0
    high: int = NO_END

    def holds(self, reason: str, value: int) -> bool:
        return self.reason in (None, reason) and self.low <= value <= self.high

    def rows(self, found: "QuerySet[Fact]") -> "QuerySet[Fact]":
        found = found if self.reason is None else found.filter(reason=self.reason)
        return (
            found
            if (self.low, self.high) == (0, NO_END)
            else found.filter(value__range=(self.low, self.high))
        )


ALL = Part("", "All")
NOT_SAID, UNKNOWN = "none", ""
Parts = Callable[[Iterable[str]], Sequence[Part]]


def fixed(*parts: tuple[str, str]) -> Parts:
    """These reasons in this order, also where there is none."""
    rows = tuple(Part(code, label, code) for code, label in parts)
    return lambda reasons: rows


def coded(name: str) -> Parts:
    """The reasons that occur, in the words of a code list; without one, what has none."""

    def made(reasons: Iterable[str]) -> Sequence[Part]:
        return [Part(code or NOT_SAID, words(name, code), code) for code in sorted(set(reasons))]

    return made


def words(name: str, code: str) -> str:
    """The label of a code; nothing for a code that no list has or had."""
    if not code:
        return "Not said"
    known = book().codes
    return known.label(name, code) if code in known.ever(name) else UNKNOWN


def banded(*bounds: int, one: str = "", many: str = "") -> Parts:
    """By value: up to each bound, and what is more than the last."""
    parts, low = [], 0
    for high in bounds:
        label = f"{low}" if low == high else f"{low} to {high}"
        parts.append(Part(f"{low}-{high}", f"{label} {one if high == 1 else many}".strip(), None, low, high))
        low = high + 1
    parts.append(Part(f"{low}-", f"{low} or more {many}".strip(), None, low))
    rows = tuple(parts)
    return lambda reasons: rows


GRADES = fixed(
    ("outstanding", "Outstanding"),
    ("good", "Good"),
    ("requires_improvement", "Requires improvement"),
    ("inadequate", "Inadequate"),
)
DAYS = banded(0, 1, 2, 3, 5, 10, 20, one="day", many="days")


class Shape(StrEnum):
    """How a figure is shown: over time, or by its parts."""

    TIME = "time"
    PARTS = "parts"


@dataclass(frozen=True)
class Figure:
    """One figure. `timed`: its value is in working days, and has a median. `quality`: what stands beside it.

    `main` is the part that a percentage is of; `of_services`: it can be asked of one service.
    """

    code: str
    label: str
    meaning: str
    measure: Measure
    one: str
    many: str
    readers: frozenset[Reader]
    quality: tuple[str, ...] = ()
    parts: Parts | None = None
    shape: Shape = Shape.TIME
    timed: bool = False
    main: str = ""
    of_services: bool = False
    spread: bool = False

    def parts_of(self, reasons: Iterable[str]) -> Sequence[Part]:
        return self.parts(reasons) if self.parts else ()

    def part(self, code: str) -> Part | None:
        """The part of this code, whether or not there are any; None for no such part."""
        if not code:
            return ALL
        if self.parts is None:
            return None
        reason = "" if code == NOT_SAID else code
        return next(
            (row for row in self.parts_of((reason,)) if row.code == code and row.label != UNKNOWN), None
        )


ASKED = "after the authority was asked"
FIGURES = {
    row.code: row
    for row in (
        Figure(
            "received",
            "Enquiries received",
            "Enquiries that came in, on the day they came; also those that were later withdrawn or repeat another.",
            Measure.RECEIVED,
            "enquiry was received",
            "enquiries were received",
            WITH_AUTHORITY,
            ("ended", "declined"),
        ),
        Figure(
            "decided",
            "Decisions in time",
            "Decisions on whole enquiries, against our own promise in working days: the clock stands still while the "
            "authority answers our questions. A decision that was undone is none.",
            Measure.DECIDED,
            "decision was made",
            "decisions were made",
            WITH_AUTHORITY,
            ("reopened",),
            fixed((IN_TIME, "In time"), (LATE_ASKED, f"Late, {ASKED}"), (LATE, "Late, with nothing asked")),
            main=IN_TIME,
        ),
        Figure(
            "days_to_decision",
            "Working days to the decision",
            "From the day an enquiry came, or was reopened, to its decision, pauses included: what a family waits.",
            Measure.DECIDED,
            "decision was made",
            "decisions were made",
            WITH_AUTHORITY,
            ("reopened",),
            DAYS,
            timed=True,
        ),
        Figure(
            "days_with_us",
            "Working days with us",
            "The part of those days in which our clock ran.",
            Measure.WITH_US,
            "decision was made",
            "decisions were made",
            WITH_AUTHORITY,
            ("reopened",),
            DAYS,
            Shape.PARTS,
            timed=True,
        ),
        Figure(
            "days_with_authority",
            "Working days with the authority",
            "The part of those days in which our clock stood still for answers; of decisions before which we asked.",
            Measure.WITH_AUTHORITY,
            "decision waited for answers",
            "decisions waited for answers",
            WITH_AUTHORITY,
            ("reopened",),
            DAYS,
            Shape.PARTS,
            timed=True,
        ),
        Figure(
            "accepted",
            "Assessments accepted",
            "Each assessment of an enquiry counts by itself.",
            Measure.ACCEPTED,
            "assessment was accepted",
            "assessments were accepted",
            WITH_AUTHORITY,
            ("declined", "filed", "audit_impact"),
        ),
        Figure(
            "declined",
            "Assessments declined",
            "Demand that was not met, by the reason that was given. Each assessment of an enquiry counts by itself; "
            "what is accepted later was declined all the same.",
            Measure.DECLINED,
            "assessment was declined",
            "assessments were declined",
            WITH_AUTHORITY,
            ("reopened",),
            coded("decline"),
            Shape.PARTS,
            spread=True,
        ),
        Figure(
            "redirected",
            "Assessments redirected",
            "Sent on to somebody else, who was named.",
            Measure.REDIRECTED,
            "assessment was redirected",
            "assessments were redirected",
            WITH_AUTHORITY,
            ("reopened",),
        ),
        Figure(
            "ended",
            "Ended without a decision of ours",
            "Withdrawn by the authority, lapsed without an answer, or found to repeat another enquiry.",
            Measure.ENDED,
            "enquiry ended so",
            "enquiries ended so",
            WITH_AUTHORITY,
            (),
            fixed(("withdraw", "Withdrawn"), ("lapse", "Lapsed"), ("mark_duplicate", "Duplicate")),
            Shape.PARTS,
        ),
        Figure(
            "reopened",
            "Enquiries reopened",
            "Taken up again by a manager after they had ended: a sign that a decision did not hold.",
            Measure.REOPENED,
            "enquiry was reopened",
            "enquiries were reopened",
            WITH_AUTHORITY,
        ),
        Figure(
            "placed",
            "Working days to a service",
            "From the acceptance of an assessment, or its return to waiting, until a service took it.",
            Measure.PLACED,
            "assessment was taken by a service",
            "assessments were taken by a service",
            EVERYBODY,
            ("offers_declined", "workers", "audit_quality"),
            DAYS,
            timed=True,
            of_services=True,
        ),
        Figure(
            "offered",
            "Assessments offered",
            "Offers to services; one assessment may be offered more than once.",
            Measure.OFFERED,
            "offer was made",
            "offers were made",
            HUB,
            ("offers_declined",),
            of_services=True,
        ),
        Figure(
            "offers_declined",
            "Offers declined by services",
            "By the reason that the service gave.",
            Measure.OFFER_DECLINED,
            "offer was declined",
            "offers were declined",
            HUB,
            (),
            coded("decline_offer"),
            Shape.PARTS,
            of_services=True,
        ),
        Figure(
            "pauses",
            "Pauses of the work",
            "Pauses that ended, by their reason, with the working days they took.",
            Measure.PAUSED,
            "pause ended",
            "pauses ended",
            EVERYBODY,
            ("filed",),
            coded("pause"),
            Shape.PARTS,
            timed=True,
            of_services=True,
        ),
        Figure(
            "filed",
            "Reports filed in time",
            "Reports delivered by the day they were needed: the court's filing date, else the day asked for. "
            "Addenda have days of their own, and are not counted.",
            Measure.DELIVERED,
            "report was delivered",
            "reports were delivered",
            EVERYBODY,
            ("audit_impact", "audit_quality", "returned", "grades", "outcomes"),
            fixed((MET, "In time"), (MISSED, "Late"), (NO_DATE, "No day was given")),
            main=MET,
            of_services=True,
        ),
        Figure(
            "returned",
            "Reports sent back from review",
            "Each time a reviewer sent a report back.",
            Measure.RETURNED,
            "report was sent back",
            "reports were sent back",
            WITH_SERVICE,
            ("defects",),
            of_services=True,
        ),
        Figure(
            "defects",
            "Defects found in review",
            "What reports were sent back for; one report may have several.",
            Measure.DEFECT,
            "defect was found",
            "defects were found",
            WITH_SERVICE,
            (),
            coded("review_defect"),
            Shape.PARTS,
            of_services=True,
        ),
        Figure(
            "grades",
            "Grades of delivered reports",
            "As the reviewer graded them, where they did.",
            Measure.GRADED,
            "report was graded",
            "reports were graded",
            WITH_SERVICE,
            ("defects", "audit_quality"),
            coded("review_grade"),
            Shape.PARTS,
            of_services=True,
        ),
        Figure(
            "workers",
            "Workers for each child",
            "How many workers, leads and co-workers, the family of an enquiry had met when a report was delivered.",
            Measure.WORKERS,
            "report was delivered",
            "reports were delivered",
            WITH_SERVICE,
            ("audit_impact", "outcomes"),
            banded(1, 2, 3, one="worker", many="workers"),
            Shape.PARTS,
            of_services=True,
        ),
        Figure(
            "overseen",
            "Entries of oversight",
            "How often a manager or reviewer looked at work and wrote down a decision or a challenge.",
            Measure.OVERSEEN,
            "entry was made",
            "entries were made",
            HUB,
            ("audit_quality",),
            fixed(("decision", "Decisions"), ("challenge", "Challenges")),
        ),
        Figure(
            "outcomes",
            "What became of it",
            "What authorities answered three and six months after the end.",
            Measure.OUTCOME,
            "follow-up was answered",
            "follow-ups were answered",
            WITH_AUTHORITY,
            ("followed", "lives", "audit_impact"),
            coded("follow_up_outcome"),
            Shape.PARTS,
            of_services=True,
        ),
        Figure(
            "followed",
            "Whether recommendations were followed",
            "What authorities answered three and six months after the end, where they said so.",
            Measure.FOLLOWED,
            "answer said so",
            "answers said so",
            WITH_AUTHORITY,
            ("outcomes", "audit_impact"),
            fixed(*FollowUp.Followed.choices),
            Shape.PARTS,
            of_services=True,
        ),
        Figure(
            "lives",
            "Where children live afterwards",
            "What authorities answered three and six months after the end, where they said so.",
            Measure.LIVES,
            "answer said so",
            "answers said so",
            WITH_AUTHORITY,
            ("outcomes", "audit_impact"),
            fixed(*FollowUp.Lives.choices),
            Shape.PARTS,
            of_services=True,
        ),
        Figure(
            "audit_impact",
            "Impact on the child, as audits judged it",
            "What closed work changed for the child, on the day the audit was finished. The auditor had no part in "
            "the work; without this judgement and the child’s voice no audit is finished.",
            Measure.AUDIT_IMPACT,
            "audit judged the impact on the child",
            "audits judged the impact on the child",
            WITH_SERVICE,
            ("improvements",),
            GRADES,
            Shape.PARTS,
            of_services=True,
        ),
        Figure(
            "audit_quality",
            "Quality of closed work, as audits judged it",
            "How good the work itself was; apart from whether the rules were kept.",
            Measure.AUDIT_QUALITY,
            "audit judged the quality",
            "audits judged the quality",
            WITH_SERVICE,
            ("improvements",),
            GRADES,
            Shape.PARTS,
            of_services=True,
        ),
        Figure(
            "audit_compliance",
            "Compliance of closed work",
            "Derived from the record when an audit was finished: decided and delivered in time, children seen, risks "
            "looked at again. It says nothing of how good the work was.",
            Measure.AUDIT_COMPLIANCE,
            "audit looked at compliance",
            "audits looked at compliance",
            WITH_SERVICE,
            ("audit_quality", "audit_impact"),
            fixed(("met", "Met"), ("partly", "Partly met"), ("not_met", "Not met")),
            Shape.PARTS,
            of_services=True,
        ),
        Figure(
            "improvements",
            "Improvements done in time",
            "Changes that came from audits, on the day their owner showed that they were done. Those from elsewhere "
            "stand in the improvement log only.",
            Measure.IMPROVED,
            "improvement was done",
            "improvements were done",
            WITH_SERVICE,
            ("audit_impact",),
            fixed((MET, "In time"), (MISSED, "Late")),
            main=MET,
            of_services=True,
        ),
    )
}
