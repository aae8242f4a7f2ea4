"""Closed work that was audited: one audit finished, one to be written, and what is to change because of them."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from config.demo import courses, stories, world
from config.demo.clock import ago
from config.demo.world import HUB
from intake.models import User
from referrals import audited
from referrals.actions import audits, improvements, samples
from referrals.lifecycle import Status
from referrals.models import Audit, Referral

SEED = "first sample"


def fill() -> None:
    """Once: a second time nothing is added."""
    if Audit.objects.exists():
        return
    with ago(12):
        found(closed())
    with ago(3):
        drawn()


def closed() -> Referral:
    """The first that was closed, of which the second coordinator knows nothing."""
    rows = Referral.objects.filter(status=Status.CLOSED, enquiry__restricted=False).order_by("pk")
    return next(row for row in rows if colleague() in audited.independent(row))


def colleague() -> User:
    return world.user(HUB[1])


def found(referral: Referral) -> None:
    """The rules were kept, and the children were heard late: two things change."""
    today = timezone.localdate()
    audit = audits.pick(
        referral=referral,
        by=courses.manager(),
        auditor=colleague(),
        due_on=today + timedelta(days=10),
        reason="The first work of this service that was closed; we look at it together.",
    )
    owned: dict[str, Any] = {"by": colleague(), "source": "audit", "audits": [audit]}
    service = world.service(referral.service.code) if referral.service else world.SERVICES[0]
    improvements.add(
        what="See each child alone before the second visit to the parents, and write down what they said.",
        owner=stories.lead(service),
        due_on=today + timedelta(days=30),
        **owned,
    )
    audits.finish(
        audit=audit,
        by=colleague(),
        quality_grade="good",
        quality_text="The analysis weighs both sides, and says what is not known. The plan follows from it.",
        impact_grade="requires_improvement",
        impact_text="Safe, and with people who were found by it; but the decision was heard of late, and from others.",
        voice_how="said",
        voice_text="“I want to know before it happens.” It was asked for at the third visit, and not before.",
        compliance_text="What was not there at the start came within a week.",
    )
    audits.reply(audit=audit, by=stories.lead(service), text="We see children in the first week from now on.")
    given: dict[str, Any] = {"owner": courses.manager(), "due_on": today + timedelta(days=5)}
    done = improvements.add(what="Tell the children of the decision on the day it is made.", **given, **owned)
    improvements.finish(
        improvement=done,
        by=courses.manager(),
        evidence="The letter to the authority asks for the day on which the children are told.",
    )


def drawn() -> None:
    """A sample of the year: what is drawn waits for its auditors."""
    today = timezone.localdate()
    pool = audited.closed_between(courses.manager(), today - timedelta(days=300), today)
    services = len(set(pool.values_list("service", flat=True)))
    if services:
        samples.choose(
            by=courses.manager(),
            first=today - timedelta(days=300),
            last=today,
            number=services,
            due_on=today + timedelta(days=20),
            seed=SEED,
        )
