"""`bin/bench worklist`: the lists, counts and searches of a coordinator at 10,000 enquiries and at many more.

Each query is the product's own, run as it stands: milliseconds in the database (median), as a ratio to the smaller
table in the same run, and the index that its plan uses; one that uses none ends it with an error. Then the CPU of
lists and pages over HTTP beside bare views.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from config.wsgi import application
from intake import worklists
from intake.actions.reference import load_reference
from intake.api.serializers import LINE
from intake.filters import EnquiryFilter
from intake.identifiers import new_reference
from intake.lifecycle import Role
from intake.limits import read_limits
from intake.models import Enquiry, Organisation, RoleGrant, User
from intake.sorts import SORTS, Sort
from tests.benchmarks import _worklist_bare, _worklist_rows
from tests.benchmarks.create import backend_seconds, request
from tests.faults.server import UNLIMITED

SMALL = 10_000
LARGE = {"postgresql": 1_000_000, "sqlite": 200_000}
DEEP = 0.6
READS_ALL = "NO INDEX: READS ALL ENQUIRIES"
Found = dict[str, "Cost"]


class Cost:
    """Milliseconds of one query, and how it was found."""

    def __init__(self, milliseconds: float, plan: str) -> None:
        self.milliseconds, self.plan = milliseconds, plan


def main() -> None:
    wanted = arguments()
    prepare()
    user = people()
    costs: list[tuple[int, Found]] = []
    http: list[tuple[int, dict[str, float]]] = []
    for rows in (wanted.small, wanted.large or LARGE[connection.vendor]):
        began = time.monotonic()
        _worklist_rows.build(rows)
        print(f"{rows:,} enquiries built in {time.monotonic() - began:.0f} s", flush=True)
        costs.append((rows, measured(user, wanted.rounds)))
        http.append((rows, over_http(user, wanted.requests)))
    show(*costs)
    for rows, found in http:
        show_http(rows, found)
    if reading_all := without_index(costs[-1][1]):
        raise SystemExit(f"Without an index: {', '.join(reading_all)}.")
    print(f"Each of the {len(costs[-1][1])} is found by an index.")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench worklist", description=__doc__)
    parser.add_argument("--small", type=int, default=SMALL)
    parser.add_argument("--large", type=int, help="1,000,000 on PostgreSQL, 200,000 on SQLite, if not given")
    parser.add_argument("--rounds", type=int, default=9, help="runs of each query")
    parser.add_argument("--requests", type=int, default=60)
    return parser.parse_args()


def prepare() -> None:
    settings.LIMITS = read_limits(UNLIMITED)
    settings.SECURE_SSL_REDIRECT = False
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    load_reference()


def people() -> User:
    """Twenty coordinators; the first looks."""
    hub, _ = Organisation.objects.get_or_create(
        kind=Organisation.Kind.HUB, code="bench-hub", defaults={"name": "Hub"}
    )
    for place in range(20):
        person, made = User.objects.get_or_create(
            email=f"bench-{place:02}@example.org",
            defaults={"name": f"Coordinator {place}", "organisation": hub},
        )
        if made:
            RoleGrant.objects.create(user=person, role=Role.COORDINATOR)
    return User.objects.get(email="bench-00@example.org")


# --- What is asked ---------------------------------------------------------------------------------------------


def queries(user: User) -> Iterator[tuple[str, Any]]:
    """Each list, order, filter and search, as (name, rows)."""
    for name, sort in SORTS.items():
        yield f"all, {name}", page(user, "", sort)
        yield f"all, {name}, 60% deep", deep(user, "", sort)
        yield f"open, {name}", page(user, OPEN, sort)
    for name, kept in worklists.LISTS.items():
        yield f"list {name}", page(user, kept.as_query().urlencode(), SORTS[kept.sort])
    for query in filters(user):
        yield f"newest, {query}", page(user, query, SORTS["newest"])
        yield f"open, {query}", page(user, f"{OPEN}&{query}", SORTS["pressing"])
    for name, words in searches().items():
        yield f"search {name}", page(user, f"q={words}", SORTS["newest"])
        yield f"search {name}, open", page(user, f"{OPEN}&q={words}", SORTS["pressing"])


OPEN = "status=submitted&status=in_triage&status=information_requested&status=accepted"


def filters(user: User) -> list[str]:
    now = timezone.now()
    codes = list(Organisation.objects.authorities().order_by("pk").values_list("code", flat=True))
    types = list(Enquiry.objects.order_by("asked_types").values_list("asked_types", flat=True).distinct())
    counts = sorted((Enquiry.objects.filter(asked_types=kind).count(), kind.strip()) for kind in types)
    filing = (now - timedelta(days=300)).date()
    return [
        "status=lapsed",
        "status=lapsed&status=redirected",
        "kind=referral",
        f"authority={codes[0]}",
        f"authority={codes[120]}",
        f"authority={codes[0]}&authority={codes[60]}&authority={codes[120]}",
        "nation=Wales",
        "region=North%20West",
        f"assessment_type={counts[-1][1]}",
        f"assessment_type={counts[len(counts) // 2][1]}",
        f"assessment_type={counts[0][1]}",
        "urgency=urgent",
        "flag=child",
        "flag=contact",
        "owner=me",
        "owner=nobody",
        "owner=me&owner=nobody",
        "turn=hub",
        "turn=authority",
        "clock=overdue",
        "clock=due_today",
        "clock=paused",
        "clock=running",
        "received_after=2026-11-01T00:00:00Z",
        "received_before=2026-01-01T00:00:00Z",
        "due_before=2026-11-20T00:00:00Z",
        f"filing_before={filing}",
        "filing_before=2020-01-01",
        "updated_since=2026-11-18T00:00:00Z",
        "restricted=true",
        f"authority={codes[60]}&assessment_type={counts[-1][1]}&flag=child&urgency=high",
    ]


def searches() -> dict[str, str]:
    row = Enquiry.objects.order_by("-pk").exclude(status="draft").first()
    assert row is not None
    row.reference = new_reference("ENQ")
    row.save(update_fields=["reference"])
    return {
        "reference": row.reference,
        "their reference": "CS-4321",
        "whole name": "zofia+jankowska",
        "surname": "abernathy",
        "first name, common": "priya",
        "common surname": "smith",
        "four letters": "dhal",
        "three letters": "rzy",
        "three letters, common": "smi",
        "nothing": "qqqq",
    }


def chosen(user: User, query: str) -> Any:
    found = EnquiryFilter(QueryDict(query), Enquiry.objects.visible_to(user), request=Asked(user))
    assert found.is_valid(), (query, found.errors)
    return found.qs


class Asked:
    def __init__(self, user: User) -> None:
        self.user = user


def page(user: User, query: str, sort: Sort) -> Any:
    return sort.ordered(chosen(user, query)).values(*LINE)[:51]


def deep(user: User, query: str, sort: Sort) -> Any:
    """The page after the row that stands at 60 %: its place is known, as a link carries it."""
    rows = chosen(user, query)
    start = sort.ordered(rows).values(*sort.keys)[int(rows.count() * DEEP) :][:1].get()
    return sort.ordered(sort.after(rows, sort.place(start))).values(*LINE)[:51]


# --- What it costs ---------------------------------------------------------------------------------------------


def measured(user: User, rounds: int) -> Found:
    costs = {name: cost(rows, rounds) for name, rows in queries(user)}
    costs["counts of the lists"] = cost_of_call(lambda: worklists.counts(user), rounds)
    return costs


def cost(rows: Any, rounds: int) -> Cost:
    sql, parameters = rows.query.sql_with_params()
    took = []
    with connection.cursor() as cursor:
        for _ in range(rounds):
            took.append(once(cursor, sql, parameters))
        return Cost(statistics.median(took), plan_of(cursor, sql, parameters))


def once(cursor: Any, sql: str, parameters: Any) -> float:
    """Milliseconds in the database: planning and running, as PostgreSQL itself says; SQLite works in this process."""
    if connection.vendor == "postgresql":
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", parameters)
        said = cursor.fetchone()[0]
        plan = json.loads(said)[0] if isinstance(said, str) else said[0]
        return float(plan["Execution Time"])
    began = time.perf_counter()
    cursor.execute(sql, parameters)
    cursor.fetchall()
    return (time.perf_counter() - began) * 1000


def plan_of(cursor: Any, sql: str, parameters: Any) -> str:
    if connection.vendor == "postgresql":
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", parameters)
        said = cursor.fetchone()[0]
        nodes = list(nodes_of((json.loads(said) if isinstance(said, str) else said)[0]["Plan"]))
        scanned = any(
            node["Node Type"] == "Seq Scan" and node.get("Relation Name") == "intake_enquiry"
            for node in nodes
        )
        used = [node["Index Name"] for node in nodes if "Index Name" in node]
    else:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
        steps = [str(row[3]) for row in cursor.fetchall()]
        scanned = any(
            step.split(" USING ")[0] == "SCAN intake_enquiry" and " USING " not in step for step in steps
        )
        used = [
            step.split("INDEX ")[1].split(" ")[0]
            for step in steps
            if "intake_enquiry " in step and "INDEX " in step
        ]
        used += ["enquiry_words"] if any("VIRTUAL TABLE" in step for step in steps) else []
    named = [name for name in dict.fromkeys(used) if name.startswith(("enquiry_", "intake_enquiry_"))]
    return READS_ALL if scanned else f"uses {', '.join(named) or 'the primary key'}"


def nodes_of(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from nodes_of(below)


def cost_of_call(call: Callable[[], Any], rounds: int) -> Cost:
    """Its statements, one after the other."""
    statements: list[tuple[str, Any]] = []

    def keep(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        statements.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(keep):
        call()
    with connection.cursor() as cursor:
        took = [sum(once(cursor, *statement) for statement in statements) for _ in range(rounds)]
        plans = {plan_of(cursor, *statement) for statement in statements}
    return Cost(statistics.median(took), f"{len(statements)} statements; {'; '.join(sorted(plans))}")


def without_index(found: Found) -> list[str]:
    """What reads the whole table, which no list may."""
    return [name for name, cost in found.items() if READS_ALL in cost.plan]


def show(small: tuple[int, Found], large: tuple[int, Found]) -> None:
    print(f"{'ms in the database':<62}{small[0]:>10,}{large[0]:>11,}{'ratio':>8}  at {large[0]:,}")
    for name, cost in large[1].items():
        before = small[1].get(name)
        shown = f"{before.milliseconds:>10.2f}" if before else f"{'-':>10}"
        ratio = f"{cost.milliseconds / before.milliseconds:>8.2f}" if before else f"{'-':>8}"
        print(f"{name:<62}{shown}{cost.milliseconds:>11.2f}{ratio}  {cost.plan}")


# --- Over HTTP -------------------------------------------------------------------------------------------------


BARE, INSIDE = "bare .values()", "bare .values() behind our sign-in"
ADDRESSES = {
    "API list": "/api/v1/enquiries/",
    "API list, open": f"/api/v1/enquiries/?{OPEN}",
    "page, all": "/enquiries/?sort=newest",
    "page, open, most pressing": f"/enquiries/?{OPEN}",
}


def over_http(user: User, requests: int) -> dict[str, float]:
    """CPU ms (application and database) of the lists for a coordinator, and of bare views of the same rows."""
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    _worklist_bare.shown[:] = list(page(user, "", SORTS["newest"]).values_list("pk", flat=True))[:50]
    to_bare = "tests.benchmarks._worklist_bare.to_bare"
    kinds = {BARE: (bare_server([to_bare]), "/bare/")}
    kinds[INSIDE] = (bare_server([*settings.MIDDLEWARE, to_bare]), "/bare/")
    kinds |= {name: (application, address) for name, address in ADDRESSES.items()}
    costs: dict[str, list[float]] = {name: [] for name in kinds}
    for turn in range(6):
        for name, (server, address) in kinds.items():
            before = time.process_time() + backend_seconds()
            for _ in range(requests // 5):
                status, content = request(server, "GET", address, HTTP_COOKIE=cookie)
                assert status == 200, content[:300]
            spent = time.process_time() + backend_seconds() - before
            if turn:
                costs[name].append(spent * 1000 / (requests // 5))
    return {name: statistics.median(found) for name, found in costs.items()}


def bare_server(middleware: list[str]) -> WSGIHandler:
    with override_settings(MIDDLEWARE=middleware):
        return WSGIHandler()


def show_http(rows: int, costs: dict[str, float]) -> None:
    print(f"{f'CPU ms over HTTP at {rows:,}':<42}{'ms':>8}{'x bare':>8}{'x behind sign-in':>18}")
    for name, cost in costs.items():
        print(f"{name:<42}{cost:>8.2f}{cost / costs[BARE]:>8.2f}{cost / costs[INSIDE]:>18.2f}")


if __name__ == "__main__":
    main()
