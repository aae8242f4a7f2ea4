"""`bin/bench planner`: a made waiting list of 500 allocated to 200 assessors at once, against best first.

Seconds in all and in each part, how many placed, why the others are not, and how far the plan is from a bound
that no plan can pass. It asks no database; the numbers are the same on both engines.
"""

import argparse
import time
from collections import Counter
from random import Random

from config import wsgi
from referrals.planner.plan import best_first, plan
from referrals.planner.terms import Division
from tests.referrals import made_lists
from tests.referrals.made_lists import CALENDARS, TODAY

assert wsgi.application  # sets Django up


def main() -> None:
    wanted = arguments()
    for seed in range(wanted.seed, wanted.seed + wanted.lists):
        show(wanted.referrals, wanted.assessors, seed)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench planner", description=__doc__)
    parser.add_argument("--referrals", type=int, default=500)
    parser.add_argument("--assessors", type=int, default=200)
    parser.add_argument("--lists", type=int, default=3, help="so many made lists, one after the other")
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


def show(referrals: int, assessors: int, seed: int) -> None:
    draw = Random(seed)
    people = made_lists.services(draw, assessors)
    rows = made_lists.waiting(draw, referrals, assessors)
    began = time.perf_counter()
    first = best_first(rows, people, TODAY, CALENDARS)
    between, used_between = time.perf_counter(), time.process_time()
    whole = plan(rows, people, TODAY, CALENDARS)
    took, used = time.perf_counter() - between, time.process_time() - used_between
    assert whole.best_first.score == first.score
    print(f"\nMade list {seed}: {referrals} referrals, {assessors} assessors")
    print(
        f"  {took:5.1f} s ({used:.1f} s of processor) for the plan, {between - began:.1f} s for best first alone"
    )
    line("the plan", whole, referrals)
    line("best first", first, referrals)
    gained = whole.score - first.score
    print(f"  {gained:,} points more ({gained / first.score:.1%}); at most {whole.bound:,} are possible, "
          f"so within {(whole.bound - whole.score) / whole.bound:.2%}")  # fmt: skip
    urgent = {name: urgent_placed(one) for name, one in (("the plan", whole), ("best first", first))}
    print(f"  urgent ones placed: {urgent['the plan']} by the plan, {urgent['best first']} by best first")
    for code, number in Counter(one.code for one in whole.unplaced).most_common():
        example = next(one.why for one in whole.unplaced if one.code == code)
        print(f"  not placed, {code}: {number}, such as “{example}”")


def line(name: str, one: Division, of: int) -> None:
    points = sum(placing.match.total for placing in one.placings)
    late = sum(placing.match.forecast.late for placing in one.placings)
    print(f"  {name:10}  placed {len(one.placings):3}, not placed {of - len(one.placings):3}, late {late:3}, "
          f"points of the matches {points:6,}, score {one.score:7,}")  # fmt: skip


def urgent_placed(one: Division) -> int:
    return sum(placing.waiting.band == "urgent" for placing in one.placings)


if __name__ == "__main__":
    main()
