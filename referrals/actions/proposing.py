"""A decision held for a second person, where the risk rating and what is known disagree."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from intake.actions import flags
from intake.actions.enquiries import bump
from intake.models import Enquiry, Event, Flag, Person, Risk, User, book
from intake.models.event import plain
from intake.refusals import NotPossible
from referrals.models import SecondLook
from referrals.second_look import Known, disagreements

FLAG = "SECOND_LOOK"
WEIGHTS = {"high": 3, "medium": 2, "low": 1, "none_known": 0}


def known(enquiry: Enquiry, factors: list[str] | None) -> Known:
    """What the rule looks at, in four statements."""
    levels: dict[str, str] = {}
    for about, level in Risk.objects.filter(enquiry=enquiry).values_list("about", "level"):
        if WEIGHTS.get(level, 0) >= WEIGHTS.get(levels.get(about, ""), -1):
            levels[about] = level
    people = Person.objects.filter(enquiry=enquiry)
    return Known(
        levels=levels,
        factors=None if factors is None else frozenset(factors),
        legal_statuses=frozenset(people.exclude(legal_status="").values_list("legal_status", flat=True)),
        types=frozenset(enquiry.assessment_rows.values_list("type__code", flat=True)),
        address_withheld=people.filter(address_withheld=True).exists(),
    )


@transaction.atomic
def hold_back(enquiry: Enquiry, by: User, transition: str, facts: Mapping[str, Any]) -> SecondLook | None:
    """Keep the decision for a second person, when one has to look; None when it can be made at once.

    The caller holds the enquiry and has made sure that the decision could be made. It stays in triage.
    """
    reasons = disagreements(known(enquiry, facts.get("factors")))
    refuse_while_one_waits(enquiry)
    if not reasons:
        return None
    data = {"proposes": str(transition), "disagreements": reasons}
    hub = Event.Audience.HUB
    line = Event.objects.record(
        enquiry, verb="enquiry.second_look_asked", by=by, data=data, audience=hub, note=" ".join(reasons)
    )
    flag(enquiry, by, reasons)
    bump(enquiry)
    return SecondLook.objects.create(
        enquiry=enquiry,
        transition=str(transition),
        facts=plain(dict(facts)),
        reasons=reasons,
        proposed_by=by,
        proposed_at=timezone.now(),
        sequence=line.sequence,
    )


def flag(enquiry: Enquiry, by: User, reasons: list[str]) -> None:
    """For whoever works the list: another person is to look at it."""
    if not enquiry.flag_rows.standing().filter(code=FLAG).exists():
        tomorrow = book().calendars[enquiry.authority.nation].add_working_days(timezone.localdate(), 1)
        why, now = " ".join(reasons), timezone.now()
        facts = {"code": FLAG, "review_on": tomorrow}
        flags.record(enquiry, "enquiry.flagged", by, why, dict(facts))
        Flag.objects.create(enquiry=enquiry, reason=why, raised_by=by, raised_at=now, **facts)


def unflag(enquiry: Enquiry, by: User) -> None:
    standing = enquiry.flag_rows.standing().filter(code=FLAG)
    if standing.update(lifted_by=by, lifted_at=timezone.now()):
        flags.record(enquiry, "enquiry.unflagged", by, "", {"code": FLAG})


def refuse_while_one_waits(enquiry: Enquiry) -> None:
    """One decision at a time; what was proposed of an enquiry that has changed since waits no longer."""
    waiting = enquiry.second_looks.waiting().select_related("proposed_by").first()
    if waiting is None:
        return
    if not waiting.is_overtaken:
        raise NotPossible(
            f"A decision by {waiting.proposed_by} waits for a second look. Confirm it or return it first.",
            status=enquiry.status,
        )
    overtake(waiting)


def overtake(waiting: SecondLook) -> None:
    waiting.outcome, waiting.answered_at = SecondLook.Outcome.OVERTAKEN, timezone.now()
    waiting.save(update_fields=("outcome", "answered_at"))
