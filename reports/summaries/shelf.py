"""Every kind of paper about an enquiry: what it is about, for whom it can be, and who may print it for them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from intake.lifecycle import Role
from intake.models import Enquiry, User
from intake.refusals import NotFound
from referrals.models import Referral
from reports.models import Document
from reports.summaries import answered, placed, told, whole
from reports.summaries.blocks import Paper

Kind, Audience = Document.Kind, Document.Audience
Assembler = Callable[[Enquiry, str, str, User, date], Paper]
OF_AUTHORITY = frozenset({Role.REFERRER, Role.AUTHORITY_MANAGER})
ALL_KINDS = frozenset({Role.MANAGER, Role.AUDITOR})
HUB = ALL_KINDS | {Role.COORDINATOR}


@dataclass(frozen=True)
class Shelf:
    """One kind; `about` says what its subject is: nothing more (""), a referral, or a number of questions."""

    kind: Document.Kind
    assemble: Assembler
    readers: Mapping[Document.Audience, frozenset[Role]]
    about: str = ""

    def audiences_for(self, user: User) -> list[Document.Audience]:
        """For whom this person may print it, in the order of the choices."""
        return [one for one in Audience if user.has(*self.readers.get(one, ()))]


def of_enquiry(assemble: Callable[..., Paper]) -> Assembler:
    return lambda enquiry, subject, audience, by, today: assemble(enquiry, audience, by=by, today=today)


def of_referral(assemble: Callable[..., Paper]) -> Assembler:
    """Of a referral of this enquiry that the reader sees: of any other as if there were none."""

    def made(enquiry: Enquiry, subject: str, audience: str, by: User, today: date) -> Paper:
        rows = Referral.objects.visible_to(by).filter(enquiry=enquiry, reference=subject)
        referral = rows.select_related(
            "assessment__type", "service", "assessor", "co_worker", "enquiry__authority"
        ).first()
        if referral is None:
            raise NotFound
        return assemble(referral, audience, by=by, today=today)

    return made


def of_questions(enquiry: Enquiry, subject: str, audience: str, by: User, today: date) -> Paper:
    if not subject.isdecimal():
        raise NotFound
    return answered.request(enquiry, audience, number=int(subject))


SHELVES = {
    shelf.kind: shelf
    for shelf in (
        Shelf(
            Kind.SUMMARY,
            of_enquiry(whole.summary),
            {
                Audience.AUTHORITY: OF_AUTHORITY | HUB,
                Audience.SERVICE: HUB | {Role.SERVICE_LEAD, Role.ASSESSOR},
                Audience.INTERNAL: ALL_KINDS | {Role.REVIEWER},
                Audience.COURT: ALL_KINDS,
            },
        ),
        Shelf(
            Kind.DECISION,
            of_enquiry(answered.decision),
            {Audience.AUTHORITY: OF_AUTHORITY | HUB, Audience.INTERNAL: ALL_KINDS | {Role.REVIEWER}},
        ),
        Shelf(Kind.QUESTIONS, of_questions, {Audience.AUTHORITY: OF_AUTHORITY | HUB}, "questions"),
        Shelf(
            Kind.OFFER, of_referral(placed.offer), {Audience.SERVICE: HUB | {Role.SERVICE_LEAD}}, "referral"
        ),
        Shelf(
            Kind.INSTRUCTION,
            of_referral(placed.instruction),
            {Audience.SERVICE: HUB | {Role.SERVICE_LEAD, Role.ASSESSOR}},
            "referral",
        ),
        Shelf(
            Kind.CHRONOLOGY,
            of_enquiry(told.chronology),
            {
                Audience.AUTHORITY: OF_AUTHORITY | HUB,
                Audience.INTERNAL: ALL_KINDS | {Role.REVIEWER},
                Audience.COURT: ALL_KINDS,
            },
        ),
        Shelf(
            Kind.HISTORY,
            of_enquiry(told.extract),
            {
                Audience.AUTHORITY: frozenset({Role.AUTHORITY_MANAGER}),
                Audience.INTERNAL: HUB | {Role.REVIEWER},
            },
        ),
    )
}
