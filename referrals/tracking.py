"""How far an enquiry has come, in five steps with their days, as the authority that asked follows it.

The days are those of the history's own lines: nothing is kept a second time.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from intake.lifecycle import OPEN, Status, Turn
from intake.models import Enquiry, Event, User
from referrals.lifecycle import Status as Stands
from referrals.models import Referral

CLAIMED, DECIDED = "enquiry.claim", ("enquiry.accept", "enquiry.decline", "enquiry.redirect")
ALLOCATED, DELIVERED = "referral.accept_offer", "referral.deliver"
VERBS = (CLAIMED, *DECIDED, ALLOCATED, DELIVERED)
# After these nothing of ours follows.
ENDED = frozenset(
    {Status.DECLINED, Status.REDIRECTED, Status.DUPLICATE, Status.WITHDRAWN, Status.LAPSED, Status.CLOSED}
)
BEFORE_DECISION = (Status.SUBMITTED, Status.IN_TRIAGE, Status.INFORMATION_REQUESTED)
DONE, NOW, TO_COME = "done", "now", "to come"


@dataclass(frozen=True)
class Step:
    """One of the five: whether it is done, and when; `more` says of how many assessments it is true."""

    label: str
    state: str
    on: date | None = None
    more: str = ""


@dataclass(frozen=True)
class Track:
    """The steps, whose turn it is since when, and what comes next."""

    steps: list[Step]
    turn: str
    next: str


def tracks(enquiries: Sequence[Enquiry], user: User) -> dict[int, Track]:
    """Of several enquiries in two statements."""
    days: dict[int, dict[str, list[datetime]]] = defaultdict(lambda: defaultdict(list))
    lines = Event.objects.visible_to(user).filter(enquiry__in=[row.pk for row in enquiries], verb__in=VERBS)
    for enquiry, verb, at in lines.order_by("sequence").values_list("enquiry_id", "verb", "at"):
        days[enquiry][verb].append(at)
    work: dict[int, list[str]] = defaultdict(list)
    rows = Referral.objects.visible_to(user).filter(enquiry__in=[row.pk for row in enquiries])
    for enquiry, status in rows.exclude(status=Stands.CANCELLED).values_list("enquiry_id", "status"):
        work[enquiry].append(status)
    return {row.pk: track(row, days[row.pk], work[row.pk]) for row in enquiries}


def track(enquiry: Enquiry, days: Mapping[str, list[datetime]], work: Sequence[str]) -> Track:
    given = [status for status in work if status not in (Stands.WAITING, Stands.OFFERED)]
    handed = [status for status in work if status in (Stands.DELIVERED, Stands.CLOSED)]
    decided = [at for verb in DECIDED for at in days.get(verb, ())]
    stopped = enquiry.status in ENDED and enquiry.status != Status.CLOSED
    rows = [
        ("Received", enquiry.received_at, True, ""),
        ("In triage", first(days.get(CLAIMED, ())), enquiry.status not in BEFORE_DECISION, ""),
        (verdict(enquiry), max(decided, default=None), bool(work) or stopped, ""),
        (
            "Allocated",
            last(days.get(ALLOCATED, ())),
            bool(work) and len(given) == len(work),
            of_how_many(given, work),
        ),
        (
            "Report",
            last(days.get(DELIVERED, ())),
            bool(work) and len(handed) == len(work),
            of_how_many(handed, work),
        ),
    ]
    rows = rows[:3] if stopped else rows
    return Track(list(steps(rows)), turn_of(enquiry), next_of(enquiry, given, handed, work))


def steps(rows: Iterable[tuple[str, datetime | None, bool, str]]) -> Iterable[Step]:
    """The first that is not done is where it stands now."""
    reached = True
    for label, at, done, more in rows:
        state = DONE if done and reached else NOW if reached else TO_COME
        reached = reached and done
        yield Step(label, state, timezone.localdate(at) if at and state != TO_COME else None, more)


def verdict(enquiry: Enquiry) -> str:
    if enquiry.status in BEFORE_DECISION:
        return "Decision"
    return enquiry.status_label if enquiry.status in ENDED - {Status.CLOSED} else "Accepted"


def of_how_many(some: Sequence[str], work: Sequence[str]) -> str:
    return f"{len(some)} of {len(work)} assessments" if len(work) > 1 else ""


def turn_of(enquiry: Enquiry) -> str:
    """Whose turn it is, in a sentence with the day since when."""
    since = f"{timezone.localdate(enquiry.updated_at):%A} {timezone.localdate(enquiry.updated_at):%-d %B}"
    if enquiry.status == Status.DRAFT:
        return "With you: a draft that nobody of ours sees."
    if enquiry.turn == Turn.AUTHORITY and enquiry.status == Status.INFORMATION_REQUESTED:
        return f"With you since {since}: our clock stands still until you answer."
    if enquiry.status not in OPEN:
        return f"Nothing is open: {enquiry.status_label.lower()} on {since}."
    whose = {Turn.AUTHORITY: "you", Turn.SERVICE: "the assessment service"}.get(Turn(enquiry.turn), "us")
    return f"With {whose}."


def next_of(enquiry: Enquiry, given: Sequence[str], handed: Sequence[str], work: Sequence[str]) -> str:
    """What comes next, and by when where a day is promised."""
    reading = enquiry.reading(timezone.now())
    if enquiry.status in (Status.SUBMITTED, Status.IN_TRIAGE):
        return f"{reading.sentence}." if reading.sentence else ""
    if enquiry.status == Status.INFORMATION_REQUESTED:
        return "Answer the questions: then we decide."
    if enquiry.status != Status.ACCEPTED:
        return ""
    if len(given) < len(work):
        return "We offer it to an assessment service, and tell you who the assessor is."
    if len(handed) < len(work):
        due = enquiry.filing_date or enquiry.needed_by
        return f"The report is written{f', to be filed by {due:%-d %B %Y}' if due else ''}."
    return "Read the report; ask for an addendum if something is missing."


def first(moments: Sequence[datetime]) -> datetime | None:
    return moments[0] if moments else None


def last(moments: Sequence[datetime]) -> datetime | None:
    return moments[-1] if moments else None
