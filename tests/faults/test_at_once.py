"""Twenty at once, against a real server: one enquiry for a key, one owner for an enquiry."""

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from threading import Barrier

from django.core.management import call_command

from intake.lifecycle import Role, Status
from intake.models import Enquiry, Event, IdempotencyKey, Notification
from tests.factories import World, example, fresh
from tests.faults.server import Answer, Server, bearer, call, session

AT_ONCE = 20
ENQUIRIES = "/api/v1/enquiries/"


def together(send: list[object]) -> list[Answer]:
    """All of them start in the same moment."""
    start = Barrier(len(send))

    def go(one: object) -> Answer:
        start.wait()
        return one()  # type: ignore[operator, no-any-return]

    with ThreadPoolExecutor(len(send)) as threads:
        return list(threads.map(go, send))


def until_answered(port: int, headers: dict[str, str], body: bytes) -> Answer:
    """As a case system does: told to come again, it comes again."""
    answer = call(port, "POST", ENQUIRIES, headers, body)
    while answer.status in (409, 503) and "retry-after" in answer.headers:
        time.sleep(min(1.0, float(answer.headers["retry-after"])))
        answer = call(port, "POST", ENQUIRIES, headers, body)
    return answer


def test_twenty_creates_with_one_key_are_one_enquiry(server: Server, committed: World) -> None:
    headers = {**bearer(committed.client), "Idempotency-Key": "one-key"}
    body = json.dumps(example()).encode()
    answers = together([lambda: until_answered(server.port, headers, body)] * AT_ONCE)
    assert Counter(answer.status for answer in answers) == {201: AT_ONCE}
    assert len({answer.data["reference"] for answer in answers}) == 1
    assert sum("idempotent-replayed" in answer.headers for answer in answers) == AT_ONCE - 1
    counts = [model.objects.count() for model in (Enquiry, IdempotencyKey, Event, Notification)]
    assert counts == [1, 1, 1, 1]


def test_twenty_creates_with_a_key_each_are_twenty_enquiries(server: Server, committed: World) -> None:
    token, body = bearer(committed.client), json.dumps(example()).encode()
    keys = [{**token, "Idempotency-Key": f"key-{number}"} for number in range(AT_ONCE)]
    answers = together(
        [lambda headers=headers: until_answered(server.port, headers, body) for headers in keys]
    )
    assert Counter(answer.status for answer in answers) == {201: AT_ONCE}
    assert Enquiry.objects.count() == len({answer.data["reference"] for answer in answers}) == AT_ONCE


def test_one_of_twenty_coordinators_claims_it_and_the_others_learn_who(
    server: Server, committed: World
) -> None:
    people = [committed.person(committed.hub, f"Coordinator {n}", Role.COORDINATOR) for n in range(AT_ONCE)]
    enquiry = committed.enquiry()
    path = f"{ENQUIRIES}{enquiry.reference}/claim/"
    callers = [{**session(person), "If-Match": enquiry.etag} for person in people]
    answers = together(
        [lambda headers=headers: call(server.port, "POST", path, headers, b"") for headers in callers]
    )
    statuses = Counter(answer.status for answer in answers)
    assert statuses[200] == 1
    assert statuses[409] + statuses[412] == AT_ONCE - 1
    claimed = fresh(enquiry)
    assert (claimed.status, Event.objects.filter(verb="enquiry.claim").count()) == (Status.IN_TRIAGE, 1)
    losers = [answer.data for answer in answers if answer.status != 200]
    assert all(str(claimed.owner) in json.dumps(told) for told in losers)
    call_command("verify_history", stdout=StringIO())
