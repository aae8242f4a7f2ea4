"""The improvement log: owner and day, evidence before it is done, and somebody else who looks whether it worked."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from intake.models import Event, Notification, User
from intake.refusals import Forbidden, Invalid, NotPossible
from referrals.actions import improvements, reminders
from referrals.models import Improvement
from reports.letters import letter
from tests.factories import World, fresh, in_days


def add(world: World, **changes: Any) -> Improvement:
    given: dict[str, Any] = {
        "what": "Ask for the letter on the first day.",
        "source": "complaint",
        "found": "Two families waited for it.",
        "owner": world.coordinator,
        "due_on": in_days(30),
    }
    return improvements.add(by=world.manager, **{**given, **changes})


def of_audit(world: World, **changes: Any) -> Improvement:
    return add(world, **{"source": "audit", "found": "", "audits": [world.audited()], **changes})


def faults(refused: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return {fault.pointer for fault in refused.value.faults}


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"what": " "}, {"/what"}),
        ({"owner": None}, {"/owner"}),
        ({"due_on": None}, {"/due_on"}),
        ({"due_on": in_days(-1)}, {"/due_on"}),
        ({"source": "nowhere"}, {"/source"}),
        ({"source": "audit"}, {"/source"}),
        ({"source": "review"}, {"/defect_code"}),
        ({"found": ""}, {"/found"}),
    ],
)
def test_an_improvement_says_what_whose_by_when_and_where_from(
    world: World, changes: dict[str, Any], pointers: set[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        add(world, **changes)
    assert faults(refused) == pointers


def test_a_defect_of_reviews_is_of_the_list(world: World) -> None:
    assert add(world, source="review", defect_code="VOICE", found="").defect_code == "VOICE"


def test_the_very_same_within_a_minute_is_one(world: World) -> None:
    assert add(world) == add(world)
    assert add(world, what="Another.") != add(world)


def test_an_owner_is_of_the_hub_or_of_the_service_whose_work_it_was(world: World) -> None:
    assert of_audit(world, owner=world.lead).owner == world.lead
    for owner in (world.other_lead, world.referrer, world.administrator):
        with pytest.raises(Invalid) as refused:
            of_audit(world, owner=owner)
        assert faults(refused) == {"/owner"}
    with pytest.raises(Invalid):
        add(world, owner=world.lead)


def test_it_is_done_with_evidence_only(world: World) -> None:
    row = add(world)
    with pytest.raises(Invalid) as refused:
        improvements.finish(improvement=row, by=world.coordinator, evidence=" ")
    assert faults(refused) == {"/evidence"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Improvement.objects.filter(pk=row.pk).update(done_at=timezone.now(), done_by=world.coordinator)
    done = improvements.finish(improvement=row, by=world.coordinator, evidence="The letter template has it.")
    assert done.state == "done"
    with pytest.raises(NotPossible):
        improvements.finish(improvement=row, by=world.coordinator, evidence="Again.")


def test_its_owner_or_a_manager_says_that_it_is_done(world: World) -> None:
    with pytest.raises(Forbidden):
        improvements.finish(improvement=add(world), by=world.colleague, evidence="I saw it.")


def checked(world: World, row: Improvement, by: User) -> Improvement:
    return improvements.check_effect(improvement=row, by=by, worked="yes", effect="Ten of ten had it.")


def test_somebody_else_looks_whether_it_worked(world: World) -> None:
    row = improvements.finish(improvement=add(world), by=world.manager, evidence="It is there.")
    for by in (world.coordinator, world.manager, world.lead):
        with pytest.raises(Forbidden):
            checked(world, row, by)
    assert checked(world, row, world.colleague).state == "checked"
    with pytest.raises(NotPossible):
        checked(world, row, world.reviewer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Improvement.objects.filter(pk=row.pk).update(checked_by=world.coordinator)


def test_whether_it_worked_is_looked_at_once_it_is_done_and_in_words(world: World) -> None:
    row = add(world)
    with pytest.raises(NotPossible):
        checked(world, row, world.colleague)
    row = improvements.finish(improvement=row, by=world.coordinator, evidence="It is there.")
    with pytest.raises(Invalid) as refused:
        improvements.check_effect(improvement=row, by=world.colleague, worked="", effect=" ")
    assert faults(refused) == {"/worked", "/effect"}


def test_another_owner_or_day_has_a_reason_and_every_step_stays(world: World) -> None:
    row = add(world)
    with pytest.raises(Invalid):
        improvements.change(
            improvement=row, by=world.manager, owner=world.reviewer, due_on=in_days(60), reason=""
        )
    row = improvements.change(
        improvement=row, by=world.manager, owner=world.reviewer, due_on=in_days(60), reason="She left."
    )
    improvements.finish(improvement=row, by=world.reviewer, evidence="It is there.")
    checked(world, row, world.colleague)
    steps = list(row.steps.values_list("verb", "owner__name", "by__name"))
    assert steps == [
        ("raised", "Ann Coordinator", "Mia Manager"),
        ("changed", "Ria Reviewer", "Mia Manager"),
        ("done", "Ria Reviewer", "Ria Reviewer"),
        ("checked", "Ria Reviewer", "Ben Coordinator"),
    ]


def test_the_database_refuses_to_change_or_delete_a_step(world: World) -> None:
    steps = add(world).steps
    for change in (lambda: steps.update(text="Nothing."), lambda: steps.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert steps.get().text == ""


def test_what_comes_of_an_audit_stands_in_the_history_of_the_work_without_its_words(world: World) -> None:
    row = of_audit(world)
    improvements.finish(improvement=row, by=world.coordinator, evidence="The template has it.")
    assert row.referral is not None
    lines = Event.objects.filter(enquiry=row.referral.enquiry, verb__startswith="referral.improvement_")
    assert [line.verb.partition("_")[2] for line in lines] == ["opened", "done"]
    assert {line.audience for line in lines} == {"hub"}
    assert "template" not in str([(line.note, line.data) for line in lines])


def test_who_sees_an_improvement(world: World) -> None:
    general, ours = add(world), of_audit(world, owner=world.lead)

    def seen(user: User) -> set[int]:
        return set(Improvement.objects.visible_to(user).values_list("pk", flat=True))

    for user in (world.manager, world.coordinator, world.colleague, world.reviewer):
        assert seen(user) == {general.pk, ours.pk}
    assert seen(world.lead) == {ours.pk}
    for name in ("assessor", "other_lead", "referrer", "authority_manager", "administrator", "auditor"):
        assert seen(getattr(world, name)) == set(), name


def test_its_owner_is_told_and_chased_when_it_is_late(world: World) -> None:
    row = of_audit(world, owner=world.lead, due_on=in_days(5))
    assert letter(Notification.objects.get(kind="reminder", data__improvement=row.pk)).to == [
        world.lead.email
    ]
    late = timezone.now() + timedelta(days=20)
    assert reminders.remind_of_improvements(late) == 1
    assert reminders.remind_of_improvements(late) == 0
    told = Notification.objects.filter(data__improvement=row.pk, data__stage="week").get()
    assert f"/improvements/{row.pk}/" in letter(told).text
    assert fresh(row).what not in letter(told).text
