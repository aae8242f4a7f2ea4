"""A real ClamAV daemon on a socket of its own, with signatures made by hand; sockets that only look like one."""

import os
import shutil
import socket
import socketserver
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

from tests.intake.odd_files import EICAR

TOP = Path(__file__).resolve().parents[2]
NATIVE = TOP / ".venv" / "native"
PATIENCE = 30
MARKER = b"CASEWORK-TEST-MARKER-5d1f0c7a"
SIGNATURES = f"Casework.Test.Marker:0:*:{MARKER.hex()}\nCasework.Test.EICAR:0:0:{EICAR.hex()}\n"
# What one stream may hold: small, so that a test can exceed it.
LONGEST_STREAM = 1024 * 1024
CONFIGURATION = """
LocalSocket {folder}/socket
DatabaseDirectory {folder}/signatures
LogFile {folder}/log
Foreground yes
MaxThreads 2
StreamMaxLength {longest}
AlertExceedsMax yes
"""


class Clamd:
    """Started, stopped and started again in a folder of its own."""

    def __init__(self) -> None:
        # A socket's path has at most 107 characters, and pytest's folders are deep.
        self.folder = Path(tempfile.mkdtemp(prefix="desk-clamd-", dir="/tmp"))
        (self.folder / "signatures").mkdir()
        (self.folder / "signatures" / "casework.ndb").write_text(SIGNATURES)
        conf = CONFIGURATION.format(folder=self.folder, longest=LONGEST_STREAM)
        if os.geteuid() == 0:
            conf += "User root\n"
        (self.folder / "clamd.conf").write_text(conf)
        self.address = f"unix://{self.folder}/socket"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = shutil.which("clamd", path=f"{os.environ['PATH']}:/usr/sbin:{NATIVE / 'usr/sbin'}")
        assert program, "clamd is not here: bin/test puts Debian's clamav-daemon in place."
        libraries = [*map(str, NATIVE.glob("usr/lib/*-linux-*")), os.environ.get("LD_LIBRARY_PATH", "")]
        self.process = subprocess.Popen(
            [program, "--config-file", str(self.folder / "clamd.conf")],
            env={**os.environ, "LD_LIBRARY_PATH": ":".join(filter(None, libraries))},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.wait()

    def wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while not self.answers():
            assert self.process is not None
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < until, self.said()
            time.sleep(0.02)

    def answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(5)
                line.connect(f"{self.folder}/socket")
                line.sendall(b"zPING\0")
                return line.recv(16) == b"PONG\0"
        except OSError:
            return False

    def said(self) -> str:
        log = self.folder / "log"
        return log.read_text(errors="replace") if log.exists() else "clamd said nothing"

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def pretender(behave: Callable[[socket.socket, Event], None]) -> Iterator[str]:
    """A socket in the scanner's place that behaves as told; its address. `over` is set at the end."""
    over = Event()

    class Line(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            behave(self.request, over)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Line) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield f"tcp://127.0.0.1:{server.server_address[1]}"
        finally:
            over.set()
            server.shutdown()


def never_answers(line: socket.socket, over: Event) -> None:
    over.wait(PATIENCE)


def reads_and_never_answers(line: socket.socket, over: Event) -> None:
    line.settimeout(0.2)
    while not over.is_set():
        with suppress(TimeoutError):
            line.recv(65536)


def closes_in_the_middle(line: socket.socket, over: Event) -> None:
    line.recv(5)


def answering(text: bytes) -> Callable[[socket.socket, Event], None]:
    """Reads to the end of the stream, then says this."""

    def behave(line: socket.socket, over: Event) -> None:
        heard = b""
        while not heard.endswith(b"\0\0\0\0") and (more := line.recv(65536)):
            heard += more
        line.sendall(text)

    return behave
