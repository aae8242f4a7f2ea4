"""The list: pages that neither repeat nor skip, filters that mean what they say, few statements."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from intake.actions import enquiries
from intake.models import Enquiry, User
from tests.conftest import bearer
from tests.factories import World, example, new_key
from tests.faults.server import COUNTED

URL = "/api/v1/enquiries/"


def some(world: World, count: int) -> list[str]:
    """Enquiries and drafts: some without a moment of receipt, some of the same moment."""
    made = [world.enquiry() if place % 3 else world.enquiry("draft") for place in range(count)]
    Enquiry.objects.filter(pk__in=[row.pk for row in made[:4]], received_at__isnull=False).update(
        received_at=timezone.now() - timedelta(days=1)
    )
    return [row.reference for row in made]


def walked(caller: Any, address: str, step: str = "next") -> list[list[str]]:
    pages: list[list[str]] = []
    while address and len(pages) < 20:
        answer = caller.get(address)
        assert answer.status_code == 200, answer.data
        pages.append([row["reference"] for row in answer.data["results"]])
        address = answer.data[step]
    return pages


@pytest.mark.parametrize(
    "order", ["-received_at", "received_at", "due_at", "-due_at", "updated_at", "-updated_at"]
)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_hold_each_enquiry_once_in_any_order_and_back_again(
    world: World, api: Any, order: str, size: int
) -> None:
    made, caller = some(world, 7), api(world.referrer)
    pages = walked(caller, f"{URL}?ordering={order}&page_size={size}")
    assert sorted(reference for page in pages for reference in page) == sorted(made)
    assert all(len(page) == size for page in pages[:-1])
    last = caller.get(f"{URL}?ordering={order}&page_size={size}")
    while last.data["next"]:
        last = caller.get(last.data["next"])
    back = walked(caller, last.data["previous"], "previous")
    assert back[::-1] + pages[-1:] == pages


def test_what_comes_in_meanwhile_neither_repeats_nor_hides_a_line(world: World, api: Any) -> None:
    made, caller = [world.enquiry().reference for _ in range(4)], api(world.referrer)
    first = caller.get(f"{URL}?page_size=2").data
    world.enquiry()
    assert [row["reference"] for row in first["results"]] == made[:1:-1]
    assert [row["reference"] for row in caller.get(first["next"]).data["results"]] == made[1::-1]


def test_a_cursor_of_another_order_is_refused(world: World, api: Any) -> None:
    some(world, 3)
    address = api(world.referrer).get(f"{URL}?page_size=1").data["next"]
    assert api(world.referrer).get(f"{address}&ordering=due_at").status_code == 400


def test_a_page_holds_up_to_two_hundred(world: World, api: Any) -> None:
    assert api(world.referrer).get(f"{URL}?page_size=200").status_code == 200
    assert api(world.referrer).get(f"{URL}?page_size=201").status_code == 400


# --- Filters ------------------------------------------------------------------------------------------------


def found(caller: Any, query: str) -> set[str]:
    answer = caller.get(f"{URL}?{query}")
    assert answer.status_code == 200, answer.data
    return {row["reference"] for row in answer.data["results"]}


def test_values_of_one_name_are_alternatives_and_names_go_together(world: World, api: Any) -> None:
    caller, new, claimed = api(world.coordinator), world.enquiry(), world.enquiry("in_triage")
    gone = world.enquiry("withdrawn")
    assert found(caller, "status=submitted&status=in_triage") == {new.reference, claimed.reference}
    assert found(caller, "status=submitted&status=in_triage&owner=me") == {claimed.reference}
    assert found(caller, "turn=nobody") == {gone.reference}


def test_owner_takes_nobody_me_and_numbers(world: World, api: Any) -> None:
    new, claimed = world.enquiry(), world.enquiry("in_triage")
    assert found(api(world.coordinator), "owner=nobody") == {new.reference}
    assert found(api(world.coordinator), "owner=me") == {claimed.reference}
    assert found(api(world.colleague), "owner=me") == set()
    assert found(api(world.colleague), f"owner={world.coordinator.pk}") == {claimed.reference}
    assert found(api(world.colleague), f"owner=nobody&owner={world.coordinator.pk}") == {
        new.reference,
        claimed.reference,
    }


def test_clock_says_what_is_late_due_today_paused_or_running(world: World, api: Any) -> None:
    late, paused, running = world.enquiry(), world.enquiry("information_requested"), world.enquiry()
    Enquiry.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(days=3))
    caller = api(world.coordinator)
    assert found(caller, "clock=overdue") == {late.reference}
    assert found(caller, "clock=paused") == {paused.reference}
    assert found(caller, "clock=running") == {late.reference, running.reference}
    assert found(caller, "clock=overdue&clock=paused") == {late.reference, paused.reference}


def test_the_other_filters_find_and_leave_out(world: World, api: Any) -> None:
    ours = world.enquiry()
    theirs = enquiries.submit(body=example("general_enquiry"), by=world.stranger, key=new_key())[0]
    caller, both = api(world.coordinator), {ours.reference, theirs.reference}
    for query, expected in {
        "authority=353": {ours.reference},
        "authority=353&authority=936": both,
        "assessment_type=PA": {ours.reference},
        "assessment_type=PA&assessment_type=AGE": both,
        "kind=general": {theirs.reference},
        "flag=child": {ours.reference},
        "nation=England": both,
        "nation=Wales": set(),
        "q=doyle": {ours.reference},
        f"q={ours.reference.lower()}": {ours.reference},
        f"q={ours.reference.replace('-', '')}": {ours.reference},
        "q=%25": set(),
        "received_after=2020-01-01T00:00:00Z": both,
        "received_before=2020-01-01T00:00:00Z": set(),
        "updated_since=2020-01-01T00:00:00Z": both,
        "filing_before=2030-01-01": {ours.reference},
        "due_before=2020-01-01T00:00:00Z": set(),
    }.items():
        assert found(caller, query) == expected, query


@pytest.mark.parametrize("query", ["stauts=closed", "ordering=name", "status=closd", "owner=ann", "cursor=x"])
def test_what_the_list_does_not_know_is_400_naming_it(world: World, api: Any, query: str) -> None:
    answer = api(world.coordinator).get(f"{URL}?{query}")
    assert answer.status_code == 400
    assert answer.data["errors"][0]["pointer"] == query.split("=")[0]


# --- Statements ---------------------------------------------------------------------------------------------


@pytest.fixture
def token(world: World, client: Any) -> Any:
    client.defaults["HTTP_AUTHORIZATION"] = bearer(*world.client)
    client.get("/api/v1/me/")
    return client


@pytest.mark.parametrize("rows", [1, 9])
def test_a_list_takes_four_statements_however_long(
    world: World, token: Any, django_assert_max_num_queries: Any, rows: int
) -> None:
    for _ in range(rows):
        world.enquiry()
    with django_assert_max_num_queries(4 + COUNTED):
        assert len(token.get(URL).json()["results"]) == rows


@pytest.mark.parametrize("children", [2, 12])
def test_an_enquiry_takes_eight_statements_however_many_children(
    world: World, token: Any, django_assert_max_num_queries: Any, children: int
) -> None:
    body = example()
    body["children"] = [{**body["children"][0], "upn": "", "nhs_number": ""} for _ in range(children)]
    body["assessments"][0]["children"] = list(range(children))
    enquiry = enquiries.submit(body=body, by=world.referrer, key=new_key())[0]
    with django_assert_max_num_queries(8 + COUNTED):
        assert len(token.get(f"{URL}{enquiry.reference}/").json()["children"]) == children


@pytest.mark.parametrize("rows", [1, 5])
def test_the_referrals_list_takes_four_statements_however_long(
    world: World, token: Any, django_assert_max_num_queries: Any, rows: int
) -> None:
    for _ in range(rows):
        world.enquiry("accepted")
    with django_assert_max_num_queries(4 + COUNTED):
        assert len(token.get("/api/v1/referrals/").json()["results"]) == 2 * rows


def test_me_says_for_whom_and_what(world: World, api: Any) -> None:
    user: User = world.coordinator
    shown = api(user).get("/api/v1/me/").data
    assert shown["roles"] == ["coordinator"]
    assert shown["organisation"]["kind"] == "hub"
    assert api(world.case_system).get("/api/v1/me/").data["scopes"] is not None
