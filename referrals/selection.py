"""What somebody chose: rows that were ticked, or all that match a list's query. What they cannot see is not there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from intake.checks import Fault
from intake.filters import EnquiryFilter
from intake.identifiers import normalise_reference
from intake.models import Enquiry, User
from intake.refusals import Invalid
from referrals.filters import ReferralFilter
from referrals.lifecycle import Status
from referrals.models import Referral

# What a list's address says beside its filters: how it is shown, and from where.
SHOWING = frozenset({"sort", "ordering", "cursor", "page_size", "after", "before", "from", "rows", "view"})
ENQUIRIES, REFERRALS = "enquiries", "referrals"
WITH = ("enquiry__authority", "assessment__type", "service")


@dataclass(frozen=True)
class Chosen:
    """One row as it was chosen: its reference, and what that is to this person; perhaps nothing."""

    reference: str
    enquiry: Enquiry | None = None
    referral: Referral | None = None


def selection(user: User, query: str | None, references: Sequence[str], of: str = ENQUIRIES) -> list[Chosen]:
    """At most the stated number; more is refused whole, never cut off in silence."""
    if query is not None:
        return all_that_match(user, query, of)
    named = list(dict.fromkeys(name for reference in references if (name := plain(reference))))
    if not named:
        raise Invalid([Fault("/references", "required", "Choose at least one row.")])
    if len(named) > settings.BULK_MOST:
        raise too_many(f"These are {len(named):,} rows.")
    return by_reference(user, named)


def plain(reference: str) -> str:
    """As it can be kept: what is no letter, figure or sign is in no reference."""
    return "".join(sign for sign in reference if sign.isprintable()).strip()


def too_many(how_many: str) -> Invalid:
    sentence = f"{how_many} At most {settings.BULK_MOST:,} can be done at once: filter further, and do the rest after."
    return Invalid([Fault("/query", "too_many", sentence)])


def all_that_match(user: User, query: str, of: str) -> list[Chosen]:
    """By the same filters as the list itself; a filter that is not known would choose too much."""
    found = list(matching(user, QueryDict(query), of)[: settings.BULK_MOST + 1])
    if len(found) > settings.BULK_MOST:
        raise too_many(f"These are more than {settings.BULK_MOST:,} rows.")
    if not found:
        raise Invalid([Fault("/query", "none", "Nothing matches these filters any more.")])
    found.sort(key=lambda row: row.pk)
    if of == REFERRALS:
        return [Chosen(row.reference, row.enquiry, row) for row in found]
    return [Chosen(row.reference, row) for row in found]


def matching(user: User, query: QueryDict, of: str) -> QuerySet[Any]:
    """All rows of a list with these filters that this person may see."""
    filters: Any = ReferralFilter if of == REFERRALS else EnquiryFilter
    wanted = QueryDict(mutable=True)
    for name, values in query.lists():
        given = [value for value in values if value]
        if given and name not in SHOWING:
            wanted.setlist(name, given)
    if unknown := sorted(set(wanted) - set(filters.base_filters)):
        raise Invalid([Fault("/query", "unknown_parameter", f"There is no filter called {unknown[0][:40]}.")])
    rows: QuerySet[Any] = (
        Referral.objects.visible_to(user).select_related(*WITH)
        if of == REFERRALS
        else Enquiry.objects.visible_to(user).select_related("authority", "owner")
    )
    request = HttpRequest()
    request.user = user
    chosen = filters(wanted, rows, request=request)
    if not chosen.is_valid():
        raise Invalid([Fault("/query", "invalid", "One of these filters cannot be read.")])
    # In no order: it is all of them or none, and an order would have the database walk further.
    return chosen.qs.order_by()  # type: ignore[no-any-return]


def without_words(query: str | None) -> str:
    """As it may be kept: the words of a search can be somebody's name."""
    kept = QueryDict(query or "", mutable=True)
    kept.pop("q", None)
    return str(kept.urlencode())


def by_reference(user: User, named: Sequence[str]) -> list[Chosen]:
    """In the order in which they were given. Two statements, however many they are."""
    enquiries = {
        row.reference: row
        for row in Enquiry.objects.visible_to(user)
        .filter(reference__in={normal(name, "ENQ") for name in named})
        .select_related("authority", "owner")
    }
    referrals = {
        row.reference: row
        for row in Referral.objects.visible_to(user)
        .filter(reference__in={normal(name, "REF") for name in named})
        .select_related(*WITH)
    }
    found = []
    for name in named:
        referral = referrals.get(normal(name, "REF"))
        enquiry = referral.enquiry if referral else enquiries.get(normal(name, "ENQ"))
        found.append(Chosen(name[:16], enquiry, referral))
    return found


def normal(name: str, prefix: str) -> str:
    return normalise_reference(name, prefix) or ""


def for_enquiries(chosen: Sequence[Chosen]) -> list[Chosen]:
    """Of a referral, its enquiry; each enquiry once."""
    found: dict[str, Chosen] = {}
    for row in chosen:
        key = row.enquiry.reference if row.enquiry else row.reference
        found.setdefault(key, Chosen(key, row.enquiry))
    return list(found.values())


def for_referrals(chosen: Sequence[Chosen]) -> list[Chosen]:
    """Of an enquiry, those of its referrals that wait for a service; where none does, the enquiry itself."""
    bare = [row.enquiry.pk for row in chosen if row.enquiry and not row.referral]
    waiting: dict[int, list[Referral]] = {}
    rows = Referral.objects.filter(enquiry__in=bare, status=Status.WAITING).select_related(*WITH)
    for referral in rows.order_by("pk"):
        waiting.setdefault(referral.enquiry_id, []).append(referral)
    found: dict[str, Chosen] = {}
    for row in chosen:
        theirs = waiting.get(row.enquiry.pk, []) if row.enquiry and not row.referral else []
        for one in [Chosen(each.reference, row.enquiry, each) for each in theirs] or [row]:
            found.setdefault(one.reference, one)
    return list(found.values())
