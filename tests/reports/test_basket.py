"""The print basket: gathered from lists and enquiries, printed in one go, and nobody else's to see."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from intake.actions import restricting
from intake.lifecycle import Status
from intake.models import Enquiry, User
from intake.refusals import Forbidden, Invalid
from reports.actions import basket, print_runs
from reports.actions.print_runs import Choice
from reports.models import BasketRow, Document, PrintRun
from tests.factories import World, fresh

PAGE = "/prints/basket/"
ASKED = {"paper": "summary:authority", "form": "zip"}


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def put(by: User, *rows: Enquiry) -> basket.Put:
    return basket.put(by=by, chosen=Choice([row.reference for row in rows]))


def inside(user: User) -> list[str]:
    return [row.enquiry.reference for row in basket.rows_of(user)]


def test_what_is_gathered_twice_is_in_it_once_in_its_order(world: World) -> None:
    first, second, third = (world.enquiry() for _ in range(3))
    put(world.coordinator, second, first)
    done = put(world.coordinator, third, first)
    assert (done.added, done.there, done.left) == (1, 1, [])
    assert inside(world.coordinator) == [second.reference, first.reference, third.reference]


def test_a_draft_and_what_is_not_there_stay_out_and_say_why(world: World) -> None:
    mine = world.enquiry(Status.DRAFT)
    done = basket.put(by=world.referrer, chosen=Choice([mine.reference, "ENQ-2222-2222-2"]))
    assert dict(done.left) == {
        mine.reference: "A draft cannot be printed. Send the enquiry first.",
        "ENQ-2222-2222-2": "There is nothing here that you can see.",
    }
    assert inside(world.referrer) == []


def test_another_authority_s_enquiry_goes_into_no_basket(world: World) -> None:
    enquiry = world.enquiry()
    assert put(world.stranger, enquiry).left == [
        (enquiry.reference, "There is nothing here that you can see.")
    ]
    assert inside(world.stranger) == []


def test_what_is_shut_to_somebody_later_is_not_in_theirs_any_more(world: World) -> None:
    enquiry = world.enquiry()
    put(world.colleague, enquiry)
    restricting.block(enquiry=enquiry, by=world.manager, person=world.colleague, reason="A cousin.")
    assert inside(world.colleague) == []


def test_a_basket_holds_what_can_be_printed_at_once(world: World, settings: Any) -> None:
    settings.BULK_MOST = 2
    put(world.coordinator, world.enquiry(), world.enquiry())
    with pytest.raises(Invalid):
        put(world.coordinator, world.enquiry())
    assert len(inside(world.coordinator)) == 2


def test_who_prints_nothing_gathers_nothing(world: World) -> None:
    with pytest.raises(Forbidden):
        put(world.administrator, world.enquiry())


def test_what_a_run_begins_to_print_has_left_the_basket(world: World) -> None:
    printed, kept = world.enquiry(), world.enquiry()
    put(world.coordinator, printed, kept)
    run = print_runs.preview(
        by=world.coordinator,
        kind=Document.Kind.SUMMARY,
        audience=Document.Audience.AUTHORITY,
        form="zip",
        chosen=Choice([printed.reference]),
    )
    assert len(inside(world.coordinator)) == 2
    print_runs.start(run=run, by=world.coordinator)
    assert inside(world.coordinator) == [kept.reference]


def test_what_nobody_printed_is_forgotten(world: World) -> None:
    put(world.coordinator, world.enquiry())
    assert basket.forget_old(timezone.now() + timedelta(days=29)) == 0
    assert basket.forget_old(timezone.now() + timedelta(days=31)) == 1


# --- The page -------------------------------------------------------------------------------------------------


def test_gathered_on_two_lists_and_an_enquiry_then_printed_in_one_go(world: World, signed_in: Any) -> None:
    here = signed_in(world.coordinator)
    listed, placed, opened = world.enquiry(), world.referral(), world.enquiry(Status.IN_TRIAGE)
    sent = {"basket": "put", "reference": [listed.reference], "query": "status=submitted", "of": "enquiries"}
    back = here.post(PAGE, sent, follow=True)
    assert back.redirect_chain == [("/enquiries/?status=submitted", 302)]
    assert "1 enquiry was put into your print basket." in text(back)
    here.post(PAGE, {"basket": "put", "reference": [placed.reference], "query": "", "of": "referrals"})
    assert PAGE in text(here.get(f"/enquiries/{opened.reference}/print/"))
    there = here.post(PAGE, {"basket": "put", "reference": [opened.reference]}, follow=True)
    names = [listed.reference, placed.enquiry.reference, opened.reference]
    assert [name for name in names if f'value="{name}"' in text(there)] == names
    asked = here.post("/prints/new/", {"reference": names, "from": "basket"})
    assert "Back to your print basket" in text(asked)
    run = here.post("/prints/new/", {"reference": names, "run": str(uuid4()), **ASKED}, follow=True)
    assert all(name in text(run) for name in names)
    assert PrintRun.objects.get().rows.count() == 3


def test_all_that_match_go_in(world: World, signed_in: Any) -> None:
    here, enquiry = signed_in(world.coordinator), world.enquiry()
    world.enquiry(Status.IN_TRIAGE)
    here.post(PAGE, {"basket": "put", "all": "1", "query": "status=submitted", "of": "enquiries"})
    assert inside(world.coordinator) == [enquiry.reference]


def test_the_list_and_the_print_runs_lead_to_it(world: World, signed_in: Any) -> None:
    put(world.coordinator, world.enquiry())
    here = signed_in(world.coordinator)
    assert f'formaction="{PAGE}" name="basket" value="put"' in text(here.get("/enquiries/"))
    assert f'<a href="{PAGE}">Your print basket</a> (1)' in text(here.get("/prints/"))


def test_some_are_taken_out_and_then_all(world: World, signed_in: Any) -> None:
    here, first, second = signed_in(world.coordinator), world.enquiry(), world.enquiry()
    put(world.coordinator, first, second)
    gone = here.post(PAGE, {"basket": "out", "reference": [first.reference]}, follow=True)
    assert "1 was taken out." in text(gone)
    assert inside(world.coordinator) == [second.reference]
    assert "Your print basket is empty." in text(here.post(PAGE, {"basket": "empty"}, follow=True))
    assert not BasketRow.objects.exists()


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"basket": "put"}, "Nothing was chosen. Tick rows in the list first."),
        ({"basket": "burn"}, "Choose what is to be done with them."),
        ({"basket": "put", "all": "1", "query": "colour=red"}, "There is a problem"),
    ],
)
def test_what_cannot_be_is_said_and_the_basket_is_as_it_was(
    world: World, signed_in: Any, sent: dict[str, str], says: str
) -> None:
    enquiry = world.enquiry()
    put(world.coordinator, enquiry)
    refused = signed_in(world.coordinator).post(PAGE, sent)
    assert refused.status_code == 422
    assert says in text(refused)
    assert enquiry.reference in text(refused)


def test_another_ones_basket_is_not_seen(world: World, signed_in: Any) -> None:
    put(world.coordinator, world.enquiry())
    assert "Your print basket is empty." in text(signed_in(world.colleague).get(PAGE))


def test_more_in_it_ask_no_more_of_the_database(world: World, signed_in: Any) -> None:
    here = signed_in(world.coordinator)

    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            here.get(PAGE)
        return len(seen)

    put(world.coordinator, world.enquiry())
    statements()
    few = statements()
    put(world.coordinator, *(world.enquiry() for _ in range(4)))
    assert statements() == few


# --- The API --------------------------------------------------------------------------------------------------


def test_over_the_api(world: World, api: Any) -> None:
    caller, enquiry = api(world.coordinator), world.enquiry()
    path = "/api/v1/print-basket/"
    body = {"references": [enquiry.reference, "ENQ-2222-2222-2"]}
    filled = caller.post(path, body, format="json")
    assert filled.json() == {
        "references": [enquiry.reference],
        "left": [{"reference": "ENQ-2222-2222-2", "says": "There is nothing here that you can see."}],
    }
    assert caller.get(path).json() == {"references": [enquiry.reference]}
    assert caller.post(path, {}, format="json").status_code == 422
    assert caller.delete(path).status_code == 204
    assert caller.get(path).json() == {"references": []}
    assert fresh(enquiry).status == Status.SUBMITTED
