"""To whom the papers of a run are to go, by name, before anything leaves."""

from dataclasses import dataclass

from django.conf import settings

from intake.models import Organisation, Share, User
from reports.models import Document, PrintRow, PrintRun

Audience, Outcome = Document.Audience, PrintRow.Outcome


@dataclass(frozen=True)
class Recipient:
    name: str
    papers: int


def recipients_of(run: PrintRun, user: User) -> list[Recipient]:
    """Each with how many of the papers are theirs. Of a paper for the court, nobody: we do not write to courts."""
    rows = run.rows_for(user).filter(outcome__in=(Outcome.READY, Outcome.PRINTED))
    if run.audience == Audience.AUTHORITY:
        return counted(list(rows.values_list("enquiry__authority__name", flat=True)))
    if run.audience == Audience.SERVICE:
        lent = Share.objects.visible_to(user).filter(enquiry__in=rows.values("enquiry"), until__isnull=True)
        if user.organisation.kind == Organisation.Kind.SERVICE:
            # With whom else it is, is not theirs to know.
            lent = lent.filter(organisation=user.organisation_id)
        return counted([name for _, name in set(lent.values_list("enquiry", "organisation__name"))])
    return [Recipient(settings.PROVIDER_NAME, rows.count())] if run.audience == Audience.INTERNAL else []


def counted(names: list[str]) -> list[Recipient]:
    return [Recipient(name, names.count(name)) for name in sorted(set(names))]
