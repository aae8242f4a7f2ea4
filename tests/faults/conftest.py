"""What the tests of faults share: a server process over the test's database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories import World
from tests.faults.server import Server


@pytest.fixture
def committed(transactional_db: None) -> World:
    """A world that another process sees."""
    return World()


@pytest.fixture
def server(committed: World, tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path) as running:
        yield running
