"""The acknowledgement: it travels as a link in an e-mail, so nobody of the family is in it."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext

from intake import bodies, checks
from intake.checks.missing_answers import put_together
from intake.deadlines import Interval, Target, Unit
from intake.models import Enquiry, book
from intake.words import span
from reports.languages import known, name_of
from reports.summaries.blocks import day, label, moment, type_name


@dataclass(frozen=True)
class Receipt:
    """That it arrived, what was asked for, what is still missing, and by when we decide."""

    reference: str
    received: str
    authority: str
    requester: str
    their_reference: str
    kind: str
    on_behalf: bool
    assessments: list[str]
    filing_date: str
    missing: list[str]
    due: str
    rule: str


def acknowledgement(enquiry: Enquiry) -> Receipt:
    """The day of the decision is the one promised at receipt, whatever the clock did since."""
    assert enquiry.received_at is not None
    body = bodies.read(enquiry)
    shelf = book()
    nation = enquiry.authority.nation
    on = timezone.localdate(enquiry.received_at)
    missing = checks.missing(body, book=shelf.codes, today=on, nation=nation)
    return Receipt(
        reference=enquiry.reference,
        received=moment(enquiry.received_at),
        authority=name_of(enquiry.authority),
        requester=enquiry.referrer_name,
        their_reference=enquiry.authority_reference,
        kind=label("kind", enquiry.kind),
        on_behalf=bool(enquiry.on_behalf_reason),
        assessments=[type_name(asked["type"]) for asked in body["assessments"]],
        filing_date=day(enquiry.filing_date),
        missing=list(dict.fromkeys(in_words(one) for one in missing)),
        due=moment(enquiry.due_after([Interval(enquiry.received_at, None, "running", "start")])),
        rule=rule(shelf.target(nation, enquiry.received_at), nation),
    )


def in_words(missing: checks.Missing) -> str:
    return put_together(known(missing.words), known(missing.whose), missing.number)


def rule(target: Target, nation: str) -> str:
    """How the day is counted, in words."""
    hours = target.hours
    return gettext(
        "We decide within {days} of receipt, by the calendar of {nation}; the day of receipt is not counted. "
        "What arrives after {cut_off} on a working day counts as received the day after. "
        "A day ends at {closes}. If we have to ask you something, the clock stands still until you answer."
    ).format(
        days=span(target.working_days, Unit.WORKING_DAYS),
        nation=known(nation),
        cut_off=f"{hours.cut_off:%H:%M}",
        closes=f"{hours.closes:%H:%M}",
    )
