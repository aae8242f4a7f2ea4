"""A real worker process over the test's own database, to be killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

from django.conf import settings

from tests.faults.server import TOP, database_url

PATIENCE = 300


class Worker:
    """`manage.py work` in a session of its own, so that a kill takes the whole of it."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "worker.log"
        self.environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "SECRET_KEY": settings.SECRET_KEY,
            "VAR_DIR": str(folder),
            "DEMO": "1",
            "DEBUG": "0",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Worker":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(TOP / "manage.py"), "work"],
                cwd=TOP,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """SIGKILL: nothing is tidied up."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def until(self, it_is_so: Callable[[], bool]) -> None:
        """As long as it works."""
        end = monotonic() + PATIENCE
        while not it_is_so():
            assert self.process is not None
            assert self.process.poll() is None, self.log.read_text(errors="replace")
            assert monotonic() < end, self.log.read_text(errors="replace")
            sleep(0.02)
