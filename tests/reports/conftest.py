"""A machine without Pango, as far as a test can be on one: what stands under its name is no library."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reports import pdf


@pytest.fixture
def no_pango(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    (tmp_path / "libpango-1.0.so.0").touch()
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))
    pdf.end_presses()
    yield
    pdf.end_presses()
