"""Counting: the facts of an enquiry made anew from its history, and the sums moved by what changed."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from intake.models import Enquiry, book
from reports.figures.facts import facts
from reports.figures.history import told
from reports.models import DailySum, Fact, Round, Uncounted

ROUND = "figures"
AT_A_TIME = 200
# As far as a round goes: what else waits is not held up by a long one.
MOST = 10_000


class Key(NamedTuple):
    """Which sum: see DailySum."""

    place: str
    type: str
    service: int
    measure: str
    day: date
    reason: str
    value: int


def count_new(now: datetime) -> int:
    """The worker's round: the enquiries whose history has lines that were not counted; how many there were."""
    done = 0
    while done < MOST and (some := count_some()):
        done += some
    return done


@transaction.atomic
def count_some() -> int:
    """Two hundred notes at most. What is written meanwhile leaves a note of its own."""
    if not alone():
        return 0
    notes = dict(Uncounted.objects.order_by("pk").values_list("pk", "enquiry")[:AT_A_TIME])
    recount(set(notes.values()))
    Uncounted.objects.filter(pk__in=list(notes)).delete()
    return len(notes)


def alone(*, wait: bool = False) -> bool:
    """Whether nobody else counts: of two at once, each would move the sums by what the other had moved."""
    Round.objects.get_or_create(name=ROUND)
    held = Round.objects.select_for_update(skip_locked=not wait).filter(name=ROUND)
    return held.first() is not None


def recount(ids: Collection[int]) -> None:
    """Make their facts anew. The same history counted twice is counted once."""
    stand = list(Fact.objects.filter(enquiry__in=ids))
    made = [row for one in told(ids) for row in rows_of(one)]
    known, wanted = Counter(map(content, stand)), Counter(map(content, made))
    gone = excess(stand, known - wanted)
    fresh = excess(made, wanted - known)
    Fact.objects.filter(pk__in=[row.pk for row in gone]).delete()
    Fact.objects.bulk_create(fresh, batch_size=1000)
    moves: Counter[Key] = Counter()
    for rows, number in ((gone, -1), (fresh, 1)):
        for row in rows:
            for key in keys_of(row):
                moves[key] += number
    move(moves)


def rows_of(one: Any) -> list[Fact]:
    return [
        Fact(
            enquiry_id=one.enquiry.pk,
            referral_id=one.referrals.get(fact.referral),
            measure=str(fact.measure),
            day=fact.day,
            types=fact.types,
            authority_id=one.enquiry.authority_id,
            service_id=fact.service or None,
            reason=str(fact.reason),
            value=fact.value,
            restricted=one.enquiry.restricted,
        )
        for fact in facts(one.story)
    ]


COLUMNS = tuple(field.attname for field in Fact._meta.concrete_fields if not field.primary_key)


def content(row: Fact) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in COLUMNS)


def excess(rows: Iterable[Fact], numbers: Counter[tuple[Any, ...]]) -> list[Fact]:
    """So many of the rows of each content."""
    left, found = Counter(numbers), []
    for row in rows:
        if left[key := content(row)] > 0:
            left[key] -= 1
            found.append(row)
    return found


def keys_of(row: Fact) -> list[Key]:
    """The sums that a fact is part of: everywhere and in its nation; of all, of each of its types, of its service."""
    if row.restricted:
        return []
    nations = {asker.pk: asker.nation for asker in book().askers}
    of = [("", 0), *((kind, 0) for kind in row.types.split())]
    of += [("", row.service_id)] if row.service_id else []
    return [
        Key(place, kind, service, row.measure, row.day, row.reason, row.value)
        for place in {"", nations.get(row.authority_id, "")}
        for kind, service in of
    ]


TABLE = DailySum._meta.db_table
NAMES = ", ".join(Key._fields)
MOVE = (
    f"INSERT INTO {TABLE} ({NAMES}, number) VALUES (%s, %s, %s, %s, %s, %s, %s, %s) "  # noqa: S608 - fixed names
    f"ON CONFLICT ({NAMES}) DO UPDATE SET number = {TABLE}.number + excluded.number"
)


def move(moves: Counter[Key]) -> None:
    """Each sum by what changed, in one order, so that nobody waits in a circle."""
    adapt = connection.ops.adapt_datefield_value
    rows = [
        (*key._replace(day=adapt(key.day)), number)  # type: ignore[arg-type]
        for key, number in sorted(moves.items())
        if number
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(MOVE, rows)


# --- All of it anew ------------------------------------------------------------------------------------------


def count_anew(chunk: int = 500) -> int:
    """Every enquiry, then the sums of all facts: nothing is asked of what stood before. How many there were."""
    last = done = 0
    while ids := list(
        Enquiry.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:chunk]
    ):
        with transaction.atomic():
            alone(wait=True)
            recount(ids)
        last, done = ids[-1], done + len(ids)
    sums_anew()
    return done


# Of all that happened everywhere and in each nation: together, by each type named in the fact, by its service.
SUMS = f"""
INSERT INTO {TABLE} ({NAMES}, number)
SELECT places.place, kinds.type, kinds.service, fact.measure, fact.day, fact.reason, fact.value, COUNT(*)
FROM reports_fact fact
JOIN (
    SELECT id, '' AS place FROM intake_organisation
    UNION ALL SELECT id, nation FROM intake_organisation WHERE nation <> ''
) places ON places.id = fact.authority_id
JOIN (
    WITH spelt AS (SELECT DISTINCT types, COALESCE(service_id, 0) AS service FROM reports_fact)
    SELECT types, service AS of_service, '' AS type, 0 AS service FROM spelt
    UNION ALL SELECT types, service, '', service FROM spelt WHERE service <> 0
    UNION ALL SELECT types, service, kind.code, 0 FROM spelt
    JOIN intake_assessmenttype kind ON types LIKE '% ' || kind.code || ' %'
) kinds ON kinds.types = fact.types AND kinds.of_service = COALESCE(fact.service_id, 0)
WHERE NOT fact.restricted
GROUP BY places.place, kinds.type, kinds.service, fact.measure, fact.day, fact.reason, fact.value
"""  # noqa: S608 - fixed names


@transaction.atomic
def sums_anew() -> None:
    """In the place of all sums those of the facts that stand, by the database itself."""
    alone(wait=True)
    DailySum.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(SUMS)


def wrong_sums() -> int:
    """How many sums are not those of the facts: 0 when all is well. Reads everything."""
    kept = set(DailySum.objects.exclude(number=0).values_list(*Key._fields, "number"))
    true: Counter[Key] = Counter()
    for row in Fact.objects.order_by().iterator(chunk_size=5000):
        true.update(keys_of(row))
    return len(kept ^ {(*key, number) for key, number in true.items()})


def tidy_sums(now: datetime) -> int:
    """Once a day: sums of nothing, which what moved has left."""
    return DailySum.objects.filter(number=0).delete()[0]
