"""JSON, read strictly: what two readers could understand differently is refused, with the place."""

import json
import re
import unicodedata
from math import isinf
from typing import Any, NoReturn

DEEPEST = 20
OPENING, CLOSING = frozenset("[{"), frozenset("]}")


class Unreadable(Exception):
    """The text is not JSON as we read it; says why in a sentence, and nothing of what it holds."""


def read(raw: bytes) -> Any:
    """The value of a JSON text, or Unreadable with a sentence."""
    try:
        text = raw.decode("utf-8")
        check_depth(text)
        value = json.loads(
            text, object_pairs_hook=members, parse_constant=refuse_constant, parse_float=number
        )
    except UnicodeDecodeError:
        raise Unreadable("The body is not UTF-8.") from None
    except json.JSONDecodeError as fault:
        raise Unreadable(f"The body is not JSON: line {fault.lineno}, column {fault.colno}.") from None
    except (RecursionError, ValueError):
        raise Unreadable("The body is not JSON that we can read.") from None
    return clean(value)


# A whole string, or a bracket outside of any. A string that does not end is one token up to the end of the
# text: were it none, each quote in it would be tried anew, and a megabyte of them takes hours.
TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*\\?"?|[\[\]{}]', re.DOTALL)


def check_depth(text: str) -> None:
    """Refuse nesting that only an attacker writes, before the parser recurses into it."""
    if text.count("[") + text.count("{") <= DEEPEST:
        return
    depth = 0
    for found in TOKEN.finditer(text):
        token = found[0]
        if token in OPENING:
            depth += 1
            if depth > DEEPEST:
                raise Unreadable(f"The body is nested deeper than {DEEPEST} levels.")
        elif token in CLOSING:
            depth -= 1


def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Cleaned first: two spellings of one letter are one name.
    found = {clean_text(name): value for name, value in pairs}
    if len(found) != len(pairs):
        raise Unreadable("A member stands twice in one object.")
    return found


def number(digits: str) -> float:
    """A fraction; one beyond all that a reader can hold is no infinity."""
    value = float(digits)
    if isinf(value):
        raise Unreadable("A number is too large.")
    return value


def refuse_constant(name: str) -> NoReturn:
    raise Unreadable(f"{name} is not JSON.")


def clean(value: Any) -> Any:
    """Text in NFC with single line ends; what no database stores is refused."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [clean(item) for item in value]
    if isinstance(value, dict):
        return {name: clean(item) for name, item in value.items()}
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53:
        raise Unreadable("A number is too large.")
    return value


def clean_text(text: str) -> str:
    if text.isascii():
        if "\x00" in text:
            raise Unreadable("The body holds a NUL character.")
        return text.replace("\r\n", "\n") if "\r" in text else text
    if any("\ud800" <= sign <= "\udfff" for sign in text) or "\x00" in text:
        raise Unreadable("The body holds a character that is none: a lone surrogate or NUL.")
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n")
