"""Audits of closed work: by somebody independent, with the impact and the child's voice or not at all."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from intake.actions import messages, restricting
from intake.models import Event, Notification, User
from intake.refusals import Forbidden, Invalid, NotPossible, Stale
from referrals import audited
from referrals.actions import audits, improvements, reminders, samples
from referrals.models import Audit, AuditSample, Referral
from reports.letters import letter
from tests.factories import World, fresh, in_days, judged


def faults(refused: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return {fault.pointer for fault in refused.value.faults}


def closed(world: World) -> Referral:
    return world.referral("closed")


# --- Independence ---------------------------------------------------------------------------------------------


def test_nobody_who_had_a_part_is_independent(world: World) -> None:
    expected, referral = {world.colleague, world.manager}, closed(world)
    people = set(audited.independent(referral))
    assert expected <= people
    # Ann decided and closed it, Ria reviewed it; the officer for data protection reads, and audits no case.
    assert people.isdisjoint({world.coordinator, world.reviewer, world.auditor, world.lead, world.assessor})


@pytest.mark.parametrize("name", ["coordinator", "reviewer", "auditor", "administrator", "lead", "referrer"])
def test_an_audit_is_given_to_nobody_else(world: World, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        world.audit(closed(world), auditor=getattr(world, name))
    assert faults(refused) == {"/auditor"}


def test_whoever_takes_a_part_meanwhile_can_write_the_audit_no_more(world: World) -> None:
    audit = world.audit()
    messages.write(enquiry=audit.referral.enquiry, by=world.colleague, text="I rang them.")
    with pytest.raises(Forbidden, match="You had a part"):
        audits.finish(audit=audit, by=world.colleague, **judged())


def test_a_restricted_case_is_audited_only_by_whoever_may_see_it(world: World) -> None:
    referral = closed(world)
    restricting.restrict(
        enquiry=referral.enquiry, by=world.manager, reason="A threat.", people=[world.coordinator]
    )
    assert world.colleague not in audited.independent(fresh(referral))


def test_only_a_manager_chooses_and_only_closed_work(world: World) -> None:
    facts: Any = {"auditor": world.colleague, "due_on": in_days(3), "reason": "A complaint."}
    with pytest.raises(Forbidden):
        audits.pick(referral=closed(world), by=world.reviewer, **facts)
    with pytest.raises(NotPossible):
        audits.pick(referral=world.referral("delivered"), by=world.manager, **facts)


def test_a_referral_has_one_open_audit_and_can_be_audited_again(world: World) -> None:
    audit = world.audit()
    with pytest.raises(NotPossible):
        world.audit(audit.referral)
    audits.finish(audit=audit, by=world.colleague, **judged())
    assert world.audit(fresh(audit.referral)).number == 2


def test_picking_says_why_and_by_when(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        audits.pick(referral=closed(world), by=world.manager, auditor=None, due_on=in_days(-1), reason=" ")
    assert faults(refused) == {"/reason", "/due_on", "/auditor"}


# --- Writing and finishing ------------------------------------------------------------------------------------


def test_a_draft_keeps_what_there_is(world: World) -> None:
    audit = audits.save(audit=world.audit(), by=world.colleague, impact_text="The children are safe.")
    assert fresh(audit).impact_text == "The children are safe."
    assert fresh(audit).finished_at is None


@pytest.mark.parametrize("name", ["impact_grade", "impact_text", "voice_how", "voice_text", "quality_grade"])
def test_an_audit_is_not_finished_without_it(world: World, name: str) -> None:
    audit = world.audit()
    with pytest.raises(Invalid) as refused:
        audits.finish(audit=audit, by=world.colleague, **{**judged(), name: " " if "text" in name else ""})
    assert faults(refused) == {f"/{name}"}
    assert fresh(audit).finished_at is None


@pytest.mark.parametrize("name", ["impact_grade", "impact_text", "voice_how", "voice_text"])
def test_the_database_keeps_no_finished_audit_without_it(world: World, name: str) -> None:
    audit = world.audited()
    with pytest.raises(IntegrityError), transaction.atomic():
        Audit.objects.filter(pk=audit.pk).update(**{name: ""})


def test_compliance_is_kept_as_the_record_had_it(world: World) -> None:
    audit = world.audited()
    found = {row["code"]: row["state"] for row in audit.compliance_items}
    assert found["decided"] == found["children"] == found["reviewed"] == "met"
    # The work began before the letter was there, with a reason.
    assert found["instruction"] == "partly"
    assert audit.compliance == "partly"


def test_only_its_auditor_writes_it_and_nobody_after_it_is_finished(world: World) -> None:
    audit = world.audit()
    with pytest.raises(Forbidden):
        audits.save(audit=audit, by=world.manager, impact_text="Good.")
    audit = audits.finish(audit=audit, by=world.colleague, **judged())
    with pytest.raises(NotPossible):
        audits.save(audit=audit, by=world.colleague, impact_text="Better.")


def test_a_grade_is_one_of_the_scale(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        audits.save(audit=world.audit(), by=world.colleague, impact_grade="splendid")
    assert faults(refused) == {"/impact_grade"}


def test_what_was_read_before_another_version_is_not_written_over_it(world: World) -> None:
    audit = world.audit()
    audits.save(audit=fresh(audit), by=world.colleague, impact_text="First.")
    audit.seen_version = 1
    with pytest.raises(Stale):
        audits.save(audit=audit, by=world.colleague, impact_text="Second.")


def test_what_is_inadequate_has_an_improvement_and_the_managers_are_told(world: World) -> None:
    audit, words = world.audit(), {**judged(), "impact_grade": "inadequate"}
    with pytest.raises(Invalid) as refused:
        audits.finish(audit=audit, by=world.colleague, **words)
    assert faults(refused) == {"/improvements"}
    improvements.add(
        by=world.colleague,
        what="See each child alone.",
        source="audit",
        audits=[audit],
        owner=world.lead,
        due_on=in_days(30),
    )
    audits.finish(audit=audit, by=world.colleague, **words)
    told = Notification.objects.filter(kind="reminder", data__stage="inadequate").get()
    assert letter(told).to == [world.manager.email]
    assert f"/audits/{audit.pk}/" in letter(told).text


def test_its_history_stays_in_the_hub_and_holds_none_of_the_words(world: World) -> None:
    audit = world.audited()
    lines = Event.objects.filter(enquiry=audit.referral.enquiry, verb__startswith="referral.audit_")
    assert {line.audience for line in lines} == {"hub"}
    told = " ".join(f"{line.note} {line.data}" for line in lines)
    assert not any(words in told for name, words in judged().items() if name.endswith("_text"))
    assert lines.get(verb="referral.audit_finished").data["impact"] == "outstanding"


def test_those_whose_work_it_was_are_told(world: World) -> None:
    audit = world.audited()
    rows = Notification.objects.filter(kind="reminder", data__stage="finished")
    to = {email for row in rows for email in letter(row).to}
    assert to == {world.lead.email, world.assessor.email, world.coordinator.email}
    assert f"/audits/{audit.pk}/" in letter(rows[0]).text


# --- Who sees it ----------------------------------------------------------------------------------------------


def seen_by(user: User, audit: Audit) -> bool:
    return Audit.objects.visible_to(user).filter(pk=audit.pk).exists()


def test_an_open_audit_is_its_auditors_and_the_managers(world: World) -> None:
    audit = world.audit()
    assert seen_by(world.colleague, audit)
    assert seen_by(world.manager, audit)
    others = ("coordinator", "reviewer", "lead", "assessor", "other_lead", "referrer", "authority_manager")
    assert not any(seen_by(getattr(world, name), audit) for name in others)
    assert not audit.words_open_to(world.manager)


def test_a_finished_audit_is_read_by_those_whose_work_it_was(world: World) -> None:
    audit = world.audited()
    for name in ("colleague", "manager", "coordinator", "reviewer", "lead", "assessor"):
        assert seen_by(getattr(world, name), audit), name
    for name in ("other_lead", "referrer", "authority_manager", "stranger", "administrator", "auditor"):
        assert not seen_by(getattr(world, name), audit), name


# --- Replies, moderation, another auditor ---------------------------------------------------------------------


@pytest.mark.parametrize("name", ["coordinator", "reviewer", "lead", "assessor"])
def test_those_whose_work_it_was_reply(world: World, name: str) -> None:
    audit, by = world.audited(), getattr(world, name)
    said = audits.reply(audit=audit, by=by, text="We have learnt from it.")
    assert audits.reply(audit=audit, by=by, text="We have learnt from it.") == said


@pytest.mark.parametrize("name", ["colleague", "other_lead", "administrator"])
def test_nobody_else_replies(world: World, name: str) -> None:
    with pytest.raises(Forbidden):
        audits.reply(audit=world.audited(), by=getattr(world, name), text="Well.")


def test_a_manager_sends_an_audit_back_and_it_is_finished_anew(world: World) -> None:
    audit = audits.send_back(audit=world.audited(), by=world.manager, reason="Which child said so?")
    assert audit.finished_at is None
    assert fresh(audit).impact_text == judged()["impact_text"]
    audits.finish(audit=audit, by=world.colleague, voice_text="The boy said so.")
    assert fresh(audit).finished_at is not None


def test_neither_its_auditor_nor_whoever_did_the_work_sends_it_back(world: World) -> None:
    referral = closed(world)
    audit = world.audit(referral, auditor=world.manager)
    audit = audits.finish(audit=audit, by=world.manager, **judged())
    with pytest.raises(Forbidden):
        audits.send_back(audit=audit, by=world.manager, reason="Again.")
    world.audited(fresh(referral))


def test_an_open_audit_goes_to_somebody_else_with_what_was_written(world: World) -> None:
    audit = audits.save(audit=world.audit(), by=world.colleague, impact_text="So far.")
    audit = audits.assign(audit=audit, by=world.manager, auditor=world.manager, due_on=in_days(3))
    assert (audit.auditor, fresh(audit).impact_text) == (world.manager, "So far.")
    with pytest.raises(Forbidden):
        audits.save(audit=audit, by=world.colleague, impact_text="More.")


def test_an_audit_that_is_late_is_chased_once_a_stage(world: World) -> None:
    audit = world.audit()
    late = timezone.now() + timedelta(days=16)
    assert reminders.remind_of_audits(late) == 1
    assert reminders.remind_of_audits(late) == 0
    told = Notification.objects.get(kind="reminder", data__stage="over")
    assert letter(told).to == [world.colleague.email]
    assert f"/audits/{audit.pk}/" in letter(told).text


# --- Samples --------------------------------------------------------------------------------------------------


def draw(world: World, number: int = 2, seed: str = "seed", **more: Any) -> AuditSample:
    given: dict[str, Any] = {"first": in_days(-1), "last": in_days(0), "due_on": in_days(20), **more}
    world.colleague  # noqa: B018 - somebody independent is there
    return samples.choose(by=world.manager, number=number, seed=seed, **given)


def of_south(world: World) -> Referral:
    """Closed by the other service."""
    world.__dict__ |= {"north": world.south, "lead": world.other_lead, "assessor": world.other_assessor}
    return closed(world)


def drawn(sample: AuditSample) -> set[str]:
    return set(sample.audits.values_list("referral__reference", flat=True))


def test_a_sample_takes_as_many_as_asked_with_each_service_in_it(world: World) -> None:
    for _ in range(3):
        closed(world)
    south = of_south(world)
    sample = draw(world)
    assert sample.there_were == 4
    assert len(drawn(sample)) == 2
    assert south.reference in drawn(sample)
    assert {row.auditor for row in sample.audits.all()} == {world.colleague, world.manager}


def test_the_same_seed_draws_the_same_again(world: World) -> None:
    for _ in range(5):
        closed(world)
    first = drawn(draw(world, 2))
    Audit.objects.all().delete()
    AuditSample.objects.all().delete()
    assert drawn(draw(world, 2)) == first


def test_what_was_audited_is_drawn_no_more_and_what_is_restricted_not_for_who_may_not_see_it(
    world: World,
) -> None:
    done, shut = world.audited().referral, closed(world)
    restricting.restrict(
        enquiry=shut.enquiry, by=world.manager, reason="A threat.", people=[world.coordinator]
    )
    left = closed(world)
    sample = draw(world, 5)
    assert drawn(sample) - {left.reference} <= {shut.reference}
    assert done.reference not in drawn(sample)
    whose = {row.referral_id: row.auditor for row in sample.audits.all()}
    assert whose.get(shut.pk, world.manager) == world.manager


def test_a_draw_has_its_seed_on_record_and_one_press_is_one_draw(world: World) -> None:
    closed(world)
    closed(world)
    sample = draw(world, 1, seed="")
    assert sample.seed
    assert draw(world, 1, seed="") == sample
    assert Audit.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"number": 0}, {"/number"}),
        ({"number": 101}, {"/number"}),
        ({"first": None, "last": None}, {"/first", "/last"}),
        ({"first": in_days(0), "last": in_days(-1)}, {"/last"}),
        ({"due_on": None}, {"/due_on"}),
        ({"due_on": in_days(-1)}, {"/due_on"}),
        ({"seed": "x" * 41}, {"/seed"}),
        ({"first": in_days(-90), "last": in_days(-80)}, {"/first"}),
    ],
)
def test_a_draw_that_cannot_be_made_says_why(
    world: World, changes: dict[str, Any], pointers: set[str]
) -> None:
    closed(world)
    with pytest.raises(Invalid) as refused:
        draw(world, **changes)
    assert faults(refused) == pointers


def test_a_sample_smaller_than_the_services_is_refused(world: World) -> None:
    closed(world)
    of_south(world)
    with pytest.raises(Invalid) as refused:
        draw(world, 1)
    assert faults(refused) == {"/number"}


def test_work_that_nobody_may_audit_is_passed_over_and_said_to_be(world: World) -> None:
    first, second = closed(world), closed(world)
    for person in (world.manager, world.colleague):
        messages.write(enquiry=first.enquiry, by=person, text="I rang them.")
    sample = draw(world, 2)
    assert drawn(sample) == {second.reference}
    assert sample.left_out == 1
