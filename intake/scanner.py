"""A virus scanner asked over its socket: ClamAV's INSTREAM. No answer, or an odd one, is never "clean"."""

import socket
import struct
import time
from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import urlsplit

LONGEST_ANSWER = 4096


class ScanFailed(Exception):
    """No verdict; `args[0]` is the kind of failure, in a word. `away`: it is the scanner, not this file."""

    def __init__(self, kind: str, *, away: bool = False) -> None:
        super().__init__(kind)
        self.away = away


def scan(address: str, chunks: Iterable[bytes], *, timeout: float) -> str:
    """Stream bytes to clamd at `unix:///path` or `tcp://host:port`, in at most `timeout` seconds.

    The name of the signature that was found; empty when it is clean. Raises ScanFailed for everything else,
    and lets through what `chunks` itself raises, unless that is an OSError.
    """
    until = time.monotonic() + timeout
    try:
        with connect(address, timeout) as line:
            # clamd closes before the end when it has had enough, and says why first.
            with suppress(BrokenPipeError, ConnectionResetError):
                send(line, chunks, until)
            return verdict(heard(line, until))
    except TimeoutError:
        raise ScanFailed("timeout", away=True) from None
    except OSError as fault:
        raise ScanFailed(type(fault).__name__, away=True) from None


def connect(address: str, timeout: float) -> socket.socket:
    where = urlsplit(address)
    if where.scheme == "tcp" and where.hostname:
        return socket.create_connection((where.hostname, where.port or 3310), timeout)
    if where.scheme != "unix":
        raise ScanFailed("address", away=True)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(timeout)
    try:
        line.connect(where.path)
    except OSError:
        line.close()
        raise
    return line


def send(line: socket.socket, chunks: Iterable[bytes], until: float) -> None:
    """The command, each chunk after its length, and a length of nothing at the end."""
    line.sendall(b"zINSTREAM\0")
    for chunk in chunks:
        if chunk:
            hurry(line, until)
            line.sendall(struct.pack("!L", len(chunk)) + chunk)
    line.sendall(struct.pack("!L", 0))


def heard(line: socket.socket, until: float) -> bytes:
    """One answer, up to its NUL."""
    answer = b""
    while b"\0" not in answer and len(answer) < LONGEST_ANSWER:
        hurry(line, until)
        if not (more := line.recv(LONGEST_ANSWER)):
            break
        answer += more
    return answer


def hurry(line: socket.socket, until: float) -> None:
    """What is left of the time, whatever has been said already."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    line.settimeout(left)


def verdict(answer: bytes) -> str:
    """`stream: OK` is clean, `stream: NAME FOUND` is not; there is no third way to be clean."""
    said, ended, _ = answer.partition(b"\0")
    if not ended:
        raise ScanFailed("closed", away=True)
    text = said.decode("utf-8", "replace").strip()
    if text == "stream: OK":
        return ""
    if text.startswith("stream: ") and text.endswith(" FOUND"):
        return text.removeprefix("stream: ").removesuffix(" FOUND")[:200] or "unnamed"
    raise ScanFailed("size limit" if "size limit exceeded" in text else "odd answer")
