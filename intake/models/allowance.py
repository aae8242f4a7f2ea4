"""How much of a limit is used: one row for a purpose and a caller, one atomic statement a call."""

import logging
import os
import sqlite3
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, models
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from intake.limits import Limit, Purpose, Spent, client_address

log = logging.getLogger("referral_desk.limits")
# A refused call is not counted on, and does not lengthen the window.
SPEND = """
INSERT INTO intake_allowance (purpose, key, used, until) VALUES (%s, %s, 1, %s)
ON CONFLICT (purpose, key) DO UPDATE SET
  used = CASE WHEN intake_allowance.until <= %s THEN 1
              WHEN intake_allowance.used > %s THEN intake_allowance.used
              ELSE intake_allowance.used + 1 END,
  until = CASE WHEN intake_allowance.until <= %s THEN excluded.until ELSE intake_allowance.until END
RETURNING used, until"""
# With it, whether another allowance of the same caller is used up.
SPEND_AND_LOOK = f"""{SPEND},
  (SELECT other.until FROM intake_allowance other
   WHERE other.purpose = %s AND other.key = %s AND other.used >= %s AND other.until > %s)"""  # noqa: S608 - both parts are written here
FORGET = "DELETE FROM intake_allowance WHERE until < %s RETURNING 1"
KEPT_SECONDS = 24 * 60 * 60


class Allowance(models.Model):
    """Calls of one caller for one purpose in the window that ends at `until`; the key is an id or a hash.

    On SQLite the rows lie in a file of their own (see `AsideFile`), and this table stays empty.
    """

    purpose = models.CharField(max_length=20, choices=[(row.value, row.value) for row in Purpose])
    key = models.CharField(max_length=60)
    used = models.PositiveIntegerField()
    until = models.FloatField(db_index=True, help_text="Seconds since 1970.")

    class Meta:
        constraints = (models.UniqueConstraint("purpose", "key", name="allowance_is_counted_once"),)

    def __str__(self) -> str:
        return f"{self.purpose} {self.used}"


def spend(purpose: Purpose, key: str, *, unless: Purpose | None = None) -> Spent | None:
    """Count one call, exactly, whoever else calls at the same time; None when the counter does not answer.

    With `unless`, the same caller's allowance for that purpose must not be used up either.
    """
    limit, now = limit_of(purpose), time.time()
    values = [purpose.value, key, now + limit.seconds, now, limit.most, now]
    if unless is None:
        rows = ask(SPEND, values)
        return Spent(limit, rows[0][0], rows[0][1], now) if rows else None
    other = limit_of(unless)
    rows = ask(SPEND_AND_LOOK, [*values, unless.value, key, other.most, now])
    if not rows:
        return None
    used, until, closed_until = rows[0]
    if closed_until is not None:
        return Spent(other, other.most + 1, closed_until, now)
    return Spent(limit, used, until, now)


def forget_old_allowances() -> int:
    """Windows that ended a day ago are of no use."""
    return len(ask(FORGET, [time.time() - KEPT_SECONDS]) or ())


def limit_of(purpose: Purpose) -> Limit:
    found: Limit = settings.LIMITS[purpose]
    return found


def hashed(kind: str, value: str) -> str:
    """The key of somebody whose address we do not write down."""
    return f"{kind}:{salted_hmac('referral_desk.limits', value).hexdigest()[:40]}"


def caller_at(request: HttpRequest) -> str:
    """The key of an address."""
    return hashed("address", client_address(request.META, settings.PROXY_COUNT))


def ask(statement: str, values: Sequence[Any]) -> list[Any] | None:
    """Outside any transaction of the request; a counter that is away stops nobody by itself, and is logged."""
    try:
        if connection.vendor == "sqlite":
            return aside.ask(statement, values)
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())
    except (DatabaseError, InterfaceError, sqlite3.Error, OSError) as fault:
        log.error("The counter of calls did not answer: %s", type(fault).__name__)
        return None


class AsideFile(threading.local):
    """The counters beside an SQLite database, in a file of their own: one connection a thread.

    Counting in the database itself would take its only write lock and wait for the disk at every read. What
    is lost here with the power is a minute's counting, so the disk is not waited for.
    """

    path: Path | None = None
    process = 0
    opened: sqlite3.Connection

    def ask(self, statement: str, values: Sequence[Any]) -> list[Any]:
        path = Path(settings.LIMITS_FILE)
        if (path, os.getpid()) != (self.path, self.process):
            self.opened = open_aside(path)
            self.path, self.process = path, os.getpid()
        return self.opened.execute(statement.replace("%s", "?"), values).fetchall()


def open_aside(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    opened = sqlite3.connect(path, timeout=10, isolation_level=None)
    with opening:
        opened.execute("PRAGMA journal_mode=WAL")
        opened.execute("PRAGMA synchronous=OFF")
        opened.execute(
            "CREATE TABLE IF NOT EXISTS intake_allowance (purpose TEXT NOT NULL, key TEXT NOT NULL, "
            "used INTEGER NOT NULL, until REAL NOT NULL, PRIMARY KEY (purpose, key)) WITHOUT ROWID"
        )
    return opened


opening = threading.Lock()
aside = AsideFile()
