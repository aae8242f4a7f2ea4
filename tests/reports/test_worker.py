"""A worker that is killed in the middle loses nothing and doubles nothing: a real process, a real kill."""

import fcntl
import os
import shutil
import signal
import socketserver
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from threading import Event, Thread
from typing import Any

import pytest

pytestmark = pytest.mark.own_database

ROOT = Path(__file__).parents[2]
SETUP = """
from tests.factories import World
from intake.actions.reference import load_reference
load_reference()
World().enquiry()
"""


class Conversation(socketserver.StreamRequestHandler):
    """Just enough SMTP; after the message it hangs until it is let go."""

    server: "MailServer"

    def handle(self) -> None:
        self.say("220 test")
        for line in self.rfile:
            verb = line.decode().strip().upper()
            if verb == "DATA":
                self.take_message()
            self.say("221 bye" if verb == "QUIT" else "250 ok")
            if verb == "QUIT":
                return

    def take_message(self) -> None:
        self.say("354 go on")
        lines = iter(self.rfile.readline, b".\r\n")
        self.server.received.put(b"".join(lines).decode())
        self.server.answering.wait(60)

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.received: Queue[str] = Queue()
        self.answering = Event()


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.answering.set()
    server.shutdown()
    server.server_close()


class House:
    """An installation of its own, with its own database, run by its own commands."""

    def __init__(self, folder: Path, port: int) -> None:
        self.file = folder / "house.sqlite3"
        self.workers: list[subprocess.Popen[bytes]] = []
        self.env = {
            **os.environ,
            "SECRET_KEY": "for-this-test-only-0123456789-0123456789",
            "DEMO": "1",
            "DATABASE_URL": f"sqlite:///{self.file}",
            "VAR_DIR": str(folder),
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        }

    def command(self, *args: str) -> list[str]:
        return [sys.executable, str(ROOT / "manage.py"), *args]

    def run(self, *args: str) -> str:
        done = subprocess.run(
            self.command(*args),
            env=self.env,
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return done.stdout

    def start_worker(self) -> subprocess.Popen[bytes]:
        worker = subprocess.Popen(self.command("work"), env=self.env, cwd=ROOT, stderr=subprocess.DEVNULL)
        self.workers.append(worker)
        return worker

    def end(self) -> None:
        """None of its processes outlives the test, however it went."""
        for worker in self.workers:
            worker.kill()
            worker.wait(10)

    def ask(self, sql: str) -> Any:
        connection = sqlite3.connect(self.file, timeout=20)
        try:
            with connection:
                return connection.execute(sql).fetchone()
        finally:
            connection.close()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that `migrate` made, once for all test processes: it is the longest part of an installation."""
    base = tmp_path_factory.getbasetemp()
    # Of several processes each has a folder of its own in that of the run; of one, the parent outlives the run.
    folder = (base.parent if "PYTEST_XDIST_TESTRUNUID" in os.environ else base) / "migrated"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = House(folder, port=0)
        if not made.file.exists():
            made.run("migrate", "--verbosity", "0")
    return made.file


@pytest.fixture
def house(tmp_path: Path, migrated: Path, mail_server: MailServer) -> Iterator[House]:
    made = House(tmp_path, mail_server.server_address[1])
    shutil.copy(migrated, made.file)
    made.run("shell", "-c", SETUP)
    yield made
    made.end()


def message_id(message: str) -> str:
    return next(line for line in message.splitlines() if line.lower().startswith("message-id:"))


def test_killed_while_it_sends_it_is_taken_up_again_with_one_document(
    house: House, mail_server: MailServer
) -> None:
    worker = house.start_worker()
    first = mail_server.received.get(timeout=60)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait(timeout=20)
    assert house.ask("select attempts, sent_at from intake_notification") == (1, None)
    house.ask("update intake_notification set leased_until = '2026-01-01 00:00:00'")
    mail_server.answering.set()
    house.run("work", "--once")
    second = mail_server.received.get(timeout=20)
    assert message_id(first) == message_id(second)
    assert house.ask("select count(*) from reports_document") == (1,)
    assert house.ask("select attempts, sent_at is not null, parked_at from intake_notification") == (
        2,
        1,
        None,
    )


def test_told_to_end_it_finishes_the_letter_in_hand(house: House, mail_server: MailServer) -> None:
    worker = house.start_worker()
    mail_server.received.get(timeout=60)
    worker.send_signal(signal.SIGTERM)
    mail_server.answering.set()
    assert worker.wait(timeout=20) == 0
    assert house.ask("select sent_at is not null from intake_notification") == (1,)
