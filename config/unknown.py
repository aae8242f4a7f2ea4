"""Addresses that are none, and what a problem's type means."""

import logging
import sys
import traceback

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.template import loader
from django.views.decorators.csrf import csrf_exempt

from config.middleware import for_machines, refusal
from intake.api.problems import NAMES, problem

log = logging.getLogger("referral_desk")


@csrf_exempt
def api(request: HttpRequest) -> HttpResponse:
    """An unknown path of the API: the same answer as a record that is not there."""
    return problem(request, 404)


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A host that is not ours, a form that is none: without a word of what was sent."""
    # Of what kind only: a wrong ALLOWED_HOSTS is to be seen in the log, and not what somebody sent.
    log.warning("A request was refused: %s", type(exception).__name__)
    return refusal(request, 400)


def fault(request: HttpRequest) -> HttpResponse:
    """A fault of ours, in a view or on the way to it: in the log once, and nothing of it in the answer."""
    _, raised, places = sys.exc_info()
    if isinstance(raised, OperationalError):
        log.error("The database did not answer: %s", type(raised).__name__)
        return refusal(request, 503)
    # Where, and what kind; a message may hold what somebody typed.
    log.error("A fault of ours: %s\n%s", type(raised).__name__, "".join(traceback.format_tb(places)))
    return problem(request, 500) if for_machines(request) else sorry(request)


def sorry(request: HttpRequest) -> HttpResponse:
    """Without anything that may itself have failed: no session, no database, no context of ours."""
    context = {"request": request, "trace_id": getattr(request, "trace_id", "")}
    page = loader.get_template("500.html").render(context)
    return HttpResponse(page, status=500, headers={"Cache-Control": "no-store"})


def about(request: HttpRequest, name: str) -> HttpResponse:
    """The address that a problem document names as its type."""
    titles = {slug: (status, title) for status, (slug, title) in NAMES.items()}
    if name not in titles:
        raise Http404
    status, title = titles[name]
    return HttpResponse(f"{status}: {title}.\n", content_type="text/plain; charset=utf-8")
