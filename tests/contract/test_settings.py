"""The settings refuse to start unsafe, in a process of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.own_database

ROOT = Path(__file__).resolve().parents[2]
SAFE = {
    "SECRET_KEY": "k" * 60,
    "DEMO": "0",
    "DEBUG": "0",
    "ALLOWED_HOSTS": "desk.example",
    "DATABASE_URL": "sqlite:///x",
}


def start(**changes: str) -> tuple[int, str]:
    """Import the settings with this environment; status and the last line that was said."""
    environment = {**os.environ, **SAFE, **changes}
    done = subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr.strip().rpartition("\n")[2]


def test_a_safe_environment_starts() -> None:
    assert start() == (0, "")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"DEBUG": "1"}, "DEBUG is on while ALLOWED_HOSTS names a public host"),
        ({"DEMO": "1"}, "DEMO is on while ALLOWED_HOSTS names a public host"),
        ({"DEBUG": "1", "ALLOWED_HOSTS": "*"}, "DEBUG is on while ALLOWED_HOSTS names a public host"),
        (
            {"WEBHOOKS_ALLOW_LOOPBACK": "1"},
            "WEBHOOKS_ALLOW_LOOPBACK is on while ALLOWED_HOSTS names a public host",
        ),
        ({"DATABASE_URL": "sqlite:///x?transaction_mode=DEFERRED"}, "SQLite must run with"),
        ({"DATABASE_URL": "sqlite:///x?init_command=PRAGMA%20journal_mode=DELETE"}, "SQLite must run with"),
    ],
)
def test_an_unsafe_environment_does_not(changes: dict[str, str], sentence: str) -> None:
    status, said = start(**changes)
    assert status == 1
    assert sentence in said
