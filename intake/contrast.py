"""How well an ink stands out from its ground, from the stylesheet's own tokens: the formula of WCAG 2.2. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

# The least for words, and for the borders of controls and what stands for a word (WCAG 1.4.3 and 1.4.11).
WORDS, SIGNS = 4.5, 3.0
TINTS = {"ink": ("paper", "mist", "tint", "late-tint", "soon-tint", "well-tint", "waiting-tint")}
# Every ink, and the grounds on which the stylesheet puts it.
ON: Mapping[str, tuple[str, ...]] = {
    **TINTS,
    "soft": ("paper", "mist", "tint"),
    "accent": ("paper", "mist", "tint"),
    "accent-deep": ("paper", "tint"),
    "on-accent": ("accent", "accent-deep"),
    "late": ("paper", "late-tint"),
    "soon": ("paper", "soon-tint"),
    "well": ("paper", "well-tint"),
    "waiting": ("paper", "waiting-tint"),
    "focus-ink": ("focus",),
}
SIGNS_ON: Mapping[str, tuple[str, ...]] = {
    "edge": ("paper", "mist"),
    "accent": ("paper",),
    "late": ("paper",),
}
RULES = re.compile(r":root\s*\{(.*?)\}", re.DOTALL)
COLOUR = re.compile(r"--([\w-]+):\s*#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})\s*;")


class Pair(NamedTuple):
    """An ink on a ground, how strong it is against it, and how strong it is to be."""

    ink: str
    ground: str
    ratio: float
    least: float

    @property
    def holds(self) -> bool:
        return self.ratio >= self.least


def schemes(stylesheet: str) -> dict[str, dict[str, str]]:
    """The colours by day and by night: the first two rules of the root."""
    day, night = (dict(COLOUR.findall(rule)) for rule in RULES.findall(stylesheet)[:2])
    return {"light": day, "dark": {**day, **night}}


def pairs(colours: Mapping[str, str]) -> Iterator[Pair]:
    for table, least in ((ON, WORDS), (SIGNS_ON, SIGNS)):
        for ink, grounds in table.items():
            for ground in grounds:
                yield Pair(ink, ground, round(ratio(colours[ink], colours[ground]), 2), least)


def ratio(one: str, other: str) -> float:
    """Of two colours in hexadecimal digits: from 1, the same, to 21, black on white."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    digits = colour if len(colour) == 6 else "".join(digit * 2 for digit in colour)
    red, green, blue = (linear(int(digits[place : place + 2], 16) / 255) for place in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
