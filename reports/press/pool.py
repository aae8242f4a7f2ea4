"""A few warm presses, and what is done when one dies, hangs or grows."""

import contextlib
import logging
import os
import queue
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from threading import Lock, Timer
from typing import Any

from reports.press import wire

COMMAND = (sys.executable, "-P", "-s", "-m", "reports.press")
TOP = Path(__file__).resolve().parents[2]
# What a press needs of our environment: where libraries and fonts are. No address of a database, no secret.
HANDED_ON = (
    *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "HOME", "XDG_CACHE_HOME"),
    *("FONTCONFIG_FILE", "FONTCONFIG_PATH"),
)
OWN = {
    "PYTHONPATH": str(TOP),
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    # Each arena takes 64 MiB of addresses, and one thread does all the work.
    "MALLOC_ARENA_MAX": "1",
}
SECONDS_TO_START = 60
SECONDS_TO_END = 5
log = logging.getLogger("referral_desk.press")


class NotPrinted(Exception):
    """There is no document; nothing of it is kept."""


class Lacking(NotPrinted):
    """This installation has no "Pango", or no "font"."""


class Busy(NotPrinted):
    """All presses were taken for as long as one waits."""


class TooMuch(NotPrinted):
    """It took more "time" of the processor, or "memory", than a document may have."""


class Late(NotPrinted):
    """It was not done by the clock: the machine has too much to do, or the press hangs."""


class Broken(NotPrinted):
    """The press failed at it: the kind of the fault and its place, never its words."""


class Died(Exception):
    """The press ended in the middle of its work."""


@dataclass(frozen=True)
class Limits:
    """What a document may take: seconds of the processor, seconds by the clock, MiB beyond a warm press.

    A press is replaced after so many documents, or when it keeps more than so many MiB in memory.
    """

    seconds: float = 15
    patience: float = 45
    memory: int = 220
    documents: int = 500
    resident: int = 160


class Press:
    """One child, warm or about to be."""

    def __init__(self, stylesheet: str, limits: Limits, folder: Path) -> None:
        self.limits, self.printed, self.resident, self.ready = limits, 0, 0, False
        self.walls: list[str] = []
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handed_on = {name: os.environ[name] for name in HANDED_ON if name in os.environ}
        self.folder = mkdtemp(prefix="press-", dir=folder)
        self.process = subprocess.Popen(  # noqa: S603  (a fixed command)
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**handed_on, **OWN, "TMPDIR": self.folder},
            cwd="/",
            start_new_session=True,
        )
        # A press that ended at once is noticed when its answer is read.
        with contextlib.suppress(BrokenPipeError):
            wire.send(self.asked, {"memory": limits.memory}, wire.encoded(stylesheet))

    @property
    def asked(self) -> Any:
        return self.process.stdin

    @property
    def worn(self) -> bool:
        """Whether it has done enough, or keeps more memory than it should."""
        return self.printed >= self.limits.documents or self.resident > self.limits.resident

    def print(self, html: str) -> tuple[bytes, list[str]]:
        """The PDF, and what WeasyPrint complained of."""
        self.get_ready()
        self.printed += 1
        asked = {"number": self.printed, "seconds": self.limits.seconds}
        head, pdf = self.hear(self.limits.patience, asked, html)
        # Somebody's paper never goes to somebody else, whatever went wrong before.
        if head["number"] != self.printed:
            raise Died("with another answer than was asked for")
        if "failed" in head:
            raise TooMuch("memory") if head["failed"] == "memory" else Broken(head["failed"], head["place"])
        self.resident = head["resident"]
        return pdf, head["complaints"]

    def get_ready(self) -> None:
        if self.ready:
            return
        try:
            head, _ = self.hear(SECONDS_TO_START)
        except Late as late:
            raise Broken("no press", "its start") from late
        if "lacking" in head:
            raise Lacking(head["lacking"])
        self.ready, self.resident, self.walls = True, head["resident"], head["walls"]
        stands = ", ".join(self.walls) or "none of the kernel's"
        log.info("Press %d is ready: %d MiB; walls: %s.", self.process.pid, self.resident, stands)

    def hear(self, seconds: float, asked: dict[str, Any] | None = None, html: str = "") -> Any:
        """Its next answer, or why it ended without one; it is killed when it takes longer."""
        until = time.monotonic() + seconds
        late = Timer(seconds, self.process.kill)
        late.daemon = True
        late.start()
        try:
            if asked is not None:
                wire.send(self.asked, asked, wire.encoded(html))
            return wire.receive(self.process.stdout)  # type: ignore[arg-type]
        except (EOFError, OSError, ValueError) as gone:
            status = self.ended()
            if status == -signal.SIGXCPU:
                raise TooMuch("time") from gone
            if status == wire.OUT_OF_MEMORY:
                raise TooMuch("memory") from gone
            if time.monotonic() >= until:
                raise Late from gone
            raise Died(named(status)) from gone
        finally:
            late.cancel()

    def ended(self) -> int:
        """It closed its pipe, so it is about to end, or has; its status."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(SECONDS_TO_END)
        return self.end()

    def end(self) -> int:
        """At once, also in the middle; its status."""
        self.process.kill()
        status = self.process.wait()
        self.let_go()
        shutil.rmtree(self.folder, ignore_errors=True)
        return status

    def let_go(self) -> None:
        """Our ends of its pipes: it ends by itself when nobody holds them any more."""
        for pipe in (self.process.stdin, self.process.stdout):
            # What is still unsent to one that is gone cannot be sent.
            with contextlib.suppress(OSError):
                pipe.close()  # type: ignore[union-attr]


def named(status: int) -> str:
    try:
        return f"by {signal.Signals(-status).name}"
    except ValueError:
        return f"with status {status}"


class Pool:
    """So many presses at most, each started when it is needed; safe to be used by threads, and after a fork."""

    def __init__(self, stylesheet: str, folder: Path, limits: Limits, *, presses: int, wait: float) -> None:
        self.stylesheet, self.folder, self.limits = stylesheet, folder, limits
        self.presses, self.wait, self.lock = presses, wait, Lock()
        self.living: set[Press] = set()
        self.clear()

    def clear(self) -> None:
        self.process = os.getpid()
        # The one used last is taken first: it is warm, and the others may stay asleep.
        self.free: queue.LifoQueue[Press | None] = queue.LifoQueue()
        for _ in range(self.presses):
            self.free.put(None)

    def print(self, html: str) -> tuple[bytes, list[str]]:
        """Tried once more, on a fresh press, where one died in the middle."""
        free = self.own()
        try:
            press = free.get(timeout=self.wait)
        except queue.Empty:
            raise Busy from None
        try:
            try:
                press = press or self.start()
                made = press.print(html)
            except Died as died:
                log.warning("A press ended %s in the middle of a document; it is tried once more.", died)
                press = self.replaced(press)
                made = press.print(html)
            if press.worn:
                self.gone(press)
                press = self.next()
        except BaseException as fault:
            # Whatever went wrong in there, also an interruption of ours: the next document finds a fresh one.
            self.gone(press)
            press = None
            if isinstance(fault, Died):
                log.error("A press ended %s at the same document again; it is given up.", fault)
                raise Broken("no press", str(fault)) from fault
            raise
        finally:
            free.put(press)
        return made

    def own(self) -> "queue.LifoQueue[Press | None]":
        """A forked process leaves the presses to the one that started them."""
        with self.lock:
            if self.process != os.getpid():
                for press in self.living:
                    press.let_go()
                self.living = set()
                self.clear()
            return self.free

    def start(self) -> Press:
        try:
            press = Press(self.stylesheet, self.limits, self.folder)
        except OSError as fault:
            raise Broken(type(fault).__name__, "the start of a press") from fault
        with self.lock:
            self.living.add(press)
        return press

    def gone(self, press: Press | None) -> None:
        if press is not None:
            press.end()
            with self.lock:
                self.living.discard(press)

    def next(self) -> Press | None:
        """Started ahead, so that nobody waits for it; tried again by whoever needs it, where it could not be."""
        with contextlib.suppress(Broken):
            return self.start()
        return None

    def replaced(self, press: Press | None) -> Press:
        self.gone(press)
        return self.start()

    def close(self) -> None:
        """Ends all, also those at work."""
        with self.lock:
            living, self.living = self.living, set()
        if self.process == os.getpid():
            for press in living:
                press.end()
