"""What the page of one assessment shows of its work, part by part; what is between hub and service stays there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from intake.lifecycle import Role
from intake.models import Organisation, User, book
from intake.pages.facts import whole
from referrals import capacity, checklist, continuity
from referrals.actions.coworking import NAMERS
from referrals.actions.evidence import OURS
from referrals.actions.reviews import unmended
from referrals.lifecycle import OPEN, UNDER_WAY, Status
from referrals.models import Audit, Referral, Review, Visit


@dataclass(frozen=True)
class Left:
    """What is left of the time: working days to the day it is needed, hours of those allowed."""

    day: date | None
    days: int
    allowed: int
    used: float

    @property
    def days_sentence(self) -> str:
        if self.days < 0:
            return f"{-self.days} working day{'s' if self.days < -1 else ''} late"
        if self.days == 0:
            return gettext("Needed today")
        return f"{self.days} working day{'s' if self.days > 1 else ''} left"

    @property
    def tone(self) -> str:
        return "late" if self.days < 0 else "soon" if self.days <= 5 else "well"

    @property
    def hours(self) -> float:
        return round(self.allowed - self.used, 1)


def parts(referral: Referral, user: User) -> dict[str, Any]:
    """Everything but the facts of the enquiry and the oversight."""
    roles = referral.roles_of(user)
    under_way = referral.status in UNDER_WAY
    ours, visits = is_ours(user), list(visits_of(referral))
    listed = ours and referral.service_id
    return {
        "left": left_of(referral, visits) if ours and referral.status in OPEN else None,
        "checklist": checklist.of_referral(referral, whole(referral.enquiry)) if listed else [],
        "evidence": list(referral.evidence_rows.all()),
        "visits": visits,
        "inside": ours,
        "seen": list(referral.childseen_rows.select_related("child")),
        "reviews": list(reviews_of(referral, user)) if ours else [],
        "unmended": unmended(referral) if ours and referral.status == Status.IN_PROGRESS else [],
        "addenda": list(addenda_of(referral)),
        "follow_ups": list(referral.followup_rows.all()),
        **audits_of(referral, user),
        "allocations": list(referral.allocation_rows.select_related("assessor").order_by("-since")),
        "workers": continuity.of_referral(referral),
        "may_log": bool(roles & OURS),
        "may_visit": bool(roles & OURS) and under_way,
        "may_name": bool(roles & NAMERS) and under_way,
        "may_move_work": bool(roles & NAMERS),
    }


def is_ours(user: User) -> bool:
    """Of the hub or of a service: how the work goes is between them."""
    return user.organisation.kind in (Organisation.Kind.HUB, Organisation.Kind.SERVICE)


def left_of(referral: Referral, visits: Iterable[Visit]) -> Left | None:
    """Nothing of a referral that nobody needs by a day."""
    day = referral.decisive_date
    if day is None or referral.status == Status.DELIVERED:
        return None
    calendar = book().calendars[referral.enquiry.authority.nation or "England"]
    minutes = sum(visit.minutes or 0 for visit in visits if visit.done_on)
    allowed = referral.hours or capacity.hours_of(referral.assessment.type)
    return Left(day, calendar.working_days_between(timezone.localdate(), day), allowed, minutes / 60)


def visits_of(referral: Referral) -> Any:
    return referral.visit_rows.select_related("made_by").prefetch_related("met_rows__person")


def reviews_of(referral: Referral, user: User) -> Any:
    found = Review.objects.visible_to(user).filter(referral=referral).select_related("by")
    return found.prefetch_related("findings", "defects").order_by("-number")


def audits_of(referral: Referral, user: User) -> dict[str, Any]:
    """What was said of it once it was closed, between the hub and the service; of one that never was, nothing."""
    if referral.follow_up_3_months is None or not is_ours(user):
        return {"audits": []}
    rows = list(Audit.objects.visible_to(user).filter(referral=referral).select_related("auditor"))
    open_ = any(row.finished_at is None for row in rows)
    may = user.has(Role.MANAGER) and referral.status == Status.CLOSED
    return {"audits": rows, "may_audit": may and not open_}


def addenda_of(referral: Referral) -> list[dict[str, Any]]:
    """Each with its own clock: the working days left to its own day."""
    calendar, today = book().calendars[referral.enquiry.authority.nation or "England"], timezone.localdate()
    rows = referral.addendum_rows.order_by("-number")
    return [
        {"row": row, "left": Left(row.needed_by, calendar.working_days_between(today, row.needed_by), 0, 0)}
        for row in rows
    ]
