"""bin/demo: from a clone to a desk that answers, with one enquiry walked through."""

import argparse
import fcntl
import http.client
import json
import shutil
import socket
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from house import environment, native, packages, processes
from house.places import PYTHON, TOP, VAR, Command, leave, say, tail

MANAGE: Command = [PYTHON, TOP / "manage.py"]
LOGS = VAR / "log"
ENTERED = ("referraldesk.sqlite3*", "attachments", "documents", "mail", "demo")
PATIENCE = 90


def main(arguments: Sequence[str]) -> int:
    """The exit status is the walk's; Ctrl-C ends the serving, and is a good end."""
    wanted = _wanted(arguments)
    processes.end_like_ctrl_c()
    try:
        with ExitStack() as stack:
            return _demonstrate(wanted, stack)
    except KeyboardInterrupt:
        say("\nStopped. What was entered stands in var/ and is there again next time.")
        return 0 if not wanted.once else 130


def _wanted(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/demo", description="Set up, walk an enquiry through, and serve."
    )
    parser.add_argument("--once", action="store_true", help="end after the walk; the exit status tells")
    parser.add_argument(
        "--enquiry", type=Path, metavar="FILE", help="walk the enquiry in this JSON file instead"
    )
    parser.add_argument("--port", type=int, default=8000, help="where to serve on 127.0.0.1 (default 8000)")
    parser.add_argument(
        "--fresh", action="store_true", help="forget what was entered under var/ and begin anew"
    )
    wanted = parser.parse_args(arguments)
    if wanted.enquiry:
        wanted.enquiry = wanted.enquiry.absolute()
        _check_enquiry(wanted.enquiry)
    if not 1 <= wanted.port <= 65535:
        leave(f"There is no port {wanted.port}: give one from 1 to 65535.")
    return wanted


def _check_enquiry(file: Path) -> None:
    try:
        body = json.loads(file.read_text(encoding="utf-8"))
    except OSError as fault:
        leave(f"The enquiry {file} cannot be read: {fault.strerror}.")
    except (ValueError, RecursionError):
        leave(f"The enquiry {file} is not JSON in UTF-8.")
    if not isinstance(body, dict):
        leave(f"The enquiry {file} is JSON, but not an object.")


def _demonstrate(wanted: argparse.Namespace, stack: ExitStack) -> int:
    _need_port(wanted.port)
    packages.prepare(packages.RUNTIME)
    native.prepare()
    stack.enter_context(_hold_var(alone=wanted.fresh))
    if wanted.fresh:
        forget()
    env = environment.demonstration(wanted.port)
    LOGS.mkdir(parents=True, exist_ok=True)
    say("Preparing the database, the reference data and the static files ...")
    for step in (["migrate", "--noinput"], ["load_reference"], ["collectstatic", "--noinput"]):
        _manage(step, env)
    children = [stack.enter_context(child) for child in _start(wanted.port, env)]
    _wait_until_ready(wanted.port, children)
    status = _walk(wanted, env)
    if wanted.once or status:
        return status
    return _serve(wanted.port, children)


def _need_port(port: int) -> None:
    with socket.socket() as probe:
        # As a server would ask: a port that was just given up is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            leave(f"Port {port} may not be used without more rights. Another one: bin/demo --port 8001")
        except OSError:
            leave(f"Port {port} on 127.0.0.1 is in use. Another one: bin/demo --port {port % 65535 + 1}")


def _hold_var(*, alone: bool) -> IO[str]:
    """Several may serve from one var/, but nobody empties it under another's feet."""
    held = (VAR / "demo.lock").open("w")
    try:
        fcntl.flock(held, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError:
        leave("Another bin/demo is running on this clone. Stop it before you begin anew with --fresh.")
    return held


def forget() -> None:
    """Remove what was entered; links are removed, never followed."""
    for pattern in ENTERED:
        for found in VAR.glob(pattern):
            if found.is_dir() and not found.is_symlink():
                shutil.rmtree(found)
            else:
                found.unlink()


def _manage(step: list[str], env: dict[str, str]) -> None:
    log = LOGS / f"{step[0]}.log"
    if processes.run([*MANAGE, *step], env=env, cwd=TOP, log=log):
        leave(f"manage.py {step[0]} did not succeed. The end of var/log/{log.name}:\n{tail(log)}", 1)


def _start(port: int, env: dict[str, str]) -> list[processes.Child]:
    serve = [
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        "1",
    ]
    serve += ["--blocking-threads", "8", "--no-access-log", "config.wsgi:application"]
    commands: dict[str, Command] = {"server": [PYTHON, *serve], "worker": [*MANAGE, "work"]}
    return [
        processes.Child(name, command, env=env, cwd=TOP, log=LOGS / f"{name}.log")
        for name, command in commands.items()
    ]


def _wait_until_ready(port: int, children: list[processes.Child]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        _need_alive(children)
        if _ready(port):
            return
        time.sleep(0.1)
    leave(
        f"The server was not ready in {PATIENCE} seconds. The end of its log:\n{tail(LOGS / 'server.log')}",
        1,
    )


def _ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/ready/")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _need_alive(children: list[processes.Child]) -> None:
    for child in children:
        if not child.alive:
            log = LOGS / f"{child.name}.log"
            leave(f"The {child.name} ended by itself. The end of var/log/{log.name}:\n{tail(log)}", 1)


def _walk(wanted: argparse.Namespace, env: dict[str, str]) -> int:
    """The steps are printed by the child; with --enquiry it walks that body."""
    command: Command = [*MANAGE, "demo", "--url", f"http://127.0.0.1:{wanted.port}"]
    if wanted.enquiry:
        command += ["--enquiry", wanted.enquiry]
    return processes.run(command, env=env, cwd=TOP)


def _serve(port: int, children: list[processes.Child]) -> int:
    say(f"Serving http://127.0.0.1:{port}/ until Ctrl-C. Logs: var/log/.")
    while True:
        _need_alive(children)
        time.sleep(1)
