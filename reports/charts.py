"""Charts as SVG of our own making: bars over time, bars by kind, a line. Legible in black and white.

No style attribute and no script, for the pages' content policy forbids them; what differs is told by pattern and by
words, never by colour alone; each has a title and a description, and the table with the same numbers beside it.
Pure text: equal data, in the same language, gives equal bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import accumulate
from math import ceil, log10

from django.utils.translation import gettext

WIDTH, TOP, FOOT, LEFT = 360, 26, 34, 8
HEIGHT = 200
ROW, KEY = 42, 18
# Of one bar's width to the room it has.
FILLED = 0.68
LETTER = 7.5
# Solid, hatched, dotted, open: in this order, also on paper without colour.
FILLS = ("currentColor", "url(#{id}-hatch)", "url(#{id}-dots)", "none")
PATTERNS = (
    '<pattern id="{id}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path d="M0 0V6" stroke="currentColor" stroke-width="3"/></pattern>'
    '<pattern id="{id}-dots" width="5" height="5" patternUnits="userSpaceOnUse">'
    '<circle cx="2.5" cy="2.5" r="1.1" fill="currentColor"/></pattern>'
)


@dataclass(frozen=True)
class Columns:
    """Bars over time; each a stack of the same parts. None: not shown, because it is too small a number."""

    title: str
    labels: Sequence[str]
    parts: Sequence[str]
    numbers: Sequence[Sequence[int | None]]


@dataclass(frozen=True)
class Bars:
    """One bar for each kind, the longest words above it."""

    title: str
    labels: Sequence[str]
    numbers: Sequence[int | None]


@dataclass(frozen=True)
class Curve:
    """A line through the middle of each span, with the spread around it as a bar. None: nothing to measure."""

    title: str
    labels: Sequence[str]
    numbers: Sequence[float | None]
    spreads: Sequence[tuple[float, float] | None]
    unit: str


Chart = Columns | Bars | Curve


def svg(chart: Chart, name: str) -> str:
    """The drawing; `name` keeps what it defines apart from other drawings on the page."""
    if isinstance(chart, Bars):
        return bars(chart, name)
    return columns(chart, name) if isinstance(chart, Columns) else curve(chart, name)


def printed(chart: Chart, name: str) -> str:
    """For paper, where the title is all that is read aloud: it says the numbers, too."""
    return svg(replace(chart, title=f"{chart.title}. {described(chart)}"), name)


def described(chart: Chart) -> str:
    """The same in words, for whoever does not see it."""
    if isinstance(chart, Bars):
        return "; ".join(f"{label}: {said(n)}" for label, n in zip(chart.labels, chart.numbers, strict=True))
    if isinstance(chart, Curve):
        points, nothing = zip(chart.labels, chart.numbers, strict=True), gettext("none")
        return "; ".join(f"{label}: {nothing if n is None else f'{n:g}'}" for label, n in points)
    rows = zip(chart.labels, chart.numbers, strict=True)
    if len(chart.parts) < 2:
        return "; ".join(f"{label}: {said(total(row))}" for label, row in rows)
    parts, words = [part.lower() for part in chart.parts], gettext("{number} {part}")
    return "; ".join(
        f"{label}: "
        + ", ".join(words.format(number=said(n), part=part) for part, n in zip(parts, row, strict=True))
        for label, row in rows
    )


def said(number: int | None) -> str:
    return gettext("from 1 to 7") if number is None else f"{number:,}"


def total(row: Sequence[int | None]) -> int | None:
    """Of a stack; None when a part of it is not shown."""
    known = [number for number in row if number is not None]
    return sum(known) if len(known) == len(row) else None


def framed(chart: Chart, name: str, height: int, body: Sequence[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" aria-labelledby="{name}-title {name}-desc" font-size="12" '
        f'font-family="DejaVu Sans, sans-serif" fill="currentColor">'
    )
    words = (
        f'<title id="{name}-title">{escape(chart.title)}</title>'
        f'<desc id="{name}-desc">{escape(described(chart))}</desc><defs>{PATTERNS.format(id=name)}</defs>'
    )
    return head + words + "".join(body) + "</svg>"


def columns(chart: Columns, name: str) -> str:
    keys = legend(chart.parts, name) if len(chart.parts) > 1 else []
    top = TOP + KEY * len(keys)
    height = HEIGHT + top - TOP
    base = height - FOOT
    tops = [total(row) or sum(number or 0 for number in row) for row in chart.numbers]
    most = ceiling(max(tops, default=0))
    room = (WIDTH - 2 * LEFT) / max(len(chart.labels), 1)
    every = stride(chart.labels, room)
    body = [*keys, axis(base)]
    for place, (label, row) in enumerate(zip(chart.labels, chart.numbers, strict=True)):
        left, width = LEFT + room * place + room * (1 - FILLED) / 2, room * FILLED
        heights = [(number or 0) * (base - top) / most for number in row]
        ends = list(accumulate(heights))
        for part, (size, end) in enumerate(zip(heights, ends, strict=True)):
            if size:
                body.append(box(left, base - end, width, size, FILLS[part % 4].format(id=name)))
        middle = left + width / 2
        number = total(row)
        if number != 0 and room >= 16:
            body.append(text(middle, base - ends[-1] - 5, "c" if number is None else f"{number:,}", "middle"))
        if place % every == every // 2:
            body.append(text(middle, base + 16, label, "middle"))
    return framed(chart, name, height, body)


def legend(parts: Sequence[str], name: str) -> list[str]:
    """A small box in the pattern, the words beside it; a line each."""
    return [
        box(LEFT, 4 + KEY * place, 12, 12, FILLS[place % 4].format(id=name))
        + text(LEFT + 18, 14 + KEY * place, part)
        for place, part in enumerate(parts)
    ]


def bars(chart: Bars, name: str) -> str:
    """The words over the bar, so that they have the whole width; the number at its end."""
    most = ceiling(max((number or 0 for number in chart.numbers), default=0))
    body = []
    for place, (label, number) in enumerate(zip(chart.labels, chart.numbers, strict=True)):
        top = ROW * place
        length = (number or 0) * (WIDTH - 2 * LEFT - 48) / most
        body.append(text(LEFT, top + 14, label if len(label) < 52 else f"{label[:50]}…"))
        if length:
            body.append(box(LEFT, top + 20, length, 14, "currentColor"))
        body.append(text(LEFT + length + 6, top + 32, "c" if number is None else f"{number:,}"))
    return framed(chart, name, max(ROW * len(chart.labels), ROW) + 4, body)


def curve(chart: Curve, name: str) -> str:
    base = HEIGHT - FOOT
    highest = [
        *(number for number in chart.numbers if number is not None),
        *(spread[1] for spread in chart.spreads if spread is not None),
    ]
    most = ceiling(max(highest, default=0))
    room = (WIDTH - 2 * LEFT) / max(len(chart.labels), 1)
    every = stride(chart.labels, room)

    def y(value: float) -> float:
        return base - value * (base - TOP) / most

    body, points = [axis(base)], list[str]()
    for place, (label, number) in enumerate(zip(chart.labels, chart.numbers, strict=True)):
        middle, spread = LEFT + room * (place + 0.5), chart.spreads[place]
        if spread is not None:
            body.append(
                f'<path d="M{n(middle)} {n(y(spread[0]))}V{n(y(spread[1]))}" stroke="currentColor" '
                'stroke-width="7" stroke-opacity=".25"/>'
            )
        if number is not None:
            points.append(f"{n(middle)} {n(y(number))}")
            body.append(f'<circle cx="{n(middle)}" cy="{n(y(number))}" r="4"/>')
            body.append(text(middle + 7, y(number) - 6, f"{number:g}"))
        if place % every == every // 2:
            body.append(text(middle, base + 16, label, "middle"))
    if len(points) > 1:
        body.append(f'<path d="M{"L".join(points)}" fill="none" stroke="currentColor" stroke-width="2"/>')
    body.append(text(LEFT, 14, chart.unit))
    return framed(chart, name, HEIGHT, body)


def axis(base: float) -> str:
    return f'<path d="M{LEFT} {n(base)}H{WIDTH - LEFT}" stroke="currentColor"/>'


def box(left: float, top: float, width: float, height: float, fill: str) -> str:
    return (
        f'<rect x="{n(left)}" y="{n(top)}" width="{n(width)}" height="{n(height)}" fill="{fill}" '
        'stroke="currentColor"/>'
    )


def text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text x="{n(x)}" y="{n(y)}" text-anchor="{anchor}">{escape(words)}</text>'


def n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def stride(labels: Sequence[str], room: float) -> int:
    """Every which label there is room for."""
    longest = max((len(label) for label in labels), default=0) * LETTER + 6
    return max(ceil(longest / room), 1)


def ceiling(most: float) -> float:
    """A round number not below it, so that bars of two periods compare."""
    if most <= 0:
        return 1
    step: float = 10.0 ** int(log10(most))
    return next(factor * step for factor in (1, 2, 3, 4, 5, 6, 8, 10, 20) if factor * step >= most)
