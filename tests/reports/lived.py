"""Histories as an office makes them: months of whatever can be done next, by the product's own actions."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import time_machine

from intake.actions import enquiries, information, restricting
from intake.lifecycle import Role, Status
from intake.models import Enquiry, User
from intake.refusals import Refused
from referrals.actions import (
    assessments,
    audits,
    follow_ups,
    improvements,
    oversight,
    placements,
    reviews,
    triage,
    undoing,
)
from referrals.lifecycle import Status as Stands
from referrals.models import FollowUp, Referral
from tests.factories import World, example, fresh, in_days, judged, new_key

BEGINS = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
# Minutes from one thing to the next, one of these.
PACE = (5, 45, 200, 700, 1500)
DECLINES = ("AREA", "NO_CAPACITY", "AGE", "CONFLICT")


@contextmanager
def office(begins: datetime = BEGINS) -> Iterator[Any]:
    with time_machine.travel(begins, tick=False) as clock:
        yield clock


class Office:
    """Somebody does something, then some hours pass; the same seed, the same months."""

    def __init__(self, world: World, clock: Any, seed: int, pace: Sequence[int] = PACE) -> None:
        self.world, self.clock, self.dice = world, clock, Random(seed)
        self.pace = pace
        self.second = world.person(world.hub, "Max Manager", Role.MANAGER)

    def live(self, steps: int, between: Callable[[], None] = lambda: None) -> None:
        for _ in range(steps):
            for act in self.dice.sample(self.acts(), 4):
                try:
                    act()
                except Refused:
                    continue
                break
            if self.dice.random() < 0.3:
                between()
            self.clock.shift(timedelta(minutes=self.dice.choice(self.pace)))

    def one_of_each(self) -> None:
        """What every figure counts, at least once."""
        world = self.world
        self.reopen(world.enquiry(Status.DECLINED))
        for status in (Status.REDIRECTED, Status.WITHDRAWN):
            world.enquiry(status)
        asked, paused = world.ask(world.enquiry(Status.IN_TRIAGE)), world.referral(Stands.PAUSED)
        self.turn_down(world.referral(Stands.OFFERED))
        self.send_back(world.referral(Stands.IN_REVIEW))
        self.clock.shift(timedelta(days=3))
        self.answer(asked)
        self.decline(fresh(asked))
        self.resume(paused)
        self.deliver(world.referral(Stands.IN_REVIEW))
        self.follow(world.referral(Stands.CLOSED))
        self.audit(world.referral(Stands.CLOSED))
        self.look()

    def acts(self) -> list[Callable[[], Any]]:
        return [
            *[self.submit] * 5,
            *[self.move] * 12,
            *[self.work] * 14,
            self.undo,
            self.look,
            self.shut,
        ]

    def submit(self) -> None:
        body = {**example(), "authority_reference": new_key()}
        by = self.dice.choice((self.world.referrer, self.world.referrer, self.world.stranger))
        enquiries.submit(body=body, by=by, key=new_key())

    def one(self, *statuses: str) -> Enquiry:
        rows = list(Enquiry.objects.filter(status__in=statuses, restricted=False).order_by("pk"))
        if not rows:
            raise Refused("There is none.")
        return self.dice.choice(rows)

    def move(self) -> None:
        enquiry = self.one(*(set(Status) - {Status.DRAFT, Status.CLOSED}))
        steps: dict[str, list[Callable[[Enquiry], Any]]] = {
            Status.SUBMITTED: [self.claim, self.claim, self.withdraw],
            Status.IN_TRIAGE: [self.accept, self.accept, self.decline, self.redirect, self.ask],
            Status.INFORMATION_REQUESTED: [self.answer, self.recall],
        }
        self.dice.choice(steps.get(enquiry.status, [self.reopen]))(enquiry)

    def claim(self, enquiry: Enquiry) -> None:
        triage.claim(enquiry=enquiry, by=self.world.coordinator)

    def withdraw(self, enquiry: Enquiry) -> None:
        enquiries.withdraw(enquiry=enquiry, by=enquiry.created_by, reason_code="NO_LONGER_NEEDED")

    def accept(self, enquiry: Enquiry) -> None:
        self.world.accept(enquiry)

    def decline(self, enquiry: Enquiry) -> None:
        why = {"reason_code": self.dice.choice(DECLINES), "text": "No.", "elsewhere": "The regional list."}
        triage.decline(enquiry=enquiry, by=self.world.coordinator, **why)

    def redirect(self, enquiry: Enquiry) -> None:
        triage.redirect(enquiry=enquiry, by=self.world.coordinator, agency="Cafcass", text="Private law.")

    def ask(self, enquiry: Enquiry) -> None:
        self.world.ask(enquiry)

    def answer(self, enquiry: Enquiry) -> None:
        rows = [{"number": number, "text": "Yes."} for number in (1, 2)]
        information.answer(enquiry=enquiry, by=enquiry.created_by, answers=rows)

    def recall(self, enquiry: Enquiry) -> None:
        information.recall_request(enquiry=enquiry, by=self.world.coordinator, reason="We know now.")

    def reopen(self, enquiry: Enquiry) -> None:
        triage.reopen(enquiry=enquiry, by=self.world.manager, reason="News.")

    def undo(self) -> None:
        """Decided, and taken back five minutes later."""
        enquiry = self.one(Status.IN_TRIAGE)
        self.dice.choice((self.accept, self.decline))(enquiry)
        self.clock.shift(timedelta(minutes=5))
        undoing.undo(enquiry=fresh(enquiry), by=self.world.coordinator)

    def work(self) -> None:
        rows = list(Referral.objects.filter(enquiry__restricted=False).order_by("pk"))
        if not rows:
            raise Refused("There is none.")
        referral = self.dice.choice(rows)
        steps: dict[str, list[Callable[[Referral], Any]]] = {
            Stands.WAITING: [self.world.offer, self.offer_south],
            Stands.OFFERED: [self.take, self.take, self.turn_down, self.call_back],
            Stands.ALLOCATED: [self.begin, self.begin, self.change, self.give_back],
            Stands.IN_PROGRESS: [self.hand_in, self.hand_in, self.pause, self.pause, self.change],
            Stands.PAUSED: [self.resume],
            Stands.IN_REVIEW: [self.send_back, self.deliver, self.deliver],
            Stands.DELIVERED: [self.world.close_referral],
            Stands.CLOSED: [self.follow],
        }
        self.dice.choice(steps.get(referral.status, [self.cancel]))(referral)

    def offer_south(self, referral: Referral) -> None:
        placements.offer(
            referral=referral, by=self.world.coordinator, service=self.world.south, reply_by=in_days(3)
        )

    def lead(self, referral: Referral) -> User:
        return self.world.lead if referral.service == self.world.north else self.world.other_lead

    def staff(self, referral: Referral) -> list[User]:
        of_north = [self.world.assessor, self.world.second_assessor]
        return of_north if referral.service == self.world.north else [self.world.other_assessor]

    def take(self, referral: Referral) -> None:
        placements.accept_offer(
            referral=referral,
            by=self.lead(referral),
            assessor=self.dice.choice(self.staff(referral)),
            conflict_statement="None known.",
        )

    def turn_down(self, referral: Referral) -> None:
        code = self.dice.choice(("NO_CAPACITY", "SKILL"))
        placements.decline_offer(referral=referral, by=self.lead(referral), reason_code=code, text="No room.")

    def call_back(self, referral: Referral) -> None:
        placements.recall_offer(referral=referral, by=self.world.coordinator, reason="A nearer one.")

    def begin(self, referral: Referral) -> None:
        assessments.start(
            referral=referral, by=referral.assessor or self.world.assessor, waiver_reason="It comes."
        )

    def change(self, referral: Referral) -> None:
        others = [person for person in self.staff(referral) if person != referral.assessor]
        if others:
            placements.reallocate(
                referral=referral, by=self.lead(referral), assessor=others[0], reason_code="LEFT"
            )

    def give_back(self, referral: Referral) -> None:
        placements.return_to_waiting(referral=referral, by=self.world.coordinator, reason_code="LEFT")

    def pause(self, referral: Referral) -> None:
        code = self.dice.choice(("COURT", "FAMILY"))
        assessments.pause(referral=referral, by=self.lead(referral), reason_code=code, review_on=in_days(14))

    def resume(self, referral: Referral) -> None:
        assessments.resume(referral=referral, by=self.lead(referral))

    def hand_in(self, referral: Referral) -> None:
        before = self.world.__dict__.get("assessor")
        self.world.__dict__["assessor"] = referral.assessor
        try:
            self.world.report(referral)
        finally:
            self.world.__dict__["assessor"] = before

    def send_back(self, referral: Referral) -> None:
        codes = self.dice.sample(("VOICE", "RISK", "ANALYSIS"), self.dice.choice((1, 2)))
        found = [{"code": code, "text": "See page 3."} for code in codes]
        reviews.send_back(referral=referral, by=self.world.reviewer, defects=found)

    def deliver(self, referral: Referral) -> None:
        mended = [{"defect": row.pk, "mended": True} for row in reviews.unmended(referral)]
        checklist = [{"criterion": code, "verdict": "met"} for code in reviews.criteria()]
        reviews.deliver(
            referral=referral,
            by=self.world.reviewer,
            checklist=checklist,
            mended=mended,
            grade=self.dice.choice(("GOOD", "STRONG")),
            missed_why="It was ill.",
        )

    def follow(self, referral: Referral) -> None:
        row = FollowUp.objects.filter(referral=referral, answered_at=None, dropped_at=None).first()
        if row is None:
            raise Refused("Asked already.")
        follow_ups.answer(
            follow_up=row, by=self.world.coordinator, outcome_code="HOLDS", followed="yes", lives="family"
        )

    def audit(self, referral: Referral) -> None:
        """By somebody who had no part in it; what comes of it is done."""
        audit = self.world.audit(referral, auditor=self.second)
        audits.finish(audit=audit, by=self.second, **judged())
        row = improvements.add(
            by=self.second,
            what="Ask for the letter of instruction on the first day.",
            source="audit",
            audits=[audit],
            owner=self.world.reviewer,
            due_on=in_days(7),
        )
        improvements.finish(improvement=row, by=self.world.reviewer, evidence="The checklist has it.")

    def cancel(self, referral: Referral) -> None:
        placements.cancel(referral=referral, by=self.world.coordinator, reason_code="FUNDING")

    def look(self) -> None:
        oversight.enter(about=self.one(*Status), by=self.world.manager, decision="Go on.")

    def shut(self) -> None:
        """Restricted, or somebody kept out of it, or open again."""
        enquiry = self.one(Status.SUBMITTED, Status.IN_TRIAGE, Status.DECLINED, Status.ACCEPTED)
        if self.dice.random() < 0.5:
            people = self.dice.choice(([], [self.world.colleague], [enquiry.created_by]))
            restricting.restrict(enquiry=enquiry, by=self.world.manager, reason="A threat.", people=people)
        else:
            restricting.block(
                enquiry=enquiry, by=self.world.manager, person=self.world.colleague, reason="A cousin."
            )
