"""Loading the shipped reference data: again and again, without touching what the office has changed."""

from collections.abc import Iterable
from datetime import date, time
from typing import Any

from django.db import models, transaction

from intake.codes import Reference, read_reference
from intake.models import (
    AssessmentHours,
    AssessmentType,
    AuthorityCode,
    Code,
    DeliveryBody,
    EmailDomain,
    EthnicGroup,
    Grade,
    Holiday,
    MatchWeight,
    Organisation,
    PlanStep,
    PostcodeArea,
    PriorityWeight,
    Reorganisation,
    Requirement,
    StatutoryClock,
    Target,
    User,
    WorkTarget,
    put_away,
)

HUB = {"code": "hub", "name": "Triage team", "official_name": "Referral Desk triage team"}
# What is asked without signing in stands under this name; England's working days are promised to all of it.
PUBLIC = {"code": "public", "name": "Public enquiries", "nation": Organisation.Nation.ENGLAND}
DOOR = {"email": "public-door@referral-desk.invalid", "name": "Public enquiries"}
SYSTEM = {"email": "system@referral-desk.invalid", "name": "The system"}
# Our own promise, beside the one working day that binds an authority (REF_DECISION).
DECISION = {"working_days": 1, "opens": time(9), "cut_off": time(16), "closes": time(17)}
DECISION_FROM = date(2022, 1, 1)


@transaction.atomic
def load_reference(*, overwrite: bool = False) -> dict[str, int]:
    """Add what the tables lack; with `overwrite`, also put back what was edited. Says how many rows were added."""
    shipped = read_reference()
    added = {
        "codes": put(Code, shipped.codes, ("list", "code"), overwrite),
        "assessment types": put(AssessmentType, shipped.assessment_types, ("code",), overwrite),
        "requirements": put(Requirement, shipped.requirements, ("code",), overwrite),
        "holidays": put(Holiday, shipped.holidays, ("date",), overwrite),
        "statutory clocks": load_clocks(shipped, overwrite),
        "targets of the work": put(
            WorkTarget, shipped.work_targets, ("code", "type", "nation", "valid_from"), overwrite
        ),
        "steps of the plan": put(PlanStep, shipped.plan_steps, ("code", "type", "valid_from"), overwrite),
        "hours of assessments": put(
            AssessmentHours, shipped.assessment_hours, ("type", "valid_from"), overwrite
        ),
        "grades": put(Grade, shipped.grades, ("code", "valid_from"), overwrite),
        "postcode areas": put(PostcodeArea, shipped.postcode_areas, ("area",), overwrite),
        "weights of matching": put(MatchWeight, shipped.match_weights, ("code", "valid_from"), overwrite),
        "weights": put(PriorityWeight, shipped.weights, ("factor", "code", "limit", "valid_from"), overwrite),
        "e-mail domains": put(EmailDomain, shipped.email_domains, ("domain",), overwrite),
        "ethnic groups": put(EthnicGroup, shipped.ethnic_groups, ("code",), overwrite),
        "reorganisations": put(Reorganisation, shipped.reorganisations, ("date", "old"), overwrite),
        "authorities": load_authorities(shipped, overwrite),
        "targets": load_targets(),
    }
    load_hub()
    load_public_door()
    put_away()
    return added


def put(model: type[models.Model], rows: Iterable[Any], key: tuple[str, ...], overwrite: bool) -> int:
    """Insert rows whose key is new; the columns are those of the dataclass."""
    columns = [name for name in field_names(model) if name != "id"]
    return put_values(
        model,
        [{name: plain(getattr(row, name)) for name in columns if hasattr(row, name)} for row in rows],
        key,
        overwrite,
    )


def put_values(
    model: type[models.Model], rows: list[dict[str, Any]], key: tuple[str, ...], overwrite: bool
) -> int:
    there = set(model._default_manager.values_list(*key))
    new = [row for row in rows if tuple(row[name] for name in key) not in there]
    model._default_manager.bulk_create(model(**row) for row in new)
    if overwrite:
        for row in rows:
            model._default_manager.filter(**{name: row[name] for name in key}).update(**row)
    return len(new)


def field_names(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields]


def plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def load_clocks(shipped: Reference, overwrite: bool) -> int:
    """Also sorts those that were loaded before clocks had a kind."""
    added = put(StatutoryClock, shipped.clocks, ("code",), overwrite)
    for row in shipped.clocks:
        unsorted = StatutoryClock.objects.filter(code=row.code, kind=StatutoryClock.Kind.UNKNOWN)
        unsorted.update(kind=row.kind, starts_from=row.starts_from, note=row.note)
    return added


def load_authorities(shipped: Reference, overwrite: bool) -> int:
    rows = [
        {
            "kind": Organisation.Kind.AUTHORITY,
            "code": row.dfe_code,
            "name": row.name,
            "official_name": row.official_name,
            "nation": row.nation,
            "region": row.region,
            "type": row.type,
            "valid_from": row.valid_from,
            "valid_until": row.valid_until,
            "source": row.source,
            "verified": row.verified,
            "welsh_name": row.welsh_name,
            "welsh_verified": row.welsh_verified,
        }
        for row in shipped.authorities
    ]
    added = put_values(Organisation, rows, ("kind", "code"), overwrite)
    for row in shipped.authorities:
        if row.welsh_name:
            # Those that were loaded before names in Welsh were.
            unnamed = Organisation.objects.authorities().filter(code=row.dfe_code, welsh_name="")
            unnamed.update(welsh_name=row.welsh_name, welsh_verified=row.welsh_verified)
    ids = dict(Organisation.objects.authorities().values_list("name", "pk"))
    codes = [
        {
            "authority_id": ids.get(row.authority),
            "name": row.authority,
            "scheme": row.scheme,
            "code": row.code,
            "valid_from": row.valid_from,
            "valid_until": row.valid_until,
        }
        for row in shipped.authority_codes
    ]
    put_values(AuthorityCode, codes, ("name", "scheme", "code"), overwrite)
    bodies = [
        {
            "authority_id": ids[row.authority],
            "name": row.name,
            "email_domain": row.email_domain,
            "source": row.source,
            "verified": row.verified,
        }
        for row in shipped.delivery_bodies
    ]
    put_values(DeliveryBody, bodies, ("authority_id", "name"), overwrite)
    return added


def load_targets() -> int:
    made = [
        Target.objects.get_or_create(
            code="DECISION",
            nation=nation,
            valid_from=DECISION_FROM,
            defaults={**DECISION, "source": "the provider's own promise", "verified": "verified"},
        )[1]
        for nation in Organisation.Nation.values
    ]
    return sum(made)


def load_hub() -> None:
    """The provider's own team, and the account that acts by the calendar."""
    hub, _ = Organisation.objects.get_or_create(
        kind=Organisation.Kind.HUB, code=HUB["code"], defaults={**HUB, "nation": ""}
    )
    if not User.objects.filter(kind=User.Kind.SYSTEM).exists():
        User.objects.create_user(kind=User.Kind.SYSTEM, organisation=hub, **SYSTEM)


def load_public_door() -> None:
    """Where questions from outside land, and the account that writes them down; nobody can sign in with it."""
    door, _ = Organisation.objects.get_or_create(
        kind=Organisation.Kind.PUBLIC, code=PUBLIC["code"], defaults=PUBLIC
    )
    if not User.objects.filter(kind=User.Kind.MACHINE, organisation=door).exists():
        User.objects.create_user(kind=User.Kind.MACHINE, organisation=door, **DOOR)
