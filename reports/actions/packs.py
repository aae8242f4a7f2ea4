"""An authority's monthly pack: what the month was, what is open and whose turn it is, what we wait for, what falls due.

References only, nobody of a family, and nothing that is restricted: what a pack says, each of the authority's managers
may read. It is kept as it was issued; each enquiry that it names has a line of history for everyone who was given it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from intake.filters import PUBLIC
from intake.lifecycle import OPEN, Role
from intake.models import Enquiry, InformationRequest, Organisation, User, book
from intake.refusals import Forbidden, NotFound, Unavailable
from referrals.models import Referral
from reports.actions import documents, listing
from reports.figures import overview, periods
from reports.figures.answers import Answer
from reports.figures.answers import Table as Numbers
from reports.figures.asked import Asked, Reader
from reports.figures.periods import Period
from reports.languages import known, name_of, short_name_of, speaking, spoken
from reports.models import Pack
from reports.models.pack import READERS
from reports.summaries.blocks import Paper, Prose, Section, Table, day, moment, pairs

Blocks = list[Prose | Table]
TRIES = 4
# From what the calendar prints its one pack of a month.
BY_THE_CALENDAR = "the calendar"


class NoPack(Exception):
    """What was asked for is no pack: why, in a sentence."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def is_one(asked: Asked) -> bool:
    """Of one authority and one month, of all that it asked for, for who may have it."""
    whole = not (asked.service or asked.type or asked.nation or asked.region)
    of_one = asked.authority is not None and asked.authority.code != PUBLIC
    return whole and of_one and asked.period.kind == "month" and asked.user.has(*READERS)


def print_pack(*, asked: Asked, language: str = "") -> Pack:
    """In the language that is asked for, or in that of whoever prints it.

    The same person printing an unchanged pack again on the same day gets the same document, otherwise the next version.
    """
    by = asked.user
    if not by.has(*READERS):
        raise Forbidden("Your role does not allow this: print an authority's monthly pack.")
    if asked.authority is None or not is_one(asked):
        raise NoPack(
            "A pack is of one authority and one month, and of all that it asked for. Choose both only."
        )
    authority = Organisation.objects.get(pk=asked.authority.pk)
    pack = issue(authority=authority, month=asked.period, language=language or by.language, by=by)
    return hand_out(pack, by)


def fetch_pack(*, pack: int, by: User) -> Pack:
    """One that was issued before, as it was."""
    found = Pack.objects.visible_to(by).select_related("authority").filter(pk=pack).first()
    if found is None:
        raise NotFound
    return hand_out(found, by)


def hand_out(pack: Pack, by: User) -> Pack:
    """Whoever has it on paper stands in the history of each enquiry that it names."""
    listing.record([(key, "") for key in pack.names.values_list("pk", flat=True)], by)
    return pack


# --- Issued ---------------------------------------------------------------------------------------------------


def issue(*, authority: Organisation, month: Period, language: str, by: User) -> Pack:
    """Made outside any transaction, then kept with what it names; made anew where a version was taken in between."""
    for _ in range(TRIES):
        if (pack := there_or_made(authority, month, language, by)) is not None:
            return pack
    raise Unavailable("This is changing too fast to be printed. Try again in a minute.")


def there_or_made(authority: Organisation, month: Period, language: str, by: User) -> Pack | None:
    now = timezone.now()
    issued = Pack.objects.filter(authority=authority, month=month.first, language=language)
    with speaking(language):
        standing = open_for(authority, by)
        paper = paper_of(authority, month, standing, now)
        state = state_of(paper, by, now)
        if (same := issued.filter(printed_from=state).first()) is not None:
            return same
        version = (issued.order_by("-version").values_list("version", flat=True).first() or 0) + 1
        made = documents.printed(paper, by=by, now=now, version=version)
    pack = Pack(
        authority=authority,
        month=month.first,
        language=language,
        version=version,
        printed_from=state,
        made_at=now,
        made_by=by,
        pdf=made,
        sha256=hashlib.sha256(made).hexdigest(),
    )
    return keep(pack, standing[: listing.MOST])


def keep(pack: Pack, named: Sequence[Enquiry]) -> Pack | None:
    """None when somebody took the version, or printed the very same, in the meantime: the database says so."""
    try:
        with transaction.atomic():
            pack.save(force_insert=True)
            pack.names.add(*named)
    except IntegrityError:
        return None
    return pack


def state_of(paper: Paper, by: User, now: datetime) -> str:
    """What it was printed from: who, which day, and what it says, but for the moments in its head."""
    if by.kind == User.Kind.SYSTEM:
        return BY_THE_CALENDAR
    says = hashlib.sha256(repr((paper.reference, paper.sections)).encode()).hexdigest()
    return f"{by.pk} {timezone.localdate(now)} {says}"


def open_for(authority: Organisation, by: User) -> list[Enquiry]:
    """What is open and not restricted, less what a conflict of interest keeps from whoever prints it."""
    rows = Enquiry.objects.visible_to(by).filter(authority=authority, status__in=OPEN, restricted=False)
    return list(rows.order_by("received_at", "id")[: listing.MOST + 1])


def any_manager(authority: Organisation) -> User:
    """As one of its managers who is let into nothing: their figures are those that all of them may read."""
    nobody = User(pk=0, organisation=authority)
    nobody.roles = frozenset({Role.AUTHORITY_MANAGER})
    return nobody


# --- What it says ---------------------------------------------------------------------------------------------


def paper_of(authority: Organisation, month: Period, standing: Sequence[Enquiry], now: datetime) -> Paper:
    asker = next(row for row in book().askers if row.pk == authority.pk)
    asked = Asked(user=any_manager(authority), reader=Reader.AUTHORITY, period=month, authority=asker)
    groups = overview.groups(asked)
    first = str(groups[0].answers[0].sentence) if groups else ""
    sections = [
        Section("In short", [Prose(first, ours=True), Prose(in_short(standing), ours=True)]),
        Section("Open enquiries", open_now(standing)),
        Section("What we wait for from you", waiting(standing[: listing.MOST])),
        Section("What falls due next month", coming(standing[: listing.MOST], month.last)),
        *(Section(group.title, [block for one in group.answers for block in said(one)]) for group in groups),
    ]
    return Paper(
        title=gettext("Monthly pack"),
        reference=f"{short_name_of(authority)}, {month_in_words(month.first)}",
        audience=short_name_of(authority),
        language=spoken(),
        front=pairs(
            [
                (gettext("Authority"), name_of(authority)),
                (gettext("Month"), so_far(month, timezone.localdate(now))),
                (gettext("Lists as they stood"), moment(now)),
                (gettext("Figures counted up to"), moment(overview.counted_until() or now)),
            ]
        ),
        sections=sections,
        left_out=[
            gettext("Everybody of the families, and what was written about them"),
            gettext(
                "Whatever is restricted to certain people, or kept from whoever printed this; there may be none of it"
            ),
        ],
        handling=listing.handling(),
    )


def month_in_words(first: date) -> str:
    """October 2026."""
    return date_format(first, "F Y")


def so_far(month: Period, today: date) -> str:
    """With a word where it is not over."""
    words = month_in_words(month.first)
    return gettext("{month}, so far").format(month=words) if month.is_on(today) else words


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
        (
            row.reference,
            row.authority_reference,
            day_of(row),
            f"{known(row.status_label)}. {known(row.turn_label)}",
        )
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
    head = (gettext("Reference"), gettext("Your reference"), gettext("What"), gettext("Answer by"))
    return table(head, rows, gettext("Nothing: all our questions are answered."))


def number_of(row: InformationRequest) -> str:
    number = len(row.questions.all())
    return ngettext("{number} question", "{number} questions", number).format(number=number)


def coming(standing: Sequence[Enquiry], last: date) -> Blocks:
    """Reports that are needed in the month after, by the court or as they were asked for."""
    following = last + timedelta(days=1)
    month = periods.month(following.year, following.month)
    rows = Referral.objects.open().filter(enquiry__in=[row.pk for row in standing])
    found = [
        (row.decisive_date, row)
        for row in rows.select_related("enquiry__authority", "assessment__type")
        if row.decisive_date and month.first <= row.decisive_date <= month.last
    ]
    said = (
        (row.reference, row.enquiry.authority_reference, known(row.assessment.type.name), day(on))
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
    return [Prose(str(answer.sentence), str(answer.label), ours=True), *tables, *words]


def numbers(found: Numbers) -> Table:
    head = [str(found.name), *(str(column.label) for column in found.columns)]
    return Table(head, [[str(row.label), *(value.text for value in row.values)] for row in found.rows])
