"""Those who work: a coordinator from the desk to an offer, a service from the offer to the report, a manager."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from intake.actions import information
from intake.lifecycle import Status
from intake.models import User
from referrals.lifecycle import Status as Stands
from referrals.models import Referral
from tests.browser import paths
from tests.browser.hands import Mouse
from tests.factories import PDF, World, fresh, in_days

pytestmark = pytest.mark.django_db(transaction=True)
Window = Callable[..., Page]
Enter = Callable[..., Page]
scripts = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])


@pytest.fixture
def report(tmp_path: Path) -> Path:
    file = tmp_path / "report.pdf"
    file.write_bytes(PDF)
    return file


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now()) as traveller:
        yield traveller


@scripts
def test_a_coordinator_asks_decides_each_assessment_and_offers(
    scripts: bool, window: Window, world: World
) -> None:
    enquiry, _ = world.enquiry(), world.assessor
    page = window(java_script_enabled=scripts)
    page.goto("/accounts/login/")
    hands = Mouse(page)
    paths.sign_in(hands, world.coordinator)
    hands.press("Next enquiry")
    hands.follow("Request information")
    hands.group("Question 1").fill("What do you need to know?", "Is the filing date fixed?")
    hands.day("When do you need the answer by?", in_days(7))
    hands.press("Request information")
    expect(page.locator(".standing")).to_contain_text("Waiting for the authority")

    answers = [{"number": 1, "text": "Yes."}]
    information.answer(enquiry=fresh(enquiry), by=world.referrer, answers=answers, partly=False)
    page.goto("/desk/")
    hands.follow(enquiry.reference)
    hands.follow("Accept")
    hands.group("Sibling assessment - together or apart").choose("Decision", "Decline")
    declined = hands.group("Sibling assessment - together or apart")
    declined.pick("If declined: why?", "No capacity by the date needed")
    declined.fill("If not accepted: what do we tell them?", "We have nobody before March.")
    declined.fill("If declined: where else can they go?", "The regional list.")
    hands.fill("Why do we accept it?", "Within our skills.")
    hands.choose("Is there a conflict of interest?", "Declared")
    hands.fill("If declared: with whom?", "A former colleague of the referrer's")
    hands.fill("If declared: what was done about it?", "She is not offered it.")
    hands.fill("Conflict-of-interest statement", "One, and handled.")
    waive(hands, page)
    hands.press("Accept")
    hands.told("Accepted")
    referral = Referral.objects.get()
    assert [row.outcome for row in fresh(enquiry).decisions.order_by("assessment__position")] == [
        "accepted",
        "declined",
    ]

    hands.follow("Offer to a service (Parenting assessment)")
    hands.choose_first("Which service?")
    hands.day("By when should they reply?", in_days(4))
    hands.press("Offer to a service")
    referral = fresh(referral)
    assert (referral.status, referral.service) == (Stands.OFFERED, world.north)


def waive(hands: Mouse, page: Page) -> None:
    """Where something is not there yet, or would be late, a reason is asked for."""
    for label in (
        "Why do we accept it without what is not there yet?",
        "Why do we accept it though it would be late?",
    ):
        if page.get_by_label(label).count():
            hands.fill(label, "It follows, and the court has been told.")


@scripts
def test_a_service_takes_an_offer_does_the_work_and_its_report_is_delivered(
    scripts: bool, enter: Enter, world: World, report: Path
) -> None:
    referral, _ = world.referral(Stands.OFFERED), world.assessor

    def come(user: User) -> Mouse:
        page = enter(user, java_script_enabled=scripts)
        page.goto("/")
        return Mouse(page)

    lead = come(world.lead)
    lead.follow(f"Accept {referral.reference}")
    lead.page.get_by_role("radio", name="Asa Assessor").check()
    lead.fill("Conflict of interest", "None known.")
    lead.press("Accept the offer")
    assert fresh(referral).assessor == world.assessor

    work = come(world.assessor)
    work.follow(referral.reference)
    work.follow("Start")
    work.fill("Why do you start all the same?", "The letter is on its way.")
    work.press("Start")
    work.follow("Log evidence")
    work.fill("Who or what was asked?", "School")
    work.choose("What came of it?", "Received")
    work.press("Log it")
    work.follow("Plan a visit")
    work.choose("Where, or how?", "At the family's home")
    work.day("On which day?", in_days(1))
    work.fill("At what time?", "10:00")
    work.press("Plan it")
    work.follow("Write it up, visit 1")
    work.day("When were you there?", timezone.localdate())
    for name in ("Connor Doyle", "Ella Doyle"):
        child = work.group(name)
        child.tick("Met on this visit")
        child.tick("Seen alone, without a parent or carer")
        child.fill("Their views, in their words", "Wants to go home.")
    work.press("Keep it")
    hand_in(work, referral, report)

    review = come(world.reviewer)
    review.page.goto(f"/referrals/{referral.reference}/")
    review.follow("Send back")
    defect = review.group("Defect 1")
    defect.pick("What kind?", "The child's voice is missing")
    defect.fill("What has to be mended?", "Ella is not quoted.")
    review.press("Send back")
    work.page.goto(f"/referrals/{referral.reference}/")
    expect(work.page.get_by_text("Ella is not quoted.").first).to_be_visible()
    hand_in(work, referral, report)

    review.page.goto(f"/referrals/{referral.reference}/")
    review.follow("Deliver the report")
    review.choose("Is it mended?", "Yes, it is mended")
    for box in review.page.get_by_role("radio", name="Met", exact=True).all():
        box.check()
    review.choose("How good is it, all in all?", "Good")
    review.press("Deliver the report")
    assert fresh(referral).status == Stands.DELIVERED


def hand_in(work: Mouse, referral: Referral, report: Path) -> None:
    work.follow("Hand in the report")
    work.attach("Report", report)
    work.press("Hand in the report")
    assert fresh(referral).status == Stands.IN_REVIEW


@scripts
def test_a_manager_challenges_restricts_prints_and_speaks_to_everybody(
    scripts: bool, enter: Enter, world: World, clock: time_machine.Traveller
) -> None:
    referral = world.referral(Stands.IN_PROGRESS)
    # Nothing has been heard of it since.
    clock.move_to(timezone.now() + timedelta(days=20))
    page = enter(world.manager, java_script_enabled=scripts)
    page.goto("/desk/")
    hands = Mouse(page)
    hands.follow("Oversight")
    hands.follow(referral.reference)
    hands.follow("Challenge the work")
    hands.fill("What do you want to know?", "Was the father heard?")
    hands.press("Challenge")
    theirs = enter(world.assessor, java_script_enabled=scripts)
    theirs.goto(f"/referrals/{referral.reference}/")
    answering = Mouse(theirs)
    answering.follow("Answer it")
    answering.fill("Your answer", "Twice, on 3 and 10 November.")
    answering.press("Answer")
    page.reload()
    expect(page.get_by_text("Twice, on 3 and 10 November.").first).to_be_visible()

    where = f"/enquiries/{referral.enquiry.reference}/"
    page.goto(where)
    hands.follow("Restrict it")
    hands.follow("Restrict it")
    hands.fill("Why is it restricted?", "A threat against the family.")
    hands.press("Restrict it")
    outside = enter(world.colleague, java_script_enabled=scripts)
    outside.goto(where)
    expect(outside.get_by_role("heading", name="There is nothing here that you can see")).to_be_visible()

    page.goto(where)
    hands.follow("Print a paper")
    hands.follow("Case summary, for: The authority")
    expect(page.get_by_role("main")).to_contain_text("Who will be able to read it.")
    hands.fill("Why do you print it?", "For the meeting on Thursday.")
    with page.expect_download() as paper:
        page.get_by_role("button", name="Print it (PDF)").click()
    assert Path(paper.value.path()).read_bytes().startswith(b"%PDF")

    page.goto("/desk/")
    hands.follow("Settings")
    hands.follow("Notices on every page")
    hands.fill("What is to be said?", "We are closed on 24 December.")
    hands.day("Until which day?", in_days(3))
    hands.press("Put it up")
    everybody = enter(world.referrer, java_script_enabled=scripts)
    everybody.goto("/")
    expect(everybody.get_by_role("region").first).to_contain_text("We are closed on 24 December.")


@scripts
def test_who_loses_a_race_keeps_the_text_and_reads_who_won(scripts: bool, enter: Enter, world: World) -> None:
    enquiry = world.enquiry(Status.IN_TRIAGE)
    pages = []
    for user in (world.coordinator, world.manager):
        page = enter(user, java_script_enabled=scripts)
        page.goto(f"/enquiries/{enquiry.reference}/decline/")
        page.get_by_label("We do not cover this area").check()
        page.get_by_label("What do we tell the authority?").fill(f"The words of {user.name}.")
        page.get_by_label("Where else can they go?").fill("The regional list.")
        pages.append(page)
    Mouse(pages[1]).press("Decline")
    Mouse(pages[0]).press("Decline")
    lost = pages[0]
    expect(lost.get_by_role("alert")).to_contain_text("Mia Manager")
    expect(lost.get_by_label("What do we tell the authority?")).to_have_value("The words of Ann Coordinator.")
    expect(lost.locator(".standing")).to_contain_text("Declined")
