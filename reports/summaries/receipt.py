"""The acknowledgement: it travels as a link in an e-mail, so nobody of the family is in it."""

from dataclasses import dataclass

from django.utils import timezone

from intake import bodies, checks
from intake.deadlines import Interval, Target
from intake.models import Enquiry, book
from reports.summaries.blocks import day, label, moment


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
        authority=enquiry.authority.official_name or enquiry.authority.name,
        requester=enquiry.referrer_name,
        their_reference=enquiry.authority_reference,
        kind=label("kind", enquiry.kind),
        on_behalf=bool(enquiry.on_behalf_reason),
        assessments=[shelf.types[asked["type"]].name for asked in body["assessments"]],
        filing_date=day(enquiry.filing_date),
        missing=list(dict.fromkeys(one.label for one in missing)),
        due=moment(enquiry.due_after([Interval(enquiry.received_at, None, "running", "start")])),
        rule=rule(shelf.target(nation, enquiry.received_at), nation),
    )


def rule(target: Target, nation: str) -> str:
    """How the day is counted, in words."""
    hours = target.hours
    days = "1 working day" if target.working_days == 1 else f"{target.working_days} working days"
    return (
        f"We decide within {days} of receipt, by the calendar of {nation}; the day of receipt is not counted. "
        f"What arrives after {hours.cut_off:%H:%M} on a working day counts as received the day after. "
        f"A day ends at {hours.closes:%H:%M}. If we have to ask you something, the "
        "clock stands still until you answer."
    )
