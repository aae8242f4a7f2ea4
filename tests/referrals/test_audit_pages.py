"""The pages of audits and improvements: written, kept, refused, finished; each sees what is theirs."""

from collections.abc import Callable
from typing import Any

import pytest

from referrals.actions import audits, improvements
from referrals.models import Audit, AuditSample, Improvement
from tests.factories import World, fresh, in_days, judged

Signed = Callable[[Any], Any]


def typed(audit: Audit, **changes: str) -> dict[str, str]:
    """The form as it is sent."""
    given = {name.replace("_", "-"): value for name, value in {**judged(), **changes}.items()}
    return {"version": str(audit.version), **given}


def test_the_auditor_keeps_a_draft_and_finishes_it_with_the_facts_beside(
    world: World, signed_in: Signed
) -> None:
    audit = world.audit()
    client, page = signed_in(world.colleague), f"/audits/{audit.pk}/"
    shown = client.get(page).content.decode()
    assert "Each child was seen, with their views" in shown
    assert "A complaint was made." in shown
    kept = client.post(page, {"version": "1", "impact-text": "The children are safe."}, follow=True)
    assert "Kept. It is not finished yet." in kept.content.decode()
    assert "The children are safe." in kept.content.decode()
    done = client.post(page, {**typed(fresh(audit)), "finish": "on"}, follow=True)
    assert "The audit is finished." in done.content.decode()
    assert fresh(audit).impact_text == judged()["impact_text"]


@pytest.mark.parametrize("name", ["impact_grade", "impact_text", "voice_how", "voice_text"])
def test_it_is_not_finished_without_impact_or_voice_and_what_was_typed_stays(
    world: World, signed_in: Signed, name: str
) -> None:
    audit = world.audit()
    answer = signed_in(world.colleague).post(
        f"/audits/{audit.pk}/", {**typed(audit, **{name: ""}), "finish": "on"}
    )
    body = answer.content.decode()
    assert answer.status_code == 422
    assert audits.NEEDED[name] in body
    assert f'href="#id_{name.replace("_", "-")}' in body
    assert judged()["quality_text"] in body
    assert fresh(audit).finished_at is None


def test_two_windows_do_not_write_over_one_another(world: World, signed_in: Signed) -> None:
    audit, client = world.audit(), signed_in(world.colleague)
    client.post(f"/audits/{audit.pk}/", {"version": "1", "impact-text": "First."})
    late = client.post(f"/audits/{audit.pk}/", {"version": "1", "impact-text": "Second."})
    assert late.status_code == 412
    assert "Second." in late.content.decode()
    assert fresh(audit).impact_text == "First."


def test_an_open_audit_shows_its_words_to_its_auditor_only(world: World, signed_in: Signed) -> None:
    audit = audits.save(audit=world.audit(), by=world.colleague, impact_text="So far so good.")
    page = signed_in(world.manager).get(f"/audits/{audit.pk}/").content.decode()
    assert "It is being written." in page
    assert "So far so good." not in page


def test_a_service_reads_the_finished_audit_of_its_own_work_and_replies(
    world: World, signed_in: Signed
) -> None:
    open_, done = world.audit(), world.audited()
    client = signed_in(world.lead)
    assert client.get(f"/audits/{open_.pk}/").status_code == 404
    listed = client.get("/audits/").content.decode()
    assert done.referral.reference in listed
    assert open_.referral.reference not in listed
    body = client.get(f"/audits/{done.pk}/").content.decode()
    assert judged()["voice_text"] in body
    assert "A complaint was made." not in body
    client.post(f"/audits/{done.pk}/reply/", {"text": "We see children alone now."})
    assert (
        "We see children alone now." in signed_in(world.manager).get(f"/audits/{done.pk}/").content.decode()
    )
    assert f"/audits/{done.pk}/" in client.get(f"/referrals/{done.referral.reference}/").content.decode()


@pytest.mark.parametrize(
    "name", ["referrer", "authority_manager", "stranger", "other_lead", "other_assessor"]
)
def test_for_anybody_else_there_is_no_such_audit(world: World, signed_in: Signed, name: str) -> None:
    audit, client = world.audited(), signed_in(getattr(world, name))
    row = of_audit(world, audit)
    for page in (f"/audits/{audit.pk}/", f"/audits/{audit.pk}/reply/", f"/improvements/{row.pk}/"):
        assert client.get(page).status_code == 404, page


def of_audit(world: World, audit: Audit) -> Improvement:
    return improvements.add(
        by=world.manager,
        what="Ask on the first day.",
        source="audit",
        audits=[audit],
        owner=world.coordinator,
        due_on=in_days(30),
    )


def test_a_manager_draws_a_sample(world: World, signed_in: Signed) -> None:
    world.colleague  # noqa: B018 - somebody independent is there
    referral = world.referral("closed")
    sent = {"first": in_days(-1), "last": in_days(0), "number": "1", "due_on": in_days(9), "seed": "x"}
    page = signed_in(world.manager).post("/audits/sample/", sent, follow=True).content.decode()
    assert "1 audit was asked for." in page
    assert "Seed: x." in page
    assert referral.reference in page
    assert AuditSample.objects.get().seed == "x"
    wrong = signed_in(world.manager).post("/audits/sample/", {**sent, "number": "500", "seed": "kept"})
    assert wrong.status_code == 422
    assert "kept" in wrong.content.decode()
    assert signed_in(world.reviewer).get("/audits/sample/").status_code == 403


def test_a_manager_picks_one_on_the_page_of_its_referral(world: World, signed_in: Signed) -> None:
    world.colleague  # noqa: B018 - somebody independent is there
    referral = world.referral("closed")
    client, page = signed_in(world.manager), f"/referrals/{referral.reference}/audit/"
    assert page in client.get(f"/referrals/{referral.reference}/").content.decode()
    form = client.get(page).content.decode()
    assert "Ben Coordinator" in form
    assert "Ria Reviewer" not in form
    sent = {"auditor": world.colleague.pk, "due_on": in_days(9), "reason": "A complaint."}
    client.post(page, sent)
    audit = Audit.objects.get()
    assert (audit.auditor, audit.picked_why) == (world.colleague, "A complaint.")
    assert page not in client.get(f"/referrals/{referral.reference}/").content.decode()


def test_a_manager_sends_it_back_and_gives_it_on(world: World, signed_in: Signed) -> None:
    audit, client = world.audited(), signed_in(world.manager)
    client.post(f"/audits/{audit.pk}/return/", {"reason": "Which child said so?"})
    assert fresh(audit).finished_at is None
    assert "Which child said so?" in signed_in(world.colleague).get(f"/audits/{audit.pk}/").content.decode()
    client = signed_in(world.manager)
    client.post(f"/audits/{audit.pk}/assign/", {"auditor": world.manager.pk, "due_on": in_days(3)})
    assert fresh(audit).auditor == world.manager


def test_an_improvement_goes_its_way_on_the_pages(world: World, signed_in: Signed) -> None:
    audit = world.audited()
    auditor = signed_in(world.colleague)
    sent = {"what": "See each child alone.", "owner": world.lead.pk, "due_on": in_days(9)}
    auditor.post(f"/improvements/new/?audit={audit.pk}", sent)
    row = Improvement.objects.get()
    assert "See each child alone." in auditor.get(f"/audits/{audit.pk}/").content.decode()
    lead = signed_in(world.lead)
    assert "See each child alone." in lead.get("/improvements/?list=mine").content.decode()
    refused = lead.post(f"/improvements/{row.pk}/done/", {"evidence": ""})
    assert refused.status_code == 422
    lead.post(f"/improvements/{row.pk}/done/", {"evidence": "Three visits show it."})
    own = lead.post(f"/improvements/{row.pk}/check/", {"worked": "yes", "effect": "It did."})
    assert own.status_code == 403
    auditor = signed_in(world.colleague)
    auditor.post(f"/improvements/{row.pk}/check/", {"worked": "partly", "effect": "Two of three."})
    page = auditor.get(f"/improvements/{row.pk}/").content.decode()
    assert "Three visits show it." in page
    assert "It worked in part" in page


def test_one_from_elsewhere_is_entered_with_what_was_found(world: World, signed_in: Signed) -> None:
    client = signed_in(world.manager)
    sent = {"what": "Ring back.", "source": "complaint", "owner": world.coordinator.pk, "due_on": in_days(9)}
    wrong = client.post("/improvements/new/", sent)
    assert wrong.status_code == 422
    assert "Say what was found." in wrong.content.decode()
    client.post("/improvements/new/", {**sent, "found": "Nobody rang back."})
    assert Improvement.objects.get().found == "Nobody rang back."


def test_strange_queries_are_no_error(world: World, signed_in: Signed) -> None:
    client = signed_in(world.manager)
    for query in ("?list=nothing", "?after=x", "?after=99999999999999999999"):
        assert client.get(f"/audits/{query}").status_code == 200
        assert client.get(f"/improvements/{query}").status_code == 200
    for page in ("/audits/?sample=x", "/audits/?sample=999", "/improvements/new/?audit=x"):
        assert client.get(page).status_code == 404
