"""Enquiries and referrals as a table that names nobody: references, codes with their words, standing, dates."""

from collections.abc import Iterator, Sequence
from typing import Any

from intake.lifecycle import Status, Turn
from intake.models import Assessment, Enquiry, Flag, Person, User
from intake.weights import BANDS
from referrals.lifecycle import Status as ReferralStatus
from referrals.models import Referral
from reports.exports import reading
from reports.exports.reading import After, Place, in_hub
from reports.exports.tables import Column, Table
from reports.models import Export

AUTHORITY = (
    Column("authority", "Who asks.", 28),
    Column("authority_dfe_code", "The authority's three digits of the Department for Education."),
    Column("authority_gss_code", "The authority's code of the Office for National Statistics."),
    Column("nation", "Where the authority lies.", 10),
    Column("region", "Where the authority lies.", 22),
    Column("authority_reference", "The authority's own number of its case.", 20),
)
ENQUIRY = (
    Column("reference", "Our number of the enquiry.", 18),
    *AUTHORITY,
    Column("kind_code", "general, preliminary, referral or instruction."),
    Column("kind", "In words.", 20),
    Column("legal_framework_code", "Code list legal_framework."),
    Column("legal_framework", "In words.", 28),
    Column("assessment_type_codes", "Code list assessment_type, with spaces between them.", 20),
    Column("assessment_types", "In words.", 40),
    Column("children", "How many children it is about.", 10),
    Column("status_code", "Where it stands.", 20),
    Column("status", "In words.", 24),
    Column("turn_code", "Whose turn it is.", 12),
    Column("turn", "In words.", 20),
    Column("received", "When it came.", 18),
    Column("decision_due", "By when we promise to decide; empty while the clock stands still.", 18),
    Column("needed_by", "By when the authority needs the report.", 12),
    Column("filing_date", "Of the court.", 12),
    Column("referrals", "Codes of where its referrals stand.", 24),
    Column("updated", "When it was changed last.", 18),
)
# How the hub orders its work is nobody else's to know.
OF_THE_HUB = (
    Column("band_code", "Priority.", 12),
    Column("band", "In words.", 12),
    Column("flag_codes", "Code list flag: those that stand.", 16),
)
REFERRAL = (
    Column("reference", "Our number of the referral.", 18),
    Column("enquiry", "Our number of its enquiry.", 18),
    *AUTHORITY,
    Column("assessment_type_code", "Code list assessment_type."),
    Column("assessment_type", "In words.", 40),
    Column("status_code", "Where it stands.", 16),
    Column("status", "In words.", 24),
    Column("service_code", "The assessment service.", 16),
    Column("service", "Its name.", 28),
    Column("begun", "When the assessment was accepted.", 18),
    Column("reply_by", "By when the service replies to the offer.", 12),
    Column("needed_by", "By when the report is needed: of an addendum, else of the enquiry.", 12),
    Column("filing_date", "Of the court.", 12),
    Column("filed_in_time", "yes or no, once the report is delivered.", 12),
    Column("outcome_code", "Code list reason_for_closure or follow_up_outcome, as it was closed.", 16),
    Column("updated", "When it was changed last.", 18),
)


def enquiries(export: Export, by: User, after: After) -> Table:
    columns = (*ENQUIRY, *OF_THE_HUB) if in_hub(by) else ENQUIRY
    return Table("Enquiries", columns, enquiry_rows(export, by, after))


def enquiry_rows(export: Export, by: User, after: After) -> Iterator[Sequence[Any]]:
    places, hub = reading.places(), in_hub(by)
    for batch in reading.enquiries(export, by, after):
        keys = [row.pk for row in batch]
        asked = reading.grouped(asked_of(keys))
        children = reading.grouped(
            Person.objects.filter(enquiry__in=keys, part=Person.Part.CHILD).order_by().values_list("enquiry", "pk")
        )  # fmt: skip
        referrals = reading.grouped(
            Referral.objects.visible_to(by).filter(enquiry__in=keys).order_by("pk").values_list("enquiry", "status")
        )  # fmt: skip
        standing = Flag.objects.visible_to(by).standing().filter(enquiry__in=keys).order_by("pk")
        flags = reading.grouped(standing.values_list("enquiry", "code")) if hub else {}
        for row in batch:
            types = asked.get(row.pk, [])
            shown = [
                row.reference,
                *of_authority(row, places),
                row.kind,
                Enquiry.Kind(row.kind).label,
                row.framework,
                reading.label("legal_framework", row.framework),
                " ".join(code for code, _ in types),
                "; ".join(name for _, name in types),
                len(children.get(row.pk, ())),
                row.status,
                Status(row.status).label,
                row.turn,
                Turn(row.turn).label if row.turn else "",
                row.received_at,
                row.due_at,
                row.needed_by,
                row.filing_date,
                " ".join(referrals.get(row.pk, ())),
                row.updated_at,
            ]
            of_hub = [row.band, BANDS.get(row.band, ""), " ".join(flags.get(row.pk, ()))] if hub else []
            yield [*shown, *of_hub]


def asked_of(keys: Sequence[int]) -> Any:
    """What was asked for: enquiry, code and name, in order."""
    rows = Assessment.objects.filter(enquiry__in=keys).order_by("enquiry", "position")
    return rows.values_list("enquiry", "type__code", "type__name")


def of_authority(row: Enquiry, places: dict[int, Place]) -> list[str]:
    place = places[row.authority_id]
    return [place.name, place.dfe, place.gss, place.nation, place.region, row.authority_reference]


def referrals(export: Export, by: User, after: After) -> Table:
    return Table("Referrals", REFERRAL, referral_rows(export, by, after))


def referral_rows(export: Export, by: User, after: After) -> Iterator[Sequence[Any]]:
    places = reading.places()
    for batch in reading.referrals(export, by, after):
        for row in batch:
            service = row.service
            yield [
                row.reference,
                row.enquiry.reference,
                *of_authority(row.enquiry, places),
                row.assessment.type.code,
                row.assessment.type.name,
                row.status,
                ReferralStatus(row.status).label,
                service.code if service else "",
                service.name if service else "",
                row.created_at,
                row.reply_by,
                row.needed_by or row.enquiry.needed_by,
                row.enquiry.filing_date,
                row.filing_met,
                row.outcome_code,
                row.updated_at,
            ]
