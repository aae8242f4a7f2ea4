"""What in free text would tell who somebody is: numbers, dates of birth, ways to find them.

A screen, not a proof: a name written out in a sentence is not found, and a date of birth only where the words
or the brackets around it say that it is one.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from intake.identifiers import FAMILY_COURT_NUMBER, nhs_number, postcode

_GAP = r"[\s.\-\u2010-\u2015]?"
_NHS = re.compile(rf"(?<![0-9])[0-9]{{3}}{_GAP}[0-9]{{3}}{_GAP}[0-9]{{4}}(?![0-9])")
_UPN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][0-9]{11}[0-9A-Za-z](?![A-Za-z0-9])")
_COURT = re.compile(rf"(?<![A-Z0-9])(?:{FAMILY_COURT_NUMBER})(?![A-Z0-9])", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@,;<>()]{1,64}@[\w-]{1,63}\.\w")
_PHONE = re.compile(r"(?<![0-9])(?:\+44|0044|0)[\s().-]*(?:[0-9][\s().-]*){9,10}(?![0-9])")
_POSTCODE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,2}[0-9][0-9A-Za-z]?\s?[0-9][A-Za-z]{2}(?![A-Za-z0-9])")
_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ion|chwe|maw|ebr|mai|meh|gor|aws|med|hyd|tach|rhag)"
    r"[a-z]*"
)
_DATE = (
    rf"(?:[0-9]{{4}}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,2}}|[0-9]{{1,2}}\s?[-/.]\s?[0-9]{{1,2}}\s?[-/.]\s?[0-9]{{2,4}}"
    rf"|[0-9]{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH},?\s+[0-9]{{2,4}}|{_MONTH}\s+[0-9]{{1,2}}(?:st|nd|rd|th)?,?\s+[0-9]{{4}})"
)
# "born on", "DOB", "D.O.B.", "date of birth", and the same in Welsh; or a date in brackets after initials.
_BIRTH = r"\b(?:born|birth(?:day|date)?|d\.?\s?o\.?\s?b\b|b\.|geni|ganwyd|ganed)"
_WHOSE = r"(?:\b[A-Z]\.?|(?i:child|baby|boy|girl|son|daughter))"
_BORN = re.compile(rf"(?i:{_BIRTH}[^0-9\n]{{0,30}}{_DATE})|{_WHOSE}\s*\(\s*(?i:{_DATE})\s*\)")


def _passes(read: Callable[[str], object], found: str) -> bool:
    try:
        read(found)
    except ValueError:
        return False
    return True


def _has_nhs_number(words: str) -> bool:
    return any(_passes(nhs_number, found.replace(".", "")) for found in _NHS.findall(words))


def _has_postcode(words: str) -> bool:
    return any(_passes(postcode, found) for found in _POSTCODE.findall(words))


Screen = tuple[str, Callable[[str], object]]
# Of a child in any enquiry that names nobody.
IDENTIFIERS: tuple[Screen, ...] = (
    ("an NHS number", _has_nhs_number),
    ("a UPN", _UPN.search),
    ("a date of birth", _BORN.search),
    ("a court number", _COURT.search),
)
# Where somebody is to be found: a general enquiry may ask what we do in a place, or how to answer.
WHEREABOUTS: tuple[Screen, ...] = (
    ("a postcode", _has_postcode),
    ("an e-mail address", _EMAIL.search),
    ("a telephone number", _PHONE.search),
)


def found_in(words: str, screens: tuple[Screen, ...]) -> list[str]:
    """What of these the text seems to hold, in words; never the value."""
    return [what for what, holds in screens if holds(words)]


def texts(value: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a body with its pointer."""
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from texts(inner, f"{pointer}/{name}")
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from texts(inner, f"{pointer}/{place}")
