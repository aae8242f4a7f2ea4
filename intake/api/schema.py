"""What the OpenAPI description says beside what the views say: who calls, every operation's problem answers."""

from functools import cache
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import inline_serializer
from drf_spectacular.views import SpectacularAPIView
from oauth2_provider.settings import oauth2_settings
from rest_framework.serializers import Field, Serializer, URLField

PROBLEM = {
    "type": "object",
    "description": "RFC 9457. Never holds what was sent.",
    "required": ["type", "title", "status", "detail", "errors", "trace_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
        "trace_id": {"type": "string"},
        "current_status": {"type": "string"},
        "transitions": {"type": "array", "items": {"type": "string"}},
        "changed_by": {"type": "string"},
        "changed_at": {"type": ["string", "null"], "format": "date-time"},
        "reference": {"type": "string"},
        "current": {"type": "object", "description": "The members that were sent, as they stand now."},
        "yours": {"type": "object", "description": "The members of an amendment as they were sent."},
    },
}


class Description(SpectacularAPIView):
    """The description itself: for everybody, for nobody's data is in it."""

    authentication_classes = []
    permission_classes = []


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """A case system's token, with the scope that the view asks."""

    target_class = "intake.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[str]]:
        view = auto_schema.view
        scope = getattr(view, "reading_scope" if auto_schema.method == "GET" else "writing_scope", None)
        return {self.name: [scope] if scope else []}

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        flow = {"tokenUrl": "/oauth/token/", "scopes": dict(oauth2_settings.SCOPES)}
        return {"type": "oauth2", "flows": {"clientCredentials": flow}}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The signed-in person's own calls, from our pages."""

    target_class = "intake.api.authentication.PageSession"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


def page_of(row: type[Serializer[Any]]) -> Serializer[Any]:
    """A page of a list, with the addresses of the pages beside it."""
    link: dict[str, Any] = {"allow_null": True}
    return described(
        f"{row.__name__}Page", next=URLField(**link), previous=URLField(**link), results=row(many=True)
    )


@cache
def list_of(row: type[Serializer[Any]], **more: Field[Any, Any, Any, Any]) -> Serializer[Any]:
    """A whole list, and what it is a list of."""
    return described(f"{row.__name__}List", **more, results=row(many=True))


def described(name: str, **fields: Any) -> Serializer[Any]:
    """A serializer for the description only."""
    found: Serializer[Any] = inline_serializer(name, fields)
    return found


ALWAYS = ("400", "401", "403", "404", "405", "429", "500", "503")
WRITING = ("409", "411", "412", "413", "415", "422", "428")


def describe_problems(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Every operation can answer with a problem; said once, referred to everywhere."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["responses"] = {
        "Problem": {
            "description": "A problem",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    }
    for operations in result["paths"].values():
        for method, operation in operations.items():
            codes = ALWAYS if method == "get" else (*ALWAYS, *WRITING)
            for code in codes:
                operation["responses"].setdefault(code, {"$ref": "#/components/responses/Problem"})
    return result
