"""Bytes that no client of ours writes, sent to a real server over a bare socket."""

import json
import socket
from contextlib import ExitStack

from intake.models import Enquiry
from tests.factories import World, example
from tests.faults.server import Server, bearer, call

PATH = "/api/v1/enquiries/"
BODY = json.dumps(example()).encode()
LENGTH = f"Content-Length: {len(BODY)}"
JSON = "Content-Type: application/json"
CHUNKS = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)


def request(
    *headers: str, body: bytes = BODY, first: str = f"POST {PATH} HTTP/1.1", host: str = "Host: 127.0.0.1"
) -> bytes:
    lines = [first, *([host] if host else []), "Authorization: {token}", "Connection: close", *headers]
    return "\r\n".join((*lines, "", "")).encode("latin-1") + body


def got(path: str, *headers: str) -> bytes:
    return request(*headers, body=b"", first=f"GET {path} HTTP/1.1")


# The server itself answers these, without a body: nothing of ours has seen them.
BY_THE_SERVER = {
    "not HTTP": (400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"a" * 100),
    "HTTP 0.9": (400, f"GET {PATH}\r\n\r\n".encode()),
    "HTTP 3 in words": (400, request(LENGTH, JSON, first=f"POST {PATH} HTTP/3.0")),
    "two lengths": (400, request(LENGTH, "Content-Length: 5", JSON)),
    "a length below nought": (400, request("Content-Length: -5", JSON)),
    "a length that is none": (400, request("Content-Length: many", JSON)),
    "a length with a plus": (400, request("Content-Length: +5", JSON)),
    "a length beyond numbers": (400, request(f"Content-Length: {10**30}", JSON)),
    "a blank before the colon": (400, request(LENGTH, JSON, "X-A : b")),
    "a folded header": (400, request(LENGTH, JSON, "X-A: b\r\n c")),
    "NUL in a header": (400, request(LENGTH, JSON, "X-A: b\0c")),
    "300 headers": (431, request(LENGTH, JSON, *(f"X-{n}: 1" for n in range(300)))),
    "a path of 70,000 characters": (414, got(f"{PATH}?q={'a' * 70_000}")),
    "bytes in a path": (400, got(f"{PATH}\xff\xfe/")),
    "bytes in a query": (400, got(f"{PATH}?q=\xff\xfe")),
}
# We answer these, with a problem.
BY_US = {
    "chunks": (411, request(JSON, "Transfer-Encoding: chunked", body=CHUNKS)),
    "chunks that are none": (411, request(JSON, "Transfer-Encoding: chunked", body=b"zz\r\na\r\n0\r\n\r\n")),
    "packed chunks": (411, request(JSON, "Transfer-Encoding: gzip, chunked", body=CHUNKS)),
    "chunks and a length": (411, request(JSON, LENGTH, "Transfer-Encoding: chunked", body=CHUNKS)),
    "no length": (422, request(JSON)),
    "less said than sent": (400, request(JSON, "Content-Length: 50")),
    "a gigabyte announced": (413, request(JSON, "Content-Length: 1000000000")),
    "no host": (400, request(LENGTH, JSON, host="")),
    "two hosts": (400, request(LENGTH, JSON, "Host: other.example")),
    "another's host": (400, request(LENGTH, JSON, host="Host: other.example")),
    "two tokens": (401, request(LENGTH, JSON, "Authorization: Bearer a")),
    "a type in letters unknown": (415, request(LENGTH, f"{JSON}; charset*=klingon''utf-8")),
    "a query in letters that pack": (415, got(f"{PATH}?q=a", f"{JSON}; charset=hex")),
    "a type that cannot be taken apart": (415, request(LENGTH, f"{JSON};idnacharset*0*=%''\\\t")),
}


def ask(port: int, sent: bytes) -> tuple[int, str, bytes]:
    """Status, content type and what else came until the server closed the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(sent)
        came = b""
        while more := line.recv(65_536):
            came += more
    head, _, body = came.partition(b"\r\n\r\n")
    return int(head[9:12]), "problem" if b"application/problem+json" in head else "", body


def test_a_server_outlives_bytes_that_are_no_requests(server: Server, committed: World) -> None:
    headers = bearer(committed.client)
    token = headers["Authorization"].encode()
    sent = {name: (status, "", raw) for name, (status, raw) in BY_THE_SERVER.items()}
    sent |= {name: (status, "problem", raw) for name, (status, raw) in BY_US.items()}
    wanted = {name: (status, kind) for name, (status, kind, _) in sent.items()}
    came = {name: ask(server.port, raw.replace(b"{token}", token)) for name, (*_, raw) in sent.items()}
    assert {name: (status, kind) for name, (status, kind, _) in came.items()} == wanted
    assert Enquiry.objects.count() == 0
    with ExitStack() as lines:
        # Those that say nothing, and those that leave in the middle of a body.
        for raw in [b""] * 20 + [request(JSON, LENGTH, body=BODY[:99]).replace(b"{token}", token)] * 4:
            line = lines.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=20))
            line.sendall(raw)
        assert call(server.port, "GET", PATH, headers).status == 200
    assert call(server.port, "POST", PATH, headers, BODY).status == 201
    assert Enquiry.objects.count() == 1
    assert "Traceback" not in server.log.read_text(errors="replace")
