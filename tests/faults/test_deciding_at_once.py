"""Twenty coordinators decide one enquiry at once: one wins, the others learn who, and keep what they typed."""

import json
from collections import Counter
from io import StringIO
from urllib.parse import urlencode

from django.core.management import call_command
from django.test import Client

from intake.lifecycle import Role
from intake.models import Event
from referrals.models import Decision
from tests.factories import World, fresh
from tests.faults.server import Server, call, session
from tests.faults.test_at_once import AT_ONCE, ENQUIRIES, together

SAID = {
    "conflict_statement": "None known.",
    "waiver_reason": "It follows before the first visit.",
    "late_reason": "The court knows.",
}


def test_one_of_twenty_coordinators_decides_and_the_others_learn_who(
    server: Server, committed: World
) -> None:
    people = [committed.person(committed.hub, f"Coordinator {n}", Role.COORDINATOR) for n in range(AT_ONCE)]
    enquiry = committed.enquiry("in_triage")
    paths = [f"{ENQUIRIES}{enquiry.reference}/{verb}/" for verb in ("accept", "decline")]
    declining = {"reason_code": "AREA", "text": "Too far.", "elsewhere": "The regional list."}
    bodies = [
        json.dumps({**SAID, "rationale": f"I am number {n}."} if n % 2 else declining).encode()
        for n in range(AT_ONCE)
    ]
    callers = [{**session(person), "If-Match": enquiry.etag} for person in people]
    answers = together(
        [
            lambda n=n: call(server.port, "POST", paths[(n + 1) % 2], callers[n], bodies[n])
            for n in range(AT_ONCE)
        ]
    )
    statuses = Counter(answer.status for answer in answers)
    assert statuses[200] == 1, statuses
    assert statuses[409] + statuses[412] == AT_ONCE - 1
    decided = fresh(enquiry)
    steps = Event.objects.filter(verb__in=("enquiry.accept", "enquiry.decline"))
    won = steps.get()
    assert decided.status == won.to_status
    made = {"accepted": 2, "declined": 1}[decided.status]
    assert Decision.objects.filter(by=won.by).count() == Decision.objects.count() == made
    stale = [answer.data for answer in answers if answer.status == 412]
    assert all(told["changed_by"] == won.by_name for told in stale)
    call_command("verify_history", stdout=StringIO())


def test_the_page_of_who_lost_says_who_won_and_keeps_the_typed_text(committed: World) -> None:
    enquiry = committed.enquiry("in_triage")
    loser = Client()
    loser.force_login(committed.colleague, backend="allauth.account.auth_backends.AuthenticationBackend")
    committed.decide(enquiry, "declined")
    typed = {"version": str(enquiry.version), "rationale": "Three pages of mine.", **SAID}
    answer = loser.post(f"/enquiries/{enquiry.reference}/accept/", urlencode(typed),
                        content_type="application/x-www-form-urlencoded")  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Three pages of mine." in page
    assert committed.coordinator.name in page
