"""Visits to the family: planned, moved, made and written up, or cancelled; what is said of one stands."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypedDict

from django.db import transaction
from django.utils import timezone

from intake.checks import Fault
from intake.models import Person, User, book
from intake.refusals import Forbidden, Invalid, NotPossible
from referrals.actions.evidence import OURS
from referrals.lifecycle import UNDER_WAY
from referrals.models import Met, Referral, Visit


class ChildMet(TypedDict, total=False):
    child: int
    alone: bool
    views: str


class AdultMet(TypedDict, total=False):
    adult: int
    alone: bool


@transaction.atomic
def plan(*, referral: Referral, by: User, kind: str, planned_at: datetime, note: str = "") -> Visit:
    """A visit that is to be made, or was made and is written up next; the very same again is the one that stands."""
    referral = hold(referral, by)
    check_plan(kind)
    said = {"kind": kind, "planned_at": planned_at, "note": note, "planned_by": by}
    if first := referral.visit_rows.planned().filter(**said).first():
        return first
    visit = Visit.objects.create(referral=referral, number=referral.visit_rows.count() + 1, **said)
    record(visit, "visit_planned", by)
    return visit


def hold(referral: Referral, by: User) -> Referral:
    """The referral, locked, while it is under way and this person works on it."""
    referral = Referral.objects.hold(referral)
    if referral.roles_of(by).isdisjoint(OURS):
        raise Forbidden("Your role does not allow this: keep the visits.")
    if referral.status not in UNDER_WAY:
        raise NotPossible(
            referral.standing_sentence(),
            status=referral.status,
            transitions=referral.transitions_for(by),
        )
    return referral


def check_plan(kind: str) -> None:
    if not book().codes.holds("visit_kind", kind, timezone.localdate()):
        raise Invalid([Fault("/kind", "unknown", "Choose one of the kinds in the list.")])


@transaction.atomic
def change(*, visit: Visit, by: User, **given: Any) -> Visit:
    """What became of it: cancelled when it says why, made when it says on which day, otherwise moved."""
    if "cancelled_why" in given:
        return cancel(visit=visit, by=by, why=given["cancelled_why"])
    if "done_on" in given:
        return write_up(visit=visit, by=by, **given)
    return move(visit=visit, by=by, **given)


def planned(visit: Visit, by: User) -> Visit:
    """The visit as it is now; what was made or cancelled stands."""
    referral = hold(visit.referral, by)
    visit = referral.visit_rows.get(pk=visit.pk)
    visit.referral = referral
    if visit.state != "planned":
        raise NotPossible(
            f"Visit {visit.number} is {visit.state} already. Plan another.", status=referral.status
        )
    return visit


@transaction.atomic
def move(
    *, visit: Visit, by: User, kind: str = "", planned_at: datetime | None = None, note: str | None = None
) -> Visit:
    """Another day, another hour, another place."""
    visit = planned(visit, by)
    before = {"kind": visit.kind, "planned_at": visit.planned_at}
    visit.kind = kind or visit.kind
    visit.planned_at = planned_at or visit.planned_at
    visit.note = visit.note if note is None else note
    check_plan(visit.kind)
    visit.save()
    record(visit, "visit_moved", by, before=before)
    return visit


@transaction.atomic
def write_up(
    *,
    visit: Visit,
    by: User,
    done_on: date,
    children: Sequence[ChildMet] = (),
    adults: Sequence[AdultMet] = (),
    minutes: int | None = None,
    note: str | None = None,
    kind: str = "",
    planned_at: datetime | None = None,
) -> Visit:
    """It was made: when, how long, whom one met, alone or not, and what each child said in their own words."""
    visit = planned(visit, by)
    met = check_met(visit.referral, done_on, children, adults)
    visit.done_on, visit.minutes, visit.made_by = done_on, minutes, by
    visit.kind, visit.planned_at = kind or visit.kind, planned_at or visit.planned_at
    visit.note = visit.note if note is None else note
    check_plan(visit.kind)
    visit.save()
    Met.objects.bulk_create(
        Met(visit=visit, person=person, alone=row.get("alone"), views=row.get("views", ""))
        for person, row in met
    )
    positions = {part: [p.position for p, _ in met if p.part == part] for part in Person.Part.values[:2]}
    record(visit, "visit_made", by, done_on=done_on, minutes=minutes, met=positions)
    return visit


def check_met(
    referral: Referral, done_on: date, children: Sequence[Any], adults: Sequence[Any]
) -> list[tuple[Person, dict[str, Any]]]:
    """Each a person of the enquiry, once; of a child what they said, be it that they said nothing."""
    known = {(row.part, row.position): row for row in referral.enquiry.people.all()}
    given = [("children", "child", n, row) for n, row in enumerate(children)]
    given += [("adults", "adult", n, row) for n, row in enumerate(adults)]
    found, faults = {}, []
    if done_on > timezone.localdate():
        faults.append(Fault("/done_on", "future", "Give a day that is not after today."))
    for member, part, n, row in given:
        person = known.get((part, row[part]))
        if person is None or person in found:
            sentence = "Nobody of this number is named in the enquiry, or they are named twice here."
            faults.append(Fault(f"/{member}/{n}/{part}", "unknown", sentence))
        else:
            found[person] = row
    faults += [
        Fault(f"/children/{n}/views", "required", "Write what the child said, or how they showed it.")
        for n, row in enumerate(children)
        if not row.get("views", "").strip()
    ]
    if faults:
        raise Invalid(faults)
    return list(found.items())


@transaction.atomic
def cancel(*, visit: Visit, by: User, why: str) -> Visit:
    """It is not made, and why."""
    visit = planned(visit, by)
    if not why.strip():
        raise Invalid([Fault("/cancelled_why", "required", "Say why it is not made.")])
    visit.cancelled_at, visit.cancelled_why = timezone.now(), why
    visit.save()
    record(visit, "visit_cancelled", by, note=why)
    return visit


def record(visit: Visit, verb: str, by: User, *, note: str = "", **facts: Any) -> None:
    data = {"number": visit.number, "visit_kind": visit.kind, "planned_at": visit.planned_at, **facts}
    visit.referral.record(verb, by=by, note=note, data=data)


# --- What the report's gate asks of them ---------------------------------------------------------------------


def children_met(referral: Referral) -> dict[int, date]:
    """The children who were seen on a visit, with what they said: by position, the latest day."""
    rows = Met.objects.filter(
        visit__referral=referral, visit__done_on__isnull=False, person__part=Person.Part.CHILD
    )
    said = rows.exclude(views="").select_related("person", "visit").order_by("visit__done_on", "pk")
    return {row.person.position: row.visit.day for row in said}


def faults(referral: Referral) -> list[Fault]:
    """A visit whose day has passed says what became of it before the report is handed in."""
    left = [visit for visit in referral.visit_rows.planned() if visit.overdue]
    return [
        Fault("/visits", "open", f"Visit {visit.number} is not written up. Say whether it was made.")
        for visit in left
    ]
