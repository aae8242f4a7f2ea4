"""The JSON Schema of an assessment type says of a body what the API says of it, where an answer is required."""

import copy
import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import time_machine
from jsonschema import Draft202012Validator, FormatChecker

from intake import json_schema, shapes
from intake.checks import check
from intake.models import book
from intake.refusals import Invalid

TODAY = date(2026, 11, 23)
DATA = Path(__file__).parent / "data"
NATIONS = {"parenting_assessment": "England", "prebirth_pams": "Wales", "general_enquiry": "England"}
# Faults that say: an answer that is required is not there.
REQUIRED = frozenset({"required", "declaration", "worker_risk", "too_few_children", "born_or_expected"})


def body_of(name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return body


def types_of(body: dict[str, Any]) -> list[str]:
    return [row["type"] for row in body.get("assessments", [])]


@cache
def validator(code: str, nation: str) -> Draft202012Validator:
    schema = json_schema.json_schema(code, book=book(), on=TODAY, nation=nation)
    return Draft202012Validator(schema, format_checker=FormatChecker())


def schema_refuses(body: dict[str, Any], types: list[str], nation: str) -> bool:
    return any(not validator(code, nation).is_valid(body) for code in types)


def api_faults(body: dict[str, Any], nation: str) -> set[str]:
    try:
        kept = shapes.validated(body, nation=nation)
    except Invalid as refused:
        return {fault.code for fault in refused.faults}
    return {fault.code for fault in check(kept, book=book().codes, today=TODAY, nation=nation)}


def pointers(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every member of every object."""
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in rows:
        if isinstance(value, dict):
            yield (*path, name)
        yield from pointers(inner, (*path, name))


def without(body: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    changed = copy.deepcopy(body)
    home: Any = changed
    for step in path[:-1]:
        home = home[step]
    del home[path[-1]]
    return changed


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["PA", "PAMS", "SIB", "SGO", "PREBIRTH", "COG", "AGE", "GENERAL", "TRAIN"])
def test_the_schema_of_a_type_is_a_schema(code: str) -> None:
    Draft202012Validator.check_schema(json_schema.json_schema(code, book=book(), on=TODAY))


@pytest.mark.django_db
@time_machine.travel("2026-11-23 10:00+00:00", tick=False)
@pytest.mark.parametrize("name", NATIONS)
def test_an_example_passes_the_schema_of_each_of_its_types(name: str) -> None:
    body = body_of(name)
    for code in types_of(body):
        assert [fault.message for fault in validator(code, NATIONS[name]).iter_errors(body)] == []


@pytest.mark.django_db
@time_machine.travel("2026-11-23 10:00+00:00", tick=False)
@pytest.mark.parametrize("name", NATIONS)
def test_a_body_without_a_member_is_refused_by_the_schema_where_the_api_requires_it(name: str) -> None:
    body, nation, differ = body_of(name), NATIONS[name], []
    for path in pointers(body):
        short = without(body, path)
        refused = bool(api_faults(short, nation) & REQUIRED)
        if refused is not schema_refuses(short, types_of(body), nation):
            differ.append(("/".join(map(str, path)), refused, api_faults(short, nation)))
    assert differ == []
