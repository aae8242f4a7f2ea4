"""What a line of the worklist is made of, as plain values: a page has fifty, and makes no model of any."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from intake.lifecycle import OPEN
from intake.models import Assessment, CourtDate, Enquiry, Flag, Organisation, Person, Risk, User
from intake.priority import Priority
from intake.ranking import facts, judged

COLUMNS = (
    "id", "reference", "kind", "status", "turn", "restricted", "clock", "due_at", "received_at", "filing_date",
    "needed_by", "framework", "legal_stage", "sent_before", "prompted_by", "prompted_reason", "band_override",
    "asked_types", "risk_bits", "authority__name", "authority__welsh_name", "authority__nation", "owner__name",
)  # fmt: skip


@dataclass(slots=True)
class Line:
    """An enquiry's own columns, and what stands beside it in other tables."""

    own: Any
    children: list[Any] = field(default_factory=list)
    asked: list[Any] = field(default_factory=list)
    risks: list[tuple[str, str]] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    priority: Priority | None = None

    @property
    def reference(self) -> str:
        return str(self.own.reference)

    @property
    def known(self) -> set[str]:
        """What a risk is known about."""
        return {about for about, level in self.risks if level != "none_known"}


def plain(rows: QuerySet[Enquiry]) -> QuerySet[Enquiry, Any]:
    return rows.values_list(*COLUMNS, named=True)


def lines(rows: Sequence[Any], user: User) -> list[Line]:
    """Of rows that this person sees; for the hub with its flags, and why each stands where it does.

    At most five statements, none of a table that has nothing on these rows.
    """
    found = {row.id: Line(row) for row in rows}
    in_hub = user.organisation.kind == Organisation.Kind.HUB
    for child in of(
        Person, found, "date_of_birth", "age", "expected_date_of_delivery", part=Person.Part.CHILD
    ):
        found[child.enquiry_id].children.append(child)
    for asked in of(Assessment, [row.id for row in rows if row.asked_types], "type__name", "type__weeks_max"):
        found[asked.enquiry_id].asked.append(asked)
    for risk in of(Risk, [row.id for row in rows if row.risk_bits], "about", "level"):
        found[risk.enquiry_id].risks.append((risk.about, risk.level))
    if in_hub:
        for flag in of(Flag, found, "code", lifted_at__isnull=True):
            found[flag.enquiry_id].flags.append(flag.code)
        rank([line for line in found.values() if line.own.status in OPEN])
    return list(found.values())


def of(model: Any, ids: Iterable[int], *columns: str, **narrowed: Any) -> Iterable[Any]:
    """Rows of a table that belong to these enquiries, in their usual order."""
    wanted = list(ids)
    if not wanted:
        return ()
    rows: Iterable[Any] = model.objects.filter(enquiry__in=wanted, **narrowed)
    return rows.values_list("enquiry_id", *columns, named=True)  # type: ignore[attr-defined,no-any-return]


def rank(open_lines: Sequence[Line]) -> None:
    """Each with its band and its reasons today."""
    today = timezone.localdate()
    days: dict[int, list[date]] = defaultdict(list)
    for hearing in of(CourtDate, [line.own.id for line in open_lines], "date"):
        days[hearing.enquiry_id].append(hearing.date)
    for line in open_lines:
        known = facts(
            line.own,
            today,
            nation=line.own.authority__nation,
            children=[
                (child.date_of_birth, child.age, child.expected_date_of_delivery) for child in line.children
            ],
            weeks=[row.type__weeks_max for row in line.asked],
            risks=line.risks,
            hearings=days[line.own.id],
        )
        line.priority = judged(line.own, known, today)
