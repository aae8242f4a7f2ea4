"""The plan, and beside it the way an office works without one: the most pressing first, each to their best."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from intake.deadlines import Calendar
from referrals.matching import Candidate
from referrals.planner.pairs import Pair, assessors_of, looked_at, possible
from referrals.planner.reasons import Room, why_not
from referrals.planner.solver import Problem, choose, fitting, worth
from referrals.planner.terms import Division, Placing, Plan, Unplaced, Waiting

# Of who has no limit to their number.
MANY = 1_000


class Board:
    """The waiting list and the people in one order, with all pairs that can be: read once, divided twice."""

    def __init__(
        self,
        waiting: Iterable[Waiting],
        services: Iterable[Candidate],
        today: date,
        calendars: Mapping[str, Calendar],
    ) -> None:
        self.waiting = sorted(waiting, key=lambda one: one.wanted.referral)
        self.people = assessors_of(services)
        self.today = today
        self.looked = [looked_at(one, self.people, today, calendars) for one in self.waiting]
        self.pairs: list[Pair] = [
            pair
            for row, one in enumerate(self.waiting)
            for pair in possible(row, one.cost(today), self.looked[row])
        ]

    def problem(self) -> Problem:
        return Problem.of(
            [(pair.row, pair.column, pair.value) for pair in self.pairs],
            [tenths(one.wanted.weekly) for one in self.waiting],
            [max(tenths(who.diary.free(self.today)), 0) for who in self.people],
            [places(who) for who in self.people],
        )

    def pressing_first(self, problem: Problem) -> list[int]:
        """The most costly to leave first, of equal ones the earlier needed; each to the best who has room."""
        far = date.max
        order = sorted(
            range(len(self.pairs)),
            key=lambda place: (
                -self.waiting[self.pairs[place].row].cost(self.today),
                self.waiting[self.pairs[place].row].wanted.needed_by or far,
                self.pairs[place].row,
                -self.pairs[place].match.total,
                self.pairs[place].column,
            ),
        )
        return fitting(problem, order)

    def placings(self, chosen: Sequence[int]) -> tuple[Placing, ...]:
        mine = {self.pairs[place].row: self.pairs[place] for place in chosen}
        best: dict[int, Pair] = {}
        for pair in self.pairs:
            if pair.row not in best or pair.match.total > best[pair.row].match.total:
                best[pair.row] = pair
        return tuple(Placing(self.waiting[row], mine[row].match, best[row].match) for row in sorted(mine))

    def division(self, chosen: Sequence[int], problem: Problem) -> Division:
        return Division(self.placings(chosen), round(worth(problem, chosen)))

    def unplaced(self, placings: Sequence[Placing]) -> tuple[Unplaced, ...]:
        """The others, each with why."""
        placed = {one.waiting for one in placings}
        had_a_place = {pair.row for pair in self.pairs}
        room = Room(placings, self.today)
        return tuple(
            why_not(one, room, [found for _, found in self.looked[row]], had_a_place=row in had_a_place)
            for row, one in enumerate(self.waiting)
            if one not in placed
        )


def tenths(hours: float) -> int:
    return round(hours * 10)


def places(who: Candidate) -> int:
    """How many more they can lead without a reason."""
    return MANY if who.capacity is None else max(who.capacity - who.leads, 0)


def plan(
    waiting: Iterable[Waiting],
    services: Iterable[Candidate],
    today: date,
    calendars: Mapping[str, Calendar],
) -> Plan:
    """The best division of the whole list; beside it best first, which is never better."""
    board = Board(waiting, services, today, calendars)
    problem = board.problem()
    greedy = board.pressing_first(problem)
    chosen, bound = choose(problem, greedy)
    best = board.division(chosen, problem)
    left = board.unplaced(best.placings)
    beside = board.division(greedy, problem)
    return Plan(best.placings, best.score, left, round(bound), beside)


def best_first(
    waiting: Iterable[Waiting],
    services: Iterable[Candidate],
    today: date,
    calendars: Mapping[str, Calendar],
) -> Division:
    """The most pressing first, each to the best who still has room."""
    board = Board(waiting, services, today, calendars)
    problem = board.problem()
    return board.division(board.pressing_first(problem), problem)
