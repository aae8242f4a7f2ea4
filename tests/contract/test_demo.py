"""The demonstration: its world stands once, and its walk goes from the POST to the printed summary."""

import json
from collections import Counter
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from config.demo import stock, world
from config.demo.walk import whose
from intake.lifecycle import Status
from intake.models import ApiClient, Enquiry, Event, Flag, Organisation, User
from referrals.lifecycle import Status as ReferralStatus
from referrals.models import (
    Audit,
    FollowUp,
    Improvement,
    Offer,
    OversightEntry,
    PlanRun,
    Referral,
    SecondLook,
)
from tests.factories import DATA, example


@pytest.fixture
def demo(settings: Any, tmp_path: Path) -> Path:
    """Where the demonstration leaves its documents."""
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    return tmp_path / "demo"


def run(url: str | None = None, file: Path | None = None, *, bare: bool = False) -> str:
    said = StringIO()
    call_command("demo", url=url, enquiry=file, bare=bare, stdout=said)
    return said.getvalue()


@pytest.mark.django_db
def test_the_world_is_made_once_and_keeps_what_was_entered(demo: Path) -> None:
    run()
    counts = [model.objects.count() for model in (User, ApiClient, Organisation, Enquiry, Referral, Event)]
    taken = Enquiry.objects.filter(status=Status.SUBMITTED).first()
    assert taken is not None
    Enquiry.objects.filter(pk=taken.pk).update(background="Entered by somebody.")
    run()
    models = (User, ApiClient, Organisation, Enquiry, Referral, Event)
    assert [model.objects.count() for model in models] == counts
    assert Enquiry.objects.get(pk=taken.pk).background == "Entered by somebody."


@pytest.mark.django_db
def test_the_desk_opens_with_enquiries_at_every_turn(demo: Path) -> None:
    run()
    statuses = Counter(Enquiry.objects.values_list("status", flat=True))
    placed = set(Referral.objects.values_list("status", flat=True))
    assert {Status.SUBMITTED, Status.IN_TRIAGE, Status.INFORMATION_REQUESTED, Status.ACCEPTED} <= set(
        statuses
    )
    assert {Status.DECLINED, Status.REDIRECTED, Status.WITHDRAWN, Status.CLOSED} <= set(statuses)
    assert placed >= set(ReferralStatus)
    assert 30 <= sum(statuses.values()) <= 40


@pytest.mark.django_db
def test_each_part_of_triage_and_placing_can_be_seen_and_its_history_is_true(demo: Path) -> None:
    run()
    bands = set(Enquiry.objects.open().values_list("band", flat=True))
    assert bands == {"urgent", "high", "standard"}
    assert Enquiry.objects.filter(restricted=True).exists()
    assert Flag.objects.standing().filter(code="PRESS").exists()
    assert SecondLook.objects.waiting().count() == 1
    overdue = OversightEntry.objects.filter(due_on__lt=timezone.localdate(), done_at__isnull=True)
    assert overdue.filter(challenge__answered_at__isnull=True).exists()
    assert set(Offer.objects.values_list("answer", flat=True)) >= {"", "accepted", "declined"}
    assert FollowUp.objects.filter(due_on__lt=timezone.localdate(), answered_at__isnull=True).exists()
    plan = PlanRun.objects.get()
    assert {row.outcome for row in plan.rows.all()} == {"proposed", "unplaced"}
    assert {row.state for row in Audit.objects.all()} == {"open", "finished"}
    assert {row.state for row in Improvement.objects.all()} == {"open", "done"}
    call_command("verify_history", stdout=StringIO())


@pytest.mark.django_db
def test_without_demo_nothing_is_made(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="not a demonstration"):
        run()
    assert not User.objects.filter(email=world.HUB[0].email).exists()


@pytest.mark.django_db(transaction=True)
def test_our_own_enquiry_is_walked_to_its_summary(demo: Path, live_server: Any) -> None:
    said = run(live_server.url)
    walked = Enquiry.objects.get(authority_reference=stock.WALKED.reference)
    assert walked.status == Status.CLOSED
    assert {row.status for row in walked.referrals.all()} == {ReferralStatus.CLOSED}
    assert all(
        (demo / name).read_bytes().startswith(b"%PDF") for name in ("acknowledgement.pdf", "summary.pdf")
    )
    assert f"{live_server.url}/enquiries/{walked.reference}/" in said
    assert all(person.email in said for person in world.HUB)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("name", "authority", "status"),
    [
        ("parenting_assessment", "Oldham", Status.CLOSED),
        ("prebirth_pams", "Cardiff", Status.CLOSED),
        ("general_enquiry", "Surrey", Status.REDIRECTED),
    ],
)
def test_an_example_is_walked_as_such_an_enquiry_should_be(
    demo: Path, live_server: Any, name: str, authority: str, status: str
) -> None:
    run(live_server.url, DATA / f"{name}.json", bare=True)
    walked = Enquiry.objects.get(authority_reference=example(name)["authority_reference"])
    assert (walked.authority.name, walked.status) == (authority, status)


@pytest.mark.django_db(transaction=True)
def test_a_faulty_file_is_refused_with_each_fault_and_its_place(
    demo: Path, live_server: Any, tmp_path: Path
) -> None:
    body = example()
    body["children"][1]["sex"] = "?"
    body["surprise"] = True
    file = tmp_path / "faulty.json"
    file.write_text(json.dumps(body))
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("demo", url=live_server.url, enquiry=file, bare=True, stdout=said)
    assert "/children/1/sex: " in said.getvalue()
    assert "/surprise: " in said.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "authority"),
    [
        ({}, "353"),
        ({"language": "cy"}, "681"),
        ({"legal": {"framework": "S76"}, "referrer": {"email": "a@oldham.example.gov.uk"}}, "681"),
        ({"referrer": {"email": "a@surrey.example.gov.uk"}, "language": "cy"}, "936"),
        ({"referrer": ["not an object"], "legal": 7}, "353"),
    ],
)
def test_an_enquiry_comes_from_the_authority_it_fits(body: dict[str, Any], authority: str) -> None:
    assert whose(body) == authority
