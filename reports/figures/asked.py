"""What somebody asks of the figures, and how far they may read: the same for the pages and the API."""

from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext

from intake.checks import Fault
from intake.filters import PUBLIC
from intake.lifecycle import Role
from intake.models import Organisation, User, book
from intake.models.book import Asker
from intake.refusals import Forbidden
from referrals import capacity
from referrals.matching.diary import Diary
from referrals.models import Assessor
from reports.figures import periods
from reports.figures.periods import NoPeriod, Period
from reports.languages import called, known, short_name_of

FILTERS = ("authority", "service", "assessment_type", "nation", "region")
PARAMETERS = frozenset({*FILTERS, "period", "first", "last", "compare"})


class Reader(Enum):
    """Who reads: the hub with its cases, the hub's auditor and administrator without, an authority, a service."""

    HUB = "hub"
    NUMBERS = "numbers"
    AUTHORITY = "authority"
    SERVICE = "service"


def reader_of(user: User) -> Reader:
    """Refuses who reads no figures."""
    kind = user.organisation.kind
    if kind == Organisation.Kind.HUB:
        if user.has(Role.COORDINATOR, Role.MANAGER, Role.REVIEWER):
            return Reader.HUB
        if user.has(Role.AUDITOR, Role.ADMINISTRATOR):
            return Reader.NUMBERS
    if kind == Organisation.Kind.AUTHORITY and user.has(Role.AUTHORITY_MANAGER):
        return Reader.AUTHORITY
    if kind == Organisation.Kind.SERVICE and user.has(Role.SERVICE_LEAD, Role.ASSESSOR):
        return Reader.SERVICE
    raise Forbidden("Your role does not allow this: read the figures.")


class Unreadable(Exception):
    """The question cannot be read: a fault for each parameter that is wrong."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults)
        self.faults = faults


@dataclass(frozen=True)
class Asked:
    """Who asks, of which time, with which filters. An authority and a service ask of themselves only."""

    user: User
    reader: Reader
    period: Period
    authority: Asker | None = None
    service: Organisation | None = None
    type: str = ""
    nation: str = ""
    region: str = ""
    compare: bool = False

    @property
    def opens_cases(self) -> bool:
        return self.reader is not Reader.NUMBERS

    @property
    def askers(self) -> list[int] | None:
        """The authorities that the place means; None for all."""
        if self.authority is not None:
            return [self.authority.pk]
        if not (self.nation or self.region):
            return None
        return [
            row.pk
            for row in book().askers
            if self.nation in ("", row.nation) and self.region in ("", row.region)
        ]

    @property
    def in_the_sums(self) -> bool:
        """Whether the sums answer it: of the hub, no authority or region, not a type and a service at once."""
        in_hub = self.reader in (Reader.HUB, Reader.NUMBERS)
        one_place = self.authority is not None or bool(self.region)
        return in_hub and not one_place and not (self.type and self.service)

    @cached_property
    def teams(self) -> list[Organisation]:
        rows = Organisation.objects.services().live(timezone.localdate()).order_by("name")
        return list(rows.filter(pk=self.service.pk) if self.service else rows)

    @cached_property
    def staff(self) -> list[tuple[Assessor, Diary]]:
        """Who assesses in these teams, with what they have promised: read once for all figures of now."""
        today = timezone.localdate()
        rows = list(capacity.at_work(today).filter(service__in=self.teams))
        diaries = capacity.diaries(rows, today)
        return [(row, diaries[row.pk]) for row in rows]

    def before(self) -> "Asked":
        return replace(self, period=self.period.before())

    def query(self, **more: str) -> str:
        """The same question as a query, with more or other parts."""
        own = {
            "period": self.period.name,
            "first": "" if self.period.name else self.period.first.isoformat(),
            "last": "" if self.period.name else self.period.last.isoformat(),
            "authority": self.authority.code if self.authority else "",
            "service": self.service.code if self.service else "",
            "assessment_type": self.type,
            "nation": self.nation,
            "region": self.region,
        }
        return urlencode({name: value for name, value in {**own, **more}.items() if value})

    @property
    def in_words(self) -> list[tuple[str, str]]:
        """The filters that are set, for the head of a paper."""
        kind, authority = book().types.get(self.type), self.authority
        rows = (
            (gettext("Authority"), name_of(authority) if authority else ""),
            (gettext("Assessment service"), short_name_of(self.service) if self.service else ""),
            (gettext("Assessment"), known(kind.name) if kind else ""),
            (gettext("Nation"), known(self.nation)),
            (gettext("Region"), known(self.region)),
        )
        return [(name, value) for name, value in rows if value]


def name_of(asker: Asker) -> str:
    """An authority by its name in the language in which we speak; the public door is called what it is."""
    return known(asker.name) if asker.code == PUBLIC else called(asker.name, asker.welsh_name)


def read(query: QueryDict, user: User) -> Asked:
    """The question as it was put. Raises Forbidden, or Unreadable with every fault at once."""
    reader, faults = reader_of(user), list[Fault]()

    def given(name: str) -> str:
        values = [value for value in query.getlist(name) if value]
        if len(values) > 1:
            faults.append(Fault(name, "repeated", "Give this once."))
        return values[0] if values else ""

    asked = Asked(
        user=user,
        reader=reader,
        period=period_in(given("period"), given("first"), given("last"), faults),
        authority=authority_in(given("authority"), user, reader, faults),
        service=service_in(given("service"), user, reader, faults),
        type=one_of("assessment_type", given("assessment_type"), book().types, faults),
        nation=one_of("nation", given("nation"), Organisation.Nation.values, faults),
        region=one_of("region", given("region"), {row.region for row in book().askers}, faults),
        compare=one_of("compare", given("compare"), ("true", "false"), faults) == "true",
    )
    if faults:
        raise Unreadable(faults)
    return asked


def period_in(name: str, first: str, last: str, faults: list[Fault]) -> Period:
    """What was asked for; this month when nothing was."""
    today = timezone.localdate()
    usual = periods.month(today.year, today.month)
    try:
        if first or last:
            # Two dates say it more exactly than a name that was chosen before.
            return periods.between(first, last)
        return periods.named(name) if name else usual
    except NoPeriod as fault:
        faults.append(Fault("first" if first or last else "period", "invalid", str(fault)))
        return usual


def one_of(name: str, value: str, known: Any, faults: list[Fault]) -> str:
    if value and value not in known:
        faults.append(Fault(name, "unknown", "There is no such choice."))
        return ""
    return value


def authority_in(code: str, user: User, reader: Reader, faults: list[Fault]) -> Asker | None:
    """An authority's own people ask of their own; another's code is as unknown to them as none."""
    mine = next((row for row in book().askers if row.pk == user.organisation_id), None)
    if reader is Reader.AUTHORITY and code in ("", mine.code if mine else ""):
        return mine
    found = next((row for row in book().askers if row.code == code), None)
    if code and (found is None or reader is Reader.AUTHORITY):
        faults.append(Fault("authority", "unknown", "There is no such authority."))
    return found


def service_in(code: str, user: User, reader: Reader, faults: list[Fault]) -> Organisation | None:
    if reader is Reader.SERVICE and code in ("", user.organisation.code):
        return user.organisation
    known = Organisation.objects.services().visible_to(user)
    found = known.filter(code=code).first() if code and reader is not Reader.SERVICE else None
    if code and found is None:
        faults.append(Fault("service", "unknown", "There is no such assessment service."))
    return found
