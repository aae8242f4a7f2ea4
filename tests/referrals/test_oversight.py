"""Oversight: a decision, a challenge or both; what is to be done; what drifts; second opinions on risk."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from intake.models import Event, Risk, User
from intake.refusals import Forbidden, Invalid, NotPossible
from referrals import drift
from referrals.actions import opinions, oversight, triage, visits
from referrals.models import Challenge, DriftRule, OversightEntry, RiskOpinion
from reports.actions.delivery import deliver_next
from tests.conftest import Caller
from tests.factories import World, fresh, in_days

Api = Callable[[User], Caller]
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture
def page() -> Callable[[User], Client]:
    """The session of somebody who has signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in


def path(row: Any, tail: str = "oversight/") -> str:
    noun = "enquiries" if row.reference.startswith("ENQ") else "referrals"
    return f"/api/v1/{noun}/{row.reference}/{tail}"


# --- Entries -------------------------------------------------------------------------------------------------


def test_an_entry_decides_challenges_and_says_who_does_what_by_when(world: World, api: Api) -> None:
    referral = world.referral("in_progress")
    body = {
        "decision": "The plan stands.",
        "challenge": "Why was the school not asked?",
        "action": "Ask the school.",
        "owner": world.assessor.email,
        "due_on": str(in_days(5)),
    }
    answer = api(world.manager).post(path(referral), body, format="json")
    assert (answer.status_code, answer.data["owner"]) == (201, world.assessor.name)
    assert referral.challenge_rows.get().text == "Why was the school not asked?"
    line = Event.objects.get(verb="referral.oversight")
    assert (line.audience, line.data["owner"]) == ("hub", world.assessor.name)
    told = referral.enquiry.notifications.get(kind="oversight")
    assert (told.person, told.subject) == (world.assessor, referral.reference)


def test_the_very_same_entered_twice_at_once_is_one_entry_and_later_another(world: World, api: Api) -> None:
    referral = world.referral("in_progress")
    bodies: list[dict[str, Any]] = [
        {"decision": "The plan stands."},
        {"challenge": "Who saw the baby?"},
        {"decision": "The plan stands.", "challenge": "Who saw the baby?"},
    ]
    manager = api(world.manager)
    with time_machine.travel(NOW, tick=False) as clock:
        first = [manager.post(path(referral), body, format="json").data["id"] for body in bodies]
        assert [manager.post(path(referral), body, format="json").data["id"] for body in bodies] == first
        assert len(set(first)) == OversightEntry.objects.count() == 3
        assert Challenge.objects.count() == 2
        assert Event.objects.filter(verb__in=("referral.oversight", "referral.challenge")).count() == 3
        api(world.reviewer).post(path(referral), bodies[0], format="json")
        clock.shift(timedelta(minutes=1))
        manager.post(path(referral), bodies[0], format="json")
    assert OversightEntry.objects.count() == 5


def test_the_owner_is_written_to_without_a_word_of_what_it_is(world: World, mailoutbox: Any) -> None:
    enquiry = world.enquiry("in_triage")
    oversight.enter(
        about=enquiry,
        by=world.manager,
        decision="Ring the family.",
        action="Ring Connor.",
        owner=world.coordinator,
        due_on=in_days(2),
    )
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11), tick=False):
        while deliver_next(datetime.now(UTC)):
            pass
    letter = mailoutbox[-1]
    assert letter.to == [world.coordinator.email]
    assert "Something is asked of you" in letter.subject
    assert not {"Connor", "Doyle", "Ring"} & set(letter.body.replace(".", " ").split())


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/decision"),
        ({"decision": "Yes.", "action": "Ring them."}, "/owner"),
        (
            {
                "decision": "Yes.",
                "due_on": "2020-01-01",
                "action": "x",
                "owner": "ann.coordinator@hub.example",
            },
            "/due_on",
        ),
        (
            {"decision": "Yes.", "action": "x", "due_on": "2099-01-01", "owner": "rosa.referrer@353.example"},
            "/owner",
        ),
    ],
)
def test_an_entry_that_does_not_add_up_is_refused_at_its_place(
    world: World, api: Api, body: dict[str, Any], pointer: str
) -> None:
    world.coordinator, world.referrer  # noqa: B018
    answer = api(world.manager).post(path(world.enquiry()), body, format="json")
    assert answer.status_code == 422
    assert pointer in {fault["pointer"] for fault in answer.data["errors"]}


@pytest.mark.parametrize(
    ("who", "read", "write"),
    [
        ("manager", 200, 201),
        ("reviewer", 200, 201),
        ("coordinator", 200, 403),
        ("lead", 200, 403),
        ("assessor", 200, 403),
        ("referrer", 404, 404),
        ("stranger", 404, 404),
        ("other_lead", 404, 404),
    ],
)
def test_who_reads_and_writes_oversight_of_a_referral(
    world: World, api: Api, who: str, read: int, write: int
) -> None:
    referral, caller = world.referral("in_progress"), api(getattr(world, who))
    assert caller.get(path(referral)).status_code == read
    body = {"challenge": "Why so late?"}
    assert caller.post(path(referral), body, format="json").status_code == write


def test_a_service_reads_nothing_of_the_oversight_of_the_enquiry(world: World, api: Api) -> None:
    referral = world.referral("in_progress")
    oversight.enter(about=referral.enquiry, by=world.manager, decision="Between us.")
    assert api(world.lead).get(path(referral.enquiry)).status_code == 404
    assert len(api(world.coordinator).get(path(referral.enquiry)).data["results"]) == 1


def test_an_open_challenge_blocks_closing_until_it_is_answered(world: World, api: Api) -> None:
    referral = world.referral("delivered")
    raised = oversight.enter(about=referral.enquiry, by=world.manager, challenge="Was the father heard?")
    assert raised.challenge is not None
    with pytest.raises(NotPossible, match="challenge"):
        world.close_referral(fresh(referral))
    where = path(referral.enquiry, f"challenges/{raised.challenge.pk}/answer/")
    assert api(world.manager).post(where, {"text": "Yes."}, format="json").status_code == 403
    assert api(world.coordinator).post(where, {"text": "Yes, twice."}, format="json").status_code == 200
    assert api(world.coordinator).post(where, {"text": "Again."}, format="json").status_code == 409
    assert world.close_referral(fresh(referral)).status == "closed"


def test_what_is_asked_is_done_once_by_whom_it_was_asked_of(world: World, api: Api) -> None:
    enquiry = world.enquiry()
    entry = oversight.enter(
        about=enquiry,
        by=world.manager,
        decision="Go on.",
        action="Ring.",
        owner=world.coordinator,
        due_on=in_days(1),
    )
    where = path(enquiry, f"oversight/{entry.pk}/done/")
    assert api(world.colleague).post(where, {"outcome": "Rung."}, format="json").status_code == 403
    assert api(world.coordinator).post(where, {"outcome": "Rung."}, format="json").status_code == 200
    assert api(world.coordinator).post(where, {"outcome": "Rung."}, format="json").status_code == 409
    assert OversightEntry.objects.get().done_by == world.coordinator


# --- Drift ---------------------------------------------------------------------------------------------------


def why(api: Api, who: User, what: str = "referrals") -> dict[str, list[str]]:
    answer = api(who).get(f"/api/v1/oversight/?what={what}")
    return {row["reference"]: row["reasons"] for row in answer.data["results"]}


def test_work_without_an_event_for_days_is_on_the_list_until_something_happens(
    world: World, api: Api
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        referral = world.referral("in_progress")
        assert why(api, world.manager) == {}
        clock.shift(timedelta(days=drift.DAYS["referral_silent"]))
        assert "Nothing has happened for 14 days or more." in why(api, world.manager)[referral.reference]
        oversight.challenge(referral=referral, by=world.manager, text="What goes on?")
        assert not any("Nothing" in said for said in why(api, world.manager).get(referral.reference, []))


def test_how_many_days_is_a_dated_rule_that_a_manager_sets(world: World, api: Api) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        referral = world.referral("in_progress")
        clock.shift(timedelta(days=3))
        DriftRule.objects.create(code="referral_silent", days=3, valid_from=NOW.date())
        assert why(api, world.coordinator)[referral.reference] == ["Nothing has happened for 3 days or more."]


def test_passed_dates_and_plans_not_looked_at_again_say_so(world: World, api: Api) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        offered, paused = world.referral("offered"), world.referral("paused")
        asked = world.enquiry("information_requested")
        oversight.enter(
            about=offered,
            by=world.manager,
            decision="Go on.",
            action="Ring.",
            owner=world.coordinator,
            due_on=in_days(0),
        )
        clock.shift(timedelta(days=15))
        found, enquiries = why(api, world.manager), why(api, world.manager, "enquiries")
        assert "The day to reply to the offer has passed." in found[offered.reference]
        assert "An action of oversight is overdue." in found[offered.reference]
        assert "The pause was to be looked at again, and was not." in found[paused.reference]
        assert "The day to answer our questions has passed." in enquiries[asked.reference]


def test_a_visit_nobody_wrote_up_and_a_risk_nobody_looked_at_again_say_so(world: World, api: Api) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        referral = world.referral("in_progress")
        visit = visits.plan(referral=referral, by=world.assessor, kind="HOME", planned_at=NOW)
        Risk.objects.filter(enquiry=referral.enquiry).update(review_on=in_days(0))
        assert why(api, world.manager) == why(api, world.manager, "enquiries") == {}
        clock.shift(timedelta(days=1))
        assert why(api, world.manager)[referral.reference] == [
            "The day of a visit has passed, and nobody has said whether it was made."
        ]
        said = why(api, world.manager, "enquiries")[referral.enquiry.reference]
        assert said == ["A risk was to be looked at again, and was not."]
        visits.cancel(visit=visit, by=world.assessor, why="The family is ill.")
        assert why(api, world.manager) == {}


def test_a_late_decision_and_a_second_look_that_waits_are_on_the_enquiries_list(
    world: World, api: Api
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        enquiry = world.enquiry("in_triage")
        clock.shift(timedelta(days=10))
        assert "The decision is late." in why(api, world.coordinator, "enquiries")[enquiry.reference]


@pytest.mark.parametrize("who", ["referrer", "lead", "assessor", "administrator"])
def test_what_drifts_is_the_hubs_to_see(world: World, api: Api, who: str) -> None:
    assert api(getattr(world, who)).get("/api/v1/oversight/").status_code == 403


def test_the_list_takes_as_many_statements_for_many_rows_as_for_one(world: World, api: Api) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(2):
            world.referral("in_progress")
        clock.shift(timedelta(days=20))
        caller = api(world.manager)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert len(caller.get("/api/v1/oversight/").data["results"]) == 4
    assert len(asked) <= 4


# --- Second opinions on risk ---------------------------------------------------------------------------------


GIVEN = {
    "level": "medium",
    "evidence_for": "Two reports of the school.",
    "evidence_against": "Nothing since June.",
    "confidence": "low",
}


def test_a_second_opinion_is_kept_beside_the_first_rating_never_over_it(world: World, api: Api) -> None:
    enquiry = world.enquiry("in_triage")
    body = {"about": "child", "of": world.colleague.email, "question": "Is high right?"}
    asked = api(world.coordinator).post(path(enquiry, "risk-opinions/"), body, format="json")
    assert (asked.status_code, asked.data["first_level"]) == (201, "high")
    where = path(enquiry, f"risk-opinions/{asked.data['id']}/")
    assert api(world.manager).post(where, GIVEN, format="json").status_code == 403
    given = api(world.colleague).post(where, GIVEN, format="json")
    assert (given.status_code, given.data["differs"]) == (200, True)
    assert api(world.colleague).post(where, GIVEN, format="json").status_code == 409
    assert Risk.objects.get(enquiry=enquiry, about="child").level == "high"


@pytest.mark.parametrize("missing", ["level", "evidence_for", "evidence_against", "confidence"])
def test_an_opinion_weighs_both_sides(world: World, missing: str) -> None:
    opinion = asked_of_ben(world)
    with pytest.raises(Invalid):
        opinions.give_opinion(opinion=opinion, by=world.colleague, **{**GIVEN, missing: " "})


def asked_of_ben(world: World) -> RiskOpinion:
    return opinions.ask_opinion(
        enquiry=world.enquiry(), by=world.coordinator, about="contact", of=world.colleague, question="Safe?"
    )


def test_it_is_asked_of_a_colleague_once_at_a_time_and_never_of_oneself(world: World) -> None:
    opinion = asked_of_ben(world)
    again = {"enquiry": opinion.enquiry, "about": "contact", "question": "Safe?"}
    with pytest.raises(NotPossible):
        opinions.ask_opinion(**again, by=world.coordinator, of=world.colleague)
    for person in (world.coordinator, world.referrer, world.lead):
        with pytest.raises(Invalid):
            opinions.ask_opinion(**again, by=world.coordinator, of=person)
    with pytest.raises(Forbidden):
        opinions.ask_opinion(**again, by=world.referrer, of=world.colleague)


@pytest.mark.parametrize("who", ["referrer", "stranger", "lead"])
def test_outside_the_hub_nobody_knows_of_it(world: World, api: Api, who: str) -> None:
    referral = world.referral("in_progress")
    caller = api(getattr(world, who))
    assert caller.get(path(referral.enquiry, "risk-opinions/")).status_code == 404


# --- Pages ---------------------------------------------------------------------------------------------------


def test_the_pages_of_oversight_show_and_take_what_the_actions_say(world: World, page: Any) -> None:
    referral = world.referral("in_progress")
    manager = page(world.manager)
    where = f"/referrals/{referral.reference}/oversight/"
    empty = manager.post(where, {"kind": "both", "decision": "Go on."})
    assert empty.status_code == 422
    assert "Go on." in empty.content.decode()
    sent = {"kind": "both", "decision": "Go on.", "challenge": "Why so late?"}
    assert manager.post(where, sent).status_code == 302
    shown = manager.get(f"/referrals/{referral.reference}/").content.decode()
    assert "A decision and a challenge" in shown
    assert Challenge.objects.get().text == "Why so late?"


def test_the_drift_page_groups_by_service_and_assessor(world: World, page: Any) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        referral = world.referral("in_progress")
        clock.shift(timedelta(days=20))
        shown = page(world.coordinator).get("/oversight/")
        text = " ".join(shown.content.decode().split())
        assert f"{world.north.name}: {world.assessor.name}" in text
        assert "With no service" in text
        assert referral.reference in text
        assert page(world.lead).get("/oversight/").status_code == 403
        assert page(world.coordinator).get("/oversight/?what=enquiries").status_code == 200


def test_a_second_opinion_is_asked_and_given_on_pages(world: World, page: Any) -> None:
    enquiry = triage.claim(enquiry=world.enquiry(), by=world.coordinator)
    asking = f"/enquiries/{enquiry.reference}/risk-opinions/"
    sent = {"about": "child", "of": world.colleague.pk, "question": "Is high right?"}
    world.colleague  # noqa: B018
    assert page(world.coordinator).get(asking).status_code == 200
    assert page(world.coordinator).post(asking, sent).status_code == 302
    giving = f"{asking}{RiskOpinion.objects.get().pk}/"
    assert "Is high right?" in page(world.colleague).get(giving).content.decode()
    assert page(world.colleague).post(giving, GIVEN).status_code == 302
    shown = page(world.coordinator).get(f"/enquiries/{enquiry.reference}/").content.decode()
    assert "They differ" in shown
