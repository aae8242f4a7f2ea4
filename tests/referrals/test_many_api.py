"""Bulk acts, plans and flags at the two doors: own, another's, the wrong role, the wrong moment."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from intake.actions import flags
from intake.models import Enquiry, Event, Flag
from referrals.actions import solving
from referrals.models import BulkRun, Offer, PlanRun
from tests.factories import World, fresh, in_days

BULK = "/api/v1/enquiries/bulk/"
PLANS = "/api/v1/planner/runs/"


def flagging(*references: str, **more: Any) -> dict[str, Any]:
    arguments = {"code": "HOLD", "reason": "A call is awaited.", "review_on": in_days(5).isoformat()}
    return {"act": "flag", "references": list(references), "arguments": arguments, **more}


# --- Bulk: the API ----------------------------------------------------------------------------------------------


def test_a_preview_is_followed_and_applied(world: World, api: Any) -> None:
    enquiry, caller = world.enquiry(), api(world.coordinator)
    made = caller.post(BULK, flagging(enquiry.reference, "ENQ-2222-2222-2"), format="json")
    assert made.status_code == 201
    assert (made.json()["ready"], made.json()["left"], made.json()["asked"]) == (1, 1, False)
    assert not Flag.objects.exists()
    done = caller.post(made.json()["url"] + "apply/")
    assert (done.status_code, done.json()["done"]) == (202, 1)
    assert caller.get(made.json()["url"]).json() == done.json()


def test_without_a_preview_it_is_done_at_once_and_a_second_time_it_is_the_same(
    world: World, api: Any
) -> None:
    enquiry, caller = world.enquiry(), api(world.coordinator)
    body = flagging(enquiry.reference, preview=False, id=str(uuid4()))
    first, second = (caller.post(BULK, body, format="json").json() for _ in range(2))
    assert first == second
    assert first["done"] == 1
    assert Event.objects.filter(enquiry=enquiry, verb="enquiry.flagged").count() == 1


def test_the_colleague_of_the_same_role_finds_nothing_of_it(world: World, api: Any) -> None:
    made = api(world.coordinator).post(BULK, flagging(world.enquiry().reference), format="json").json()
    assert api(world.colleague).get(made["url"]).status_code == 404
    assert api(world.colleague).post(made["url"] + "apply/").status_code == 404


@pytest.mark.parametrize("who", ["referrer", "case_system", "reviewer", "lead"])
def test_another_role_is_refused(world: World, api: Any, who: str) -> None:
    body = flagging(world.enquiry().reference)
    assert api(getattr(world, who)).post(BULK, body, format="json").status_code == 403


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"references": []}, "/references"),
        ({"query": "stauts=x"}, "/query"),
        ({"arguments": {"code": "ODD", "reason": "x", "review_on": "2100-01-01"}}, "/code"),
        ({"act": "erase"}, "/act"),
        ({"arguments": {"mood": "x"}}, "/arguments/mood"),
    ],
)
def test_what_is_wrong_is_named_at_its_place(world: World, api: Any, change: Any, pointer: str) -> None:
    body = {**flagging(world.enquiry().reference), **change}
    answer = api(world.coordinator).post(BULK, body, format="json")
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


# --- Bulk: the pages --------------------------------------------------------------------------------------------


def chosen(*enquiries: Enquiry, act: str) -> dict[str, Any]:
    return {"act": act, "of": "enquiries", "query": "", "reference": [row.reference for row in enquiries]}


def test_what_is_ticked_is_asked_about_previewed_and_done(world: World, signed_in: Any) -> None:
    first, second, page = world.enquiry(), world.enquiry(), signed_in(world.coordinator)
    asked = page.post("/worklist/bulk/", chosen(first, second, act="assign"))
    assert "2 selected." in asked.content.decode()
    form = {
        **chosen(first, second, act="assign"),
        "run": name_in(asked),
        "to": world.colleague.pk,
        "reason": "",
    }
    previewed = page.post("/worklist/bulk/", form, follow=True).content.decode()
    assert "2 can be done." in previewed
    assert fresh(first).owner is None
    run = BulkRun.objects.get()
    done = page.post(f"/worklist/bulk/{run.uid}/apply/", follow=True).content.decode()
    assert "2 done" in done
    assert fresh(first).owner == world.colleague
    assert page.post("/worklist/bulk/", form).status_code == 302
    assert BulkRun.objects.count() == 1


def name_in(answer: Any) -> str:
    found = re.search(r'name="run" value="([0-9a-f-]{36})"', answer.content.decode())
    assert found
    return found[1]


def test_all_that_match_are_taken_from_the_query_of_the_list(world: World, signed_in: Any) -> None:
    world.enquiry()
    claimed, page = world.enquiry("in_triage"), signed_in(world.coordinator)
    form = {"act": "flag", "all": "1", "query": "status=in_triage", "of": "enquiries", "run": str(uuid4())}
    why = {"code": "HOLD", "reason": "A call is awaited.", "review_on": in_days(5).isoformat()}
    page.post("/worklist/bulk/", {**form, **why})
    assert [row.reference for row in BulkRun.objects.get().rows.all()] == [claimed.reference]


def test_nothing_chosen_is_said_so(world: World, signed_in: Any) -> None:
    answer = signed_in(world.coordinator).post("/worklist/bulk/", {"act": "flag"})
    assert answer.status_code == 422
    assert "Nothing was chosen." in answer.content.decode()


def test_an_answer_left_out_is_asked_for_with_what_was_chosen_kept(world: World, signed_in: Any) -> None:
    enquiry = world.enquiry()
    form = {**chosen(enquiry, act="flag"), "run": str(uuid4()), "code": "HOLD"}
    answer = signed_in(world.coordinator).post("/worklist/bulk/", form)
    assert answer.status_code == 422
    assert f'name="reference" value="{enquiry.reference}"' in answer.content.decode()
    assert "This needs an answer: “Why?”" in answer.content.decode()


def test_the_pages_are_not_for_other_roles(world: World, signed_in: Any) -> None:
    page = signed_in(world.reviewer)
    assert page.post("/worklist/bulk/", {"act": "flag"}).status_code == 403
    assert page.get("/planner/").status_code == 403


# --- Plans ------------------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(world: World) -> Any:
    assert world.assessor
    assert world.other_assessor
    return world.referral()


def test_a_plan_is_asked_for_followed_and_applied(world: World, api: Any, waiting: Any) -> None:
    caller = api(world.coordinator)
    made = caller.post(PLANS, {}, format="json")
    assert (made.status_code, made.json()["state"]) == (202, "waiting")
    early = caller.post(made.json()["url"] + "apply/", {"rows": [1], "reply_by": in_days(3)}, format="json")
    assert early.status_code == 409
    solving.solve_next(timezone.now())
    ready = api(world.manager).get(made.json()["url"]).json()
    assert ready["state"] == "ready"
    row = next(row for row in ready["rows"] if row["referral"] == waiting.reference)
    assert row["total"] == sum(point["points"] for point in row["points"])
    body = {"rows": [row["number"]], "reply_by": in_days(3)}
    done = caller.post(ready["url"] + "apply/", body, format="json").json()
    assert [one["outcome"] for one in done["rows"]].count("done") == 1
    assert fresh(waiting).status == "offered"


@pytest.mark.parametrize("who", ["reviewer", "lead", "case_system"])
def test_a_plan_is_for_the_hubs_triage(world: World, api: Any, waiting: Any, who: str) -> None:
    made = api(world.coordinator).post(PLANS, {}, format="json").json()
    caller = api(getattr(world, who))
    answers = (caller.post(PLANS, {}, format="json"), caller.get(made["url"]))
    assert [answer.status_code for answer in answers] == [403, 403]


def test_a_plan_that_is_none_is_not_found(world: World, api: Any) -> None:
    assert api(world.coordinator).get(f"{PLANS}{uuid4()}/").status_code == 404


def test_the_words_of_a_search_are_kept_nowhere(world: World, api: Any, waiting: Any) -> None:
    answer = api(world.coordinator).post(PLANS, {"query": "q=Smith"}, format="json")
    assert answer.status_code == 422
    searched = {**flagging(), "query": "q=Smithers&status=accepted"}
    del searched["references"]
    api(world.coordinator).post(BULK, searched, format="json")
    assert not BulkRun.objects.filter(query__contains="mith").exists()
    assert not PlanRun.objects.exists()


def test_the_page_shows_before_and_after_and_offers_what_is_ticked(
    world: World, signed_in: Any, waiting: Any
) -> None:
    page = signed_in(world.coordinator)
    assert "2 referrals wait for a service" in page.get("/planner/").content.decode()
    where = page.post("/planner/", {"region": "", "assessment_type": ""})["Location"]
    assert "is being worked out" in page.get(where).content.decode()
    solving.solve_next(timezone.now())
    shown = page.get(where).content.decode()
    assert "2 of 2 find a place" in shown
    assert "Before" in shown
    number = PlanRun.objects.get().rows.get(referral=waiting).number
    assert page.post(f"{where}apply/", {"reply_by": in_days(3)}).status_code == 422
    done = page.post(f"{where}apply/", {"row": number, "reply_by": in_days(3)}, follow=True)
    assert "Offered (1)" in done.content.decode()
    assert Offer.objects.get().referral == waiting


def test_the_service_finds_the_suggested_assessor_chosen(world: World, signed_in: Any, waiting: Any) -> None:
    page = signed_in(world.coordinator)
    where = page.post("/planner/", {})["Location"]
    solving.solve_next(timezone.now())
    row = PlanRun.objects.get().rows.get(referral=waiting)
    page.post(f"{where}apply/", {"row": row.number, "reply_by": in_days(3)})
    lead = {world.assessor: world.lead, world.other_assessor: world.other_lead}[row.assessor]
    form = signed_in(lead).get(f"/referrals/{waiting.reference}/accept-offer/").context["form"]
    assert form["assessor"].value() == row.assessor.pk


# --- Flags ------------------------------------------------------------------------------------------------------


def test_a_flag_is_put_on_listed_and_taken_off(world: World, api: Any) -> None:
    enquiry, caller = world.enquiry(), api(world.coordinator)
    where = f"/api/v1/enquiries/{enquiry.reference}/flags/"
    body = {"code": "PRESS", "reason": "A journalist rang.", "review_on": in_days(4)}
    made = caller.post(where, body, format="json")
    assert (made.status_code, made.json()["label"]) == (201, "Press interest")
    assert caller.post(where, body, format="json").status_code == 409
    assert [row["code"] for row in api(world.reviewer).get(where).json()["results"]] == ["PRESS"]
    assert caller.delete(f"{where}{made.json()['id']}/", {}, format="json").status_code == 204
    assert caller.get(where).json()["results"] == []


@pytest.mark.parametrize(("who", "status"), [("referrer", 404), ("stranger", 404), ("reviewer", 403)])
def test_a_flag_is_put_on_by_the_hubs_triage_alone(world: World, api: Any, who: str, status: int) -> None:
    where = f"/api/v1/enquiries/{world.enquiry().reference}/flags/"
    body = {"code": "PRESS", "reason": "A journalist rang.", "review_on": in_days(4)}
    assert api(getattr(world, who)).post(where, body, format="json").status_code == status


def test_the_list_is_filtered_by_a_flag_and_an_authority_learns_nothing_by_it(world: World, api: Any) -> None:
    flagged, _ = world.enquiry(), world.enquiry()
    flags.raise_flag(
        enquiry=flagged, by=world.coordinator, code="COMPLAINT", reason="A letter.", review_on=in_days(5)
    )
    where = "/api/v1/enquiries/?flag=COMPLAINT"
    assert [row["reference"] for row in api(world.coordinator).get(where).json()["results"]] == [
        flagged.reference
    ]
    assert api(world.referrer).get(where).json()["results"] == []


def test_the_page_says_why_and_until_when(world: World, signed_in: Any) -> None:
    enquiry, page = world.enquiry(), signed_in(world.coordinator)
    form = {"code": "HOLD", "reason": "Waiting for a call.", "review_on": in_days(5)}
    shown = page.post(f"/enquiries/{enquiry.reference}/flags/", form, follow=True).content.decode()
    assert "Waiting for a call." in shown
    assert "Take it off" in shown
    flag = Flag.objects.get()
    page.post(f"/enquiries/{enquiry.reference}/flags/{flag.pk}/lift/", {"reason": "They rang."})
    assert not Flag.objects.standing().exists()
    assert "Take it off" not in page.get(f"/enquiries/{enquiry.reference}/").content.decode()
    assert signed_in(world.referrer).get(f"/enquiries/{enquiry.reference}/flags/").status_code == 404
