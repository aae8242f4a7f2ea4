"""What `bin/bench pages` puts beside the staged world: people, many enquiries, their history, their referrals.

Every accepted or closed enquiry has a referral with one of 60 services and 900 assessors; the coordinators who
look at the pages own their part of the open ones.
"""

from typing import Any

from django.db import connection

from intake.lifecycle import Role
from intake.models import (
    Assessment,
    AssessmentType,
    Enquiry,
    Event,
    Organisation,
    Person,
    RoleGrant,
    Share,
    User,
)
from referrals.models import Allocation, Assessor, Coverage, Referral
from tests.benchmarks import _worklist_rows as rows_of

COORDINATORS, SERVICES, ASSESSORS = 20, 60, 15


def build(rows: int) -> None:
    """So many enquiries in all: those that stand there already keep their numbers."""
    first = 1 + max(
        model._default_manager.order_by("-pk").first().pk for model in (Enquiry, Person, Assessment)
    )
    rows_of.build(rows, first=first, owners=coordinators())
    beside(first)


def beside(first: int) -> None:
    """The history and the referrals of the enquiries from this number on."""
    with connection.cursor() as cursor:
        rows_of.small_table(cursor, "bench_assessor", assessors())
        for model, columns, among in TABLES:
            cursor.execute(insert(model, columns(), first, among))
        cursor.execute("ANALYZE")


def coordinators() -> list[int]:
    """Those of the stage, and enough others."""
    hub = Organisation.objects.get(kind=Organisation.Kind.HUB)
    for place in range(COORDINATORS):
        person(f"bench-{place:02}@hub.example", hub, Role.COORDINATOR)
    found = User.objects.filter(organisation=hub, role_grants__role=Role.COORDINATOR).order_by("pk")
    return list(found.values_list("pk", flat=True)[:COORDINATORS])


def person(email: str, organisation: Organisation, role: str) -> User:
    user, made = User.objects.get_or_create(
        email=email, defaults={"name": email.partition("@")[0], "organisation": organisation}
    )
    if made:
        RoleGrant.objects.create(user=user, role=role)
    return user


def assessors() -> list[tuple[int, str]]:
    """Who assesses, each with their service, which covers one region."""
    kind = Organisation.Kind.SERVICE
    regions = sorted(
        set(Organisation.objects.authorities().exclude(region="").values_list("region", flat=True))
    )
    types = list(AssessmentType.objects.all())
    for place in range(SERVICES - Organisation.objects.filter(kind=kind).count()):
        service = Organisation.objects.create(kind=kind, code=f"bench-{place}", name=f"Service {place}")
        region = regions[place % len(regions)]
        Coverage.objects.bulk_create(Coverage(service=service, type=one, region=region) for one in types)
    for service in Organisation.objects.filter(kind=kind).order_by("pk"):
        for place in range(ASSESSORS - service.assessors.count()):
            user = person(f"assessor-{place}@{service.code}.example", service, Role.ASSESSOR)
            wanted = {"service": service, "capacity": 20, "hours": 30}
            Assessor.objects.get_or_create(user=user, defaults=wanted)
    people = Assessor.objects.order_by("service_id", "pk").values_list("user_id", "service_id")
    return [(user, str(service)) for user, service in people]


# --- Rows of an enquiry e -------------------------------------------------------------------------------------

PLACED = "e.status IN ('accepted', 'closed')"
WITH_SERVICE = f"{PLACED} AND r.service_id IS NOT NULL AND r.status <> 'cancelled'"
STATUS = (
    f"CASE WHEN e.status = 'closed' THEN CASE WHEN {rows_of.dice(31, 20)} = 0 THEN 'cancelled' ELSE 'closed' END "
    f"WHEN {rows_of.dice(32, 100)} < 15 THEN 'waiting' WHEN {rows_of.dice(32, 100)} < 20 THEN 'offered' "
    f"WHEN {rows_of.dice(32, 100)} < 30 THEN 'allocated' WHEN {rows_of.dice(32, 100)} < 75 THEN 'in_progress' "
    f"WHEN {rows_of.dice(32, 100)} < 80 THEN 'paused' WHEN {rows_of.dice(32, 100)} < 90 THEN 'in_review' "
    "ELSE 'delivered' END"
)
WHO = f"({rows_of.dice(33, 1_000_000)} * (SELECT COUNT(*) FROM bench_assessor) / 1000000)"


def when(status: str, value: str) -> str:
    return f"CASE WHEN {STATUS} IN ({status}) THEN {value} ELSE NULL END"


def referral_columns() -> dict[str, str]:
    service = f"CAST({rows_of.pick('bench_assessor', WHO, 'word')} AS bigint)"
    report = Referral.objects.filter(report__isnull=False).values_list("report", flat=True).first()
    under_way = "'allocated', 'in_progress', 'paused', 'in_review', 'delivered', 'closed'"
    return {
        "id": "{n}",
        "reference": "'REF-' || {n}",
        "enquiry_id": "{n}",
        "assessment_id": "{n}",
        "status": STATUS,
        "created_at": "e.received_at",
        "updated_at": "e.updated_at",
        "service_id": f"CASE WHEN {STATUS} IN ('waiting', 'cancelled') THEN NULL ELSE {service} END",
        "assessor_id": when(under_way, rows_of.pick("bench_assessor", WHO)),
        "report_id": when("'in_review', 'delivered', 'closed'", str(report)),
        "reply_by": when("'offered'", rows_of.day("-2880")),
        "hours": "30",
    }


def event_columns() -> dict[str, str]:
    return {
        "id": "{n} + 1000000",
        "enquiry_id": "{n}",
        "sequence": "1",
        "at": f"COALESCE(e.received_at, {rows_of.moment('0')})",
        "by_id": "e.created_by_id",
        "by_name": "'A Referrer'",
        "organisation_id": "e.authority_id",
        "verb": "'enquiry.submit'",
        "subject": "e.reference",
        "to_status": "'submitted'",
        "hash": "'-'",
        "previous_hash": "''",
    }


def share_columns() -> dict[str, str]:
    return {
        "id": "{n}",
        "enquiry_id": "{n}",
        "organisation_id": "r.service_id",
        "because": "r.reference",
        "since": "r.created_at",
    }


def allocation_columns() -> dict[str, str]:
    return {"id": "{n}", "referral_id": "r.id", "assessor_id": "r.assessor_id", "since": "r.created_at"}


TABLES = (
    (Event, event_columns, ""),
    (Referral, referral_columns, PLACED),
    (Share, share_columns, WITH_SERVICE),
    (Allocation, allocation_columns, f"{WITH_SERVICE} AND r.assessor_id IS NOT NULL"),
)


def insert(model: Any, columns: dict[str, str], first: int, among: str) -> str:
    names, values = rows_of.named(model, columns)
    beside = " JOIN referrals_referral r ON r.enquiry_id = e.id" if model in (Share, Allocation) else ""
    chosen = ", ".join(values).replace("{n}", "e.id").replace("%%", "%")
    where = f" AND {among}" if among else ""
    return (
        f"INSERT INTO {model._meta.db_table} ({', '.join(names)}) SELECT {chosen} "
        f"FROM intake_enquiry e{beside} WHERE e.id >= {first}{where}"
    )
