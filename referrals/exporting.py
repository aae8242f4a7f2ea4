"""The chosen enquiries as a table: references, authority, types, standing, dates, band. Nobody is named in it."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from intake.importing.replies import safe
from intake.models import Enquiry, Flag, User
from referrals.models import BulkRow, BulkRun, Referral

COLUMNS = (
    "reference", "authority", "authority_code", "authority_reference", "kind", "assessment_types", "status", "turn",
    "band", "received", "decision_due", "needed_by", "filing_date", "referrals", "flags", "updated",
)  # fmt: skip


def as_csv(run: BulkRun, user: User) -> bytes:
    """The rows that were done, as they stand now and as this person may see them today."""
    done = BulkRow.objects.visible_to(user).filter(run=run, outcome=BulkRow.Outcome.DONE)
    found = Enquiry.objects.visible_to(user).filter(pk__in=done.values("enquiry"))
    rows = found.select_related("authority").prefetch_related("assessment_rows__type").order_by("reference")
    return written(lines(list(rows), user))


def download(run: BulkRun, user: User) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="enquiries-{run.uid}.csv"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(as_csv(run, user), content_type="text/csv; charset=utf-8", headers=headers)


def lines(rows: list[Enquiry], user: User) -> Iterable[dict[str, Any]]:
    keys = [row.pk for row in rows]
    referrals = grouped(
        Referral.objects.visible_to(user).filter(enquiry__in=keys).values_list("enquiry", "status")
    )
    flags = grouped(
        Flag.objects.visible_to(user).standing().filter(enquiry__in=keys).values_list("enquiry", "code")
    )
    for row in rows:
        yield {
            "reference": row.reference,
            "authority": row.authority.name,
            "authority_code": row.authority.code,
            "authority_reference": row.authority_reference,
            "kind": row.kind,
            "assessment_types": " ".join(asked.type.code for asked in row.assessment_rows.all()),
            "status": row.status,
            "turn": row.turn,
            "band": row.band,
            "received": moment(row.received_at),
            "decision_due": moment(row.due_at),
            "needed_by": row.needed_by or "",
            "filing_date": row.filing_date or "",
            "referrals": " ".join(referrals.get(row.pk, ())),
            "flags": " ".join(flags.get(row.pk, ())),
            "updated": moment(row.updated_at),
        }


def grouped(pairs: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def moment(value: Any) -> str:
    return timezone.localtime(value).isoformat(timespec="minutes") if value else ""


def written(rows: Iterable[dict[str, Any]]) -> bytes:
    """In UTF-8 with a mark, by which a spreadsheet knows it; nothing in it is calculated."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for row in rows:
        table.writerow([safe(str(row[name])) for name in COLUMNS])
    return text.getvalue().encode("utf-8-sig")
