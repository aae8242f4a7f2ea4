"""What somebody typed goes back to them on every page that says that it could not be taken."""

from typing import Any

from django import template
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

register = template.Library()


@register.inclusion_tag("components/typed.html", takes_context=True)
def give_back(context: Any, *, to_copy: bool = False) -> dict[str, Any]:
    """To be sent again from there, or only copied; asks no database and no session, which may have failed."""
    request = context.get("request")
    fields = as_sent(request) if request else []
    if not fields:
        return {}
    return {
        "typed": fields,
        "again": "" if to_copy else request.get_full_path(),
        "files": bool(request.FILES),
    }


def as_sent(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form that says whose it is: one of signing in does not, so no password is shown."""
    try:
        sent = request.POST if request.method == "POST" else QueryDict()
    except (BadRequest, SuspiciousOperation, UnreadablePostError, MultiPartParserError):
        return []
    return [(name, value) for name in sent for value in sent.getlist(name)] if "who" in sent else []
