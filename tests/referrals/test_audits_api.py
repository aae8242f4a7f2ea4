"""The API of audits and improvements: the same rules as on the pages, versions by If-Match."""

from typing import Any

import pytest

from referrals.actions import audits
from referrals.models import Audit, AuditSample, Improvement
from tests.factories import World, fresh, in_days, judged

AUDITS, IMPROVEMENTS = "/api/v1/audits/", "/api/v1/improvements/"


def pointers(answer: Any) -> set[str]:
    return {fault["pointer"] for fault in answer.data["errors"]}


def test_an_audit_is_picked_kept_and_finished(world: World, api: Any) -> None:
    world.colleague  # noqa: B018 - somebody independent is there
    referral = world.referral("closed")
    asked = {"auditor": world.colleague.email, "due_on": str(in_days(9)), "reason": "A complaint."}
    made = api(world.manager).post(f"/api/v1/referrals/{referral.reference}/audits/", asked, format="json")
    assert made.status_code == 201, made.data
    path, auditor = f"{AUDITS}{made.data['id']}/", api(world.colleague)
    sent = {"impact_text": "Safer."}
    assert auditor.patch(path, sent, format="json").status_code == 428
    kept = auditor.patch(path, sent, format="json", headers={"If-Match": made["ETag"]})
    assert (kept.status_code, kept.data["impact_text"]) == (200, "Safer.")
    late = auditor.patch(path, sent, format="json", headers={"If-Match": made["ETag"]})
    assert late.status_code == 412
    now = {"format": "json", "headers": {"If-Match": kept["ETag"]}}
    refused = auditor.post(f"{path}finish/", {**judged(), "impact_grade": "", "voice_text": " "}, **now)
    assert refused.status_code == 422
    assert pointers(refused) == {"/impact_grade", "/voice_text"}
    done = auditor.post(f"{path}finish/", judged(), **now)
    assert (done.status_code, done.data["state"]) == (200, "finished")
    assert {row["code"] for row in done.data["compliance_items"]} >= {"decided", "children"}


def test_what_is_being_written_is_its_auditors_own(world: World, api: Any) -> None:
    audit = audits.save(audit=world.audit(), by=world.colleague, impact_grade="good", impact_text="So far.")
    for path in (f"{AUDITS}{audit.pk}/", AUDITS):
        answer = api(world.manager).get(path)
        assert answer.status_code == 200
        assert "So far." not in answer.content.decode()
        assert '"good"' not in answer.content.decode()
    assert api(world.colleague).get(f"{AUDITS}{audit.pk}/").data["impact_text"] == "So far."


def test_a_list_says_which_are_open_and_which_are_finished(world: World, api: Any) -> None:
    open_, done = world.audit(), world.audited()
    caller = api(world.manager)
    found = {
        state: [row["id"] for row in caller.get(f"{AUDITS}?state={state}").data["results"]]
        for state in ("open", "finished")
    }
    assert found == {"open": [open_.pk], "finished": [done.pk]}
    assert caller.get(f"{AUDITS}?state=late").status_code == 400
    assert caller.get(f"{AUDITS}?stat=open").status_code == 400


@pytest.mark.parametrize("name", ["referrer", "authority_manager", "case_system", "stranger"])
def test_for_an_authority_there_is_nothing(world: World, api: Any, name: str) -> None:
    audit, caller = world.audited(), api(getattr(world, name))
    reference = audit.referral.reference
    for path in (AUDITS, f"{AUDITS}{audit.pk}/", IMPROVEMENTS, f"/api/v1/referrals/{reference}/audits/"):
        assert caller.get(path).status_code == 404, path


def test_a_sample_is_drawn(world: World, api: Any) -> None:
    world.colleague  # noqa: B018 - somebody independent is there
    world.referral("closed")
    sent = {"first": str(in_days(-1)), "last": str(in_days(0)), "number": 1, "due_on": str(in_days(9))}
    made = api(world.manager).post(f"{AUDITS}samples/", sent, format="json")
    assert (made.status_code, made.data["there_were"]) == (201, 1)
    assert AuditSample.objects.get().seed == made.data["seed"]
    assert Audit.objects.get().sample_id == made.data["id"]
    assert api(world.reviewer).post(f"{AUDITS}samples/", sent, format="json").status_code == 403


def test_it_is_sent_back_given_on_and_replied_to(world: World, api: Any) -> None:
    audit = world.audited()
    path = f"{AUDITS}{audit.pk}/"
    said = api(world.lead).post(f"{path}replies/", {"text": "Thank you."}, format="json")
    assert (said.status_code, said.data["by"]) == (201, world.lead.name)
    back = api(world.manager).post(f"{path}return/", {"reason": "Which child?"}, format="json")
    assert (back.status_code, back.data["state"]) == (200, "open")
    asked = {"auditor": world.manager.email, "due_on": str(in_days(3))}
    assert api(world.manager).post(f"{path}assign/", asked, format="json").status_code == 200
    assert fresh(audit).auditor == world.manager


def test_an_improvement_goes_its_way(world: World, api: Any) -> None:
    audit = world.audited()
    sent = {
        "what": "See each child alone.",
        "source": "audit",
        "audits": [audit.pk],
        "owner": world.lead.email,
        "due_on": str(in_days(9)),
    }
    unknown = api(world.colleague).post(IMPROVEMENTS, {**sent, "audits": [audit.pk, 99]}, format="json")
    assert pointers(unknown) == {"/audits/1"}
    made = api(world.colleague).post(IMPROVEMENTS, sent, format="json")
    assert (made.status_code, made.data["audits"]) == (201, [audit.pk])
    path = f"{IMPROVEMENTS}{made.data['id']}/"
    later = {"owner": world.lead.email, "due_on": str(in_days(20)), "reason": "The course is then."}
    assert api(world.manager).patch(path, later, format="json").status_code == 200
    assert api(world.lead).post(f"{path}done/", {"evidence": " "}, format="json").status_code == 422
    done = api(world.lead).post(f"{path}done/", {"evidence": "Three visits."}, format="json")
    assert done.data["state"] == "done"
    seen = {"worked": "yes", "effect": "Ten of ten."}
    assert api(world.lead).post(f"{path}check/", seen, format="json").status_code == 403
    whole = api(world.reviewer).post(f"{path}check/", seen, format="json")
    assert [row["verb"] for row in whole.data["steps"]] == ["raised", "changed", "done", "checked"]
    listed = api(world.manager).get(f"{IMPROVEMENTS}?state=checked&source=audit").data["results"]
    assert [row["id"] for row in listed] == [Improvement.objects.get().pk]
    assert api(world.manager).get(f"{IMPROVEMENTS}?state=never").status_code == 400
