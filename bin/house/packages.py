"""The virtual environment: made once, hash-checked, known by a stamp, made anew when it is half made."""

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from house import debian
from house.places import PYTHON, TOP, VAR, VENV, Command, leave, say

RUNTIME = TOP / "requirements.lock"
DEVELOPMENT = TOP / "requirements-dev.lock"
STAMP = VENV / "stamp.json"
UNFINISHED = VENV / "unfinished"


def prepare(lock: Path) -> None:
    """See that .venv holds every package of the lock."""
    if not lock.exists():
        leave(f"{lock.name} is missing: this clone is not whole.")
    need_own_clone()
    # Two commands started together must not fill the same folder.
    with (VAR / "setup.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not _ready(lock):
            _make(lock)


def need_own_clone() -> None:
    """Everything is kept inside the clone: in .venv and in var/."""
    if VAR.is_symlink():
        leave("var is a link to somewhere else; the scripts need a folder of their own. Please remove it.")
    try:
        VAR.mkdir(exist_ok=True)
    except OSError as fault:
        leave(f"The folder var cannot be made in {TOP}: {fault.strerror}.")
    for folder in (TOP, VAR, *filter(Path.exists, [VENV])):
        if not os.access(folder, os.W_OK):
            leave(f"{folder} may not be written by this user. Please make a clone of your own.")


def _ready(lock: Path) -> bool:
    return (
        PYTHON.exists() and not UNFINISHED.exists() and _stamp().get(lock.name) == _stamp_for(lock)[lock.name]
    )


def _stamp() -> dict[str, str]:
    try:
        written: dict[str, str] = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return written


def _stamp_for(lock: Path) -> dict[str, str]:
    """The development lock holds all of the runtime lock, so it stands for both."""
    locks = [RUNTIME, DEVELOPMENT] if lock == DEVELOPMENT else [lock]
    return {each.name: f"{_version()} {hashlib.sha256(each.read_bytes()).hexdigest()}" for each in locks}


def _version() -> str:
    return "{}.{}".format(*sys.version_info)


def _make(lock: Path) -> None:
    if not _sound():
        _create()
    UNFINISHED.touch()
    uv = shutil.which("uv")
    say(f"Installing the packages of {lock.name} ({'uv' if uv else 'pip'}, hash-checked) ...")
    # uv is the quicker way, never the only one.
    if not uv or _tried([uv, *_uv_install(lock)]):
        _run([*_pip(), *_pip_install(lock)], "The packages could not be installed")
    STAMP.write_text(json.dumps(_stamp_for(lock), indent=1))
    UNFINISHED.unlink()


def _sound() -> bool:
    """Whether the environment starts, is of this Python, and was not left half filled."""
    if not PYTHON.exists() or UNFINISHED.exists():
        return False
    ask: Command = [PYTHON, "-c", "import sys; print('%d.%d' % sys.version_info[:2], sys.prefix)"]
    asked = subprocess.run(ask, capture_output=True, text=True)
    return asked.returncode == 0 and asked.stdout.strip() == f"{_version()} {VENV}"


def _create() -> None:
    # Not the running one when that is itself an environment, perhaps the very one to be replaced.
    base = getattr(sys, "_base_executable", None) or sys.executable
    shutil.rmtree(VENV, ignore_errors=True)
    say(f"Making .venv with Python {_version()} ...")
    uv = shutil.which("uv")
    if not uv or _tried([uv, "venv", "--quiet", "--python", base, VENV]):
        _need_ensurepip()
        _run([base, "-m", "venv", VENV], "The virtual environment could not be made")


def _need_ensurepip() -> None:
    """Debian keeps this part of Python in a package of its own."""
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        return
    package = f"python{_version()}-venv"
    if not debian.install([package]):
        leave(f"Python's venv module is not installed. Please run:\n  {debian.by_hand([package])}")
    importlib.invalidate_caches()


def _pip() -> Command:
    """pip of the environment; one made by uv has none yet."""
    if subprocess.run([PYTHON, "-c", "import pip"], capture_output=True).returncode:
        _run([PYTHON, "-m", "ensurepip", "--default-pip"], "pip could not be put into .venv")
    return [PYTHON, "-m", "pip"]


def _pip_install(lock: Path) -> Command:
    options = ["--quiet", "--disable-pip-version-check", "--no-input", "--compile"]
    return ["install", *options, "--require-hashes", "--only-binary", ":all:", "-r", lock]


def _uv_install(lock: Path) -> Command:
    options: Command = ["--quiet", "--compile-bytecode", "--python", PYTHON]
    return ["pip", "install", *options, "--require-hashes", "--only-binary", ":all:", "-r", lock]


def _run(command: Command, failure: str) -> None:
    words = _tried(command)
    if words:
        leave(f"{failure}. Is the package index reachable? The tool's last words:\n{words}", 1)


def _tried(command: Command) -> str:
    """Run to the end in silence; nothing when it went well, else the tool's last words."""
    # A machine that forbids .pyc files would start four times as slowly, each time.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    # Councils' networks often have a certificate authority of their own, known to the system only.
    environment = {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1", **environment}
    done = subprocess.run(
        command,
        cwd=TOP,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    said = (done.stderr or done.stdout).strip().splitlines()[-6:] or [
        f"it ended with status {done.returncode}"
    ]
    return "\n".join(said) if done.returncode else ""
