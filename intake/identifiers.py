"""Our own references and other people's numbers: made, normalised and checked. No database, no clock."""

import re
import secrets
import string
from collections.abc import Collection
from dataclasses import dataclass

from stdnum.gb import nhs

# Digits and capitals without the pairs people misread (0/O, 1/I/L): 31 symbols, a prime.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_SYMBOL = f"[{ALPHABET}]"
REFERENCE_PATTERN = rf"[A-Z]{{3}}-{_SYMBOL}{{4}}-{_SYMBOL}{{4}}-{_SYMBOL}"

_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
_BODY = re.compile(rf"{_SYMBOL}{{9}}")
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212]+")

_UPN = re.compile(r"[A-Z][0-9]{11}[0-9A-HJKLMNP-RT-Z]")
# The check letters of a UPN: 23 of them, without I, O and S. Digits follow, so that a digit weighs itself.
_UPN_ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ" + string.digits
_UPN_VALUE = {symbol: value % 23 for value, symbol in enumerate(_UPN_ALPHABET)}

_POSTCODE = re.compile(
    r"(?:GIR0AA|(?:[A-PR-UWYZ][0-9]{1,2}|[A-PR-UWYZ][A-HK-Y][0-9]{1,2}|[A-PR-UWYZ][0-9][A-HJKPSTUW]"
    r"|[A-PR-UWYZ][A-HK-Y][0-9][ABEHMNPRVWXY])[0-9][ABD-HJLNP-UW-Z]{2})"
)
FAMILY_COURT_NUMBER = r"[A-Z]{2}[0-9]{2}[A-Z][0-9]{5}"


@dataclass(frozen=True, slots=True)
class Upn:
    """A unique pupil number, and what is odd about it although its check letter is right."""

    value: str
    warning: str | None = None


def new_reference(prefix: str) -> str:
    """Eight random symbols and a check symbol: "ENQ-7K3M-9QXD-4". Says nothing of volume (31^8 of them)."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return _written(prefix, body + _check_symbol(prefix, body))


def normalise_reference(text: str, prefix: str) -> str | None:
    """The reference as we write it, or None when it cannot be one. Tolerates spaces, case and hyphens."""
    compact = _SEPARATORS.sub("", text).upper()
    body = compact.removeprefix(prefix)
    if not compact.startswith(prefix) or not _BODY.fullmatch(body):
        return None
    return _written(prefix, body) if _check_symbol(prefix, body[:8]) == body[8] else None


def nhs_number(text: str) -> str:
    """Ten digits with a right check digit (NHS data dictionary, modulus 11).

    Ten equal digits pass the published rule, and are refused here. Raises ValueError with a sentence.
    """
    number = _SEPARATORS.sub("", text)
    if not (number.isascii() and number.isdigit() and len(number) == 10):
        raise ValueError("An NHS number has 10 digits, like 999 123 4567.")
    if len(set(number)) == 1 or not nhs.is_valid(number):
        raise ValueError("This is not a valid NHS number. Check the digits against the record.")
    return number


def upn(text: str, authority_codes: Collection[str]) -> Upn:
    """A unique pupil number by the Department for Education's rules 1510-1550.

    `authority_codes` are the three-digit codes, closed ones too: a code unknown to us is a warning, because
    authorities come and go; a wrong check letter is refused. A letter in the 13th place is a temporary one.
    Raises ValueError with a sentence.
    """
    number = _SEPARATORS.sub("", text).upper()
    if not _UPN.fullmatch(number):
        raise ValueError("A UPN has 13 characters: a letter, 11 digits, and a digit or letter.")
    weight = sum(place * _UPN_VALUE[symbol] for place, symbol in enumerate(number[1:], start=2))
    if _UPN_ALPHABET[weight % 23] != number[0]:
        raise ValueError("The first letter of this UPN does not fit its digits. Check it against the record.")
    known = number[1:4] in authority_codes
    return Upn(number, None if known else "The authority part of this UPN is not one we know.")


def postcode(text: str) -> str:
    """A United Kingdom postcode as "OL1 1QN". Raises ValueError with a sentence. Not for BFPO or abroad."""
    compact = _SEPARATORS.sub("", text).upper()
    if not _POSTCODE.fullmatch(compact):
        raise ValueError("Enter a full UK postcode, like OL1 1QN.")
    return f"{compact[:-3]} {compact[-3:]}"


def _written(prefix: str, body: str) -> str:
    return f"{prefix}-{body[:4]}-{body[4:8]}-{body[8]}"


def _check_symbol(prefix: str, body: str) -> str:
    """Makes the weighted sum over prefix, body and check a multiple of 31.

    The weights are all different and none is a multiple of 31, so every single wrong symbol and every
    exchange of two symbols shows.
    """
    values = [int(letter, 36) for letter in prefix] + [_VALUE[symbol] for symbol in body]
    weighted = sum(weight * value for weight, value in enumerate(reversed(values), start=2))
    return ALPHABET[-weighted % 31]
