"""What became of it: questions, decisions, referrals, history."""

from collections.abc import Iterable

from django.utils.translation import gettext

from intake.lifecycle import Role
from intake.models import Enquiry, Event, InformationRequest, Question
from intake.words import _
from referrals.lifecycle import REFERRAL
from referrals.models import Decision, Referral, RiskOpinion
from referrals.verbs import SAYS
from reports.languages import known, short_name_of
from reports.summaries.blocks import Items, Pairs, Section, Timeline, day, label, moment, pairs

# On paper a little more is said than on a page.
WORDS = {
    "enquiry.disclosed": _("Withheld address disclosed"),
    "document.issued": _("Acknowledgement issued"),
}


def decisions_with_rationale(rows: Iterable[Decision]) -> Section:
    """For the provider: why, and the statement on conflicts of interest."""
    return Section(
        "Decisions",
        [
            pairs(
                [
                    *told(row),
                    (rationale(row), row.text),
                    (gettext("Conflicts of interest"), conflicts(row)),
                    (gettext("Forecast"), row.forecast),
                    (gettext("Accepted though late"), row.late_reason),
                    (gettext("Proposed by"), str(row.proposed_by or "")),
                    (gettext("Decided by"), str(row.by)),
                    (gettext("Undone"), moment(row.undone_at)),
                ],
                decision_title(row),
            )
            for row in rows
        ],
    )


def rationale(row: Decision) -> str:
    accepted = row.outcome == Decision.Outcome.ACCEPTED
    return gettext("Rationale") if accepted else gettext("What we said")


def conflicts(row: Decision) -> str:
    """The statement, and of a declared conflict with whom and what was done."""
    if row.conflict != Decision.Conflicted.DECLARED:
        return row.conflict_statement
    return gettext("Declared, with {whom}: {handled} {statement}").format(
        whom=row.conflict_with, handled=row.conflict_handled, statement=row.conflict_statement
    )


def second_opinions(rows: Iterable[RiskOpinion]) -> Section:
    """For the provider: each beside the rating that it is about, with what speaks for and against it."""
    return Section(
        "Second opinions on risk",
        [
            pairs(
                [
                    (gettext("First rated"), label("risk_level", row.first_level)),
                    (gettext("Second opinion"), label("risk_level", row.level)),
                    (gettext("They"), gettext("differ") if row.differs else gettext("agree")),
                    (gettext("For it"), row.evidence_for),
                    (gettext("Against it"), row.evidence_against),
                    (gettext("Confidence"), known(row.get_confidence_display())),
                    (gettext("By"), f"{row.asked_of}, {moment(row.given_at)}"),
                ],
                known(row.get_about_display()),
            )
            for row in rows
        ],
    )


def decisions_as_told(rows: Iterable[Decision]) -> Section:
    """For the authority: the outcome, and for what was not taken the reason and where else to go."""
    return Section("Decisions", [as_told(row) for row in rows])


def as_told(row: Decision) -> Pairs:
    return pairs([*told(row), (gettext("What we said"), row.told)], decision_title(row))


def told(row: Decision) -> list[tuple[str, str]]:
    return [
        (gettext("Decided"), moment(row.at)),
        (gettext("Reason"), label("decline", row.reason_code)),
        (gettext("Where else to go"), row.elsewhere),
    ]


def decision_title(row: Decision) -> str:
    what = known(row.assessment.type.name) if row.assessment else gettext("The whole enquiry")
    return f"{what}: {known(row.get_outcome_display()).lower()}"


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
    people = [
        (gettext("Assessment service"), str(row.service or "")),
        (gettext("Assessor"), str(row.assessor or "")),
    ]
    return pairs(
        [
            (gettext("Where it stands"), known(row.status_label)),
            *(people if with_people else []),
            (gettext("Report needed by"), day(row.decisive_date)),
            (gettext("Paused; looked at again"), day(row.review_on)),
        ],
        f"{row.reference}: {known(row.assessment.type.name)}",
    )


def questions(enquiry: Enquiry) -> Section:
    blocks = [asked(row) for row in enquiry.information_requests.prefetch_related("questions")]
    return Section("Questions asked of the authority", blocks)


def asked(row: InformationRequest) -> Items:
    title = gettext("Request {number}, {asked}: {outcome}")
    outcome = known(row.get_outcome_display() if row.outcome else "").lower()
    if not outcome:
        title = gettext("Request {number}, {asked}: open, reply by {reply_by}")
    facts = {"number": row.number, "asked": day(row.asked_at.date()), "reply_by": day(row.reply_by)}
    return Items([with_answer(q) for q in row.questions.all()], title.format(outcome=outcome, **facts))


def with_answer(row: Question) -> str:
    if not row.answer:
        return f"{row.text}\n{gettext('Answer: none yet')}"
    return f"{row.text}\n{gettext('Answer: {answer}').format(answer=row.answer)}"


def history(events: Iterable[Event]) -> Section:
    """Who did what when; not what was written about it."""
    return Section("History", [Timeline([(moment(e.at), says(e), "") for e in events])])


def history_with_notes(events: Iterable[Event]) -> Section:
    """For the provider: with what was written about it."""
    return Section("History", [Timeline([(moment(e.at), says(e), e.note) for e in events])])


def says(event: Event) -> str:
    subject = f" ({event.subject})" if event.verb.startswith("referral.") else ""
    return f"{words_of(event.verb)}{subject}, {who(event)}, {short_name_of(event.organisation)}"


def who(event: Event) -> str:
    """The worker that acts by the calendar is no person, and has no name of its own."""
    return known(event.by_name) if event.by_name == Role.SYSTEM.label else event.by_name


def words_of(verb: str) -> str:
    """What a line of history says; a step of a referral says that it is one."""
    name = verb.partition(".")[2]
    found = WORDS.get(verb) or SAYS.get(verb)
    said = known(str(found)) if found else name.replace("_", " ").capitalize()
    if verb.startswith("referral.") and name in REFERRAL:
        return gettext("Referral: {step}").format(step=f"{said[:1].lower()}{said[1:]}")
    return said
