"""One signed call to somebody else's server: only to the public internet, in bounded time, following nothing."""

import json
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache, partial
from http.client import HTTPConnection, HTTPException
from io import BufferedReader, RawIOBase
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, urlsplit

from standardwebhooks import Webhook as Signer

from intake.addresses import may_go_to

# What of an answer is read at most, head and all; a head that is longer is no answer.
MOST_OF_AN_ANSWER = 65_536
MOST_ADDRESSES = 4
AGENT = "Referral-Desk-Webhooks/1"

Found = list[tuple[int, str]]
Resolve = Callable[[str, int], Found]


class NotAllowed(Exception):
    """The name leads to where we do not call: this machine, a private network, nowhere."""


@dataclass(frozen=True)
class Call:
    """A message ready to be sent: plain values, for a thread that asks no database."""

    url: str
    body: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Limits:
    """What a call may take and where it may go; `resolve` and `tls` are the outside, for tests."""

    seconds: float
    loopback: bool = False
    resolve: "Resolve | None" = None
    tls: ssl.SSLContext | None = None


@dataclass(frozen=True)
class Answer:
    """What came back: a status, or the kind of what went wrong; never a text of theirs."""

    status: int | None
    error: str = ""
    # Seconds that the receiver asked us to wait.
    retry_after: float | None = None

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def signed(url: str, *, message_id: str, body: dict[str, object], secrets: list[str], at: datetime) -> Call:
    """By Standard Webhooks 1.0: id, time of this try, and one signature for each secret that holds."""
    text = json.dumps(body, separators=(",", ":"))
    at = at.astimezone(UTC)
    signatures = [Signer(secret).sign(message_id, at, text) for secret in secrets]
    headers = {
        "content-type": "application/json",
        "user-agent": AGENT,
        "connection": "close",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    return Call(url, text, headers)


def send(call: Call, limits: Limits) -> Answer:
    """Call once. Whatever the receiver does, an Answer comes of it, and within the limit."""
    line = Line(urlsplit(call.url), limits)
    try:
        line.request("POST", line.target, body=call.body.encode(), headers=call.headers)
        found = line.getresponse()
        return Answer(found.status, retry_after=seconds_of(found.getheader("Retry-After")))
    except NotAllowed:
        return Answer(None, "address not allowed")
    except ssl.SSLCertVerificationError:
        return Answer(None, "certificate not trusted")
    except ssl.SSLError:
        return Answer(None, "no TLS")
    except TimeoutError:
        return Answer(None, "no answer in time")
    except socket.gaierror:
        return Answer(None, "name not known")
    except OSError:
        return Answer(None, "no connection")
    except (HTTPException, ValueError):
        return Answer(None, "no HTTP")
    finally:
        line.close()


def seconds_of(retry_after: str | None) -> float | None:
    """Retry-After in seconds or as a date; None when it says neither."""
    if not retry_after:
        return None
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        then = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max((then - datetime.now(UTC)).total_seconds(), 0.0)


class Deadline:
    """What is left of a call's time, by a clock that nobody sets."""

    def __init__(self, seconds: float) -> None:
        self.ends = monotonic() + seconds

    def left(self) -> float:
        left = self.ends - monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class Line(HTTPConnection):
    """A connection to an address that was looked at, with the name of the URL; no proxy, no redirect."""

    def __init__(self, parts: SplitResult, limits: Limits) -> None:
        self.scheme, self.limits = parts.scheme, limits
        self.target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self.deadline = Deadline(limits.seconds)
        super().__init__(parts.hostname or "", parts.port or (443 if self.scheme == "https" else 80))
        self.default_port = 443 if self.scheme == "https" else 80

    def connect(self) -> None:
        wire = self.dial()
        if self.scheme == "https":
            wire = self.secure(wire)
        self.sock: Any = Wire(wire, self.deadline)

    def dial(self) -> socket.socket:
        """Connect to the very address that was checked: a name that changes its mind meanwhile changes nothing."""
        found = bounded(partial(self.limits.resolve or resolve, self.host, self.port), self.deadline)
        if not found or not all(self.is_allowed(address) for _, address in found):
            raise NotAllowed
        left = found[:MOST_ADDRESSES]
        for place, (family, address) in enumerate(left):
            wire = socket.socket(family, socket.SOCK_STREAM)
            try:
                wire.settimeout(self.deadline.left() / (len(left) - place))
                wire.connect((address, self.port))
            except OSError:
                wire.close()
                if place == len(left) - 1:
                    raise
            else:
                wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return wire
        raise NotAllowed

    def is_allowed(self, address: str) -> bool:
        return may_go_to(address, scheme=self.scheme, loopback=self.limits.loopback)

    def secure(self, wire: socket.socket) -> socket.socket:
        """TLS with the certificate checked against the name; the timeout bounds the handshake as a whole."""
        context = self.limits.tls or trusting()
        try:
            wire.settimeout(self.deadline.left())
            return context.wrap_socket(wire, server_hostname=self.host)
        except BaseException:
            wire.close()
            raise


class Wire:
    """A socket as http.client wants it, where every wait is cut at the deadline and every byte is counted."""

    def __init__(self, wire: socket.socket, deadline: Deadline) -> None:
        self.wire, self.deadline = wire, deadline

    def sendall(self, data: bytes) -> None:
        self.wire.settimeout(self.deadline.left())
        self.wire.sendall(data)

    def makefile(self, mode: str) -> BufferedReader:
        return BufferedReader(Measured(self.wire, self.deadline))

    def close(self) -> None:
        self.wire.close()


class Measured(RawIOBase):
    """Reads until the deadline, or until it has been enough."""

    def __init__(self, wire: socket.socket, deadline: Deadline) -> None:
        self.wire, self.deadline, self.budget = wire, deadline, MOST_OF_AN_ANSWER

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self.budget <= 0:
            raise HTTPException
        self.wire.settimeout(self.deadline.left())
        read = self.wire.recv_into(buffer, min(len(buffer), self.budget))
        self.budget -= read
        return read


@cache
def trusting() -> ssl.SSLContext:
    """The certificates that this machine trusts, read once for the process."""
    return ssl.create_default_context()


def resolve(host: str, port: int) -> Found:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(int(family), str(where[0])) for family, _, _, _, where in found]


def bounded(ask: Callable[[], Found], deadline: Deadline) -> Found:
    """Asking for a name cannot be cut short, so it is asked beside us, and left alone when it takes too long."""
    answers: SimpleQueue[Found | Exception] = SimpleQueue()

    def work() -> None:
        try:
            answers.put(ask())
        except (OSError, UnicodeError) as fault:
            answers.put(fault)

    Thread(target=work, name="resolve", daemon=True).start()
    try:
        answer = answers.get(timeout=deadline.left())
    except Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception):
        raise answer
    return answer
