"""One row for each enquiry, of which nobody can say whose it is: for counting by others.

A pseudonym that holds within one export; the age band, sex and ethnic group of the youngest child; the region in the
place of the authority, the month in the place of the day; no text. Rows of which fewer than six are alike in region,
age band, sex, ethnic group and assessment are left out, and their number is said.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.conf import settings

from intake.models import EthnicGroup, Person, User
from reports.exports import reading
from reports.exports.cases import asked_of
from reports.exports.reading import After
from reports.exports.tables import Column, Table
from reports.models import Export

ALIKE = 6
COLUMNS = (
    Column("pseudonym", "The same for one enquiry within this file, another in every other file.", 34),
    Column("nation", "Where the authority lies.", 10),
    Column("region", "Where the authority lies.", 24),
    Column("month", "In which the enquiry came.", 10),
    Column("kind_code", "general, preliminary, referral or instruction.", 14),
    Column("assessment_type_codes", "Code list assessment_type, with spaces between them.", 20),
    Column("children", "1, 2, 3 or more.", 10),
    Column("age_band", "Of the youngest child, in the month in which the enquiry came.", 10),
    Column("sex_code", "Of the youngest child: F, M or U.", 8),
    Column("ethnic_group", "Of the youngest child: group of the 2021 census.", 40),
    Column("status_code", "Where it stands.", 20),
)
BANDS = ((0, "under 1"), (4, "1 to 4"), (9, "5 to 9"), (15, "10 to 15"), (17, "16 to 17"))
NOT_KNOWN = "not known"
Alike = tuple[str, ...]


def key_of(export: Export) -> bytes:
    """Of this purpose and this release: with the next, the same enquiry has another pseudonym."""
    purpose = f"exports:{export.kind}:{export.uid}".encode()
    return hmac.digest(settings.PSEUDONYM_KEY.encode(), purpose, hashlib.sha256)


def pseudonym(key: bytes, reference: str) -> str:
    return hmac.digest(key, reference.encode(), hashlib.sha256)[:16].hex()


def extract(export: Export, by: User, after: After) -> tuple[Table, int]:
    """The table, and how many rows are left out of it. The rows are gone through twice: once to count those alike."""
    alike = Counter(like for _, like in read(export, by, lambda number: None))
    kept = {like for like, number in alike.items() if number >= ALIKE}
    dropped = sum(number for number in alike.values() if number < ALIKE)
    rows = (shown for shown, like in read(export, by, after) if like in kept)
    return Table("Statistical extract", COLUMNS, rows), dropped


def read(export: Export, by: User, after: After) -> Iterator[tuple[Sequence[Any], Alike]]:
    """Each row, and what it is compared by."""
    places, groups, key = (
        reading.places(),
        dict(EthnicGroup.objects.values_list("code", "group")),
        key_of(export),
    )
    for batch in reading.enquiries(export, by, after):
        keys = [row.pk for row in batch]
        children = reading.grouped(
            Person.objects.filter(enquiry__in=keys, part=Person.Part.CHILD).order_by("position").values_list(
                "enquiry", "date_of_birth", "expected_date_of_delivery", "age", "sex", "ethnicity"
            )
        )  # fmt: skip
        asked = reading.grouped(asked_of(keys))
        for row in batch:
            place, came = places[row.authority_id], reading.day(row.received_at)
            found = children.get(row.pk, [])
            band, sex, group = youngest(found, came, groups)
            types = " ".join(sorted(code for code, _ in asked.get(row.pk, ())))
            shown = [
                pseudonym(key, row.reference),
                place.nation,
                place.region,
                f"{came:%Y-%m}" if came else "",
                row.kind,
                types,
                "3 or more" if len(found) > 2 else str(len(found)),
                band,
                sex,
                group,
                row.status,
            ]
            yield shown, (place.nation, place.region, band, sex, group, types)


def youngest(children: Sequence[Any], on: date | None, groups: dict[str, str]) -> tuple[str, str, str]:
    """Age band, sex and ethnic group of the one born last; of the one expected, before all others."""
    if not children:
        return "none", "", ""
    born, expected, age, sex, ethnicity = max(
        children, key=lambda row: (row[1] is not None, row[0] or date.min, -(row[2] or 0))
    )
    return band_of(born, expected, age, on), sex or "U", groups.get(ethnicity, NOT_KNOWN)


def band_of(born: date | None, expected: date | None, age: int | None, on: date | None) -> str:
    if expected is not None:
        return "unborn"
    if born is not None and on is not None:
        age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    if age is None:
        return NOT_KNOWN
    return next((name for up_to, name in BANDS if age <= up_to), "18 or over")
