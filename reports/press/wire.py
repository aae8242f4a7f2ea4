"""What passes between the desk and a press: a head of plain JSON and a body of bytes, each after its length."""

import json
from typing import IO, Any

LENGTH = 8
# The status of a press that ends for want of memory, like the kernel's ENOMEM.
OUT_OF_MEMORY = 12


def send(stream: IO[bytes], head: dict[str, Any], body: bytes = b"") -> None:
    for part in (json.dumps(head).encode(), body):
        stream.write(len(part).to_bytes(LENGTH, "big"))
        stream.write(part)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """The next message; raises EOFError when the other side is gone, also in the middle of one."""
    head: dict[str, Any] = json.loads(part(stream))
    return head, part(stream)


def part(stream: IO[bytes]) -> bytes:
    return exactly(stream, int.from_bytes(exactly(stream, LENGTH), "big"))


def exactly(stream: IO[bytes], length: int) -> bytes:
    read = stream.read(length)
    if len(read) < length:
        raise EOFError
    return read


def encoded(text: str) -> bytes:
    """Also half a pair of surrogates comes over: the press spells it out."""
    return text.encode("utf-8", "surrogatepass")


def decoded(body: bytes) -> str:
    return body.decode("utf-8", "surrogatepass")
