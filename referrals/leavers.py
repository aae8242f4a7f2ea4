"""All the open work of one person, each piece with a colleague who could take it: what a leaver leaves behind."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import Count, Q
from django.utils import timezone

from intake.lifecycle import OPEN, Role
from intake.models import Access, ConflictBlock, Enquiry, Organisation, User, book
from referrals.lifecycle import UNDER_WAY, Status
from referrals.matching import Candidate, Match, Wanted, match, ranked
from referrals.models import Assessor, Referral
from referrals.suggestions import candidates, wanted_many

# What one more piece of this leaver's work takes off a colleague's points, so that one does not get all.
SPREAD = 10
HELD = tuple(sorted(UNDER_WAY | {Status.IN_REVIEW, Status.DELIVERED}))
Part = Literal["lead", "beside", "owner"]


@dataclass(frozen=True)
class Piece:
    """One referral or enquiry that somebody holds, and who is proposed for it."""

    reference: str
    part: Part
    what: str
    status: str
    movable: bool
    due: date | None = None
    visits: int = 0
    to: User | None = None
    why: str = ""

    @property
    def part_label(self) -> str:
        return {"lead": "Leads it", "beside": "Works beside the lead", "owner": "Owns it"}[self.part]


@dataclass(frozen=True)
class OpenWork:
    """What is open, and among whom it can be shared out."""

    person: User
    pieces: list[Piece]
    colleagues: list[User]

    @property
    def movable(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.movable]

    @property
    def staying(self) -> list[Piece]:
        return [piece for piece in self.pieces if not piece.movable]


def may_move(by: User, person: User) -> bool:
    """The hub's coordinators and managers; the lead of a service for its own people."""
    if by.organisation.kind == Organisation.Kind.HUB:
        return by.has(Role.COORDINATOR, Role.MANAGER)
    return by.has(Role.SERVICE_LEAD) and by.organisation_id == person.organisation_id


def open_work(person: User, by: User, today: date) -> OpenWork:
    """As far as whoever asks may see it. About twenty statements, however much there is."""
    colleagues = list(colleagues_of(person))
    referrals = list(held_by(person, by))
    proposed = proposals(referrals, person, colleagues, today)
    named = {user.pk: user for user in colleagues}
    pieces = [piece_of(row, person, proposed.get(row.pk), named) for row in referrals]
    owned = Enquiry.objects.visible_to(by).filter(owner=person, status__in=OPEN).order_by("due_at", "pk")
    return OpenWork(person, [*pieces, *shared_out(list(owned), colleagues)], colleagues)


def colleagues_of(person: User) -> Iterable[User]:
    """Those who could take it: the assessors of the same service, or the coordinators of the hub."""
    people = User.objects.active().filter(organisation=person.organisation_id).exclude(pk=person.pk)
    if person.organisation.kind == Organisation.Kind.SERVICE:
        profiles = Assessor.objects.filter(service=person.organisation_id)
        people = people.filter(pk__in=profiles.values("user"))
    else:
        people = people.with_role(Role.COORDINATOR)
    found: Iterable[User] = people.order_by("name", "pk")
    return found


def held_by(person: User, by: User) -> Iterable[Referral]:
    mine = Q(assessor=person) | Q(co_worker=person)
    rows = Referral.objects.visible_to(by).filter(mine, status__in=HELD)
    planned = Q(visit_rows__done_on__isnull=True, visit_rows__cancelled_at__isnull=True)
    counted = rows.annotate(planned=Count("visit_rows", filter=planned & Q(visit_rows__isnull=False)))
    related = counted.select_related("enquiry__authority", "assessment__type", "service", "assessor")
    return related.order_by("created_at", "pk")


def piece_of(row: Referral, person: User, found: Match | None, named: dict[int, User]) -> Piece:
    """A report in review or delivered stays: whoever reads it has it now."""
    lead = row.assessor_id == person.pk
    return Piece(
        reference=row.reference,
        part="lead" if lead else "beside",
        what=row.assessment.type.name,
        status=row.status_label,
        movable=row.status in UNDER_WAY,
        due=row.decisive_date,
        visits=row.planned if lead else 0,  # type: ignore[attr-defined]
        to=named.get(found.candidate.assessor or 0) if found else None,
        why="; ".join(point.text for point in found.points if point.points > 0) if found else "",
    )


def proposals(
    referrals: list[Referral], person: User, colleagues: list[User], today: date
) -> dict[int, Match]:
    """For each referral the colleague who fits best, the work spread among them; nobody with a stop."""
    moving = [row for row in referrals if row.status in UNDER_WAY]
    if not moving or not colleagues:
        return {}
    team = [one for row in candidates(today, [person.organisation_id]) for one in row.team]
    able = [one for one in team if one.assessor in {user.pk for user in colleagues}]
    given: Counter[int] = Counter()
    found = {}
    for row, wanted in zip(moving, wanted_many(moving, today), strict=True):
        best = best_of(wanted, row, able, given, today)
        if best and best.candidate.assessor is not None:
            given[best.candidate.assessor] += 1
            found[row.pk] = best
    return found


def best_of(
    wanted: Wanted, row: Referral, able: Iterable[Candidate], given: Counter[int], today: date
) -> Match | None:
    calendar = book().calendars[row.enquiry.authority.nation or "England"]
    there = {row.assessor_id, row.co_worker_id}
    fits = [match(wanted, one, today, calendar) for one in able if one.assessor not in there]
    open_ = [one for one in ranked(fits) if not one.stops]
    return max(open_, key=lambda one: one.total - SPREAD * given[one.candidate.assessor or 0], default=None)


def shared_out(owned: Sequence[Enquiry], colleagues: list[User]) -> Iterable[Piece]:
    """Enquiries in triage, each to whoever owns least and may see it; what is accepted needs no decision."""
    carried, shut = Counter(dict(loads_of(colleagues))), shut_for(owned, colleagues)
    for row in owned:
        able = [one for one in colleagues if (row.pk, one.pk) not in shut]
        to = min(able, key=lambda one: (carried[one.pk], one.name), default=None)
        movable = "take_over" in row.lifecycle.possible(row.status)
        if to and movable:
            carried[to.pk] += 1
        due = timezone.localdate(row.due_at) if row.due_at else None
        to = to if movable else None
        why = "owns least" if to else ""
        yield Piece(row.reference, "owner", "Enquiry", row.status_label, movable, due, 0, to, why)


def shut_for(owned: Sequence[Enquiry], colleagues: list[User]) -> set[tuple[int, int]]:
    """Which enquiry is not to be seen by which colleague: restricted to others, or kept out of."""
    shut = set(ConflictBlock.objects.live().filter(enquiry__in=owned).values_list("enquiry_id", "person_id"))
    secret = [row.pk for row in owned if row.restricted]
    if secret:
        listed = Access.objects.live().filter(enquiry__in=secret)
        let_in = set(listed.values_list("enquiry_id", "person_id"))
        shut |= {(pk, one.pk) for pk in secret for one in colleagues} - let_in
    return shut


def loads_of(colleagues: list[User]) -> Iterable[tuple[int, int]]:
    rows = Enquiry.objects.filter(owner__in=colleagues, status__in=OPEN)
    found: Iterable[tuple[int, int]] = (
        rows.values_list("owner").annotate(n=Count("pk")).values_list("owner", "n")
    )
    return found
