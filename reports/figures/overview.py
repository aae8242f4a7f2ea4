"""All figures that somebody reads, in their order: what a page, a paper and the API show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from intake.checks import Fault
from intake.words import _
from reports.figures import answers as counted
from reports.figures import slices
from reports.figures.answers import Answer
from reports.figures.asked import Asked, Unreadable
from reports.figures.catalogue import FIGURES, Figure
from reports.figures.moment import LIVE, Live
from reports.models import Uncounted

DECIDING = ("decided", "received", "days_to_decision", "days_with_us", "days_with_authority")
FATES = ("accepted", "declined", "redirected", "ended", "reopened")
PLACING = ("to_place", "placed", "offered", "offers_declined", "caseload", "demand")
WORK = (
    "filed",
    "pauses",
    "returned",
    "defects",
    "grades",
    "workers",
    "overseen",
    "outcomes",
    "followed",
    "lives",
)
CLOSED = ("audit_impact", "audit_quality", "audit_compliance", "improvements")
GROUPS = (
    (_("Coming in and deciding"), (*DECIDING, *FATES)),
    (_("Placing"), PLACING),
    (_("Work and reports"), WORK),
    (_("How good closed work was"), CLOSED),
)
ORDER = tuple(code for title, codes in GROUPS for code in codes)
ALL: dict[str, Figure | Live] = {code: (FIGURES.get(code) or LIVE[code]) for code in ORDER}
# Whose rows are of one service; the others wait for one.
OF_A_SERVICE = frozenset({"caseload"})


@dataclass(frozen=True)
class Group:
    title: str
    answers: list[Answer]


def readable(asked: Asked) -> list[str]:
    """The figures that this person reads, of what they asked for."""
    one_service = asked.service is not None
    found = {row.code for row in counted.open_to(asked)}
    found |= {
        row.code
        for row in LIVE.values()
        if asked.reader in row.readers and (not one_service or row.code in OF_A_SERVICE)
    }
    return [code for code in ORDER if code in found]


def read(asked: Asked, codes: Sequence[str]) -> dict[str, Answer]:
    """What these figures say: those of a period together, those of this moment each by itself."""
    found = {
        row.code: row for row in counted.answers(asked, [FIGURES[code] for code in codes if code in FIGURES])
    }
    found |= {code: LIVE[code].answer(LIVE[code], asked) for code in codes if code in LIVE}
    return found


def groups(asked: Asked) -> list[Group]:
    codes = readable(asked)
    found = read(asked, codes)
    rows = [Group(str(title), [found[code] for code in of if code in found]) for title, of in GROUPS]
    return [row for row in rows if row.answers]


def first_of(groups: Sequence[Group]) -> Answer:
    """What is said on top: whether we kept our promise; to a service, whether its reports came in time."""
    rows = [answer for group in groups for answer in group.answers]
    return next(row for code in ("decided", "filed", rows[0].code) for row in rows if row.code == code)


def cases(asked: Asked, code: str, part: str) -> QuerySet[Any]:
    """The facts, or the referrals, behind a figure or a part of it. Raises Unreadable of a part that it has not."""
    if code in LIVE:
        return LIVE[code].rows(asked, part)
    figure = FIGURES[code]
    found = figure.part(part)
    if found is None:
        raise Unreadable([Fault("part", "unknown", "This figure has no such part.")])
    return found.rows(slices.facts(asked, (figure.measure,)))


def number_of(asked: Asked, code: str, part: str) -> int:
    """How many cases there are, from where the figure has its number: the list is not counted for it."""
    if code in LIVE:
        return LIVE[code].rows(asked, part).count()
    figure = FIGURES[code]
    found = figure.part(part)
    assert found is not None, "The part was asked for before."
    cells = slices.cells(asked, (figure.measure,))
    return sum(number for cell, number in cells.items() if found.holds(cell.reason, cell.value))


def counted_until() -> datetime | None:
    """Up to which moment everything is in the figures; None when nothing waits to be counted."""
    return Uncounted.objects.since()
