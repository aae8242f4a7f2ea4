"""What can be done to many at once: who may, what stands against a row, what it does. The row's action decides."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from django.utils import timezone

from intake.actions import flags
from intake.checks import Fault
from intake.lifecycle import Status, Transition
from intake.models import Enquiry, Flag, Organisation, User, book
from intake.models.flag import FLAGS
from intake.refusals import Forbidden, Invalid, NotPossible, Refused
from referrals import suggestions
from referrals.actions import placements, triage
from referrals.actions.rowwise import in_words
from referrals.actions.stops import faults_of
from referrals.forecast import in_words as day_in_words
from referrals.lifecycle import Transition as Step
from referrals.matching import Stop, match
from referrals.models import Referral
from referrals.models.running import may_run


@dataclass
class Act:
    """One act with its arguments, by somebody; `look` reads once what the rows have in common."""

    # Whether it is done to referrals; whether it is refused where the row was changed since it was previewed.
    of_referrals: ClassVar[bool] = False
    strict: ClassVar[bool] = False
    by: User

    @classmethod
    def read(cls, by: User, arguments: dict[str, Any]) -> "Act":
        """From what was kept of the arguments; refuses what is wrong with them."""
        return cls(by)

    def kept(self) -> dict[str, Any]:
        """The arguments as they are kept: numbers, codes and days."""
        return {}

    def look(self, rows: Sequence[Any]) -> None:
        """What the rows have in common, read at once."""

    def check(self, row: Any) -> None:
        """Refuse as the action will refuse, without doing it."""

    def will(self, row: Any) -> str:
        raise NotImplementedError

    def do(self, row: Any) -> str:
        raise NotImplementedError

    def why_not(self, row: Any) -> str:
        """Why it cannot be done to this row, as the action would say; empty when it can."""
        try:
            self.check(row)
        except Refused as refused:
            return in_words(refused)
        return ""


@dataclass
class Assign(Act):
    """Give them to a colleague."""

    strict = True
    to: User
    reason: str = ""
    seen: set[int] = field(default_factory=set)

    @classmethod
    def read(cls, by: User, arguments: dict[str, Any]) -> "Assign":
        people = User.objects.visible_to(by).active().filter(kind=User.Kind.PERSON)
        to = people.filter(organisation=by.organisation_id, pk=arguments.get("to") or 0).first()
        if to is None or not may_run(to):
            raise Invalid([Fault("/to", "unknown", "Choose a coordinator or a manager of ours.")])
        return cls(by, to, str(arguments.get("reason") or ""))

    def kept(self) -> dict[str, Any]:
        return {"to": self.to.pk, "reason": self.reason}

    def look(self, rows: Sequence[Enquiry]) -> None:
        wanted = [row.pk for row in rows]
        self.seen = set(
            Enquiry.objects.visible_to(self.to).filter(pk__in=wanted).values_list("pk", flat=True)
        )

    def check(self, row: Enquiry) -> None:
        step = Transition.CLAIM if row.status == Status.SUBMITTED else Transition.TAKE_OVER
        row.check_can(step, self.by)
        if row.pk not in self.seen:
            raise Refused("They may not see this enquiry.")
        if row.owner_id == self.to.pk:
            raise NotPossible(f"{self.to} has it already.", status=row.status)
        if step == Transition.TAKE_OVER and not self.reason.strip():
            raise Refused(f"It is with {row.owner}. Say why it is given to somebody else.")

    def will(self, row: Enquiry) -> str:
        return f"From {row.owner} to {self.to}." if row.owner_id else f"To {self.to}."

    def do(self, row: Enquiry) -> str:
        triage.assign(enquiry=row, by=self.by, to=self.to, reason=self.reason)
        return f"{self.to} has it now."


@dataclass
class RaiseFlag(Act):
    """Put the same flag on all of them."""

    code: str
    reason: str
    review_on: date
    flagged: set[int] = field(default_factory=set)

    @classmethod
    def read(cls, by: User, arguments: dict[str, Any]) -> "RaiseFlag":
        review_on = a_day(arguments.get("review_on"))
        code, reason = str(arguments.get("code") or ""), str(arguments.get("reason") or "")
        flags.check_flag(code, reason, review_on)
        assert review_on is not None
        return cls(by, code, reason, review_on)

    def kept(self) -> dict[str, Any]:
        return {"code": self.code, "reason": self.reason, "review_on": self.review_on.isoformat()}

    def look(self, rows: Sequence[Enquiry]) -> None:
        standing = Flag.objects.standing().filter(code=self.code, enquiry__in=[row.pk for row in rows])
        self.flagged = set(standing.values_list("enquiry_id", flat=True))

    def check(self, row: Enquiry) -> None:
        flags.refuse_flagging(self.by)
        if row.status == Status.DRAFT:
            raise NotPossible("A draft has no flags. Send the enquiry first.", status=row.status)
        if row.pk in self.flagged:
            raise NotPossible(flags.already(self.code), status=row.status)

    def will(self, row: Enquiry) -> str:
        label = book().codes.label(FLAGS, self.code)
        return f"Gets the flag “{label}”, looked at again on {day_in_words(self.review_on)}."

    def do(self, row: Enquiry) -> str:
        flags.raise_flag(
            enquiry=row, by=self.by, code=self.code, reason=self.reason, review_on=self.review_on
        )
        return f"Has the flag “{book().codes.label(FLAGS, self.code)}” now."


@dataclass
class Offer(Act):
    """Offer the waiting ones to a service."""

    of_referrals = strict = True
    service: Organisation
    reply_by: date
    note: str = ""
    stops: dict[int, tuple[Stop, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, by: User, arguments: dict[str, Any]) -> "Offer":
        today = timezone.localdate()
        services = Organisation.objects.visible_to(by).services().live(today)
        service = services.filter(code=str(arguments.get("service") or "")).first()
        reply_by, faults = a_day(arguments.get("reply_by")), []
        if service is None:
            faults.append(Fault("/service", "unknown", "Choose an assessment service."))
        if reply_by is None or reply_by < today:
            faults.append(
                Fault("/reply_by", "past", "Give a day from today on by which the service should reply.")
            )
        if faults:
            raise Invalid(faults)
        assert service is not None
        assert reply_by is not None
        return cls(by, service, reply_by, str(arguments.get("note") or ""))

    def kept(self) -> dict[str, Any]:
        return {"service": self.service.code, "reply_by": self.reply_by.isoformat(), "note": self.note}

    def look(self, rows: Sequence[Referral]) -> None:
        """The suggestions' own rule, over all of them at once."""
        today, calendars = timezone.localdate(), book().calendars
        service = suggestions.candidates(today, [self.service.pk])[0]
        for row, wanted in zip(rows, suggestions.wanted_many(rows, today), strict=True):
            self.stops[row.pk] = match(wanted, service, today, calendars[wanted.nation]).stops

    def check(self, row: Referral) -> None:
        row.check_can(Step.OFFER, self.by)
        if faults := faults_of(self.stops.get(row.pk, ()), self.by, "", "/service"):
            raise Invalid(faults)

    def will(self, row: Referral) -> str:
        return f"Offered to {self.service.name}, to reply by {day_in_words(self.reply_by)}."

    def do(self, row: Referral) -> str:
        placements.offer(
            referral=row, by=self.by, service=self.service, reply_by=self.reply_by, note=self.note
        )
        return f"Offered to {self.service.name}."


def a_day(given: Any) -> date | None:
    """As it came from a form or the API, or as it was kept."""
    return date.fromisoformat(given) if isinstance(given, str) else given


ACTS: dict[str, type[Act]] = {"assign": Assign, "offer": Offer, "flag": RaiseFlag}


def read_act(name: str, by: User, arguments: dict[str, Any]) -> Act:
    """The act, for somebody who may run it at all."""
    if not may_run(by):
        raise Forbidden("Your role does not allow this: act on many enquiries at once.")
    if name not in ACTS:
        raise Invalid([Fault("/act", "unknown", f"Choose one of: {', '.join(ACTS)}.")])
    return ACTS[name].read(by, arguments)
