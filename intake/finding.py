"""By what an enquiry is found: the words in it, the kinds of assessment, the known risks. No database."""

from collections.abc import Iterable

from intake.names import bare

# A text this short is looked for as a whole word: parts of words so short are in every name.
SHORT = 3
RISKS = {"child": 1, "worker": 2, "contact": 4}
KNOWN_NOT = "none_known"


def found_by(names: Iterable[str], references: Iterable[str]) -> str:
    """One line for each name and each reference, folded, with a space around: `wanted` is looked for in it."""
    lines = dict.fromkeys(folded for text in (*names, *references) if (folded := bare(text)))
    return "\n".join(f" {line} " for line in lines)


def wanted(text: str) -> str:
    """What to look for in `found_by`; empty when there is no letter or digit in it."""
    folded = bare(text)
    return f" {folded} " if 0 < len(folded) < SHORT else folded


def types_key(codes: Iterable[str]) -> str:
    """The types of assessment asked for, with a space around each."""
    words = " ".join(sorted(set(codes)))
    return f" {words} " if words else ""


def risk_bits(risks: Iterable[tuple[str, str]]) -> int:
    """Of (about, level): one bit for each thing that a known risk is about."""
    return sum({RISKS[about] for about, level in risks if about in RISKS and level != KNOWN_NOT})


def with_any(about: Iterable[str]) -> list[int]:
    """The numbers that `risk_bits` gives when one of these is known: an index and its statistics know them."""
    asked = sum({RISKS[name] for name in about if name in RISKS})
    return [bits for bits in range(sum(RISKS.values()) + 1) if bits & asked]
