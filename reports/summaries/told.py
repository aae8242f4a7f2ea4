"""What happened, in the order of its days, and the lines of the history as they were written."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext

from intake import bodies, history
from intake.models import Enquiry, Event, User
from referrals import court
from reports.languages import known, name_of
from reports.models import Document
from reports.summaries import course, family, whole
from reports.summaries.blocks import Paper, Prose, Section, Timeline, day, moment, pairs

Audience = Document.Audience


def chronology(enquiry: Enquiry, audience: str, *, by: User, today: date) -> Paper:
    """Births, the court's days and what became of the enquiry in one line of time; nobody by name but on the screen.

    Children stand by their initials. What the provider wrote for itself stands in the internal one only.
    """
    body = bodies.read(enquiry, whole.within(bodies.sight_for(by, enquiry), whole.ON_THE_WAY))
    internal = audience == Audience.INTERNAL
    lines = whole.events(enquiry, by)
    lines = lines if internal else lines.filter(audience=Event.Audience.ALL)
    days = [*births(body), *of_court(body)]
    days += [
        (timezone.localdate(event.at), moment(event.at), course.says(event), event.note if internal else "")
        for event in lines.exclude(verb__startswith="document.")
    ]
    ordered = sorted(days, key=lambda row: row[0])
    sections = [
        Section("What happened", [Timeline([row[1:] for row in ordered if row[0] <= today])]),
        Section("What is to come", [Timeline([row[1:] for row in ordered if row[0] > today])]),
    ]
    return Paper(
        title=gettext("Chronology"),
        reference=enquiry.reference,
        audience=known(Audience(audience).label),
        language=enquiry.language,
        front=whole.front(enquiry, body, today),
        sections=[section for section in sections if section.blocks[0].lines],
        left_out=[] if internal else [gettext("Who read or printed it"), *whole.ours()],
    )


Day = tuple[date, str, str, str]


def births(body: bodies.Body) -> list[Day]:
    return [
        (born, day(born), gettext("{initials} was born").format(initials=family.initials(row["name"])), "")
        for row in body.get("children", [])
        if (born := row.get("date_of_birth"))
    ]


def of_court(body: bodies.Body) -> list[Day]:
    return [(row.on, day(row.on), known(row.words), "") for row in court.line_of_dates(body)]


def extract(enquiry: Enquiry, audience: str, *, by: User, today: date) -> Paper:
    """The lines that the reader may see, each with its number and the beginning of its hash; whether all is whole."""
    lines = list(whole.events(enquiry, by))
    wrong = next(history.broken(enquiry.reference), None)
    said = (
        gettext("The chain is broken at {place}.").format(place=wrong)
        if wrong
        else gettext("Every line stands as it was written: the chain is whole.")
    )
    told = [(f"{line.sequence}. {moment(line.at)}", course.says(line), line.hash[:16]) for line in lines]
    return Paper(
        title=gettext("Extract of the history"),
        reference=enquiry.reference,
        audience=known(Audience(audience).label),
        language=enquiry.language,
        front=pairs(
            [
                (gettext("Authority"), name_of(enquiry.authority)),
                (
                    gettext("Lines shown"),
                    gettext("{shown} of {total}").format(shown=len(lines), total=enquiry.head_sequence),
                ),
                (gettext("Checked on"), day(today)),
                (gettext("Last line's hash"), enquiry.head_hash),
            ]
        ),
        sections=[
            Section("Whether it is whole", [Prose(said, ours=True)]),
            Section("Lines", [Timeline(told)]),
        ],
        left_out=[]
        if len(lines) == enquiry.head_sequence
        else [gettext("Lines that this reader may not see")],
    )
