"""The shape of a body: serializers made once for the process, that name every fault at its pointer at once."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.fields import empty

from intake.checks import Fault

Faults = list[Fault]


class Shape(serializers.Serializer[Any]):
    """A serializer that collects: what is right is kept, each fault is named, unknown members are faults."""

    def collect(self, data: Any, pointer: str, faults: Faults, *, lax: bool = False) -> dict[str, Any]:
        """The validated members; `lax` does not ask for the required ones (a draft, an amendment)."""
        if not isinstance(data, Mapping):
            faults.append(Fault(pointer or "", "not_an_object", "Give an object here."))
            return {}
        fields = self.writable()
        kept: dict[str, Any] = {}
        for name in data:
            if name not in fields:
                faults.append(
                    Fault(f"{pointer}/{escape(name)}", "unknown_member", "There is no such member.")
                )
        for name, field in fields.items():
            given = data.get(name, empty)
            if given is empty:
                if field.required and not lax:
                    faults.append(Fault(f"{pointer}/{name}", "required", "This is needed."))
                continue
            self.collect_field(field, given, f"{pointer}/{name}", faults, kept, name)
        return kept

    def collect_field(
        self, field: Any, given: Any, pointer: str, faults: Faults, kept: dict[str, Any], name: str
    ) -> None:
        if given is None:
            if field.allow_null:
                kept[name] = None
            else:
                faults.append(Fault(pointer, "null", "Leave it out, or give a value; null is none."))
        elif isinstance(field, Shape):
            kept[name] = field.collect(given, pointer, faults)
        elif isinstance(field, serializers.ListSerializer):
            kept[name] = collect_rows(field, given, pointer, faults)
        else:
            try:
                kept[name] = field.run_validation(given)
            except ValidationError as fault:
                faults.extend(flat(fault.detail, pointer))

    def writable(self) -> dict[str, Any]:
        """The fields by name, found once: the instance lives as long as the process."""
        found = self.__dict__.get("_writable_by_name")
        if found is None:
            found = {name: field for name, field in self.fields.items() if not field.read_only}
            self.__dict__["_writable_by_name"] = found
        return found


def collect_rows(field: Any, given: Any, pointer: str, faults: Faults) -> list[Any]:
    if not isinstance(given, list):
        faults.append(Fault(pointer, "not_a_list", "Give a list here."))
        return []
    if field.max_length is not None and len(given) > field.max_length:
        faults.append(Fault(pointer, "too_many", f"Give at most {field.max_length} here."))
        return []
    return [field.child.collect(row, f"{pointer}/{place}", faults) for place, row in enumerate(given)]


def flat(detail: Any, pointer: str) -> Faults:
    """DRF's nested errors as a flat list with pointers."""
    if isinstance(detail, Mapping):
        return [fault for name, part in detail.items() for fault in flat(part, f"{pointer}/{name}")]
    if isinstance(detail, list) and any(not isinstance(part, ErrorDetail) for part in detail):
        return [f for place, part in enumerate(detail) if part for f in flat(part, f"{pointer}/{place}")]
    parts = detail if isinstance(detail, list) else [detail]
    return [Fault(pointer, str(part.code), str(part)) for part in parts]


def escape(name: str) -> str:
    """A member's name in a JSON pointer; a long one is cut, for it may be anything."""
    return str(name)[:60].replace("~", "~0").replace("/", "~1")


class Text(serializers.CharField):
    """Text as sent; nothing is trimmed, numbers are not text, empty is allowed unless it is required."""

    default_error_messages = {
        "max_length": "At most {max_length} characters.",
        "not_text": "Give text here.",
        "blank": "This is needed.",
    }

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 200)
        options.setdefault("required", False)
        options.setdefault("allow_blank", not options["required"])
        super().__init__(trim_whitespace=False, **options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("not_text")
        if not self.allow_blank and not data.strip():
            self.fail("blank")
        return data


class Prose(Text):
    """Long text: case notes of 20,000 characters and more."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=100_000, **options)


class Day(serializers.DateField):
    default_error_messages = {
        "invalid": "Give a date such as 2027-03-05.",
        "datetime": "Give a date without a time.",
        "outside": "Give a date between 1900 and 2200.",
    }

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        super().__init__(input_formats=["%Y-%m-%d"], **options)

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str) or len(value) != 10:
            self.fail("invalid", format="YYYY-MM-DD")
        day = super().to_internal_value(value)
        if not 1900 <= day.year <= 2200:
            self.fail("outside")
        return day


class YesNo(serializers.BooleanField):
    """true or false; not "yes", not 1."""

    default_error_messages = {"invalid": "Give true or false."}

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> bool:
        if data is not True and data is not False:
            self.fail("invalid")
        return bool(data)


class Choice(serializers.ChoiceField):
    """One of a closed set of words; the fault does not repeat what was sent."""

    default_error_messages = {"invalid_choice": "Choose one of the values that the description names."}


class Number(serializers.IntegerField):
    default_error_messages = {"invalid": "Give a whole number."}

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("min_value", 0)
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return int(super().to_internal_value(data))


@extend_schema_field(
    {
        "type": "object",
        "description": "What only this type asks for, by the codes of assessment-types/{code}/requirements/.",
        "additionalProperties": {"type": ["string", "boolean"]},
    }
)
class Particulars(serializers.Field[Any, Any, Any, Any]):
    """Codes and answers: text, dates, true or false. Which codes a type has is for the rules."""

    default_error_messages = {
        "not_an_object": "Give an object here.",
        "too_many": "At most {most} particulars.",
        "not_an_answer": "Give text, a date such as 2027-03-05, or true or false.",
        "max_length": "At most {most} characters.",
    }
    MOST, LONGEST = 60, 5_000

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, Mapping):
            self.fail("not_an_object")
        if len(data) > self.MOST:
            self.fail("too_many", most=self.MOST)
        if faults := {escape(code): fault for code, value in data.items() if (fault := self.fault_of(value))}:
            raise ValidationError(faults)
        return dict(data)

    def fault_of(self, value: Any) -> ErrorDetail | None:
        if not isinstance(value, str | bool):
            return ErrorDetail(str(self.error_messages["not_an_answer"]), "not_an_answer")
        if isinstance(value, str) and len(value) > self.LONGEST:
            return ErrorDetail(str(self.error_messages["max_length"]).format(most=self.LONGEST), "max_length")
        return None

    def to_representation(self, value: Any) -> Any:
        return value


def rows(shape: type[Shape], at_most: int, *, required: bool = False) -> Any:
    """A list of objects of one shape."""
    return shape(many=True, max_length=at_most, required=required)  # type: ignore[call-arg]


def texts(length: int = 200, **options: Any) -> serializers.ListField:
    """A list of texts."""
    options.setdefault("required", False)
    return serializers.ListField(child=Text(required=True, max_length=length), max_length=50, **options)


def places(**options: Any) -> serializers.ListField:
    """Places in another list of the body, from 0."""
    options.setdefault("required", False)
    return serializers.ListField(child=Number(required=True, max_value=99), max_length=50, **options)
