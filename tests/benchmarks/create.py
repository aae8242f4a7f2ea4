"""`bin/bench create`: CPU of one create beside a bare DRF view, interleaved in one run, and the statements.

CPU is that of this process and, on PostgreSQL, of the backends that serve it. Both go through WSGI in process,
without a network: ours by the production's whole stack with a real token, the bare one without any middleware.
"""

import argparse
import cProfile
import io
import json
import os
import pstats
import statistics
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection
from django.test.utils import override_settings

from config.wsgi import application
from intake.actions import members
from intake.actions.reference import load_reference
from intake.limits import read_limits
from intake.models import Enquiry, Organisation
from tests.benchmarks import _bare
from tests.faults.server import UNLIMITED

BODY = (Path(__file__).parents[1] / "intake" / "data" / "parenting_assessment.json").read_bytes()
TARGET = 1.6
Call = Callable[[], int]


def main() -> None:
    wanted = arguments()
    prepare()
    token = get_token()
    ours, bare = caller(application, "/api/v1/enquiries/", token), caller(bare_application(), "/bare/")
    for call in (ours, bare):
        warm(call, 60)
    if wanted.profile:
        profile(ours, 200)
        return
    show_costs(*measure(ours, bare, wanted.rounds, wanted.each))
    show_statements(ours, token, verbose=wanted.verbose)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench create", description=__doc__)
    parser.add_argument("--rounds", type=int, default=31)
    parser.add_argument("--each", type=int, default=15, help="creates of each kind in a round")
    parser.add_argument("--profile", action="store_true", help="where our time goes, instead of the table")
    parser.add_argument("-v", "--verbose", action="store_true", help="print each statement of ours")
    return parser.parse_args()


def prepare() -> None:
    settings.LIMITS = read_limits(UNLIMITED)
    call_command("migrate", interactive=False, verbosity=0)
    load_reference()
    with connection.schema_editor() as editor:
        for table in _bare.TABLES:
            editor.create_model(table)


# --- Callers -------------------------------------------------------------------------------------------------


def caller(server: Any, path: str, token: str = "") -> Call:
    """POST the body once; returns the status."""

    def call() -> int:
        key = f'"{uuid4()}"'
        return request(server, "POST", path, BODY, HTTP_AUTHORIZATION=token, HTTP_IDEMPOTENCY_KEY=key)[0]

    return call


def request(server: Any, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
    """One request through WSGI, closed as a server closes it."""
    path, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "HTTP_HOST": "127.0.0.1:8000",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        **{name: value for name, value in headers.items() if value},
    }
    started: list[str] = []
    response = server(environ, lambda status, headers, *rest: started.append(status))
    content = b"".join(response)
    response.close()
    return int(started[0][:3]), content


def bare_application() -> WSGIHandler:
    """Django with nothing in front of the view."""
    with override_settings(MIDDLEWARE=["tests.benchmarks.create.to_bare"]):
        return WSGIHandler()


def to_bare(get_response: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def answer(request: Any) -> Any:
        request.urlconf = "tests.benchmarks._bare"
        return get_response(request)

    return answer


def get_token() -> str:
    """By client credentials, as a case system gets it."""
    oldham = Organisation.objects.authorities().get(code="353")
    client, secret = members.issue_client(authority=oldham, name="Benchmark")
    form = f"grant_type=client_credentials&client_id={client.client_id}&client_secret={secret}".encode()
    kind = "application/x-www-form-urlencoded"
    status, content = request(application, "POST", "/oauth/token/", form, CONTENT_TYPE=kind)
    assert status == 200, content
    return f"Bearer {json.loads(content)['access_token']}"


def warm(call: Call, times: int) -> None:
    for _ in range(times):
        assert call() == 201


# --- CPU -----------------------------------------------------------------------------------------------------


def measure(ours: Call, bare: Call, rounds: int, each: int) -> tuple[list[Any], list[Any]]:
    """Milliseconds of CPU for one create, (application, database), for each round; the two take turns."""
    costs: tuple[list[Any], list[Any]] = ([], [])
    for number in range(rounds):
        pair = ((costs[0], ours), (costs[1], bare))
        for kept, call in pair if number % 2 else reversed(pair):
            before = time.process_time(), backend_seconds()
            warm(call, each)
            after = time.process_time(), backend_seconds()
            kept.append(
                tuple((late - early) * 1000 / each for early, late in zip(before, after, strict=True))
            )
    return costs


def backend_seconds() -> float:
    """CPU of the PostgreSQL backends that serve this database; SQLite works in this process."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return sum(seconds_of(pid) for (pid,) in cursor.fetchall())


def seconds_of(pid: int) -> float:
    exact = Path(f"/proc/{pid}/schedstat")
    if exact.exists():
        return int(exact.read_text().split()[0]) / 1e9
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def show_costs(ours: list[Any], bare: list[Any]) -> None:
    print(f"{'CPU ms for one create':<28}{'application':>12}{'database':>10}{'together':>10}")
    for name, costs in (("ours, the whole path", ours), ("bare DRF view, seven rows", bare)):
        application_, database = (statistics.median(part) for part in zip(*costs, strict=True))
        together = statistics.median(sum(cost) for cost in costs)
        print(f"{name:<28}{application_:>12.2f}{database:>10.2f}{together:>10.2f}")
    ratios = sorted(sum(own) / sum(limit) for own, limit in zip(ours, bare, strict=True))
    middle = statistics.median(ratios)
    print(f"ratio {middle:.2f} (rounds {ratios[0]:.2f} to {ratios[-1]:.2f}; target at most {TARGET})")


# --- Statements ----------------------------------------------------------------------------------------------


def show_statements(ours: Call, token: str, *, verbose: bool) -> None:
    """How many statements a create, a page of the list and one enquiry take, and of what kind."""
    reference = Enquiry.objects.values_list("reference", flat=True).latest("id")
    reads = {"list of 50": "/api/v1/enquiries/", "detail": f"/api/v1/enquiries/{reference}/"}
    calls: dict[str, Callable[[], Any]] = {"create": ours}
    for name, path in reads.items():
        calls[name] = lambda path=path: request(application, "GET", path, HTTP_AUTHORIZATION=token)  # type: ignore[misc]
    for name, call in calls.items():
        with counted() as statements:
            call()
        print(f"{name:<12}{len(statements):>3} statements")
        if verbose:
            for statement in statements:
                print(f"     {statement[:150]}")


@contextmanager
def counted() -> Any:
    statements: list[str] = []

    def keep(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        statements.append(" ".join(sql.split()))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(keep):
        yield statements


def profile(call: Call, times: int) -> None:
    watched = cProfile.Profile()
    watched.enable()
    warm(call, times)
    watched.disable()
    pstats.Stats(watched).sort_stats("tottime").print_stats(45)
    pstats.Stats(watched).sort_stats("cumtime").print_stats(70)


if __name__ == "__main__":
    main()
