"""Why an action was refused: each becomes one status at the API's edge, and the same sentence on a page."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from intake.checks import Fault


class Refused(Exception):
    """An action was refused; `detail` is a sentence a person can read."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class NotFound(Refused):
    """It does not exist, or not for you: the same answer (404)."""

    def __init__(self, detail: str = "There is nothing here that you can see.") -> None:
        super().__init__(detail)


class Forbidden(Refused):
    """You see it, and may not do this (403)."""


class NotPossible(Refused):
    """You may, but not in this state (409); says what is possible instead."""

    def __init__(self, detail: str, *, status: str, transitions: Sequence[str] = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.transitions = list(transitions)
        # Who made it so, and when: for somebody who was about to do something else.
        self.changed_by = ""
        self.changed_at: datetime | None = None


class Stale(Refused):
    """Somebody changed it since you read it (412).

    Of an amendment: `current` are the members that were sent, as they stand now; `yours`, as they were sent.
    """

    def __init__(self, *, changed_by: str, changed_at: datetime | None, etag: str = "") -> None:
        super().__init__("This was changed since you read it. Read it again, then repeat what still applies.")
        self.changed_by = changed_by
        self.changed_at = changed_at
        self.etag = etag
        self.current: dict[str, Any] = {}
        self.yours: dict[str, Any] = {}


class Repeated(Refused):
    """The same thing was sent before (409), or the same key with other content (422)."""

    def __init__(self, detail: str, *, reference: str) -> None:
        super().__init__(detail)
        self.reference = reference


class KeyReused(Refused):
    """An Idempotency-Key came back with other content (422)."""


class Invalid(Refused):
    """What was sent breaks the rules; every fault at once (422)."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("Some of the answers need another look." if len(faults) > 1 else faults[0].detail)
        self.faults = list(faults)


class Unavailable(Refused):
    """We cannot do this at the moment; try again later (503)."""
