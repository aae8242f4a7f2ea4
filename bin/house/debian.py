"""Debian packages: installed as root, unpacked below .venv/native without, or named in a sentence."""

import os
import shutil
import subprocess
from pathlib import Path

from house.places import NATIVE, say

QUIET = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
_refreshed: set[str] = set()


def is_root() -> bool:
    """Whether packages may be installed for the whole machine."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def here() -> bool:
    """Whether this machine has Debian's package tools."""
    return bool(shutil.which("apt-get") and shutil.which("dpkg-deb"))


def by_hand(packages: list[str]) -> str:
    """The line that somebody with the right to do so can type."""
    return "sudo apt-get install --no-install-recommends " + " ".join(packages)


def install(packages: list[str]) -> bool:
    """Install for the machine, as root; False when that is not possible, for whatever reason."""
    if not (is_root() and here()):
        return False
    say(f"Installing {', '.join(packages)} ...")
    return _refresh() and _apt("install", "--yes", "--no-install-recommends", *packages) is not None


def unpack(packages: list[str]) -> bool:
    """Put packages, and what they need that is absent, below .venv/native: no rights needed."""
    if not here():
        return False
    say(f"Unpacking {', '.join(packages)} below .venv/native ...")
    own = _own_state(NATIVE / "apt")
    planned = _refresh(*own) and _apt(*own, "install", "--simulate", "--no-install-recommends", *packages)
    wanted = [line.split()[1] for line in (planned or "").splitlines() if line.startswith("Inst ")]
    downloads = NATIVE / "downloads"
    downloads.mkdir(parents=True, exist_ok=True)
    if not wanted or _apt(*own, "download", *wanted, cwd=downloads) is None:
        return False
    extracted = [_extract(package) for package in sorted(downloads.glob("*.deb"))]
    shutil.rmtree(downloads)
    return all(extracted)


def _own_state(folder: Path) -> list[str]:
    """Options that give apt lists and a cache of our own, beside the machine's list of installed packages."""
    for name in ("lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return [
        *("-o", f"Dir::State::lists={folder / 'lists'}"),
        *("-o", f"Dir::Cache={folder / 'cache'}"),
        *("-o", "Debug::NoLocking=1"),
    ]


def _refresh(*options: str) -> bool:
    """Fetch the package lists, once in a run."""
    key = " ".join(options)
    if key not in _refreshed and _apt(*options, "update") is not None:
        _refreshed.add(key)
    return key in _refreshed


def _apt(*arguments: str, cwd: Path | None = None) -> str | None:
    """What apt-get printed, or None with its last words said."""
    command = ["apt-get", "-q", *arguments]
    environment = {**os.environ, **QUIET}
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,
        )
    except (OSError, subprocess.SubprocessError) as fault:
        say(f"  apt-get could not be run: {fault}")
        return None
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no reason given"]
        say(f"  apt-get did not succeed: {last[0]}")
        return None
    return done.stdout


def _extract(package: Path) -> bool:
    return subprocess.run(["dpkg-deb", "-x", package, NATIVE], capture_output=True).returncode == 0
