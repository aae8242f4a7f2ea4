"""Addresses that are none, and what a problem's type means."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from intake.api.problems import NAMES, problem


@csrf_exempt
def api(request: HttpRequest) -> HttpResponse:
    """An unknown path of the API: the same answer as a record that is not there."""
    return problem(request, 404)


def about(request: HttpRequest, name: str) -> HttpResponse:
    """The address that a problem document names as its type."""
    titles = {slug: (status, title) for status, (slug, title) in NAMES.items()}
    if name not in titles:
        raise Http404
    status, title = titles[name]
    return HttpResponse(f"{status}: {title}.\n", content_type="text/plain; charset=utf-8")
