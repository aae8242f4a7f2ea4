"""A PostgreSQL cluster for one run: on a socket in a temporary folder, gone afterwards."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from house import debian, processes
from house.environment import base
from house.places import NATIVE, Command, leave, tail

PACKAGE = "postgresql"
HASTY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
ALWAYS = (
    "listen_addresses=",
    "max_connections=200",
    "shared_buffers=128MB",
    "timezone=UTC",
    "log_timezone=UTC",
)


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """The URL of a database that lives as long as the block; durable keeps fsync, as benchmarks need."""
    programs = find() or leave(f"PostgreSQL is not installed. Please run:\n  {debian.by_hand([PACKAGE])}")
    # A socket's path has at most 107 characters, and some temporary folders are deep.
    folder = Path(tempfile.mkdtemp(prefix="referral-desk-", dir="/tmp" if Path("/tmp").is_dir() else None))
    owner = _owner()
    try:
        if owner is not None:
            os.chown(folder, owner, pwd.getpwuid(owner).pw_gid)
        _create(programs, folder, owner)
        with _start(programs, folder, owner, durable) as server:
            _wait_until_it_answers(programs, folder, server)
            yield f"postgres://postgres@/{folder}/postgres"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find() -> Path | None:
    """The folder of the newest server programs, as installed, as unpacked or on the PATH."""
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *NATIVE.glob("usr/lib/postgresql/*/bin")]
    found = [folder for folder in folders if (folder / "initdb").exists()]
    if found:
        return max(found, key=lambda folder: int(folder.parent.name))
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def _owner() -> int | None:
    """PostgreSQL refuses to run as root: then it runs as its own user, or as nobody."""
    if not debian.is_root():
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    return leave("PostgreSQL cannot run as root here, and there is no user named postgres or nobody.")


def _create(programs: Path, folder: Path, owner: int | None) -> None:
    options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    log = folder.with_name(folder.name + ".initdb.log")
    command: Command = [programs / "initdb", "--pgdata", folder / "data", *options]
    try:
        with processes.Child("initdb", command, env=base(), cwd=folder, log=log, user=owner) as child:
            if child.wait():
                leave(f"PostgreSQL could not make a cluster. Its last words:\n{tail(log)}", 1)
    finally:
        log.unlink(missing_ok=True)


def _start(programs: Path, folder: Path, owner: int | None, durable: bool) -> processes.Child:
    settings = [*ALWAYS, f"unix_socket_directories={folder}", *(() if durable else HASTY)]
    command: Command = [
        programs / "postgres",
        "-D",
        folder / "data",
        *(part for each in settings for part in ("-c", each)),
    ]
    log = folder / "server.log"
    return processes.Child(
        "postgresql", command, env=base(), cwd=folder, log=log, user=owner, stop_with=signal.SIGINT
    )


def _wait_until_it_answers(programs: Path, folder: Path, server: processes.Child) -> None:
    until = time.monotonic() + 30
    while server.alive and time.monotonic() < until:
        asked = subprocess.run([programs / "pg_isready", "-q", "-h", folder], env=base(), cwd="/")
        if asked.returncode == 0:
            return
        time.sleep(0.1)
    server.end()
    leave(f"PostgreSQL did not start. Its last words:\n{tail(folder / 'server.log')}", 1)
