"""What the figures are counted from is the history, whatever happened and in whatever order it was read."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from intake.deadlines import decision_due
from intake.lifecycle import Status
from intake.models import Enquiry, Event, book
from intake.models.enquiry import intervals_from
from referrals.actions import audits, improvements, triage, undoing
from reports.actions import counting
from reports.figures.measures import Measure
from reports.models import DailySum, Fact, Uncounted
from tests.factories import World, fresh, in_days
from tests.reports.lived import Office, office


def count() -> None:
    counting.count_new(timezone.now())


def numbers(**of: Any) -> Counter[tuple[str, str]]:
    """By measure and reason, of all places, types and services."""
    rows = DailySum.objects.filter(**{"place": "", "type": "", "service": 0} | of)
    found = Counter[tuple[str, str]]()
    for measure, reason, number in rows.values_list("measure", "reason", "number"):
        found[measure, reason] += number
    return +found


def every_sum() -> set[tuple[Any, ...]]:
    return set(DailySum.objects.exclude(number=0).values_list(*counting.Key._fields, "number"))


def every_fact() -> Counter[tuple[Any, ...]]:
    return Counter(counting.content(row) for row in Fact.objects.all())


def test_an_enquiry_is_counted_once_however_often_it_is_read(world: World) -> None:
    enquiry = world.enquiry(Status.DECLINED)
    count()
    once = every_sum()
    Uncounted.objects.create(enquiry=enquiry.pk, since=timezone.now())
    count()
    assert every_sum() == once
    assert numbers()[Measure.RECEIVED, ""] == 1
    assert numbers()[Measure.DECLINED, "AREA"] == enquiry.assessment_rows.count()


def test_a_line_of_history_leaves_a_note_and_counting_takes_it(world: World) -> None:
    world.enquiry()
    assert Uncounted.objects.since() is not None
    count()
    assert not Uncounted.objects.exists()


def test_a_draft_is_not_counted(world: World) -> None:
    world.enquiry(Status.DRAFT)
    count()
    assert not Fact.objects.exists()


def test_a_decision_that_was_undone_was_none(world: World) -> None:
    enquiry = world.enquiry(Status.IN_TRIAGE)
    declined = world.decide(enquiry, Status.DECLINED)
    count()
    assert numbers()[Measure.DECLINED, "AREA"]
    undoing.undo(enquiry=fresh(declined), by=world.coordinator)
    count()
    assert set(numbers()) == {(Measure.RECEIVED, "")}


def test_what_was_declined_stays_declined_when_it_is_reopened_and_accepted(world: World) -> None:
    enquiry = world.enquiry(Status.DECLINED)
    world.accept(triage.reopen(enquiry=enquiry, by=world.manager, reason="News."))
    count()
    found, asked = numbers(), enquiry.assessment_rows.count()
    assert (found[Measure.DECLINED, "AREA"], found[Measure.ACCEPTED, ""]) == (asked, asked)
    assert found[Measure.REOPENED, ""] == 1


def test_what_is_restricted_is_in_no_sum_and_back_when_it_is_open_again(world: World) -> None:
    enquiry = world.enquiry()
    count()
    Enquiry.objects.filter(pk=enquiry.pk).update(restricted=True)
    Uncounted.objects.create(enquiry=enquiry.pk, since=timezone.now())
    count()
    assert not every_sum()
    Enquiry.objects.filter(pk=enquiry.pk).update(restricted=False)
    Uncounted.objects.create(enquiry=enquiry.pk, since=timezone.now())
    count()
    assert numbers() == {(Measure.RECEIVED, ""): 1}


def test_days_are_on_one_side_or_the_other_and_together_all(world: World) -> None:
    with office() as clock:
        enquiry = world.ask(world.enquiry(Status.IN_TRIAGE))
        clock.shift(timedelta(days=7))
        Office(world, clock, 1).answer(enquiry)
        clock.shift(timedelta(days=2))
        world.decide(fresh(enquiry), Status.REDIRECTED)
        count()
    days = dict(
        Fact.objects.filter(measure__in=("decided", "with_us", "with_authority")).values_list(
            "measure", "value"
        )
    )
    assert days == {"decided": 7, "with_us": 2, "with_authority": 5}


# --- The sums and the truth ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_counted_as_it_happens_is_what_is_counted_anew(world: World, seed: int) -> None:
    with office() as clock:
        Office(world, clock, seed).live(70, between=count)
        count()
        moved, known = every_sum(), every_fact()
        assert counting.wrong_sums() == 0
        counting.count_anew(chunk=7)
        assert (every_sum(), every_fact()) == (moved, known)
        Fact.objects.all().delete()
        DailySum.objects.all().delete()
        counting.count_anew()
    assert (every_sum(), every_fact()) == (moved, known)


@pytest.mark.parametrize("seed", range(4, 6))
def test_the_sums_are_the_slow_truth_of_events_and_clocks(world: World, seed: int) -> None:
    with office() as clock:
        Office(world, clock, seed).live(80, between=count)
        count()
    found = numbers()
    assert {key: found[key] for key in slow_truth()} == slow_truth()
    assert sum(slow_truth().values()) > 20


def slow_truth() -> dict[tuple[str, str], int]:
    """One enquiry after the other, one line after the other, of what is not restricted."""
    told = Counter[tuple[str, str]]()
    for enquiry in Enquiry.objects.exclude(status=Status.DRAFT).filter(restricted=False):
        lines = list(enquiry.events.order_by("sequence"))
        own = [line for line in lines if line.subject == enquiry.reference and line.to_status]
        for place, line in enumerate(own):
            undone = place + 1 < len(own) and own[place + 1].verb == "enquiry.undo"
            if line.verb == "enquiry.submit":
                told["received", ""] += 1
            if line.verb in ("enquiry.accept", "enquiry.decline", "enquiry.redirect") and not undone:
                told["decided", in_time(enquiry, own[:place], line)] += 1
        for line in lines:
            if line.verb == "referral.deliver":
                met = {True: "met", False: "missed", None: "no_date"}[line.data["filing_met"]]
                told["delivered", met] += 1
            for name in ("offer_declined:referral.decline_offer", "returned:referral.send_back"):
                measure, _, verb = name.partition(":")
                if line.verb == verb:
                    told[measure, line.data.get("reason_code", "")] += 1
    return dict(told)


def in_time(enquiry: Enquiry, before: list[Event], decided: Event) -> str:
    """By the due moment of the clock that ran when it was decided."""
    log = [(line.clock, line.at, line.verb) for line in before if line.clock]
    starts = max(place for place, (clock, *_) in enumerate(log) if clock == "start")
    stretches = intervals_from(log[starts:])
    nation = enquiry.authority.nation
    due = decision_due(book().target(nation, stretches[0].started_at), stretches, book().calendars[nation])
    assert due is not None
    if decided.at <= due:
        return "in_time"
    return "late_asked" if any(clock == "pause" for clock, *_ in log[starts:]) else "late"


# --- Three figures by hand ---------------------------------------------------------------------------------------

FROM, UNTIL = date(2026, 11, 1), date(2027, 12, 31)
RECEIVED = """
SELECT COUNT(*) FROM intake_event line JOIN intake_enquiry enquiry ON enquiry.id = line.enquiry_id
WHERE line.verb = 'enquiry.submit' AND line.at >= %s AND line.at < %s AND NOT enquiry.restricted
"""
# The last due moment stays on the enquiry when its clock stops: of those decided once, that is the one that counts.
IN_TIME = """
SELECT COUNT(*) FROM intake_event line JOIN intake_enquiry enquiry ON enquiry.id = line.enquiry_id
WHERE line.verb IN ('enquiry.accept', 'enquiry.decline', 'enquiry.redirect')
  AND line.at >= %s AND line.at < %s AND line.at <= enquiry.due_at AND NOT enquiry.restricted
  AND NOT EXISTS (SELECT 1 FROM intake_event later WHERE later.enquiry_id = line.enquiry_id
                  AND later.verb IN ('enquiry.reopen', 'enquiry.undo'))
"""
DECLINED = """
SELECT line.data ->> 'reason_code', COUNT(*)
FROM intake_event line JOIN intake_enquiry enquiry ON enquiry.id = line.enquiry_id
JOIN intake_assessment asked ON asked.enquiry_id = enquiry.id
WHERE line.verb = 'enquiry.decline' AND line.at >= %s AND line.at < %s AND NOT enquiry.restricted
GROUP BY 1
"""


def asked(sql: str) -> list[Any]:
    zone = timezone.get_default_timezone()
    first = timezone.datetime(FROM.year, FROM.month, FROM.day, tzinfo=zone)
    after = timezone.datetime(UNTIL.year + 1, 1, 1, tzinfo=zone)
    with connection.cursor() as cursor:
        adapt = connection.ops.adapt_datetimefield_value
        cursor.execute(sql, [adapt(first), adapt(after)])
        return list(cursor.fetchall())


def test_three_figures_are_what_hand_written_sql_says(world: World) -> None:
    with office() as clock:
        lived = Office(world, clock, 12, pace=(5, 20, 60))
        # Nobody reopens or undoes: then the due moment on the row is that of the one decision.
        lived.reopen = lived.undo = lambda *_: None  # type: ignore[method-assign]
        lived.live(150)
        count()
    found = numbers(day__range=(FROM, UNTIL))
    assert asked(RECEIVED) == [(found["received", ""],)]
    assert asked(IN_TIME) == [(found["decided", "in_time"],)]
    declined = {reason: number for (measure, reason), number in found.items() if measure == "declined"}
    assert dict(asked(DECLINED)) == declined
    assert min(found["received", ""], found["decided", "in_time"], len(declined)) > 1


# What each audit said last, of those that were not sent back since.
AUDITED = """
SELECT line.data ->> 'impact', COUNT(*)
FROM intake_event line JOIN intake_enquiry enquiry ON enquiry.id = line.enquiry_id
WHERE line.verb = 'referral.audit_finished' AND line.at >= %s AND line.at < %s AND NOT enquiry.restricted
  AND NOT EXISTS (SELECT 1 FROM intake_event later WHERE later.enquiry_id = line.enquiry_id
                  AND later.subject = line.subject AND later.sequence > line.sequence
                  AND later.verb = 'referral.audit_returned')
GROUP BY 1
"""


def test_the_impact_on_the_child_is_what_hand_written_sql_says(world: World) -> None:
    with office():
        for grade in ("good", "outstanding", "requires_improvement"):
            world.audited(impact_grade=grade)
        returned = audits.send_back(audit=world.audited(), by=world.manager, reason="Which child?")
        count()
        audits.finish(audit=returned, by=world.colleague, impact_grade="requires_improvement")
        audits.send_back(audit=world.audited(), by=world.manager, reason="Which child?")
        count()
    found = {reason: number for (measure, reason), number in numbers().items() if measure == "audit_impact"}
    assert found == {"good": 1, "outstanding": 1, "requires_improvement": 2}
    assert dict(asked(AUDITED)) == found
    assert sum(row for (measure, _), row in numbers().items() if measure == "audit_quality") == 4


def test_an_improvement_counts_by_whether_its_day_was_kept(world: World) -> None:
    with office() as clock:
        audit = world.audited()
        rows = [
            improvements.add(
                by=world.colleague,
                what=f"Change {days}.",
                source="audit",
                audits=[audit],
                owner=world.manager,
                due_on=in_days(days),
            )
            for days in (2, 20)
        ]
        clock.shift(timedelta(days=9))
        for row in rows:
            improvements.finish(improvement=row, by=world.manager, evidence="It is there.")
        count()
    assert (numbers()["improved", "met"], numbers()["improved", "missed"]) == (1, 1)
    assert set(Fact.objects.filter(measure="improved").values_list("service__code", flat=True)) == {"north"}
