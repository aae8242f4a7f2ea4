"""A create answers from the rows it has just written: the same, to the letter, as reading them back."""

from typing import Any

import pytest
from django.db import connection

from tests.factories import World, example
from tests.faults.server import COUNTED

PATH = "/api/v1/enquiries/"


def turned_around() -> dict[str, Any]:
    """Nothing in the order in which the database gives it back."""
    body = example()
    body["assessments"][0]["children"] = [1, 0]
    body["adults"][0]["relationships"].reverse()
    return body


def spare() -> dict[str, Any]:
    """A draft that says next to nothing."""
    return {
        **{name: example()[name] for name in ("authority_reference", "kind", "referrer")},
        "draft": True,
        "assessments": [],
    }


@pytest.mark.parametrize(
    "body",
    [example(), example("prebirth_pams"), example("general_enquiry"), turned_around(), spare()],
    ids=["parenting", "prebirth", "general", "turned around", "spare draft"],
)
def test_a_create_answers_what_is_read_afterwards(world: World, api: Any, body: dict[str, Any]) -> None:
    sender = world.person(
        world.cardiff if body.get("language") == "cy" else world.oldham, "Rae Sender", "referrer"
    )
    caller = api(sender)
    created = caller.post(PATH, body, format="json")
    assert created.status_code == 201, created.json()
    assert caller.get(f"{PATH}{created.json()['reference']}/").json() == created.json()


def test_a_create_takes_twelve_statements(world: World, api: Any, django_assert_max_num_queries: Any) -> None:
    caller = api(world.case_system)
    caller.post(PATH, example(), format="json", headers={"Idempotency-Key": "warm"})
    # Inside the transaction of a test the action's own is a savepoint: made and released.
    with django_assert_max_num_queries(12 + COUNTED + 2, connection=connection):
        caller.post(PATH, example(), format="json", headers={"Idempotency-Key": "counted"})
