"""Children of a script: started with their own session and log, and always ended."""

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO, Self

PR_SET_PDEATHSIG = 1


class Child:
    """A process in a session of its own, so that Ctrl-C reaches only the script, which then ends it."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str],
        cwd: Path,
        log: Path | None = None,
        user: int | None = None,
        stop_with: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name = name
        self.log = log
        self.stop_with = stop_with
        output: IO[bytes] | None = log.open("wb") if log else None
        as_user = {} if user is None else {"user": user, "group": _group_of(user), "extra_groups": []}
        self.process = subprocess.Popen(
            [str(part) for part in command],
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            **as_user,  # type: ignore[call-overload]
        )
        if output:
            output.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.end()

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def wait(self) -> int:
        status: int = self.process.wait()
        return status

    def end(self, patience: float = 10) -> None:
        """Ask, wait, then insist; the last word goes to the whole session, which is all ours."""
        if self.alive:
            self.process.send_signal(self.stop_with)
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)


def run(command: Sequence[str | Path], *, env: Mapping[str, str], cwd: Path, log: Path | None = None) -> int:
    """Run one child to its end and give its status; Ctrl-C ends it first."""
    with Child(Path(command[0]).name, command, env=env, cwd=cwd, log=log) as child:
        return child.wait()


def end_like_ctrl_c() -> None:
    """Let SIGTERM and SIGHUP take the same way out as Ctrl-C, so that children are ended."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)


def _end_with_parent() -> None:
    """Should the script be killed outright, the kernel ends its children (Linux)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _group_of(user: int) -> int:
    return pwd.getpwuid(user).pw_gid
