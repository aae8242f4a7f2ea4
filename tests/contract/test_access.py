"""Who may call each address: `access.csv`, compared with the addresses there are and with what they answer."""

import csv
import json
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone

from intake.actions import attachments, banners, flags, imports, restricting, sharing, webhooks
from intake.lifecycle import Role
from intake.models import AccessProposal, Banner, Disposal, Flag, Grade, Holiday, SavedView, WebhookDelivery
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
    visits,
)
from referrals.actions import bulk as many_at_once
from referrals.models import (
    Audit,
    BulkRun,
    Challenge,
    Feed,
    FollowUp,
    Improvement,
    OversightEntry,
    PlanRun,
    Referral,
    RiskOpinion,
)
from reports.actions import exports, packs, print_runs
from reports.actions.exports import Wanted
from reports.figures.asked import read
from reports.models import Export, Pack, PrintRun, Wording
from tests import settling
from tests.conftest import bearer
from tests.contract.matrix import undone
from tests.contract.scoped import patterns, plain
from tests.factories import PDF, World, example, fresh, in_days, judged

TABLE = Path(__file__).parent / "access.csv"
# Packages' own pages: signing in, and the admin of reference data.
PACKAGES = ("accounts/", "admin/")
MACHINES = ("/api/", "/oauth/", "/health/", "/problems/", "/calendar/")
ALWAYS_ANSWERED = {"head", "options", "trace"}
SCOPES = ("enquiries:read", "enquiries:write", "referrals:read", "documents:read", "webhooks:write")
SESSION = "session only"
ROLES = frozenset(role.value for role in Role) - {Role.API_CLIENT, Role.SYSTEM}
PASSER_BY = "passer-by"
# What the table calls by one word.
GROUPS = {
    "nobody": frozenset(),
    "anyone": ROLES | {"api_client", PASSER_BY},
    "everybody": ROLES | {"api_client"},
    "people": ROLES,
    "whoever sees it": ROLES - {"administrator"} | {"api_client"},
    "people who see it": ROLES - {"administrator"},
}


@dataclass(frozen=True)
class Row:
    """An address and a method, who may, and with which scope a case system."""

    method: str
    path: str
    who: str
    scope: str
    note: str

    @property
    def address(self) -> tuple[str, str]:
        return self.method, self.path.partition("?")[0]

    @property
    def of_a_record(self) -> bool:
        return (
            "{reference}" in self.path
            or "{import_id}" in self.path
            or "{webhook}" in self.path
            or "{person}" in self.path
            or "{client}" in self.path
            or "{view}" in self.path
            or "{audit}" in self.path
            or "{improvement}" in self.path
            or "{disposal}" in self.path
            or "{pack}" in self.path
        )

    @cached_property
    def allowed(self) -> frozenset[str]:
        names = self.who.split("; ")
        return frozenset().union(*(GROUPS.get(name, {name}) for name in names))

    def lets_in(self, name: str) -> bool:
        """A stranger has the roles of an authority, for which no record of ours exists."""
        if name == "stranger":
            return not self.of_a_record and not self.allowed.isdisjoint({"referrer", "authority_manager"})
        return name in self.allowed


def table() -> list[Row]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [Row(**row) for row in csv.DictReader(file)]


# --- The addresses there are ---------------------------------------------------------------------------------


def addresses() -> Iterator[tuple[str, str]]:
    for path, entry in patterns(without=PACKAGES):
        for address in plain(path, entry):
            for method in methods(entry):
                yield method, address.replace("/^api/", "/api/{anything}")


def methods(entry: URLPattern) -> list[str]:
    """Of a function, GET: it makes no difference."""
    view: Any = getattr(entry.callback, "view_class", None) or getattr(entry.callback, "cls", None)
    if view is None:
        return ["GET"]
    return [
        name.upper() for name in view.http_method_names if hasattr(view, name) and name not in ALWAYS_ANSWERED
    ]


def test_each_address_and_method_has_a_row_and_each_row_an_address() -> None:
    assert {row.address for row in table()} ^ set(addresses()) == set()


def test_a_row_names_roles_groups_and_scopes_that_there_are() -> None:
    for row in table():
        assert set(row.who.split("; ")) <= GROUPS.keys() | GROUPS["everybody"], row
        assert set(row.scope.split("; ")) <= {*SCOPES, SESSION, "any", "none"}, row
        assert row.scope == SESSION or row.path.startswith(MACHINES), row


# --- What they answer ----------------------------------------------------------------------------------------


@dataclass
class Case:
    """One case that everybody sees whose role lets them, with a challenge open."""

    world: World
    referral: Referral
    challenge: int
    # Of the enquiry, and of the referral: delivered to the authority.
    file: int
    report: int
    # A file of enquiries that Oldham's referrer sent.
    bulk: UUID
    # What Oldham's webhook is to be told of.
    told: WebhookDelivery
    # That it be restricted.
    proposal: int

    def url(self, path: str) -> str:
        reference = self.referral.reference if "/referrals/" in path else self.referral.enquiry.reference
        named = {"reference": reference, "pk": self.challenge, "number": self.challenge, "name": "decline"}
        if path.startswith("/problems/"):
            named["name"] = "not-found"
        if path.startswith("/letters/"):
            named["kind"] = "message"
        if "access" in path:
            named["pk"] = self.proposal
        if "/oversight/" in path or "/risk-opinions/" in path or "enquiries/{reference}/challenges/" in path:
            named["pk"] = named["number"] = self.overseen(path)
        if "/visits/" in path or "/follow-ups/" in path:
            named["number"] = 1
        if "/attachments/" in path:
            named["pk"] = self.report if "/referrals/" in path else self.file
        message = self.told.message_id if path.startswith("/api/") else self.told.message
        hook = {"webhook": self.told.webhook_id, "delivery": message}
        run = {"run": self.run_at(path), "export": self.export_at(path)}
        return path.format(
            **{**self.parts, **named}, **hook, **run, code="SGO", anything="nowhere/", import_id=self.bulk
        )

    @cached_property
    def parts(self) -> dict[str, Any]:
        """What stays the same from call to call: what one does is undone before the next."""
        profile = self.world.assessor.assessor_profile
        return {
            "section": "children",
            "kind": "chronology",
            "table": "grades",
            "row": Grade.objects.latest("valid_from").pk,
            "holiday": Holiday.objects.latest("id").pk,
            "wording": Wording.objects.earliest("id").pk,
            "figure": "placed",
            "banner": Banner.objects.earliest("id").pk,
            "place": 0,
            "person": self.world.referrer.pk,
            "client": self.world.client[0].pk,
            "view": SavedView.objects.earliest("id").pk,
            # Of the service's lead; the key of another.
            "feed": Feed.objects.earliest("id").uid,
            "key": "0" * 64,
            "flag": Flag.objects.earliest("id").pk,
            # Finished by the manager; of it the improvement, which the service's lead owns.
            "audit": Audit.objects.earliest("id").pk,
            "improvement": Improvement.objects.earliest("id").pk,
            # A draft of Oldham's referrer.
            "disposal": Disposal.objects.earliest("id").pk,
            "pack": Pack.objects.earliest("id").pk,
            # Of the service's assessor, and what it covers.
            "service": self.world.north.code,
            "assessor": profile.pk,
            "skill": profile.skill_rows.earliest("id").pk,
            "leave": profile.leave_rows.earliest("id").pk,
            "conflict": self.world.assessor.conflicts.earliest("id").pk,
            "cover": self.world.north.coverage.earliest("id").pk,
        }

    def run_at(self, path: str) -> UUID:
        if "/print" in path:
            return self.prints_agreed_to if "/agree" in path else self.prints
        return self.plan if "/planner/" in path else self.many

    def export_at(self, path: str) -> UUID:
        """A second person's word is asked of another manager's; the rest is the coordinator's own."""
        return self.agreed_to if "/agree" in path else self.exported

    @cached_property
    def agreed_to(self) -> UUID:
        return Export.objects.get(needs_second=True).uid

    @cached_property
    def exported(self) -> UUID:
        return Export.objects.get(needs_second=False).uid

    @cached_property
    def prints(self) -> UUID:
        return PrintRun.objects.earliest("id").uid

    @cached_property
    def prints_agreed_to(self) -> UUID:
        return PrintRun.objects.get(needs_second=True).uid

    @cached_property
    def plan(self) -> UUID:
        return PlanRun.objects.earliest("id").uid

    @cached_property
    def many(self) -> UUID:
        return BulkRun.objects.earliest("id").uid

    def overseen(self, path: str) -> int:
        """Of the referral, or of the enquiry as a whole."""
        rows: Any = OversightEntry.objects.filter(referral__isnull="/enquiries/" in path)
        if "/risk-opinions/" in path:
            rows = RiskOpinion.objects
        elif "/challenges/" in path:
            rows = Challenge.objects.filter(referral__isnull=True)
        return int(rows.earliest("id").pk)

    def etag(self, path: str) -> str:
        row = fresh(self.referral)
        return row.etag if "/referrals/" in path else row.enquiry.etag  # type: ignore[no-any-return]


def oversee(world: World, referral: Referral) -> None:
    """Of the enquiry too: a challenge, something to do, and a second opinion asked for."""
    enquiry = referral.enquiry
    to_do = {"action": "Ring.", "owner": world.coordinator, "due_on": timezone.localdate()}
    OversightEntry.objects.update(**to_do)
    oversight.enter(about=enquiry, by=world.manager, challenge="Was the father heard?", **to_do)
    asked = {"about": "child", "of": world.coordinator, "question": "Is high right?"}
    opinions.ask_opinion(enquiry=fresh(enquiry), by=world.manager, **asked)


def many(world: World, referral: Referral) -> None:
    """A flag on it, a table that was exported, and a plan."""
    day = timezone.localdate() + timedelta(days=9)
    flags.raise_flag(
        enquiry=referral.enquiry, by=world.coordinator, code="HOLD", reason="A call.", review_on=day
    )
    named = [referral.enquiry.reference]
    flag = {"code": "PRESS", "reason": "A call.", "review_on": day.isoformat()}
    run = many_at_once.preview(by=world.coordinator, act="flag", arguments=flag, references=named)
    many_at_once.begin(many_at_once.apply(run=run, by=world.coordinator))
    planning.ask(by=world.coordinator)
    papers = {"kind": "history", "audience": "internal", "form": "zip"}
    asked = print_runs.preview(by=world.coordinator, chosen=print_runs.Choice(named), **papers)
    print_runs.start(run=asked, by=world.coordinator)
    waits_for_a_second(world, named)
    export(world)
    world.discarded()
    packs.print_pack(asked=read(QueryDict(), world.authority_manager))


def waits_for_a_second(world: World, named: list[str]) -> None:
    """Another manager's print run, as if it were of many people."""
    by = world.person(world.hub, "Max Manager", Role.MANAGER)
    papers = {"kind": "history", "audience": "internal", "form": "zip", "reason": "For the authority."}
    run = print_runs.preview(by=by, chosen=print_runs.Choice(named), **papers)
    later = timezone.now() + timedelta(days=3)
    PrintRun.objects.filter(pk=run.pk).update(needs_second=True, agree_by=later)


def export(world: World) -> None:
    """The coordinator's own, and another manager's that waits for a second person."""
    by = world.person(world.hub, "Max Manager", Role.MANAGER)
    exports.ask(by=world.coordinator, wanted=Wanted("enquiries", "csv"))
    waits = exports.ask(by=by, wanted=Wanted("children", "csv", reason="For the authority."))
    Export.objects.filter(pk=waits.pk).update(
        needs_second=True, asked_at=None, agree_by=timezone.now() + timedelta(days=3)
    )


def quality(world: World) -> None:
    """Closed work that the manager has audited, and what is to change because of it."""
    audit = world.audit(auditor=world.manager)
    audits.finish(audit=audit, by=world.manager, **judged())
    improvements.add(
        by=world.manager,
        what="Ask on the first day.",
        source="audit",
        audits=[audit],
        owner=world.lead,
        due_on=in_days(9),
    )
    opened = audit.referral.enquiry.reference
    sharing.open_with_reason(reference=opened, by=world.auditor, reason="A complaint.")


@pytest.fixture
def case(world: World) -> Case:
    webhooks.subscribe(by=world.authority_manager, url="https://hooks.oldham.example/")
    world.oldham.refresh_from_db()
    referral = world.referral("in_progress")
    sharing.open_with_reason(reference=referral.enquiry.reference, by=world.auditor, reason="A complaint.")
    raised = oversight.challenge(referral=referral, by=world.manager, text="Why so late?")
    oversee(world, referral)
    sent = SimpleUploadedFile("plan.pdf", PDF)
    file = attachments.attach(enquiry=referral.enquiry, by=world.coordinator, role="care_plan", file=sent)
    visits.plan(referral=referral, by=world.assessor, kind="HOME", planned_at=timezone.now())
    FollowUp.objects.create(referral=referral, number=1, months=3, due_on=timezone.localdate())
    report = world.attach_report(referral)
    attachments.release(report)
    bulk = imports.take_in(content=b"kind\ngeneral\n", by=world.referrer)
    told = WebhookDelivery.objects.earliest("id")
    many(world, referral)
    quality(world)
    feeds.make(by=world.lead, whose="service")
    profile = world.assessor.assessor_profile
    assessors.add_leave(assessor=profile, by=world.assessor, first=in_days(9), last=in_days(10))
    conflicts.declare(
        assessor=profile, by=world.assessor, kind="FAMILY", reason="A cousin there.", authority=world.surrey
    )
    saved_views.save(by=world.coordinator, name="Oldham", of="enquiries", query="authority=353", shared=True)
    banners.put_up(
        by=world.manager,
        text="Closed on Friday.",
        tone="notice",
        audience="everybody",
        since=timezone.now(),
        until=timezone.now() + timedelta(days=1),
    )
    settling.settings(world)
    restricting.ask(enquiry=referral.enquiry, by=world.coordinator, reason="A threat.")
    asked = AccessProposal.objects.waiting().get()
    return Case(world, referral, raised.pk, file.pk, report.pk, bulk.uid, told, asked.pk)


# What an address asks before it asks who: sent whole, so that the answer is about the caller.
REASON, WORDS = {"reason": "A complaint."}, {"text": "Because."}
DONE = {"outcome": "Done."}
GIVEN = {"level": "low", "evidence_for": "The school.", "evidence_against": "Nothing.", "confidence": "low"}
ENTRY = {"kind": "decision", "decision": "Go on."}
BODIES: dict[str, dict[str, Any]] = {
    "/api/v1/enquiries/": example(),
    "/api/v1/enquiries/{reference}/": {"background": "More."},
    "/api/v1/enquiries/{reference}/continue/": {
        "as": "referral",
        "prompted_by": {"code": "change_of_circumstances", "reason": "A brother was born."},
        "on_behalf_reason": "By telephone.",
    },
    "/api/v1/enquiries/{reference}/disclosure/": REASON,
    "/api/v1/enquiries/{reference}/opening/": REASON,
    "/api/v1/enquiries/{reference}/priority/": {"band": "urgent", **REASON},
    "/api/v1/enquiries/{reference}/messages/": WORDS,
    "/api/v1/enquiries/{reference}/papers/{kind}.pdf": {"audience": "authority", **REASON},
    "/api/v1/enquiries/{reference}/access/": REASON,
    "/api/v1/enquiries/{reference}/access/ask/": REASON,
    "/api/v1/enquiries/{reference}/access/proposals/": {"kind": "unblock", **REASON},
    "/api/v1/enquiries/{reference}/access/conflicts/": REASON,
    "/api/v1/access-proposals/{pk}/decision/": {"agreed": False},
    "/api/v1/enquiries/bulk/": {
        "act": "flag",
        "query": "",
        "arguments": {"code": "HOLD", "review_on": "2100-01-11", **REASON},
    },
    "/api/v1/exports/": {"kind": "publication", "query": "period=2026-Q2"},
    "/api/v1/exports/{export}/agreement/": {"agreed": False},
    "/api/v1/planner/runs/{run}/apply/": {"rows": [1], "reply_by": "2027-01-11"},
    "/api/v1/enquiries/{reference}/flags/": {"code": "PRESS", "review_on": "2100-01-11", **REASON},
    "/api/v1/audits/{audit}/replies/": WORDS,
    "/api/v1/audits/{audit}/return/": REASON,
    "/api/v1/improvements/{improvement}/": {
        "owner": "lea.lead@north.example",
        "due_on": "2100-01-11",
        **REASON,
    },
    "/api/v1/improvements/{improvement}/done/": {"evidence": "Three visits."},
    "/api/v1/improvements/{improvement}/check/": {"worked": "yes", "effect": "Ten of ten."},
    "/api/v1/webhooks/": {"url": "https://hooks.example.org/"},
    "/api/v1/referrals/{reference}/evidence/": {"source": "School", "state": "received"},
    "/api/v1/referrals/{reference}/visits/": {"kind": "HOME", "planned_at": "2027-01-11T10:30:00Z"},
    "/api/v1/referrals/{reference}/follow-ups/{number}/answer/": {"outcome_code": "HOLDS"},
    "/api/v1/people/{person}/leaving/": {"moves": [], "reason": "She leaves."},
    "/api/v1/enquiries/{reference}/second-look/": {"answer": "confirm"},
    "/api/v1/enquiries/{reference}/oversight/": {"decision": "Go on."},
    "/api/v1/enquiries/{reference}/oversight/{pk}/done/": DONE,
    "/api/v1/enquiries/{reference}/challenges/{pk}/answer/": WORDS,
    "/api/v1/enquiries/{reference}/risk-opinions/": {"about": "child", "of": "nobody", "question": "Why?"},
    "/api/v1/enquiries/{reference}/risk-opinions/{pk}/": GIVEN,
    "/api/v1/referrals/{reference}/oversight/": {"decision": "Go on."},
    "/api/v1/referrals/{reference}/oversight/{pk}/done/": DONE,
    "/api/v1/referrals/{reference}/challenges/": WORDS,
    "/api/v1/referrals/{reference}/challenges/{pk}/answer/": WORDS,
}
FORM = {"version": "1", "source": "School", "state": "received", **REASON, **WORDS}
PLAN = {"kind": "HOME", "day": "2027-01-11", "at": "10:30"}
FORMS = {
    "/exports/{export}/agree/": {"answer": "no"},
    "/improvements/{improvement}/done/": {"evidence": "Three visits."},
    "/improvements/{improvement}/check/": {"worked": "yes", "effect": "Ten of ten."},
    "/enquiries/{reference}/flags/": {"code": "PRESS", "review_on": "2100-01-11"},
    "/enquiries/{reference}/second-look/": {"answer": "confirm"},
    "/enquiries/{reference}/oversight/": ENTRY,
    "/enquiries/{reference}/oversight/{number}/done/": DONE,
    "/enquiries/{reference}/risk-opinions/{number}/": GIVEN,
    "/referrals/{reference}/oversight/": ENTRY,
    "/referrals/{reference}/oversight/{number}/done/": DONE,
    "/referrals/{reference}/visits/": PLAN,
    "/referrals/{reference}/visits/{number}/move/": PLAN,
    "/referrals/{reference}/visits/{number}/": {"done_on": "2026-11-02"},
    "/referrals/{reference}/visits/{number}/cancel/": {"cancelled_why": "Ill."},
    "/referrals/{reference}/follow-ups/{number}/": {"outcome_code": "HOLDS"},
}


def ask(client: Client, case: Case, row: Row) -> Any:
    url = case.url(row.path)
    if row.method == "GET":
        return client.get(url)
    send = getattr(client, row.method.lower())
    if not row.path.startswith("/api/"):
        form = {**FORM, **FORMS.get(row.path, {}), "reference": case.referral.enquiry.reference}
        return send(url, {**form, "role": "order", "file": SimpleUploadedFile("order.pdf", PDF)})
    if row.path.endswith("/imports/"):
        form = {"file": SimpleUploadedFile("a.csv", b"kind\ngeneral\n")}
        behalf = {"authority": "353", "on_behalf_reason": "By post."}
        return send(url, form | (behalf if getattr(client, "on_behalf", False) else {}))
    if row.path.endswith("/attachments/"):
        return send(url, {"role": "order", "file": SimpleUploadedFile("order.pdf", PDF)})
    body = BODIES.get(row.path, {})
    if row.path == "/api/v1/enquiries/" and getattr(client, "on_behalf", False):
        body = {**body, "authority": "353", "on_behalf_reason": "By telephone."}
    headers = {"If-Match": case.etag(row.path)}
    return send(url, json.dumps(body), content_type="application/json", headers=headers)


def is_refused(answer: Any) -> bool:
    to_sign_in = answer.status_code == 302 and answer["Location"].startswith("/accounts/")
    return to_sign_in or answer.status_code in (401, 403, 404)


def caller(case: Case, name: str) -> Client:
    client = Client()
    client.on_behalf = name in ("coordinator", "manager")  # type: ignore[attr-defined]
    if name == "api_client":
        client.defaults["HTTP_AUTHORIZATION"] = bearer(*case.world.client)
    elif name != PASSER_BY:
        client.force_login(
            case.world.everybody()[name], backend="allauth.account.auth_backends.AuthenticationBackend"
        )
    return client


NAMES = (*sorted(ROLES), "api_client", "stranger", PASSER_BY)


# Each group shares one case: what one of them has printed is not made again for the next.
@pytest.mark.of_addresses
@pytest.mark.parametrize("names", [NAMES[0::3], NAMES[1::3], NAMES[2::3]], ids=" ".join)
def test_each_address_lets_in_whom_its_row_names_and_nobody_else(case: Case, names: tuple[str, ...]) -> None:
    wrong = []
    for name in names:
        client = caller(case, name)
        for row in table():
            # Reading leaves nothing to undo.
            with nullcontext() if row.method == "GET" else undone():
                answer = ask(client, case, row)
                if is_refused(answer) == row.lets_in(name):
                    wrong.append((name, row.method, row.path, answer.status_code))
    assert not wrong


@pytest.mark.parametrize("scope", SCOPES)
def test_a_case_system_needs_the_scope_of_the_row_and_no_other(case: Case, scope: str) -> None:
    others = " ".join(other for other in SCOPES if other != scope)
    with_it, without = (Client(headers={"Authorization": token(case, held)}) for held in (scope, others))
    rows = [row for row in table() if row.scope == scope and row.lets_in("api_client")]
    assert rows
    for row in rows:
        with undone():
            assert not is_refused(ask(with_it, case, row)), row
        assert ask(without, case, row).status_code == 403, row


def token(case: Case, scopes: str) -> str:
    return bearer(*case.world.client, scope=scopes)
