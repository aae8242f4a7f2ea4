"""Names as they are compared: without accents, titles and punctuation; and how a surname sounds. No database."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "sir", "master"})
# What is written where a child has no first name yet.
UNNAMED = frozenset({"unborn", "baby", "babi", "newborn", "child", "infant", "twin", "triplet", "boy", "girl"}) | {
    "unnamed", "unknown", "not", "one", "two", "a", "b"
}  # fmt: skip
# Letters that are not an accent on another.
LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ə": "a"}
)
# One spelling for one sound, tried in order: English first, then what names of other languages bring with them.
SPELLINGS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^mac", "mc"),
        (r"^(?:kn|gn)", "n"),
        (r"^wr", "r"),
        (r"^(?:pf|ph)", "f"),
        (r"^x", "s"),
        (r"ph|v", "f"),
        (r"s?ch|sh|sz", "s"),
        (r"gh(?=[^aeiouy]|$)", ""),
        (r"c(?=[eiy])|z", "s"),
        (r"ck|c|q", "k"),
        (r"x", "ks"),
        (r"dg|j", "g"),
        (r"mps", "ms"),
        (r"th|d", "t"),
    )
]
VOWELS = re.compile(r"(?<=.)[aeiouyhw]+")
TWICE = re.compile(r"(.)\1+")
SOUND_LENGTH = 8


class Name(NamedTuple):
    """A name in two parts; without first names where only a placeholder is written."""

    given: tuple[str, ...]
    surname: str


@lru_cache(maxsize=4096)
def bare(name: str) -> str:
    """Lower case, without accents, apostrophes and other punctuation; a hyphen parts two names."""
    letters = unicodedata.normalize("NFKD", name.casefold().translate(LETTERS))
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w\s-]|_", "", kept).replace("-", " ").split())


@lru_cache(maxsize=4096)
def parts(name: str) -> Name:
    """First names and surname, the surname last, without titles."""
    words = bare(name).split()
    words = [word for word in words if word not in TITLES] or words
    if not words:
        return Name((), "")
    given, surname = words[:-1], words[-1]
    if given and given[0] in UNNAMED:
        # "Unborn baby of Cerys Llewellyn": the first name is the mother's.
        given = []
    return Name(tuple(given), surname)


def initial(name: str) -> str:
    """The first letter of the first name, or of the only name."""
    given, surname = parts(name)
    return (given[0] if given else surname)[:1]


@lru_cache(maxsize=4096)
def sound(name: str) -> str:
    """How the surname sounds, at most eight letters: its first letter and its consonants, like ones as one.

    Smith and Smyth are smt; Hussain, Husein and Hussein are hsn; Clark and Clarke are klrk. It only finds
    candidates; whether two names are alike is asked of the names themselves.
    """
    heard = parts(name).surname
    for pattern, letters in SPELLINGS:
        heard = pattern.sub(letters, heard)
    heard = re.sub(r"^[aeiouy]", "a", heard)
    return TWICE.sub(r"\1", VOWELS.sub("", heard))[:SOUND_LENGTH]
