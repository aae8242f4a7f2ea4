"""The API's parser: one value of strict JSON (intake.strict_json) in UTF-8, not larger than we read."""

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import BaseParser

from intake.api.problems import BadRequest
from intake.checks import Fault
from intake.strict_json import Unreadable, read


class StrictJSONParser(BaseParser):
    """UTF-8 only; no duplicate members, NaN, lone surrogates or NUL; not deeper than 20; text becomes NFC."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        charset = charset_of(media_type or "")
        if charset not in ("utf-8", "utf8"):
            raise UnsupportedMediaType(media_type or "")
        # Before any of it is read: somebody may announce more than they ever send.
        if length_of((parser_context or {}).get("request")) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig("The body is larger than we read.")
        raw = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(raw) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig("The body is larger than we read.")
        try:
            return read(raw)
        except Unreadable as fault:
            raise BadRequest([Fault("", "unreadable", str(fault))]) from None


def length_of(request: Any) -> int:
    given = request.META.get("CONTENT_LENGTH") if request is not None else None
    return int(given) if given and given.isascii() and given.isdecimal() else 0


def charset_of(media_type: str) -> str:
    for part in media_type.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"').lower()
    return "utf-8"
