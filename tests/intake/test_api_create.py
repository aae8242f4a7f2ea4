"""POST /api/v1/enquiries/ by a case system: once, however often it is sent."""

import json
from typing import Any

import pytest

from intake.actions import enquiries, members
from intake.identifiers import normalise_reference
from intake.models import Enquiry, Event, IdempotencyKey, Notification, Organisation, User
from tests.conftest import bearer
from tests.factories import World, example
from tests.faults.server import COUNTED

URL = "/api/v1/enquiries/"


@pytest.fixture
def send(world: World, client: Any) -> Any:
    """POST as Oldham's case system; a body as it stands in `raw`, else as JSON."""
    header = bearer(*world.client)

    def post(body: Any, key: str = "", **more: Any) -> Any:
        headers = {"Authorization": header, **({"Idempotency-Key": key} if key else {}), **more}
        raw = body if isinstance(body, str) else json.dumps(body)
        return client.post(URL, raw, content_type="application/json", headers=headers)

    return post


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Enquiry, Event, Notification, IdempotencyKey))


@pytest.mark.parametrize(
    ("name", "code"), [("parenting_assessment", "353"), ("prebirth_pams", "681"), ("general_enquiry", "936")]
)
def test_the_three_examples_are_accepted_as_they_stand(client: Any, db: None, name: str, code: str) -> None:
    authority = Organisation.objects.get(kind="authority", code=code)
    header = bearer(*members.issue_client(authority=authority, name="Case system"))
    answer = client.post(
        URL, example(name), content_type="application/json", headers={"Authorization": header}
    )
    assert answer.status_code == 201, answer.content
    shown = answer.json()
    assert normalise_reference(shown["reference"], "ENQ") == shown["reference"]
    assert answer["Location"] == f"{URL}{shown['reference']}/"
    assert answer["ETag"] == '"1"'
    assert (shown["status"], shown["turn"], shown["clock"]) == ("submitted", "hub", "running")
    assert shown["decision_due_at"] > shown["received_at"]
    assert shown["acknowledgement"].startswith(answer["Location"])


def test_what_was_sent_is_read_back_whole_by_who_may(world: World, api: Any) -> None:
    body = example()
    reference = api(world.authority_manager).post(URL, body, format="json").data["reference"]
    shown = api(world.authority_manager).get(f"{URL}{reference}/").json()
    assert {name: shown[name] for name in body if name not in ("legal", "adults")} == {
        name: body[name] for name in body if name not in ("legal", "adults")
    }
    assert shown["legal"] == body["legal"]


def test_a_case_system_does_not_read_back_health_and_withheld_addresses(send: Any) -> None:
    body = example()
    body["adults"][0]["address_withheld"] = True
    shown = send(body).json()
    assert "needs" not in shown["adults"][0]
    assert "address" not in shown["adults"][0]
    assert {"address", "needs"} <= set(shown["adults"][0]["not_shown"])


def test_the_same_key_twice_is_one_enquiry_one_line_and_one_letter(send: Any) -> None:
    first, again = send(example(), "one"), send(example(), "one")
    assert (first.status_code, again.status_code) == (201, 201)
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert first.json()["reference"] == again.json()["reference"]
    assert counts() == (1, 1, 1, 1)


def test_a_key_is_the_same_quoted_or_bare(send: Any) -> None:
    assert send(example(), "one").json()["reference"] == send(example(), '"one"').json()["reference"]
    assert counts() == (1, 1, 1, 1)


def test_the_order_of_members_does_not_matter(send: Any) -> None:
    first = send(example(), "one")
    again = send(dict(reversed(example().items())), "one")
    assert (again.status_code, again.json()["reference"]) == (201, first.json()["reference"])


def test_a_replay_shows_the_enquiry_as_it_stands_today(send: Any, world: World, api: Any) -> None:
    reference = send(example(), "one").json()["reference"]
    api(world.coordinator).make(Enquiry.objects.get(reference=reference), "claim")
    assert send(example(), "one").json()["status"] == "in_triage"


def test_the_same_key_with_other_content_is_422_and_writes_nothing(send: Any) -> None:
    send(example(), "one")
    answer = send({**example(), "background": "Something else."}, "one")
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json()["detail"]
    assert counts() == (1, 1, 1, 1)


def test_the_same_key_of_another_client_is_another_key(send: Any, world: World, client: Any) -> None:
    first = send(example(), "one")
    header = {"Authorization": bearer(*world.other_client), "Idempotency-Key": "one"}
    other = client.post(URL, example(), content_type="application/json", headers=header)
    assert other.status_code == 201
    assert other.json()["reference"] != first.json()["reference"]
    assert counts() == (2, 2, 2, 2)


def test_a_refused_enquiry_does_not_use_its_key_up(send: Any) -> None:
    assert send({}, "one").status_code == 422
    assert send(example(), "one").status_code == 201


@pytest.mark.parametrize("key", ["x" * 256, "one\ttwo"])
def test_a_key_that_is_none_is_400(send: Any, key: str) -> None:
    assert send(example(), key).status_code == 400
    assert counts() == (0, 0, 0, 0)


def test_a_key_of_255_characters_is_one(send: Any) -> None:
    assert send(example(), "x" * 255).status_code == 201


def test_without_a_key_the_same_content_is_409_naming_the_first(send: Any) -> None:
    first, again = send(example()), send(example())
    assert again.status_code == 409
    assert again.json()["reference"] == first.json()["reference"]
    assert counts() == (1, 1, 1, 0)


def test_without_a_key_the_same_content_may_come_again_once_the_first_is_withdrawn(
    send: Any, world: World
) -> None:
    enquiry = Enquiry.objects.get(reference=send(example()).json()["reference"])
    enquiries.withdraw(enquiry=enquiry, by=world.case_system, reason_code="IN_ERROR")
    assert send(example()).status_code == 201


def test_a_draft_that_was_discarded_is_not_brought_back_by_a_late_retry(world: World, api: Any) -> None:
    caller, draft = api(world.referrer), {**example(), "draft": True}
    made = caller.post(URL, draft, format="json", headers={"Idempotency-Key": "one"})
    assert made.data["status"] == "draft"
    assert caller.make(Enquiry.objects.get(), "discard").status_code == 204
    again = caller.post(URL, draft, format="json", headers={"Idempotency-Key": "one"})
    assert (again.status_code, Enquiry.objects.count()) == (404, 0)


def test_a_draft_may_be_short_of_answers_and_is_sent_only_when_it_is_whole(world: World, api: Any) -> None:
    caller = api(world.referrer)
    answer = caller.post(URL, {"draft": True, "kind": "referral"}, format="json")
    assert (answer.status_code, answer.data["status"]) == (201, "draft")
    refused = caller.make(Enquiry.objects.get(), "submit")
    assert refused.status_code == 422
    assert len(refused.data["errors"]) > 5
    patched = caller.patch(
        f"{URL}{answer.data['reference']}/", example(), format="json", headers={"If-Match": answer["ETag"]}
    )
    assert patched.status_code == 200, patched.data
    assert caller.make(Enquiry.objects.get(), "submit").data["status"] == "submitted"


def test_the_hub_sends_for_an_authority_with_a_reason(world: World, api: Any) -> None:
    caller = api(world.coordinator)
    assert caller.post(URL, example(), format="json").status_code == 422
    for_them = {**example(), "authority": "353", "on_behalf_reason": "By telephone."}
    answer = caller.post(URL, for_them, format="json")
    assert (answer.status_code, answer.data["authority"]["code"]) == (201, "353")
    assert Event.objects.get().note == "By telephone."


def test_an_authority_sends_for_itself_only(send: Any) -> None:
    assert send({**example(), "authority": "936"}).status_code == 403
    assert counts() == (0, 0, 0, 0)


@pytest.mark.parametrize("name", ["reviewer", "auditor", "administrator", "lead", "assessor"])
def test_who_may_not_send_is_told_so(world: World, api: Any, name: str) -> None:
    user: User = getattr(world, name)
    assert api(user).post(URL, example(), format="json").status_code == 403
    assert counts() == (0, 0, 0, 0)


def test_every_fault_of_shape_and_rule_is_named_at_once_at_its_place(send: Any) -> None:
    body = example()
    body["kind"] = "letter"
    body["urgency"]["immediate_danger"] = "no"
    body["surprise"] = 1
    body["children"][0]["nhs_number"] = "9999999999"
    body["children"][1]["sex"] = 3
    body["legal"]["hearings"][0]["date"] = "soon"
    body["legal"]["instruction"]["cost_shares"][0]["percent"] = 99
    body["adults"][0]["address"]["postcode"] = "NOWHERE"
    answer = send(body)
    assert answer.status_code == 422
    places = {fault["pointer"] for fault in answer.json()["errors"]}
    assert places >= {
        "/kind",
        "/urgency/immediate_danger",
        "/surprise",
        "/children/0/nhs_number",
        "/children/1/sex",
        "/legal/hearings/0/date",
        "/legal/instruction/cost_shares",
        "/adults/0/address/postcode",
    }
    assert counts() == (0, 0, 0, 0)


def test_a_fault_never_repeats_what_was_sent(send: Any) -> None:
    body = example()
    body["children"][0]["nhs_number"] = "9434765918"
    body["children"][0]["date_of_birth"] = "Tuesday the 5th"
    answer = send(body).content.decode()
    assert "9434765918" not in answer
    assert "Tuesday" not in answer


def test_case_notes_of_20000_characters_with_quotes_and_sql_are_kept_as_sent(
    send: Any, world: World, api: Any
) -> None:
    notes = (
        "She said: “I can't”; DROP TABLE intake_enquiry; -- <script>alert(1)</script> \\u0000 % _ ' \" " * 250
    )[:20_000]
    reference = send({**example(), "background": notes}).json()["reference"]
    assert api(world.referrer).get(f"{URL}{reference}/").data["background"] == notes


def test_a_create_takes_at_most_twelve_statements(
    send: Any, world: World, django_assert_max_num_queries: Any
) -> None:
    send(example("general_enquiry"))
    with django_assert_max_num_queries(30) as counted:
        assert send(example(), "one").status_code == 201
    statements = [row["sql"] for row in counted.captured_queries if "SAVEPOINT" not in row["sql"]]
    assert len(statements) <= 12 + COUNTED, "\n".join(sql[:120] for sql in statements)
