"""One name for equal input, in whatever order it came."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from referrals.matching import Candidate
from referrals.planner.terms import Waiting


def fingerprint(waiting: Iterable[Waiting], services: Iterable[Candidate]) -> str:
    """SHA-256 over all that a plan looks at."""
    parts = sorted(told(one) for one in (*waiting, *services))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def told(value: Any) -> str:
    """The same words for the same content: sets and mappings have no order."""
    if is_dataclass(value):
        return f"({','.join(told(getattr(value, part.name)) for part in fields(value))})"
    if isinstance(value, Mapping):
        return f"{{{','.join(sorted(f'{told(key)}:{told(one)}' for key, one in value.items()))}}}"
    if isinstance(value, frozenset | set):
        return f"{{{','.join(sorted(map(told, value)))}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join(sorted(map(told, value)))}]"
    return repr(value)
