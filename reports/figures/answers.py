"""What a figure says: a sentence, a table of numbers that open their cases, a chart, and the quality beside it.

All its words are in the language in which we speak when it is made, and stay so.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from intake.deadlines import Unit
from intake.models import book
from intake.words import span
from reports.charts import Bars, Chart, Columns, Curve
from reports.figures import slices
from reports.figures.asked import Asked, Reader, name_of
from reports.figures.catalogue import ALL, FIGURES, Figure, Part, Shape
from reports.figures.measures import LATE_ASKED
from reports.figures.periods import DAY, Span
from reports.figures.slices import Cells
from reports.figures.spread import MEASURED, Middle, blurred, middle, percent
from reports.languages import known


@dataclass(frozen=True)
class Value:
    """One cell: a number that opens its cases, or words. `number` is None where it is too small to be shown."""

    text: str
    number: float | None = None
    href: str = ""

    @property
    def hidden(self) -> bool:
        return self.text == HIDDEN


HIDDEN, NOTHING = "c", "–"
# A number that is not told takes the words of any that is neither one nor two.
SEVERAL = 5
EMPTY = Value(NOTHING)


@dataclass(frozen=True)
class Column:
    code: str
    label: str


@dataclass(frozen=True)
class Row:
    """A line of a table: its name, from when until when or which part it is, a value for each column."""

    label: str
    values: Sequence[Value]
    code: str = ""
    span: Span | None = None


@dataclass(frozen=True)
class Table:
    title: str
    name: str
    columns: Sequence[Column]
    rows: Sequence[Row]


@dataclass(frozen=True)
class Beside:
    """The quality beside a figure: what another one says, and where it stands."""

    code: str
    sentence: str


@dataclass(frozen=True)
class Answer:
    """All that a figure says. `now`: it is of this moment, whatever the period."""

    code: str
    label: str
    meaning: str
    sentence: str
    total: Value
    table: Table
    chart: Chart | None = None
    more: Sequence[Table] = ()
    quality: Sequence[Beside] = ()
    now: bool = False
    parts: Sequence[Part] = field(default=(), compare=False)


def open_to(asked: Asked) -> list[Figure]:
    """The figures this person reads, of what they asked: one of a service, where it is of services."""
    return [
        row
        for row in FIGURES.values()
        if asked.reader in row.readers and (row.of_services or asked.service is None or not_asked(asked))
        if asked.reader is not Reader.SERVICE or row.of_services
    ]


def not_asked(asked: Asked) -> bool:
    """A service's own people always ask of their service."""
    return asked.reader is Reader.SERVICE


def answers(asked: Asked, figures: Sequence[Figure]) -> list[Answer]:
    """Several figures, from one reading of the sums; with the period before, from two."""
    named = {figure.code: figure for figure in figures}
    beside = [FIGURES[code] for figure in figures for code in figure.quality]
    measures = {figure.measure for figure in (*figures, *beside)}
    found = Readings(asked, slices.cells(asked, measures))
    then = asked.before()
    before = Readings(then, slices.cells(then, measures)) if asked.compare else None
    seen = {row.code for row in open_to(asked)}
    return [answer(figure, found, before, seen) for figure in named.values()]


def answer(figure: Figure, found: "Readings", before: "Readings | None", seen: set[str]) -> Answer:
    of = found.of(figure)
    earlier = before.of(figure) if before is not None else None
    return Answer(
        figure.code,
        of.label,
        figure.meaning,
        sentence(of, earlier),
        of.value(ALL),
        over_time(of) if figure.shape is Shape.TIME else by_part(of, earlier),
        chart_of(of),
        more_of(of) if figure.spread else (),
        [
            Beside(code, f"{FIGURES[code].label}: {brief(found.of(FIGURES[code]))}")
            for code in figure.quality
            if code in seen
        ],
        parts=of.parts,
    )


class Readings:
    """The numbers of a period, gone through once: each figure's by itself."""

    def __init__(self, asked: Asked, cells: Cells) -> None:
        self.asked = asked
        self.spans = asked.period.spans()
        self.places = placed(self.spans)
        self.measures: dict[str, list[tuple[slices.Cell, int]]] = defaultdict(list)
        for cell, number in cells.items():
            self.measures[cell.measure].append((cell, number))
        self.read: dict[str, Reading] = {}

    def of(self, figure: Figure) -> "Reading":
        if figure.code not in self.read:
            self.read[figure.code] = Reading(figure, self, self.measures[figure.measure])
        return self.read[figure.code]


class Reading:
    """One figure's numbers in one period: by span, reason and value, which are few however many days there are."""

    def __init__(self, figure: Figure, among: Readings, cells: Sequence[tuple[slices.Cell, int]]) -> None:
        self.figure, self.asked, self.spans, self.cells = figure, among.asked, among.spans, cells
        self.label = figure.label
        self.numbers = Counter[tuple[Span, str, int]]()
        for cell, number in cells:
            self.numbers[among.places[cell.day], cell.reason, cell.value] += number
        self.parts = figure.parts_of({reason for _, reason, _ in self.numbers})

    @property
    def blur(self) -> bool:
        return not self.asked.opens_cases

    def chosen(self, part: Part, span: Span | None) -> Iterator[tuple[int, int]]:
        """Value and number of what is of this part, in this span."""
        for (where, reason, value), number in self.numbers.items():
            if span in (None, where) and part.holds(reason, value):
                yield value, number

    def count(self, part: Part = ALL, span: Span | None = None) -> int:
        return sum(number for _, number in self.chosen(part, span))

    def shown(self, part: Part = ALL, span: Span | None = None) -> int | None:
        number = self.count(part, span)
        return blurred(number) if self.blur else number

    def value(self, part: Part = ALL, span: Span | None = None) -> Value:
        return self.shown_as(self.count(part, span), part, span)

    def shown_as(self, counted: int, part: Part, span: Span | None) -> Value:
        number = blurred(counted) if self.blur else counted
        if number is None:
            return Value(HIDDEN)
        href = self.cases(part, span) if number and not self.blur else ""
        return Value(f"{number:,}", number, href)

    def cases(self, part: Part = ALL, span: Span | None = None, **narrowed: str) -> str:
        """The address of the cases behind a number."""
        where = {"part": part.code, **narrowed}
        if span is not None:
            where |= {"period": "", "first": span.first.isoformat(), "last": span.last.isoformat()}
        return f"{reverse('figure-cases', args=(self.figure.code,))}?{self.asked.query(**where)}"

    def middle(self, part: Part = ALL, span: Span | None = None) -> Middle | None:
        values = Counter[int]()
        for value, number in self.chosen(part, span):
            values[value] += number
        found = middle(values)
        return None if self.blur and found and found.number < MEASURED else found

    def share(self, part: Part, span: Span | None = None) -> int | None:
        return percent(self.shown(part, span), self.shown(ALL, span), blur=self.blur)

    @property
    def main(self) -> Part | None:
        return next((row for row in self.parts if row.code == self.figure.main), None)


def placed(spans: Sequence[Span]) -> dict[date, Span]:
    """In which span each day lies."""
    return {
        span.first + DAY * place: span for span in spans for place in range((span.last - span.first).days + 1)
    }


# --- The sentence -------------------------------------------------------------------------------------------


def sentence(of: Reading, earlier: Reading | None) -> str:
    """In October 2026, 36 decisions were made: 92 % in time; 3 were late, all after the authority was asked."""
    period = of.asked.period
    words = (
        gettext("{when}, so far, {said}.")
        if period.is_on(timezone.localdate())
        else gettext("{when}, {said}.")
    )
    whole = capital(words.format(when=period.when, said=brief(of)))
    return f"{whole} {compared(of, earlier)}" if earlier else whole


def capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def brief(of: Reading) -> str:
    """Without the time: 36 decisions were made, and what is the most important of it."""
    figure, number = of.figure, of.shown()
    return detailed(of, counted(figure.counted, number)) if number != 0 else str(figure.none)


def counted(words: str, number: int | None) -> str:
    """So many of something; of a few that are not told, only that."""
    if number is None:
        return words.format(count=SEVERAL, number=gettext("from 1 to 7"))
    return words.format(count=number, number=f"{number:,}")


def detailed(of: Reading, said: str) -> str:
    """With what is the most important of it."""
    if of.figure.code == "decided":
        return decided(of, said)
    if of.main is not None and (share := of.share(of.main)) is not None:
        return gettext("{said}: {share} % in time").format(said=said, share=share)
    if of.figure.timed and (half := of.middle()) is not None:
        if half.number == 1:
            return gettext("{said} after {days}").format(said=said, days=days(half.median))
        words = gettext("{said}; half of them within {half}, the longest after {longest}")
        return words.format(said=said, half=days(half.median), longest=days(half.longest))
    if of.figure.shape is Shape.PARTS and not of.blur and len(of.parts) > 1:
        first = max(of.parts, key=of.count)
        label = f"{first.label[:1].lower()}{first.label[1:]}"
        words = gettext("{said}; most often: {part}, {number}")
        return words.format(said=said, part=label, number=f"{of.count(first):,}")
    return said


def decided(of: Reading, said: str) -> str:
    share = of.share(of.main) if of.main else None
    if share is None:
        return said
    late = of.count() - of.count(of.main or ALL)
    asked = sum(of.count(part) for part in of.parts if part.code == LATE_ASKED)
    if of.blur:
        words = gettext("{said}: {share} % in time")
    elif not late:
        words = gettext("{said}: all in time")
    elif not asked:
        words = ngettext(
            "{said}: {share} % in time; {late} was late, with nothing asked of the authority",
            "{said}: {share} % in time; {late} were late, none of them after the authority was asked",
            late,
        )
    elif asked < late:
        words = gettext(
            "{said}: {share} % in time; {late} were late, {asked} of them after the authority was asked"
        )
    else:
        words = ngettext(
            "{said}: {share} % in time; {late} was late, after the authority was asked",
            "{said}: {share} % in time; {late} were late, all of them after the authority was asked",
            late,
        )
    return words.format(said=said, share=share, late=f"{late:,}", asked=f"{asked:,}")


def compared(of: Reading, earlier: Reading) -> str:
    """A sentence of its own: how it was in the time before."""
    now, then, when = of.shown(), earlier.shown(), earlier.asked.period.when
    number = gettext("from 1 to 7") if then is None else f"{then:,}"
    if now is None or then is None:
        return capital(gettext("{when}: {number}.").format(when=when, number=number))
    if now == then:
        return gettext("As many as {when}.").format(when=when)
    words = (
        gettext("That is {more} more than {when} ({number}).")
        if now > then
        else gettext("That is {fewer} fewer than {when} ({number}).")
    )
    apart = f"{abs(now - then):,}"
    return words.format(more=apart, fewer=apart, when=when, number=number)


def days(number: float) -> str:
    """3 working days; a median may lie halfway between two."""
    if number == int(number):
        return span(int(number), Unit.WORKING_DAYS)
    return gettext("{number} working days").format(number=f"{number:g}")


# --- The tables ---------------------------------------------------------------------------------------------


def over_time(of: Reading) -> Table:
    """A line for each span of the period, and one for all of it."""
    figure, spans = of.figure, of.spans
    columns = [Column("number", gettext("All") if figure.parts and not figure.timed else gettext("Count"))]
    if figure.timed:
        columns += [
            Column("median", gettext("Half within")),
            Column("middle_half", gettext("Middle half")),
            Column("longest", gettext("Longest")),
        ]
    else:
        columns += [Column(part.code, part.label) for part in of.parts]
        columns += [Column("percent", gettext("In time, %"))] if of.main else []
    lines = [(span.label, span) for span in spans] if len(spans) > 1 else []
    rows = [line(of, label, span) for label, span in lines]
    return Table(of.label, gettext("From"), columns, [*rows, line(of, gettext("All of it"), None)])


def line(of: Reading, label: str, span: Span | None) -> Row:
    values = [of.value(ALL, span)]
    if of.figure.timed:
        values += in_the_middle(of.middle(ALL, span))
    else:
        values += [of.value(part, span) for part in of.parts]
        values += [share(of.share(of.main, span))] if of.main else []
    return Row(label, values, span=span)


def in_the_middle(found: Middle | None) -> list[Value]:
    if found is None:
        return [EMPTY, EMPTY, EMPTY]
    return [
        Value(f"{found.median:g}", found.median),
        Value(gettext("{low} to {high}").format(low=f"{found.lower:g}", high=f"{found.upper:g}")),
        Value(f"{found.longest:,}", found.longest),
    ]


def share(number: int | None) -> Value:
    return EMPTY if number is None else Value(f"{number}", number)


def by_part(of: Reading, earlier: Reading | None) -> Table:
    """A line for each part, and one for all of them."""
    columns = [Column("number", gettext("Count")), Column("percent", "%")]
    timed = of.figure.timed and of.figure.code == "pauses"
    if timed:
        columns += [
            Column("median", gettext("Half within, days")),
            Column("together", gettext("Days in all")),
        ]
    columns += [Column("before", earlier.asked.period.label)] if earlier else []
    rows = []
    for part in (*of.parts, ALL):
        values = [of.value(part), share(of.share(part))]
        if timed:
            half = of.middle(part)
            values += (
                [Value(f"{half.median:g}", half.median), Value(f"{half.together:,}", half.together)]
                if half
                else [EMPTY] * 2
            )
        values += [earlier.value(part)] if earlier else []
        rows.append(Row(str(part.label), values, part.code))
    return Table(of.label, gettext("Which"), columns, rows)


def chart_of(of: Reading) -> Chart:
    figure, spans = of.figure, of.spans
    labels = [span.label for span in spans]
    if figure.shape is Shape.PARTS:
        return Bars(of.label, [part.label for part in of.parts], [of.shown(part) for part in of.parts])
    if figure.timed:
        halves = [of.middle(ALL, span) for span in spans]
        return Curve(
            of.label,
            labels,
            [half.median if half else None for half in halves],
            [(half.lower, half.upper) if half else None for half in halves],
            gettext("Working days: half within, and the middle half"),
        )
    parts = of.parts or (ALL,)
    numbers = [[of.shown(part, span) for part in parts] for span in spans]
    return Columns(of.label, labels, [str(part.label) for part in parts], numbers)


def more_of(of: Reading) -> list[Table]:
    """By assessment type, by area and by week."""
    asked, measure = of.asked, of.figure.measure
    wanted = [asked.type] if asked.type else list(book().types)
    kinds = slices.by_type(asked, measure, wanted)
    regions, keys = Counter[str](), {row.pk: row.region or row.name for row in book().askers}
    for key, number in slices.by_authority(asked, measure).items():
        regions[keys[key]] += number
    return [
        counted_by(of, gettext("By assessment"), gettext("Assessment"), kinds, "assessment_type"),
        counted_by(of, gettext("By area"), gettext("Area"), regions, "region"),
        by_week(of),
    ]


def by_week(of: Reading) -> Table:
    weeks = of.asked.period.weeks()
    places, numbers = placed(weeks), Counter[Span]()
    for cell, number in of.cells:
        numbers[places[cell.day]] += number
    rows = [Row(span.label, [of.shown_as(numbers[span], ALL, span)], span=span) for span in weeks]
    return Table(gettext("By week"), gettext("Week from"), [Column("number", gettext("Count"))], rows)


def counted_by(of: Reading, title: str, name: str, numbers: Counter[str], filter_by: str) -> Table:
    """The most first; each opens its own cases."""
    types, askers = book().types, {row.name: row for row in book().askers if not row.region}
    rows = []
    for code, number in sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0])):
        narrowed = {"authority": askers[code].code} if code in askers else {filter_by: code}
        shown = blurred(number) if of.blur else number
        value = (
            Value(HIDDEN)
            if shown is None
            else Value(f"{shown:,}", shown, "" if of.blur else of.cases(ALL, None, **narrowed))
        )
        label = (
            name_of(askers[code]) if code in askers else known(types[code].name if code in types else code)
        )
        rows.append(Row(label, [value], code))
    return Table(title, name, [Column("number", gettext("Count"))], rows)
