"""Who could take a referral, best first; what cannot be, apart. Fifteen statements, however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from intake.models import Assessment, Enquiry, Organisation, User, book
from referrals.matching import Candidate, Match, Stop, Wanted, match, ranked
from referrals.models import Coverage, Referral
from referrals.suggestions.candidates import candidates
from referrals.suggestions.wanted import wanted_many, wanted_of

CONFLICTS = ("conflict", "blocked")
PRIVATE = "A conflict of interest is on record. Ask the triage team."


@dataclass(frozen=True)
class Suggestions:
    """Services and assessors without a stop, best first; those with one, with who can override it."""

    wanted: Wanted
    services: list[Match]
    assessors: list[Match]
    stopped: list[Match]


def suggestions_for(referral: Referral, today: date, services: list[int] | None = None) -> Suggestions:
    """Over all services, or some; a service that does not cover the type and place is left out, as are its people."""
    wanted, calendar = wanted_of(referral, today), book().calendars[referral.enquiry.authority.nation]
    could = covering([wanted]) if services is None else services
    covering_it = [row for row in candidates(today, could) if covers(row, wanted)]
    of_services = ranked(match(wanted, row, today, calendar) for row in covering_it)
    people = [one for row in covering_it for one in row.team]
    of_people = ranked(match(wanted, one, today, calendar) for one in people)
    return Suggestions(
        wanted,
        [row for row in of_services if not row.stops],
        [row for row in of_people if not row.stops],
        [row for row in (*of_services, *of_people) if row.stops],
    )


def foreseen(enquiry: Enquiry, asked: Sequence[Assessment], today: date, most: int = 3) -> list[list[Match]]:
    """For each assessment before there is a referral of it, the first few services that could take it.

    As many statements for one assessment as for ten.
    """
    rows = [Referral(enquiry=enquiry, assessment=row) for row in asked]
    calendar, wanted = book().calendars[enquiry.authority.nation], wanted_many(rows, today)
    could = candidates(today, covering(wanted))
    return [
        [
            row
            for row in ranked(match(one, row, today, calendar) for row in could if covers(row, one))
            if not row.stops
        ][:most]
        for one in wanted
    ]


def suggestions_to(user: User, referral: Referral, today: date) -> Suggestions:
    """As this person may know them: the hub of all services, a service of its own assessors only."""
    if user.organisation.kind == Organisation.Kind.HUB:
        return suggestions_for(referral, today)
    found = suggestions_for(referral, today, [user.organisation_id])
    people = [one for one in found.stopped if one.candidate.assessor is not None]
    return Suggestions(found.wanted, [], found.assessors, people)


def told_to(user: User, found: Match) -> tuple[Stop, ...]:
    """The stops as this person may know them: what a conflict is, is between the hub and whom it concerns."""
    if user.organisation.kind == Organisation.Kind.HUB:
        return found.stops
    return tuple(
        Stop(stop.code, PRIVATE, stop.overridable_by) if stop.code in CONFLICTS else stop
        for stop in found.stops
    )


def covering(wanted: Sequence[Wanted]) -> QuerySet[Any, Any]:
    """The services that do one of these in one of these places: the others need not be read."""
    regions = {"", *(row.region for row in wanted)}
    found = Coverage.objects.filter(type__code__in={row.type for row in wanted}, region__in=regions)
    return found.order_by().values("service")


def covers(candidate: Candidate, wanted: Wanted) -> bool:
    return any(row.region in ("", wanted.region) for row in candidate.cover.get(wanted.type, ()))


def service_match(
    referral: Referral, service: Organisation, today: date, wanted: Wanted | None = None
) -> Match | None:
    """How one service stands to it; None of an organisation that is no live service."""
    found = candidates(today, [service.pk])
    calendar = book().calendars[referral.enquiry.authority.nation]
    wanted = wanted or wanted_of(referral, today)
    return match(wanted, found[0], today, calendar) if found else None


def assessor_match(referral: Referral, assessor: User, today: date) -> Match | None:
    """How one assessor of the referral's service stands to it; None of somebody who is not one."""
    found = candidates(today, [referral.service_id]) if referral.service_id else []
    person = next((one for row in found for one in row.team if one.assessor == assessor.pk), None)
    calendar = book().calendars[referral.enquiry.authority.nation]
    return match(wanted_of(referral, today), person, today, calendar) if person else None
