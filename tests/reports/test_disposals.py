"""What is destroyed leaves a line that names nobody, and a certificate of it."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone

from intake.actions import drafts, enquiries
from intake.models import Disposal, Enquiry
from reports.actions.certificates import print_certificate
from tests.factories import World, example, fresh
from tests.reports.papers import text_of
from tests.reports.structure import faults

pytestmark = pytest.mark.django_db
PRINTED = datetime(2026, 12, 24, 9, 0, tzinfo=UTC)


def named() -> set[str]:
    """Everybody of the family, and what identifies them."""
    body = example()
    people = [*body["children"], *body["adults"]]
    return {person["name"] for person in people} | {
        child.get("upn") or child["name"] for child in body["children"]
    }


def gone(world: World) -> Disposal:
    """By the rule: told of, and deleted when the day came."""
    with time_machine.travel(datetime(2026, 11, 23, 9, tzinfo=UTC), tick=False):
        draft = enquiries.save_draft(body=example(), by=world.referrer)[0]
    for day in (18, 23):
        with time_machine.travel(datetime(2026, 12, day, 9, tzinfo=UTC), tick=False):
            drafts.tidy(timezone.now())
    assert not Enquiry.objects.filter(pk=draft.pk).exists()
    return Disposal.objects.get(reference=draft.reference)


def test_a_draft_whose_day_came_leaves_a_line_with_the_rule_and_when_its_author_was_told(
    world: World,
) -> None:
    left = gone(world)
    assert (left.authority, left.rule, left.by) == (world.oldham, "last_day", None)
    assert left.told_at
    assert left.told_at.day == 18
    assert left.disposed_at.day == 23


def test_a_draft_that_somebody_deletes_leaves_a_line_with_who(world: World) -> None:
    left = world.discarded()
    assert (left.rule, left.by, left.told_at) == ("discarded", world.referrer, None)
    assert (left.kept_days, left.notice_days) == (30, 5)


def test_of_a_draft_whose_author_nobody_could_tell_it_says_so(world: World) -> None:
    with time_machine.travel(datetime(2026, 11, 23, 9, tzinfo=UTC), tick=False):
        enquiries.save_draft(body={"kind": "referral"}, by=world.case_system)
    for day in (18, 23):
        with time_machine.travel(datetime(2026, 12, day, 9, tzinfo=UTC), tick=False):
            drafts.tidy(timezone.now())
    left = Disposal.objects.get()
    assert left.told_at is None
    assert "Nobody could be told" in text_of(print_certificate(disposal=left, by=world.manager))


@time_machine.travel(PRINTED, tick=False)
def test_the_certificate_says_what_and_why_and_names_nobody(world: World) -> None:
    left = gone(world)
    made = print_certificate(disposal=left, by=world.manager)
    said = text_of(made)
    for words in (left.number, left.reference, "its last day had come", "30 days after its last change"):
        assert words in " ".join(said.split())
    assert left.digest in "".join(said.split())
    assert not {name for name in named() if name in said}
    assert faults(made) == []
    assert made == print_certificate(disposal=left, by=world.manager)


def test_the_mark_tells_one_record_from_another_and_the_same_again(world: World) -> None:
    first, second = world.discarded(), world.discarded()
    assert len(first.digest) == 64
    assert first.digest == second.digest
    other = enquiries.save_draft(body={**example(), "background": "Another."}, by=world.referrer)[0]
    enquiries.discard(enquiry=other, by=world.referrer)
    assert Disposal.objects.get(reference=other.reference).digest != first.digest


def test_the_database_refuses_to_change_or_delete_it(world: World) -> None:
    left = world.discarded()
    for change in (lambda: Disposal.objects.update(files=9), lambda: Disposal.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert fresh(left).files == 0


def test_an_authority_s_manager_sees_its_own_and_another_s_nothing(
    world: World, signed_in: Any, api: Any
) -> None:
    left = world.discarded()
    address = f"/disposals/{left.pk}/certificate.pdf"
    assert left.number in signed_in(world.authority_manager).get("/disposals/").content.decode()
    assert signed_in(world.authority_manager).get(address)["Content-Type"] == "application/pdf"
    stranger = world.person(world.surrey, "Sue Surrey", "authority_manager")
    assert signed_in(stranger).get(address).status_code == 404
    assert left.number not in signed_in(stranger).get("/disposals/").content.decode()
    assert api(stranger).get("/api/v1/disposals/").json()["results"] == []
    assert [row["number"] for row in api(world.auditor).get("/api/v1/disposals/").json()["results"]] == [
        left.number
    ]
    assert signed_in(world.referrer).get("/disposals/").status_code == 403
