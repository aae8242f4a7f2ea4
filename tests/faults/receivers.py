"""Receivers of webhooks on loopback, good ones and bad ones; each ends with its `with`."""

import socketserver
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self

# However wrong a test goes, no handler lives longer.
LONGEST = 20.0


@dataclass(frozen=True)
class Received:
    """One call as it came in."""

    line: str
    headers: dict[str, str]
    body: str


class Handler(socketserver.StreamRequestHandler):
    server: "Server"

    def handle(self) -> None:
        try:
            if greeting := self.server.receiver.greeting:
                self.say(greeting)
                return
            call = self.read()
            if call is not None:
                self.server.receiver.calls.append(call)
                self.server.receiver.called.set()
                self.server.receiver.behave(self, call)
        except OSError:
            # The caller has hung up: that is what most of these tests are about.
            pass

    def read(self) -> Received | None:
        line = self.rfile.readline(65_537).decode("latin-1").strip()
        headers = {}
        while (text := self.rfile.readline(65_537).decode("latin-1").strip()) != "":
            name, _, value = text.partition(":")
            headers[name.lower()] = value.strip()
        body = self.rfile.read(int(headers.get("content-length", 0))).decode()
        return Received(line, headers, body) if line else None

    def say(self, text: str) -> None:
        self.wfile.write(text.encode("latin-1"))

    def answer(self, status: int, **headers: str) -> None:
        lines = [f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items()]
        self.say(f"HTTP/1.1 {status} Words\r\n{''.join(lines)}Content-Length: 2\r\n\r\nok")


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, receiver: "Receiver", tls: ssl.SSLContext | None) -> None:
        self.receiver, self.tls = receiver, tls
        super().__init__(("127.0.0.1", 0), Handler)

    def get_request(self) -> Any:
        wire, address = super().get_request()
        wire.settimeout(LONGEST)
        if self.tls is not None:
            wire = self.tls.wrap_socket(wire, server_side=True, do_handshake_on_connect=False)
        return wire, address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A handshake that the caller breaks off is no news."""


Behaviour = Callable[[Handler, Received], None]


class Receiver:
    """A server that does one thing, and remembers who called."""

    def __init__(self, behave: Behaviour, tls: ssl.SSLContext | None = None, greeting: str = "") -> None:
        # A greeting is said before anybody asks, and nothing after it.
        self.behave, self.greeting = behave, greeting
        self.calls: list[Received] = []
        self.called, self.released = Event(), Event()
        self.server = Server(self, tls)
        self.port: int = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/hooks?of=desk"

    def __enter__(self) -> Self:
        Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.released.set()
        self.server.shutdown()
        self.server.server_close()


def answers(status: int, **headers: str) -> Behaviour:
    return lambda handler, call: handler.answer(status, **headers)


def good(handler: Handler, call: Received) -> None:
    handler.answer(200)


def hangs(handler: Handler, call: Received) -> None:
    handler.server.receiver.released.wait(LONGEST)


def waits_for(event: Event) -> Behaviour:
    """Answers well, but not before something else has happened."""

    def behave(handler: Handler, call: Received) -> None:
        handler.answer(200 if event.wait(LONGEST) else 500)

    return behave


def drips(handler: Handler, call: Received) -> None:
    """A byte now and then: every single wait is short."""
    for letter in "HTTP/1.1 200 OK\r\nX-Slow: " + "a" * 10_000:
        handler.say(letter)
        if handler.server.receiver.released.wait(0.05):
            return


def never_ends_its_head(handler: Handler, call: Received) -> None:
    handler.say("HTTP/1.1 200 OK\r\n")
    while not handler.server.receiver.released.is_set():
        handler.say(f"X-More: {'a' * 8_000}\r\n")


def says_continue_for_ever(handler: Handler, call: Received) -> None:
    while not handler.server.receiver.released.is_set():
        handler.say("HTTP/1.1 100 Continue\r\n\r\n")


def never_ends_its_body(handler: Handler, call: Received) -> None:
    handler.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not handler.server.receiver.released.is_set():
        handler.say(f"1f40\r\n{'a' * 8_000}\r\n")


def talks_garbage(handler: Handler, call: Received) -> None:
    handler.say("\x00\xff\xfe not at all HTTP\r\n\r\n")


def hangs_up(handler: Handler, call: Received) -> None:
    """Closes without a word."""
