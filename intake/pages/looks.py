"""How rows of a list look: comfortable or compact, as last chosen, remembered in a cookie."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from intake.pages.paging import asked

NAME, COMPACT, COMFORTABLE = "rows", "compact", "comfortable"
A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Look:
    """The look chosen now, if any, and the one in force."""

    chosen: str
    compact: bool
    other: str

    @property
    def context(self) -> dict[str, Any]:
        return {"compact": self.compact, "other_look": self.other}

    def remembered(self, response: HttpResponse) -> HttpResponse:
        """It says nothing about anybody, and is sent to our own pages only."""
        if self.chosen:
            response.set_cookie(
                NAME,
                self.chosen,
                max_age=A_YEAR,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response


def look(request: HttpRequest) -> Look:
    chosen = request.GET.get(NAME, "")
    chosen = chosen if chosen in (COMPACT, COMFORTABLE) else ""
    compact = (chosen or request.COOKIES.get(NAME, "")) == COMPACT
    return Look(chosen, compact, asked(request.GET, {NAME: COMFORTABLE if compact else COMPACT}))
