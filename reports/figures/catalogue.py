"""Every figure: what it counts, what that means, who reads it, and what has to be looked at beside it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext

from intake.models import book
from intake.words import _, numbered
from referrals.models import FollowUp
from reports.figures.asked import Reader
from reports.figures.measures import IN_TIME, LATE, LATE_ASKED, MET, MISSED, NO_DATE, Measure
from reports.languages import known
from reports.models import Fact
from reports.summaries.blocks import label

HUB = frozenset({Reader.HUB, Reader.NUMBERS})
WITH_AUTHORITY = HUB | {Reader.AUTHORITY}
WITH_SERVICE = HUB | {Reader.SERVICE}
EVERYBODY = WITH_AUTHORITY | WITH_SERVICE
# More than any value.
NO_END = 10**6


@dataclass(frozen=True, slots=True)
class Part:
    """Some of what a figure counts: by its reason, or by its value from one number to another.

    A figure makes its parts anew each time, with their labels in the language in which we speak.
    """

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


ALL = Part("", _("All"))
NOT_SAID, UNKNOWN = "none", ""
Parts = Callable[[Iterable[str]], Sequence[Part]]


def fixed(*parts: tuple[str, str]) -> Parts:
    """These reasons in this order, also where there is none."""
    return lambda reasons: [Part(code, str(label), code) for code, label in parts]


def chosen(choices: type[TextChoices], of: str = "") -> Parts:
    """The choices of a form, all of them, in their order."""
    return lambda reasons: [Part(code, known(str(label), of), code) for code, label in choices.choices]


def coded(name: str) -> Parts:
    """The reasons that occur, in the words of a code list; without one, what has none."""

    def made(reasons: Iterable[str]) -> Sequence[Part]:
        return [Part(code or NOT_SAID, words(name, code), code) for code in sorted(set(reasons))]

    return made


def words(name: str, code: str) -> str:
    """The label of a code; nothing for a code that no list has or had."""
    if not code:
        return gettext("Not said")
    codes = book().codes
    return label(name, code) if code in codes.ever(name) else UNKNOWN


def banded(*bounds: int, counted: str, between: str, more: str) -> Parts:
    """By value: up to each bound, and what is more than the last."""
    bands = list(pairwise((-1, *bounds)))

    def made(reasons: Iterable[str]) -> Sequence[Part]:
        parts = []
        for low, high in ((before + 1, high) for before, high in bands):
            words = (
                between.format(low=low, high=high) if low < high else counted.format(count=high, number=high)
            )
            parts.append(Part(f"{low}-{high}", words, None, low, high))
        low = bounds[-1] + 1
        return [*parts, Part(f"{low}-", more.format(low=low), None, low)]

    return made


GRADES = fixed(
    ("outstanding", _("Outstanding")),
    ("good", _("Good")),
    ("requires_improvement", _("Requires improvement")),
    ("inadequate", _("Inadequate")),
)
DAYS = banded(
    *(0, 1, 2, 3, 5, 10, 20),
    counted=numbered("{number} day", "{number} days"),
    between=_("{low} to {high} days"),
    more=_("{low} or more days"),
)
WORKERS = banded(
    *(1, 2, 3),
    counted=numbered("{number} worker", "{number} workers"),
    between=_("{low} to {high} workers"),
    more=_("{low} or more workers"),
)


class Shape(StrEnum):
    """How a figure is shown: over time, or by its parts."""

    TIME = "time"
    PARTS = "parts"


@dataclass(frozen=True)
class Named:
    """What a figure is called, and what that means: looked up when it is read, in the language in which we speak."""

    code: str
    name: str
    means: str

    @property
    def label(self) -> str:
        return str(self.name)

    @property
    def meaning(self) -> str:
        return str(self.means)


@dataclass(frozen=True)
class Figure(Named):
    """One figure. `timed`: its value is in working days, and has a median. `quality`: what stands beside it.

    `main` is the part that a percentage is of; `of_services`: it can be asked of one service. `none` and `counted` say
    what happened so many times.
    """

    measure: Measure
    none: str
    counted: str
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


FIGURES = {
    row.code: row
    for row in (
        Figure(
            "received",
            _("Enquiries received"),
            _(
                "Enquiries that came in, on the day they came; also those that were later withdrawn or repeat another."
            ),
            Measure.RECEIVED,
            _("no enquiry was received"),
            numbered("{number} enquiry was received", "{number} enquiries were received"),
            WITH_AUTHORITY,
            ("ended", "declined"),
        ),
        Figure(
            "decided",
            _("Decisions in time"),
            _(
                "Decisions on whole enquiries, against our own promise in working days: the clock stands still while "
                "the authority answers our questions. A decision that was undone is none."
            ),
            Measure.DECIDED,
            _("no decision was made"),
            numbered("{number} decision was made", "{number} decisions were made"),
            WITH_AUTHORITY,
            ("reopened",),
            fixed(
                (IN_TIME, _("In time")),
                (LATE_ASKED, _("Late, after the authority was asked")),
                (LATE, _("Late, with nothing asked")),
            ),
            main=IN_TIME,
        ),
        Figure(
            "days_to_decision",
            _("Working days to the decision"),
            _(
                "From the day an enquiry came, or was reopened, to its decision, pauses included: what a family waits."
            ),
            Measure.DECIDED,
            _("no decision was made"),
            numbered("{number} decision was made", "{number} decisions were made"),
            WITH_AUTHORITY,
            ("reopened",),
            DAYS,
            timed=True,
        ),
        Figure(
            "days_with_us",
            _("Working days with us"),
            _("The part of those days in which our clock ran."),
            Measure.WITH_US,
            _("no decision was made"),
            numbered("{number} decision was made", "{number} decisions were made"),
            WITH_AUTHORITY,
            ("reopened",),
            DAYS,
            Shape.PARTS,
            timed=True,
        ),
        Figure(
            "days_with_authority",
            _("Working days with the authority"),
            _(
                "The part of those days in which our clock stood still for answers; of decisions before which we asked."
            ),
            Measure.WITH_AUTHORITY,
            _("no decision waited for answers"),
            numbered("{number} decision waited for answers", "{number} decisions waited for answers"),
            WITH_AUTHORITY,
            ("reopened",),
            DAYS,
            Shape.PARTS,
            timed=True,
        ),
        Figure(
            "accepted",
            _("Assessments accepted"),
            _("Each assessment of an enquiry counts by itself."),
            Measure.ACCEPTED,
            _("no assessment was accepted"),
            numbered("{number} assessment was accepted", "{number} assessments were accepted"),
            WITH_AUTHORITY,
            ("declined", "filed", "audit_impact"),
        ),
        Figure(
            "declined",
            _("Assessments declined"),
            _(
                "Demand that was not met, by the reason that was given. Each assessment of an enquiry counts by "
                "itself; what is accepted later was declined all the same."
            ),
            Measure.DECLINED,
            _("no assessment was declined"),
            numbered("{number} assessment was declined", "{number} assessments were declined"),
            WITH_AUTHORITY,
            ("reopened",),
            coded("decline"),
            Shape.PARTS,
            spread=True,
        ),
        Figure(
            "redirected",
            _("Assessments redirected"),
            _("Sent on to somebody else, who was named."),
            Measure.REDIRECTED,
            _("no assessment was redirected"),
            numbered("{number} assessment was redirected", "{number} assessments were redirected"),
            WITH_AUTHORITY,
            ("reopened",),
        ),
        Figure(
            "ended",
            _("Ended without a decision of ours"),
            _("Withdrawn by the authority, lapsed without an answer, or found to repeat another enquiry."),
            Measure.ENDED,
            _("no enquiry ended so"),
            numbered("{number} enquiry ended so", "{number} enquiries ended so"),
            WITH_AUTHORITY,
            (),
            fixed(("withdraw", _("Withdrawn")), ("lapse", _("Lapsed")), ("mark_duplicate", _("Duplicate"))),
            Shape.PARTS,
        ),
        Figure(
            "reopened",
            _("Enquiries reopened"),
            _("Taken up again by a manager after they had ended: a sign that a decision did not hold."),
            Measure.REOPENED,
            _("no enquiry was reopened"),
            numbered("{number} enquiry was reopened", "{number} enquiries were reopened"),
            WITH_AUTHORITY,
        ),
        Figure(
            "placed",
            _("Working days to a service"),
            _("From the acceptance of an assessment, or its return to waiting, until a service took it."),
            Measure.PLACED,
            _("no assessment was taken by a service"),
            numbered(
                "{number} assessment was taken by a service", "{number} assessments were taken by a service"
            ),
            EVERYBODY,
            ("offers_declined", "workers", "audit_quality"),
            DAYS,
            timed=True,
            of_services=True,
        ),
        Figure(
            "offered",
            _("Assessments offered"),
            _("Offers to services; one assessment may be offered more than once."),
            Measure.OFFERED,
            _("no offer was made"),
            numbered("{number} offer was made", "{number} offers were made"),
            HUB,
            ("offers_declined",),
            of_services=True,
        ),
        Figure(
            "offers_declined",
            _("Offers declined by services"),
            _("By the reason that the service gave."),
            Measure.OFFER_DECLINED,
            _("no offer was declined"),
            numbered("{number} offer was declined", "{number} offers were declined"),
            HUB,
            (),
            coded("decline_offer"),
            Shape.PARTS,
            of_services=True,
        ),
        Figure(
            "pauses",
            _("Pauses of the work"),
            _("Pauses that ended, by their reason, with the working days they took."),
            Measure.PAUSED,
            _("no pause ended"),
            numbered("{number} pause ended", "{number} pauses ended"),
            EVERYBODY,
            ("filed",),
            coded("pause"),
            Shape.PARTS,
            timed=True,
            of_services=True,
        ),
        Figure(
            "filed",
            _("Reports filed in time"),
            _(
                "Reports delivered by the day they were needed: the court's filing date, else the day asked for. "
                "Addenda have days of their own, and are not counted."
            ),
            Measure.DELIVERED,
            _("no report was delivered"),
            numbered("{number} report was delivered", "{number} reports were delivered"),
            EVERYBODY,
            ("audit_impact", "audit_quality", "returned", "grades", "outcomes"),
            fixed((MET, _("In time")), (MISSED, _("Late")), (NO_DATE, _("No day was given"))),
            main=MET,
            of_services=True,
        ),
        Figure(
            "returned",
            _("Reports sent back from review"),
            _("Each time a reviewer sent a report back."),
            Measure.RETURNED,
            _("no report was sent back"),
            numbered("{number} report was sent back", "{number} reports were sent back"),
            WITH_SERVICE,
            ("defects",),
            of_services=True,
        ),
        Figure(
            "defects",
            _("Defects found in review"),
            _("What reports were sent back for; one report may have several."),
            Measure.DEFECT,
            _("no defect was found"),
            numbered("{number} defect was found", "{number} defects were found"),
            WITH_SERVICE,
            (),
            coded("review_defect"),
            Shape.PARTS,
            of_services=True,
        ),
        Figure(
            "grades",
            _("Grades of delivered reports"),
            _("As the reviewer graded them, where they did."),
            Measure.GRADED,
            _("no report was graded"),
            numbered("{number} report was graded", "{number} reports were graded"),
            WITH_SERVICE,
            ("defects", "audit_quality"),
            coded("review_grade"),
            Shape.PARTS,
            of_services=True,
        ),
        Figure(
            "workers",
            _("Workers for each child"),
            _(
                "How many workers, leads and co-workers, the family of an enquiry had met when a report was delivered."
            ),
            Measure.WORKERS,
            _("no report was delivered"),
            numbered("{number} report was delivered", "{number} reports were delivered"),
            WITH_SERVICE,
            ("audit_impact", "outcomes"),
            WORKERS,
            Shape.PARTS,
            of_services=True,
        ),
        Figure(
            "overseen",
            _("Entries of oversight"),
            _("How often a manager or reviewer looked at work and wrote down a decision or a challenge."),
            Measure.OVERSEEN,
            _("no entry was made"),
            numbered("{number} entry was made", "{number} entries were made"),
            HUB,
            ("audit_quality",),
            fixed(("decision", _("Decisions")), ("challenge", _("Challenges"))),
        ),
        Figure(
            "outcomes",
            _("What became of it"),
            _("What authorities answered three and six months after the end."),
            Measure.OUTCOME,
            _("no follow-up was answered"),
            numbered("{number} follow-up was answered", "{number} follow-ups were answered"),
            WITH_AUTHORITY,
            ("followed", "lives", "audit_impact"),
            coded("follow_up_outcome"),
            Shape.PARTS,
            of_services=True,
        ),
        Figure(
            "followed",
            _("Whether recommendations were followed"),
            _("What authorities answered three and six months after the end, where they said so."),
            Measure.FOLLOWED,
            _("no answer said so"),
            numbered("{number} answer said so", "{number} answers said so"),
            WITH_AUTHORITY,
            ("outcomes", "audit_impact"),
            chosen(FollowUp.Followed, "followed"),
            Shape.PARTS,
            of_services=True,
        ),
        Figure(
            "lives",
            _("Where children live afterwards"),
            _("What authorities answered three and six months after the end, where they said so."),
            Measure.LIVES,
            _("no answer said so"),
            numbered("{number} answer said so", "{number} answers said so"),
            WITH_AUTHORITY,
            ("outcomes", "audit_impact"),
            chosen(FollowUp.Lives),
            Shape.PARTS,
            of_services=True,
        ),
        Figure(
            "audit_impact",
            _("Impact on the child, as audits judged it"),
            _(
                "What closed work changed for the child, on the day the audit was finished. The auditor had no part in "
                "the work; without this judgement and the child’s voice no audit is finished."
            ),
            Measure.AUDIT_IMPACT,
            _("no audit judged the impact on the child"),
            numbered(
                "{number} audit judged the impact on the child",
                "{number} audits judged the impact on the child",
            ),
            WITH_SERVICE,
            ("improvements",),
            GRADES,
            Shape.PARTS,
            of_services=True,
        ),
        Figure(
            "audit_quality",
            _("Quality of closed work, as audits judged it"),
            _("How good the work itself was; apart from whether the rules were kept."),
            Measure.AUDIT_QUALITY,
            _("no audit judged the quality"),
            numbered("{number} audit judged the quality", "{number} audits judged the quality"),
            WITH_SERVICE,
            ("improvements",),
            GRADES,
            Shape.PARTS,
            of_services=True,
        ),
        Figure(
            "audit_compliance",
            _("Compliance of closed work"),
            _(
                "Derived from the record when an audit was finished: decided and delivered in time, children seen, "
                "risks looked at again. It says nothing of how good the work was."
            ),
            Measure.AUDIT_COMPLIANCE,
            _("no audit looked at compliance"),
            numbered("{number} audit looked at compliance", "{number} audits looked at compliance"),
            WITH_SERVICE,
            ("audit_quality", "audit_impact"),
            fixed(("met", _("Met")), ("partly", _("Partly met")), ("not_met", _("Not met"))),
            Shape.PARTS,
            of_services=True,
        ),
        Figure(
            "improvements",
            _("Improvements done in time"),
            _(
                "Changes that came from audits, on the day their owner showed that they were done. Those from "
                "elsewhere stand in the improvement log only."
            ),
            Measure.IMPROVED,
            _("no improvement was done"),
            numbered("{number} improvement was done", "{number} improvements were done"),
            WITH_SERVICE,
            ("audit_impact",),
            fixed((MET, _("In time")), (MISSED, _("Late"))),
            main=MET,
            of_services=True,
        ),
    )
}
