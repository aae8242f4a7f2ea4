"""How often a signed-in person may call the pages: counted like the API's calls, under the same limits."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from intake.limits import Purpose, Spent
from intake.models.allowance import spend

# Counted by themselves, or not worth it.
ELSEWHERE = ("/api/", "/oauth/", "/static/", "/health/")
READING = ("GET", "HEAD", "OPTIONS")


class LimitMiddleware:
    """Refuses a person's call past a limit with a page that says when to come again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == 404 and is_counted(request) and names_a_record(request):
            spent = spend(Purpose.LOOKUP, key_of(request))
            if spent is not None and spent.refused:
                return too_many(request, spent)
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        if not is_counted(request):
            return None
        purpose = Purpose.READING if request.method in READING else Purpose.INTAKE
        spent = spend(purpose, key_of(request), unless=Purpose.LOOKUP if names_a_record(request) else None)
        return too_many(request, spent) if spent is not None and spent.refused else None


def is_counted(request: HttpRequest) -> bool:
    return not request.path.startswith(ELSEWHERE) and request.user.is_authenticated


def names_a_record(request: HttpRequest) -> bool:
    return request.resolver_match is not None and "reference" in request.resolver_match.kwargs


def key_of(request: HttpRequest) -> str:
    return f"user:{request.user.pk}"


def too_many(request: HttpRequest, spent: Spent) -> HttpResponse:
    response = render(request, "problem.html", {"status": 429, "wait": spent.wait}, status=429)
    for name, value in spent.headers.items():
        response[name] = value
    return response
