"""When a requirement applies, in a few words: parts joined by "and", each true of the body or of the row.

kind=referral,instruction and stage=care_proceedings
./level!=none_known             of the row that the fact is in
/documents?role=order           whatever a fact can say
"""

from functools import cache
from typing import NamedTuple

from intake.requirements.facts import Place, place

KINDS = ("general", "preliminary", "referral", "instruction")
NAMED = {
    "kind": "/kind",
    "stage": "/legal/stage",
    "permission": "/legal/permission",
    "framework": "/legal/framework",
}


class Part(NamedTuple):
    """One comparison: what is to be so, in the body or in the row."""

    pattern: str
    said: Place
    of_row: bool


@cache
def parts(when: str) -> tuple[Part, ...]:
    """The comparisons of a condition, the one of the kind left out; none is always."""
    given = (part.strip() for part in when.split(" and ") if part.strip())
    return tuple(_part(part) for part in given if not part.startswith("kind"))


@cache
def kinds(when: str) -> frozenset[str]:
    """The kinds of enquiry to which a condition lets a requirement apply."""
    for part in (part.strip() for part in when.split(" and ")):
        if part.startswith("kind!="):
            return frozenset(KINDS) - set(part.removeprefix("kind!=").split(","))
        if part.startswith("kind="):
            return frozenset(part.removeprefix("kind=").split(","))
    return frozenset(KINDS)


def _part(text: str) -> Part:
    name = text.partition("=")[0].removesuffix("!")
    pattern = NAMED.get(name, name) + text.removeprefix(name)
    return Part(pattern, place(pattern.removeprefix(".")), of_row=pattern.startswith("."))
