"""Which cases a sample takes: at random, the same again for the same seed, with each service in it.

The order within a service is that of the SHA-256 of seed and reference: anybody can work it out again, with any tool.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple


class Closed(NamedTuple):
    """A piece of closed work: its reference, and the number of the service that did it."""

    reference: str
    service: int


def rank(seed: str, reference: str) -> str:
    return hashlib.sha256(f"{seed} {reference}".encode()).hexdigest()


def ranked(closed: Iterable[Closed], seed: str) -> dict[int, list[str]]:
    """Of each service its work, in the order in which it is drawn."""
    found: dict[int, list[str]] = defaultdict(list)
    for row in closed:
        found[row.service].append(row.reference)
    return {service: sorted(rows, key=lambda one: rank(seed, one)) for service, rows in sorted(found.items())}


def allot(sizes: Mapping[int, int], number: int) -> dict[int, int]:
    """How many of each service: one, then one after the other to whom most work stands behind each (d'Hondt).

    Never more than there are; `number` is at least that of the services.
    """
    taken = dict.fromkeys(sizes, 1)
    for _ in range(number - len(taken)):
        with_more = [service for service in sizes if taken[service] < sizes[service]]
        if not with_more:
            break
        taken[max(with_more, key=lambda one: (sizes[one] / (taken[one] + 1), -one))] += 1
    return taken


def share_out(cases: Sequence[str], who_may: Mapping[str, Collection[int]]) -> dict[str, int]:
    """Each case to one of those who may audit it, as evenly as it goes: first those for which there are few."""
    carries: dict[int, int] = defaultdict(int)
    found = {}
    for case in sorted(cases, key=lambda one: (len(who_may[one]), cases.index(one))):
        found[case] = min(who_may[case], key=lambda person: (carries[person], person))
        carries[found[case]] += 1
    return found
