"""Every pair of a referral and an assessor: those that can be, and what stands against the others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from intake.deadlines import Calendar
from referrals.matching import Candidate, Match, match
from referrals.planner.terms import Waiting


@dataclass(frozen=True, eq=False)
class Pair:
    """A referral (by its place) and an assessor (by theirs) that go together, and what that is worth."""

    row: int
    column: int
    match: Match
    value: int


def assessors_of(services: Iterable[Candidate]) -> list[Candidate]:
    """The people of the services, each once, in the order of their numbers: equal input, equal plan."""
    people = {
        one.assessor: one
        for service in services
        for one in service.team or (service,)
        if one.assessor is not None
    }
    return [people[number] for number in sorted(people)]


def looked_at(
    one: Waiting, people: Sequence[Candidate], today: date, calendars: Mapping[str, Calendar]
) -> list[tuple[int, Match]]:
    """The matches of a referral with everybody whose service does this there, by their places."""
    calendar = calendars[one.wanted.nation]
    return [
        (place, match(one.wanted, who, today, calendar))
        for place, who in enumerate(people)
        if may_cover(one, who)
    ]


def possible(row: int, cost: int, found: Sequence[tuple[int, Match]]) -> list[Pair]:
    """Those without a stop and within the hours: past the soft limit a person has to say why, a plan cannot."""
    return [
        Pair(row, column, one, cost + one.total)
        for column, one in found
        if not one.stops and not one.cautions and cost + one.total > 0
    ]


def may_cover(one: Waiting, who: Candidate) -> bool:
    """Whether it is worth a closer look: most services do not do most things in most places."""
    wanted, rule = one.wanted, one.wanted.rules.get("not_covered")
    if rule is None or not rule.stops:
        return True
    return any(row.region in ("", wanted.region) for row in who.cover.get(wanted.type, ()))
