"""`manage.py work`: keeps promises and does what the calendar asks, until it is told to stop."""

import logging
import signal
from collections.abc import Callable
from datetime import datetime, time, timedelta
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from intake.actions import closing, webhooks
from intake.actions.drafts import tidy as tidy_drafts
from intake.actions.enquiries import forget_old_keys
from intake.actions.imports import forget_contents, import_next
from intake.actions.information import chase_and_lapse
from intake.actions.keeping import forget as forget_typed
from intake.actions.presence import forget_presence
from intake.actions.rank import rank_anew
from intake.actions.scanning import scan_next, sweep
from intake.models import Attachment, Notification, Tally
from intake.models.allowance import forget_old_allowances
from intake.refusals import Refused, Unavailable
from referrals.actions import follow_ups, reminders
from referrals.actions.bulk import bulk_next, forget_runs
from referrals.actions.claims import lapse_claims
from referrals.actions.placements import lapse_overdue
from referrals.actions.planning import forget_plans
from referrals.actions.solving import solve_next
from reports.actions import counting
from reports.actions.basket import forget_old as forget_baskets
from reports.actions.daily import daily_letters
from reports.actions.delivery import deliver_next
from reports.actions.digests import digests
from reports.actions.export_making import export_next
from reports.actions.export_telling import tell_of_waiting
from reports.actions.exports import forget_files as forget_exports
from reports.actions.hook_runner import HookRunner
from reports.actions.hooks import tell_of_those_off
from reports.actions.improving import tell_of_improvements
from reports.actions.invitations import send_invitations
from reports.actions.pack_letters import monthly_packs
from reports.actions.print_runs import forget_files
from reports.actions.print_runs import forget_runs as forget_print_runs
from reports.actions.print_runs import parked as parked_prints
from reports.actions.printing import print_next
from reports.actions.registrations import tell_of_registrations
from reports.models import Export, Round

log = logging.getLogger("referral_desk.worker")
EVERY = timedelta(minutes=1)
PAUSE = 1.0
LONGEST_PAUSE = 30.0
# How long a scanner that does not answer is left alone; twice as long each time.
SCANNER_PAUSE = timedelta(minutes=1)
LONGEST_SCANNER_PAUSE = timedelta(minutes=15)
Rounds = tuple[tuple[str, Callable[[datetime], int]], ...]
# Once a minute: cheap questions by an index, or what people wait for.
ROUNDS: Rounds = (
    ("chased or lapsed", chase_and_lapse),
    ("offers lapsed", lapse_overdue),
    ("due moments computed anew", closing.spread),
    ("enquiries ranked anew", rank_anew),
    ("claims gone back to the queue", lapse_claims),
    ("digests sent", digests),
    ("daily letters sent", daily_letters),
    ("managers told of a month's pack", monthly_packs),
    ("drafts announced or deleted", tidy_drafts),
    ("imported files deleted", forget_contents),
    ("invitations sent", send_invitations),
    ("owners of improvements told", tell_of_improvements),
    ("typed words forgotten", forget_typed),
    ("printed files deleted", forget_files),
    ("exported files deleted", forget_exports),
    ("exports and print runs told to a second person", tell_of_waiting),
    ("people looking forgotten", forget_presence),
    ("lines of counts folded", lambda now: Tally.objects.fold()),
    ("lines of history counted in the figures", counting.count_new),
    ("old keys forgotten", lambda now: forget_old_keys()),
    ("notices of webhooks that went off sent", tell_of_those_off),
    ("old webhook deliveries forgotten", webhooks.tidy),
    ("bytes without a file removed", sweep),
    ("old counters forgotten", lambda now: forget_old_allowances()),
)
# Once an hour, by whichever worker is first.
HOURLY: Rounds = (("services reminded of offers", reminders.remind_of_offers),)
# Once a day, from the morning on, by whichever worker is first.
DAILY: Rounds = (
    ("late work remembered", reminders.remind_of_late_work),
    ("late decisions remembered", reminders.remind_of_late_decisions),
    ("reviews remembered", reminders.remind_of_reviews),
    ("what oversight asked for remembered", reminders.remind_of_what_was_asked),
    ("audits remembered", reminders.remind_of_audits),
    ("improvements remembered", reminders.remind_of_improvements),
    ("pauses to be looked at again", reminders.remind_of_pauses),
    ("risks to be looked at again", reminders.remind_of_risks),
    ("follow-ups asked", follow_ups.ask_due),
    ("registrations that end", tell_of_registrations),
    ("old reminders forgotten", reminders.tidy),
    ("old bulk runs forgotten", forget_runs),
    ("old plans forgotten", forget_plans),
    ("old print runs forgotten", forget_print_runs),
    ("old baskets forgotten", forget_baskets),
    ("empty sums forgotten", counting.tidy_sums),
)
MORNING = time(7)
# Long work, a piece of each in turn: none holds up the others.
PIECES: tuple[Callable[[datetime], bool], ...] = (import_next, bulk_next, solve_next, print_next, export_next)


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
            HookRunner().drain()
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stop.set())
        hooks = HookRunner()
        hooks.start()
        try:
            worker.run()
        finally:
            hooks.stop()

    def show_parked(self) -> None:
        """Reference, kind, when and why; nobody's name."""
        parked = Notification.objects.filter(parked_at__isnull=False).order_by("parked_at")
        for row in parked:
            since = f"{row.parked_at:%Y-%m-%d %H:%M}Z"
            self.stdout.write(f"{row.subject}  {row.kind}  {since}  {row.last_error}")
        self.stdout.write(f"{len(parked)} parked.")
        unscanned = Attachment.objects.filter(state=Attachment.State.WAITING, failures__gt=0).order_by("pk")
        for file in unscanned:
            self.stdout.write(f"{file.subject}  file {file.pk}  {file.attempts} scans  {file.last_error}")
        self.stdout.write(f"{len(unscanned)} files still not scanned.")
        exports = Export.objects.exclude(why_given_up="").order_by("made_at")
        for export in exports:
            since = f"{export.made_at:%Y-%m-%d %H:%M}Z"
            self.stdout.write(f"export {export.uid}  {export.kind}  {since}  {export.why_given_up}")
        self.stdout.write(f"{len(exports)} exports given up.")
        prints = parked_prints()
        for run, paper in prints:
            where, why = (paper.reference, paper.says) if paper else ("the whole run", run.why_given_up)
            self.stdout.write(f"{where}  print run {run.uid}  {run.asked_at:%Y-%m-%d %H:%M}Z  {why}")
        self.stdout.write(f"{len(prints)} papers or print runs given up.")


class Worker:
    """Delivers and scans until nothing waits, walks the rounds once a minute, sleeps; ends after the job in hand."""

    def __init__(self) -> None:
        self.stop = Event()
        self.next_rounds = self.next_scan = timezone.now()
        self.scanner_pause = SCANNER_PAUSE

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
        """One after the other, until none waits or we are told to stop; letters go before files.

        A piece of all long work has its turn after each: it holds up no letter, nor letters it.
        """
        while not self.stop.is_set():
            kept = deliver_next(timezone.now()) or self.scan(timezone.now())
            done = [piece(timezone.now()) for piece in PIECES]
            if not any(done) and not kept:
                return

    def scan(self, now: datetime) -> bool:
        """The next file; a scanner that hangs costs its time limit once, then it is left alone for a while."""
        if now < self.next_scan:
            return False
        try:
            scanned = scan_next(now)
        except Unavailable:
            log.error("The scanner does not answer; next try in %d s.", self.scanner_pause.total_seconds())
            self.next_scan = timezone.now() + self.scanner_pause
            self.scanner_pause = min(self.scanner_pause * 2, LONGEST_SCANNER_PAUSE)
            return False
        if scanned:
            self.scanner_pause = SCANNER_PAUSE
        return scanned

    def walk_rounds(self, now: datetime) -> None:
        for name, walk in ROUNDS:
            self.walk(name, walk, now)
        for since, rounds in ((this_hour(now), HOURLY), (this_morning(now), DAILY)):
            for name, walk in rounds:
                self.walk_once(name, walk, since, now)

    def walk(self, name: str, walk: Callable[[datetime], int], now: datetime) -> None:
        try:
            if done := walk(now):
                log.info("%d %s", done, name)
        except Refused as refused:
            # Another worker, or a person, was faster; what is left comes with the next round.
            log.warning("%s: %s", name, type(refused).__name__)

    def walk_once(self, name: str, walk: Callable[[datetime], int], since: datetime, now: datetime) -> None:
        """Unless some worker has walked it since then; after an outage once, not once for each day missed."""
        if not Round.objects.take(name, since, now):
            return
        try:
            self.walk(name, walk, now)
        except BaseException:
            Round.objects.give_back(name)
            raise
        Round.objects.walked(name, now)


def this_hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


def this_morning(now: datetime) -> datetime:
    """The morning that the day's rounds belong to: before it, yesterday's."""
    here = timezone.localtime(now)
    day = here.date() if here.time() >= MORNING else here.date() - timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, MORNING))
