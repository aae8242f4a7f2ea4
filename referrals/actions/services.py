"""What a service covers: kept by its lead and the hub's managers; each change on record."""

from typing import Any

from django.db import transaction

from intake.checks import Fault
from intake.models import AccountEvent, AssessmentType, Organisation, User
from intake.refusals import Forbidden, Invalid
from referrals.models import Coverage
from referrals.models.assessor import may_keep

OLDEST = 25


def refuse_keeping(by: User, service_id: int) -> None:
    if not may_keep(by, service_id):
        raise Forbidden("Your role does not allow this: look after the services' coverage and assessors.")


@transaction.atomic
def cover(
    *,
    service: Organisation,
    by: User,
    type: AssessmentType,
    region: str = "",
    age_from: int = 0,
    age_to: int = OLDEST,
    languages: list[str] | None = None,
) -> Coverage:
    """The service does this type in this region; said again, the ages and languages are the new ones."""
    refuse_keeping(by, service.pk)
    if age_from > age_to or age_to > OLDEST:
        raise Invalid([Fault("/age_to", "impossible", f"Give an age from the youngest to {OLDEST}.")])
    values = {"age_from": age_from, "age_to": age_to, "languages": sorted(languages or [])}
    row, _ = Coverage.objects.update_or_create(service=service, type=type, region=region, defaults=values)
    record(service, by, "covers", type, region, **values)
    return row


@transaction.atomic
def uncover(*, row: Coverage, by: User) -> None:
    """It does so no longer; what it has already stays with it."""
    refuse_keeping(by, row.service_id)
    record(row.service, by, "covers no longer", row.type, row.region)
    row.delete()


def record(
    service: Organisation, by: User, what: str, type: AssessmentType, region: str, **more: Any
) -> None:
    AccountEvent.objects.record(
        AccountEvent.Verb.COVERAGE,
        by=by,
        organisation=service,
        what=what,
        type=type.code,
        region=region,
        **more,
    )
