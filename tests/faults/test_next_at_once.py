"""Twenty coordinators press “Next enquiry” in the same moment, against a real server."""

from collections import Counter
from io import StringIO

from django.core.management import call_command

from intake.lifecycle import Role, Status
from intake.models import Enquiry, Event
from tests.factories import World
from tests.faults.server import Server, call, session
from tests.faults.test_at_once import AT_ONCE, ENQUIRIES, together

LEFT = 15


def test_each_gets_another_and_who_comes_last_is_told_that_nothing_is_left(
    server: Server, committed: World
) -> None:
    people = [committed.person(committed.hub, f"Coordinator {n}", Role.COORDINATOR) for n in range(AT_ONCE)]
    for _ in range(LEFT):
        committed.enquiry()
    callers = [session(person) for person in people]
    path = f"{ENQUIRIES}next/?status=submitted"
    answers = together(
        [lambda headers=headers: call(server.port, "POST", path, headers, b"") for headers in callers]
    )
    assert Counter(answer.status for answer in answers) == {200: LEFT, 409: AT_ONCE - LEFT}
    got = [answer.data["reference"] for answer in answers if answer.status == 200]
    assert len(set(got)) == LEFT
    rows = Enquiry.objects.filter(status=Status.IN_TRIAGE)
    assert len({row.owner_id for row in rows}) == len(rows) == LEFT
    assert Event.objects.filter(verb="enquiry.claim").count() == LEFT
    call_command("verify_history", stdout=StringIO())


def test_twenty_presses_with_one_key_are_one_claim(server: Server, committed: World) -> None:
    for _ in range(LEFT):
        committed.enquiry()
    headers = {**session(committed.coordinator), "Idempotency-Key": "one-press"}
    path = f"{ENQUIRIES}next/?status=submitted"
    answers = together([lambda: call(server.port, "POST", path, headers, b"")] * AT_ONCE)
    assert {answer.status for answer in answers} == {200}
    assert len({answer.data["reference"] for answer in answers}) == 1
    assert Event.objects.filter(verb="enquiry.claim").count() == 1
