"""Questions answered in parts, by any way, at any door; what it does to the clock, and what is left when they lapse."""

from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, pairwise
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from intake.actions import information, messages
from intake.deadlines import OFFICE_HOURS, Calendar, Interval, Target, decision_due, office_time_between
from intake.lifecycle import Status
from intake.models import Enquiry, Notification, Question
from reports.letters import letter
from tests.factories import World, fresh, in_days
from tests.intake.test_pages import post, text

ONE, TWO = {"number": 1, "text": "It moved."}, {"number": 2, "text": "A dog."}


@pytest.fixture
def asked(world: World) -> Enquiry:
    return world.enquiry("information_requested")


def listed(api: Any, user: Any, enquiry: Enquiry) -> Any:
    return api(user).get(f"/api/v1/enquiries/{enquiry.reference}/information-requests/").data


def places(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.data
    return sorted(fault["pointer"] for fault in answer.data["errors"])


def question(enquiry: Enquiry, number: int) -> Question:
    return Question.objects.select_related("answered_by").get(request__enquiry=enquiry, number=number)


# --- In parts ------------------------------------------------------------------------------------------------


def test_a_part_is_kept_while_status_and_clock_stay_and_the_version_moves(
    world: World, api: Any, asked: Enquiry
) -> None:
    answer = api(world.referrer).make(asked, "answer", {"answers": [ONE], "partly": True})
    assert (answer.status_code, answer.data["status"], answer.data["clock"]) == (
        200,
        "information_requested",
        "paused",
    )
    assert fresh(asked).version == asked.version + 1
    assert question(asked, 1).answer == "It moved."
    assert not question(asked, 2).answer


def test_a_part_amends_its_field_and_the_history_keeps_old_and_new(
    world: World, api: Any, asked: Enquiry
) -> None:
    part = {"answers": [{**ONE, "value": "2027-03-01"}], "partly": True}
    api(world.referrer).make(asked, "answer", part)
    line = fresh(asked).last_change()
    assert (line.verb, line.data["number"]) == ("information.answered_in_part", 1)
    old, new = line.data["changed"]["legal"]
    assert (old["filing_date"], new["filing_date"]) == ("2027-03-05", "2027-03-01")
    row = listed(api, world.referrer, asked)["results"][0]
    assert row["questions"][0]["changed"] == ["2027-03-05", "2027-03-01"]
    assert fresh(asked).filing_date == date(2027, 3, 1)


def test_the_last_answer_is_asked_only_for_what_is_open(world: World, api: Any, asked: Enquiry) -> None:
    api(world.authority_manager).make(asked, "answer", {"answers": [ONE], "partly": True})
    answer = api(world.referrer).make(fresh(asked), "answer", {"answers": [TWO]})
    assert (answer.data["status"], answer.data["clock"]) == ("in_triage", "running")
    assert [question(asked, n).answered_by for n in (1, 2)] == [world.authority_manager, world.referrer]
    assert [row["number"] for row in fresh(asked).last_change().data["answers"]] == [1, 2]


def test_all_kept_before_can_be_sent_without_another_word(world: World, api: Any, asked: Enquiry) -> None:
    api(world.referrer).make(asked, "answer", {"answers": [ONE, TWO], "partly": True})
    assert fresh(asked).status == Status.INFORMATION_REQUESTED
    assert api(world.referrer).make(fresh(asked), "answer", {"answers": []}).data["status"] == "in_triage"


def test_a_kept_answer_can_be_changed_and_the_same_again_keeps_its_first_hand(
    world: World, api: Any, asked: Enquiry
) -> None:
    api(world.authority_manager).make(asked, "answer", {"answers": [ONE, TWO], "partly": True})
    other = {"answers": [ONE, {"number": 2, "text": "Two dogs."}], "partly": True}
    api(world.referrer).make(fresh(asked), "answer", other)
    assert [question(asked, n).answered_by for n in (1, 2)] == [world.authority_manager, world.referrer]
    assert question(asked, 2).answer == "Two dogs."


@pytest.mark.parametrize(
    ("sent", "where"),
    [
        ({"answers": [], "partly": True}, ["/answers"]),
        ({"answers": [TWO]}, ["/answers"]),
        ({"answers": [{"number": 9, "text": "Yes."}], "partly": True}, ["/answers/0/number"]),
        ({"answers": [ONE], "partly": "yes"}, ["/partly"]),
        ({"answers": [ONE, TWO], "received_at": "2026-11-20T09:00:00Z"}, ["/received_at"]),
        ({"answers": [ONE, TWO], "channel": "telephone"}, ["/channel"]),
    ],
)
def test_what_is_no_answer_of_the_authority_is_refused_at_its_place(
    world: World, api: Any, asked: Enquiry, sent: dict[str, Any], where: list[str]
) -> None:
    assert places(api(world.referrer).make(asked, "answer", sent)) == where
    assert not question(asked, 1).answer


def test_the_list_says_who_answered_when_and_how_many(world: World, api: Any, asked: Enquiry) -> None:
    api(world.referrer).make(asked, "answer", {"answers": [TWO], "partly": True})
    row = listed(api, world.coordinator, asked)["results"][0]
    assert (row["answered"], row["of"], row["outcome"], row["channels"]) == (1, 2, "", ["page"])
    assert (row["asked_by"], row["chasers_sent"]) == ("Ann Coordinator", 0)
    first, second = row["questions"]
    assert (first["answered_by"], first["answered_at"]) == (None, None)
    assert (second["answered_by"], second["answered_at"]) == ("Rosa Referrer", question(asked, 2).answered_at)


def test_a_case_system_reads_no_withheld_address_in_what_an_answer_changed(world: World, api: Any) -> None:
    enquiry = information.request_information(
        enquiry=world.enquiry("in_triage"),
        by=world.coordinator,
        questions=[{"text": "Where?", "field": "/adults/0/address/postcode"}],
        reply_by=in_days(7),
    )
    given = {"answers": [{"number": 1, "text": "Moved.", "value": "OL1 1AA"}]}
    assert api(world.referrer).make(enquiry, "answer", given).status_code == 200

    def seen(user: Any) -> Any:
        return listed(api, user, enquiry)["results"][0]["questions"][0].get("changed")

    assert seen(world.referrer)[1] == "OL1 1AA"
    assert seen(world.case_system) is None
    assert seen(world.coordinator) is None


# --- Which way it comes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", ["telephone", "email", "message", "letter"])
def test_the_hub_records_an_answer_and_says_which_way_it_came(
    world: World, api: Any, asked: Enquiry, channel: str
) -> None:
    answer = api(world.coordinator).make(asked, "answer", {"answers": [ONE, TWO], "channel": channel})
    assert (answer.data["status"], answer.data["clock"]) == ("in_triage", "running")
    assert fresh(asked).last_change().data["channel"] == channel
    told = Notification.objects.filter(kind="transition", data__transition="answer")
    assert list(told.values_list("to", flat=True)) == ["referrer"]


@pytest.mark.parametrize("channel", [{}, {"channel": "page"}, {"channel": "pigeon"}])
def test_the_hub_cannot_leave_out_or_invent_the_way(
    world: World, api: Any, asked: Enquiry, channel: dict[str, str]
) -> None:
    assert places(api(world.manager).make(asked, "answer", {"answers": [ONE, TWO], **channel})) == [
        "/channel"
    ]


def test_of_the_authority_the_way_is_plain(world: World, api: Any, asked: Enquiry) -> None:
    api(world.case_system).make(asked, "answer", {"answers": [ONE], "partly": True})
    api(world.referrer).make(fresh(asked), "answer", {"answers": [TWO]})
    assert listed(api, world.referrer, asked)["results"][0]["channels"] == ["api", "page"]


def test_the_clock_goes_on_when_an_answer_is_recorded_and_never_before(world: World, api: Any) -> None:
    """Rung up on Tuesday, written down on Thursday: it stood still until Thursday."""
    with time_machine.travel(datetime(2026, 11, 23, 10, tzinfo=UTC), tick=False) as clock:
        asked = world.enquiry("information_requested")
        clock.shift(timedelta(days=3))
        api(world.coordinator).make(asked, "answer", {"answers": [ONE, TWO], "channel": "telephone"})
        shown = listed(api, world.case_system, asked)
    log = shown["clock"]["intervals"]
    assert [(row["state"], row["why"]) for row in log] == [
        ("running", "Sent"),
        ("paused", "Information requested"),
        ("running", "Questions answered"),
    ]
    assert log[1]["to"] == log[2]["from"] == datetime(2026, 11, 26, 10, tzinfo=UTC)
    assert shown["clock"]["due_at"] == fresh(asked).due_at == shown["results"][0]["due_after"]
    assert shown["results"][0]["due_after"] - shown["results"][0]["due_before"] == timedelta(days=3)
    assert shown["clock"]["state"] == "running"


def test_a_recall_keeps_the_due_moments_as_well(world: World, api: Any, asked: Enquiry) -> None:
    api(world.coordinator).make(asked, "recall_request", {"reason": "We found it."})
    row = listed(api, world.coordinator, asked)["results"][0]
    assert row["due_after"] == fresh(asked).due_at
    assert row["due_before"] is not None


# --- The second door to ask ----------------------------------------------------------------------------------


def ask(api: Any, user: Any, enquiry: Enquiry, **headers: str) -> Any:
    path = f"/api/v1/enquiries/{enquiry.reference}/information-requests/"
    body = {"questions": [{"text": "Pets?"}], "reply_by": str(in_days(7))}
    return api(user).post(path, body, format="json", headers=headers or {"If-Match": enquiry.etag})


def test_questions_are_asked_where_they_are_listed(world: World, api: Any) -> None:
    answer = ask(api, world.coordinator, enquiry := world.enquiry("in_triage"))
    assert (answer.status_code, answer.data["number"], answer.data["of"]) == (201, 1, 1)
    assert answer["ETag"] == fresh(enquiry).etag
    assert fresh(enquiry).status == Status.INFORMATION_REQUESTED


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [("stranger", "in_triage", 404), ("referrer", "in_triage", 403), ("manager", "submitted", 409)],
)
def test_who_may_not_ask_or_not_now_is_told_so(
    world: World, api: Any, who: str, status: str, code: int
) -> None:
    assert ask(api, getattr(world, who), world.enquiry(status)).status_code == code


def test_questions_are_not_asked_of_a_version_unread(world: World, api: Any) -> None:
    enquiry = world.enquiry("in_triage")
    assert ask(api, world.coordinator, enquiry, **{"X-None": "1"}).status_code == 428
    assert ask(api, world.coordinator, enquiry, **{"If-Match": '"77"'}).status_code == 412


# --- The clock, whatever happens -----------------------------------------------------------------------------

CALENDAR = Calendar(frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2027, 3, 26)}))
START = st.datetimes(datetime(2026, 9, 1), datetime(2027, 6, 30), timezones=st.just(UTC))
GAPS = st.lists(st.integers(0, 60 * 24 * 12).map(lambda minutes: timedelta(minutes=minutes)), max_size=9)


def log_of(start: datetime, gaps: list[timedelta]) -> list[Interval]:
    """Running, paused, running ... each as long as its gap; running at the end, without one."""
    ends = list(accumulate(gaps[: len(gaps) // 2 * 2], initial=start))
    closed = [
        Interval(begun, ended, "paused" if place % 2 else "running")
        for place, (begun, ended) in enumerate(pairwise(ends))
    ]
    return [*closed, Interval(ends[-1], None, "running")]


def worked(log: list[Interval], until: datetime) -> timedelta:
    """Office time in which the clock ran, up to the due moment (also one that passed before the last pause)."""
    running = [row for row in log if row.state == "running"]
    spans = [
        office_time_between(row.started_at, row.ended_at or until, OFFICE_HOURS, CALENDAR) for row in running
    ]
    return sum(spans, timedelta(0))


@given(START, GAPS, st.integers(0, 15))
def test_pauses_leave_the_working_time_until_the_due_moment_as_it_was(
    start: datetime, gaps: list[timedelta], days: int
) -> None:
    plain, log = log_of(start, []), log_of(start, gaps)
    due, first = decision_due(Target(days), log, CALENDAR), decision_due(Target(days), plain, CALENDAR)
    assert due is not None
    assert first is not None
    assert worked(log, due) == worked(plain, first)


@given(START, GAPS.filter(lambda gaps: len(gaps) > 1), st.integers(0, 15), st.integers(0, 6000))
def test_who_answers_later_is_never_answered_earlier(
    start: datetime, gaps: list[timedelta], days: int, minutes: int
) -> None:
    last = len(gaps) // 2 * 2 - 1
    longer = [gap + timedelta(minutes=minutes) if n == last else gap for n, gap in enumerate(gaps)]
    due, later = (decision_due(Target(days), log_of(start, row), CALENDAR) for row in (gaps, longer))
    assert due is not None
    assert later is not None
    assert later >= due


@given(START, GAPS, st.integers(0, 15), st.integers(0, 6000))
def test_a_step_now_changes_nothing_of_what_was_due_until_now(
    start: datetime, gaps: list[timedelta], days: int, minutes: int
) -> None:
    """Paused and resumed in the same moment, the moment due is the one before: nothing counts backwards."""
    log = log_of(start, gaps)
    now = log[-1].started_at + timedelta(minutes=minutes)
    again = [
        *log[:-1],
        Interval(log[-1].started_at, now, "running"),
        Interval(now, now, "paused"),
        Interval(now, None, "running"),
    ]
    assert decision_due(Target(days), again, CALENDAR) == decision_due(Target(days), log, CALENDAR)


# --- Chased, and lapsed --------------------------------------------------------------------------------------


def rounds(*days: int) -> None:
    """The worker's rounds, twice on each day of November (31 is the first of December)."""
    for day in days:
        now = datetime(2026, 11, 1, 9, tzinfo=UTC) + timedelta(days=day - 1)
        with time_machine.travel(now, tick=False):
            information.chase_and_lapse(now)
            information.chase_and_lapse(now)


@pytest.fixture
def asked_in_november(world: World) -> Enquiry:
    """On Monday the 23rd, for Monday the 30th."""
    with time_machine.travel(datetime(2026, 11, 23, 10, tzinfo=UTC), tick=False):
        return world.enquiry("information_requested")


def chasers() -> list[Notification]:
    return list(Notification.objects.filter(kind="chaser").select_related("enquiry").order_by("pk"))


def test_the_last_chaser_names_the_day_on_which_it_lapses_and_so_it_does(asked_in_november: Enquiry) -> None:
    rounds(26, 30)
    first, last = (letter(row).text for row in chasers())
    assert "the enquiry will lapse" in first
    assert "the enquiry lapses on Tuesday 1 December 2026" in last
    assert fresh(asked_in_november).status == Status.INFORMATION_REQUESTED
    rounds(31)
    assert fresh(asked_in_november).status == Status.LAPSED


def test_after_an_outage_the_day_of_the_lapse_is_the_later_one(asked_in_november: Enquiry) -> None:
    """Away from the 27th to the 30th: the last chaser goes on Tuesday, and there is Wednesday to come."""
    rounds(26, 31)
    assert [row.data["chaser"] for row in chasers()] == [1, 2]
    assert "lapses on Wednesday 2 December 2026" in letter(chasers()[1]).text
    rounds(32)
    assert fresh(asked_in_november).status == Status.LAPSED
    assert len(chasers()) == 2


def test_what_was_answered_in_part_stays_after_the_lapse(
    world: World, api: Any, asked_in_november: Enquiry
) -> None:
    with time_machine.travel(datetime(2026, 11, 24, 10, tzinfo=UTC), tick=False):
        api(world.referrer).make(asked_in_november, "answer", {"answers": [ONE], "partly": True})
    rounds(26, 30, 31)
    assert fresh(asked_in_november).status == Status.LAPSED
    row = listed(api, world.referrer, asked_in_november)["results"][0]
    assert (row["outcome"], row["answered"], row["questions"][0]["answer"]) == ("lapsed", 1, "It moved.")
    assert row["chasers_sent"] == 2


def test_the_letter_of_the_lapse_says_who_can_reopen(asked_in_november: Enquiry) -> None:
    rounds(26, 30, 31)
    told = Notification.objects.select_related("enquiry").get(data__transition="lapse")
    assert "A manager can reopen the enquiry." in letter(told).text


# --- On the page ---------------------------------------------------------------------------------------------


def test_some_answers_are_saved_and_wait_in_their_boxes(world: World, signed_in: Any, asked: Enquiry) -> None:
    page = signed_in(world.referrer)
    answer = post(page, asked, "answer", **{"answers-1-text": "A dog.", "partly": "on"})
    assert "Your answers are kept" in text(answer)
    assert "1 of 2 answered" in text(answer)
    assert "Rosa Referrer" in text(answer)
    form = page.get(f"/enquiries/{asked.reference}/answer/")
    assert "A dog.</textarea>" in form.content.decode()
    whole = {"answers-0-text": "Yes.", "answers-1-text": "A dog.", "whole": "on"}
    assert post(page, fresh(asked), "answer", **whole).redirect_chain
    assert fresh(asked).status == Status.IN_TRIAGE


def test_to_send_all_with_one_empty_is_refused_beside_it(
    world: World, signed_in: Any, asked: Enquiry
) -> None:
    answer = post(signed_in(world.referrer), asked, "answer", **{"answers-1-text": "A dog.", "whole": "on"})
    assert answer.status_code == 422
    assert '<a href="#id_answers-0-text">Answer question 1.</a>' in answer.content.decode()
    assert "A dog." in answer.content.decode()


def test_a_value_is_typed_as_its_field_is_beside_what_stands_there(
    world: World, signed_in: Any, asked: Enquiry
) -> None:
    html = signed_in(world.referrer).get(f"/enquiries/{asked.reference}/answer/").content.decode()
    assert 'type="date" name="answers-0-value"' in html
    assert "It says: Friday 5 March 2027." in html
    assert "answers-1-value" not in html


FIELDS = [
    ("/legal/stage", "<select"),
    ("/legal/instruction/joint", 'type="radio"'),
    ("/children/0/sex", "<select"),
    ("/adults/0/solicitor", 'type="text"'),
    ("/background", "<textarea"),
    ("/household/0/age", 'type="number"'),
    ("/language", "<select"),
    ("/legal/hearings", ""),
    ("/adults/0/address", ""),
]


def test_each_kind_of_field_has_its_box_and_a_list_has_none(world: World, signed_in: Any) -> None:
    body: dict[str, Any] = {"household": [{"name": "Gran", "age": 70}]}
    enquiry = information.request_information(
        enquiry=world.enquiry("in_triage", **body),
        by=world.coordinator,
        questions=[{"text": "Right?", "field": field} for field, _ in FIELDS],
        reply_by=in_days(7),
    )
    html = signed_in(world.referrer).get(f"/enquiries/{enquiry.reference}/answer/").content.decode()
    for n, (field, kind) in enumerate(FIELDS):
        found = [part for part in html.split("<fieldset") if f'name="answers-{n}-value"' in part]
        assert bool(found) == bool(kind), field
        assert not kind or any(kind in part for part in found), field


def test_a_refused_value_stands_at_its_question_with_everything_typed(world: World, signed_in: Any) -> None:
    enquiry = information.request_information(
        enquiry=world.enquiry("in_triage"),
        by=world.coordinator,
        questions=[{"text": "Since when?", "field": "/legal/permission_date"}, {"text": "Pets?"}],
        reply_by=in_days(7),
    )
    typed = {"answers-0-text": "Here.", "answers-0-value": str(in_days(1)), "answers-1-text": "A dog."}
    answer = post(signed_in(world.referrer), enquiry, "answer", **typed)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_answers-0-value"' in html
    assert all(words in html for words in typed.values())


def test_the_hub_is_asked_which_way_the_answer_came(world: World, signed_in: Any, asked: Enquiry) -> None:
    page = signed_in(world.coordinator)
    typed = {"answers-0-text": "Yes.", "answers-1-text": "A dog.", "whole": "on"}
    refused = post(page, asked, "answer", **typed)
    assert "Say which way the answer came." in text(refused)
    assert post(page, asked, "answer", **typed, channel="telephone").redirect_chain
    assert fresh(asked).last_change().data["channel"] == "telephone"


def test_a_message_of_the_authority_is_offered_as_the_answer(
    world: World, signed_in: Any, asked: Enquiry
) -> None:
    said = messages.write(enquiry=asked, by=world.referrer, text="The date is fixed, no pets.")
    page = signed_in(world.coordinator)
    link = f"/enquiries/{asked.reference}/answer/?message={said.pk}"
    assert link in page.get(f"/enquiries/{asked.reference}/messages/").content.decode()
    html = page.get(link).content.decode()
    assert "The date is fixed, no pets." in html
    assert (
        'value="message" id="id_channel_2" checked' in html
        or "checked" in html.split('value="message"')[1][:80]
    )


def test_who_read_another_version_sees_it_and_keeps_what_they_typed(
    world: World, api: Any, signed_in: Any, asked: Enquiry
) -> None:
    api(world.authority_manager).make(asked, "answer", {"answers": [ONE], "partly": True})
    answer = post(signed_in(world.referrer), asked, "answer", **{"answers-1-text": "A cat.", "partly": "on"})
    assert answer.status_code == 412
    assert "Ada Authority changed it" in text(answer)
    assert "A cat." in answer.content.decode()
