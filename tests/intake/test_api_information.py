"""Questions to the referrer: the clock stands still, an answer may amend its field, nobody is chased twice."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from intake import deadlines
from intake.actions import information
from intake.lifecycle import Status
from intake.models import Enquiry, InformationRequest, Notification, book
from tests.factories import World, example, fresh, in_days

FILING = "/legal/filing_date"


def answers(**value: Any) -> dict[str, Any]:
    """To the two questions of `World.ask`: the first names a field."""
    return {"answers": [{"number": 1, "text": "It moved.", **value}, {"number": 2, "text": "A dog."}]}


def places(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.data
    return sorted(fault["pointer"] for fault in answer.data["errors"])


def due_by_the_log(enquiry: Enquiry) -> Any:
    nation, log = enquiry.authority.nation, enquiry.intervals()
    target = book().target(nation, log[0].started_at)
    return deadlines.decision_due(target, log, book().calendars[nation])


def test_an_answer_with_a_value_amends_the_field_and_keeps_the_old_one(world: World, api: Any) -> None:
    enquiry = world.enquiry("information_requested")
    answer = api(world.referrer).make(enquiry, "answer", answers(value="2027-03-01"))
    assert (answer.status_code, answer.data["legal"]["filing_date"]) == (200, date(2027, 3, 1))
    old, new = fresh(enquiry).last_change().data["changed"]["legal"]
    assert (old["filing_date"], new["filing_date"]) == ("2027-03-05", "2027-03-01")


def test_an_answer_in_words_amends_nothing(world: World, api: Any) -> None:
    enquiry = world.enquiry("information_requested")
    answer = api(world.referrer).make(enquiry, "answer", answers())
    assert answer.data["legal"]["filing_date"] == date(2027, 3, 5)
    assert fresh(enquiry).last_change().data["changed"] == {}


def test_the_clock_stands_still_while_questions_are_open(world: World, api: Any) -> None:
    enquiry = world.enquiry("information_requested")
    shown = api(world.referrer).get(f"/api/v1/enquiries/{enquiry.reference}/").data
    assert (shown["clock"], shown["decision_due_at"], enquiry.due_at) == ("paused", None, None)
    assert due_by_the_log(enquiry) is None


def test_after_the_answer_the_due_moment_is_the_log_s_and_later_by_the_pause(world: World, api: Any) -> None:
    with time_machine.travel(datetime(2026, 11, 23, 10, tzinfo=UTC), tick=False) as clock:
        enquiry = world.enquiry()
        first = enquiry.due_at
        assert first is not None
        enquiry = world.bring(enquiry, "information_requested")
        clock.shift(timedelta(days=2))
        answer = api(world.referrer).make(enquiry, "answer", answers())
    assert answer.data["decision_due_at"] == fresh(enquiry).due_at == due_by_the_log(fresh(enquiry))
    # Two working days in the same hour of the day.
    assert fresh(enquiry).due_at == first + timedelta(days=2)


@pytest.mark.parametrize("who", ["referrer", "authority_manager", "case_system"])
def test_the_clock_resumes_whoever_of_the_authority_answers(world: World, api: Any, who: str) -> None:
    enquiry = world.enquiry("information_requested")
    answer = api(getattr(world, who)).make(enquiry, "answer", answers())
    assert (answer.data["status"], answer.data["clock"]) == ("in_triage", "running")
    assert fresh(enquiry).turn == "hub"


def test_a_partly_answered_request_names_each_open_question_and_stays_open(world: World, api: Any) -> None:
    enquiry = world.enquiry("information_requested")
    answer = api(world.referrer).make(
        enquiry, "answer", {"answers": [{"number": 3, "text": "Which one was that?"}]}
    )
    assert places(answer) == ["/answers", "/answers", "/answers/0/number"]
    said = " ".join(fault["detail"] for fault in answer.data["errors"])
    assert "Question 1 is" in said
    assert "Question 2 is" in said
    assert InformationRequest.objects.open().exists()
    assert fresh(enquiry).clock == "paused"


def test_a_question_answered_twice_is_refused(world: World, api: Any) -> None:
    enquiry = world.enquiry("information_requested")
    twice = {"answers": [*answers()["answers"], {"number": 2, "text": "A cat."}]}
    assert places(api(world.referrer).make(enquiry, "answer", twice)) == ["/answers/2/number"]


def test_a_value_for_a_question_without_a_field_is_refused(world: World, api: Any) -> None:
    enquiry = world.enquiry("information_requested")
    given = answers()
    given["answers"][1]["value"] = 2
    assert places(api(world.referrer).make(enquiry, "answer", given)) == ["/answers/1/value"]


@pytest.mark.parametrize("value", ["soon", 20270409, True, {"date": "2027-04-09"}, None])
def test_a_value_that_is_no_day_is_refused_at_the_field(world: World, api: Any, value: Any) -> None:
    enquiry = world.enquiry("information_requested")
    assert places(api(world.referrer).make(enquiry, "answer", answers(value=value))) == [FILING]
    assert fresh(enquiry).status == Status.INFORMATION_REQUESTED


def test_a_value_against_the_rules_is_refused_at_the_field(world: World, api: Any) -> None:
    """A permission granted tomorrow has not been granted."""
    enquiry = ask(world, "/legal/permission_date")
    given = {"answers": [{"number": 1, "text": "Here.", "value": str(in_days(1))}]}
    assert places(api(world.referrer).make(enquiry, "answer", given)) == ["/legal/permission_date"]


def ask(world: World, field: str) -> Enquiry:
    return information.request_information(
        enquiry=world.enquiry("in_triage"),
        by=world.coordinator,
        questions=[{"text": "Is this right?", "field": field}],
        reply_by=in_days(7),
    )


def test_a_value_for_somebody_taken_out_since_is_refused_at_the_field(world: World, api: Any) -> None:
    enquiry, body = ask(world, "/adults/1/phone"), example()
    caller, path = api(world.referrer), f"/api/v1/enquiries/{enquiry.reference}/"
    gone = {"adults": body["adults"][:1]}
    assert caller.patch(path, gone, format="json", headers={"If-Match": enquiry.etag}).status_code == 200
    given = {"answers": [{"number": 1, "text": "Here.", "value": "0161 496 0120"}]}
    assert places(caller.make(fresh(enquiry), "answer", given)) == ["/adults/1/phone"]
    in_words = {"answers": [{"number": 1, "text": "He is no part of it."}]}
    assert caller.make(fresh(enquiry), "answer", in_words).status_code == 200


@pytest.mark.parametrize("field", ["/reference", "legal/court", "/legal/", "/children/7/name", "/nothing"])
def test_a_question_about_no_field_of_the_enquiry_is_refused(world: World, api: Any, field: str) -> None:
    asked = {"questions": [{"text": "Why?", "field": field}], "reply_by": str(in_days(7))}
    answer = api(world.coordinator).make(world.enquiry("in_triage"), "request_information", asked)
    assert places(answer) == ["/questions/0/field"]


def test_an_answer_is_wanted_after_today(world: World, api: Any) -> None:
    asked = {"questions": [{"text": "Why?"}], "reply_by": str(in_days(0))}
    answer = api(world.coordinator).make(world.enquiry("in_triage"), "request_information", asked)
    assert places(answer) == ["/reply_by"]


def test_questions_can_be_recalled_with_a_reason_and_asked_anew(world: World, api: Any) -> None:
    enquiry, caller = world.enquiry("information_requested"), api(world.coordinator)
    answer = caller.make(enquiry, "recall_request", {"reason": "We found it."})
    assert (answer.data["status"], answer.data["clock"]) == ("in_triage", "running")
    assert enquiry.information_requests.get().outcome == "recalled"
    again = {"questions": [{"text": "And now?"}], "reply_by": str(in_days(7))}
    assert caller.make(fresh(enquiry), "request_information", again).status_code == 200
    rows = caller.get(f"/api/v1/enquiries/{enquiry.reference}/information-requests/").data["results"]
    assert [(row["number"], row["outcome"]) for row in rows] == [(1, "recalled"), (2, "")]


def test_to_withdraw_closes_the_open_questions(world: World, api: Any) -> None:
    enquiry = world.enquiry("information_requested")
    api(world.referrer).make(enquiry, "withdraw", {"reason_code": "FUNDING"})
    request = enquiry.information_requests.get()
    assert (request.outcome, request.closed_at) == ("withdrawn", fresh(enquiry).updated_at)
    assert information.chase_and_lapse(datetime(2030, 1, 7, 9, tzinfo=UTC)) == 0


# --- Chasers and lapse ---------------------------------------------------------------------------------------

# Asked on a Monday, to be answered by the Monday after; 30 November 2026 is no holiday.
ASKED, REPLY_BY = datetime(2026, 11, 23, 10, tzinfo=UTC), date(2026, 11, 30)


@pytest.fixture
def asked(world: World) -> Enquiry:
    with time_machine.travel(ASKED, tick=False):
        return world.enquiry("information_requested")


def chasers() -> int:
    return Notification.objects.filter(kind=Notification.Kind.CHASER).count()


def rounds(*days: int) -> list[int]:
    """The worker's rounds, twice on each day of November; how many chasers there are after each day."""
    counts = []
    for day in days:
        now = datetime(2026, 11, 1, 9, tzinfo=UTC) + timedelta(days=day - 1)
        with time_machine.travel(now, tick=False):
            information.chase_and_lapse(now)
            information.chase_and_lapse(now)
        counts.append(chasers())
    return counts


def test_a_chaser_goes_two_working_days_before_and_one_on_the_day_then_it_lapses(asked: Enquiry) -> None:
    assert asked.information_requests.get().reply_by == REPLY_BY
    assert rounds(24, 25, 26, 27, 28, 29, 30) == [0, 0, 1, 1, 1, 1, 2]
    assert fresh(asked).status == Status.INFORMATION_REQUESTED
    assert rounds(31) == [2]
    assert (fresh(asked).status, fresh(asked).clock) == (Status.LAPSED, "stopped")
    assert asked.information_requests.get().outcome == "lapsed"


def test_after_an_outage_of_three_days_nothing_goes_twice_and_nothing_is_left_out(asked: Enquiry) -> None:
    assert rounds(26) == [1]
    # Away from the 28th to the 30th: the second goes a day late, and a working day is left to answer it.
    assert rounds(31) == [2]
    assert fresh(asked).status == Status.INFORMATION_REQUESTED
    assert rounds(32) == [2]
    assert fresh(asked).status == Status.LAPSED


def test_without_any_round_before_the_day_both_chasers_go_on_two_days(asked: Enquiry) -> None:
    assert rounds(31, 32) == [1, 2]
    assert fresh(asked).status == Status.INFORMATION_REQUESTED
    rounds(33)
    assert fresh(asked).status == Status.LAPSED


def test_who_answers_late_but_before_the_lapse_is_heard(asked: Enquiry, world: World, api: Any) -> None:
    rounds(26, 30)
    with time_machine.travel(datetime(2026, 11, 30, 22, tzinfo=UTC), tick=False):
        assert api(world.referrer).make(asked, "answer", answers()).status_code == 200
    assert rounds(31) == [2]
    assert fresh(asked).status == Status.IN_TRIAGE
