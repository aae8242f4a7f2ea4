"""What every view of the API does alike: scope, strict parameters, If-Match, ETag."""

import re
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from intake.api.problems import BadRequest, IfMatchNeeded
from intake.checks import Fault
from intake.models.moving import Moving
from intake.refusals import Invalid
from intake.scoping import Scoped
from intake.shape import Faults, Shape

ETAG = re.compile(r'^(?:W/)?"(\d{1,9})"$')


class View(Scoped, APIView):
    """A view of the API. `parameters` are those of the query string that it knows."""

    reading_scope: ClassVar[str | None] = "enquiries:read"
    writing_scope: ClassVar[str | None] = "enquiries:write"
    parameters: ClassVar[frozenset[str]] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        refuse_unknown(request, self.parameters)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response


def refuse_unknown(request: Request, known: frozenset[str]) -> None:
    """A misspelt filter would show too much: an unknown parameter is refused."""
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        raise BadRequest(
            [Fault(name[:60], "unknown_parameter", "There is no such parameter.") for name in unknown]
        )


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
