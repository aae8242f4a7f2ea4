"""Figures as they may be published: no small number, none that follows from the others or from what was published.

Every number goes to the nearest five, totals or not: what is a total in one table is a cell of another. From 1 to 5 is
`c`, from 1 to 7 where an authority, a region or a service is asked about; nought is shown. What is restricted is in
none, whoever asks: two people's publications do not differ by it. A publication knows those before it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from intake.models import book
from reports.exports.figures import HIDDEN
from reports.figures import slices
from reports.figures.answers import EMPTY, Column, Reading, Readings, Row, Table, Value
from reports.figures.asked import Asked, Reader
from reports.figures.catalogue import ALL, FIGURES, Figure, Part, Shape
from reports.figures.periods import Span
from reports.models import Export, ReleasedNumber
from reports.suppression import (
    FEW,
    FEW_OF_AN_AUTHORITY,
    MEASURED,
    Key,
    Known,
    Line,
    Number,
    Released,
    percent,
    publish,
    told_of,
    too_near,
)
from reports.suppression import TO as TO_FIVE
from reports.suppression import Table as Counted

# What the parts of a figure leave over: nobody is shown it.
REST = "_rest"
# A number by its measure, its filters and its part and days.
Named = tuple[str, str, Key]
RULE = (
    "Published numbers: from 1 to {few} is c, nought is 0, all others are to the nearest 5; so parts may not add up to "
    "their total. Where a small number would follow from others, or from what was published before, those are c too. "
    "Percentages are of at least 10, medians of at least 8. Restricted enquiries are not counted."
)


@dataclass
class Publication:
    """The tables, and every number in them with what it is, to be remembered."""

    asked: Asked
    # What another table of it hides.
    hidden: frozenset[Named] = frozenset()
    tables: list[tuple[str, Table]] = field(default_factory=list)
    released: list[ReleasedNumber] = field(default_factory=list)

    @property
    def hides(self) -> frozenset[Named]:
        return frozenset(
            (row.measure, str(row.filters), (row.part, str(row.first), str(row.last)))
            for row in self.released
            if row.shown is None
        )

    def also(self, of: Reading, filters: dict[str, str], keys: Iterable[Key]) -> set[Key]:
        """Those of these numbers that stand hidden elsewhere."""
        return {key for key in keys if (of.figure.measure, str(sorted(filters.items())), key) in self.hidden}

    @property
    def few(self) -> int:
        narrow = self.asked.authority or self.asked.service or self.asked.region
        return FEW_OF_AN_AUTHORITY if narrow else FEW

    @property
    def rule(self) -> str:
        return RULE.format(few=self.few)


def published(asked: Asked, codes: Sequence[str]) -> Publication:
    """Of these figures, those of a period: what is of this moment is published by nobody.

    Two figures can have a number in common: hidden in one table, it is hidden in the other too. So all are made again
    until none hides more.
    """
    narrowed = replace(asked, reader=Reader.NUMBERS, compare=False)
    figures = [FIGURES[code] for code in codes if code in FIGURES]
    found = Readings(narrowed, slices.cells(narrowed, {figure.measure for figure in figures}))
    before, hidden = released_before(narrowed, figures), frozenset[Named]()
    while True:
        made = Publication(narrowed, hidden=hidden)
        for figure in figures:
            of, earlier = found.of(figure), before.get(figure.measure, [])
            made.tables.append((figure.code, main_table(made, of, earlier)))
            if figure.spread:
                made.tables += [(figure.code, table) for table in spread(made, of, earlier)]
        if made.hides <= hidden:
            return made
        hidden |= made.hides


def released_before(asked: Asked, figures: Iterable[Figure]) -> dict[str, list[Released]]:
    """What was published of these and overlaps in time."""
    rows = ReleasedNumber.objects.filter(
        measure__in={figure.measure for figure in figures},
        first__lte=asked.period.last,
        last__gte=asked.period.first,
    )
    found: dict[str, list[Released]] = {}
    for measure, part, filters, first, last, counted, shown in rows.values_list(
        "measure", "part", "filters", "first", "last", "counted", "shown"
    ):
        narrowed = frozenset((name, value) for name, value in filters)
        row = Released(part, narrowed, first.isoformat(), last.isoformat(), counted, shown)
        found.setdefault(measure, []).append(row)
    return found


def filters_of(asked: Asked, **more: str) -> dict[str, str]:
    own = {
        "authority": asked.authority.code if asked.authority else "",
        "service": asked.service.code if asked.service else "",
        "assessment_type": asked.type,
        "nation": asked.nation,
        "region": asked.region,
    }
    return {name: value for name, value in {**own, **more}.items() if value}


# --- A figure's own table -------------------------------------------------------------------------------------


def main_table(made: Publication, of: Reading, earlier: Sequence[Released]) -> Table:
    """Spans by parts, or one of the two, with every total."""
    figure = of.figure
    whole = Span(of.asked.period.first, of.asked.period.last, "All of it")
    crossed = (bool(of.parts) and not figure.timed) or figure.shape is Shape.PARTS
    parts = list(of.parts) if crossed else []
    spans = [whole] if figure.shape is Shape.PARTS or len(of.spans) == 1 else list(of.spans)
    counts = counted(of, parts, spans, whole)
    table = Counted(counts, *numbers_of(counts, parts, spans, whole), few=made.few)
    filters = filters_of(made.asked)
    table.close = close_to(table, filters, earlier) | made.also(of, filters, table.values)
    table.known = known_from(table, counts, filters, earlier)
    shown = publish(table)
    remember(made, figure, table, shown, filters)
    if figure.shape is Shape.PARTS:
        return parts_down(of, parts, whole, shown)
    return spans_down(of, parts, spans, whole, shown)


def key(part: str, span: Span) -> Key:
    return part, span.first.isoformat(), span.last.isoformat()


def counted(of: Reading, parts: Sequence[Part], spans: Sequence[Span], whole: Span) -> dict[Key, int]:
    """The cells; with what the parts leave over, so that a total is the sum of its cells."""
    found: dict[Key, int] = {}
    for span in spans:
        chosen = None if span is whole else span
        if not parts:
            found[key("", span)] = of.count(ALL, chosen)
            continue
        for part in parts:
            found[key(part.code, span)] = of.count(part, chosen)
        rest = of.count(ALL, chosen) - sum(found[key(part.code, span)] for part in parts)
        if rest > 0:
            found[key(REST, span)] = rest
    return found


def numbers_of(
    counts: dict[Key, int], parts: Sequence[Part], spans: Sequence[Span], whole: Span
) -> tuple[list[Number], list[Line]]:
    """Each cell, each total of a row and of a column, and the total of all."""
    numbers = {cell: Number(cell, frozenset({cell})) for cell in counts if cell[0] != REST}
    lines: list[Line] = []

    def total(of: Key, members: Iterable[Key], cells: Iterable[Key]) -> None:
        members = tuple(member for member in members if member in numbers)
        if of not in members:
            numbers.setdefault(of, Number(of, frozenset(cells)))
            lines.append(Line(of, members))

    for span in spans:
        if parts:
            total(key("", span), [key(part.code, span) for part in parts], cells_in(counts, span))
    for part in parts:
        total(key(part.code, whole), (key(part.code, span) for span in spans), cells_of(counts, part.code))
    total(key("", whole), [key("", span) for span in spans if span is not whole], counts)
    if parts and len(spans) > 1:
        lines.append(Line(key("", whole), tuple(key(part.code, whole) for part in parts)))
    return list(numbers.values()), [line for line in lines if line.members]


def cells_in(counts: Iterable[Key], span: Span) -> list[Key]:
    days = (span.first.isoformat(), span.last.isoformat())
    return [cell for cell in counts if cell[1:] == days]


def cells_of(counts: Iterable[Key], part: str) -> list[Key]:
    return [cell for cell in counts if cell[0] == part]


def close_to(table: Counted, filters: dict[str, str], earlier: Sequence[Released]) -> set[Key]:
    narrowed = frozenset(filters.items())
    return {
        (part, first, last)
        for part, first, last in table.values
        if too_near(
            Released(part, narrowed, first, last, table.values[part, first, last], None), earlier, table.few
        )
    }


def known_from(
    table: Counted, counts: dict[Key, int], filters: dict[str, str], earlier: Sequence[Released]
) -> list[Known]:
    """Sums that were published of cells that stand here again, whole."""
    narrowed, found = frozenset(filters.items()), []
    for row in earlier:
        if row.filters != narrowed:
            continue
        inside = [
            cell
            for cell in counts
            if row.part in ("", cell[0]) and row.first <= cell[1] and cell[2] <= row.last
        ]
        if inside and days_in(inside) == days_between(row.first, row.last):
            found.append(Known(frozenset(inside), told_of(row.counted, row.shown, TO_FIVE, table.few)))
    return found


def days_in(cells: Iterable[Key]) -> int:
    return sum(days_between(first, last) for first, last in {cell[1:] for cell in cells})


def days_between(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days + 1


def remember(
    made: Publication, figure: Figure, table: Counted, shown: dict[Key, int | None], filters: dict[str, str]
) -> None:
    made.released += [
        ReleasedNumber(
            measure=figure.measure,
            part=part,
            filters=sorted(filters.items()),
            first=first,
            last=last,
            counted=table.values[part, first, last],
            shown=number,
        )
        for (part, first, last), number in shown.items()
    ]


# --- As tables ------------------------------------------------------------------------------------------------


def as_value(number: int | None) -> Value:
    return Value(HIDDEN) if number is None else Value(f"{number:,}", number)


def share(part: int | None, whole: int | None) -> Value:
    found = percent(part, whole)
    return EMPTY if found is None else Value(str(found), found)


def spans_down(
    of: Reading, parts: Sequence[Part], spans: Sequence[Span], whole: Span, shown: dict[Key, int | None]
) -> Table:
    figure = of.figure
    columns = [
        Column("number", "All" if parts else "Number"),
        *(Column(part.code, part.label) for part in parts),
    ]
    main = of.main if parts else None
    columns += [Column("percent", f"{main.label}, %")] if main else []
    if figure.timed:
        columns += [Column("median", "Half within"), Column("lower", "A quarter within")]
        columns += [Column("upper", "Three quarters within")]
    rows = []
    for span in (*(one for one in spans if one is not whole), whole):
        total = shown[key("", span)]
        values = [as_value(total), *(as_value(shown[key(part.code, span)]) for part in parts)]
        values += [share(shown[key(main.code, span)], total)] if main else []
        values += middle(of, None if span is whole else span, total) if figure.timed else []
        rows.append(Row(span.label, values, span=span))
    return Table(figure.label, "From", columns, rows)


def middle(of: Reading, span: Span | None, shown: int | None) -> list[Value]:
    """Of eight or more, and where their number is shown; the longest is one case, and is not."""
    found = of.middle(ALL, span) if shown else None
    if found is None or found.number < MEASURED:
        return [EMPTY] * 3
    return [Value(f"{one:g}", one) for one in (found.median, found.lower, found.upper)]


def parts_down(of: Reading, parts: Sequence[Part], whole: Span, shown: dict[Key, int | None]) -> Table:
    total = shown[key("", whole)]
    rows = [
        Row(
            part.label,
            [as_value(shown[key(part.code, whole)]), share(shown[key(part.code, whole)], total)],
            part.code,
        )
        for part in parts
    ]
    rows.append(Row("All", [as_value(total), share(total, total)]))
    return Table(of.figure.label, "Which", [Column("number", "Number"), Column("percent", "%")], rows)


# --- By assessment, by area -----------------------------------------------------------------------------------


def spread(made: Publication, of: Reading, earlier: Sequence[Released]) -> list[Table]:
    """As a question about each type and each region would be answered: an authority's rule for both."""
    asked, measure = of.asked, of.figure.measure
    types, regions = book().types, {row.pk: row.region for row in book().askers}
    by_type = slices.by_type(asked, measure, [asked.type] if asked.type else list(types))
    by_region: dict[str, int] = {}
    for authority, number in slices.by_authority(asked, measure).items():
        if region := regions[authority]:
            by_region[region] = by_region.get(region, 0) + number
    of_types = {types[code].name: (code, number) for code, number in by_type.items()}
    of_regions = {name: (name, number) for name, number in by_region.items()}
    return [
        listed(made, of, "assessment_type", "By assessment", of_types, earlier),
        listed(made, of, "region", "By region", of_regions, earlier),
    ]


def listed(
    made: Publication,
    of: Reading,
    filter_by: str,
    title: str,
    found: dict[str, tuple[str, int]],
    earlier: Sequence[Released],
) -> Table:
    whole = Span(of.asked.period.first, of.asked.period.last, "All of it")
    rows, days = [], key("", whole)
    for name, (code, number) in sorted(found.items()):
        filters = filters_of(made.asked, **{filter_by: code})
        table = Counted({days: number}, [Number(days, frozenset({days}))], few=FEW_OF_AN_AUTHORITY)
        table.close = close_to(table, filters, earlier)
        shown = publish(table)
        remember(made, of.figure, table, shown, filters)
        rows.append(Row(name, [as_value(shown[days])], code))
    return Table(title, "Which", [Column("number", "Number")], rows)


def keep(made: Publication, export: Export) -> None:
    for row in made.released:
        row.export = export
    ReleasedNumber.objects.bulk_create(made.released)
