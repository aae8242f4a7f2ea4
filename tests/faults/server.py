"""A real server process on loopback, over the test's own database, and callers that retry as case systems do."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.test import Client

from intake.limits import Purpose
from intake.models import ApiClient, User

TOP = Path(__file__).resolve().parents[2]
PATIENCE = 60
# More calls than a test makes.
UNLIMITED = ",".join(f"{purpose}=1000000/60" for purpose in Purpose)
# On PostgreSQL the call itself is counted by one statement more; beside SQLite in another file.
COUNTED = 1 if connection.vendor == "postgresql" else 0


def database_url() -> str:
    """The database of this very process, as the server's environment names it."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{quote(str(database['NAME']))}"
    user, host = quote(str(database["USER"] or ""), safe=""), str(database["HOST"] or "")
    password = f":{quote(str(database['PASSWORD']), safe='')}" if database["PASSWORD"] else ""
    if host.startswith("/"):
        return f"postgres://{user}{password}@/{host}/{quote(str(database['NAME']))}"
    port = f":{database['PORT']}" if database["PORT"] else ""
    return f"postgres://{user}{password}@{host}{port}/{quote(str(database['NAME']))}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """granian as in production: its own session, so that a kill takes the whole of it."""

    def __init__(self, folder: Path, workers: int = 1, **environment: str) -> None:
        self.port = free_port()
        self.workers = workers
        self.log = folder / "server.log"
        self.environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "SECRET_KEY": settings.SECRET_KEY,
            "VAR_DIR": str(folder),
            "DEMO": "1",
            "DEBUG": "0",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "LIMITS": UNLIMITED,
            **environment,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Server":
        self.start()
        self.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)]
        options += ["--workers", str(self.workers)]
        options += ["--blocking-threads", "8", "--no-access-log", "--log-level", "warning"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "granian", *options, "config.wsgi:application"],
                cwd=TOP,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                if call(self.port, "GET", "/health/ready/", {}).status == 200:
                    return
            except OSError:
                pass
            assert self.process is not None
            assert self.process.poll() is None, self.log.read_text(errors="replace")
            time.sleep(0.05)
        raise AssertionError(f"The server was not ready:\n{self.log.read_text(errors='replace')}")

    def kill(self) -> None:
        """SIGKILL to all of it: nothing is tidied up."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    data: Any = field(default_factory=dict)


def call(port: int, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
    """One request on a connection of its own; OSError when the server went away."""
    connection_ = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        kind = {"Content-Type": "application/json"} if body is not None else {}
        connection_.request(method, path, body, {**headers, **kind})
        response = connection_.getresponse()
        content = response.read()
        received = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, received, json.loads(content) if content else None)
    except http.client.HTTPException as fault:
        raise ConnectionError(type(fault).__name__) from None
    finally:
        connection_.close()


def bearer(client: tuple[ApiClient, str]) -> dict[str, str]:
    """A case system's token, got in this process: hashing is cheap in tests, and unknown to the server."""
    application, secret = client
    form = {"grant_type": "client_credentials", "client_id": application.client_id, "client_secret": secret}
    return {
        "Authorization": f"Bearer {Client(HTTP_HOST='127.0.0.1').post('/oauth/token/', form).json()['access_token']}"
    }


def session(user: User) -> dict[str, str]:
    """A person's session of the pages, with its CSRF token."""
    browser = Client()
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    token = "a" * 32
    cookie = f"sessionid={browser.cookies['sessionid'].value}; csrftoken={token}"
    return {"Cookie": cookie, "X-CSRFToken": token}
