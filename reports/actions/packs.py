"""An authority's monthly pack: what the month was, what is open and whose turn it is, what we wait for, what falls due.

References only, nobody of a family. What is restricted is in it for who may see it. It is made anew each time; each
enquiry that it names has a line of history.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from intake.lifecycle import OPEN, Role
from intake.models import Enquiry, InformationRequest, User
from intake.refusals import Forbidden
from referrals.models import Referral
from reports.actions import documents, listing
from reports.figures import overview, periods
from reports.figures.answers import Answer
from reports.figures.answers import Table as Numbers
from reports.figures.asked import Asked
from reports.summaries.blocks import Paper, Prose, Section, Table, day, moment, pairs

Blocks = list[Prose | Table]
READERS = frozenset({Role.MANAGER, Role.AUTHORITY_MANAGER})


class NoPack(Exception):
    """What was asked for is no pack: why, in a sentence."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def is_one(asked: Asked) -> bool:
    """Of one authority and one month, of all that it asked for, for who may have it."""
    whole = not (asked.service or asked.type or asked.nation or asked.region)
    return whole and bool(asked.authority) and asked.period.kind == "month" and asked.user.has(*READERS)


def print_pack(*, asked: Asked) -> bytes:
    """Of one authority and one month, as whoever asks may see it."""
    by, authority = asked.user, asked.authority
    if not by.has(*READERS):
        raise Forbidden("Your role does not allow this: print an authority's monthly pack.")
    if authority is None or not is_one(asked):
        raise NoPack(
            "A pack is of one authority and one month, and of all that it asked for. Choose both only."
        )
    now = timezone.now()
    groups = overview.groups(replace(asked, compare=False))
    rows = Enquiry.objects.visible_to(by).filter(authority_id=authority.pk, status__in=OPEN)
    standing = list(rows.order_by("received_at", "id")[: listing.MOST + 1])
    first = groups[0].answers[0].sentence if groups else ""
    sections = [
        Section("In short", [Prose(first, ours=True), Prose(in_short(standing), ours=True)]),
        Section("Open enquiries", open_now(standing)),
        Section("What we wait for from you", waiting(standing)),
        Section("What falls due next month", coming(standing, by, asked.period.last)),
        *(Section(group.title, [block for one in group.answers for block in said(one)]) for group in groups),
    ]
    paper = Paper(
        title=gettext("Monthly pack"),
        reference=f"{authority.name}, {asked.period.label}",
        audience=authority.name,
        language="en",
        front=pairs(
            [
                (gettext("Authority"), authority.name),
                (gettext("Month"), asked.period.so_far(timezone.localdate(now))),
                (gettext("Lists as they stood"), moment(now)),
                (gettext("Figures counted up to"), moment(overview.counted_until() or now)),
            ]
        ),
        sections=sections,
        left_out=[gettext("Everybody of the families, and what was written about them")],
    )
    made = documents.printed(paper, by=by, now=now)
    listing.record([(row.pk, "") for row in standing[: listing.MOST]], by)
    return made


def in_short(standing: Sequence[Enquiry]) -> str:
    number = len(standing)
    if number > listing.MOST:
        return gettext("More than {number} enquiries are open now.").format(number=listing.MOST)
    return ngettext("{number} enquiry is open now.", "{number} enquiries are open now.", number).format(
        number=number
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]], nothing: str) -> Blocks:
    found = [list(row) for row in rows]
    return [Table(list(head), found, listed=True)] if found else [Prose(nothing, ours=True)]


def open_now(standing: Sequence[Enquiry]) -> Blocks:
    rows = (
        (row.reference, row.authority_reference, day_of(row), f"{row.status_label}. {row.turn_label}")
        for row in standing[: listing.MOST]
    )
    head = (gettext("Reference"), gettext("Your reference"), gettext("Received"), gettext("Where it stands"))
    return [*listing.cut(len(standing)), *table(head, rows, gettext("Nothing is open."))]


def day_of(row: Enquiry) -> str:
    return day(timezone.localdate(row.received_at)) if row.received_at else ""


def waiting(standing: Sequence[Enquiry]) -> Blocks:
    """Our questions that are open, the longest first."""
    found = InformationRequest.objects.filter(enquiry__in=[row.pk for row in standing], outcome="")
    rows = (
        (row.enquiry.reference, row.enquiry.authority_reference, number_of(row), day(row.reply_by))
        for row in found.select_related("enquiry").prefetch_related("questions").order_by("asked_at")
    )
    head = (gettext("Reference"), gettext("Your reference"), gettext("What"), gettext("By"))
    return table(head, rows, gettext("Nothing: all our questions are answered."))


def number_of(row: InformationRequest) -> str:
    number = len(row.questions.all())
    return ngettext("{number} question", "{number} questions", number).format(number=number)


def coming(standing: Sequence[Enquiry], by: User, last: date) -> Blocks:
    """Reports that are needed in the month after, by the court or as they were asked for."""
    following = last + timedelta(days=1)
    month = periods.month(following.year, following.month)
    rows = Referral.objects.visible_to(by).open().filter(enquiry__in=[row.pk for row in standing])
    found = [
        (row.decisive_date, row)
        for row in rows.select_related("enquiry__authority", "assessment__type")
        if row.decisive_date and month.first <= row.decisive_date <= month.last
    ]
    said = (
        (row.reference, row.enquiry.authority_reference, row.assessment.type.name, day(on))
        for on, row in sorted(found, key=lambda pair: (pair[0], pair[1].pk))
    )
    head = (gettext("Reference"), gettext("Your reference"), gettext("Report"), gettext("Needed by"))
    return table(head, said, gettext("No report is due."))


def said(answer: Answer) -> Blocks:
    """A figure in words, its tables where there is something in them, and the quality beside it."""
    beside = "; ".join(one.sentence for one in answer.quality)
    words = [Prose(gettext("Beside it: {words}.").format(words=beside), ours=True)] if beside else []
    found = (answer.table, *answer.more) if answer.total.number != 0 else ()
    tables = [numbers(one) for one in found if one.rows]
    return [Prose(answer.sentence, str(answer.label), ours=True), *tables, *words]


def numbers(found: Numbers) -> Table:
    head = [str(found.name), *(str(column.label) for column in found.columns)]
    return Table(head, [[str(row.label), *(value.text for value in row.values)] for row in found.rows])
