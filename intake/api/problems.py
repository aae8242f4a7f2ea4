"""Errors as problem+json (RFC 9457): one place that turns a refusal into an answer, never with what was sent."""

import math
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from intake.checks import Fault
from intake.limits import Spent
from intake.refusals import (
    Forbidden,
    Invalid,
    KeyReused,
    NotFound,
    NotPossible,
    Refused,
    Repeated,
    Stale,
    Unavailable,
)

# Stable names: type is /problems/{name}/ on this site.
NAMES = {
    400: ("bad-request", "The request could not be read"),
    401: ("not-signed-in", "Who you are is not known"),
    403: ("not-allowed", "You may not do this"),
    404: ("not-found", "There is nothing here that you can see"),
    405: ("method-not-allowed", "This is not possible here"),
    406: ("not-acceptable", "We answer in JSON"),
    409: ("not-possible-now", "Not possible in its present state"),
    411: ("length-needed", "Say how long the body is"),
    412: ("changed-meanwhile", "It was changed since you read it"),
    413: ("too-large", "The request is too large"),
    415: ("media-type", "We do not read this kind of content"),
    422: ("faults", "Some of the answers need another look"),
    428: ("if-match-needed", "Say which version you read"),
    429: ("too-many", "Too many requests"),
    500: ("fault-of-ours", "Something went wrong on our side"),
    503: ("unavailable", "Not available at the moment"),
}
STATUS_OF: dict[type[Refused], int] = {
    NotFound: 404,
    Forbidden: 403,
    NotPossible: 409,
    Repeated: 409,
    Stale: 412,
    Invalid: 422,
    KeyReused: 422,
    Unavailable: 503,
}


class BadRequest(exceptions.APIException):
    """A request that cannot be read, with the places."""

    status_code = 400

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults[0].detail)
        self.faults = list(faults)


class TooMany(exceptions.APIException):
    """More calls than are allowed in a time."""

    status_code = 429

    def __init__(self, spent: Spent) -> None:
        super().__init__(f"Too many requests. Try again in {spent.wait} seconds.")
        self.wait = spent.wait


# A body of a megabyte can hold a hundred thousand faults; the answer stays smaller than what was sent.
MOST_FAULTS = 1_000
MORE = Fault("", "too_many", "There are more faults than these.")
WANTED = {
    "application/json": "Send JSON in UTF-8.",
    "multipart/form-data": "Send a form with the file in it, as multipart/form-data.",
}


class IfMatchNeeded(exceptions.APIException):
    status_code = 428
    default_detail = "Send If-Match with the ETag of the version you read."


def body(
    request: Any, status: int, *, detail: str = "", faults: Sequence[Fault] = (), **more: Any
) -> dict[str, Any]:
    """The members of a problem document."""
    name, title = NAMES.get(status, ("error", HTTPStatus(status).phrase))
    told = [*faults[:MOST_FAULTS], MORE] if len(faults) > MOST_FAULTS else faults
    return {
        "type": f"/problems/{name}/",
        "title": title,
        "status": status,
        "detail": detail or title + ".",
        "errors": [{"pointer": f.pointer, "code": f.code, "detail": f.detail} for f in told],
        "trace_id": getattr(request, "trace_id", ""),
        **more,
    }


def problem(request: HttpRequest, status: int, **more: Any) -> JsonResponse:
    """A problem answer outside DRF: unknown paths, faults of ours, bodies too large."""
    response = JsonResponse(
        body(request, status, **more), status=status, content_type="application/problem+json"
    )
    response["Cache-Control"] = "no-store"
    if status == 503:
        response["Retry-After"] = "5"
    return response


def answer(fault: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler."""
    request: Request = context["request"]
    status, more, headers = describe(fault)
    if not status:
        return None
    if status == 415:
        more["detail"] = WANTED.get(context["view"].parser_classes[0].media_type, "")
    response = Response(body(request._request, status, **more), status=status, headers=headers)
    response.content_type = "application/problem+json"
    return response


def describe(fault: Exception) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Status, members and headers of a refusal; status 0 for what is not one."""
    if isinstance(fault, Refused):
        return STATUS_OF[type(fault)], members_of(fault), headers_of_refused(fault)
    if isinstance(fault, Http404):
        return 404, {}, {}
    if isinstance(fault, PermissionDenied):
        return 403, {}, {}
    if isinstance(fault, exceptions.APIException):
        return fault.status_code, members_of_drf(fault), headers_of(fault)
    return 0, {}, {}


def members_of(fault: Refused) -> dict[str, Any]:
    if isinstance(fault, NotFound):
        return {}
    more: dict[str, Any] = {"detail": fault.detail}
    if isinstance(fault, Invalid):
        more["faults"] = fault.faults
    if isinstance(fault, NotPossible):
        more |= {"current_status": fault.status, "transitions": fault.transitions}
    if isinstance(fault, Stale):
        more |= {"changed_by": fault.changed_by, "changed_at": fault.changed_at}
        if fault.yours:
            more |= {"current": fault.current, "yours": fault.yours}
    if isinstance(fault, Repeated):
        more["reference"] = fault.reference
    return more


def headers_of_refused(fault: Refused) -> dict[str, str]:
    """When to come back, or the version to read again."""
    if isinstance(fault, Unavailable):
        return {"Retry-After": "5"}
    return {"ETag": fault.etag} if isinstance(fault, Stale) and fault.etag else {}


def members_of_drf(fault: exceptions.APIException) -> dict[str, Any]:
    if isinstance(fault, BadRequest):
        return {"detail": str(fault.detail), "faults": fault.faults}
    # The framework's own sentences may repeat what was sent.
    if isinstance(fault, IfMatchNeeded | TooMany):
        return {"detail": str(fault.detail)}
    return {}


def headers_of(fault: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if header := getattr(fault, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if wait := getattr(fault, "wait", None):
        headers["Retry-After"] = str(math.ceil(wait))
    return headers


class AlwaysJSON(BaseContentNegotiation):
    """We answer in JSON whatever Accept says; a parser is found by the content type."""

    def select_parser(self, request: Request, parsers: Sequence[BaseParser]) -> BaseParser | None:  # type: ignore[override]
        kind = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == kind), None)

    def select_renderer(  # type: ignore[override]
        self, request: Request, renderers: Sequence[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type or ""
