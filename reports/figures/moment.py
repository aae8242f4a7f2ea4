"""Figures of this moment: what waits for a place, what teams carry, demand against capacity for eight weeks.

They ask the rows as they stand and the diaries of the assessors; a period says nothing of them.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from intake.models import Organisation, book
from intake.words import _, numbered
from referrals import capacity
from referrals.lifecycle import Status
from referrals.matching.diary import Diary
from referrals.models import Referral
from reports.charts import Bars, Columns
from reports.figures import slices
from reports.figures.answers import (
    EMPTY,
    HIDDEN,
    SEVERAL,
    Answer,
    Beside,
    Column,
    Row,
    Table,
    Value,
    answers,
    capital,
)
from reports.figures.asked import Asked, Reader
from reports.figures.catalogue import FIGURES, HUB, WITH_SERVICE, Named
from reports.figures.measures import Measure
from reports.figures.periods import Period
from reports.figures.spread import blurred
from reports.languages import known, short_name_of

UNDER_WAY = tuple(sorted(capacity.SHARES))
WEEKS = 8
WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Live(Named):
    """A figure of now: what it says, and the referrals behind it. A part is the code of a type or a service."""

    readers: frozenset[Reader]
    answer: "Callable[[Live, Asked], Answer]"
    rows: Callable[[Asked, str], QuerySet[Referral]]
    by: str


def referrals(asked: Asked, statuses: Sequence[str]) -> QuerySet[Referral]:
    """What stands so, of what was asked for, as far as this person sees it."""
    rows: QuerySet[Referral] = Referral.objects.visible_to(asked.user).filter(status__in=statuses)
    return chosen(rows, asked)


def chosen(rows: QuerySet[Referral], asked: Asked) -> QuerySet[Referral]:
    if asked.askers is not None:
        rows = rows.filter(enquiry__authority__in=asked.askers)
    if asked.service is not None:
        rows = rows.filter(service=asked.service)
    return rows.filter(assessment__type__code=asked.type) if asked.type else rows


def for_numbers(asked: Asked, statuses: Sequence[str]) -> QuerySet[Referral]:
    """For whoever reads numbers only: all that is not restricted."""
    if asked.reader is not Reader.NUMBERS:
        return referrals(asked, statuses)
    return chosen(Referral.objects.filter(status__in=statuses, enquiry__restricted=False), asked)


def value(asked: Asked, figure: str, number: int, part: str = "") -> Value:
    shown = number if asked.opens_cases else blurred(number)
    if shown is None:
        return Value(HIDDEN)
    opens = number and asked.opens_cases
    href = f"{reverse('figure-cases', args=(figure,))}?{asked.query(part=part)}" if opens else ""
    return Value(f"{shown:,}", shown, href)


# --- To place -------------------------------------------------------------------------------------------------


NONE_WAITS = _("No assessment waits for a service just now.")
WAIT = numbered(
    "{number} assessment waits for a service just now.",
    "{number} assessments wait for a service just now.",
)


def waiting(asked: Asked, part: str = "") -> QuerySet[Referral]:
    rows = for_numbers(asked, (Status.WAITING,))
    return rows.filter(assessment__type__code=part) if part else rows


def to_place(figure: Live, asked: Asked) -> Answer:
    """By type; since when the longest waits."""
    today, numbers, oldest = timezone.localdate(), Counter[str](), dict[str, date]()
    rows = waiting(asked).values_list("assessment__type__code", "created_at")
    for code, created in rows.order_by("created_at"):
        numbers[code] += 1
        oldest.setdefault(code, timezone.localdate(created))
    lines, calendar = [], book().calendars[Organisation.Nation.ENGLAND]
    for code, number in numbers.most_common():
        longest = calendar.working_days_between(oldest[code], today)
        lines.append(
            Row(
                known(book().types[code].name),
                [
                    value(asked, figure.code, number, code),
                    Value(f"{longest:,}", longest) if asked.opens_cases else EMPTY,
                ],
                code,
            )
        )
    total = sum(numbers.values())
    all_of = value(asked, figure.code, total)
    lines.append(Row(gettext("All"), [all_of, EMPTY]))
    columns = [
        Column("number", gettext("Waiting")),
        Column("longest", gettext("Longest, working days")),
    ]
    labels = [row.label for row in lines[:-1]]
    shown = [None if row.values[0].hidden else int(row.values[0].number or 0) for row in lines[:-1]]
    return Answer(
        figure.code,
        figure.label,
        figure.meaning,
        counted(all_of, NONE_WAITS, WAIT),
        all_of,
        Table(figure.label, gettext("Assessment"), columns, lines),
        Bars(figure.label, labels, shown) if labels else None,
        now=True,
    )


def counted(number: Value, none: str, words: str) -> str:
    if number.hidden:
        return capital(words.format(count=SEVERAL, number=gettext("from 1 to 7")))
    return words.format(count=number.number, number=number.text) if number.number else str(none)


# --- What teams carry -----------------------------------------------------------------------------------------


def under_way(asked: Asked, part: str = "") -> QuerySet[Referral]:
    rows = for_numbers(asked, UNDER_WAY)
    return rows.filter(service__code=part) if part else rows


CARRIED = (
    ("number", _("Assessments under way")),
    ("assessors", _("Assessors")),
    ("hours", _("Hours a week there are")),
    ("committed", _("Hours a week promised")),
    ("percent", _("All together, %")),
    ("highest", _("The one who carries most, %")),
    ("over", _("Over their hours")),
    ("over_ceiling", _("Over the ceiling")),
)
NONE_IS_UNDER_WAY = _("No assessment is under way just now.")
ARE_UNDER_WAY = numbered(
    "{number} assessment is under way just now.",
    "{number} assessments are under way just now.",
)
NOBODY_CARRIES = _("Nobody carries more than their hours.")
CARRY = numbered(
    "{number} assessor carries more than their hours.",
    "{number} assessors carry more than their hours.",
)


def columns_of(rows: Iterable[tuple[str, str]]) -> list[Column]:
    """In the language in which we speak."""
    return [Column(code, str(label)) for code, label in rows]


def caseload(figure: Live, asked: Asked) -> Answer:
    """Each team against its hours; never the average alone: also who carries most, and how many are over."""
    today = timezone.localdate()
    counted_by = under_way(asked).order_by().values_list("service").annotate(Count("pk"))
    numbers = Counter({key or 0: number for key, number in counted_by})
    loads: dict[int, list[capacity.Load]] = defaultdict(list)
    for row, diary in asked.staff:
        loads[row.service_id].append(capacity.load_of(diary, today))
    lines, over, labels, carried = [], 0, list[str](), list[list[int | None]]()
    for service in asked.teams:
        of = loads[service.pk]
        number = value(asked, figure.code, numbers[service.pk], service.code)
        lines.append(Row(short_name_of(service), [number, *carries(of)], service.code))
        over += sum(one.over_soft for one in of)
        labels.append(short_name_of(service))
        carried.append(percent_of(of))
    total = value(asked, figure.code, sum(numbers.values()))
    lines.append(Row(gettext("All teams"), [total, *carries([one for of in loads.values() for one in of])]))
    said = counted(total, NONE_IS_UNDER_WAY, ARE_UNDER_WAY)
    people = counted(Value(f"{over}", over), NOBODY_CARRIES, CARRY)
    return Answer(
        figure.code,
        figure.label,
        figure.meaning,
        f"{said} {people}",
        total,
        Table(figure.label, gettext("Team"), columns_of(CARRIED), lines),
        Bars(
            gettext("The one who carries most in each team, percent of their hours"),
            labels,
            [row[1] for row in carried],
        )
        if labels
        else None,
        quality=beside(asked),
        now=True,
    )


def beside(asked: Asked) -> list[Beside]:
    """How good the work is that these teams closed, in the period asked for."""
    judged = answers(asked, [FIGURES[code] for code in ("audit_impact", "audit_quality")])
    found = [Beside(row.code, f"{row.label}: {row.sentence.removesuffix('.')}") for row in judged]
    return (
        [*found, Beside("overseen", gettext("Entries of oversight"))] if asked.reader is Reader.HUB else found
    )


def percent_of(of: Sequence[capacity.Load]) -> list[int | None]:
    """All together, and the one who carries most."""
    hours = sum(one.hours_a_week for one in of)
    together = round(100 * sum(one.committed for one in of) / hours) if hours else 0
    return [together, max((one.percent for one in of), default=0)]


def carries(of: Sequence[capacity.Load]) -> list[Value]:
    together, highest = percent_of(of)
    hours, committed = sum(one.hours_a_week for one in of), sum(one.committed for one in of)
    over, hard = sum(one.over_soft for one in of), sum(one.over_hard for one in of)
    return [
        Value(f"{len(of)}", len(of)),
        hour(hours),
        hour(committed),
        Value(f"{together}", together) if of else EMPTY,
        Value(f"{highest}", highest) if of else EMPTY,
        Value(f"{over}", over),
        Value(f"{hard}", hard),
    ]


def hour(number: float) -> Value:
    return Value(f"{number:,.0f}", round(number, 1))


# --- Demand against capacity ----------------------------------------------------------------------------------

AHEAD = (
    ("hours", _("Hours there are")),
    ("promised", _("Promised already")),
    ("waiting", _("Waiting for a place")),
    ("expected", _("Expected to come")),
    ("left", _("Left, or missing")),
)


def demand(figure: Live, asked: Asked) -> Answer:
    """Week by week: hours of the assessors less their leave, against what is promised, waits, and is to be expected.

    What waits is taken to begin this week; what comes, to come as in the last eight weeks, each taking its usual
    hours over its usual weeks.
    """
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    diaries = [diary for _, diary in asked.staff]
    waits = Counter(waiting(asked).values_list("assessment__type__code", flat=True).order_by())
    comes = arriving(asked, today)
    lines, short = [], None
    labels, numbers = list[str](), list[list[int | None]]()
    for place in range(WEEKS):
        start = monday + WEEK * place
        there, promised = hours_in(diaries, start), sum(row.committed(max(start, today)) for row in diaries)
        wait = sum(number * weekly(code, place, today) for code, number in waits.items())
        come = sum(
            number * sum(weekly(code, place - begun, today) for begun in range(place + 1))
            for code, number in comes.items()
        )
        left = there - promised - wait - come
        short = short or (start if left < 0 else None)
        label = date_format(start, "j M")
        lines.append(
            Row(label, [hour(each) for each in (there, promised, wait, come, left)], start.isoformat())
        )
        labels.append(label)
        numbers.append([round(promised), round(wait), round(come)])
    said = (
        gettext("From the week of {day} on, more is asked for than there are hours.").format(
            day=date_format(short, "j F")
        )
        if short
        else gettext("In each of the next eight weeks there are hours enough.")
    )
    columns = columns_of(AHEAD)
    parts = [column.label for column in columns[1:4]]
    return Answer(
        figure.code,
        figure.label,
        figure.meaning,
        said,
        value(asked, "to_place", sum(waits.values())),
        Table(figure.label, gettext("Week of"), columns, lines),
        Columns(gettext("Hours a week that are asked for"), labels, parts, numbers),
        now=True,
    )


def weekly(code: str, week: int, today: date) -> float:
    """Hours of one assessment of this type in its so many-th week, from 0."""
    terms = capacity.terms_of(code, today)
    return terms.hours / terms.weeks if 0 <= week < terms.weeks else 0.0


def hours_in(diaries: Iterable[Diary], start: date) -> float:
    """Of a week: what there is, less the days of leave in it."""
    end = start + timedelta(days=4)
    return sum(
        row.hours * max(1 - sum(away.days_within(start, end) for away in row.leave) / 5, 0) for row in diaries
    )


def arriving(asked: Asked, today: date) -> dict[str, float]:
    """How many of each type were accepted in a week, over the last eight."""
    last = today - timedelta(days=1)
    period = Period(last - WEEK * WEEKS + timedelta(days=1), last)
    of = replace(asked, period=period, service=None)
    codes = [asked.type] if asked.type else list(book().types)
    return {code: number / WEEKS for code, number in slices.by_type(of, Measure.ACCEPTED, codes).items()}


LIVE = {
    row.code: row
    for row in (
        Live(
            "to_place",
            _("To place"),
            _("Accepted assessments that wait for a service, as it stands now."),
            HUB | {Reader.AUTHORITY},
            to_place,
            waiting,
            "assessment_type",
        ),
        Live(
            "caseload",
            _("What teams carry"),
            _(
                "Assessments under way and the hours they take, against the hours that assessors have, as it stands "
                "now."
            ),
            WITH_SERVICE,
            caseload,
            under_way,
            "service",
        ),
        Live(
            "demand",
            _("Demand against capacity, eight weeks ahead"),
            _(
                "Hours a week: what waits is taken to begin this week, and what comes to come as in the last eight "
                "weeks, each taking the usual hours of its type over its usual weeks."
            ),
            HUB,
            demand,
            waiting,
            "assessment_type",
        ),
    )
}
