"""What every view of the API does alike: scope, strict parameters, If-Match, ETag."""

import re
from typing import Any, ClassVar

from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from intake.api import limiting
from intake.api.problems import BadRequest, IfMatchNeeded
from intake.checks import Fault
from intake.models.moving import Moving
from intake.refusals import Invalid
from intake.scoping import Scoped
from intake.shape import Faults, Shape

# Every other parameter is a filter, and may be given several times.
SINGLE = frozenset(
    {"cursor", "page_size", "ordering", "on", "audience", "q", "service"}
    | {"received_after", "received_before", "due_before", "filing_before", "updated_since"}
)
ETAG = re.compile(r'^(?:W/)?"(\d{1,9})"$')


class View(Scoped, APIView):
    """A view of the API. `parameters` are those of the query string that it knows."""

    reading_scope: ClassVar[str | None] = "enquiries:read"
    writing_scope: ClassVar[str | None] = "enquiries:write"
    parameters: ClassVar[frozenset[str]] = frozenset()
    single: ClassVar[frozenset[str]] = SINGLE

    def perform_authentication(self, request: Request) -> None:
        """Who calls, and whether they called too often; before anything else is said."""
        try:
            super().perform_authentication(request)
        except APIException:
            limiting.count_stranger(request)
            raise
        limiting.count(self, request)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        refuse_unknown(request, self.parameters)
        refuse_repeated(request, self.parameters & self.single)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = limiting.count_miss(self, request, response)
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        for name, value in limiting.headers_for(request._request).items():
            response[name] = value
        return response


def refuse_unknown(request: Request, known: frozenset[str]) -> None:
    """A misspelt filter would show too much: an unknown parameter is refused."""
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        raise BadRequest(
            [Fault(name[:60], "unknown_parameter", "There is no such parameter.") for name in unknown]
        )


def refuse_repeated(request: Request, single: frozenset[str]) -> None:
    """Of two values of what has one, nobody can say which was meant."""
    repeated = sorted(name for name in single if len(request.query_params.getlist(name)) > 1)
    if repeated:
        raise BadRequest([Fault(name, "repeated", "Give this once.") for name in repeated])


def seen(request: Request, row: Any) -> Any:
    """The row as the caller read it: carries the version that If-Match names."""
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise IfMatchNeeded
    found = ETAG.match(header)
    row.version = int(found[1]) if found else -1
    return row


def read_shape(shape: Shape, data: Any) -> dict[str, Any]:
    """The members of a body by its shape; every fault at once."""
    faults: Faults = []
    kept = shape.collect({} if data is None or data == "" else data, "", faults)
    if faults:
        raise Invalid(faults)
    return kept


def answered(row: Moving, shown: Any, status: int = 200, **headers: str) -> Response:
    return Response(shown, status=status, headers={"ETag": row.etag, **headers})
