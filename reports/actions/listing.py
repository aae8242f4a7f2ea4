"""A list on paper: the worklist or the referrals as somebody filters them, with the filter, the time and the person.

It is about no one enquiry, so it is not kept; each enquiry on it has a line of history that says who has it on paper.
It speaks the language in which we speak when it is printed, its filters too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext

from intake.clocks import ANSWERED, DECISION, reading
from intake.lifecycle import Status, Turn
from intake.models import Enquiry, Event, Organisation, User, book
from intake.pages import lines
from intake.pages.worklist import FiltersForm
from intake.sorts import Sort
from referrals.models import Referral
from reports.actions import documents
from reports.languages import called, known, short_name_of, spoken
from reports.summaries.blocks import Paper, Prose, Section, Table, day, moment, pairs
from reports.summaries.timing import stands

# Some eight pages; of more, a file is of more use.
MOST = 200


@dataclass(frozen=True)
class Asked:
    """What somebody has before them: which list, its filters in words, and its order."""

    title: str
    heading: str
    chosen: Sequence[str]
    sort: Sort


def in_words(form: FiltersForm, query: QueryDict) -> list[str]:
    """The filters that are on; an authority by what it is called in the language in which we speak."""
    askers = {row.code: called(row.name, row.welsh_name) for row in book().askers if row.welsh_name}
    return [
        askers[value] if name == "authority" and value in askers else form.words(name, value)
        for name, value in form.given(query)
    ]


def print_enquiries(*, rows: QuerySet[Enquiry], asked: Asked, by: User) -> bytes:
    """The enquiries of a list, without anybody of a family; a draft is on no paper."""
    sent = rows.exclude(status=Status.DRAFT)
    found = list(asked.sort.ordered(lines.plain(sent))[: MOST + 1])
    shown = lines.lines(found[:MOST], by)
    in_hub = by.organisation.kind == Organisation.Kind.HUB
    head = [
        gettext("Reference"),
        gettext("Authority"),
        gettext("Asked for"),
        gettext("Where it stands"),
        gettext("Decision"),
        *([gettext("Owner"), gettext("Priority")] if in_hub else []),
    ]
    now = timezone.now()
    table = Table(head, [enquiry(line, in_hub, now) for line in shown], listed=True)
    made = printed(asked, table, len(found), by, now)
    record([(line.own.id, "") for line in shown], by)
    return made


def enquiry(line: lines.Line, in_hub: bool, now: datetime) -> list[str]:
    row = line.own
    calendar = book().calendars[row.authority__nation]
    clock = reading(DECISION, row.clock, row.due_at, now, calendar, waits_until=ANSWERED)
    asked = ", ".join(known(one.type__name) for one in line.asked) or known(Enquiry.Kind(row.kind).label)
    ours = [row.owner__name or gettext("no owner"), known(line.priority.label) if line.priority else ""]
    return [
        row.reference,
        called(row.authority__name, row.authority__welsh_name),
        asked,
        f"{known(Status(row.status).label)}. {known(Turn(row.turn).label)}",
        stands(clock),
        *(ours if in_hub else []),
    ]


def print_referrals(*, rows: QuerySet[Referral], asked: Asked, by: User) -> bytes:
    """The referrals of a list, as somebody sees them on the screen."""
    found = list(asked.sort.ordered(rows)[: MOST + 1])
    head = [
        gettext("Reference"),
        gettext("Authority"),
        gettext("Assessment"),
        gettext("Where it stands"),
        gettext("Report needed by"),
        gettext("With"),
    ]
    now = timezone.now()
    made = printed(
        asked, Table(head, [referral(row) for row in found[:MOST]], listed=True), len(found), by, now
    )
    record([(row.enquiry_id, row.reference) for row in found[:MOST]], by)
    return made


def referral(row: Referral) -> list[str]:
    who = (
        row.assessor.name if row.assessor else "",
        short_name_of(row.service) if row.service else "",
    )
    return [
        row.reference,
        short_name_of(row.enquiry.authority),
        known(row.assessment.type.name),
        known(row.status_label),
        day(row.decisive_date),
        ", ".join(filter(None, who)),
    ]


def printed(asked: Asked, table: Table, found: int, by: User, now: datetime) -> bytes:
    paper = Paper(
        title=asked.title,
        reference=asked.heading,
        audience=short_name_of(by.organisation),
        language=spoken(),
        front=pairs(
            [
                (gettext("List"), asked.heading),
                (gettext("Filter"), "\n".join(asked.chosen) or gettext("None: all that you see")),
                (gettext("Order"), str(asked.sort.label)),
                (gettext("As it stood"), moment(now)),
                (gettext("How many"), how_many(found)),
            ]
        ),
        sections=[Section(asked.heading, [*cut(found), table] if table.rows else nothing())],
        left_out=[gettext("Everybody of the families, and what was written about them")],
        handling=handling(),
    )
    return documents.printed(paper, by=by, now=now)


def handling() -> list[str]:
    """Of a paper with references only."""
    return [
        gettext(
            "Nobody of a family is in this paper. Its references lead to cases, and a few of them may point to "
            "somebody whom the reader knows: give it only to those who need it for their work."
        ),
        gettext("It shows how things stood. Destroy it securely when it has done its work."),
    ]


def how_many(found: int) -> str:
    if found > MOST:
        return gettext("The first {most} of more").format(most=MOST)
    return str(found)


def cut(found: int) -> list[Prose]:
    """Never in silence."""
    if found <= MOST:
        return []
    words = gettext(
        "The list is longer: only its first {most} are printed. Filter it further to print the others."
    )
    return [Prose(words.format(most=MOST), ours=True)]


def nothing() -> list[Prose]:
    return [Prose(gettext("Nothing fits these filters."), ours=True)]


@transaction.atomic
def record(rows: Iterable[tuple[int, str]], by: User) -> None:
    """A line for each enquiry, in one transaction: on which list it left is of no matter, who has it is."""
    for key, subject in sorted(rows):
        held: Any = Enquiry.objects.hold(Enquiry(pk=key))
        Event.objects.record(
            held, verb="document.listed", by=by, subject=subject, audience=Event.Audience.ACCESS
        )
