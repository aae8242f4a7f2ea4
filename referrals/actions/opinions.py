"""A second opinion on a risk: asked of a colleague, given with what speaks for and against it."""

from django.db import transaction
from django.utils import timezone

from intake.checks import Fault
from intake.lifecycle import Role
from intake.models import Enquiry, Event, Organisation, Risk, User, book
from intake.refusals import Forbidden, Invalid, NotPossible
from referrals.actions import oversight
from referrals.models import RiskOpinion

ASKING = (Role.COORDINATOR, Role.MANAGER, Role.REVIEWER)


@transaction.atomic
def ask_opinion(*, enquiry: Enquiry, by: User, about: str, of: User, question: str) -> RiskOpinion:
    """Ask a colleague to rate a risk afresh; they are told that something is asked."""
    enquiry = Enquiry.objects.hold(enquiry)
    refuse_asking(by)
    check_asking(enquiry, by, about, of, question)
    if enquiry.risk_opinions.filter(about=about, asked_of=of, given_at__isnull=True).exists():
        raise NotPossible(f"{of} has been asked already, and has not answered.", status=enquiry.status)
    opinion = RiskOpinion.objects.create(
        enquiry=enquiry,
        about=about,
        first_level=rated(enquiry, about),
        question=question,
        asked_by=by,
        asked_of=of,
        asked_at=timezone.now(),
    )
    record(enquiry, "risk.opinion_asked", by, question, {"about": about, "of": of.name})
    oversight.tell(enquiry, None, of)
    return opinion


def refuse_asking(by: User) -> None:
    if by.organisation.kind != Organisation.Kind.HUB or not by.has(*ASKING):
        raise Forbidden("Your role does not allow this: ask for a second opinion.")


def check_asking(enquiry: Enquiry, by: User, about: str, of: User, question: str) -> None:
    faults = []
    if about not in Risk.About:
        faults.append(Fault("/about", "unknown", "Choose one of the three kinds of risk."))
    sees = of.is_active and of.has(*ASKING) and Enquiry.objects.visible_to(of).filter(pk=enquiry.pk).exists()
    if of == by or of.organisation.kind != Organisation.Kind.HUB or not sees:
        faults.append(Fault("/of", "unknown", "Choose a colleague of ours, not yourself."))
    if not question.strip():
        faults.append(Fault("/question", "required", "Say what you want a second opinion on."))
    if faults:
        raise Invalid(faults)


def rated(enquiry: Enquiry, about: str) -> str:
    """The highest level of this kind as the authority sent it."""
    found = set(Risk.objects.filter(enquiry=enquiry, about=about).values_list("level", flat=True))
    return next((level for level in ("high", "medium", "low", "none_known") if level in found), "")


@transaction.atomic
def give_opinion(
    *,
    opinion: RiskOpinion,
    by: User,
    level: str,
    evidence_for: str,
    evidence_against: str,
    confidence: str,
) -> RiskOpinion:
    """Kept beside the first rating, never over it; by who was asked, once."""
    enquiry = Enquiry.objects.hold(opinion.enquiry)
    opinion = RiskOpinion.objects.select_related("asked_of").get(pk=opinion.pk)
    if opinion.asked_of_id != by.pk:
        raise Forbidden(f"This opinion was asked of {opinion.asked_of}.")
    if opinion.given_at:
        raise NotPossible("This opinion was given. Ask for another.", status=enquiry.status)
    check_opinion(level, evidence_for, evidence_against, confidence)
    opinion.level, opinion.confidence, opinion.given_at = level, confidence, timezone.now()
    opinion.evidence_for, opinion.evidence_against = evidence_for, evidence_against
    opinion.save()
    facts = {"about": opinion.about, "first": opinion.first_level, "level": level, "confidence": confidence}
    record(enquiry, "risk.opinion_given", by, f"{evidence_for}\n\n{evidence_against}", facts)
    return opinion


def check_opinion(level: str, evidence_for: str, evidence_against: str, confidence: str) -> None:
    faults = []
    if not book().codes.holds("risk_level", level, timezone.localdate()):
        faults.append(Fault("/level", "unknown", "Choose a level, or none known."))
    if confidence not in RiskOpinion.Confidence:
        faults.append(Fault("/confidence", "unknown", "Say how sure you are."))
    for name, text in (("evidence_for", evidence_for), ("evidence_against", evidence_against)):
        if not text.strip():
            faults.append(Fault(f"/{name}", "required", "Say what speaks for it, and what against it."))
    if faults:
        raise Invalid(faults)


def record(enquiry: Enquiry, verb: str, by: User, text: str, data: dict[str, str]) -> None:
    hub = Event.Audience.HUB
    Event.objects.record(enquiry, verb=verb, by=by, note=text, data=data, audience=hub)
