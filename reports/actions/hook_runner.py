"""Webhooks delivered side by side: many calls at once, one for each webhook, one thread that asks the database."""

import logging
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime
from threading import Event, Thread

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from reports.actions.hooks import Job, limits, settle, take_next
from reports.webhooks import Answer, Call, Limits, send

log = logging.getLogger("referral_desk.webhooks")
PAUSE = 1.0
PAUSE_WITHOUT_DATABASE = 5.0


class HookRunner:
    """Calls webhooks until told to stop, and then ends after the calls in hand.

    The threads of the pool only talk to the network. Webhooks whose last call failed get at most half of
    them, so that any number of receivers that hang leaves room for those that answer.
    """

    def __init__(
        self, bounds: Limits | None = None, at_once: int = 0, clock: Callable[[], datetime] = timezone.now
    ) -> None:
        self.bounds, self.clock = bounds or limits(), clock
        self.at_once = at_once or settings.WEBHOOKS_AT_ONCE
        self.pool = ThreadPoolExecutor(self.at_once, thread_name_prefix="webhook")
        self.flying: dict[Future[Answer], Job] = {}
        self.stopping = Event()
        self.thread = Thread(target=self.run, name="webhooks")

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        self.stopping.set()
        self.thread.join()

    def run(self) -> None:
        while not self.stopping.is_set():
            try:
                close_old_connections()
                self.turn()
            except (OperationalError, InterfaceError) as fault:
                log.error("The database is away (%s); webhooks wait.", type(fault).__name__)
                connection.close()
                self.stopping.wait(PAUSE_WITHOUT_DATABASE)
        self.finish()

    def turn(self) -> None:
        """Take what is due, then wait for the next answer, or a moment."""
        self.fill()
        if self.flying:
            self.land(PAUSE)
        else:
            self.stopping.wait(PAUSE)

    def drain(self) -> None:
        """Until nothing is due and nothing is under way."""
        while self.fill() or self.flying:
            self.land(PAUSE)
        self.pool.shutdown()

    def finish(self) -> None:
        """What is under way takes no longer than a call may; what cannot be noted is sent again later."""
        try:
            while self.flying:
                self.land(PAUSE)
        except (OperationalError, InterfaceError) as fault:
            log.error("The database is away (%s); the last calls are not noted.", type(fault).__name__)
        self.pool.shutdown()
        connection.close()

    def fill(self) -> int:
        """Start as many calls as there is room for; how many there were."""
        started = 0
        while len(self.flying) < self.at_once:
            job = take_next(self.clock(), only_healthy=self.is_full_of_failing)
            if job is None:
                break
            self.flying[self.pool.submit(call, job.call, self.bounds)] = job
            started += 1
        return started

    @property
    def is_full_of_failing(self) -> bool:
        failing = sum(1 for job in self.flying.values() if job.webhook.failures)
        return failing >= max(self.at_once // 2, 1)

    def land(self, timeout: float) -> None:
        """Write down the answers that have come."""
        done, _ = wait(self.flying, timeout=timeout, return_when=FIRST_COMPLETED)
        for future in done:
            settle(self.flying.pop(future), future.result(), self.clock())


def call(prepared: Call | None, bounds: Limits) -> Answer:
    if prepared is None:
        return Answer(None, "secret not readable")
    try:
        return send(prepared, bounds)
    except Exception as fault:
        # Of this loop the one bare except: the next call is to be made. Of the error only its kind is kept.
        log.error("A call failed by a fault of ours: %s", type(fault).__name__)
        return Answer(None, "fault of ours")
