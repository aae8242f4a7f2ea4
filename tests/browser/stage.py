"""The world that every page is looked at in: something at each status, and one of everything a page can be about."""

from collections.abc import Callable
from datetime import timedelta

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils import timezone

from intake.actions import attachments, flags, imports, members, messages, public, rank, restricting, webhooks
from intake.lifecycle import Role, Status
from intake.models import Enquiry, User
from intake.words import Language
from referrals.actions import (
    assessors,
    audits,
    conflicts,
    feeds,
    improvements,
    opinions,
    oversight,
    planning,
    saved_views,
    solving,
    visits,
)
from referrals.actions import bulk as many_at_once
from referrals.actions import triage as decide
from referrals.lifecycle import Status as ReferralStatus
from referrals.models import Referral
from reports.actions import basket, counting, export_making, exports, packs, print_runs, printing
from reports.figures.asked import read
from reports.models import Export, PrintRun
from tests import settling
from tests.factories import PDF, World, fresh, in_days

# Long enough that nothing of it fits on a telephone's line.
WORDS = (
    "She asks whether the visits could be in the afternoon, since the school is at the other end of the town."
)


def people() -> World:
    """Somebody of each role, and nothing asked for yet."""
    world = World()
    for person in (world.referrer, world.authority_manager, world.coordinator, world.manager, world.reviewer):
        assert person.pk
    for person in (world.auditor, world.administrator, world.lead, world.assessor):
        assert person.pk
    return world


def build() -> World:
    return fill(people())


def nothing() -> None:
    """No time passes but that of the machine."""


def fill(world: World, pause: Callable[[], object] = nothing) -> World:
    """By the product's own actions, as in the office; with a pause after each."""
    webhooks.subscribe(by=world.authority_manager, url="https://hooks.oldham.example/")
    world.oldham.refresh_from_db()
    world.everybody()
    assert world.colleague.pk
    for status in Status:
        world.enquiry(status)
        pause()
    for status in ReferralStatus:
        overseen(world, world.referral(status))
        pause()
    for part in (triage, second_look, organisation, service, quality, lists, door, settling.settings):
        part(world)
        pause()
    second_factor(world.auditor)
    return world


def overseen(world: World, referral: Referral) -> None:
    """Of the one that is worked on: evidence, a visit, a challenge, and something to do."""
    if referral.status != ReferralStatus.IN_PROGRESS:
        return
    visits.plan(
        referral=referral, by=world.assessor, kind="HOME", planned_at=timezone.now() + timedelta(days=2)
    )
    oversight.challenge(referral=referral, by=world.manager, text=WORDS)
    to_do = {"action": "Ring the school.", "owner": world.coordinator, "due_on": timezone.localdate()}
    oversight.enter(about=referral, by=world.manager, decision="Go on.", **to_do)


def triage(world: World) -> None:
    """On one that is in triage: a flag, messages, a file, a second opinion, a question of access."""
    enquiry = world.enquiry(Status.IN_TRIAGE, background=WORDS * 20)
    day = in_days(9)
    flags.raise_flag(enquiry=enquiry, by=world.coordinator, code="HOLD", reason=WORDS, review_on=day)
    messages.write(enquiry=fresh(enquiry), by=world.coordinator, text=WORDS)
    messages.write(enquiry=fresh(enquiry), by=world.referrer, text=WORDS)
    asked = {"about": "child", "of": world.coordinator, "question": "Is high right?"}
    opinions.ask_opinion(enquiry=fresh(enquiry), by=world.manager, **asked)
    to_do = {"action": "Ring the school.", "owner": world.coordinator, "due_on": timezone.localdate()}
    oversight.enter(about=fresh(enquiry), by=world.manager, challenge="Was the father heard?", **to_do)
    restricting.ask(enquiry=fresh(enquiry), by=world.coordinator, reason="A threat.")
    sent = SimpleUploadedFile("plan.pdf", PDF)
    attachments.attach(enquiry=fresh(enquiry), by=world.coordinator, role="care_plan", file=sent)
    draft = world.enquiry(Status.DRAFT)
    sent = SimpleUploadedFile("plan.pdf", PDF)
    attachments.attach(enquiry=draft, by=world.referrer, role="care_plan", file=sent)


def exported(world: World) -> None:
    """A table that was made, one with children by name that waits for a second person, and a print run that does."""
    export_making.begin(exports.ask(by=world.coordinator, wanted=exports.Wanted("enquiries", "xlsx")))
    waits = exports.ask(by=world.manager, wanted=exports.Wanted("children", "csv", reason=WORDS))
    day = timezone.now() + timedelta(days=7)
    Export.objects.filter(pk=waits.pk).update(needs_second=True, asked_at=None, agree_by=day)
    papers = {"kind": "summary", "audience": "authority", "form": "zip", "language": "cy", "reason": WORDS}
    named = [row.reference for row in Enquiry.objects.filter(status=Status.SUBMITTED)[:2]]
    run = print_runs.preview(by=world.manager, chosen=print_runs.Choice(named), **papers)
    PrintRun.objects.filter(pk=run.pk).update(needs_second=True, agree_by=day)


def second_look(world: World) -> None:
    """Neglect is named where the risk to the child is rated low: the decision waits for somebody else."""
    low = [
        {"about": about, "level": "low", "text": "Little.", "review_on": str(in_days(60))}
        for about in ("child", "worker", "contact")
    ]
    said = {"rationale": WORDS, "conflict_statement": "None known.", "late_reason": "The court knows."}
    enquiry = world.enquiry(Status.IN_TRIAGE, risks=low)
    decide.accept(enquiry=enquiry, by=world.coordinator, waiver_reason="It follows.", factors=["16A"], **said)


def door(world: World) -> None:
    """A question from somebody without an account."""
    asked = {"name": "Daniel Okafor", "who": "Local authority", "about": "Something else", "message": WORDS}
    public.ask(asked=asked, by=public.door())


def organisation(world: World) -> None:
    """Oldham's people, one of whom has left; its case system; a file of enquiries."""
    left = world.person(world.oldham, "Lee Left", Role.REFERRER)
    members.retire(user=left, by=world.authority_manager)
    assert world.client
    imports.take_in(content=b"kind\ngeneral\n", by=world.referrer)


def second_factor(user: User) -> None:
    """A code from an application, and codes for the day on which the telephone is lost."""
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)


def service(world: World) -> None:
    """Leave, a conflict, and a feed of the calendar."""
    profile = world.assessor.assessor_profile
    assessors.add_leave(assessor=profile, by=world.assessor, first=in_days(9), last=in_days(10))
    conflicts.declare(
        assessor=profile, by=world.assessor, kind="FAMILY", reason="A cousin there.", authority=world.surrey
    )
    feeds.make(by=world.lead, whose="service")


def quality(world: World) -> None:
    """An audit to be written and one that is finished, with a reply; an improvement to do, and one that worked."""
    audit = world.audited(impact_text=WORDS * 3, voice_text=WORDS)
    audits.reply(audit=audit, by=world.lead, text=WORDS)
    world.audit()
    given = {"by": world.colleague, "source": "audit", "audits": [audit], "due_on": in_days(9)}
    improvements.add(what=WORDS, owner=world.lead, **given)
    done = improvements.add(what="Ask on the first day.", owner=world.coordinator, **given)
    improvements.finish(improvement=done, by=world.coordinator, evidence=WORDS)
    improvements.check_effect(improvement=done, by=world.colleague, worked="yes", effect=WORDS)


def lists(world: World) -> None:
    """A view that is kept, what was flagged at once, a plan, what was printed, and the order of the day."""
    by = world.coordinator
    saved_views.save(by=by, name="Oldham", of="enquiries", query="authority=353", shared=True)
    named = [world.enquiry().reference for _ in range(3)]
    flag = {"code": "PRESS", "reason": WORDS, "review_on": in_days(9).isoformat()}
    run = many_at_once.preview(by=by, act="flag", arguments=flag, references=named)
    many_at_once.begin(many_at_once.apply(run=run, by=by))
    planning.ask(by=by)
    solving.solve_next(timezone.now())
    papers = {"kind": "history", "audience": "internal", "form": "one_pdf"}
    asked = print_runs.preview(by=by, chosen=print_runs.Choice([*named, "ENQ-2222-2222-2"]), **papers)
    print_runs.start(run=asked, by=by)
    basket.put(by=by, chosen=print_runs.Choice(named))
    while printing.print_next(timezone.now()):
        pass
    for language in Language.values:
        packs.print_pack(asked=read(QueryDict(), world.authority_manager), language=language)
    exported(world)
    world.discarded()
    rank.rank_anew(timezone.now())
    counting.count_new(timezone.now())
