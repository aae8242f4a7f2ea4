"""A JSON Schema (2020-12) of an enquiry that asks for one assessment type: a case system validates before it sends.

Members, lengths and codes come from the shapes and the code lists, what is required from the requirements. A rule
that compares answers with each other, or reads who a child of an assessment is, stays with us.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from rest_framework import serializers

from intake.codes import CODED
from intake.models import Book
from intake.requirements import KINDS, REQUIRED, Place, Requirement, kinds_of, plan_of
from intake.shape import Choice, Day, Number, Particulars, Shape, YesNo
from intake.shapes import AMEND

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
# Whatever kind of value it is: said, or not said.
SAID: Schema = {"pattern": r"\S", "minItems": 1, "minProperties": 1}
UNSAID: Schema = {"maxLength": 0, "maxItems": 0, "maxProperties": 0}
WORDS: dict[str, Any] = {"true": True, "false": False}


def json_schema(type_code: str, *, book: Book, on: date, nation: str = "") -> Schema:
    """The schema of a whole body; conditions on the kind of enquiry stand in it as `if` and `then`."""
    asked = [row for row in book.requirements.on(on, nation) if row.asked_of(type_code)]
    required = (row for row in asked if row.intake == REQUIRED)
    return {
        "$schema": DIALECT,
        "title": f"Enquiry for: {book.types[type_code].name}",
        **Members(book, on, nation).of_shape(AMEND, ""),
        "allOf": [
            {"properties": {"assessments": {"contains": of_type(type_code)}}},
            particulars(type_code, book),
            *(demand for row in required if (demand := demanded(row, type_code)) is not None),
        ],
    }


def of_type(code: str) -> Schema:
    return {"required": ["type"], "properties": {"type": {"const": code}}}


def particulars(type_code: str, book: Book) -> Schema:
    """The particulars that the type asks for, and no others."""
    rows = book.requirements.particulars(type_code)
    answers: dict[str, Schema] = {
        "text": {"type": "string", "maxLength": Particulars.LONGEST},
        "date": day(),
        "yes_no": {"type": "boolean"},
    }
    known = {code: {**answers[row.answer], "title": row.label} for code, row in rows.items()}
    only = {"particulars": {"properties": known, "additionalProperties": False}}
    return each("assessments", {"if": of_type(type_code), "then": {"properties": only}})


# --- What is there, by shape -------------------------------------------------------------------------------


class Members:
    """The shapes' fields as schemas, with the codes that hold on a day in a nation."""

    def __init__(self, book: Book, on: date, nation: str) -> None:
        self.codes, self.on, self.nation = book.codes, on, nation

    def of_shape(self, shape: Shape, pattern: str) -> Schema:
        fields = shape.writable()
        return {
            "type": "object",
            "additionalProperties": False,
            "required": [name for name, field in fields.items() if field.required],
            "properties": {name: self.of_field(field, f"{pattern}/{name}") for name, field in fields.items()},
        }

    def of_field(self, field: Any, pattern: str) -> Schema:
        schema = self.of_value(field, pattern)
        if field.allow_null and isinstance(schema.get("type"), str):
            schema["type"] = [schema["type"], "null"]
        return schema

    def of_value(self, field: Any, pattern: str) -> Schema:
        if isinstance(field, Shape):
            return self.of_shape(field, pattern)
        if isinstance(field, serializers.ListSerializer | serializers.ListField):
            items = self.of_field(field.child, f"{pattern}/*")
            length = getattr(field, "max_length", None)
            most = {} if length is None else {"maxItems": length}
            return {"type": "array", "items": items, **most}
        if name := CODED.get(pattern):
            return {"type": "string", "enum": self.holding(name)}
        return plain(field)

    def holding(self, name: str) -> list[str]:
        held = self.codes.holding(name, self.on)
        nations = ("", self.nation) if self.nation else None
        return sorted(code for code in held if nations is None or self.codes.nation(name, code) in nations)


def plain(field: Any) -> Schema:
    """A member that is one value."""
    if isinstance(field, Day):
        return day()
    if isinstance(field, YesNo):
        return {"type": "boolean"}
    if isinstance(field, Number):
        most = {} if field.max_value is None else {"maximum": field.max_value}
        return {"type": "integer", "minimum": field.min_value, **most}
    if isinstance(field, Choice):
        return {"type": "string", "enum": list(field.choices)}
    if isinstance(field, Particulars):
        return {"type": "object", "maxProperties": Particulars.MOST}
    said = {} if field.allow_blank else {"pattern": SAID["pattern"]}
    return {"type": "string", "maxLength": field.max_length, **said}


def day() -> Schema:
    return {"type": "string", "format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


# --- What is required --------------------------------------------------------------------------------------


def demanded(row: Requirement, type_code: str) -> Schema | None:
    """A requirement as a schema; None where it turns on who the people of one assessment are."""
    plan = plan_of(row)
    head, *more = plan.first.parts
    if "*" not in row.types and more and head != ("assessments",):
        return None
    here = [needed(place) for place in (plan.first, *plan.others) if place.relative or place is plan.first]
    demand = given([needed(place, condition=True) for place in plan.of_row], either(here))
    if more:
        demand = of_rows(row, type_code, head, demand)
    demand = either([demand, *(anywhere(place) for place in plan.others if not place.relative)])
    return given(list(conditions(row, plan.of_body)), demand)


def of_rows(row: Requirement, type_code: str, head: tuple[str, ...], demand: Schema) -> Schema:
    """Of each row of a list, or of those assessments that are of the type."""
    if "*" not in row.types:
        demand = {"if": of_type(type_code), "then": demand}
    *above, last = head
    demand = each(last, demand)
    for step in reversed(above):
        demand = {"properties": {step: demand}}
    return demand


def conditions(row: Requirement, of_body: Any) -> Iterator[Schema]:
    if len(kinds := kinds_of(row)) < len(KINDS):
        yield {"required": ["kind"], "properties": {"kind": {"enum": sorted(kinds)}}}
    for _, place in of_body:
        yield needed(place, condition=True)


def given(wanted: list[Schema], demand: Schema) -> Schema:
    return {"if": {"allOf": wanted}, "then": demand} if wanted else demand


def either(schemas: list[Schema]) -> Schema:
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def each(name: str, schema: Schema) -> Schema:
    return {"properties": {name: {"items": schema}}}


def anywhere(place: Place) -> Schema:
    """That some row holds it, or the body itself."""
    *lists, last = place.parts
    schema = down(last, ending(place))
    for steps in reversed(lists):
        schema = down(steps, {"contains": schema})
    return schema


def needed(place: Place, *, condition: bool = False) -> Schema:
    """That a place holds what its pattern asks, seen from the row that it is in."""
    steps, end = place.parts[-1], ending(place)
    if place.values == ("none",):
        return {"not": down(steps, SAID)} if condition else {"properties": {steps[-1]: UNSAID}}
    return {"not": down(steps, end)} if place.other_than else down(steps, end)


def down(steps: tuple[str, ...], end: Schema) -> Schema:
    """A member of members, each of them there."""
    for step in reversed(steps):
        end = {"required": [step], "properties": {step: end}}
    return end


def ending(place: Place) -> Schema:
    if place.filter is not None:
        members = {name: {"enum": list(values)} for name, values in place.filter.members}
        return {"contains": {"required": list(members), "properties": members}}
    if place.values:
        return {"enum": [WORDS.get(value, value) for value in place.values]}
    return SAID if place.at_least == 1 else {"minItems": place.at_least}
