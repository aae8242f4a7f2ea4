"""The stories of the demonstration did not all happen at one moment: they are told by a clock set back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.utils import timezone

now = timezone.now


@contextmanager
def ago(days: int) -> Iterator[None]:
    """Whatever is done here is done so many days ago, counted from today, however deep one stands in another.

    Only this process reads the clock so; the history, which asks nobody else, stays in order and can be verified.
    """
    before = timezone.now
    timezone.now = lambda: now() - timedelta(days=days)
    try:
        yield
    finally:
        timezone.now = before
