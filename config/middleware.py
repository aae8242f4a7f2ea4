"""What every request passes: a problem answer for faults of ours, and the second factor."""

import logging
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from intake.api.problems import problem
from intake.pages import sessions

Answer = Callable[[HttpRequest], HttpResponseBase]
log = logging.getLogger("referral_desk")


class ProblemMiddleware:
    """Answers our own faults: problem+json under /api/ and /oauth/, a page elsewhere; never what was sent."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")
            if response.status_code >= 400 and "problem+json" not in response.headers.get("Content-Type", ""):
                return problem(request, response.status_code)
        return response

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        if isinstance(fault, RequestDataTooBig):
            return refusal(request, 413)
        if isinstance(fault, OperationalError):
            log.error("The database did not answer: %s", type(fault).__name__)
            return refusal(request, 503)
        return None


def for_machines(request: HttpRequest) -> bool:
    return request.path.startswith(("/api/", "/oauth/", "/health/"))


def refusal(request: HttpRequest, status: int, detail: str = "") -> HttpResponse:
    """A problem for a machine, a page for a person."""
    if for_machines(request):
        return problem(request, status, detail=detail)
    response = render(request, "problem.html", {"status": status, "detail": detail}, status=status)
    response["Cache-Control"] = "no-store"
    if status == 503:
        response["Retry-After"] = "5"
    return response


class MaintenanceMiddleware:
    """While the file is there nobody gets further, and reads what is in it; health and static files go on."""

    SOON = "We are working on it, and are back soon."

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.MAINTENANCE_FILE.exists() or request.path.startswith("/health/"):
            return self.get_response(request)
        words = settings.MAINTENANCE_FILE.read_text(encoding="utf-8", errors="replace").strip() or self.SOON
        response = problem(request, 503, detail=words) if for_machines(request) else self.page(request, words)
        response["Retry-After"] = "600"
        return response

    def page(self, request: HttpRequest, words: str) -> HttpResponse:
        """Without the database, and without knowing who asks."""
        us = {"phone": settings.PROVIDER_PHONE, "out_of_hours": settings.PROVIDER_OUT_OF_HOURS}
        page = render(request, "maintenance.html", {"words": words, **us}, status=503)
        page["Cache-Control"] = "no-store"
        return page


class SessionMiddleware:
    """Whoever did nothing for a while is signed out; health and tokens are no session's business."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not request.path.startswith("/health/"):
            sessions.hold(request, timezone.now())
        return self.get_response(request)


class SecondFactorMiddleware:
    """Who signed in without a second factor sets one up before anything else."""

    OPEN = ("/accounts/", "/static/", "/health/", "/api/", "/oauth/")

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if (
            settings.SECOND_FACTOR_REQUIRED
            and not request.path.startswith(self.OPEN)
            and request.user.is_authenticated
            and not is_mfa_enabled(request.user)
        ):
            return redirect(reverse("mfa_index"))
        return self.get_response(request)
