"""What one may not see does not exist: over every model, every address, every list, every name in a body."""

import ast
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from intake.actions import (
    attachments,
    enquiries,
    flags,
    imports,
    information,
    likeness,
    messages,
    presence,
    restricting,
    webhooks,
)
from intake.models import Event, User
from referrals.actions import bulk, feeds, improvements, opinions, planning, saved_views, solving
from reports.actions import basket, counting, export_making, exports, print_runs
from tests.contract.scoped import filled, of_records
from tests.factories import PDF, World, example, fresh, in_days, new_key

TOP = Path(__file__).resolve().parents[2]
OURS = ("intake", "referrals", "reports")

# Models without a rule of who sees them, and why they need none.
NOT_SCOPED = {
    "AssessmentType": "the catalogue is public",
    "Requirement": "what the catalogue asks for is public",
    "Code": "code lists are public",
    "EthnicGroup": "a code list",
    "Holiday": "public",
    "Recount": "a day, and when the round took it up",
    "Wording": "what every letter of a kind says; its page asks the role",
    "Banner": "said to everybody whom it is for; its page asks the role",
    "StatutoryClock": "the law is public",
    "Target": "our promise is public",
    "WorkTarget": "our promise is public",
    "PriorityWeight": "what weighs how much is reference data; its page asks the role",
    "PlanStep": "our own practice, the same for every case",
    "EmailDomain": "reference data",
    "AssessmentHours": "our own practice, the same for every case",
    "Grade": "our own practice, the same for everybody",
    "PostcodeArea": "facts of the map",
    "MatchWeight": "our own practice, the same for every case",
    "AuthorityCode": "public registers",
    "Reorganisation": "public",
    "DeliveryBody": "public",
    "Reminder": "a reference, a word and a day; nobody's name",
    "Round": "when the worker last looked",
    "RoleGrant": "read with its person only",
    "ApiClient": "read with its token only, and in the admin",
    "DriftRule": "our own practice is public",
    "Allowance": "counts calls under ids and hashes",
    "ReleasedNumber": "numbers of figures that were made for publication, of no case",
    "Uncounted": "numbers of enquiries to be counted, read by the worker",
    "DailySum": "numbers of what is not restricted, read through reports.figures.slices only",
    "Tally": "numbers of open enquiries that are not restricted, read by the hub's desk only",
    "IdempotencyKey": "looked up by its own client only, holds no body",
}


def models() -> list[Any]:
    return [model for name in OURS for model in apps.get_app_config(name).get_models()]


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_a_model_has_a_rule_of_who_sees_it_or_a_reason_to_have_none(model: Any) -> None:
    has_rule = hasattr(model._default_manager, "visible_to")
    assert has_rule != (model.__name__ in NOT_SCOPED)


@pytest.mark.parametrize(
    "model", [m for m in models() if m.__name__ not in NOT_SCOPED], ids=lambda m: m.__name__
)
def test_strangers_see_no_row_of_an_oldham_case(world: World, model: Any) -> None:
    """Of a case with everything in it; organisations and people are known by rules of their own."""
    everything(world)
    if model.__name__ in (
        "Organisation",
        "User",
        "Webhook",
        "AccountEvent",
        "Disposal",
        "Coverage",
        "Assessor",
        "Conflict",
        "Skill",
        "Leave",
        "Opened",
    ):
        return
    rows = model._default_manager
    assert model.__name__ in EMPTY or rows.exists(), "The case has none of these: the test would say nothing."
    for name, user in strangers(world).items():
        assert not rows.visible_to(user).exists(), name


# What no case has before somebody prints it or raises it.
EMPTY = {
    "Access",
    "Audit",
    "AuditReply",
    "AuditSample",
    "ConflictBlock",
    "Addendum",
    "DailyLetter",
    "DigestSent",
    "Document",
    "Defect",
    "Finding",
    "FollowUp",
    "HeldLetter",
    "Kept",
    "LetterChoice",
    "Met",
    "Pack",
    "PackLetter",
    "Review",
    "SettingChange",
    "Visit",
    "WeightsChange",
}


def everything(world: World) -> Any:
    """A case of Oldham's with questions answered, a file, an offer, a report."""
    webhooks.subscribe(by=world.authority_manager, url="https://hooks.oldham.example/")
    world.oldham.refresh_from_db()
    enquiry = world.enquiry("information_requested")
    information.answer(
        enquiry=enquiry,
        by=world.referrer,
        answers=[{"number": 1, "text": "Yes."}, {"number": 2, "text": "A dog."}],
    )
    for text, audience in (("Ring them on Monday.", "hub"), ("May we visit?", "authority")):
        messages.write(enquiry=enquiry, by=world.coordinator, text=text, audience=audience)
    messages.mark_seen(enquiry=enquiry, by=world.referrer)
    presence.look(enquiry=enquiry, by=world.coordinator, now=timezone.now())
    saved_views.save(by=world.coordinator, name="Oldham", of="enquiries", query="authority=353", shared=True)
    restricting.ask(enquiry=enquiry, by=world.coordinator, reason="A threat.")
    imports.take_in(content=b"kind\ngeneral\n", by=world.referrer)
    imports.import_next(timezone.now())
    counting.count_new(timezone.now())
    referral = world.referral("in_review")
    feeds.make(by=world.lead, whose="service")
    likeness.answer(
        enquiry=enquiry,
        other=referral.enquiry.reference,
        answer="linked",
        reason="One mother.",
        by=world.manager,
    )
    opinions.ask_opinion(
        enquiry=enquiry, by=world.coordinator, about="child", of=world.manager, question="Is high right?"
    )
    # An order made for harm, and no known risk: the decision waits for a second person.
    unknown = [
        {"about": about, "level": "none_known", "text": ""} for about in ("child", "worker", "contact")
    ]
    world.accept(world.enquiry("in_triage", risks=unknown))
    api_of(world.manager).post(
        f"/api/v1/referrals/{referral.reference}/challenges/",
        json.dumps({"text": "Why so late?"}),
        content_type="application/json",
    )
    many_at_once(world, referral)
    improvements.add(
        by=world.manager,
        what="Ring back.",
        source="complaint",
        found="Nobody rang.",
        owner=world.coordinator,
        due_on=in_days(9),
    )
    return referral


def many_at_once(world: World, referral: Any) -> None:
    """A flag, a table that is previewed, and a plan that is worked out, of those that wait."""
    flags.raise_flag(
        enquiry=referral.enquiry, by=world.coordinator, code="HOLD", reason="A call.", review_on=in_days(9)
    )
    named = [referral.enquiry.reference]
    flag = {"code": "PRESS", "reason": "A call.", "review_on": in_days(9).isoformat()}
    bulk.preview(by=world.coordinator, act="flag", arguments=flag, references=named)
    print_runs.preview(
        by=world.coordinator,
        kind="summary",
        audience="authority",
        form="zip",
        chosen=print_runs.Choice(named),
    )
    basket.put(by=world.coordinator, chosen=print_runs.Choice(named))
    table = exports.ask(by=world.coordinator, wanted=exports.Wanted("enquiries", "csv"))
    export_making.begin(table)
    exports.open_file(export=fresh(table), by=world.coordinator).close()
    world.discarded()
    planning.ask(by=world.coordinator)
    solving.solve_next(timezone.now())


def strangers(world: World) -> dict[str, User]:
    return {
        "another authority": world.stranger,
        "another service": world.other_lead,
        "another service's assessor": world.other_assessor,
        "the administrator": world.administrator,
        "an auditor who gave no reason": world.auditor,
    }


def api_of(user: User) -> Client:
    """The session of somebody signed in, without the second door of force_authenticate."""
    client = Client(headers={"Accept": "*/*"})
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


# --- Every address -------------------------------------------------------------------------------------------

GET: dict[str, Any] = {}
POST: dict[str, Any] = {
    "data": "{}",
    "content_type": "application/json",
    "headers": {"If-Match": '"1"'},
}
REASON: dict[str, Any] = {
    "data": json.dumps({"reason": "I want to see it.", "text": "Why?", "version": 1}),
    "content_type": "application/json",
    "headers": {"If-Match": '"1"'},
}
FORM: dict[str, Any] = {"data": {"reason": "I want to see it.", "version": "1"}}
WAYS: list[tuple[str, str, dict[str, Any]]] = [
    ("get", "", GET),
    ("get", "?audience=authority", GET),
    ("get", "?page_size=1&nonsense=1", GET),
    ("post", "", POST),
    ("post", "", REASON),
    ("post", "", FORM),
    ("post", "?version=1", POST),
    ("patch", "", POST),
    ("patch", "", REASON),
    ("put", "", POST),
    ("delete", "", POST),
    ("head", "", GET),
]


FEW = [WAYS[0], WAYS[4], WAYS[8]]


@pytest.mark.of_addresses
@pytest.mark.parametrize("who", ["stranger", "other_lead", "other_assessor", "administrator", "auditor"])
@time_machine.travel(
    datetime(2026, 11, 23, 10, tzinfo=UTC), tick=False
)  # Expires says the second of the answer
def test_somebody_elses_record_and_none_are_the_same_answer_at_every_address(world: World, who: str) -> None:
    referral = world.referral("in_progress")
    client = api_of(getattr(world, who))
    for path in of_records():
        kind = "REF" if "/referrals/" in path else "ENQ"
        real = referral.reference if kind == "REF" else referral.enquiry.reference
        not_taken = set()
        for method, query, request in WAYS if who == "stranger" else FEW:
            if method in not_taken:
                continue
            theirs = answer(client, method, filled(path, real) + query, request, real)
            if theirs[0] == 405:
                not_taken.add(method)
            none = answer(client, method, filled(path, NONE[kind]) + query, request, NONE[kind])
            assert theirs == none, (method, path, query)
            assert theirs[0] >= 400 or "/accounts/" in theirs[1], (method, path, query, theirs[0])
            if method == "get" and not query:
                assert theirs[0] in (404, 405), (path, theirs[0])


# Right in form and check character; nobody has them.
NONE = {"ENQ": "ENQ-2222-2222-2", "REF": "REF-2222-2222-2"}


def answer(
    client: Client, method: str, path: str, request: dict[str, Any], reference: str
) -> tuple[Any, ...]:
    """Status and content, without the trace id, and with the reference that was asked for blotted out."""
    response = getattr(client, method)(path, **request)
    content = response.content.decode(errors="replace")
    content = re.sub(r'"trace_id": ?"[0-9a-f]+"', "", content).replace(reference, "…")
    content = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", content)
    headers = {name: value for name, value in response.headers.items() if name not in PER_REQUEST}
    return response.status_code, str(headers).replace(reference, "…"), content


PER_REQUEST = ("RateLimit", "X-Trace-Id", "Set-Cookie", "Content-Length", "Content-Security-Policy")


def test_a_token_of_another_authority_is_told_the_same_of_theirs_and_of_none(world: World, api: Any) -> None:
    referral = world.referral("in_progress")
    world.other_client  # noqa: B018 - issued before it calls
    caller = api(world.other_client[0].user)
    for path in of_records():
        if path.startswith("/api/"):
            kind = "REF" if "/referrals/" in path else "ENQ"
            real = referral.reference if kind == "REF" else referral.enquiry.reference
            for method in ("get", "post", "patch"):
                theirs, none = (
                    getattr(caller, method)(
                        filled(path, one), {"reason": "x"}, format="json", headers={"If-Match": '"1"'}
                    )
                    if method != "get"
                    else caller.get(filled(path, one))
                    for one in (real, NONE[kind])
                )
                assert theirs.status_code == none.status_code, (method, path)
                assert {**theirs.json(), "trace_id": ""} == {**none.json(), "trace_id": ""}, (method, path)


# --- Lists ---------------------------------------------------------------------------------------------------

QUERIES = ["", "?q={reference}", "?q=doyle", "?authority=353", "?status=in_triage", "?ordering=due_at"]


@pytest.mark.parametrize("who", ["stranger", "other_lead", "other_assessor", "administrator", "auditor"])
@pytest.mark.parametrize("query", QUERIES)
def test_no_list_search_or_count_holds_anothers_record(world: World, who: str, query: str) -> None:
    referral = world.referral("in_progress")
    client = api_of(getattr(world, who))
    asked = query.format(reference=referral.enquiry.reference)
    listed = client.get(f"/api/v1/enquiries/{asked}").json()
    assert (listed["results"], listed["next"]) == ([], None)
    assert client.get("/api/v1/referrals/").json()["results"] == []
    for page in (f"/enquiries/{asked}", "/referrals/"):
        content = client.get(page, follow=True).content.decode()
        assert referral.reference not in content
        assert "Doyle" not in content
        assert content.count(referral.enquiry.reference) == content.count("q=") == 0 or "q=" in asked


def test_an_authority_sees_its_own_and_the_hub_sees_both(world: World) -> None:
    ours = world.enquiry()
    theirs = enquiries.submit(body=example("general_enquiry"), by=world.stranger, key=new_key())[0]

    def seen(user: User) -> set[str]:
        return {row["reference"] for row in api_of(user).get("/api/v1/enquiries/").json()["results"]}

    assert seen(world.referrer) == {ours.reference}
    assert seen(world.stranger) == {theirs.reference}
    assert seen(world.coordinator) == {ours.reference, theirs.reference}


def test_a_service_sees_an_enquiry_from_offer_to_decline(world: World, api: Any) -> None:
    referral = world.referral("waiting")
    path = f"/api/v1/enquiries/{referral.enquiry.reference}/"
    assert api_of(world.lead).get(path).status_code == 404
    world.offer(referral)
    assert api_of(world.lead).get(path).status_code == 200
    assert api_of(world.assessor).get(path).status_code == 404
    referral.refresh_from_db()
    api(world.lead).make(referral, "decline_offer", {"reason_code": "SKILL", "text": "Nobody is free."})
    assert api_of(world.lead).get(path).status_code == 404


def test_an_auditor_reads_with_a_reason_that_stays_in_the_history(world: World) -> None:
    enquiry, client = world.enquiry(), api_of(world.auditor)
    opening = f"/api/v1/enquiries/{enquiry.reference}/opening/"
    send: dict[str, Any] = {"content_type": "application/json"}
    assert client.post(opening, {"reason": " "}, **send).status_code == 422
    assert client.post(opening, {"reason": "A complaint."}, **send).status_code == 200
    assert client.get(f"/api/v1/enquiries/{enquiry.reference}/").status_code == 200
    assert Event.objects.filter(verb="enquiry.opened", note="A complaint.").exists()


def test_who_lost_their_role_sees_nothing_from_the_next_request_on(world: World) -> None:
    enquiry, client = world.enquiry(), api_of(world.referrer)
    path = f"/api/v1/enquiries/{enquiry.reference}/"
    assert client.get(path).status_code == 200
    world.referrer.role_grants.all().delete()
    assert client.get(path).status_code == 404


# --- Names in a body -----------------------------------------------------------------------------------------


def test_a_foreign_enquiry_as_the_original_of_a_duplicate_is_as_if_it_were_none(
    world: World, api: Any
) -> None:
    """The hub sees both; of another authority it is still not the original."""
    enquiry = world.enquiry()
    theirs = enquiries.submit(body=example("general_enquiry"), by=world.stranger, key=new_key())[0]
    foreign = api(world.coordinator).make(enquiry, "mark_duplicate", {"repeats": theirs.reference})
    none = api(world.coordinator).make(enquiry, "mark_duplicate", {"repeats": NONE["ENQ"]})
    same(foreign, none)


def test_an_authority_as_a_service_is_as_if_it_were_none(world: World, api: Any) -> None:
    referral = world.referral()

    def offer(code: str) -> Any:
        return api(world.coordinator).make(referral, "offer", {"service": code, "reply_by": str(in_days(3))})

    same(offer("353"), offer("nowhere"))


@pytest.mark.parametrize("who", ["other_assessor", "referrer", "coordinator", "lead"])
def test_somebody_else_as_assessor_is_as_if_they_were_none(world: World, api: Any, who: str) -> None:
    referral = world.referral("offered")

    def accept(email: str) -> Any:
        facts = {"assessor": email, "conflict_statement": "None known."}
        return api(world.lead).make(referral, "accept_offer", facts)

    same(accept(getattr(world, who).email), accept("nobody@north.example"))


def test_a_report_of_another_referral_is_as_if_it_were_none(world: World, api: Any) -> None:
    """Of a case that the assessor does not see."""
    referral, other = world.referral("in_progress"), world.referral()
    theirs = attachments.attach(
        enquiry=other.enquiry,
        by=world.coordinator,
        role="report",
        file=SimpleUploadedFile("report.pdf", PDF),
        subject=other.reference,
    )

    def submit(pk: int) -> Any:
        return api(world.assessor).make(referral, "submit_report", {"report": pk, "children_seen": []})

    same(submit(theirs.pk), submit(theirs.pk + 10_000))


def same(one: Any, other: Any) -> None:
    assert one.status_code == 422, one.data
    faults = [{**answer.data, "trace_id": ""} for answer in (one, other)]
    assert faults[0] == faults[1]


# --- The code ------------------------------------------------------------------------------------------------

SCOPED = {model.__name__ for model in models() if model.__name__ not in NOT_SCOPED}
# Where a view asks for rows by another way than the rule, and why that is right.
ALLOWED = {
    "referrals/pages/listing.py Organisation.services": "the names of services, for the hub only",
    "reports/pages/figures.py Organisation.services": "the names of services, for the hub only",
    "intake/api/serializers.py Assessment.filter": "of a page's ids, which came through the rule",
    "intake/api/serializers.py Person.filter": "of a page's ids, which came through the rule",
    "intake/api/reference_views.py Organisation.authorities": "authorities are public",
    "intake/api/views.py Organisation.authorities": "authorities are public",
    "intake/pages/imports.py Organisation.authorities": "authorities are public",
    "intake/pages/writing/begin.py Organisation.authorities": "authorities are public",
    "reports/pages/accounts.py User.filter": "in which language somebody reads a letter to their own address",
    "intake/pages/kept.py User.filter": "whose page it was, by a seal that we signed",
    "intake/pages/worklist.py Organisation.authorities": "authorities are public",
    "referrals/pages/keeping_forms.py Organisation.authorities": "authorities are public",
    "intake/pages/worklist.py Person.filter": "a prefetch of rows that came through the rule",
    "intake/pages/worklist.py Assessment.select_related": "a prefetch of rows that came through the rule",
    "referrals/pages/placing_forms.py Assessor.filter": "of a referral that came through the rule",
    "referrals/pages/placing_forms.py User.filter": "the assessors of a referral's own service",
    "referrals/pages/calendar.py Feed.live": "by the feed's own secret; what it shows goes through the rule",
    "referrals/pages/planning.py Organisation.authorities": "authorities are public",
    "referrals/pages/bulk.py Organisation.services": "the names of services, for the hub only",
    "intake/pages/restricting.py User.none": "nobody, until the form knows of which enquiry",
    "intake/pages/restricting.py User.filter": "the access list of an enquiry that came through the rule",
    "intake/pages/restricting.py Access.live": "the access list of an enquiry that came through the rule",
    "reports/api/exports.py Export.log_for": "the log, for the hub's manager and auditor; nobody is named in it",
    "reports/pages/exports.py Export.log_for": "the log, for the hub's manager and auditor; nobody is named in it",
    "reports/api/print_runs.py PrintRun.log_for": "the log, for the hub's manager and auditor; nobody is named in it",
    "reports/pages/print_runs.py PrintRun.log_for": "the log, for the hub's manager and auditor; nobody is named in it",
    "referrals/pages/views.py Challenge.filter": "of a referral that came through the rule",
}


def rows_reached(path: Path) -> set[str]:
    """Where a view asks a scoped model's manager for rows: the model and the first method called."""
    return {
        f"{path.relative_to(TOP)} {node.value.value.id}.{node.attr}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "objects"
        and isinstance(node.value.value, ast.Name)
        and node.value.value.id in SCOPED
    }


def test_a_view_reaches_rows_through_their_rule_or_for_a_reason() -> None:
    views = [path for app in OURS for room in ("api", "pages") for path in (TOP / app / room).glob("**/*.py")]
    assert len(views) > 10
    reached = {place for path in views for place in rows_reached(path)}
    assert {place for place in reached if not place.endswith(".visible_to")} <= set(ALLOWED)
