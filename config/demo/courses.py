"""What becomes of an enquiry over days and weeks: placed anew, paused, challenged, sent back, asked about later."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from config.demo import stories, world
from config.demo.clock import ago
from config.demo.stories import ALLOCATED, CLOSED, IN_PROGRESS, IN_REVIEW, Cast, accepted, go
from config.demo.world import HUB
from intake.actions import flags, rank, restricting
from intake.models import Enquiry, User
from referrals.actions import assessments, evidence, oversight, placements, reviews, triage, visits
from referrals.models import Referral


def manager() -> User:
    return world.user(HUB[2])


def at_ten(days: int) -> datetime:
    """Ten o'clock, so many days from now."""
    return timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=days), time(10)))


def of(enquiry: Enquiry) -> list[Referral]:
    """Its referrals; each story keeps the version it has brought about."""
    return list(enquiry.referrals.order_by("pk"))


# --- Waiting, ordered and decided ---------------------------------------------------------------------------


def flagged(enquiry: Enquiry, cast: Cast) -> None:
    """Nobody has taken it; the manager reads whatever is written about it."""
    flags.raise_flag(
        enquiry=enquiry,
        by=manager(),
        code="PRESS",
        reason="A newspaper has asked the authority about the family.",
        review_on=cast.days(5),
    )


def restricted(enquiry: Enquiry, cast: Cast) -> None:
    """Only those who are named see that it exists."""
    people = [cast.coordinator, enquiry.created_by]
    reason = "A parent works for the provider."
    restricting.restrict(enquiry=enquiry, by=manager(), reason=reason, people=people)


def put_first(enquiry: Enquiry, cast: Cast) -> None:
    """A person knows what the points do not."""
    reason = "The foster placement ends on Friday; the authority rang twice."
    rank.override(enquiry=enquiry, by=cast.coordinator, band="urgent", reason=reason)


def second_look(enquiry: Enquiry, cast: Cast) -> None:
    """The risk is rated low, and what was ticked says harm: a second person decides."""
    with ago(0):
        triage.accept(
            enquiry=triage.claim(enquiry=enquiry, by=cast.colleague),
            by=cast.colleague,
            rationale="Within our skills; the risk is rated low.",
            conflict_statement="None known.",
            waiver_reason="The authority brings what is not there yet to the first meeting.",
            late_reason="The authority takes what there is.",
            factors=["3A", "19B"],
        )


def split(enquiry: Enquiry, cast: Cast) -> None:
    """One assessment is taken, the other is not, and the authority learns where else to go."""
    triage.decide(
        enquiry=triage.claim(enquiry=enquiry, by=cast.colleague),
        by=cast.colleague,
        assessments=[0],
        declined=[
            {
                "assessment": 1,
                "reason_code": "NO_CAPACITY",
                "text": "No psychologist is free before the date.",
                "elsewhere": "The clinic at the university hospital.",
            }
        ],
        factors=[],
        rationale="The parenting assessment can begin at once.",
        conflict_statement="None known.",
        waiver_reason="The authority brings what is not there yet to the first meeting.",
        late_reason="The authority takes what there is.",
    )


def waiting(enquiry: Enquiry, cast: Cast) -> None:
    """Accepted, and waiting for a service: what the planner plans."""
    accepted(enquiry, cast)


# --- Placing ------------------------------------------------------------------------------------------------


def near_its_end(enquiry: Enquiry, cast: Cast) -> None:
    """Offered some days ago; the service replies by tomorrow."""
    for referral in of(accepted(enquiry, cast)):
        with ago(4):
            referral = go(referral, cast, world.service("bridgewater"), stories.OFFERED)


def placed_anew(enquiry: Enquiry, cast: Cast) -> None:
    """The first service had no room; the second took it."""
    first, second = world.service("pennine"), world.service("bridgewater")
    for referral in of(accepted(enquiry, cast)):
        with ago(9):
            referral = go(referral, cast, first, stories.OFFERED)
        with ago(7):
            referral = placements.decline_offer(
                referral=referral,
                by=stories.lead(first),
                reason_code="NO_CAPACITY",
                text="Two of ours are away until the end of the month.",
            )
            referral = go(referral, cast, second, stories.OFFERED)
        with ago(6):
            stories.take(referral, cast, second)


# --- Assessing ----------------------------------------------------------------------------------------------


def at_work(enquiry: Enquiry, cast: Cast) -> None:
    """Visits and evidence: one made and one to come, one source still silent."""
    service = world.service("pennine")
    for referral in of(accepted(enquiry, cast)):
        with ago(15):
            referral = go(referral, cast, service, IN_PROGRESS)
        by = stories.assessor_of(referral)
        with ago(12):
            evidence.log(referral=referral, by=by, source="School", state="received")
            evidence.log(referral=referral, by=by, source="General practitioner", state="asked")
            evidence.log(
                referral=referral, by=by, source="Probation", state="not_available", why="Never known there."
            )
        with ago(6):
            first = visits.plan(referral=referral, by=by, kind="HOME", planned_at=at_ten(0))
            met: list[visits.ChildMet] = [
                {"child": row.position, "alone": True, "views": "Likes it best when nobody shouts."}
                for row in assessments.children_of(referral)
            ]
            visits.write_up(visit=first, by=by, done_on=timezone.localdate(), children=met, minutes=95)
        with ago(2):
            visits.plan(referral=referral, by=by, kind="CONTACT", planned_at=at_ten(5))


def paused(enquiry: Enquiry, cast: Cast) -> None:
    """The court has adjourned; there is a day on which somebody looks again."""
    for referral in of(accepted(enquiry, cast)):
        with ago(20):
            referral = go(referral, cast, world.service("pennine"), IN_PROGRESS)
        with ago(8):
            assessments.pause(
                referral=referral,
                by=cast.coordinator,
                reason_code="COURT",
                review_on=cast.days(13),
                text="The hearing was put off by three weeks.",
            )


def challenged(enquiry: Enquiry, cast: Cast) -> None:
    """A manager asked, and asked for something to be done; neither has come, and nothing else has."""
    for referral in of(accepted(enquiry, cast)):
        with ago(24):
            referral = go(referral, cast, world.service("bridgewater"), ALLOCATED)
        with ago(17):
            oversight.enter(
                about=referral,
                by=manager(),
                decision="The assessment goes on as planned.",
                challenge="Why has the child not been met in the first week?",
                action="Agree the first visit with the foster carer.",
                owner=cast.coordinator,
                due_on=cast.days(7),
            )


def sent_back(enquiry: Enquiry, cast: Cast) -> None:
    """The review found something; the report has come again, and waits for a second reading."""
    service = world.service("bridgewater")
    for referral in of(accepted(enquiry, cast)):
        with ago(25):
            referral = go(referral, cast, service, IN_REVIEW)
        with ago(3):
            referral = reviews.send_back(
                referral=referral,
                by=cast.reviewer,
                defects=[
                    {
                        "code": "VOICE",
                        "text": "Her own words stand nowhere; the visit of the first week has them.",
                    }
                ],
            )
        with ago(1):
            stories.hand_in(referral, cast, service)


def asked_later(enquiry: Enquiry, cast: Cast) -> None:
    """Closed more than three months ago: the first question of what became of it is due."""
    for referral in of(accepted(enquiry, cast)):
        go(referral, cast, world.service("pennine"), CLOSED)
