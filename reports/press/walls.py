"""The walls round a press: no network, no files but libraries and fonts, no other program, so much time and memory.

Each stands by itself: namespaces and Landlock where the kernel gives them to anybody, limits of resources, and a
hook of Python's own everywhere. Whatever a text made a library do, it would have to climb all of them.
"""

import ctypes
import os
import resource
import sys
from pathlib import Path
from typing import Any

from reports.press import landlock

NEW_USER, NEW_NETWORK, NEW_IPC = 0x10000000, 0x40000000, 0x08000000
OPEN_FILES = 64
# Threads of the press in its own user namespace: Pango keeps one or two.
THREADS = 16
MEBIBYTE = 1 << 20

TOP = Path(__file__).resolve().parents[2]
# Libraries, fonts, and what leads to them. No home but its fonts, nothing of /var, /run, /srv, /proc, /tmp.
READABLE = (
    *(sys.prefix, sys.base_prefix, str(TOP / "reports" / "press"), str(TOP / "reports" / "__init__.py")),
    *("/usr", "/lib", "/lib32", "/lib64", "/opt", "/nix/store", "/System", "/Library/Fonts"),
    *("/etc/fonts", "/etc/ld.so.cache", "/etc/localtime", "/var/cache/fontconfig"),
    *("/dev/null", "/dev/urandom", "/dev/random"),
    *(os.path.expanduser(f"~/{name}") for name in (".fonts", ".local/share/fonts", ".cache/fontconfig")),
    *os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep),
    *filter(None, [os.path.dirname(os.environ.get("FONTCONFIG_FILE", ""))]),
)


def leave() -> list[str]:
    """First of all, while there is one thread: away from the network. What stands, by name."""
    if unshared(NEW_USER | NEW_NETWORK | NEW_IPC):
        return ["user namespace", "network namespace"]
    # As root in a container that has no user namespaces to give.
    return ["network namespace"] if unshared(NEW_NETWORK) else []


def confine(folder: str) -> list[str]:
    """After the libraries are loaded: away from all files but these."""
    confined = sys.platform == "linux" and landlock.confine(filter(None, READABLE), folder)
    return ["landlock"] if confined else []


def unshared(namespaces: int) -> bool:
    """In a user namespace of its own a process also has no right over others of the same user."""
    try:
        return bool(ctypes.CDLL(None).unshare(namespaces) == 0)
    except AttributeError:
        return False


def shut(folder: str, *, memory: int, alone: bool) -> None:
    """After everything is loaded: nothing is written, started or connected any more; `memory` in MiB beyond now."""
    limit(resource.RLIMIT_CORE, 0)
    limit(resource.RLIMIT_FSIZE, 0)
    limit(resource.RLIMIT_NOFILE, OPEN_FILES)
    # Counted for the whole user otherwise, who has other processes.
    if alone and hasattr(resource, "RLIMIT_NPROC"):
        limit(resource.RLIMIT_NPROC, THREADS)
    if size := address_space():
        limit(resource.RLIMIT_AS, size + memory * MEBIBYTE)
    sys.addaudithook(Hook(folder))


def limit(what: int, most: int) -> None:
    try:
        resource.setrlimit(what, (most, most))
    except (ValueError, OSError):
        # Not every system keeps every limit; the other walls stand.
        return


def allow_seconds(seconds: float) -> None:
    """So much of the processor from now on; the kernel ends the process at the end of the last of them."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def address_space() -> int:
    """In bytes; nought where there is no /proc."""
    return pages_of_memory(0) * resource.getpagesize()


def resident() -> int:
    """What it has in memory now, in MiB; nought where there is no /proc."""
    return pages_of_memory(1) * resource.getpagesize() // MEBIBYTE


try:
    # Held open: there is no opening it behind the walls.
    _statm = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
except OSError:
    _statm = -1


def pages_of_memory(column: int) -> int:
    return int(os.pread(_statm, 200, 0).split()[column]) if _statm >= 0 else 0


class Refused(PermissionError):
    """Something in this process asked for what a press does not do."""


# What a layout has no use for, by the first word of Python's own name for it.
SHUT = frozenset(
    (
        *(
            "_posixsubprocess",
            "ctypes",
            "fcntl",
            "ftplib",
            "http",
            "imaplib",
            "mmap",
            "nntplib",
            "poplib",
            "pty",
        ),
        *(
            "resource",
            "shutil",
            "signal",
            "smtplib",
            "socket",
            "sqlite3",
            "subprocess",
            "syslog",
            "telnetlib",
        ),
        "webbrowser",
    )
)
LOOKING = frozenset({"os.listdir", "os.scandir", "os.walk", "os.fwalk", "os.stat"})
CLEARING = frozenset({"os.remove", "os.rmdir"})
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Hook:
    """Python asks it before it opens, connects, starts or deletes anything; it cannot be taken off again."""

    def __init__(self, folder: str) -> None:
        self.folder = inside(folder)
        self.readable = (*{inside(path) for path in READABLE if path}, self.folder)

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            self.check_open(*arguments)
            return
        word = event.partition(".")[0]
        if word == "os":
            self.check_os(event, arguments)
        elif event == "resource.setrlimit":
            self.check_limit(arguments[0])
        elif word in SHUT or (event == "urllib.Request" and not str(arguments[0]).startswith("data:")):
            raise Refused(event)

    def check_open(self, path: Any, mode: Any, flags: Any) -> None:
        if isinstance(path, int):
            return
        if (isinstance(flags, int) and flags & WRITING) or not inside(path).startswith(self.readable):
            raise Refused("open")

    def check_limit(self, what: int) -> None:
        """Moved forward for each document; the others stay as they are."""
        if what != resource.RLIMIT_CPU:
            raise Refused("resource.setrlimit")

    def check_os(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in LOOKING:
            return
        # Its own fonts, when it ends.
        if event not in CLEARING or not inside(arguments[0]).startswith(self.folder):
            raise Refused(event)


def inside(path: Any) -> str:
    """As it really lies, so that what is beneath a folder begins with it."""
    return os.path.realpath(os.fsdecode(path)).rstrip("/") + "/"
