"""Where things stand in a clone, and how the scripts speak."""

import sys
from pathlib import Path
from typing import NoReturn

TOP = Path(__file__).resolve().parents[2]
VENV = TOP / ".venv"
NATIVE = VENV / "native"
VAR = TOP / "var"
Command = list[str | Path]
PYTHON = VENV / "bin" / "python"


def say(sentence: str) -> None:
    """One line to the person at the terminal, at once."""
    print(sentence, flush=True)


def leave(sentence: str, status: int = 2) -> NoReturn:
    """End with a sentence instead of a traceback."""
    print(sentence, file=sys.stderr, flush=True)
    raise SystemExit(status)


def tail(file: Path, lines: int = 25) -> str:
    """The last lines of a log."""
    if not file.exists():
        return ""
    return "\n".join(file.read_text(errors="replace").splitlines()[-lines:])
