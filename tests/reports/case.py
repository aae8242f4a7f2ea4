"""A case in which everything happened that somebody writes about, by the product's own actions."""

from dataclasses import dataclass, replace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from intake.actions import attachments, flags, messages, restricting, sharing
from intake.lifecycle import Role
from intake.models import Enquiry, Event, Relationship, User
from referrals.actions import (
    addenda,
    assessments,
    conflicts,
    improvements,
    opinions,
    oversight,
    placements,
    reviews,
    visits,
)
from referrals.models import Audit, Decision, Referral, SecondLook
from tests.contract import test_internal_text as inside
from tests.factories import PDF, World, fresh, in_days
from tests.reports.birds import Birds

SAYS = "Somebody wrote this."


def said(place: str) -> str:
    return f"{SAYS} At {place}."


@dataclass
class Case:
    """One enquiry, its work that is done, and an assessment that is offered to another service."""

    enquiry: Enquiry
    done: Referral
    offered: Referral
    by: User


def lived(world: World, birds: Birds) -> Case:
    """From receipt to a follow-up, with a second look, a conflict, a visit, a challenge and a decline on the way."""
    given = SimpleUploadedFile("plan.pdf", PDF)
    enquiry = inside.triaged(world, said)  # type: ignore[arg-type]
    attachments.attach(enquiry=enquiry, by=world.coordinator, role="care_plan", file=given)
    more_words(world, fresh(enquiry))
    referral, second = enquiry.referrals.all()
    second = placements.offer(
        referral=second, by=world.manager, service=world.south, reply_by=in_days(3), note=said("offer")
    )
    referral = inside.placed(world, said, referral)  # type: ignore[arg-type]
    referral = worked(world, fresh(referral))
    inside.audited(world, said, fresh(referral))  # type: ignore[arg-type]
    decisions(enquiry)
    written_once(world, enquiry, birds)
    return Case(fresh(enquiry), fresh(referral), fresh(second), world.coordinator)


def more_words(world: World, enquiry: Enquiry) -> None:
    """A flag, an opinion, who is kept out and let in, who read it, an answered question, and each kind of line."""
    flags.raise_flag(
        enquiry=enquiry, by=world.coordinator, code="HOLD", reason=said("flag"), review_on=in_days(9)
    )
    opinion = opinions.ask_opinion(
        enquiry=fresh(enquiry), by=world.coordinator, about="child", of=world.reviewer, question=said("asked")
    )
    words = {"evidence_for": said("for"), "evidence_against": said("against"), "confidence": "low"}
    opinions.give_opinion(opinion=opinion, by=world.reviewer, level="low", **words)
    kept_out = world.person(world.hub, "Kim Keptout", Role.COORDINATOR)
    restricting.block(enquiry=fresh(enquiry), by=world.manager, person=kept_out, reason=said("block"))
    again = {"kind": "unblock", "reason": said("proposal"), "person": kept_out}
    restricting.propose(enquiry=fresh(enquiry), by=world.manager, **again)
    sharing.open_with_reason(reference=enquiry.reference, by=world.auditor, reason=said("opened"))
    messages.write(enquiry=fresh(enquiry), by=world.referrer, text=said("message"))
    conflicts.declare(
        assessor=world.assessor.assessor_profile,
        by=world.assessor,
        kind="FAMILY",
        reason=said("conflict"),
        authority=world.surrey,
    )


def worked(world: World, referral: Referral) -> Referral:
    """Started, visited, challenged, sent back, delivered, asked again, and closed."""
    by, lead = world.second_assessor, world.lead
    referral = assessments.start(referral=fresh(referral), by=by, waiver_reason=said("waiver"))
    home = {"kind": "HOME", "planned_at": timezone.now()}
    visit = visits.plan(referral=referral, by=by, note=said("visit"), **home)
    children: Any = [{"child": 0, "alone": True, "views": said("child met")}]
    visits.write_up(visit=visit, by=by, done_on=timezone.localdate(), children=children, minutes=60)
    visit = visits.plan(referral=fresh(referral), by=by, **home)
    visits.cancel(visit=visit, by=by, why=said("cancelled"))
    raised = oversight.challenge(referral=fresh(referral), by=world.manager, text=said("challenge"))
    oversight.answer_challenge(challenge=raised, by=lead, text=said("answer"))
    to_do = {"action": said("to do"), "owner": world.coordinator, "due_on": in_days(2)}
    entry = oversight.enter(about=fresh(referral), by=world.manager, decision=said("decision"), **to_do)
    oversight.finish(entry=entry, by=world.coordinator, outcome=said("done"))
    world.assessor = by
    found: Any = [{"code": "ANALYSIS", "text": said("defect")}]
    referral = reviews.send_back(referral=world.report(fresh(referral)), by=world.reviewer, defects=found)
    referral = world.deliver(world.report(fresh(referral)))
    more = {"questions": [said("addendum")], "needed_by": in_days(9)}
    referral = addenda.request_addendum(referral=fresh(referral), by=world.coordinator, **more)  # type: ignore[arg-type]
    return world.close_referral(world.deliver(world.report(fresh(referral))))


def decisions(enquiry: Enquiry) -> None:
    """Beside the acceptance that stands: one that was undone, and a decline."""
    now = timezone.now()
    accepted = Decision.objects.filter(enquiry=enquiry).first()
    assert accepted is not None
    accepted.pk, accepted.undone_at = None, now
    accepted.save(force_insert=True)
    accepted.pk, accepted.undone_at, accepted.outcome, accepted.reason_code = None, None, "declined", "AREA"
    accepted.save(force_insert=True)
    accepted.pk, accepted.outcome, accepted.reason_code = None, "redirected", ""
    accepted.save(force_insert=True)
    SecondLook.objects.create(
        enquiry=enquiry,
        transition="accept",
        facts={},
        reasons=[],
        proposed_by=accepted.by,
        proposed_at=now,
        sequence=1,
        outcome="returned",
        reason=said("returned"),
        answered_by=User.objects.system(),
        answered_at=now,
    )


def written_once(world: World, enquiry: Enquiry, birds: Birds) -> None:
    """Of each audience a message and a line of history, and a step of an improvement: nobody can change them later."""
    for audience in ("hub", "authority"):
        text = birds.word("Message.text", audience)
        messages.write(enquiry=fresh(enquiry), by=world.coordinator, text=text, audience=audience)
    for audience in Event.Audience.values:
        note, data = birds.word("Event.note", audience), birds.word("Event.data", audience)
        Event.objects.record(
            Enquiry.objects.hold(enquiry),
            verb="enquiry.amend",
            by=world.coordinator,
            audience=audience,
            note=note,
            data={"changed": {"background": [data, data]}},
        )
    row = improvements.add(
        by=world.manager,
        what=said("improvement"),
        source="audit",
        audits=[Audit.objects.latest("pk")],
        owner=world.reviewer,
        due_on=in_days(30),
    )
    reason = birds.word("ImprovementStep.text")
    improvements.change(
        improvement=row, by=world.manager, owner=world.coordinator, due_on=in_days(31), reason=reason
    )


# --- As long as it gets -----------------------------------------------------------------------------------------

PROSE = (
    "She asks whether the visits could be in the afternoon, since the school is at the other end of the town; "
    "“if not”, she says, 'then on Saturdays'. The family lived in "
    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch before. "
)
LONG_NAME = "Maximiliana-Bartholomea Ffloyd-Wolstenholme-Featherstonehaugh y Llanwddyn ap Gruffydd"


def longer(case: Case, language: str) -> Case:
    """The same with 20,000 characters of prose, eight children with long names, and sixty more lines of history."""
    enquiry = case.enquiry
    words: dict[str, Any] = {"background": (PROSE * 80)[:20_000], "why_now": PROSE * 4, "language": language}
    Enquiry.objects.filter(pk=enquiry.pk).update(**words, not_told_why=PROSE, taking_part=PROSE)
    child, adult = (enquiry.people.filter(part=part).first() for part in ("child", "adult"))
    assert child is not None
    for position in range(2, 8):
        child.pk, child.position, child.name = None, position, f"{LONG_NAME} {position}"
        child.save(force_insert=True)
        Relationship.objects.create(adult=adult, child=child, relationship="mother")
    enquiry.people.filter(part="child").update(communication_needs=PROSE * 3, views=PROSE * 3)
    enquiry.people.filter(part="adult").update(name=LONG_NAME, needs_notes=PROSE * 3, safe_contact=PROSE * 2)
    enquiry.risk_rows.update(text=PROSE * 5)
    enquiry.assessment_rows.update(questions=[PROSE * 2] * 12)
    for number in range(60):
        Event.objects.record(
            Enquiry.objects.hold(enquiry),
            verb="enquiry.amend",
            by=case.by,
            note=f"{number}. {PROSE}",
        )
    return replace(case, enquiry=fresh(enquiry))
