"""What we tell an authority: the decision with its reason and where else to go, and the questions that we ask."""

from datetime import date

from django.conf import settings

from intake.models import Enquiry, InformationRequest, User
from intake.refusals import NotPossible
from referrals.models import Decision
from reports.models import Document
from reports.summaries import course, whole
from reports.summaries.blocks import Items, Pairs, Paper, Prose, Section, day, label, moment, pairs

Outcome = Decision.Outcome
NEXT = {
    Outcome.ACCEPTED: "What is accepted is offered to an assessment service. You are told who the assessor is.",
    Outcome.DECLINED: "What is declined ends here; above it says where else to go. If the facts change, send it again.",
    Outcome.REDIRECTED: "What is redirected belongs elsewhere. Please send it there: we do not pass it on ourselves.",
}


def decision(enquiry: Enquiry, audience: str, *, by: User, today: date) -> Paper:
    """Every decision that stands; for the provider with its rationale. Refuses when there is none."""
    rows = Decision.objects.visible_to(by).filter(enquiry=enquiry, undone_at__isnull=True)
    standing = list(rows.select_related("assessment__type", "by", "proposed_by").order_by("at", "id"))
    if not standing:
        raise NotPossible(
            "Nothing has been decided yet.", status=enquiry.status, transitions=enquiry.transitions_for(by)
        )
    internal = audience == Document.Audience.INTERNAL
    said = course.decisions_with_rationale if internal else course.decisions_as_told
    coming = [words for outcome, words in NEXT.items() if any(row.outcome == outcome for row in standing)]
    sections = [
        said(standing),
        course.referrals_with_people(whole.referrals(enquiry, by)),
        Section("What happens next", [Prose(words) for words in coming]),
        who_to_call(),
    ]
    return Paper(
        title="Our decision",
        reference=enquiry.reference,
        audience=Document.Audience(audience).label,
        language=enquiry.language,
        front=front(enquiry, ("Decided", moment(standing[-1].at))),
        sections=[section for section in sections if section.blocks],
        left_out=[] if internal else ["The provider's own notes and rationale"],
    )


def request(enquiry: Enquiry, audience: str, *, number: int) -> Paper:
    """One set of numbered questions, with the answers there are. Refuses a number that was never asked."""
    asked = enquiry.information_requests.prefetch_related("questions").filter(number=number).first()
    if asked is None:
        raise NotPossible("These questions were not asked.", status=enquiry.status, transitions=[])
    return Paper(
        title="Request for information",
        reference=enquiry.reference,
        audience=Document.Audience(audience).label,
        language=enquiry.language,
        front=front(
            enquiry,
            ("Asked", moment(asked.asked_at)),
            ("Please answer by", day(asked.reply_by)),
            (
                "Where it stands",
                asked.get_outcome_display() or "Open: our clock stands still until you answer",
            ),
        ),
        sections=[
            Section("Questions", [questions(asked)]),
            Section("How to answer", HOW_TO_ANSWER),
            who_to_call(),
        ],
    )


HOW_TO_ANSWER = [
    Prose(
        "Sign in and open the enquiry by its reference. You can answer some questions now and the others later; "
        "the clock runs again when the last one is answered."
    ),
    Prose("Please do not answer by ordinary e-mail: what you write is personal data of the family."),
]


def questions(asked: InformationRequest) -> Items:
    return Items([f"{row.text}\nAnswer: {row.answer or 'none yet'}" for row in asked.questions.all()])


def front(enquiry: Enquiry, *more: tuple[str, str]) -> Pairs:
    """By which the authority knows its own enquiry; nobody of the family."""
    return pairs(
        [
            ("Our reference", enquiry.reference),
            ("Your reference", enquiry.authority_reference),
            ("Authority", enquiry.authority.official_name or enquiry.authority.name),
            ("Asked by", enquiry.referrer_name),
            ("Kind", label("kind", enquiry.kind)),
            ("Received", moment(enquiry.received_at)),
            *more,
        ]
    )


def who_to_call() -> Section:
    return Section(
        "Who to call",
        [
            pairs(
                [
                    ("In office hours", settings.PROVIDER_PHONE),
                    ("Out of hours", settings.PROVIDER_OUT_OF_HOURS),
                    ("E-mail, without personal data", settings.PROVIDER_EMAIL),
                ]
            )
        ],
    )
