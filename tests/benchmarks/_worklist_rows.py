"""Many enquiries for `bin/bench worklist`, written by the database itself: the same on both engines, and each time.

One in a hundred is open, most of those accepted; the authorities and the kinds of assessment are as unequal as
they are in life; every twentieth person is called Smith.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from intake import append_only, found, tallies
from intake.finding import found_by
from intake.models import Assessment, AssessmentType, Enquiry, Organisation, Person, Tally, User

FIRST = "amira ben carys dilys ewan farah gethin hana idris jaya kofi lowri mabel nia owen priya rhys saba tomos zofia"
LAST = (
    "smith jones okonkwo llewellyn patel doyle haddad kowalski nguyen fitzwilliam abernathy brathwaite "
    "cadwallader dhaliwal eastermann featherstone grzybowski hollingworth islamzade jankowska"
)
CHUNK = 100_000
PEOPLE = 4
NOW = "2026-11-20 12:00:00"


def build(rows: int, *, first: int = 1, owners: list[int] | None = None) -> None:
    """Put so many in the place of those that are there; with `first`, beside those with smaller numbers."""
    by_hand = connection.SchemaEditorClass(connection)
    for part in (append_only, found, tallies):
        part.remove(None, by_hand)
    if first == 1:
        clear()
    with connection.cursor() as cursor, without_indexes(cursor):
        small_tables(cursor, owners or everybody())
        for start in range(first, rows + 1, CHUNK):
            span = (start, min(start + CHUNK - 1, rows), rows)
            for model, columns in ((Enquiry, ENQUIRY), (Person, PERSON), (Assessment, ASSESSMENT)):
                cursor.execute(insert(model, columns, *span))
    for install in (append_only.install, found.install, tallies.begin):
        install(None, by_hand)
    with connection.cursor() as cursor:
        restart_numbers(cursor)
        vacuums = connection.vendor == "postgresql" and not connection.in_atomic_block
        cursor.execute("VACUUM ANALYZE" if vacuums else "ANALYZE")


def clear() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("TRUNCATE intake_enquiry, intake_tally CASCADE")
            return
        cursor.execute("PRAGMA foreign_keys = OFF")
        for model in (Assessment, Person, Enquiry, Tally):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")


@contextmanager
def without_indexes(cursor: Any) -> Iterator[None]:
    """Each index is made once over all rows, in a tenth of the time."""
    if connection.vendor != "postgresql":
        yield
        return
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('intake_enquiry', 'intake_person') "
        "AND indexname NOT IN (SELECT conname FROM pg_constraint)"
    )
    made = cursor.fetchall()
    for name, _ in made:
        cursor.execute(f'DROP INDEX "{name}"')
    cursor.execute("ALTER TABLE intake_enquiry DISABLE TRIGGER ALL")
    cursor.execute("ALTER TABLE intake_person DISABLE TRIGGER ALL")
    cursor.execute("ALTER TABLE intake_assessment DISABLE TRIGGER ALL")
    yield
    for _, definition in made:
        cursor.execute(definition)
    for table in ("intake_enquiry", "intake_person", "intake_assessment"):
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")


def restart_numbers(cursor: Any) -> None:
    if connection.vendor == "postgresql":
        for model in (Enquiry, Person, Assessment):
            table = model._meta.db_table
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))"
            )


def everybody() -> list[int]:
    return list(User.objects.filter(email__startswith="bench-").order_by("pk").values_list("pk", flat=True))


def small_tables(cursor: Any, owners: list[int]) -> None:
    """What a row picks from by its number."""
    authorities = list(Organisation.objects.authorities().order_by("pk").values_list("pk", flat=True))
    types = list(AssessmentType.objects.order_by("pk").values_list("pk", "code"))
    names = [f"{first} {last}" for last in LAST.split() for first in FIRST.split()]
    for table, kept in (
        ("bench_authority", [(pk, "") for pk in authorities]),
        ("bench_type", types),
        ("bench_owner", [(pk, "") for pk in owners]),
        ("bench_name", [(0, found_by([name], ())) for name in names]),
    ):
        small_table(cursor, table, kept)


def small_table(cursor: Any, table: str, kept: list[tuple[int, str]]) -> None:
    cursor.execute(f"DROP TABLE IF EXISTS {table}")
    cursor.execute(f"CREATE TEMPORARY TABLE {table} (n integer PRIMARY KEY, pk bigint, word text)")
    places = [(n, pk, word) for n, (pk, word) in enumerate(kept)]
    cursor.executemany(f"INSERT INTO {table} VALUES (%s, %s, %s)", places)


# --- One row, as SQL that both engines read; {n} is its number, {rows} how many there are ---------------------


def dice(salt: int, sides: int) -> str:
    """A number from 0, as good as thrown, the same each time."""
    return f"((({{n}} * 7919 + {salt}) * 104729 % 1000003 * 31337 % 999983) % {sides})"


def skewed(salt: int, sides: str) -> str:
    """The first often, the last hardly ever."""
    thrown = f"({dice(salt, 1000)} * {dice(salt + 7, 1000)} * {dice(salt + 13, 1000)})"
    return f"({thrown} * {sides} / 1000000000)"


def moment(minutes: str) -> str:
    """So many minutes before now."""
    if connection.vendor == "postgresql":
        return f"(timestamptz '{NOW}+00' - ({minutes}) * interval '1 minute')"
    return f"strftime('%%Y-%%m-%%d %%H:%%M:%%S', '{NOW}', (-({minutes})) || ' minutes')"


def day(minutes: str) -> str:
    if connection.vendor == "postgresql":
        return f"({moment(minutes)})::date"
    return f"date('{NOW}', (-({minutes})) || ' minutes')"


def pick(table: str, which: str, column: str = "pk") -> str:
    return f"(SELECT {column} FROM {table} WHERE {table}.n = {which})"


def name(place: int) -> str:
    """Of somebody in the family: one surname a family, and the first is the commonest."""
    family = f"({dice(50, 400)} - {dice(50, 20)})"
    return pick("bench_name", f"({family} + {dice(60 + place, 20)})", "word")


# What is open lies among the newest, between what is over, and a little of it is old.
AGE = "(({rows} - {n}) * 2.0)"
RECENT = f"({{n}} > {{rows}} * 0.96 AND {dice(16, 100)} < 15)"
OPEN_NOW = (
    f"CASE {dice(1, 10)} WHEN 0 THEN 'submitted' WHEN 1 THEN 'in_triage' "
    "WHEN 2 THEN 'information_requested' ELSE 'accepted' END"
)
OVER = (
    f"CASE WHEN {dice(2, 1000)} < 4 THEN 'accepted' WHEN {dice(2, 1000)} < 760 THEN 'closed' "
    f"WHEN {dice(2, 1000)} < 900 THEN 'declined' WHEN {dice(2, 1000)} < 930 THEN 'redirected' "
    f"WHEN {dice(2, 1000)} < 960 THEN 'withdrawn' WHEN {dice(2, 1000)} < 995 THEN 'lapsed' ELSE 'draft' END"
)
STATUS = f"(CASE WHEN {RECENT} THEN {OPEN_NOW} ELSE {OVER} END)"
POINTS = f"({dice(9, 60)})"
BAND = f"(CASE WHEN {dice(8, 20)} = 0 THEN 2 WHEN {dice(8, 20)} < 5 THEN 1 ELSE 0 END)"


def enquiry_columns() -> dict[str, str]:
    is_in = "{status} IN ('submitted', 'in_triage')"
    return {
        "id": "{n}",
        "reference": "'ENQ-' || {n}",
        "status": "{status}",
        "turn": f"CASE WHEN {is_in} OR {{status}} = 'accepted' THEN 'hub' "
        "WHEN {status} = 'information_requested' THEN 'authority' ELSE 'nobody' END",
        "authority_id": pick("bench_authority", skewed(3, "(SELECT COUNT(*) FROM bench_authority)")),
        "authority_reference": "'CS-' || {n}",
        "kind": "'referral'",
        "referrer_name": "'A Referrer'",
        "referrer_email": "'a.referrer@example.gov.uk'",
        "created_by_id": pick("bench_owner", "0"),
        "owner_id": "CASE WHEN {status} IN ('submitted', 'draft') THEN NULL ELSE "
        + pick("bench_owner", dice(4, 20))
        + " END",
        "received_at": f"CASE WHEN {{status}} = 'draft' THEN NULL ELSE {moment(AGE)} END",
        "updated_at": moment(f"{AGE} * {dice(5, 100)} / 100"),
        "clock": f"CASE WHEN {is_in} THEN 'running' WHEN {{status}} = 'information_requested' THEN 'paused' "
        "WHEN {status} = 'draft' THEN '' ELSE 'stopped' END",
        "due_at": "CASE WHEN {status} IN ('draft', 'information_requested') THEN NULL "
        f"ELSE {moment(AGE + ' - 7200')} END",
        "filing_date": f"CASE WHEN {dice(6, 10)} < 6 THEN {day(f'{AGE} - 1440 * (30 + {dice(7, 170)})')} ELSE NULL END",
        "case_number": f"CASE WHEN {dice(6, 10)} < 6 THEN 'ZC' || ({{n}} %% 100) || 'C' || {{n}} ELSE '' END",
        "band": f"CASE {BAND} WHEN 2 THEN 'urgent' WHEN 1 THEN 'high' ELSE 'standard' END",
        "urgency": f"{BAND} * 1000 + {POINTS}",
        "restricted": f"({dice(10, 1000)} = 0)",
        "risk_bits": f"(CASE WHEN {dice(11, 100)} < 55 THEN 1 ELSE 0 END "
        f"+ CASE WHEN {dice(12, 100)} < 8 THEN 2 ELSE 0 END "
        f"+ CASE WHEN {dice(14, 100)} < 5 THEN 4 ELSE 0 END)",
        "asked_types": f"' ' || {pick('bench_type', skewed(15, '(SELECT COUNT(*) FROM bench_type)'), 'word')} || ' '",
        "found_by": " || '\n' || ".join([name(place) for place in range(PEOPLE)] + ["' cs ' || {n} || ' '"]),
    }


def person_columns() -> dict[str, str]:
    return {
        "id": "{n} * 4 + p.position",
        "enquiry_id": "{n}",
        "part": "'child'",
        "position": "p.position",
        "name": "'A Child'",
        "age": dice(20, 18),
    }


def assessment_columns() -> dict[str, str]:
    return {
        "id": "{n}",
        "enquiry_id": "{n}",
        "position": "0",
        "type_id": pick("bench_type", skewed(15, "(SELECT COUNT(*) FROM bench_type)")),
    }


ENQUIRY, PERSON, ASSESSMENT = enquiry_columns, person_columns, assessment_columns


def insert(model: Any, columns: Any, first: int, last: int, rows: int) -> str:
    names, values = named(model, {key: value.replace("{status}", STATUS) for key, value in columns().items()})
    numbers = (
        f"generate_series({first}, {last}) AS numbers(n)"
        if connection.vendor == "postgresql"
        else f"(WITH RECURSIVE up(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM up WHERE n < {last}) "
        "SELECT n FROM up) numbers"
    )
    if model is Person:
        places = "SELECT 0 AS position UNION ALL SELECT 1 UNION ALL SELECT 2"
        numbers += f" JOIN ({places}) p ON p.position <= numbers.n %% 3"
    chosen = ", ".join(values).replace("{n}", number()).replace("{rows}", str(rows))
    statement = f"INSERT INTO {model._meta.db_table} ({', '.join(names)}) SELECT {chosen} FROM {numbers}"
    return statement.replace("%%", "%")


def named(model: Any, given: dict[str, str]) -> tuple[list[str], list[str]]:
    """The model's columns, each with its SQL or its default."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    return [f'"{field.column}"' for field in fields], [
        given.get(field.column) or literal(field) for field in fields
    ]


def number() -> str:
    return "CAST(numbers.n AS bigint)"


def literal(field: Any) -> str:
    """The column's default, for what the benchmark does not ask about."""
    value = None if field.null else field.get_default()
    if value is None:
        return "NULL"
    quote = connection.SchemaEditorClass(connection).quote_value
    return str(quote(field.get_db_prep_save(value, connection)))
