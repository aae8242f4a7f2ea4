"""How often the API may be called: counted for each client and apart for reading, writing and missing."""

from typing import Any

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.authentication import READING
from intake.api.problems import TooMany, answer
from intake.limits import Purpose, Spent
from intake.models import User
from intake.models.allowance import caller_at, spend


def count(view: Any, request: Request) -> None:
    """Every call of somebody we know; who looked for too many records that are not there finds none at all."""
    if not isinstance(request.user, User):
        count_stranger(request)
        return
    purpose = Purpose.READING if request.method in READING else Purpose.INTAKE
    unless = Purpose.LOOKUP if names_a_record(view) else None
    keep(request, spend(purpose, key_of(request), unless=unless))


def count_stranger(request: Request) -> None:
    """A call without a token that holds, by the address it comes from."""
    keep(request, spend(Purpose.LOOKUP, caller_at(request._request)))


def count_miss(view: Any, request: Request, response: Any) -> Any:
    """A record that is not there, or not for them: past the limit even that is not said any more."""
    if response.status_code != 404 or not names_a_record(view):
        return response
    spent = spend(Purpose.LOOKUP, key_of(request))
    if spent is None or not spent.refused:
        return response
    request._request.spent = spent  # type: ignore[attr-defined]
    told = answer(TooMany(spent), {"request": request})
    assert isinstance(told, Response)
    told.exception = True
    return told


def headers_for(request: HttpRequest) -> dict[str, str]:
    """What stands in the answer of a call that was counted."""
    spent: Spent | None = getattr(request, "spent", None)
    return spent.headers if spent else {}


def keep(request: Request, spent: Spent | None) -> None:
    request._request.spent = spent  # type: ignore[attr-defined]
    if spent is not None and spent.refused:
        raise TooMany(spent)


def names_a_record(view: Any) -> bool:
    return "reference" in view.kwargs


def key_of(request: Request) -> str:
    """The client, the person, or the address: ids and hashes, no personal data."""
    token: Any = request.auth
    if token is not None:
        return f"client:{token.application_id}"
    return f"user:{request.user.pk}" if isinstance(request.user, User) else caller_at(request._request)
