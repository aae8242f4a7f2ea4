"""`bin/bench figures`: the figures of a year over many enquiries, from the sums and from the facts themselves.

Milliseconds in all (median), of which in the database, and how many rows of sums were read. The enquiries are those of
`bin/bench worklist`, four years of them; their facts are made by the database, as unequal as they are in life.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from config import wsgi
from intake.lifecycle import Role
from intake.models import Organisation, RoleGrant, User, book, put_away
from reports.actions import counting
from reports.figures import overview, slices
from reports.figures.asked import read
from reports.figures.catalogue import FIGURES
from reports.models import DailySum, Fact
from tests.benchmarks import _worklist_rows
from tests.benchmarks._worklist_rows import dice
from tests.benchmarks.worklist import people, prepare

assert wsgi.application  # sets Django up
ROWS = {"postgresql": 1_000_000, "sqlite": 200_000}
SERVICES = 12
YEAR = "first=2025-11-01&last=2026-10-31"


def main() -> None:
    wanted = arguments()
    prepare()
    user, rows = people(), wanted.rows or ROWS[connection.vendor]
    RoleGrant.objects.get_or_create(user=user, role=Role.MANAGER)
    timed(f"{rows:,} enquiries built", lambda: _worklist_rows.build(rows))
    build_facts(rows)
    put_away()
    measure(user, wanted.rounds)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench figures", description=__doc__)
    parser.add_argument("--rows", type=int, help="1,000,000 on PostgreSQL, 200,000 on SQLite, if not given")
    parser.add_argument("--rounds", type=int, default=7, help="runs of each question")
    return parser.parse_args()


def timed(what: str, act: Callable[[], Any]) -> None:
    began = time.monotonic()
    act()
    print(f"{what} in {time.monotonic() - began:.0f} s", flush=True)


# --- The facts of made enquiries --------------------------------------------------------------------------------

DECIDED = "status IN ('accepted', 'closed', 'declined', 'redirected')"
TAKEN = "status IN ('accepted', 'closed')"
DAYS = f"({dice(101, 6)})"
SERVICE = f"(SELECT pk FROM bench_service WHERE bench_service.n = {dice(102, SERVICES)})"
# Measure, which enquiries, how many days after it came, service or not, reason, value.
MADE = (
    ("received", "status <> 'draft'", "0", "", "''", "0"),
    ("decided", DECIDED, DAYS, "", f"CASE WHEN {dice(103, 100)} < 92 THEN 'in_time' WHEN {dice(103, 100)} < 97 "
     "THEN 'late_asked' ELSE 'late' END", DAYS),
    ("with_us", DECIDED, DAYS, "", "''", f"({DAYS} / 2)"),
    ("with_authority", f"{DECIDED} AND {dice(104, 100)} < 30", DAYS, "", "''", f"({DAYS} - {DAYS} / 2)"),
    ("accepted", TAKEN, DAYS, "", "''", "0"),
    ("declined", "status = 'declined'", DAYS, "", f"CASE {dice(105, 6)} WHEN 0 THEN 'AREA' WHEN 1 THEN 'AGE' "
     "WHEN 2 THEN 'CONFLICT' ELSE 'NO_CAPACITY' END", "0"),
    ("redirected", "status = 'redirected'", DAYS, "", "''", "0"),
    ("ended", "status IN ('withdrawn', 'lapsed')", DAYS, "", "CASE status WHEN 'lapsed' THEN 'lapse' "
     "ELSE 'withdraw' END", "0"),
    ("offered", TAKEN, f"{DAYS} + 2", SERVICE, "''", "0"),
    ("offer_declined", f"{TAKEN} AND {dice(106, 100)} < 20", f"{DAYS} + 3", SERVICE, "'NO_CAPACITY'", "0"),
    ("placed", TAKEN, f"{DAYS} + 4", SERVICE, "''", f"({dice(107, 9)})"),
    ("delivered", "status = 'closed'", f"{DAYS} + 60", SERVICE, f"CASE WHEN {dice(108, 100)} < 85 THEN 'met' "
     "ELSE 'missed' END", "0"),
    ("workers", "status = 'closed'", f"{DAYS} + 60", SERVICE, "''", f"(1 + {dice(110, 3)})"),
    ("returned", f"status = 'closed' AND {dice(111, 100)} < 15", f"{DAYS} + 55", SERVICE, "''", "0"),
)  # fmt: skip
COLUMNS = "enquiry_id, measure, day, types, authority_id, service_id, reason, value, restricted"


def build_facts(rows: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM reports_dailysum")
        cursor.execute("DELETE FROM reports_fact")
        cursor.execute("DROP TABLE IF EXISTS bench_service")
        cursor.execute("CREATE TEMPORARY TABLE bench_service (n integer PRIMARY KEY, pk bigint)")
        cursor.executemany("INSERT INTO bench_service VALUES (%s, %s)", list(enumerate(services())))
    timed("Their facts made", insert_facts)
    timed("The sums made", counting.sums_anew)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    print(f"{Fact.objects.count():,} facts, {DailySum.objects.count():,} sums", flush=True)


def services() -> list[int]:
    kind, make = Organisation.Kind.SERVICE, Organisation.objects.get_or_create
    return [
        make(kind=kind, code=f"bench-{place}", defaults={"name": f"Service {place}"})[0].pk
        for place in range(SERVICES)
    ]


def insert_facts() -> None:
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor, bare(cursor, "reports_fact"):
        for measure, which, after, service, reason, value in MADE:
            day = (
                f"((received_at AT TIME ZONE 'Europe/London')::date + CAST({after} AS integer))"
                if postgresql
                else f"date(received_at, '+' || ({after}) || ' days')"
            )
            statement = (
                f"INSERT INTO reports_fact ({COLUMNS}) SELECT id, '{measure}', {day}, asked_types, authority_id, "
                f"{service or 'NULL'}, {reason}, {value}, restricted FROM intake_enquiry WHERE {which}"
            )
            cursor.execute(statement.replace("{n}", "id"))


@contextmanager
def bare(cursor: Any, table: str) -> Iterator[None]:
    """Without indexes and the checks of what it refers to, each made once over all rows."""
    if connection.vendor != "postgresql":
        yield
        return
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s "
        "AND indexname NOT IN (SELECT conname FROM pg_constraint)",
        [table],
    )
    made = cursor.fetchall()
    for name, _ in made:
        cursor.execute(f'DROP INDEX "{name}"')
    cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    yield
    for _, definition in made:
        cursor.execute(definition)
    cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")


# --- What is asked ----------------------------------------------------------------------------------------------


def measure(user: User, rounds: int) -> None:
    codes = list(Organisation.objects.authorities().order_by("pk").values_list("code", flat=True))
    kinds = [row.types.strip() for row in Fact.objects.order_by("pk")[:50]]
    questions = {
        "a year, all": YEAR,
        "a year, with the year before": f"{YEAR}&compare=true",
        "a year, England": f"{YEAR}&nation=England",
        "a year, one region": f"{YEAR}&region=North West",
        "a year, the authority that asks most": f"{YEAR}&authority={codes[0]}",
        "a year, one type": f"{YEAR}&assessment_type={max(set(kinds), key=kinds.count)}",
        "a year, one service": f"{YEAR}&service=bench-0",
        "a month": "period=2026-10",
        "four years": "first=2023-01-01&last=2026-11-20",
    }
    print(f"\n{'All figures of':44}{'ms':>8}{'in the database':>18}{'statements':>12}")
    for name, query in questions.items():
        show(name, lambda query=query: overview.groups(read(QueryDict(query), user)), rounds)
    manager = authority_manager(codes[0])
    show(
        "a year, an authority's own, from its facts",
        lambda: overview.groups(read(QueryDict(YEAR), manager)),
        rounds,
    )
    names = [row.measure for row in FIGURES.values()]
    asked = read(QueryDict(YEAR), user)
    show("the hub's year from the facts instead", lambda: slices.counted(slices.facts(asked, names)), 1)
    with override_settings(ALLOWED_HOSTS=["*"], SECURE_SSL_REDIRECT=False):
        caller = Client()
        caller.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
        page, cases = f"/figures/?{YEAR}", f"/figures/received/cases/?{YEAR}"
        show("the page of a year over HTTP", lambda: ok(caller.get(page)), rounds)
        show("the first cases of the largest figure", lambda: ok(caller.get(cases)), rounds)


def authority_manager(code: str) -> User:
    authority = Organisation.objects.authorities().get(code=code)
    made, _ = User.objects.get_or_create(
        email="bench-authority@example.org", defaults={"name": "A Manager", "organisation": authority}
    )
    RoleGrant.objects.get_or_create(user=made, role=Role.AUTHORITY_MANAGER)
    return User.objects.get(pk=made.pk)


def ok(page: Any) -> None:
    assert page.status_code == 200, page.status_code


def show(name: str, ask: Callable[[], Any], rounds: int) -> None:
    assert book()
    took, asked, statements = [], [], 0
    if rounds > 1:
        ask()
    for _ in range(rounds):
        with CaptureQueriesContext(connection) as captured:
            began = time.perf_counter()
            ask()
            took.append((time.perf_counter() - began) * 1000)
        asked.append(sum(float(row["time"]) for row in captured) * 1000)
        statements = len(captured)
    print(
        f"{name:44}{statistics.median(took):8.0f}{statistics.median(asked):18.0f}{statements:12}", flush=True
    )


if __name__ == "__main__":
    main()
