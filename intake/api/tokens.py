"""Where case systems fetch their tokens, and how often they may."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.views import TokenView

from intake.api.authentication import SlowDown
from intake.api.problems import problem
from intake.limits import Purpose
from intake.models.allowance import caller_at, spend


@method_decorator(csrf_exempt, name="dispatch")
class Tokens(TokenView):  # type: ignore[misc]
    """`POST /oauth/token/`: each try counts for the address it comes from."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        spent = spend(Purpose.TOKEN, caller_at(request))
        if spent is None or not spent.refused:
            response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        else:
            response = problem(request, 429, error=SlowDown.error)
        for name, value in (spent.headers if spent else {}).items():
            response.headers.setdefault(name, value)
        return response
