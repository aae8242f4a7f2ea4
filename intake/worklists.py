"""The lists that the hub works from, by name: filters that anybody may also choose, and how many there are.

The numbers of open enquiries come from sums that the write path keeps (intake/tallies.py); what depends on the
time of day is counted in its index, up to a cap.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.db.models import Count as Counted
from django.db.models import IntegerField, QuerySet, Subquery, Value
from django.http import QueryDict
from django.utils import timezone

from intake.filters import EnquiryFilter
from intake.lifecycle import Role, Status
from intake.models import ConflictBlock, Enquiry, Tally, User, open_to
from intake.models.enquiry import EnquiryQuerySet
from intake.models.tally import Key

CAP = 1000
MINE = (Status.IN_TRIAGE, Status.INFORMATION_REQUESTED)
BEFORE_DECISION = (Status.SUBMITTED, *MINE)


@dataclass(frozen=True)
class NamedList:
    """A list by name: the filters it stands for (names and values of intake/filters.py) and its usual order."""

    name: str
    label: str
    query: Mapping[str, tuple[str, ...]]
    sort: str = "pressing"

    def as_query(self) -> QueryDict:
        given = QueryDict(mutable=True)
        for name, values in self.query.items():
            given.setlist(name, list(values))
        return given


@dataclass(frozen=True)
class Count:
    """How many are in a list, at least so many if `capped`, and since when the oldest waits."""

    number: int
    oldest: datetime | None = None
    capped: bool = False

    def __str__(self) -> str:
        return f"more than {CAP:,}" if self.capped else f"{self.number:,}"


LISTS = {
    row.name: row
    for row in (
        NamedList("to_triage", "To triage", {"status": (Status.SUBMITTED, Status.IN_TRIAGE)}),
        NamedList("unallocated", "Nobody has it", {"status": (Status.SUBMITTED,), "owner": ("nobody",)}),
        NamedList("mine", "Mine", {"status": MINE, "owner": ("me",)}),
        NamedList(
            "with_authority", "With the authority", {"status": (Status.INFORMATION_REQUESTED,)}, "oldest"
        ),
        NamedList("late", "Late", {"clock": ("overdue",)}, "due"),
        NamedList("restricted", "Restricted", {"restricted": ("true",), "status": BEFORE_DECISION}),
    )
}


def matching(query: QueryDict) -> NamedList | None:
    """The list that a query is a view of: all of its filters are in it, of several lists the narrowest."""
    fits = [
        row
        for row in LISTS.values()
        if all(set(query.getlist(name)) == set(values) for name, values in row.query.items())
    ]
    return max(fits, key=lambda row: len(row.query), default=None)


class Capped(Subquery):
    """How many rows there are, counted up to the cap and one beyond."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS capped)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        super().__init__(rows.order_by().values("pk")[: CAP + 1])


def rows_of(name: str, user: User) -> EnquiryQuerySet:
    """What somebody sees in a named list."""
    asked = SimpleNamespace(user=user)
    visible = Enquiry.objects.visible_to(user)
    rows: EnquiryQuerySet = EnquiryFilter(LISTS[name].as_query(), visible, request=asked).qs
    return rows


def counts(user: User, *, since: bool = True) -> dict[str, Count]:
    """How many are in each list for somebody, in two statements whatever the number of enquiries.

    The tabs over a list do not say since when the oldest waits, and do not ask it.
    """
    if not user.has(Role.COORDINATOR, Role.MANAGER, Role.REVIEWER):
        return counted_out(user)
    visible = Enquiry.objects.visible_to(user)
    numbers, restricted = sums(user, visible)
    late = known_to(user).late(timezone.now())
    found: dict[str, Any] = (
        one_row(user, {"late": Capped(late), **since_when(user, visible)})
        if since
        else {"late": late.order_by().values("pk")[: CAP + 1].count()}
    )
    began = {status: found.get(f"oldest_{status}") for status in BEFORE_DECISION}

    def of(*statuses: Status) -> Count:
        number = sum(number for (status, _), number in numbers.items() if status in statuses)
        return Count(number, earliest(began[status] for status in statuses) if number else None)

    mine = sum(number for (status, owner), number in numbers.items() if status in MINE and owner == user.pk)
    return {
        "to_triage": of(Status.SUBMITTED, Status.IN_TRIAGE),
        "unallocated": of(Status.SUBMITTED),
        "mine": Count(mine, found.get("oldest_mine")),
        "with_authority": of(Status.INFORMATION_REQUESTED),
        "late": capped(found["late"]),
        "restricted": Count(restricted, found.get("oldest_restricted")),
    }


def since_when(user: User, visible: EnquiryQuerySet) -> dict[str, Subquery]:
    """Of each status, of one's own and of what is restricted, when the oldest came.

    Since when it waits says something of it, too: of what they do not see, nothing.
    """
    known = known_to(user)
    return {
        **{f"oldest_{status}": oldest(known.filter(status=status)) for status in BEFORE_DECISION},
        "oldest_mine": oldest(known.open().filter(owner=user, status__in=MINE)),
        "oldest_restricted": oldest(visible.open().filter(restricted=True, status__in=BEFORE_DECISION)),
    }


def known_to(user: User) -> EnquiryQuerySet:
    """What somebody of the hub's triage may know of, drafts apart: for what is no draft anyway, and to be counted."""
    return Enquiry.objects.filter(open_to(user))


def sums(user: User, visible: EnquiryQuerySet) -> tuple[Counter[Key], int]:
    """How many are open by status and owner, and how many of them are restricted, as somebody may know it.

    The lines of the write path, with the restricted ones they are listed for, without those a conflict of interest
    keeps them out of: in one statement.
    """
    let_in = visible.open().filter(restricted=True)
    kept_out = Enquiry.objects.open().filter(
        restricted=False, pk__in=ConflictBlock.objects.live().filter(person=user).values("enquiry_id")
    )
    rows = (
        Tally.objects.numbers()
        .annotate(of=Value("lines"))
        .union(grouped(let_in, "let in"), grouped(kept_out, "kept out"), all=True)
    )
    numbers: Counter[Key] = Counter()
    restricted = 0
    for status, owner, number, of in rows:
        numbers[status, owner] += -number if of == "kept out" else number
        restricted += number if of == "let in" and status in BEFORE_DECISION else 0
    return numbers, restricted


def grouped(rows: EnquiryQuerySet, of: str) -> Any:
    counted = rows.order_by().values_list("status", "owner").annotate(how_many=Counted("pk"))
    return counted.annotate(of=Value(of))


def counted_out(user: User) -> dict[str, Count]:
    """Of those who see few: each list up to the cap."""
    found = one_row(user, {name: Capped(rows_of(name, user)) for name in LISTS})
    return {name: capped(found[name]) for name in LISTS}


def capped(number: int, oldest: datetime | None = None) -> Count:
    return Count(min(number, CAP), oldest, capped=number > CAP)


def oldest(rows: QuerySet[Any, Any], column: str = "arrived_at") -> Subquery:
    return Subquery(rows.order_by(column, "id").values(column)[:1])


def earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment), default=None)


def one_row(user: User, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Several questions in one statement."""
    found: dict[str, Any] = User.objects.filter(pk=user.pk).annotate(**asked).values(*asked).get()
    return found
