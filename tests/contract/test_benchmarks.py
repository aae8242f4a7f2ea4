"""Every command that measures can still be started: nothing else of the suite reads those files."""

import importlib
from pathlib import Path

import pytest

import tests.benchmarks
from tests import faults

COMMANDS = [
    *(
        f"tests.benchmarks.{file.stem}"
        for file in sorted(Path(tests.benchmarks.__path__[0]).glob("[a-z]*.py"))
    ),
    *(f"tests.faults.{file.stem}" for file in sorted(Path(faults.__path__[0]).glob("soak*.py"))),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_its_parts_are_all_there(command: str) -> None:
    assert callable(importlib.import_module(command).main)
