"""The limit to compare with: a bare view of the same rows."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import path

from intake.api.serializers import LINE
from intake.models import Enquiry

# Of the rows that the list shows.
shown: list[int] = []


def bare_list(request: HttpRequest) -> JsonResponse:
    rows = Enquiry.objects.filter(pk__in=shown).order_by("-arrived_at", "-id").values(*LINE)
    return JsonResponse({"results": list(rows)})


urlpatterns = [path("bare/", bare_list)]


def to_bare(get_response: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def answer(request: Any) -> Any:
        request.urlconf = "tests.benchmarks._worklist_bare"
        return get_response(request)

    return answer
