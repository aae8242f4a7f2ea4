"""An enquiry continued, sent again or stepped up: linked both ways, asked only what is new, triaged afresh."""

from collections.abc import Callable
from typing import Any

import pytest

from intake.actions import continuing, enquiries, information
from intake.lifecycle import Status
from intake.models import Enquiry, Event, Notification, User
from intake.refusals import Forbidden, NotPossible
from reports.letters import letter
from tests.conftest import Caller
from tests.factories import World, example, fresh, new_key
from tests.intake.test_kinds import PRELIMINARY

URL = "/api/v1/enquiries/"
Api = Callable[[User], Caller]
CHANGED = {"code": "change_of_circumstances", "reason": "A brother was born."}
STEPPED = {"code": "step_up", "reason": "Early help was not enough."}
ANEW = {name: example()[name] for name in ("urgency", "declaration")}


def ask(caller: Caller, enquiry: Enquiry, *, key: str = "", **body: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return caller.post(
        f"{URL}{enquiry.reference}/continue/", {"as": "referral", **body}, format="json", headers=headers
    )


def places(answer: Any) -> set[tuple[str, str]]:
    assert answer.status_code == 422, answer.data
    return {(fault["pointer"], fault["code"]) for fault in answer.data["errors"]}


def sent(world: World, enquiry: Enquiry, **changes: Any) -> Enquiry:
    """A draft that continues, completed and sent."""
    draft = continuing.begin(enquiry=enquiry, by=world.referrer, kind="referral", **changes)
    enquiries.amend(enquiry=draft, by=world.referrer, changes=ANEW)
    return enquiries.send(enquiry=fresh(draft), by=world.referrer)


def preliminary(world: World) -> Enquiry:
    return enquiries.submit(body=PRELIMINARY, by=world.referrer, key=new_key())[0]


# --- What is carried over, and what is asked -----------------------------------------------------------------


def test_a_declined_enquiry_is_sent_again_as_a_draft_with_all_that_was_said(world: World, api: Api) -> None:
    enquiry, caller = world.enquiry("declined"), api(world.referrer)
    answer = ask(caller, enquiry)
    assert (answer.status_code, answer.data["status"], answer.data["kind"]) == (201, "draft", "referral")
    assert answer["Location"] == f"{URL}{answer.data['reference']}/"
    assert (answer.data["continues"], answer.data["prompted_by"]) == (
        enquiry.reference,
        {"code": "sent_again"},
    )
    before = caller.get(f"{URL}{enquiry.reference}/").data
    for member in ("children", "adults", "household", "legal", "assessments", "risks", "documents"):
        assert answer.data[member] == before[member], member
    assert not {"urgency", "declaration"} & answer.data.keys()


def test_only_what_is_new_stands_between_the_draft_and_sending_it(world: World, api: Api) -> None:
    caller = api(world.referrer)
    draft = ask(caller, world.enquiry("withdrawn")).data
    row = Enquiry.objects.get(reference=draft["reference"])
    lacking = {pointer for pointer, _ in places(caller.make(row, "submit"))}
    assert {pointer.split("/")[1] for pointer in lacking} == {"urgency", "declaration"}
    assert lacking <= {needed["pointer"] for needed in draft["missing"]}
    changed = caller.patch(f"{URL}{row.reference}/", ANEW, format="json", headers={"If-Match": row.etag})
    assert changed.status_code == 200, changed.data
    assert caller.make(fresh(row), "submit").data["status"] == "submitted"


def test_a_preliminary_enquiry_becomes_a_referral_that_asks_for_names_and_dates_of_birth(
    world: World, api: Api
) -> None:
    enquiry, caller = preliminary(world), api(world.referrer)
    draft = ask(caller, enquiry).data
    assert draft["prompted_by"] == {"code": "continued"}
    assert (draft["children"][0]["name"], "age" in draft["children"][0]) == ("C.D.", False)
    lacking = {
        pointer for pointer, _ in places(caller.make(Enquiry.objects.get(**draft_of(draft)), "submit"))
    }
    assert {"/children/0/name", "/adults/0/name", "/household/0/name", "/children/0/date_of_birth"} <= lacking
    assert not any(pointer.startswith(("/assessments", "/legal", "/referrer")) for pointer in lacking)
    assert lacking <= {needed["pointer"] for needed in draft["missing"]}


def draft_of(shown: dict[str, Any]) -> dict[str, str]:
    return {"reference": shown["reference"]}


def test_a_general_enquiry_is_continued_without_its_general_type(world: World) -> None:
    body = {**example("general_enquiry"), "assessments": [{"type": "GENERAL", "questions": ["Any room?"]}]}
    enquiry = enquiries.submit(body=body, by=world.stranger, key=new_key())[0]
    draft = continuing.begin(enquiry=enquiry, by=world.stranger, kind="referral")
    assert (draft.kind, draft.assessment_rows.count()) == ("referral", 0)
    assert draft.background == enquiry.background


def test_a_date_that_has_passed_and_a_code_that_holds_no_more_are_left_out(world: World) -> None:
    enquiry = world.enquiry("declined")
    enquiry.risk_rows.filter(position=0).update(review_on="2020-01-01")
    enquiry.people.filter(part="child", position=0).update(legal_status="ZZ")
    draft = continuing.begin(enquiry=enquiry, by=world.referrer, kind="referral")
    assert draft.risk_rows.count() == enquiry.risk_rows.count() - 1
    assert draft.people.get(part="child", position=0).legal_status == ""
    assert draft.people.get(part="child", position=1).legal_status != ""


# --- The link ------------------------------------------------------------------------------------------------


def test_each_shows_the_other_once_it_may_be_seen(world: World, api: Api) -> None:
    enquiry = world.enquiry("closed")
    draft = continuing.begin(
        enquiry=enquiry, by=world.referrer, kind="referral", prompted_by="step_up", reason="It got worse."
    )
    url = f"{URL}{enquiry.reference}/"
    assert api(world.referrer).get(url).data["continued_by"] == [draft.reference]
    assert api(world.coordinator).get(url).data["continued_by"] == []
    enquiries.amend(enquiry=draft, by=world.referrer, changes=ANEW)
    enquiries.send(enquiry=fresh(draft), by=world.referrer)
    assert api(world.coordinator).get(url).data["continued_by"] == [draft.reference]
    assert api(world.coordinator).get(f"{URL}{draft.reference}/").data["continues"] == enquiry.reference


def test_the_history_of_the_earlier_one_names_the_new_one_once_it_is_sent(world: World) -> None:
    enquiry = world.enquiry("declined")
    draft = continuing.begin(enquiry=enquiry, by=world.referrer, kind="referral")
    assert not enquiry.events.filter(verb="enquiry.continued").exists()
    enquiries.amend(enquiry=draft, by=world.referrer, changes=ANEW)
    enquiries.send(enquiry=fresh(draft), by=world.referrer)
    line = enquiry.events.get(verb="enquiry.continued")
    assert (line.data["reference"], line.audience) == (draft.reference, Event.Audience.ALL)
    assert fresh(enquiry).version == enquiry.version


def test_it_may_be_sent_in_one_step(world: World, api: Api) -> None:
    enquiry = world.enquiry("declined")
    body = {**example(), "continues": enquiry.reference.lower(), "prompted_by": {"code": "sent_again"}}
    answer = api(world.case_system).post(URL, body, format="json")
    assert (answer.status_code, answer.data["continues"]) == (201, enquiry.reference)
    assert enquiry.events.filter(verb="enquiry.continued").count() == 1


@pytest.mark.parametrize("reference", ["ENQ-2222-2222-2", "nonsense"])
def test_a_foreign_enquiry_to_continue_is_as_if_it_were_none(world: World, api: Api, reference: str) -> None:
    theirs = enquiries.submit(body=example("general_enquiry"), by=world.stranger, key=new_key())[0]

    def send(earlier: str) -> Any:
        body = {**example(), "continues": earlier, "prompted_by": {"code": "continued"}}
        return {**api(world.referrer).post(URL, body, format="json").json(), "trace_id": ""}

    assert send(theirs.reference) == send(reference)
    assert send(reference)["errors"][0]["pointer"] == "/continues"


def test_the_hub_names_an_earlier_one_of_the_same_authority_only(world: World, api: Api) -> None:
    theirs = enquiries.submit(body=example("general_enquiry"), by=world.stranger, key=new_key())[0]
    body = {**example(), "continues": theirs.reference, "prompted_by": {"code": "continued"}}
    on_behalf = {**body, "authority": "353", "on_behalf_reason": "By telephone."}
    assert places(api(world.coordinator).post(URL, on_behalf, format="json")) == {("/continues", "unknown")}


def test_what_it_continues_stands_once_it_is_sent(world: World, api: Api) -> None:
    new, other = sent(world, world.enquiry("declined")), world.enquiry("declined")
    caller = api(world.referrer)

    def patch(changes: Any) -> Any:
        return caller.patch(
            f"{URL}{new.reference}/", changes, format="json", headers={"If-Match": fresh(new).etag}
        )

    assert places(patch({"continues": other.reference})) == {("/continues", "sent")}
    assert places(patch({"prompted_by": {"code": "first"}})) == {("/prompted_by", "sent")}
    assert patch({"prompted_by": {"code": "sent_again", "reason": "Funding was found."}}).status_code == 200


def test_a_draft_may_name_another_earlier_one(world: World, api: Api) -> None:
    first, second = world.enquiry("declined"), world.enquiry("lapsed")
    draft, caller = continuing.begin(enquiry=first, by=world.referrer, kind="referral"), api(world.referrer)
    url, headers = f"{URL}{draft.reference}/", {"If-Match": draft.etag}
    answer = caller.patch(url, {"continues": second.reference}, format="json", headers=headers)
    assert answer.data["continues"] == second.reference
    none = {"continues": "", "prompted_by": {"code": "first"}}
    answer = caller.patch(url, none, format="json", headers={"If-Match": answer["ETag"]})
    assert "continues" not in answer.data


# --- The rules -----------------------------------------------------------------------------------------------

RULES: list[tuple[str, dict[str, Any], set[tuple[str, str]]]] = [
    ("declined", {"code": "no_such_code"}, {("/prompted_by/code", "unknown_code")}),
    ("declined", {"code": "first"}, {("/prompted_by/code", "continues_one")}),
    ("declined", {}, {("/prompted_by/code", "required")}),
    ("accepted", {"code": "change_of_circumstances"}, {("/prompted_by/reason", "required")}),
    ("accepted", {"code": "step_up", "reason": " "}, {("/prompted_by/reason", "required")}),
    ("accepted", {"code": "sent_again"}, {("/prompted_by/code", "status")}),
    ("accepted", {"code": "continued"}, {("/prompted_by/code", "kind")}),
    ("declined", {"code": "continued"}, {("/prompted_by/code", "status")}),
    ("submitted", CHANGED, {("/prompted_by/code", "status")}),
    ("duplicate", STEPPED, {("/prompted_by/code", "status")}),
]


@pytest.mark.parametrize(("status", "prompted", "faults"), RULES)
def test_what_prompts_it_fits_how_the_earlier_one_stands(
    world: World, api: Api, status: str, prompted: dict[str, Any], faults: set[tuple[str, str]]
) -> None:
    body: dict[str, Any] = {**example(), "continues": world.enquiry(status).reference}
    if prompted:
        body["prompted_by"] = prompted
    assert places(api(world.referrer).post(URL, body, format="json")) == faults


@pytest.mark.parametrize("code", ["continued", "sent_again", "change_of_circumstances"])
def test_what_speaks_of_an_earlier_one_names_it(world: World, api: Api, code: str) -> None:
    body = {**example(), "prompted_by": {"code": code, "reason": "It got worse."}}
    assert places(api(world.referrer).post(URL, body, format="json")) == {("/continues", "required")}


@pytest.mark.parametrize(
    ("early_help", "taken"),
    [
        (None, False),
        ({"had": False}, False),
        ({"had": True, "from": "2024-05-01", "end_reason": "still_open"}, False),
        ({"had": True, "from": "2024-05-01"}, False),
        ({"had": True, "from": "2024-05-01", "to": "2025-01-20"}, True),
        ({"had": True, "end_reason": "step_up"}, True),
    ],
)
def test_a_step_up_needs_an_episode_of_early_help_that_has_ended(
    world: World, api: Api, early_help: Any, taken: bool
) -> None:
    body = {**example(), "prompted_by": STEPPED}
    for child in body["children"]:
        child.pop("early_help")
    if early_help:
        body["children"][1]["early_help"] = early_help
    answer = api(world.referrer).post(URL, body, format="json")
    assert answer.status_code == 201 if taken else places(answer) == {("/children", "early_help")}


# --- Who and when --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("referrer", 201),
        ("authority_manager", 201),
        ("case_system", 201),
        ("coordinator", 422),
        ("reviewer", 403),
        ("lead", 403),
        ("assessor", 403),
        ("stranger", 404),
        ("other_lead", 404),
        ("administrator", 404),
    ],
)
def test_whoever_may_send_may_continue(world: World, api: Api, who: str, status: int) -> None:
    enquiry = world.referral("in_progress").enquiry
    answer = ask(api(getattr(world, who)), enquiry, prompted_by=CHANGED)
    assert answer.status_code == status, answer.data


def test_a_referrer_who_has_no_part_in_it_does_not_continue_it(world: World, api: Api) -> None:
    other = world.colleague_of_team("Col League", "")
    assert ask(api(other), world.enquiry("declined")).status_code == 403


def test_the_hub_continues_on_behalf_with_a_reason(world: World, api: Api) -> None:
    enquiry, caller = world.enquiry("declined"), api(world.coordinator)
    assert places(ask(caller, enquiry)) == {("/on_behalf_reason", "required")}
    answer = ask(caller, enquiry, on_behalf_reason="By telephone.")
    assert (answer.status_code, answer.data["authority"]["code"]) == (201, "353")


@pytest.mark.parametrize("status", ["draft", "duplicate"])
def test_a_draft_and_a_duplicate_are_not_continued(world: World, api: Api, status: str) -> None:
    answer = ask(api(world.referrer), world.enquiry(status), prompted_by=STEPPED)
    assert (answer.status_code, answer.data["current_status"]) == (409, status)


def test_where_nothing_is_usual_somebody_says_what_prompts_it(world: World, api: Api) -> None:
    caller = api(world.referrer)
    assert places(ask(caller, world.enquiry("accepted"))) == {("/prompted_by", "required")}
    assert places(ask(caller, world.enquiry("declined"), **{"as": "general"})) == {("/as", "invalid_choice")}


def test_an_earlier_one_reopened_meanwhile_no_longer_fits(world: World, api: Api) -> None:
    enquiry = world.enquiry("declined")
    draft = continuing.begin(enquiry=enquiry, by=world.referrer, kind="referral")
    enquiries.amend(enquiry=draft, by=world.referrer, changes=ANEW)
    assert api(world.manager).make(enquiry, "reopen", {"reason": "New facts."}).status_code == 200
    assert places(api(world.referrer).make(fresh(draft), "submit")) == {("/prompted_by/code", "status")}


# --- Once, however often it is asked -------------------------------------------------------------------------


def test_the_same_key_twice_is_one_draft(world: World, api: Api) -> None:
    enquiry, caller = world.enquiry("declined"), api(world.case_system)
    first, again = ask(caller, enquiry, key="one"), ask(caller, enquiry, key="one")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.data["reference"] == again.data["reference"]
    assert again["Idempotent-Replayed"] == "true"
    assert Enquiry.objects.filter(continues=enquiry).count() == 1


def test_the_key_answers_although_the_earlier_one_has_moved_on(world: World, api: Api) -> None:
    enquiry, caller = world.enquiry("declined"), api(world.case_system)
    first = ask(caller, enquiry, key="one")
    api(world.manager).make(enquiry, "reopen", {"reason": "New facts."})
    assert ask(caller, enquiry, key="one").data["reference"] == first.data["reference"]


def test_the_same_key_for_another_reason_is_refused(world: World, api: Api) -> None:
    enquiry, caller = world.enquiry("declined"), api(world.case_system)
    ask(caller, enquiry, key="one")
    assert ask(caller, enquiry, key="one", prompted_by=CHANGED).status_code == 422
    assert Enquiry.objects.filter(continues=enquiry).count() == 1


# --- Triage afresh -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["accepted", "closed"])
def test_a_change_of_circumstances_is_triaged_afresh_and_the_owner_is_told(world: World, status: str) -> None:
    enquiry = world.enquiry(status)
    new = sent(world, enquiry, prompted_by=CHANGED["code"], reason=CHANGED["reason"])
    assert (new.status, new.owner, new.clock) == (Status.SUBMITTED, None, "running")
    assert new.due_at == new.due_after(new.intervals())
    assert fresh(enquiry).status == status
    told = Notification.objects.get(kind=Notification.Kind.CONTINUED)
    assert (told.person, told.subject) == (world.coordinator, new.reference)
    written = letter(told)
    assert (written.to, CHANGED["reason"] in written.text) == ([world.coordinator.email], False)


def test_nobody_is_told_of_one_that_is_only_sent_again(world: World) -> None:
    sent(world, world.enquiry("declined"))
    assert not Notification.objects.filter(kind=Notification.Kind.CONTINUED).exists()


def test_the_clock_of_the_earlier_one_is_its_own(world: World) -> None:
    """Questions are open on the one; the other's clock runs."""
    enquiry = world.enquiry("information_requested")
    new = sent(world, enquiry, prompted_by=STEPPED["code"], reason=STEPPED["reason"])
    assert (fresh(enquiry).clock, new.clock) == ("paused", "running")
    answers: Any = [{"number": 1, "text": "Yes."}, {"number": 2, "text": "A dog."}]
    information.answer(enquiry=fresh(enquiry), by=world.referrer, answers=answers)
    assert fresh(new).clock == "running"


def test_an_instruction_is_continued_from_a_preliminary_enquiry_and_needs_its_letter(
    world: World, api: Api
) -> None:
    draft = continuing.begin(enquiry=preliminary(world), by=world.referrer, kind="instruction")
    lacking = {code for _, code in places(api(world.referrer).make(draft, "submit"))}
    assert "letter_of_instruction" in lacking


# --- Who reads why -------------------------------------------------------------------------------------------


def test_why_it_was_stepped_up_is_on_top_of_the_page_and_in_the_worklist_of_the_hub(
    world: World, signed_in: Any
) -> None:
    new = sent(world, world.enquiry("closed"), prompted_by="step_up", reason=STEPPED["reason"])
    words = f"Step-up from early help: {STEPPED['reason']}"
    for user in (world.coordinator, world.referrer):
        client = signed_in(user)
        assert words in client.get(f"/enquiries/{new.reference}/").content.decode()
        assert words in client.get("/enquiries/").content.decode()


def test_both_pages_lead_to_the_other(world: World, signed_in: Any) -> None:
    enquiry = world.enquiry("declined")
    new, client = sent(world, enquiry), signed_in(world.coordinator)
    assert f"/enquiries/{new.reference}/" in client.get(f"/enquiries/{enquiry.reference}/").content.decode()
    assert f"/enquiries/{enquiry.reference}/" in client.get(f"/enquiries/{new.reference}/").content.decode()


def test_a_service_reads_neither_why_nor_what_it_continues(world: World, api: Api, signed_in: Any) -> None:
    new = sent(world, world.enquiry("closed"), prompted_by="step_up", reason=STEPPED["reason"])
    referral = world.bring(new, Status.ACCEPTED).referrals.first()
    world.take(world.offer(referral))
    for user in (world.lead, world.assessor):
        shown = api(user).get(f"{URL}{new.reference}/").data
        assert not {"prompted_by", "continues"} & shown.keys()
        assert shown["continued_by"] == []
        page = signed_in(user).get(f"/enquiries/{new.reference}/").content.decode()
        assert STEPPED["reason"] not in page
        assert "Step-up" not in page


def test_begin_from_a_page_says_why_it_is_not_possible(world: World) -> None:
    with pytest.raises(NotPossible):
        continuing.begin(enquiry=world.enquiry("draft"), by=world.referrer, kind="referral")
    continuing.refuse_continuing(world.enquiry("declined"), world.referrer)
    with pytest.raises(NotPossible):
        continuing.refuse_continuing(world.enquiry("draft"), world.referrer)
    with pytest.raises(Forbidden):
        continuing.refuse_continuing(world.enquiry("declined"), world.reviewer)
