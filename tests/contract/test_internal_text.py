"""What the hub and a service keep to themselves reaches an authority on no way: page, API, PDF, e-mail, webhook."""

from collections.abc import Iterator
from typing import Any

from django.core import mail
from django.test import Client
from django.utils import timezone

from intake.actions import information, likeness, messages, webhooks
from intake.lifecycle import Role
from intake.models import Enquiry, User, WebhookDelivery
from referrals.actions import assessments, audits, improvements, oversight, placements, reviews, triage
from referrals.models import Audit, Improvement, Referral
from reports.actions.delivery import deliver_next
from tests.conftest import bearer
from tests.contract.scoped import filled, of_records, templates
from tests.factories import World, fresh, in_days, judged
from tests.reports.papers import text_of

QUESTION = [{"text": "Is anybody at home on Mondays?"}]


class Canaries:
    """A word for each place where somebody writes for the inside; each says where it was written."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def __call__(self, place: str) -> str:
        self.words.append(f"canary {place} of the inside")
        return self.words[-1]

    def in_(self, text: str) -> set[str]:
        flat = " ".join(text.split())
        return {word for word in self.words if word in flat}


def triaged(world: World, bird: Canaries) -> Enquiry:
    """Taken over, noted, asked, recalled, accepted: with words for the inside at every step."""
    by, enquiry = world.coordinator, world.enquiry("in_triage")
    messages.write(enquiry=enquiry, by=by, text=bird("note"))
    other = world.enquiry()
    likeness.answer(enquiry=enquiry, other=other.reference, answer="linked", reason=bird("likeness"), by=by)
    enquiry = triage.take_over(enquiry=fresh(enquiry), by=world.colleague, reason=bird("take-over"))
    enquiry = information.request_information(
        enquiry=enquiry,
        by=by,
        questions=QUESTION,
        reply_by=in_days(7),  # type: ignore[arg-type]
    )
    enquiry = information.recall_request(enquiry=enquiry, by=by, reason=bird("recall"))
    messages.write(enquiry=enquiry, by=by, text="May we visit on Monday?", audience="authority")
    return triage.accept(
        enquiry=fresh(enquiry), by=by, rationale=bird("rationale"), conflict_statement=bird("hub conflicts")
    )


def placed(world: World, bird: Canaries, referral: Referral) -> Referral:
    """Offered, declined, recalled, taken, handed on."""

    def offer(row: Referral, **words: str) -> Referral:
        return placements.offer(
            referral=row,
            by=world.manager,
            service=world.north,
            reply_by=in_days(3),
            **words,  # type: ignore[arg-type]
        )

    row = offer(referral, note=bird("offer"), override_reason=bird("override"))
    row = placements.decline_offer(
        referral=row, by=world.lead, reason_code="SKILL", text=bird("declined offer")
    )
    row = placements.recall_offer(referral=offer(row), by=world.coordinator, reason=bird("recalled offer"))
    row = placements.accept_offer(
        referral=offer(row),
        by=world.lead,
        assessor=world.assessor,
        conflict_statement=bird("service conflicts"),
        override_reason=bird("room"),
    )
    return placements.reallocate(
        referral=row,
        by=world.lead,
        assessor=world.second_assessor,
        reason_code="LEFT",
        text=bird("reallocation"),
    )


def worked(world: World, bird: Canaries, row: Referral) -> Referral:
    """Started, paused, challenged, handed in, sent back, delivered."""
    by = world.second_assessor
    row = assessments.start(referral=row, by=by, waiver_reason=bird("waiver"))
    row = assessments.pause(
        referral=row, by=world.lead, reason_code="COURT", review_on=in_days(14), text=bird("pause")
    )
    row = assessments.resume(referral=row, by=world.lead)
    raised = oversight.challenge(referral=row, by=world.manager, text=bird("challenge"))
    oversight.answer_challenge(challenge=raised, by=world.lead, text=bird("challenge answered"))
    world.assessor = world.second_assessor
    row = world.report(fresh(row))
    row = reviews.send_back(
        referral=row, by=world.reviewer, defects=[{"code": "ANALYSIS", "text": bird("defect")}]
    )
    return world.deliver(world.report(fresh(row)))


def audited(world: World, bird: Canaries, row: Referral) -> None:
    """Audited by somebody who had no part in it, replied to, and something changed because of it."""
    by = world.person(world.hub, "Ida Independent", Role.REVIEWER)
    due = in_days(9)
    audit = audits.pick(referral=row, by=world.manager, auditor=by, due_on=due, reason=bird("picked"))
    places = ("compliance_text", "quality_text", "impact_text", "voice_text")
    words = {**judged(), **{name: bird(f"audit’s {name}") for name in places}}
    audits.finish(audit=audit, by=by, **words)
    audits.reply(audit=audit, by=world.lead, text=bird("audit’s reply"))
    row_ = improvements.add(
        by=by, what=bird("improvement"), source="audit", audits=[audit], owner=world.lead, due_on=due
    )
    improvements.finish(improvement=row_, by=world.lead, evidence=bird("evidence"))
    improvements.check_effect(improvement=row_, by=by, worked="yes", effect=bird("effect"))


def ended(world: World, bird: Canaries, row: Referral) -> None:
    """Audited, reopened by a manager after its end, and noted once more."""
    row = world.close_referral(row)
    audited(world, bird, row)
    enquiry = triage.reopen(enquiry=fresh(row.enquiry), by=world.manager, reason=bird("reopened"))
    messages.write(enquiry=enquiry, by=world.reviewer, text=bird("note of the reviewer"))


# Of the product, not of a case; they take longest.
DESCRIPTIONS = ("/api/v1/schema/", "/make-an-enquiry/sent/")


def addresses(*references: str) -> Iterator[str]:
    """Everything of the product that can be fetched for these records, and every list."""
    for path in of_records():
        for reference in references:
            if ("/referrals/" in path) == reference.startswith("REF"):
                yield filled(path, reference)
                if path.endswith("summary.pdf"):
                    yield filled(path, reference) + "?audience=authority"
                    yield filled(path, reference) + "?audience=internal"
    yield from (path for path in templates() if "{" not in path and path not in DESCRIPTIONS)
    yield from (f"/api/v1/enquiries/?q={references[0]}", f"/enquiries/?q={references[0]}")


def read(client: Client, path: str) -> str:
    answer = client.get(path, follow=True)
    content = answer.getvalue()
    return text_of(content) if content.startswith(b"%PDF") else content.decode(errors="replace")


def may_differ(name: str, path: str) -> bool:
    """A case system has no pages, and one of an authority reads the same paper as the other."""
    return name == "referrer" or not (".pdf" in path or (name == "case system" and path.startswith("/enq")))


def session_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_what_is_written_for_the_inside_reaches_an_authority_on_no_way(world: World, settings: Any) -> None:
    bird = Canaries()
    webhooks.subscribe(by=world.authority_manager, url="https://receiver.example/desk")
    enquiry = triaged(world, bird)
    referral, second = enquiry.referrals.all()
    placements.cancel(referral=second, by=world.coordinator, reason_code="FUNDING", text=bird("cancelled"))
    ended(world, bird, worked(world, bird, placed(world, bird, referral)))
    while deliver_next(timezone.now()):
        pass

    readers = {
        "referrer": session_of(world.referrer),
        "manager": session_of(world.authority_manager),
        "case system": Client(headers={"Authorization": bearer(*world.client)}),
    }
    audit, improvement = Audit.objects.get().pk, Improvement.objects.get().pk
    quality = [f"/audits/{audit}/", f"/improvements/{improvement}/"]
    quality += [f"/api/v1{path}" for path in quality]
    paths = [*addresses(enquiry.reference, referral.reference), *quality]
    leaked = {
        (name, path, word)
        for name, client in readers.items()
        for path in paths
        if may_differ(name, path)
        for word in bird.in_(read(client, path))
    }
    assert leaked == set()
    assert mail.outbox
    assert [word for letter in mail.outbox for word in bird.in_(letter.subject + letter.body)] == []
    told = [str(row.body()) for row in WebhookDelivery.objects.all()]
    assert told
    assert bird.in_(" ".join(told)) == set()

    # The hub finds every one of them where it looks: the words above were there to be found.
    hub = session_of(world.manager)
    history = f"/api/v1/enquiries/{enquiry.reference}/events/?page_size=200"
    where = (
        history,
        f"/enquiries/{enquiry.reference}/messages/",
        f"/api/v1/enquiries/{enquiry.reference}/messages/",
        *quality,
    )
    assert bird.in_(" ".join(read(hub, path) for path in where)) == set(bird.words)
