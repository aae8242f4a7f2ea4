"""`manage.py work`: keeps promises and does what the calendar asks, until it is told to stop."""

import logging
import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from intake.actions.enquiries import forget_old_keys
from intake.actions.information import chase_and_lapse
from intake.models import Notification
from intake.refusals import Refused
from referrals.actions.placements import lapse_overdue
from reports.actions.delivery import deliver_next

log = logging.getLogger("referral_desk.worker")
EVERY = timedelta(minutes=1)
PAUSE = 1.0
LONGEST_PAUSE = 30.0
ROUNDS: tuple[tuple[str, Callable[[datetime], int]], ...] = (
    ("chased or lapsed", chase_and_lapse),
    ("offers lapsed", lapse_overdue),
    ("old keys forgotten", lambda now: forget_old_keys()),
)


class Command(BaseCommand):
    help = "Send what was promised, chase, lapse and tidy, until stopped. Run as many as you like."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Do what waits, then end.")
        parser.add_argument("--parked", action="store_true", help="Show what was given up, then end.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["parked"]:
            self.show_parked()
            return
        worker = Worker()
        if options["once"]:
            worker.walk_rounds(timezone.now())
            worker.drain()
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stop.set())
        worker.run()

    def show_parked(self) -> None:
        """Reference, kind, when and why; nobody's name."""
        parked = Notification.objects.filter(parked_at__isnull=False).order_by("parked_at")
        for row in parked:
            since = f"{row.parked_at:%Y-%m-%d %H:%M}Z"
            self.stdout.write(f"{row.subject}  {row.kind}  {since}  {row.last_error}")
        self.stdout.write(f"{len(parked)} parked.")


class Worker:
    """Delivers until nothing waits, walks the rounds once a minute, sleeps; ends after the job in hand."""

    def __init__(self) -> None:
        self.stop = Event()
        self.next_rounds = timezone.now()

    def run(self) -> None:
        pause = PAUSE
        while not self.stop.is_set():
            try:
                self.turn(timezone.now())
                pause = PAUSE
            except (OperationalError, InterfaceError) as fault:
                log.error("The database is away (%s); next try in %d s.", type(fault).__name__, pause)
                connection.close()
                pause = min(pause * 2, LONGEST_PAUSE)
            self.stop.wait(pause)

    def turn(self, now: datetime) -> None:
        close_old_connections()
        if now >= self.next_rounds:
            self.next_rounds = now + EVERY
            self.walk_rounds(now)
        self.drain()

    def drain(self) -> None:
        """One after the other, until none waits or we are told to stop."""
        while not self.stop.is_set() and deliver_next(timezone.now()):
            pass

    def walk_rounds(self, now: datetime) -> None:
        for name, walk in ROUNDS:
            try:
                if done := walk(now):
                    log.info("%d %s", done, name)
            except Refused as refused:
                # Another worker, or a person, was faster; what is left comes with the next round.
                log.warning("%s: %s", name, type(refused).__name__)
