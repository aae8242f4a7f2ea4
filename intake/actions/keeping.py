"""Typed words outlive a session: kept when it had ended, given back after signing in again."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from secrets import token_urlsafe

from django.db import transaction
from django.utils import timezone

from intake.models import Kept, User

KEPT_FOR = timedelta(hours=1)


@transaction.atomic
def keep(*, by: User, path: str, typed: Mapping[str, Sequence[str]]) -> str:
    """Keep a form for the person whose page it was; returns under which token."""
    token = token_urlsafe(32)
    Kept.objects.filter(user=by, path=path).delete()
    Kept.objects.create(token=token, user=by, path=path, typed=dict(typed), at=timezone.now())
    return token


def waiting(*, by: User, path: str) -> Kept | None:
    """What this person has typed on this page and neither sent nor taken back."""
    rows = Kept.objects.visible_to(by).filter(path=path, at__gt=timezone.now() - KEPT_FOR)
    found: Kept | None = rows.first()
    return found


def drop(*, by: User, path: str) -> None:
    """It was sent: nothing is to be brought back."""
    Kept.objects.visible_to(by).filter(path=path).delete()


@transaction.atomic
def take(*, by: User, path: str, token: str) -> dict[str, list[str]]:
    """Give it back, once, to the same person on the same page."""
    rows = Kept.objects.visible_to(by).filter(token=token, path=path, at__gt=timezone.now() - KEPT_FOR)
    found = rows.first()
    if found is None:
        return {}
    found.delete()
    typed: dict[str, list[str]] = found.typed
    return typed


def forget(now: datetime) -> int:
    """The worker's round: what nobody came back for."""
    return Kept.objects.filter(at__lt=now - KEPT_FOR).delete()[0]
