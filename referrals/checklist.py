"""What the type asks for before the work starts, as a list: there, not there, or not waited for, by whom and why."""

from datetime import datetime
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_noop

from intake import bodies
from intake.bodies import Body
from intake.models import Event, book
from intake.requirements import REQUIRED
from intake.requirements.looking import Looking
from referrals import gates
from referrals.models import Referral


class Line(NamedTuple):
    """One line of the letter-of-instruction checklist; the label names nobody."""

    label: str
    there: bool
    waived_by: str = ""
    waived_why: str = ""
    waived_at: datetime | None = None

    @property
    def state(self) -> str:
        if self.there:
            return gettext_noop("There")
        return gettext_noop("Not waited for") if self.waived_by else gettext_noop("Not there")


def of_referral(referral: Referral, body: Body | None = None) -> list[Line]:
    """Every line that applies to this one assessment, those that lack first. Nine statements, two with the body."""
    found = asked(referral, body or bodies.read(referral.enquiry))
    lacking = [label for label, there in found.items() if not there]
    waiver = waiver_of(referral) if lacking else None
    waived = (waiver.by_name, waiver.note, waiver.at) if waiver else ()
    return [Line(label, False, *waived) for label in lacking] + [
        Line(label, True) for label, there in found.items() if there
    ]


def asked(referral: Referral, body: Body) -> dict[str, bool]:
    """What is required at the start, and whether it is there: of several people, when all have it."""
    body = gates.with_files(body, referral.enquiry)
    body = {**body, "assessments": [body["assessments"][referral.assessment.position]]}
    nation = referral.enquiry.authority.nation
    rules = book().codes.requirements.rules_for(body, nation, timezone.localdate())
    looking, found = Looking(body), dict[str, bool]()
    for row in rules.at("start", REQUIRED):
        met = [place.met for place in looking.find(row)]
        if met:
            found[row.said] = found.get(row.said, True) and all(met)
    return found


def waiver_of(referral: Referral) -> Event | None:
    """The line of history with which somebody started all the same."""
    lines = Event.objects.filter(
        enquiry=referral.enquiry_id, subject=referral.reference, verb="referral.start"
    )
    return lines.exclude(note="").order_by("-sequence").first()
