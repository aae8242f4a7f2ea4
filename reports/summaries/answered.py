"""What we tell an authority: the decision with its reason and where else to go, and the questions that we ask."""

from datetime import date

from django.conf import settings
from django.utils.translation import gettext

from intake.models import Enquiry, InformationRequest, User
from intake.refusals import NotPossible
from intake.words import _
from referrals.models import Decision
from reports.languages import known, name_of
from reports.models import Document
from reports.summaries import course, whole
from reports.summaries.blocks import Items, Pairs, Paper, Prose, Section, day, label, moment, pairs

Outcome = Decision.Outcome
NEXT = {
    Outcome.ACCEPTED: _(
        "What is accepted is offered to an assessment service. You are told who the assessor is."
    ),
    Outcome.DECLINED: _(
        "What is declined ends here; above it says where else to go. If the facts change, send it again."
    ),
    Outcome.REDIRECTED: _(
        "What is redirected belongs elsewhere. Please send it there: we do not pass it on ourselves."
    ),
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
        Section("What happens next", [Prose(str(words), ours=True) for words in coming]),
        who_to_call(),
    ]
    return Paper(
        title=gettext("Our decision"),
        reference=enquiry.reference,
        audience=known(Document.Audience(audience).label),
        language=enquiry.language,
        front=front(enquiry, (gettext("Decided"), moment(standing[-1].at))),
        sections=[section for section in sections if section.blocks],
        left_out=[] if internal else whole.ours(),
    )


def request(enquiry: Enquiry, audience: str, *, number: int) -> Paper:
    """One set of numbered questions, with the answers there are. Refuses a number that was never asked."""
    asked = enquiry.information_requests.prefetch_related("questions").filter(number=number).first()
    if asked is None:
        raise NotPossible("These questions were not asked.", status=enquiry.status, transitions=[])
    return Paper(
        title=gettext("Request for information"),
        reference=enquiry.reference,
        audience=known(Document.Audience(audience).label),
        language=enquiry.language,
        front=front(
            enquiry,
            (gettext("Asked"), moment(asked.asked_at)),
            (gettext("Please answer by"), day(asked.reply_by)),
            (
                gettext("Where it stands"),
                known(asked.get_outcome_display() if asked.outcome else "")
                or gettext("Open: our clock stands still until you answer"),
            ),
        ),
        sections=[
            Section("Questions", [questions(asked)]),
            Section("How to answer", how_to_answer()),
            who_to_call(),
        ],
    )


def how_to_answer() -> list[Prose]:
    return [
        Prose(
            gettext(
                "Sign in and open the enquiry by its reference. You can answer some questions now and the others "
                "later; the clock runs again when the last one is answered."
            ),
            ours=True,
        ),
        Prose(
            gettext(
                "Please do not answer by ordinary e-mail: what you write is personal data of the family."
            ),
            ours=True,
        ),
    ]


def questions(asked: InformationRequest) -> Items:
    return Items([course.with_answer(row) for row in asked.questions.all()])


def front(enquiry: Enquiry, *more: tuple[str, str]) -> Pairs:
    """By which the authority knows its own enquiry; nobody of the family."""
    return pairs(
        [
            (gettext("Our reference"), enquiry.reference),
            (gettext("Your reference"), enquiry.authority_reference),
            (gettext("Authority"), name_of(enquiry.authority)),
            (gettext("Asked by"), enquiry.referrer_name),
            (gettext("Kind"), label("kind", enquiry.kind)),
            (gettext("Received"), moment(enquiry.received_at)),
            *more,
        ]
    )


def who_to_call() -> Section:
    return Section(
        "Who to call",
        [
            pairs(
                [
                    (gettext("In office hours"), settings.PROVIDER_PHONE),
                    (gettext("Out of hours"), settings.PROVIDER_OUT_OF_HOURS),
                    (gettext("E-mail, without personal data"), settings.PROVIDER_EMAIL),
                ]
            )
        ],
    )
