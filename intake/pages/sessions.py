"""How long somebody stays signed in: so many minutes after their last act, and never longer than a day's hours."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils import timezone

BEGAN, ACTED = "began", "acted"
# The last act is written down at most so often.
NOTED_EVERY = timedelta(minutes=1)
# So long before the end a page says that it comes; of a short session a third of it.
WARNING = timedelta(minutes=5)
ADDRESS = "/account/session/"
# What a page asks by itself says so; it is nobody's act.
UNATTENDED = "X-Unattended"


def hold(request: HttpRequest, now: datetime) -> None:
    """End the session whose time is over; note the act of somebody whose is not."""
    if not request.user.is_authenticated:
        return
    end = ends_at(request)
    if end is not None and now >= end:
        logout(request)
    elif end is None or is_an_act(request):
        act(request, now)


def is_an_act(request: HttpRequest) -> bool:
    """A page that somebody opened or sent. Not the API, and not what an open page asks by itself."""
    return not request.path.startswith(("/api/", ADDRESS)) and UNATTENDED not in request.headers


def act(request: HttpRequest, now: datetime) -> None:
    session = request.session
    session.setdefault(BEGAN, now.timestamp())
    if now.timestamp() - session.get(ACTED, 0) >= NOTED_EVERY.total_seconds():
        session[ACTED] = now.timestamp()


def ends_at(request: HttpRequest) -> datetime | None:
    """When the session ends unless somebody acts; nothing is known of one that has just begun."""
    acted = request.session.get(ACTED)
    if acted is None:
        return None
    return min(moment(acted) + timedelta(minutes=settings.SESSION_IDLE_MINUTES), last(request))


def last(request: HttpRequest) -> datetime:
    """When it ends whatever somebody does."""
    return moment(request.session.get(BEGAN, 0)) + timedelta(seconds=settings.SESSION_COOKIE_AGE)


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def standing(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """As a page says it: seconds left, of those the last ones with a warning, the time, whether it can be put off."""
    end = ends_at(request) or now
    return {
        "seconds": max(0, int((end - now).total_seconds())),
        "warning": int(min(WARNING, timedelta(minutes=settings.SESSION_IDLE_MINUTES) / 3).total_seconds()),
        "until": timezone.localtime(end).strftime("%H:%M"),
        "final": end >= last(request),
    }
