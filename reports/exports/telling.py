"""What a file says of itself: what it is, of what, for whom, and what may be done with it."""

from datetime import datetime

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone

from intake.filters import EnquiryFilter
from intake.models import User, book
from referrals.filters import ReferralFilter
from referrals.selection import REFERRALS, SHOWING
from reports.exports.tables import About
from reports.models import Export

Kind = Export.Kind
HANDLING = {
    Kind.ENQUIRIES: "Nobody is named, but each row is a case. Keep it where cases are kept, and delete it when it has "
    "served its purpose.",
    Kind.CHILDREN: "Children are named in it. Keep it where their records are kept, send it to nobody who may not read "
    "them, and delete it when it has served its purpose.",
    Kind.STATISTICAL: "Pseudonymised, and still personal data: do not put it beside anything by which somebody could "
    "be found again.",
    Kind.FIGURES: "For use inside: small numbers can lead to a child. For anything that goes out, make the figures for "
    "publication.",
    Kind.PUBLICATION: "May be published.",
}
HANDLING[Kind.REFERRALS], HANDLING[Kind.CENSUS] = HANDLING[Kind.ENQUIRIES], HANDLING[Kind.CHILDREN]
NO_SIGNS = (
    "In CSV, text that a spreadsheet could take for a formula has an apostrophe before it: take the first apostrophe "
    "away to have it back. In XLSX every text is a string."
)


def handling(kind: str) -> str:
    return HANDLING[Kind(kind)]


def in_words(of: str, query: str) -> str:
    """A list's filters, as a person reads them; the words of a search are not kept, and not said."""
    filters = (ReferralFilter if of == REFERRALS else EnquiryFilter).base_filters
    given, names = QueryDict(query), {row.code: row.name for row in book().askers}
    parts = []
    for name in given:
        if name in filters and name not in SHOWING:
            known = filters[name]
            chosen = known.extra.get("choices", ())
            words = dict(chosen() if callable(chosen) else chosen)
            values = [
                str(names.get(value, words.get(value, value))) for value in given.getlist(name) if value
            ]
            parts += [f"{known.label}: {', '.join(values)}"] if values else []
    return "; ".join(parts) or "All"


def about(export: Export, by: User, now: datetime, more: About = ()) -> list[tuple[str, str]]:
    """The first sheet of it, and what its page says."""
    agreed = export.agreed_by.name if export.agreed_by else ""
    rows = (
        ("What", export.get_kind_display()),
        ("Of what", export.in_words),
        *more,
        ("Asked for by", f"{by.name}, {by.organisation.name}"),
        ("Why", export.reason),
        ("Agreed to by", agreed),
        ("Made", f"{timezone.localtime(now):%d %B %Y, %H:%M}"),
        ("Number", str(export.uid)),
        ("Codes", "Lists of the Department for Education where a column says so (Open Government Licence v3.0); others "
         "at /api/v1/codes/."),
        ("Text", NO_SIGNS),
        ("Marking", "OFFICIAL" if export.kind == Kind.PUBLICATION else settings.MARKING),
        ("Handling", handling(export.kind)),
    )  # fmt: skip
    return [(name, value) for name, value in rows if value]
