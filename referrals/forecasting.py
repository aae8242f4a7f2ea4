"""The earliest realistic date of each assessment asked for, from the room that services have today."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from intake.clocks import rows
from intake.deadlines import Calendar
from intake.lifecycle import Status
from intake.models import AssessmentType, Enquiry, Organisation, book
from referrals import capacity
from referrals.court import dates_of, filing_day, weeks_of
from referrals.forecast import Forecast, forecast
from referrals.matching.diary import Diary
from referrals.models import Assessor, Coverage

# While something of it may still be placed.
PLACING = frozenset({Status.SUBMITTED, Status.IN_TRIAGE, Status.INFORMATION_REQUESTED, Status.ACCEPTED})


@dataclass(frozen=True, slots=True)
class Asked:
    """One assessment asked for, by its place in the enquiry."""

    position: int
    kind: AssessmentType
    needed_by: date | None


@dataclass(frozen=True, slots=True)
class AtService:
    """Of one assessment, at one service that covers it there; None where nobody of them can do it."""

    position: int
    type: str
    service: Organisation
    forecast: Forecast | None


@dataclass(frozen=True, slots=True)
class Earliest:
    """Of one assessment: the best of all services that do it there; None where none has room."""

    position: int
    type: str
    title: str
    forecast: Forecast | None


def earliest_of(enquiry: Enquiry, body: Mapping[str, Any], today: date) -> list[Earliest]:
    """Of each assessment whose type has a usual length, in the order asked; nothing once nothing is to be placed."""
    asked, found = asked_for(enquiry, body), at_services(enquiry, body, today)
    return [Earliest(row.position, row.kind.code, row.kind.name, best(found, row.position)) for row in asked]


def best(found: Sequence[AtService], position: int) -> Forecast | None:
    ready = [row.forecast for row in found if row.position == position and row.forecast]
    return min(ready, key=lambda row: row.ready_on, default=None)


def late_for(
    enquiry: Enquiry, places: Collection[int], today: date | None = None
) -> list[tuple[int, Forecast]]:
    """Of the assessments at these places, those that would be late as things stand, with their forecast.

    One that no service has room for has no forecast, and is not in here: what to say of it is triage's.
    """
    found = earliest_of(enquiry, dates_of(enquiry), today or timezone.localdate())
    return [
        (row.position, row.forecast)
        for row in found
        if row.position in places and row.forecast is not None and row.forecast.late
    ]


def at_services(enquiry: Enquiry, body: Mapping[str, Any], today: date) -> list[AtService]:
    """Of each assessment at each service that covers it there, the earliest first.

    Four statements, and one more for each type that asks for a skill, however many services and assessors.
    """
    asked = asked_for(enquiry, body)
    covering = covered([row.kind for row in asked], enquiry.authority.region, today)
    if not covering:
        return []
    services = {pk: service for found in covering.values() for pk, service in found.items()}
    people = list(capacity.at_work(today).filter(service__in=services))
    diaries, calendar = capacity.diaries(people, today), book().calendars[enquiry.authority.nation]
    ready = [
        AtService(row.position, row.kind.code, services[pk], found)
        for row in asked
        for pk, found in forecasts(row, covering.get(row.kind.pk, ()), people, diaries, calendar, today)
    ]
    ready.sort(key=lambda row: (row.position, row.forecast.ready_on if row.forecast else date.max))
    return ready


def asked_for(enquiry: Enquiry, body: Mapping[str, Any]) -> list[Asked]:
    """Those that may still be placed, and whose type has a usual length."""
    if enquiry.status not in PLACING:
        return []
    found = []
    for position, asked in enumerate(rows(body.get("assessments"))):
        kind = book().types.get(str(asked.get("type")))
        if kind is not None and weeks_of(kind):
            found.append(Asked(position, kind, filing_day(asked, body)))
    return found


def covered(kinds: Sequence[AssessmentType], region: str, today: date) -> dict[int, dict[int, Organisation]]:
    """The live services that do each type in a region, by the type's key and their own."""
    live = Organisation.objects.services().live(today)
    rows = Coverage.objects.filter(
        Q(region="") | Q(region=region), type__in={kind.pk for kind in kinds}, service__in=live
    )
    found: dict[int, dict[int, Organisation]] = {}
    for row in rows.select_related("service").order_by("type", "service"):
        found.setdefault(row.type_id, {})[row.service_id] = row.service
    return found


def forecasts(
    asked: Asked,
    services: Iterable[int],
    people: Sequence[Assessor],
    diaries: Mapping[int, Diary],
    calendar: Calendar,
    today: date,
) -> list[tuple[int, Forecast | None]]:
    """A service that names no assessors answers for itself, and could begin today."""
    terms = capacity.terms_of(asked.kind.code, today)
    starts: dict[int, list[tuple[date, int]]] = {row.service_id: [] for row in people}
    for row in capacity.with_skills(people, terms, today):
        begins = diaries[row.pk].free_from(terms.hours / terms.weeks, today)
        starts[row.service_id].append((begins, diaries[row.pk].weeks_with_leave(terms.weeks, begins)))
    return [
        (pk, soonest(starts.get(pk, [(today, terms.weeks)]), asked.needed_by, calendar)) for pk in services
    ]


def soonest(
    starts: Sequence[tuple[date, int]], needed_by: date | None, calendar: Calendar
) -> Forecast | None:
    found = [
        forecast(weeks=weeks, free_from=begins, needed_by=needed_by, calendar=calendar)
        for begins, weeks in starts
    ]
    return min(found, key=lambda row: row.ready_on, default=None)
