"""What a view of a list shows: its query, checked and put in order, and the rows it means for somebody today."""

from types import SimpleNamespace
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from intake import worklists as enquiry_lists
from intake.checks import Fault
from intake.filters import EnquiryFilter
from intake.models import Enquiry, SavedView, User
from intake.refusals import Invalid
from intake.sorts import PRESSING, SORTS, Sort
from intake.words import _
from referrals.filters import ReferralFilter
from referrals.models import Referral

LONGEST = 2000
REFERRAL_SORTS = {
    "oldest": Sort(_("Oldest"), ("created_at",)),
    "newest": Sort(_("Newest"), ("created_at",), backwards=True),
    "changed": Sort(_("Changed last"), ("updated_at",), backwards=True),
}
# Where one stands in a list is no part of a view, nor how its rows look.
PASSING = frozenset({"after", "before", "from", "cursor", "page_size", "rows"})
SORT, WORDS = "sort", "q"


def filtering(of: str, query: QueryDict, user: User) -> Any:
    """The list's filters over what somebody sees today."""
    model, filters = (Enquiry, EnquiryFilter) if of == SavedView.Of.ENQUIRIES else (Referral, ReferralFilter)
    visible = model.objects.visible_to(user)
    return filters(query, visible, request=SimpleNamespace(user=user))


def normalised(of: str, query: str, user: User) -> str:
    """The query with known names and values only, in a fixed order. Refuses the words of a search."""
    given = QueryDict(query.removeprefix("?")[: LONGEST * 2])
    kept = QueryDict(mutable=True)
    for name in sorted(set(given) - PASSING):
        if values := sorted({value for value in given.getlist(name) if value.strip()}):
            kept.setlist(name, values)
    check(of, kept, user)
    return str(kept.urlencode())


def check(of: str, query: QueryDict, user: User) -> None:
    if query.get(WORDS):
        sentence = (
            "The words of a search may be somebody’s name, and a view keeps none. Take them away first."
        )
        raise Invalid([Fault("/query", "words", sentence)])
    found = filtering(of, query, user)
    if set(query) - {*found.base_filters, SORT} or not found.is_valid():
        raise Invalid([Fault("/query", "unknown", "There is a filter in it that this list does not have.")])
    if len(query.urlencode()) > LONGEST:
        raise Invalid([Fault("/query", "max_length", "These are too many filters for a view.")])


def enquiries(query: QueryDict, user: User) -> QuerySet[Enquiry]:
    """What somebody sees of a view of the enquiries, in its order; nothing where a filter is none."""
    found = filtering(SavedView.Of.ENQUIRIES, query, user)
    rows: QuerySet[Enquiry] = found.qs if found.is_valid() else found.queryset.none()
    return SORTS.get(query.get(SORT, ""), SORTS[PRESSING]).ordered(rows)


def named(query: QueryDict) -> str:
    """What the history calls a view of the enquiries: the named list in it, or the list of all."""
    found = enquiry_lists.matching(query)
    return found.label if found else "Enquiries"


def rows_of(view: SavedView, user: User) -> QuerySet[Any]:
    """What is in a saved view for somebody, in its order."""
    query = QueryDict(view.query)
    if view.of == SavedView.Of.ENQUIRIES:
        return enquiries(query, user)
    found = filtering(view.of, query, user)
    rows: QuerySet[Any] = found.qs if found.is_valid() else found.queryset.none()
    return REFERRAL_SORTS.get(query.get(SORT, ""), REFERRAL_SORTS["oldest"]).ordered(rows)
