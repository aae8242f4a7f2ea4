"""One id for a request: in the log, in the answer, in the problem somebody reads out on the telephone."""

import logging
from collections.abc import Callable
from contextvars import ContextVar
from uuid import uuid4

from django.http import HttpRequest
from django.http.response import HttpResponseBase

TRACE: ContextVar[str] = ContextVar("trace", default="-")


class TraceFilter(logging.Filter):
    """Puts the trace id on every line of the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.trace_id = TRACE.get()
        return True


class TraceMiddleware:
    """Gives every request its id, and every answer that id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        trace_id = uuid4().hex
        request.trace_id = trace_id  # type: ignore[attr-defined]
        token = TRACE.set(trace_id)
        try:
            response = self.get_response(request)
        finally:
            TRACE.reset(token)
        response["X-Trace-Id"] = trace_id
        return response
