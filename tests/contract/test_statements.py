"""The pages that people live in ask the database the same, however much there is to show."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from intake.actions import enquiries, flags, messages
from intake.lifecycle import Status
from intake.models import Enquiry, User
from referrals.actions import evidence, oversight, saved_views, visits
from referrals.models import Referral
from tests.factories import World, example, fresh, in_days, new_key
from tests.faults.server import COUNTED

# As many as a page may ask in all, whatever it shows.
MOST = {
    "desk": 12,
    "worklist": 13,
    "worklist of an authority": 8,
    "search": 11,
    "enquiry": 28,
    "enquiry of an authority": 26,
    "history": 6,
    "accept": 32,
    "referral": 34,
    "referral of an assessor": 34,
    "placing": 22,
    "referrals": 8,
    "referrals of a service": 7,
    "home": 24,
    "home of a lead": 12,
    "home of an assessor": 5,
    "oversight": 6,
    "oversight of enquiries": 6,
    "saved views": 5,
    "people": 6,
}


@dataclass
class Shown:
    """What the pages are about: one enquiry in triage, one referral at work, one that waits."""

    world: World
    enquiry: Enquiry
    referral: Referral
    waiting: Referral

    def pages(self) -> dict[str, tuple[User, str]]:
        world, enquiry = self.world, f"/enquiries/{self.enquiry.reference}/"
        referral = f"/referrals/{self.referral.reference}/"
        return {
            "desk": (world.coordinator, "/desk/"),
            "worklist": (world.coordinator, "/enquiries/"),
            "worklist of an authority": (world.referrer, "/enquiries/"),
            "search": (world.coordinator, "/search/"),
            "enquiry": (world.coordinator, enquiry),
            "enquiry of an authority": (world.referrer, enquiry),
            "history": (world.coordinator, f"{enquiry}history/"),
            "accept": (world.coordinator, f"{enquiry}accept/"),
            "referral": (world.coordinator, referral),
            "referral of an assessor": (world.assessor, referral),
            "placing": (world.coordinator, f"/referrals/{self.waiting.reference}/offer/"),
            "referrals": (world.coordinator, "/referrals/"),
            "referrals of a service": (world.lead, "/referrals/"),
            "home": (world.referrer, "/"),
            "home of a lead": (world.lead, "/"),
            "home of an assessor": (world.assessor, "/"),
            "oversight": (world.manager, "/oversight/"),
            "oversight of enquiries": (world.manager, "/oversight/?what=enquiries"),
            "saved views": (world.coordinator, "/views/"),
            "people": (world.authority_manager, "/organisation/people/"),
        }

    def add(self, number: int) -> None:
        """One more of everything that a page has a list of."""
        world, late = self.world, timezone.now() - timedelta(days=40)
        for status in (Status.DRAFT, Status.SUBMITTED, Status.IN_TRIAGE, Status.INFORMATION_REQUESTED):
            world.enquiry(status)
        for at in ("waiting", "offered", "in_progress", "delivered"):
            world.referral(at)
        for by in (world.referrer, world.coordinator):
            messages.write(enquiry=fresh(self.enquiry), by=by, text="Is the date fixed?")
        messages.write(enquiry=fresh(self.enquiry), by=world.coordinator, text="Ring them.", audience="hub")
        to_do = {"action": "Ring.", "owner": world.coordinator, "due_on": timezone.localdate()}
        for about in (self.enquiry, self.referral):
            oversight.enter(about=fresh(about), by=world.manager, challenge="Was he heard?", **to_do)
        evidence.log(referral=self.referral, by=world.assessor, source="School", state="received")
        home = {"kind": "HOME", "planned_at": timezone.now() - timedelta(days=1)}
        for _ in range(2):
            visit = visits.plan(referral=self.referral, by=world.assessor, **home)
        seen: Any = [
            {"child": 0, "alone": True, "views": "Home."},
            {"child": 1, "alone": False, "views": "School."},
        ]
        visits.write_up(
            visit=visit, by=world.assessor, done_on=in_days(-1), children=seen[:number], minutes=9
        )
        saved_views.save(by=world.coordinator, name=f"View {number}", of="enquiries", query="authority=353")
        world.colleague_of_team(f"Colleague {number}", "North")
        # What has lain for weeks is what drifts.
        Enquiry.objects.filter(status=Status.SUBMITTED).update(due_at=late)


@pytest.fixture
def shown(world: World) -> Shown:
    enquiry = world.enquiry(Status.IN_TRIAGE)
    world.second_assessor, world.other_assessor  # noqa: B018
    found = Shown(world, enquiry, world.referral("in_progress"), world.referral())
    flags.raise_flag(enquiry=enquiry, by=world.coordinator, code="HOLD", reason="Wait.", review_on=in_days(9))
    return found


def asked(user: User, address: str) -> list[str]:
    """The statements of one page, when the process and the session have warmed up.

    The shorter of two calls: what is kept for a minute may just have been read anew.
    """
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    if address == "/search/":
        client.post(address, {"q": "doyle"})
    client.get(address)
    return min((statements(client, address) for _ in range(2)), key=len)


def statements(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200, address
    return [query["sql"] for query in found]


def count(shown: Shown) -> dict[str, int]:
    return {name: len(asked(*page)) for name, page in shown.pages().items()}


def test_pages_ask_the_same_however_much_there_is(shown: Shown) -> None:
    shown.add(1)
    few = count(shown)
    for number in (2, 3):
        shown.add(number)
    assert count(shown) == few


def test_pages_ask_no_more_than_is_said(shown: Shown) -> None:
    shown.add(1)
    found = count(shown)
    over = {name: number for name, number in found.items() if number > MOST[name] + COUNTED}
    assert not over
    assert found.keys() == MOST.keys()


@pytest.mark.parametrize("page", ["", "accept/", "request-information/"])
def test_an_enquiry_asks_the_same_for_a_large_family(world: World, page: str) -> None:
    body = example()
    child = {**body["children"][0], "upn": "", "nhs_number": ""}

    def of(children: int) -> int:
        body["children"] = [child for _ in range(children)]
        body["assessments"] = [{**row, "children": list(range(children))} for row in example()["assessments"]]
        enquiry = enquiries.submit(body=body, by=world.referrer, key=new_key())[0]
        world.bring(enquiry, Status.IN_TRIAGE)
        return len(asked(world.coordinator, f"/enquiries/{enquiry.reference}/{page}"))

    assert of(2) == of(9)
