"""The rows that an export holds, read some hundreds at a time in the order in which they were taken into it.

What they are made of is read for each such batch: the statements grow with the batches and not with the rows, and
nothing is held longer than its batch. What this person does not see at that moment is not there.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from intake.models import AuthorityCode, Enquiry, Organisation, User, book
from referrals.models import Referral
from reports.models import Export, ExportRow

BATCH = 1_000
# Columns of an enquiry that a table shows; the long texts are never read for one.
SHOWN = (
    "reference", "authority", "authority_reference", "kind", "status", "turn", "band", "received_at", "due_at",
    "needed_by", "filing_date", "letter_before_proceedings", "issued_on", "framework", "updated_at", "restricted",
)  # fmt: skip
After = Callable[[int], None]


@dataclass(frozen=True)
class Place:
    """An authority as registers know it: by its DfE and its GSS code."""

    name: str
    dfe: str
    gss: str
    nation: str
    region: str


def places() -> dict[int, Place]:
    """Whoever asks, by the number of the row; with the GSS code that holds, or held last."""
    rows = AuthorityCode.objects.filter(scheme=AuthorityCode.Scheme.GSS, authority__isnull=False)
    gss = dict(rows.order_by("valid_from", "pk").values_list("authority", "code"))
    return {
        row.pk: Place(row.name, row.code, gss.get(row.pk, ""), row.nation, row.region)
        for row in book().askers
    }


def batches(export: Export, after: After) -> Iterator[list[ExportRow]]:
    """All rows of it, by their numbers; `after` is told how many each batch had."""
    rows, last = ExportRow.objects.filter(export=export).order_by("pk"), 0
    while found := list(rows.filter(pk__gt=last)[:BATCH]):
        last = found[-1].pk
        yield found
        after(len(found))


def enquiries(export: Export, by: User, after: After) -> Iterator[list[Enquiry]]:
    """Those that this person sees now, each once."""
    for batch in batches(export, after):
        keys = {row.enquiry_id for row in batch}
        found = Enquiry.objects.visible_to(by).filter(pk__in=keys).only(*SHOWN).in_bulk()
        yield [found[key] for key in dict.fromkeys(row.enquiry_id for row in batch) if key in found]


def referrals(export: Export, by: User, after: After) -> Iterator[list[Referral]]:
    shown = [f"enquiry__{name}" for name in SHOWN]
    for batch in batches(export, after):
        rows = Referral.objects.visible_to(by).filter(pk__in=[row.referral_id for row in batch])
        found = rows.select_related("enquiry", "assessment__type", "service").only(
            "reference", "status", "turn", "created_at", "reply_by", "needed_by", "filing_met", "outcome_code",
            "updated_at", "assessment__type__code", "assessment__type__name", "service__code", "service__name", *shown,
        ).in_bulk()  # fmt: skip
        yield [found[row.referral_id] for row in batch if row.referral_id in found]


def grouped(pairs: Iterable[tuple[Any, ...]]) -> dict[int, list[Any]]:
    """By the first of each; the second alone, or the others together."""
    found: dict[int, list[Any]] = {}
    for key, *rest in pairs:
        found.setdefault(key, []).append(rest[0] if len(rest) == 1 else tuple(rest))
    return found


def in_hub(user: User) -> bool:
    return user.organisation.kind == Organisation.Kind.HUB


def label(name: str, code: str) -> str:
    """The words of a code; nothing for none."""
    known = book().codes
    return known.label(name, code) if code else ""


def day(moment: Any) -> Any:
    return timezone.localdate(moment) if moment else None
