"""What nobody here reads: packed bodies, bodies of no said length, other letters than UTF-8, NUL."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from config.middleware import refusal

UTF8 = ("utf-8", "utf8")
BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
COMPRESSED = "Send the body as it is, without a Content-Encoding."
NO_LENGTH = "Send the body whole, with its Content-Length, rather than in chunks."
QUERY = "The query string is not percent-encoded UTF-8, or holds a NUL character."
COOKIE = "A cookie holds a NUL character."


class StrictMiddleware:
    """Refuses it in one place for the API, the pages and the tokens, before anything of it is looked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        found = fault_of(request)
        if found is None:
            return self.get_response(request)
        response = refusal(request, *found)
        if found[1] is COMPRESSED:
            response["Accept-Encoding"] = "identity"
        return response


def fault_of(request: HttpRequest) -> tuple[int, str] | None:
    """A status and a sentence. PostgreSQL refuses NUL where SQLite finds nothing: neither is asked."""
    if "\x00" in request.path:
        return 404, ""
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("identity", ""):
        return 415, COMPRESSED
    if "Transfer-Encoding" in request.headers:
        return 411, NO_LENGTH
    if not is_utf8(request.content_params):
        return 415, "Send UTF-8."
    if not is_readable(request):
        return 400, QUERY
    if any("\x00" in value for value in request.COOKIES.values()):
        return 400, COOKIE
    return None


def is_utf8(parameters: Mapping[str, str] | None) -> bool:
    """Django would read forms and even the query string in whatever the content type says."""
    return (parameters or {}).get("charset", "utf-8").strip().lower() in UTF8


def is_readable(request: HttpRequest) -> bool:
    """Bad bytes would become question marks, and a search find something other than was asked."""
    query = str(request.META.get("QUERY_STRING", ""))
    if request.path.startswith("/api/") and BAD_PERCENT.search(query):
        return False
    found = unquote_to_bytes(query.encode("latin-1", "replace"))
    try:
        return "\x00" not in found.decode()
    except UnicodeDecodeError:
        return False
