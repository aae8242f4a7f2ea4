"""JSON, read strictly: what two readers could understand differently is refused, with the place."""

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser

DEEPEST = 20
OPENING, CLOSING = frozenset("[{"), frozenset("]}")


class StrictJSONParser(BaseParser):
    """UTF-8 only; no duplicate members, NaN, lone surrogates or NUL; not deeper than 20; text becomes NFC."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        charset = charset_of(media_type or "")
        if charset not in ("utf-8", "utf8"):
            raise UnsupportedMediaType(media_type or "", detail="Send JSON in UTF-8.")
        raw = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(raw) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig("The body is larger than we read.")
        return read(raw)


def charset_of(media_type: str) -> str:
    for part in media_type.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"').lower()
    return "utf-8"


def read(raw: bytes) -> Any:
    """The value of a JSON text, or ParseError with a sentence."""
    try:
        text = raw.decode("utf-8")
        check_depth(text)
        value = json.loads(text, object_pairs_hook=members, parse_constant=refuse_constant)
    except UnicodeDecodeError:
        raise ParseError("The body is not UTF-8.") from None
    except json.JSONDecodeError as fault:
        raise ParseError(f"The body is not JSON: line {fault.lineno}, column {fault.colno}.") from None
    except (RecursionError, ValueError):
        raise ParseError("The body is not JSON that we can read.") from None
    return clean(value)


# A whole string, or a bracket outside of any.
TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)


def check_depth(text: str) -> None:
    """Refuse nesting that only an attacker writes, before the parser recurses into it."""
    if text.count("[") + text.count("{") <= DEEPEST:
        return
    depth = 0
    for token in TOKEN.findall(text):
        if token in OPENING:
            depth += 1
            if depth > DEEPEST:
                raise ParseError(f"The body is nested deeper than {DEEPEST} levels.")
        elif token in CLOSING:
            depth -= 1


def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ParseError("A member stands twice in one object.")
    return found


def refuse_constant(name: str) -> NoReturn:
    raise ParseError(f"{name} is not JSON.")


def clean(value: Any) -> Any:
    """Text in NFC with single line ends; what no database stores is refused."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [clean(item) for item in value]
    if isinstance(value, dict):
        return {clean_text(name): clean(item) for name, item in value.items()}
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53:
        raise ParseError("A number is too large.")
    return value


def clean_text(text: str) -> str:
    if text.isascii():
        if "\x00" in text:
            raise ParseError("The body holds a NUL character.")
        return text.replace("\r\n", "\n") if "\r" in text else text
    if any("\ud800" <= sign <= "\udfff" for sign in text) or "\x00" in text:
        raise ParseError("The body holds a character that is none: a lone surrogate or NUL.")
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n")
