"""Two changed it at once: the second reads what the first did, field by field, beside what they typed themselves."""

from copy import deepcopy
from datetime import date
from typing import Any

from intake import bodies
from intake.actions import enquiries
from intake.lifecycle import Status
from referrals.actions import assessments, triage
from referrals.lifecycle import Status as ReferralStatus
from tests.factories import World, fresh

DECLINE = {"reason_code": "AREA", "text": "Too far from us.", "elsewhere": "The regional list."}


def amend(world: World, enquiry: Any, **changes: Any) -> None:
    enquiries.amend(enquiry=fresh(enquiry), by=world.referrer, changes=changes)


def send(browser: Any, row: Any, transition: str, version: int, **said: Any) -> Any:
    kind = "enquiries" if row.reference.startswith("ENQ") else "referrals"
    return browser.post(f"/{kind}/{row.reference}/{transition}/", {"version": version, **said})


def told(answer: Any) -> list[tuple[str, list[tuple[str, str, str]]]]:
    return [
        (change.event.verb, [tuple(one) for one in change.answers]) for change in answer.context["changed"]
    ]


def test_what_an_amendment_changed_stands_beside_the_words_typed(world: World, signed_in: Any) -> None:
    enquiry = world.enquiry(Status.IN_TRIAGE)
    legal = {**bodies.read(enquiry)["legal"], "filing_date": date(2027, 2, 26)}
    amend(world, enquiry, background="New facts.", legal=legal)
    answer = send(signed_in(world.coordinator), enquiry, "decline", enquiry.version, **DECLINE)
    assert answer.status_code == 412
    [(verb, answers)] = told(answer)
    assert verb == "enquiry.amend"
    assert ("Date by which the report is to be filed", "5 March 2027", "26 February 2027") in answers
    assert [now for label, before, now in answers if label.startswith("What has happened")] == ["New facts."]
    page = answer.content.decode()
    assert page.index("Amended") < page.index("Rosa Referrer, <time")
    assert "Too far from us." in page


def test_only_what_came_after_the_version_that_was_read(world: World, signed_in: Any) -> None:
    enquiry = world.enquiry(Status.IN_TRIAGE)
    amend(world, enquiry, background="Known already.")
    read = fresh(enquiry).version
    triage.release(enquiry=fresh(enquiry), by=world.coordinator)
    triage.claim(enquiry=fresh(enquiry), by=world.coordinator)
    answer = send(signed_in(world.coordinator), enquiry, "decline", read, **DECLINE)
    assert [verb for verb, _ in told(answer)] == ["enquiry.release", "enquiry.claim"]


def test_a_persons_row_is_called_by_its_name_and_a_withheld_address_stays_withheld(
    world: World, signed_in: Any
) -> None:
    enquiry = world.enquiry(Status.IN_TRIAGE)
    adults = deepcopy(bodies.read(enquiry)["adults"])
    adults[0] |= {"name": "Nora Doyle", "address": "9 Hidden Lane", "address_withheld": True}
    amend(world, enquiry, adults=adults)
    answer = send(signed_in(world.coordinator), enquiry, "decline", enquiry.version, **DECLINE)
    [(_, answers)] = told(answer)
    assert next(now for label, before, now in answers if label.startswith("Nora Doyle: ")) == "Nora Doyle"
    assert "9 Hidden Lane" not in answer.content.decode()


def test_a_note_of_the_hub_is_not_told_to_the_authority(world: World, signed_in: Any) -> None:
    enquiry = world.enquiry(Status.IN_TRIAGE)
    triage.take_over(enquiry=fresh(enquiry), by=world.colleague, reason="I know the father.")
    answer = send(
        signed_in(world.referrer), enquiry, "withdraw", enquiry.version, reason_code="NO_LONGER_NEEDED"
    )
    assert [verb for verb, _ in told(answer)] == ["enquiry.take_over"]
    assert "I know the father." not in answer.content.decode()


def test_sent_again_it_is_against_what_was_shown(world: World, signed_in: Any) -> None:
    enquiry, browser = world.enquiry(Status.IN_TRIAGE), signed_in(world.coordinator)
    amend(world, enquiry, background="New facts.")
    answer = send(browser, enquiry, "decline", enquiry.version, **DECLINE)
    shown = answer.context["form"]["version"].value()
    assert int(shown) == fresh(enquiry).version
    send(browser, enquiry, "decline", shown, **DECLINE)
    assert fresh(enquiry).status == Status.DECLINED


def test_of_a_referral_too(world: World, signed_in: Any) -> None:
    referral = world.referral(ReferralStatus.IN_PROGRESS)
    read = referral.version
    day = date(2027, 1, 11)
    assessments.pause(
        referral=referral, by=world.coordinator, reason_code="COURT", review_on=day, text="Wait."
    )
    assessments.resume(referral=fresh(referral), by=world.coordinator)
    answer = send(
        signed_in(world.coordinator),
        referral,
        "pause",
        read,
        reason_code="COURT",
        review_on="2027-01-12",
        text="Mine.",
    )
    assert answer.status_code == 412
    assert [verb for verb, _ in told(answer)] == ["referral.pause", "referral.resume"]
    assert "Mine." in answer.content.decode()


def test_of_an_amendment_what_changed_and_both_texts(world: World, signed_in: Any) -> None:
    enquiry = world.enquiry(Status.IN_TRIAGE)
    amend(world, enquiry, background="The first of us.")
    path = f"/enquiries/{enquiry.reference}/write/background/"
    answer = signed_in(world.referrer).post(
        path, {"version": enquiry.version, "background": "The second of us."}
    )
    assert answer.status_code == 412
    assert [verb for verb, _ in told(answer)] == ["enquiry.amend"]
    assert [row[1:] for row in answer.context["differences"]] == [("The second of us.", "The first of us.")]
