"""What became of it: questions, decisions, referrals, history."""

from collections.abc import Iterable

from intake.lifecycle import ENQUIRY
from intake.models import Enquiry, Event, InformationRequest
from referrals.lifecycle import REFERRAL
from referrals.models import Decision, Referral, RiskOpinion
from reports.summaries.blocks import Items, Pairs, Section, Timeline, day, label, moment, pairs

WORDS = {
    "enquiry.amend": "Amended",
    "information.answered_in_part": "Some questions answered",
    "message.sent": "Message written",
    "note.written": "Note for the hub written",
    "enquiry.continued": "Continued by a new enquiry",
    "enquiry.opened": "Opened with a reason",
    "enquiry.disclosed": "Withheld address disclosed",
    "document.printed": "Printed",
    "document.issued": "Acknowledgement issued",
}


def decisions_with_rationale(rows: Iterable[Decision]) -> Section:
    """For the provider: why, and the statement on conflicts of interest."""
    return Section(
        "Decisions",
        [
            pairs(
                [
                    *told(row),
                    ("Rationale" if row.outcome == Decision.Outcome.ACCEPTED else "What we said", row.text),
                    ("Conflicts of interest", conflicts(row)),
                    ("Forecast", row.forecast),
                    ("Accepted though late", row.late_reason),
                    ("Proposed by", str(row.proposed_by or "")),
                    ("Decided by", str(row.by)),
                    ("Undone", moment(row.undone_at)),
                ],
                decision_title(row),
            )
            for row in rows
        ],
    )


def conflicts(row: Decision) -> str:
    """The statement, and of a declared conflict with whom and what was done."""
    declared = row.conflict == Decision.Conflicted.DECLARED
    with_whom = f"Declared, with {row.conflict_with}: {row.conflict_handled} " if declared else ""
    return f"{with_whom}{row.conflict_statement}"


def second_opinions(rows: Iterable[RiskOpinion]) -> Section:
    """For the provider: each beside the rating that it is about, with what speaks for and against it."""
    return Section(
        "Second opinions on risk",
        [
            pairs(
                [
                    ("First rated", label("risk_level", row.first_level)),
                    ("Second opinion", label("risk_level", row.level)),
                    ("They", "differ" if row.differs else "agree"),
                    ("For it", row.evidence_for),
                    ("Against it", row.evidence_against),
                    ("Confidence", row.get_confidence_display()),
                    ("By", f"{row.asked_of}, {moment(row.given_at)}"),
                ],
                row.get_about_display(),
            )
            for row in rows
        ],
    )


def decisions_as_told(rows: Iterable[Decision]) -> Section:
    """For the authority: the outcome, and for what was not taken the reason and where else to go."""
    return Section("Decisions", [as_told(row) for row in rows])


def as_told(row: Decision) -> Pairs:
    return pairs([*told(row), ("What we said", row.told)], decision_title(row))


def told(row: Decision) -> list[tuple[str, str]]:
    return [
        ("Decided", moment(row.at)),
        ("Reason", label("decline", row.reason_code)),
        ("Where else to go", row.elsewhere),
    ]


def decision_title(row: Decision) -> str:
    what = row.assessment.type.name if row.assessment else "The whole enquiry"
    return f"{what}: {row.get_outcome_display().lower()}"


def referrals_with_people(rows: Iterable[Referral]) -> Section:
    """With the service and who leads it, once an assessor is named."""
    return Section("Referrals", [referral(row, with_people=bool(row.assessor_id)) for row in rows])


def referrals_with_offers(rows: Iterable[Referral]) -> Section:
    """For the provider: also to whom it is offered."""
    return Section("Referrals", [referral(row, with_people=True) for row in rows])


def referrals_without_people(rows: Iterable[Referral]) -> Section:
    """For a service: another service's name is none of its business."""
    return Section("Referrals", [referral(row, with_people=False) for row in rows])


def referral(row: Referral, *, with_people: bool) -> Pairs:
    people = [("Assessment service", str(row.service or "")), ("Assessor", str(row.assessor or ""))]
    return pairs(
        [
            ("Where it stands", row.status_label),
            *(people if with_people else []),
            ("Report needed by", day(row.decisive_date)),
            ("Paused; looked at again", day(row.review_on)),
        ],
        f"{row.reference}: {row.assessment.type.name}",
    )


def questions(enquiry: Enquiry) -> Section:
    blocks = [asked(row) for row in enquiry.information_requests.prefetch_related("questions")]
    return Section("Questions asked of the authority", blocks)


def asked(row: InformationRequest) -> Items:
    state = row.get_outcome_display() if row.outcome else f"open, reply by {day(row.reply_by)}"
    lines = [f"{q.text}\nAnswer: {q.answer or 'none yet'}" for q in row.questions.all()]
    return Items(lines, f"Request {row.number}, {day(row.asked_at.date())}: {state.lower()}")


def history(events: Iterable[Event]) -> Section:
    """Who did what when; not what was written about it."""
    return Section("History", [Timeline([(moment(e.at), says(e), "") for e in events])])


def history_with_notes(events: Iterable[Event]) -> Section:
    """For the provider: with what was written about it."""
    return Section("History", [Timeline([(moment(e.at), says(e), e.note) for e in events])])


def says(event: Event) -> str:
    subject = f" ({event.subject})" if event.verb.startswith("referral.") else ""
    return f"{words_of(event.verb)}{subject}, {event.by_name}, {event.organisation.name}"


def words_of(verb: str) -> str:
    """What a step of a lifecycle says of itself; other verbs by their words."""
    lifecycle, _, name = verb.partition(".")
    table = {"enquiry": ENQUIRY, "referral": REFERRAL}.get(lifecycle)
    if table is not None and name in table:
        says_so = table[name].says
        return f"Referral: {says_so[:1].lower()}{says_so[1:]}" if lifecycle == "referral" else says_so
    return WORDS.get(verb, name.replace("_", " ").capitalize())
