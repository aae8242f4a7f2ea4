"""What the OpenAPI description says beside what the views say: every operation's problem answers."""

from typing import Any

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
    },
}
ALWAYS = ("400", "401", "403", "404", "405", "429", "500", "503")
WRITING = ("409", "412", "413", "415", "422", "428")


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
