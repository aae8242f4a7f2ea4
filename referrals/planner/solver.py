"""The division itself, in numbers: which pairs, so that nobody carries too much and the sum is largest.

A solver of mixed-integer programmes (HiGHS, in SciPy). Of very many pairs it is first told those that the
relaxed problem (a referral may be split) prices best; the relaxed optimum is a bound that no division can pass.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_array, csr_array, vstack

# So many pairs are looked at whole; of more, so many of the best priced and some of each referral.
COLUMNS = 10_000
EACH = 3
# Good enough: within a fifth of a percent of what is possible. Work is bounded in nodes, which are the same on every
# machine, and at last in seconds.
GAP = 0.002
NODES = 200
FEW_NODES = 1
SECONDS = 6.0


@dataclass(frozen=True, eq=False)
class Problem:
    """Pairs of rows and columns with their value; a row is taken once, a column has hours and places."""

    rows: Any
    columns: Any
    values: Any
    # Of each row, in tenths; of each column, in tenths and as a number of rows.
    hours: Any
    free: Any
    places: Any

    @classmethod
    def of(
        cls,
        pairs: Sequence[tuple[int, int, int]],
        hours: Sequence[int],
        free: Sequence[int],
        places: Sequence[int],
    ) -> "Problem":
        table = np.array(pairs, dtype=np.int64).reshape(-1, 3)
        return cls(
            table[:, 0],
            table[:, 1],
            table[:, 2].astype(float),
            np.array(hours),
            np.array(free),
            np.array(places),
        )

    def some(self, chosen: Any) -> "Problem":
        return Problem(
            self.rows[chosen], self.columns[chosen], self.values[chosen], self.hours, self.free, self.places
        )

    def table(self) -> csr_array:
        """One line for each row, for each column's hours, for each column's places."""
        number = np.arange(len(self.rows))
        width = len(number)
        ones = np.ones(width)
        parts = [
            coo_array((ones, (self.rows, number)), shape=(len(self.hours), width)),
            coo_array((self.hours[self.rows], (self.columns, number)), shape=(len(self.free), width)),
            coo_array((ones, (self.columns, number)), shape=(len(self.free), width)),
        ]
        return csr_array(vstack(parts))

    def limits(self) -> Any:
        return np.concatenate([np.ones(len(self.hours)), self.free, self.places]).astype(float)


def choose(problem: Problem, start: Sequence[int]) -> tuple[list[int], float]:
    """The pairs of the best division found, and the bound; never worse than the start."""
    if not len(problem.rows):
        return [], 0.0
    few, bound = priced(problem)
    part = problem.some(few)
    limits = LinearConstraint(part.table(), -np.inf, part.limits())
    options = {
        "time_limit": SECONDS,
        "mip_rel_gap": GAP,
        "node_limit": NODES if len(few) == len(problem.rows) else FEW_NODES,
    }
    answer = milp(
        -part.values, integrality=np.ones(len(few)), bounds=Bounds(0, 1), constraints=limits, options=options
    )
    found = [] if answer.x is None else [int(few[place]) for place in np.flatnonzero(answer.x > 0.5)]
    if len(few) == len(problem.rows) and answer.mip_dual_bound is not None:
        bound = -float(answer.mip_dual_bound)
    best = max((completed(problem, found), completed(problem, start)), key=lambda one: worth(problem, one))
    return best, max(bound, worth(problem, best))


def priced(problem: Problem) -> tuple[Any, float]:
    """Those pairs that the relaxed optimum prices best, and its value."""
    relaxed = linprog(
        -problem.values, A_ub=problem.table(), b_ub=problem.limits(), bounds=(0, 1), method="highs"
    )
    everything = np.arange(len(problem.rows))
    if relaxed.status != 0 or len(everything) <= COLUMNS:
        return everything, -float(relaxed.fun) if relaxed.status == 0 else float(problem.values.sum())
    prices = -relaxed.ineqlin.marginals
    reduced = problem.values - problem.table().T @ prices
    order = np.lexsort((everything, -reduced))
    of_row = np.zeros(len(problem.hours), dtype=np.int64)
    keep = np.zeros(len(everything), dtype=bool)
    keep[order[:COLUMNS]] = True
    for place in order:
        if of_row[problem.rows[place]] < EACH:
            of_row[problem.rows[place]] += 1
            keep[place] = True
    return np.flatnonzero(keep), -float(relaxed.fun)


def completed(problem: Problem, chosen: Sequence[int]) -> list[int]:
    """With whatever still fits, the most valuable first."""
    order = np.lexsort((np.arange(len(problem.rows)), -problem.values))
    return fitting(problem, (*chosen, *order.tolist()))


def fitting(problem: Problem, order: Iterable[int]) -> list[int]:
    """Each pair in turn, if its row is not taken and its column has room."""
    hours, rows, columns = problem.hours.tolist(), problem.rows.tolist(), problem.columns.tolist()
    free, places = problem.free.tolist(), problem.places.tolist()
    kept, taken = [], set()
    for place in order:
        row, column = rows[place], columns[place]
        if row in taken or free[column] < hours[row] or not places[column]:
            continue
        taken.add(row)
        free[column] -= hours[row]
        places[column] -= 1
        kept.append(place)
    return kept


def worth(problem: Problem, chosen: Sequence[int]) -> float:
    return float(problem.values[list(chosen)].sum()) if chosen else 0.0
