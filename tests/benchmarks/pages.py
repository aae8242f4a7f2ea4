"""`bin/bench pages`: every page of tests/browser/pages.py, with its statements, its time in the server and its size.

First in the demonstration's world, with one of everything a page can be about; then the same addresses with
1,000,000 enquiries beside them (SQLite: 200,000). A page's time is the CPU of application and database together for
a warm call through WSGI, the median of a few: on a machine with nothing else to do, its time in the server.
"""

import argparse
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from config.wsgi import application
from intake.actions.reference import load_reference
from intake.lifecycle import Role
from intake.limits import read_limits
from intake.models import ApiClient, User
from referrals.pages.search import KEPT
from tests.benchmarks import _pages_rows
from tests.benchmarks.create import backend_seconds, counted, request
from tests.browser import stage
from tests.browser.finding import enquiry, people
from tests.browser.pages import PAGES, E, Page
from tests.faults.server import UNLIMITED

LARGE = {"postgresql": 1_000_000, "sqlite": 200_000}
# Where allauth keeps how somebody signed in.
METHODS = "account_authentication_methods"
TARGET = 100
WORST = 10
OPEN = "?status=submitted&status=in_triage&status=information_requested&status=accepted"

# What people ask of the same pages day by day, and what is not in the table.
FURTHER = (
    Page("/enquiries/", Role.COORDINATOR, query=OPEN),
    Page("/enquiries/", Role.COORDINATOR, query="?owner=me&sort=due"),
    Page("/enquiries/", Role.COORDINATOR, query="?authority=353&sort=newest"),
    Page("/enquiries/", Role.COORDINATOR, query="?q=smith"),
    Page("/enquiries/", Role.REFERRER),
    Page("/enquiries/", Role.AUTHORITY_MANAGER, query="?status=closed"),
    Page("/referrals/", Role.COORDINATOR, query="?status=closed&sort=newest"),
    Page("/referrals/", Role.MANAGER, query="?late=true"),
    Page("/oversight/", Role.MANAGER, query="?what=enquiries"),
    Page("/", Role.AUTHORITY_MANAGER),
    Page("/", Role.SERVICE_LEAD),
    Page("/", Role.ASSESSOR),
    Page("/search/", Role.COORDINATOR),
    Page("/settings/", Role.MANAGER),
    Page("/notices/", Role.MANAGER),
    Page("/account/", Role.REFERRER),
    Page(E + "history/", Role.COORDINATOR, enquiry("accepted")),
    Page(E + "print/", Role.COORDINATOR, enquiry("accepted")),
)


@dataclass(frozen=True)
class Cost:
    statements: int
    milliseconds: float
    size: int


@dataclass(frozen=True)
class Found:
    """A page with who looks at it, and where: found once, so that the same is asked among many."""

    whose: str
    address: str
    status: int
    cookie: str


class Unanswered(Exception):
    """A page that is not there, or broken."""


def main() -> None:
    wanted = arguments()
    if wanted.only not in (None, connection.vendor):
        print(f"Left out: only {wanted.only} was asked for.")
        return
    prepare()
    pages = list(found(wanted.page))
    few = {page: cost(page, wanted.runs) for page in pages}
    rows = LARGE[connection.vendor] if wanted.enquiries is None else wanted.enquiries
    if not rows:
        return show(few, few, 0)
    began = time.monotonic()
    _pages_rows.build(rows)
    print(f"{rows:,} enquiries built in {time.monotonic() - began:.0f} s", flush=True)
    show(few, {page: cost(page, wanted.runs) for page in pages}, rows)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench pages", description=__doc__)
    parser.add_argument("--enquiries", type=int, help="beside the demonstration's; 0 for none")
    parser.add_argument("--only", choices=sorted(LARGE), help="one of the two databases")
    parser.add_argument("--runs", type=int, default=5, help="warm calls of each page")
    parser.add_argument("--page", default="", help="only pages whose address has this in it")
    return parser.parse_args()


def prepare() -> None:
    settings.LIMITS = read_limits(UNLIMITED)
    settings.SECURE_SSL_REDIRECT = False
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    load_reference()
    call_command("demo", verbosity=0)
    # The stage brings its own of this name.
    ApiClient.objects.filter(name="Oldham case system").update(name="Oldham: case system")
    stage.build()
    for auditor in people(Role.AUDITOR):
        if not auditor.authenticator_set.exists():
            stage.second_factor(auditor)


def found(part: str) -> Iterator[Found]:
    known = {(page.path, page.query, page.who) for page in PAGES}
    further = (page for page in FURTHER if (page.path, page.query, page.who) not in known)
    for page in (*PAGES, *further):
        if part not in page.path + page.query:
            continue
        there = page.found
        if there is None:
            print(f"There is no record for {page.path}")
            continue
        cookie = session(there.user) if there.user else ""
        one = Found(page.who or "anybody", there.address, page.status, cookie)
        try:
            called(one)
        except Unanswered as fault:
            print(fault)
        else:
            yield one


def session(user: User) -> str:
    """As if they had just given their password, for as long as this takes, and had looked for a name."""
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    kept = client.session
    given = {"method": "password", "at": time.time() + 86_400, "email": user.email, "reauthenticated": True}
    kept[METHODS] = [given]
    kept[KEPT] = "smith"
    kept.save()
    return f"{settings.SESSION_COOKIE_NAME}={kept.session_key}"


def cost(page: Found, runs: int) -> Cost:
    """The call that found it warmed what a process keeps: one is counted, the others timed."""
    called(page)
    with counted() as statements:
        size = called(page)
    took = []
    for _ in range(runs):
        began = spent()
        called(page)
        took.append((spent() - began) * 1000)
    return Cost(len(statements), statistics.median(took), size)


def spent() -> float:
    return time.process_time() + backend_seconds()


def called(page: Found) -> int:
    status, content = request(application, "GET", page.address, HTTP_COOKIE=page.cookie)
    # The link of a letter leads on at once.
    if status not in (page.status, 302):
        raise Unanswered(f"{page.address} answered {status} to {page.whose}, and is left out.")
    return len(content)


# --- The table -----------------------------------------------------------------------------------------------


def show(few: dict[Found, Cost], many: dict[Found, Cost], rows: int) -> None:
    large = f"ms {rows:,}" if rows else "ms"
    head = f"{'page':<70}{'whose':<18}{'statements':>10}{'ms demo':>9}{large:>13}{'ratio':>7}{'kB':>7}"
    print(head)
    for page, cost in many.items():
        print(line(page, few[page], cost))
    ranked = sorted(many, key=lambda page: -worst(few[page], many[page]))
    print(f"\nThe slowest {WORST}:")
    for page in ranked[:WORST]:
        print(line(page, few[page], many[page]))
    print("\nThe most statements:")
    for page in sorted(many, key=lambda page: -many[page].statements)[:WORST]:
        print(line(page, few[page], many[page]))
    over = [page for page in ranked if worst(few[page], many[page]) > TARGET]
    grown = [page for page in many if many[page].statements > few[page].statements]
    print(f"\n{len(many)} pages; over {TARGET} ms: {len(over)}; more statements among many: {len(grown)}.")
    for page in grown:
        print(f"  {page.address} {few[page].statements} to {many[page].statements}")


def worst(few: Cost, many: Cost) -> float:
    return max(few.milliseconds, many.milliseconds)


def line(page: Found, few: Cost, many: Cost) -> str:
    ratio = many.milliseconds / few.milliseconds
    asked = (
        str(few.statements) if few.statements == many.statements else f"{few.statements}→{many.statements}"
    )
    return (
        f"{page.address[:69]:<70}{page.whose:<18}{asked:>10}{few.milliseconds:>9.1f}"
        f"{many.milliseconds:>13.1f}{ratio:>7.2f}{many.size / 1000:>7.1f}"
    )


if __name__ == "__main__":
    main()
