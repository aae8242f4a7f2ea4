"""The doors to the order of the work: for the hub, and for nobody else."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from intake import ranking
from intake.actions import rank, weighing
from intake.explaining import standing
from intake.models import Enquiry, PriorityWeight, User, WeightsChange, book, put_away
from intake.refusals import Forbidden, Invalid
from tests.factories import World, fresh, in_days

CONTACT = ("risk", "contact.high", 0)


def known(about: str) -> dict[str, Any]:
    """One risk, high; of the other two nothing is known."""
    high = {"level": "high", "text": "He opens her letters.", "review_on": "2027-01-29"}
    rows = [{"about": one, **(high if one == about else {"level": "none_known"})} for one in RISKS]
    return {"risks": rows}


RISKS = ("child", "worker", "contact")
WORKER, UNSAFE = known("worker"), known("contact")


@pytest.fixture(autouse=True)
def _a_tuesday_morning() -> Iterator[None]:
    """Every row has the same distance to its dates, whenever the suite runs."""
    with time_machine.travel("2026-11-24 10:00", tick=False):
        yield


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def address(enquiry: Enquiry, end: str = "priority/") -> str:
    return f"/api/v1/enquiries/{enquiry.reference}/{end}"


# --- The API ----------------------------------------------------------------------------------------------


def test_the_hub_reads_the_band_its_points_and_the_reasons(world: World, api: Any) -> None:
    enquiry = world.enquiry(**UNSAFE)
    shown = api(world.coordinator).get(address(enquiry, "")).data["priority"]
    assert shown["points"] == sum(row["points"] for row in shown["reasons"])
    assert "contact risk" in [row["text"] for row in shown["reasons"]]
    assert shown["band"] == fresh(enquiry).band


@pytest.mark.parametrize("who", ["referrer", "authority_manager", "lead"])
def test_the_authority_and_the_service_read_nothing_of_it(world: World, api: Any, who: str) -> None:
    enquiry = world.referral("offered").enquiry
    rank.override(enquiry=enquiry, by=world.coordinator, band="urgent", reason="The judge rang.")
    caller = api(getattr(world, who))
    answers = [caller.get(address(enquiry, end)) for end in ("", "events/")]
    listed = caller.get("/api/v1/enquiries/").data["results"]
    assert all(answer.status_code == 200 for answer in answers)
    assert "priority" not in answers[0].data
    assert "urgency" not in listed[0]
    assert "judge" not in str([answer.data for answer in answers])


def test_lines_of_the_hubs_list_have_the_band_and_are_filtered_by_it(world: World, api: Any) -> None:
    urgent, other = world.enquiry(), world.enquiry()
    rank.override(enquiry=urgent, by=world.coordinator, band="urgent", reason="The judge rang.")
    rank.override(enquiry=other, by=world.coordinator, band="high", reason="It can wait.")
    found = api(world.coordinator).get("/api/v1/enquiries/?urgency=urgent").data["results"]
    assert [(row["reference"], row["urgency"]) for row in found] == [(urgent.reference, "urgent")]
    assert other.reference not in str(found)


def test_others_find_nothing_by_a_band(world: World, api: Any) -> None:
    rank.override(enquiry=world.enquiry(), by=world.coordinator, band="urgent", reason="The judge rang.")
    for band in ("urgent", "high", "standard"):
        assert api(world.referrer).get(f"/api/v1/enquiries/?urgency={band}").data["results"] == []


def test_set_and_taken_back_over_the_api(world: World, api: Any) -> None:
    enquiry = world.enquiry()
    caller = api(world.manager)
    done = caller.post(address(enquiry), {"band": "urgent", "reason": "The judge rang."}, format="json")
    assert (done.data["band"], done.data["overridden"], done.data["override_reason"]) == (
        "urgent", True, "The judge rang.",
    )  # fmt: skip
    assert caller.delete(address(enquiry)).data["overridden"] is False
    assert caller.delete(address(enquiry)).status_code == 409


def test_what_is_refused_over_the_api(world: World, api: Any) -> None:
    enquiry, closed = world.enquiry(), world.enquiry("declined")
    given = {"band": "urgent", "reason": "The judge rang."}
    assert api(world.stranger).post(address(enquiry), given, format="json").status_code == 404
    assert api(world.referrer).post(address(enquiry), given, format="json").status_code == 403
    assert api(world.reviewer).delete(address(enquiry)).status_code == 403
    assert api(world.coordinator).post(address(closed), given, format="json").status_code == 409
    wrong = api(world.coordinator).post(address(enquiry), {"band": "dire"}, format="json")
    assert {row["pointer"] for row in wrong.data["errors"]} == {"/band", "/reason"}


def test_the_priority_in_the_detail_costs_no_statement(
    world: World, api: Any, django_assert_max_num_queries: Any
) -> None:
    enquiry = world.enquiry(**UNSAFE)
    row = ranking.with_facts(Enquiry.objects.filter(pk=enquiry.pk)).get()
    book()
    with django_assert_max_num_queries(0):
        assert ranking.enquiry_priority(row).points > 0


# --- The pages --------------------------------------------------------------------------------------------


def test_the_page_says_what_presses_and_why_another_stands_before_it(world: World) -> None:
    first, second = world.enquiry(**UNSAFE), world.enquiry(**WORKER)
    page = signed_in(world.coordinator).get(reverse("priority", args=(second.reference,))).content.decode()
    assert "Risk to the worker" in page
    assert "Number 2 of the 2 open enquiries" in page
    assert f"{first.reference} stands right before it" in page


def test_a_coordinator_sets_it_on_the_page_and_takes_it_back(world: World) -> None:
    enquiry, client = world.enquiry(), signed_in(world.coordinator)
    client.post(
        reverse("priority", args=(enquiry.reference,)), {"band": "urgent", "reason": "The judge rang."}
    )
    assert fresh(enquiry).band_override == "urgent"
    page = client.get(reverse("enquiry", args=(enquiry.reference,))).content.decode()
    assert "as somebody has set it" in page
    assert "Priority set by hand" in page
    client.post(reverse("lift-priority", args=(enquiry.reference,)))
    assert fresh(enquiry).band_override == ""


def test_a_page_without_a_reason_comes_back_with_what_was_chosen(world: World) -> None:
    client, enquiry = signed_in(world.coordinator), world.enquiry()
    answer = client.post(reverse("priority", args=(enquiry.reference,)), {"band": "urgent", "reason": ""})
    assert answer.status_code == 422
    assert "This needs an answer: “Why?”" in answer.content.decode()


def test_the_authoritys_pages_say_nothing_of_it(world: World) -> None:
    enquiry, client = world.enquiry(), signed_in(world.authority_manager)
    rank.override(enquiry=enquiry, by=world.coordinator, band="urgent", reason="The judge rang.")
    assert client.get(reverse("priority", args=(enquiry.reference,))).status_code == 403
    page = client.get(reverse("enquiry", args=(enquiry.reference,))).content.decode()
    assert "Priority" not in page
    assert "judge" not in page


def test_a_closed_enquiry_has_no_place(world: World) -> None:
    page = signed_in(world.coordinator).get(reverse("priority", args=(world.enquiry("declined").reference,)))
    assert "Only what is open has a place" in page.content.decode()


# --- Why it stands where it stands ------------------------------------------------------------------------


def test_the_most_pressing_of_all_has_nobody_before_it(world: World) -> None:
    enquiry = world.enquiry()
    found = standing(fresh(enquiry), world.coordinator)
    assert found is not None
    assert (found.place, found.of, found.sentence) == (1, 1, "Nothing open is more pressing.")


def test_a_set_band_is_named_as_the_reason(world: World) -> None:
    ahead, enquiry = world.enquiry(), world.enquiry()
    rank.override(enquiry=ahead, by=world.coordinator, band="urgent", reason="The judge rang.")
    rank.override(enquiry=enquiry, by=world.coordinator, band="standard", reason="It can wait.")
    found = standing(fresh(enquiry), world.coordinator)
    assert found is not None
    assert found.sentence == (
        f"{ahead.reference} stands right before it: it is urgent, as somebody has set it, and this one standard."
    )


def test_of_the_same_points_the_one_that_came_first_goes_first(world: World) -> None:
    first, second = world.enquiry(), world.enquiry()
    found = standing(fresh(second), world.coordinator)
    assert found is not None
    assert found.before == first
    assert found.sentence.endswith("due at the same moment, and it came in earlier.")


def test_the_command_explains_one_in_sentences(world: World) -> None:
    world.enquiry(**UNSAFE)
    enquiry, said = world.enquiry(**WORKER), StringIO()
    call_command("explain_order", enquiry.reference, stdout=said)
    lines = said.getvalue().splitlines()
    assert lines[0].startswith(f"{enquiry.reference}: ")
    assert any(line.endswith("  risk to the worker") for line in lines)
    assert "Number 2 of the 2 open enquiries" in lines[-2]
    assert "stands right before it" in lines[-1]


# --- Weights ----------------------------------------------------------------------------------------------


def test_other_weights_hold_from_their_day_and_the_round_ranks_anew_then(world: World) -> None:
    with time_machine.travel("2026-11-24 10:00", tick=False):
        enquiry = world.enquiry(**UNSAFE)
        change = weighing.change_weights(
            points={CONTACT: 200}, valid_from=in_days(3), reason="After a review.", by=world.manager
        )
        rank.rank_anew(timezone.now())
        before = fresh(enquiry).urgency
    with time_machine.travel("2026-11-27 08:00", tick=False):
        put_away()
        rank.rank_anew(timezone.now())
        row = fresh(enquiry)
        assert (row.band, row.urgency > before + 150) == ("urgent", True)
    assert (change.by_name, change.moved) == ("Mia Manager", 1)
    assert change.lines() == ["contact risk: 200 points, before 12"]
    assert PriorityWeight.objects.filter(code="contact.high").count() == 2


def test_weights_of_today_are_taken_up_once_every_process_has_read_them(world: World) -> None:
    enquiry = world.enquiry(**UNSAFE)
    weighing.change_weights(
        points={CONTACT: 200}, valid_from=in_days(0), reason="After a review.", by=world.manager
    )
    rank.rank_anew(timezone.now())
    assert WeightsChange.objects.get().spread_at is None
    rank.rank_anew(timezone.now() + timedelta(minutes=3))
    assert WeightsChange.objects.get().spread_at is not None
    assert fresh(enquiry).band == "urgent"


def test_the_preview_counts_what_would_change_band_and_changes_nothing(world: World) -> None:
    enquiry = world.enquiry(**UNSAFE)
    world.enquiry(**WORKER)
    before = fresh(enquiry).urgency
    seen = weighing.preview(points={CONTACT: 200}, valid_from=in_days(0), by=world.manager)
    assert seen.sentence == "1 of the 2 open enquiries would change band."
    assert fresh(enquiry).urgency == before
    assert not WeightsChange.objects.exists()


@pytest.mark.parametrize(
    ("points", "pointer"),
    [
        ({("hearing", "", 5): 3}, "/points"),
        ({("band", "urgent", 0): 30}, "/points"),
        ({("risk", "contact.high", 0): 12}, "/points"),
        ({("risk", "unheard.of", 0): 12}, "/points"),
        ({("risk", "contact.high", 0): 1000}, "/points"),
    ],
)
def test_weights_that_make_no_sense_are_refused(world: World, points: Any, pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        weighing.change_weights(points=points, valid_from=in_days(1), reason="Why not.", by=world.manager)
    assert {fault.pointer for fault in refused.value.faults} == {pointer}


def test_weights_change_with_a_reason_from_today_on_by_a_manager(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        weighing.change_weights(points={CONTACT: 20}, valid_from=in_days(-1), reason=" ", by=world.manager)
    assert {fault.pointer for fault in refused.value.faults} == {"/valid_from", "/reason"}
    with pytest.raises(Forbidden):
        weighing.preview(points={CONTACT: 20}, valid_from=in_days(1), by=world.coordinator)


def test_on_the_page_the_change_is_looked_at_and_then_put_into_force(world: World) -> None:
    world.enquiry(**UNSAFE)
    client, page = signed_in(world.manager), reverse("weights")
    form = client.get(page).context["form"]
    typed = {name: field.initial for name, field in form.fields.items() if field.initial is not None}
    typed |= {
        "points-risk-contact.high": 200,
        "valid_from": in_days(0).isoformat(),
        "reason": "After a review.",
    }
    looked = client.post(page, typed)
    assert "1 of the 1 open enquiry would change band." in looked.content.decode()
    assert not WeightsChange.objects.exists()
    client.post(page, {**typed, "apply": "1"})
    assert WeightsChange.objects.get().moved == 1
    assert "contact risk: 200 points, before 12" in client.get(page).content.decode()


def test_a_coordinator_reads_the_weights_and_an_authority_does_not(world: World) -> None:
    page = reverse("weights")
    assert b"Show what would change" not in signed_in(world.coordinator).get(page).content
    assert signed_in(world.coordinator).post(page).status_code == 403
    assert signed_in(world.authority_manager).get(page).status_code == 403


def test_a_row_edited_with_the_reference_data_is_on_record_too(world: World) -> None:
    row = PriorityWeight.objects.get(code="contact.high")
    edited = {
        "factor": row.factor, "code": row.code, "limit": row.limit, "points": 90, "label": row.label,
        "valid_from": "2022-01-01", "valid_until": "", "source": row.source, "verified": row.verified,
    }  # fmt: skip
    answer = signed_in(world.administrator).post(
        reverse("admin:intake_priorityweight_change", args=(row.pk,)), edited
    )
    assert answer.status_code == 302
    change = WeightsChange.objects.get()
    assert (change.by, change.lines()) == (world.administrator, ["contact risk: 90 points, before 12"])


def test_who_changed_the_weights_is_the_hubs_own(world: World) -> None:
    weighing.change_weights(points={CONTACT: 20}, valid_from=in_days(1), reason="A review.", by=world.manager)
    seen = {
        name for name, user in world.everybody().items() if WeightsChange.objects.visible_to(user).exists()
    }
    assert seen == {"coordinator", "manager", "auditor", "administrator"}
