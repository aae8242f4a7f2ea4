"""Children by name: one row for each child of an enquiry, with the numbers the authority knows them by.

No address is in it, withheld or not: nobody needs one to match records.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from intake.models import Person, User
from reports.exports import reading
from reports.exports.cases import AUTHORITY, asked_of, of_authority
from reports.exports.reading import After, label
from reports.exports.tables import Column, Table
from reports.models import Export

COLUMNS = (
    Column("reference", "Our number of the enquiry.", 18),
    *AUTHORITY,
    Column("child", "Which child of the enquiry, from 1.", 8),
    Column("authority_child_id", "The authority's own number of the child (CIN LAchildID).", 20),
    Column("upn", "Unique pupil number.", 16),
    Column("upn_unknown_code", "Code list upn_unknown: why there is none.", 12),
    Column("nhs_number", "Ten digits.", 14),
    Column("name", "As the authority gave it; initials of a preliminary enquiry.", 28),
    Column("known_as", "What they are called.", 20),
    Column("date_of_birth", "Of a child that is born.", 12),
    Column("expected_date", "Of a child that is expected.", 12),
    Column("sex_code", "F, M or U.", 8),
    Column("ethnicity_code", "Code list ethnicity (DfE).", 10),
    Column("ethnicity", "In words.", 28),
    Column("disability_codes", "Code list disability (DfE), with spaces between them.", 20),
    Column("send_need_code", "Code list send_need (DfE).", 12),
    Column("legal_status_code", "Code list legal_status (SSDA903).", 12),
    Column("placement_type_code", "Code list placement_type (SSDA903).", 12),
    Column("assessment_type_codes", "Code list assessment_type, with spaces between them.", 20),
    Column("status_code", "Where the enquiry stands.", 20),
    Column("received", "The day on which the enquiry came.", 12),
)


def children(export: Export, by: User, after: After) -> Table:
    return Table("Children", COLUMNS, rows(export, by, after))


def rows(export: Export, by: User, after: After) -> Iterator[Sequence[Any]]:
    places = reading.places()
    for batch in reading.enquiries(export, by, after):
        keys = [row.pk for row in batch]
        found = Person.objects.filter(enquiry__in=keys, part=Person.Part.CHILD).order_by(
            "enquiry", "position"
        )
        people = reading.grouped((child.enquiry_id, child) for child in found)
        asked = reading.grouped(asked_of(keys))
        for enquiry in batch:
            types = " ".join(code for code, _ in asked.get(enquiry.pk, ()))
            for child in people.get(enquiry.pk, ()):
                yield [
                    enquiry.reference,
                    *of_authority(enquiry, places),
                    child.position + 1,
                    child.authority_child_id,
                    child.upn,
                    child.upn_unknown,
                    child.nhs_number,
                    child.name,
                    child.known_as,
                    child.date_of_birth,
                    child.expected_date_of_delivery,
                    child.sex,
                    child.ethnicity,
                    label("ethnicity", child.ethnicity),
                    " ".join(child.disabilities),
                    child.send_need,
                    child.legal_status,
                    child.placement_type,
                    types,
                    enquiry.status,
                    reading.day(enquiry.received_at),
                ]
