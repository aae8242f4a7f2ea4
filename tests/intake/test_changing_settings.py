"""Settings that are data: changed from a day on, never what was promised before; who, when and why on record."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import pytest
import time_machine
from django.db import Error, transaction
from django.utils import timezone

from intake.actions import closing, dated
from intake.deadlines import LONDON
from intake.history import fault_in_clock
from intake.models import (
    AssessmentHours,
    AssessmentType,
    Enquiry,
    Grade,
    PlanStep,
    SettingChange,
    Target,
    User,
    WorkTarget,
    book,
    put_away,
)
from intake.refusals import Forbidden, Invalid, NotPossible
from referrals.capacity import hours_of
from referrals.court import steps_for
from referrals.turnaround import decision_of
from tests.factories import World, fresh, in_days
from tests.settling import GRADES, decide_within, newly_qualified, share

TABLES = dated.TABLES
HOLD = ("valid_from", "valid_until")


@pytest.fixture(autouse=True)
def _a_tuesday_morning() -> Iterator[None]:
    with time_machine.travel("2026-11-24 10:00", tick=False):
        yield


def change(code: str, row: Any, day: date, by: User, **values: Any) -> SettingChange:
    table = TABLES[code]
    given = {**table.values(row), **values}
    return dated.change(table=table, row=row, values=given, valid_from=day, reason="A review.", by=by)


def pointers(refused: Any) -> set[str]:
    return {fault.pointer for fault in refused.value.faults}


# --- From a day on --------------------------------------------------------------------------------------------


def test_a_row_begins_on_its_day_and_the_one_before_ends_the_day_before(world: World) -> None:
    share(80, in_days(3), world.manager)
    rows = Grade.objects.filter(code="NEWLY_QUALIFIED").values_list("share", *HOLD)
    assert list(rows) == [(90, date(2022, 1, 1), in_days(2)), (80, in_days(3), None)]
    assert [book().practice.grades(day)["NEWLY_QUALIFIED"].share for day in (in_days(2), in_days(3))] == [
        90,
        80,
    ]


def test_a_row_between_ends_before_the_one_that_comes_after_it(world: World) -> None:
    share(80, in_days(9), world.manager)
    share(70, in_days(3), world.manager)
    rows = Grade.objects.filter(code="NEWLY_QUALIFIED").values_list("share", *HOLD)
    assert list(rows)[1:] == [(70, in_days(3), in_days(8)), (80, in_days(9), None)]


def test_a_row_of_that_very_day_is_put_right(world: World) -> None:
    share(8, in_days(0), world.manager)
    said = share(80, in_days(0), world.manager, "A slip of the hand.")
    assert Grade.objects.filter(code="NEWLY_QUALIFIED").count() == 2
    assert said.lines() == ["Percent of the hours a week: 80, before 8"]


def test_who_when_and_why_stay_with_the_change(world: World) -> None:
    share(80, in_days(3), world.administrator)
    said = SettingChange.objects.get()
    assert (said.by_name, said.reason, said.valid_from) == (
        "Ivy Administrator",
        "After a review.",
        in_days(3),
    )
    assert (said.about, said.lines()) == ("Newly qualified", ["Percent of the hours a week: 80, before 90"])


@pytest.mark.parametrize("act", ["delete", "update"])
def test_what_is_on_record_is_altered_by_nobody(world: World, act: str) -> None:
    share(80, in_days(3), world.manager)
    rows = SettingChange.objects.all()
    with pytest.raises(Error), transaction.atomic():
        rows.delete() if act == "delete" else rows.update(reason="Another.")
    assert SettingChange.objects.get().reason == "After a review."


def test_a_mistake_is_taken_back_while_its_day_has_not_come(world: World) -> None:
    before = list(Grade.objects.values_list("code", "share", *HOLD))
    share(8, in_days(3), world.manager)
    dated.take_back(table=GRADES, row=newly_qualified(), by=world.manager)
    assert list(Grade.objects.values_list("code", "share", *HOLD)) == before
    assert [said.verb for said in SettingChange.objects.all()] == ["taken_back", "changed"]


def test_what_holds_is_not_taken_back(world: World) -> None:
    share(80, in_days(3), world.manager)
    with time_machine.travel("2026-11-27 08:00", tick=False), pytest.raises(NotPossible):
        dated.take_back(table=GRADES, row=newly_qualified(), by=world.manager)
    assert newly_qualified().share == 80


def test_the_past_stays_and_a_reason_is_asked(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        share(80, in_days(-1), world.manager, " ")
    assert pointers(refused) == {"/valid_from", "/reason"}


@pytest.mark.parametrize("who", ["coordinator", "auditor", "reviewer", "authority_manager", "lead"])
def test_nobody_else_changes_or_takes_back(world: World, who: str) -> None:
    share(80, in_days(3), world.manager)
    with pytest.raises(Forbidden):
        share(70, in_days(4), getattr(world, who))
    with pytest.raises(Forbidden):
        dated.take_back(table=GRADES, row=newly_qualified(), by=getattr(world, who))
    assert newly_qualified().share == 80


# --- What was promised ----------------------------------------------------------------------------------------


def test_a_running_clock_keeps_the_target_with_which_it_began(world: World) -> None:
    before = world.enquiry()
    due = before.due_at
    decide_within(3, in_days(1), world.manager)
    with time_machine.travel("2026-11-25 10:00", tick=False):
        put_away()
        closing.spread(timezone.now())
        after = world.enquiry()
        assert fresh(before).due_at == due
        assert timezone.localdate(due) == date(2026, 11, 25)
        assert after.due_at is not None
        assert timezone.localdate(after.due_at) == date(2026, 11, 30)
        for row in (before, after):
            assert decision_of(fresh(row), timezone.now()).reading.due == fresh(row).due_at
            assert fault_in_clock(fresh(row), list(row.events.all())) is None


def test_what_came_this_morning_has_its_promise_so_a_target_changes_from_tomorrow_on(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        decide_within(3, in_days(0), world.manager)
    assert pointers(refused) == {"/valid_from"}


def test_a_promise_by_an_old_book_is_put_right_by_the_round(world: World) -> None:
    """A process that has not read the change yet promises on the new day by what held before."""
    with time_machine.travel("2026-11-24 23:59:50", tick=False):
        decide_within(3, in_days(1), world.manager)
    with time_machine.travel("2026-11-25 00:00:05", tick=False):
        enquiry = world.enquiry()
        by_the_old = datetime(2026, 11, 26, 17, tzinfo=LONDON)
        Enquiry.objects.filter(pk=enquiry.pk).update(due_at=by_the_old)
    with time_machine.travel("2026-11-25 00:03", tick=False):
        assert closing.spread(timezone.now()) == 1
        assert closing.spread(timezone.now()) == 0
    assert timezone.localdate(fresh(enquiry).due_at) == date(2026, 11, 30)


def test_the_preview_counts_the_running_clocks_and_gives_an_example(world: World) -> None:
    world.enquiry()
    row = Target.objects.get(nation="England")
    values = {**TABLES["targets"].values(row), "working_days": 3}
    said = dated.preview(
        table=TABLES["targets"], row=row, values=values, valid_from=in_days(1), by=world.manager
    )
    assert said == [
        "1 decision is running in England; each keeps the target with which it began.",
        "What comes on Wednesday 25 November at 10:00 would be due on Monday 30 November at 17:00, "
        "instead of Thursday 26 November at 17:00.",
    ]
    assert not SettingChange.objects.exists()


def test_hours_count_from_their_day_on(world: World) -> None:
    row, kind = AssessmentHours.objects.get(type="PA"), AssessmentType.objects.get(code="PA")
    change("hours", row, in_days(1), world.manager, hours=44)
    assert hours_of(kind) == 40
    with time_machine.travel("2026-11-25 10:00", tick=False):
        assert hours_of(kind) == 44


def test_a_step_of_the_plan_holds_from_its_day_on(world: World) -> None:
    row = PlanStep.objects.get(code="draft", type="")
    change("steps", row, in_days(1), world.manager, before_filing=12)
    found = [
        {step.code: step.before_filing for step in steps_for("PA", day)}["draft"]
        for day in (in_days(0), in_days(1))
    ]
    assert found == [10, 12]


# --- What makes no sense --------------------------------------------------------------------------------------

NONSENSE: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("targets", {"nation": "England"}, {"working_days": 61}, "/working_days"),
    ("targets", {"nation": "England"}, {"cut_off": time(8)}, "/cut_off"),
    ("targets", {"nation": "England"}, {"closes": None}, "/closes"),
    ("work", {"code": "OFFER"}, {"amount": None}, "/amount"),
    ("work", {"code": "OFFER"}, {"unit": "hours"}, "/unit"),
    ("work", {"code": "OFFER"}, {"amount": 0}, "/amount"),
    ("steps", {"code": "draft", "type": ""}, {"before_filing": 4}, "/before_filing"),
    ("steps", {"code": "draft", "type": ""}, {"after_instruction": 4}, "/before_filing"),
    ("steps", {"code": "filing", "type": ""}, {"before_filing": 3}, "/before_filing"),
    ("hours", {"type": "PA"}, {"weeks": 0}, "/weeks"),
    ("hours", {"type": "PA"}, {}, "/hours"),
    ("grades", {"code": "QUALIFIED"}, {"share": 101}, "/share"),
]


@pytest.mark.parametrize(("code", "which", "values", "pointer"), NONSENSE)
def test_what_makes_no_sense_is_refused(
    world: World, code: str, which: dict[str, Any], values: dict[str, Any], pointer: str
) -> None:
    row = TABLES[code].model._default_manager.get(**which)
    with pytest.raises(Invalid) as refused:
        change(code, row, in_days(1), world.manager, **values)
    assert pointers(refused) == {pointer}


def test_in_weeks_the_longest_of_the_catalogue_may_count(world: World) -> None:
    row = WorkTarget.objects.get(code="OFFER")
    change("work", row, in_days(1), world.manager, amount=None, unit="weeks")
    assert WorkTarget.objects.filter(code="OFFER", amount=None, valid_from=in_days(1)).exists()


# --- The pages ------------------------------------------------------------------------------------------------


def test_on_the_page_the_change_is_looked_at_and_then_put_into_force(world: World, signed_in: Any) -> None:
    client, row = signed_in(world.manager), newly_qualified()
    typed = {"share": 80, "valid_from": in_days(3).isoformat(), "reason": "After a review."}
    page = f"/settings/grades/{row.pk}/"
    looked = client.post(page, typed)
    assert "the capacity of everybody of this grade" in looked.content.decode()
    assert not SettingChange.objects.exists()
    assert client.post(page, {**typed, "apply": "1"}).status_code == 302
    shown = client.get("/settings/grades/").content.decode()
    assert "from 27 November 2026" in shown
    assert "Percent of the hours a week: 80, before 90" in shown
    assert "1 change to come" in client.get("/settings/").content.decode()


def test_on_the_page_it_is_taken_back(world: World, signed_in: Any) -> None:
    share(8, in_days(3), world.manager)
    client, row = signed_in(world.administrator), newly_qualified()
    assert client.post(f"/settings/grades/{row.pk}/take-back/").status_code == 302
    assert newly_qualified().share == 90
    assert client.post(f"/settings/grades/{newly_qualified().pk}/take-back/").status_code == 409


def test_what_was_typed_wrong_stands_beside_its_field(world: World, signed_in: Any) -> None:
    typed = {"share": 400, "valid_from": in_days(-1).isoformat(), "reason": "After a review."}
    answer = signed_in(world.manager).post(f"/settings/grades/{newly_qualified().pk}/", typed)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Give a number between 0 and 100." in shown
    assert "Give today or a later day" in shown


@pytest.mark.parametrize("code", TABLES)
def test_the_auditor_reads_every_table_without_a_button(world: World, signed_in: Any, code: str) -> None:
    share(80, in_days(3), world.manager)
    shown = signed_in(world.auditor).get(f"/settings/{code}/").content.decode()
    assert "What holds today" in shown
    assert f"/settings/{code}/" not in shown
    assert "Take it back" not in shown


@pytest.mark.parametrize(("who", "status"), [("coordinator", 403), ("referrer", 403), ("lead", 403)])
def test_the_tables_are_read_by_who_may(world: World, signed_in: Any, who: str, status: int) -> None:
    client = signed_in(getattr(world, who))
    pages = ("/settings/grades/", f"/settings/grades/{newly_qualified().pk}/", "/closed-days/")
    assert {client.get(page).status_code for page in pages} == {status}


def test_a_table_that_there_is_not_is_not_found(world: World, signed_in: Any) -> None:
    assert signed_in(world.manager).get("/settings/weather/").status_code == 404
