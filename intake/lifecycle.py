"""What a lifecycle is, and the enquiry's own table.

A lifecycle is a table of steps: from, to, by whom, what it needs, what it does to the clock, whose turn it is
afterwards, whom it tells. Buttons, the API's `transitions`, permissions, the diagrams in docs/ and the tests
are read from it. No database here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class Choices(StrEnum):
    """A closed set of words, each with the label a person reads."""

    label: str

    def __new__(cls, value: str, label: str = "") -> "Choices":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label or value.replace("_", " ").capitalize()
        return member

    @classmethod
    def pairs(cls) -> list[tuple[str, str]]:
        return [(member.value, member.label) for member in cls]


class Role(Choices):
    """What a person may be in their organisation; SYSTEM is the worker acting by the calendar."""

    REFERRER = "referrer", "Referrer"
    AUTHORITY_MANAGER = "authority_manager", "Authority manager"
    API_CLIENT = "api_client", "Case system"
    COORDINATOR = "coordinator", "Coordinator"
    MANAGER = "manager", "Manager"
    REVIEWER = "reviewer", "Quality reviewer"
    AUDITOR = "auditor", "Auditor"
    SERVICE_LEAD = "service_lead", "Service lead"
    ASSESSOR = "assessor", "Assessor"
    ADMINISTRATOR = "administrator", "Administrator"
    SYSTEM = "system", "The system"


class Clock(Choices):
    """What a step does to the decision clock."""

    START = "start", "starts"
    PAUSE = "pause", "pauses"
    RESUME = "resume", "resumes"
    STOP = "stop", "stops"


class Turn(Choices):
    """Whose turn it is: kept apart from the status."""

    AUTHORITY = "authority", "Waiting for the authority"
    HUB = "hub", "Waiting for us"
    SERVICE = "service", "Waiting for the assessment service"
    NOBODY = "nobody", "Nothing to do"


class Party(Choices):
    """Whom a step tells."""

    REFERRER = "referrer", "referrer"
    OWNER = "owner", "owner"
    FORMER_OWNER = "former_owner", "former owner"
    COORDINATOR = "coordinator", "coordinator"
    SERVICE_LEAD = "service_lead", "service lead"
    ASSESSOR = "assessor", "assessor"
    BOTH_ASSESSORS = "both_assessors", "both assessors"
    REVIEWER = "reviewer", "reviewer"
    MANAGER = "manager", "manager"
    ADDED_BY = "added_by", "who added it"


@dataclass(frozen=True)
class Step:
    """One row of a lifecycle's table.

    `needs` are the names of the facts that have to be given with it; `where` says in words what else must be
    true, which the action itself makes sure of.
    """

    from_: frozenset[str]
    to: str
    by: frozenset[Role]
    needs: tuple[str, ...] = ()
    where: str = ""
    clock: Clock | None = None
    turn: Turn | None = None
    tells: tuple[Party, ...] = ()
    says: str = ""

    def leads_to(self, status: str) -> str:
        """The status after the step; SAME keeps it."""
        return status if self.to == SAME else self.to


SAME = "(same)"
GONE = "(deleted)"


def step(
    from_: Iterable[str],
    to: str,
    *,
    by: Iterable[Role],
    needs: Iterable[str] = (),
    where: str = "",
    clock: Clock | None = None,
    turn: Turn | None = None,
    tells: Iterable[Party] = (),
    says: str = "",
) -> Step:
    """A row of the table, as written below."""
    return Step(frozenset(from_), to, frozenset(by), tuple(needs), where, clock, turn, tuple(tells), says)


@dataclass(frozen=True)
class Lifecycle(Mapping[str, Step]):
    """The table, and the one look-up that says what is possible and allowed."""

    name: str
    steps: Mapping[str, Step]
    labels: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, transition: str) -> Step:
        return self.steps[transition]

    def __iter__(self) -> Iterator[str]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    def possible(self, status: str) -> list[str]:
        """The transitions that lead out of a status, whoever may make them."""
        return [name for name, row in self.steps.items() if status in row.from_]

    def open_to(self, status: str, roles: Iterable[Role]) -> list[str]:
        """The transitions somebody with these roles can make now, in the order of the table."""
        held = frozenset(roles)
        return [name for name in self.possible(status) if self.steps[name].by & held]

    def allowed(self, transition: str, roles: Iterable[Role]) -> bool:
        """Whether these roles may ever make it, whatever the status."""
        return bool(self.steps[transition].by & frozenset(roles))


class Status(Choices):
    """Where an enquiry stands."""

    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Received"
    IN_TRIAGE = "in_triage", "In triage"
    INFORMATION_REQUESTED = "information_requested", "Information requested"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    REDIRECTED = "redirected", "Redirected"
    DUPLICATE = "duplicate", "Duplicate"
    WITHDRAWN = "withdrawn", "Withdrawn"
    LAPSED = "lapsed", "Lapsed"
    CLOSED = "closed", "Closed"


class Transition(Choices):
    """What can be done with an enquiry; the label is the verb on its button."""

    SUBMIT = "submit", "Send the enquiry"
    DISCARD = "discard", "Delete the draft"
    CLAIM = "claim", "Claim"
    TAKE_OVER = "take_over", "Take over"
    RELEASE = "release", "Release"
    REQUEST_INFORMATION = "request_information", "Request information"
    ANSWER = "answer", "Answer the questions"
    RECALL_REQUEST = "recall_request", "Recall the questions"
    LAPSE = "lapse", "Lapse"
    ACCEPT = "accept", "Accept"
    DECLINE = "decline", "Decline"
    REDIRECT = "redirect", "Redirect"
    MARK_DUPLICATE = "mark_duplicate", "Mark as a duplicate"
    WITHDRAW = "withdraw", "Withdraw"
    CLOSE = "close", "Close"
    REOPEN = "reopen", "Reopen"
    UNDO = "undo", "Undo the decision"


HUB = {Role.COORDINATOR, Role.MANAGER}
AUTHORITY = {Role.REFERRER, Role.AUTHORITY_MANAGER, Role.API_CLIENT}
S, T, P = Status, Turn, Party

ENQUIRY = Lifecycle(
    "enquiry",
    {
        Transition.SUBMIT: step(
            {S.DRAFT},
            S.SUBMITTED,
            by={*AUTHORITY, *HUB},
            where="every required answer of the assessment types asked for; the declaration; on behalf: a reason",
            clock=Clock.START,
            turn=T.HUB,
            tells={P.REFERRER},
            says="Sent",
        ),
        Transition.DISCARD: step(
            {S.DRAFT}, GONE, by={Role.REFERRER, Role.AUTHORITY_MANAGER}, says="Draft deleted"
        ),
        Transition.CLAIM: step(
            {S.SUBMITTED},
            S.IN_TRIAGE,
            by=HUB,
            where="the enquiry has no owner",
            turn=T.HUB,
            says="Claimed",
        ),
        Transition.TAKE_OVER: step(
            {S.IN_TRIAGE},
            S.IN_TRIAGE,
            by=HUB,
            needs=("reason",),
            turn=T.HUB,
            tells=(P.FORMER_OWNER,),
            says="Taken over",
        ),
        Transition.RELEASE: step(
            {S.IN_TRIAGE},
            S.SUBMITTED,
            by={*HUB, Role.SYSTEM},
            where="the system: when its owner has not touched it for eight office hours; they are told",
            turn=T.HUB,
            says="Released",
        ),
        Transition.REQUEST_INFORMATION: step(
            {S.IN_TRIAGE},
            S.INFORMATION_REQUESTED,
            by=HUB,
            needs=("questions", "reply_by"),
            where="each question may name the field it is about",
            clock=Clock.PAUSE,
            turn=T.AUTHORITY,
            tells=(P.REFERRER,),
            says="Information requested",
        ),
        Transition.ANSWER: step(
            {S.INFORMATION_REQUESTED},
            S.IN_TRIAGE,
            by={*AUTHORITY, *HUB},
            needs=("answers",),
            where="an answer to every question, of the hub also by which way it came; an answer may amend the field, "
            "old and new value are kept",
            clock=Clock.RESUME,
            turn=T.HUB,
            tells=(P.OWNER,),
            says="Questions answered",
        ),
        Transition.RECALL_REQUEST: step(
            {S.INFORMATION_REQUESTED},
            S.IN_TRIAGE,
            by=HUB,
            needs=("reason",),
            clock=Clock.RESUME,
            turn=T.HUB,
            tells=(P.REFERRER,),
            says="Questions recalled",
        ),
        Transition.LAPSE: step(
            {S.INFORMATION_REQUESTED},
            S.LAPSED,
            by={Role.SYSTEM},
            where="the reply-by date has passed and two chasers were sent",
            clock=Clock.STOP,
            turn=T.NOBODY,
            tells=(P.REFERRER,),
            says="Lapsed without an answer",
        ),
        Transition.ACCEPT: step(
            {S.IN_TRIAGE},
            S.ACCEPTED,
            by=HUB,
            needs=("rationale", "conflict_statement"),
            where="one referral for each accepted assessment",
            clock=Clock.STOP,
            turn=T.HUB,
            tells=(P.REFERRER,),
            says="Accepted",
        ),
        Transition.DECLINE: step(
            {S.IN_TRIAGE},
            S.DECLINED,
            by=HUB,
            needs=("reason_code", "text", "elsewhere"),
            clock=Clock.STOP,
            turn=T.NOBODY,
            tells=(P.REFERRER,),
            says="Declined",
        ),
        Transition.REDIRECT: step(
            {S.IN_TRIAGE},
            S.REDIRECTED,
            by=HUB,
            needs=("agency", "text"),
            clock=Clock.STOP,
            turn=T.NOBODY,
            tells=(P.REFERRER,),
            says="Redirected",
        ),
        Transition.MARK_DUPLICATE: step(
            {S.SUBMITTED, S.IN_TRIAGE},
            S.DUPLICATE,
            by=HUB,
            needs=("repeats",),
            where="the reference of the enquiry it repeats, of the same authority",
            clock=Clock.STOP,
            turn=T.NOBODY,
            tells=(P.REFERRER,),
            says="Marked as a duplicate",
        ),
        Transition.WITHDRAW: step(
            {S.SUBMITTED, S.IN_TRIAGE, S.INFORMATION_REQUESTED},
            S.WITHDRAWN,
            by=AUTHORITY,
            needs=("reason_code",),
            clock=Clock.STOP,
            turn=T.NOBODY,
            tells=(P.OWNER,),
            says="Withdrawn",
        ),
        Transition.CLOSE: step(
            {S.ACCEPTED},
            S.CLOSED,
            by={Role.SYSTEM},
            where="every referral of the enquiry is closed or cancelled",
            turn=T.NOBODY,
            tells=(P.REFERRER,),
            says="Closed",
        ),
        Transition.REOPEN: step(
            {S.DECLINED, S.REDIRECTED, S.WITHDRAWN, S.LAPSED, S.DUPLICATE, S.CLOSED},
            S.IN_TRIAGE,
            by={Role.MANAGER},
            needs=("reason",),
            where="a new decision clock starts",
            clock=Clock.START,
            turn=T.HUB,
            tells=(P.REFERRER,),
            says="Reopened",
        ),
        Transition.UNDO: step(
            {S.ACCEPTED, S.DECLINED, S.REDIRECTED, S.DUPLICATE},
            S.IN_TRIAGE,
            by=HUB,
            where="within ten minutes, by who decided or a manager, while nobody has acted; the clock goes on with the "
            "due moment it had; what was to be told is not sent",
            clock=Clock.RESUME,
            turn=T.HUB,
            says="Decision undone",
        ),
    },
    labels={status.value: status.label for status in Status},
)


class Channel(Choices):
    """The way on which an answer came to us; the first two are what the authority's own hand shows."""

    PAGE = "page", "on our pages"
    API = "api", "from the case system"
    TELEPHONE = "telephone", "by telephone"
    EMAIL = "email", "by e-mail"
    MESSAGE = "message", "by message"
    LETTER = "letter", "by letter"


# What the hub says when it records an answer for the authority.
REPORTED = (Channel.TELEPHONE, Channel.EMAIL, Channel.MESSAGE, Channel.LETTER)
# How long a decision can be undone; so long its letter is held back.
UNDO_WITHIN = timedelta(minutes=10)
# The needs whose answer is a code of the dated list that has the transition's name (reason_codes).
REASON_LISTS = {Transition.DECLINE: "decline", Transition.WITHDRAW: "withdraw"}
# While it stands at one of these, the authority may amend what it sent.
AMENDABLE = frozenset({S.DRAFT, S.SUBMITTED, S.IN_TRIAGE, S.INFORMATION_REQUESTED})
OPEN = frozenset({S.SUBMITTED, S.IN_TRIAGE, S.INFORMATION_REQUESTED, S.ACCEPTED})
