"""The figures on paper: no person is in them, so they are made anew each time and not kept."""

from django.utils import timezone

from reports import languages, pdf
from reports.actions.documents import language as spoken
from reports.actions.documents import provider
from reports.figures import overview
from reports.figures.asked import Asked, reader_of
from reports.summaries.blocks import moment


def print_figures(*, asked: Asked, language: str = "") -> bytes:
    """All that this person reads, in the language that is asked for, or in their own."""
    by, now = asked.user, timezone.now()
    # Refuses whoever reads none.
    reader_of(by)
    with languages.speaking(language or by.language):
        until, groups = overview.counted_until(), overview.groups(asked)
        context = {
            "asked": asked,
            "groups": groups,
            "first": overview.first_of(groups),
            "when": asked.period.so_far(timezone.localdate(now)),
            "provider": provider(),
            "printed_by": f"{by.name}, {languages.short_name_of(by.organisation)}",
            "printed_at": moment(now),
            "until": moment(until),
            **spoken(),
        }
        return pdf.render("reports/figures/paper.html", context, made_at=now)
