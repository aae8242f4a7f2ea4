"""How many: from the sums for the hub, from the facts for whoever sees little; and the cases, which are the facts."""

from collections import Counter
from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet

from intake.models import ConflictBlock
from reports.figures.asked import Asked, Reader
from reports.models import DailySum, Fact
from reports.models import FactQuerySet as Facts


class Cell(NamedTuple):
    """What is counted together: how many there are is the number in the counter."""

    measure: str
    day: date
    reason: str
    value: int


Cells = Counter[Cell]
COLUMNS = Cell._fields
IN_HUB = (Reader.HUB, Reader.NUMBERS)


def cells(asked: Asked, measures: Collection[str]) -> Cells:
    """Of the period asked for, in three statements at most. Nobody is told of what they may not see.

    The hub's come from the sums, in which nothing restricted is, or of an authority and a region from their facts:
    what the reader is let into is added, what a conflict of interest keeps them out of is taken away.
    """
    if asked.reader not in IN_HUB:
        return counted(facts(asked, measures))
    if asked.in_the_sums:
        found = added(sums(asked, measures, asked.type).values_list(*COLUMNS, "number"))
    else:
        found = counted(open_to_all(asked, measures))
    if asked.reader is Reader.HUB:
        found.update(counted(let_in(asked, measures)))
        found.subtract(counted(kept_out(asked, measures)))
    return +found


def sums(asked: Asked, measures: Collection[str], *types: str) -> QuerySet[DailySum]:
    return DailySum.objects.filter(
        place=asked.nation,
        type__in=types,
        service=asked.service.pk if asked.service else 0,
        measure__in=list(measures),
        day__range=(asked.period.first, asked.period.last),
    ).order_by()


def facts(asked: Asked, measures: Collection[str]) -> Facts:
    """The cases of a question, as far as somebody sees them."""
    return narrowed(Fact.objects.visible_to(asked.user), asked, measures)


def open_to_all(asked: Asked, measures: Collection[str]) -> Facts:
    """What is not restricted: no enquiry has to be asked for it."""
    return narrowed(Fact.objects.filter(restricted=False), asked, measures)


def let_in(asked: Asked, measures: Collection[str]) -> Facts:
    return facts(asked, measures).filter(restricted=True)


def kept_out(asked: Asked, measures: Collection[str]) -> Facts:
    blocks = ConflictBlock.objects.live().filter(person=asked.user).values("enquiry_id")
    return narrowed(Fact.objects.filter(enquiry__in=blocks, restricted=False), asked, measures)


def narrowed(rows: Facts, asked: Asked, measures: Collection[str]) -> Facts:
    rows = rows.filter(measure__in=list(measures), day__range=(asked.period.first, asked.period.last))
    if asked.askers is not None:
        rows = rows.filter(authority__in=asked.askers)
    if asked.service is not None:
        rows = rows.filter(service=asked.service)
    return rows.filter(types__contains=f" {asked.type} ") if asked.type else rows


def counted(rows: Facts) -> Cells:
    return added(rows.order_by().values_list(*COLUMNS).annotate(number=Count("pk")))


def added(rows: Any) -> Cells:
    found: Cells = Counter()
    for measure, day, reason, value, number in rows:
        found[Cell(measure, day, reason, value)] += number
    return found


# --- By type, by area -----------------------------------------------------------------------------------------


def by_type(asked: Asked, measure: str, codes: Collection[str]) -> Counter[str]:
    """How many of each of these assessment types."""
    found = by_word(asked, measure, "types") if not asked.in_the_sums or asked.service else Counter[str]()
    if asked.in_the_sums and not asked.service:
        for code, number in sums(asked, (measure,), *codes).values_list("type", "number"):
            found[code] += number
        correct(found, asked, measure, "types")
    return Counter({code: found[code] for code in codes if found[code]})


def by_authority(asked: Asked, measure: str) -> Counter[int]:
    """How many of each authority, by its number."""
    found = by_word(asked, measure, "authority")
    return Counter({int(key): number for key, number in found.items() if number})


def by_word(asked: Asked, measure: str, column: str) -> Counter[str]:
    """From the facts, by each of the words in a column."""
    if asked.reader not in IN_HUB:
        return spread(facts(asked, (measure,)), column)
    found = spread(open_to_all(asked, (measure,)), column)
    correct(found, asked, measure, column)
    return found


def correct(found: Counter[str], asked: Asked, measure: str, column: str) -> None:
    """What is open to all lacks, and has too much, for this reader."""
    if asked.reader is Reader.HUB:
        found.update(spread(let_in(asked, (measure,)), column))
        found.subtract(spread(kept_out(asked, (measure,)), column))


def spread(rows: Facts, column: str) -> Counter[str]:
    """By each of the words in a column."""
    found = Counter[str]()
    for words, number in rows.order_by().values_list(column).annotate(number=Count("pk")):
        for word in str(words).split():
            found[word] += number
    return found
