"""Evidence with its days, quality review by another person, addenda, the end and what became of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from intake.lifecycle import Role
from intake.models import Notification
from intake.refusals import Forbidden
from referrals.actions import addenda, evidence, follow_ups, reviews
from referrals.models import Allocation, Defect, FollowUp, Referral
from tests.factories import World, all_met, fresh, in_days

VOICE = [{"code": "VOICE", "text": "What does he want?"}]


def places(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.data
    return sorted(fault["pointer"] for fault in answer.data["errors"])


def log(world: World, api: Any, referral: Referral, **line: Any) -> Any:
    path = f"/api/v1/referrals/{referral.reference}/evidence/"
    return api(world.assessor).post(path, {"source": "School", **line}, format="json")


# --- Evidence ------------------------------------------------------------------------------------------------


def test_a_line_of_evidence_keeps_when_it_was_asked_chased_and_received(world: World, api: Any) -> None:
    referral = world.referral("in_progress")
    days = [str(in_days(-9)), str(in_days(-4)), str(in_days(-2)), str(in_days(0))]
    log(world, api, referral, state="asked", asked_on=days[0])
    for day in (days[1], days[1], days[2]):
        log(world, api, referral, state="asked", chased_on=day)
    line = log(world, api, referral, state="received").json()
    assert (line["asked_on"], line["received_on"]) == (days[0], days[3])
    assert (line["chased"], line["chased_on"]) == (2, days[2])
    history = referral.enquiry.events.filter(verb="referral.evidence").order_by("sequence")
    assert [row.data.get("before", {}).get("state") for row in history] == [None, *["asked"] * 4]
    assert history[4].data["before"]["chased_on"] == days[2]


def test_evidence_is_neither_of_tomorrow_nor_answered_before_it_was_asked(world: World, api: Any) -> None:
    referral = world.referral("in_progress")
    answer = log(world, api, referral, state="asked", asked_on=str(in_days(1)))
    assert places(answer) == ["/asked_on"]
    early = {"asked_on": str(in_days(-1)), "received_on": str(in_days(-2))}
    assert places(log(world, api, referral, state="received", **early)) == ["/received_on"]


# --- Review --------------------------------------------------------------------------------------------------


def test_a_second_review_looks_at_what_the_first_one_found(world: World, api: Any) -> None:
    referral, caller = world.referral("in_review"), api(world.reviewer)
    half = [{"criterion": "VOICE", "verdict": "not_met", "comment": "Not a word of hers."}]
    caller.make(referral, "send_back", {"defects": VOICE, "checklist": half, "grade": "NOT_ENOUGH"})
    world.report(fresh(referral))
    assert places(caller.make(fresh(referral), "deliver", {"checklist": all_met()})) == ["/mended"]
    mended = [{"defect": Defect.objects.get().pk, "mended": True}]
    facts = {"checklist": all_met(), "mended": mended, "grade": "GOOD"}
    assert caller.make(fresh(referral), "deliver", facts).data["status"] == "delivered"
    shown = caller.get(f"/api/v1/referrals/{referral.reference}/reviews/").data["results"]
    assert [(row["number"], row["outcome"], row["grade"]) for row in shown] == [
        (1, "sent_back", "NOT_ENOUGH"),
        (2, "delivered", "GOOD"),
    ]
    assert (shown[0]["defects"][0]["code"], shown[0]["defects"][0]["mended"]) == ("VOICE", True)
    assert [row["verdict"] for row in shown[1]["findings"]] == ["met"] * len(reviews.criteria())


def test_the_reviewer_has_what_the_report_rests_on_and_the_last_judgement_beside_the_criteria(
    world: World, signed_in: Any
) -> None:
    referral = world.referral("in_review")
    judged = [{"criterion": "VOICE", "verdict": "not_met", "comment": "Only the parents speak."}]
    reviews.send_back(referral=referral, by=world.reviewer, defects=VOICE, checklist=judged)
    world.report(fresh(referral))
    page = signed_in(world.reviewer).get(f"/referrals/{referral.reference}/deliver/").content.decode()
    beside = page.partition('aria-label="What the report rests on"')[2]
    assert "Last time: not met (Only the parents speak.)." in page
    assert all(words in beside for words in ("What it has to answer", "Evidence", "report.pdf"))


def test_a_defect_that_is_not_mended_keeps_the_report_here(world: World, api: Any) -> None:
    referral, caller = world.referral("in_review"), api(world.reviewer)
    caller.make(referral, "send_back", {"defects": VOICE})
    world.report(fresh(referral))
    still = [{"defect": Defect.objects.get().pk, "mended": False}]
    assert places(caller.make(fresh(referral), "deliver", {"checklist": all_met(), "mended": still})) == [
        "/mended"
    ]
    back = caller.make(fresh(referral), "send_back", {"defects": VOICE, "mended": still})
    assert back.data["status"] == "in_progress"
    assert sorted(Defect.objects.values_list("mended", flat=True), key=str) == [False, None]


def test_a_report_leaves_with_every_criterion_judged_and_met(world: World, api: Any) -> None:
    referral, caller = world.referral("in_review"), api(world.reviewer)
    assert places(caller.make(referral, "deliver", {"checklist": all_met()[:-1]})) == ["/checklist"]
    one_not = [{**all_met()[0], "verdict": "not_met", "comment": "No."}, *all_met()[1:]]
    assert places(caller.make(referral, "deliver", {"checklist": one_not})) == ["/checklist"]
    odd = [{"criterion": "STYLE", "verdict": "not_applicable"}, *all_met(), all_met()[0]]
    assert places(caller.make(referral, "deliver", {"checklist": odd, "grade": "SUPERB"})) == [
        "/checklist/0/comment",
        "/checklist/0/criterion",
        "/checklist/7/criterion",
        "/grade",
    ]


def test_a_report_that_comes_late_says_why(world: World, api: Any) -> None:
    referral, caller = world.referral("in_review"), api(world.reviewer)
    Referral.objects.filter(pk=referral.pk).update(needed_by=in_days(-1))
    facts = {"checklist": all_met()}
    assert places(caller.make(fresh(referral), "deliver", facts)) == ["/missed_why"]
    late = caller.make(fresh(referral), "deliver", {**facts, "missed_why": "The father was in hospital."})
    assert late.data["filing_met"] is False
    assert referral.review_rows.get().missed_why == "The father was in hospital."


def test_who_once_led_it_does_not_review_it(world: World, api: Any) -> None:
    referral = world.referral("in_review")
    former = world.person(world.hub, "Fay Former", Role.REVIEWER)
    Allocation.objects.create(
        referral=referral, assessor=former, since=timezone.now() - timedelta(9), until=timezone.now()
    )
    assert fresh(referral).transitions_for(former) == []
    assert api(former).make(referral, "deliver", {"checklist": all_met()}).status_code == 403


def test_an_authority_finds_no_review_and_somebody_else_no_referral(world: World, api: Any) -> None:
    referral = world.referral("delivered")
    path = f"/api/v1/referrals/{referral.reference}/reviews/"
    for user in (world.referrer, world.authority_manager, world.stranger, world.other_lead):
        assert api(user).get(path).status_code == 404
    assert len(api(world.lead).get(path).data["results"]) == 1
    assert "Quality reviews" not in page_of(world.referrer, referral)


def page_of(user: Any, referral: Referral) -> str:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.get(f"/referrals/{referral.reference}/").content.decode()


# --- Addenda -------------------------------------------------------------------------------------------------


def test_an_addendum_has_its_own_day_and_leaves_the_report_as_it_was(world: World, api: Any) -> None:
    referral = world.referral("delivered")
    report = referral.report
    asked = {"questions": ["And contact?"], "needed_by": str(in_days(20))}
    assert api(world.coordinator).make(referral, "request_addendum", asked).status_code == 200
    Referral.objects.filter(pk=referral.pk).update(filing_met=False)
    world.deliver(world.report(fresh(referral)))
    row = referral.addendum_rows.get()
    assert (row.number, row.met, row.adds_to, row.questions) == (1, True, report, ["And contact?"])
    assert row.delivered_at
    # What was kept of the report is not bent by the addendum.
    assert fresh(referral).filing_met is False
    shown = api(world.referrer).get(f"/api/v1/referrals/{referral.reference}/addenda/").data["results"]
    assert [(one["number"], one["met"]) for one in shown] == [(1, True)]
    again = {"questions": ["And?"], "needed_by": str(in_days(-1))}
    assert places(api(world.coordinator).make(fresh(referral), "request_addendum", again)) == ["/needed_by"]
    addenda.request_addendum(
        referral=fresh(referral), by=world.coordinator, questions=["And?"], needed_by=in_days(9)
    )
    assert [one.number for one in referral.addendum_rows.all()] == [1, 2]


# --- The end, and after --------------------------------------------------------------------------------------


def test_the_days_of_the_follow_ups_are_working_days_three_and_six_months_on(world: World, api: Any) -> None:
    referral = world.referral("delivered")
    with time_machine.travel(datetime(2026, 11, 30, 10, tzinfo=UTC), tick=False):
        closed = api(world.coordinator).make(referral, "close", {"outcome_code": "REPORT_USED"}).json()
    # The last of February is a Sunday; the 31st of May a bank holiday.
    assert (closed["follow_up_3_months"], closed["follow_up_6_months"]) == ("2027-03-01", "2027-06-01")
    assert [(row.number, row.months) for row in FollowUp.objects.all()] == [(1, 3), (2, 6)]


def test_a_follow_up_is_asked_once_on_its_day_and_answered_once(world: World, api: Any) -> None:
    referral = world.referral("closed")
    day = FollowUp.objects.get(number=1).due_on
    before, after = (datetime(day.year, day.month, day.day, 9, tzinfo=UTC) + timedelta(n) for n in (-1, 3))
    assert [follow_ups.ask_due(moment) for moment in (before, after, after)] == [0, 1, 0]
    asked = Notification.objects.get(kind="follow_up")
    assert (asked.to, asked.subject) == ("referrer", referral.reference)
    path = f"/api/v1/referrals/{referral.reference}/follow-ups/1/answer/"
    sent = {"outcome_code": "HOLDS", "followed": "yes", "lives": "parents"}
    answer = api(world.case_system).post(path, sent, format="json")
    assert (answer.status_code, answer.data["outcome_code"]) == (200, "HOLDS")
    assert (answer.data["followed"], answer.data["lives"]) == ("yes", "parents")
    assert api(world.coordinator).post(path, {"outcome_code": "HOLDS"}, format="json").status_code == 409


def test_a_follow_up_is_answered_by_the_authority_or_the_hub_with_one_of_the_list(
    world: World, api: Any
) -> None:
    path = f"/api/v1/referrals/{world.referral('closed').reference}/follow-ups/2/answer/"
    for user in (world.lead, world.assessor, world.reviewer):
        assert api(user).post(path, {"outcome_code": "HOLDS"}, format="json").status_code in (403, 404)
    assert api(world.stranger).post(path, {"outcome_code": "HOLDS"}, format="json").status_code == 404
    caller = api(world.referrer)
    assert places(caller.post(path, {"outcome_code": "GRAND"}, format="json")) == ["/outcome_code"]
    wrong = {"outcome_code": "HOLDS", "followed": "never", "lives": "nowhere"}
    assert places(caller.post(path, wrong, format="json")) == ["/followed", "/lives"]
    assert places(caller.post(path, {"outcome_code": "OTHER"}, format="json")) == ["/text"]
    assert (
        caller.post(path.replace("/2/", "/9/"), {"outcome_code": "HOLDS"}, format="json").status_code == 404
    )


def test_what_a_reopened_referral_left_unanswered_falls_away(world: World, api: Any) -> None:
    referral = world.referral("closed")
    answer = api(world.manager).make(referral, "reopen", {"reason": "The court asked again."})
    assert answer.status_code == 200
    assert follow_ups.ask_due(timezone.now() + timedelta(days=400)) == 0


@pytest.mark.parametrize("who", ["referrer", "coordinator"])
def test_on_the_page_a_follow_up_is_answered(world: World, signed_in: Any, who: str) -> None:
    referral, page = world.referral("closed"), signed_in(getattr(world, who))
    at = f"/referrals/{referral.reference}/follow-ups/"
    assert "To be asked" in page.get(at).content.decode()
    sent = {"outcome_code": "HOLDS", "followed": "partly", "lives": "family", "text": "All well."}
    answer = page.post(f"{at}1/", sent, follow=True)
    shown = page.get(at).content.decode()
    for words in ("What was recommended still holds", "followed: in part", "lives: with family or friends"):
        assert words in shown
    assert answer.redirect_chain


def test_evidence_logged_by_the_hub_is_refused(world: World) -> None:
    with pytest.raises(Forbidden, match="Your role does not allow this: log evidence"):
        evidence.log(referral=world.referral("in_progress"), by=world.coordinator, source="GP", state="asked")
