"""A machine without Pango, as far as a test can be on one: the import of WeasyPrint fails as it does there."""

import builtins
from collections.abc import Iterator
from typing import Any

import pytest

from reports import pdf


@pytest.fixture
def no_pango(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    real = builtins.__import__

    def no_weasyprint(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("weasyprint"):
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *args, **kwargs)

    pdf.press.cache_clear()
    monkeypatch.setattr(builtins, "__import__", no_weasyprint)
    yield
    pdf.press.cache_clear()
