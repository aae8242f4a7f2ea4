"""The rule itself: what speaks for a candidate, what against, what stops it."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from intake.deadlines import Calendar
from referrals.forecast import Forecast, forecast
from referrals.matching import skill, standing, time
from referrals.matching.tally import Tally
from referrals.matching.terms import Candidate, Match, Stop, Wanted

# A team of more than this is described by its first ones.
REASONS_NAMED = 3


def match(wanted: Wanted, candidate: Candidate, today: date, calendar: Calendar) -> Match:
    """An assessor by what is known of them; a service by its best placed assessor."""
    if candidate.team:
        team = [match(wanted, one, today, calendar) for one in candidate.team]
        return of_service(wanted, candidate, team, today, calendar)
    return alone(wanted, candidate, today, calendar)


def alone(wanted: Wanted, candidate: Candidate, today: date, calendar: Calendar) -> Match:
    """One assessor, or a service that names none and answers for itself."""
    tally = Tally(wanted.rules)
    standing.of_service(tally, wanted, candidate)
    if candidate.assessor is None:
        tally.point("unnamed", "names no assessors")
        begun = forecast_of(wanted.weeks, today, wanted.needed_by, calendar)
    else:
        start = candidate.diary.free_from(wanted.weekly, today)
        weeks = candidate.diary.weeks_with_leave(wanted.weeks, start)
        begun = forecast_of(weeks, start, wanted.needed_by, calendar)
        skill.of_assessor(tally, wanted, candidate)
        standing.of_assessor(tally, wanted, candidate, begun, today)
        time.of_diary(tally, wanted, candidate, today)
    time.of_forecast(tally, begun)
    return Match(candidate, tuple(tally.points), tuple(tally.stops), begun, tuple(tally.cautions))


def of_service(
    wanted: Wanted, service: Candidate, team: Sequence[Match], today: date, calendar: Calendar
) -> Match:
    """The points of its best placed assessor are the service's; a stop is the service's, or that nobody can."""
    own = Tally(wanted.rules)
    standing.of_service(own, wanted, service)
    best = ranked(team)[0]
    stops = tuple(own.stops) or (() if not best.stops else (nobody(team),))
    return Match(service, best.points, stops, best.forecast, (), best.candidate)


def nobody(team: Sequence[Match]) -> Stop:
    """Records may lag behind: a manager can offer it all the same. Whoever leads it is checked again."""
    why = dict.fromkeys(stop.text.rstrip(".") for one in team for stop in one.stops)
    words = "; ".join(list(why)[:REASONS_NAMED])
    return Stop("nobody", f"Nobody there can lead it as things stand. {words}.", "manager")


def ranked(matches: Iterable[Match]) -> list[Match]:
    """Best first: those without a stop, by their total, the earlier ready first, then by name."""
    return sorted(
        matches,
        key=lambda one: (bool(one.stops), -one.total, one.forecast.ready_on, one.candidate.name),
    )


@lru_cache(maxsize=20_000)
def forecast_of(weeks: int, free_from: date, needed_by: date | None, calendar: Calendar) -> Forecast:
    """The planner asks the same of many pairs."""
    return forecast(weeks=weeks, free_from=free_from, needed_by=needed_by, calendar=calendar)
