"""Every command that measures, or runs long, can still be started: nothing else of the suite reads those files."""

import importlib
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
COMMANDS = [
    ".".join(file.relative_to(TOP).with_suffix("").parts)
    for room in ("benchmarks", "faults")
    for file in sorted((TOP / "tests" / room).glob("[a-z]*.py"))
    if "def main(" in file.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("command", COMMANDS)
def test_its_parts_are_all_there(command: str) -> None:
    assert callable(importlib.import_module(command).main)
