"""A canary in every field that a person can fill."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.apps import apps
from django.db import IntegrityError, models, transaction

from intake import bodies
from intake.models import Code, Enquiry, Person, put_away
from tests.reports.canaries import CODED, has_words, held_by, holds

OURS = ("intake", "referrals", "reports")
SHAPES: Mapping[str, Any] = {
    "Assessment.particulars": lambda token: {"contact_arrangements": token, "advocate": token},
    "Enquiry.cost_shares": lambda token: [{"party": token, "percent": 25}],
    "Event.data": lambda token: {"changed": {"background": [token, token]}},
}
# All that is another family's has one word: it may be heard nowhere.
ANOTHER = "another enquiry"
PARTS = {part: mapped for _, part, mapped in bodies.PARTS}


class Name(NamedTuple):
    """A field, and of which of its rows: `Risk.text (worker)`."""

    field: str
    of: str = ""

    def __str__(self) -> str:
        return f"{self.field} ({self.of})" if self.of else self.field


def fields(model: type[models.Model]) -> Iterator[Any]:
    """What somebody can write into: text, lists, codes; of people also their days."""
    for one in model._meta.concrete_fields:
        written = isinstance(one, models.CharField | models.TextField | models.JSONField)
        dated = model is Person and isinstance(one, models.DateField)
        if (written or dated) and not one.choices and one.editable:
            yield one


def every_model() -> list[type[models.Model]]:
    return [model for name in OURS for model in apps.get_app_config(name).get_models()]


def every_field() -> list[str]:
    return [f"{model.__name__}.{one.name}" for model in every_model() for one in fields(model)]


def columns_of(mapped: Mapping[str, Any]) -> Iterator[str]:
    for column in mapped.values():
        if isinstance(column, str):
            yield column
        else:
            yield from columns_of(column)


def which(row: models.Model, name: str) -> str | None:
    """In which respect rows of one field differ for a reader; None: such a row has no such field."""
    if isinstance(row, Person):
        if name not in columns_of(PARTS[Person.Part(row.part)]):
            return None
        hidden = row.address_withheld and name in ("address_lines", "postcode", "phone")
        return f"{row.part}, withheld" if hidden else str(row.part)
    return OF[type(row).__name__](row) if type(row).__name__ in OF else ""


OF: Mapping[str, Any] = {
    "Risk": lambda row: row.about,
    "Message": lambda row: row.audience,
    "Event": lambda row: row.audience,
    "Decision": lambda row: "undone" if row.undone_at else row.outcome,
    "Organisation": lambda row: row.code if row.kind == "assessment_service" else row.kind,
    "User": lambda row: row.email.partition("@")[0],
    "Attachment": lambda row: "report" if row.role == "report" else "given",
    "Assessment": lambda row: row.type.code,
}


@dataclass
class Birds:
    """The canaries that were let out, each by where it was put."""

    tokens: dict[Name, str] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=holds)

    def word(self, place: str, of: str = "") -> str:
        """A new word for a place, or the one that it has."""
        return self.tokens.setdefault(Name(place, of), f"zq{len(self.tokens):03}kx")

    def put(self, rows: Any, case: Enquiry | None = None) -> None:
        """Into each field of each of these rows; where the database refuses that, into those that hold something."""
        model = rows.model
        for row in rows:
            given = dict(self.of_row(row, case))
            if model is Person and row.part == Person.Part.CHILD:
                given |= UNBORN if row.position else {"expected_date_of_delivery": None}
            try:
                with transaction.atomic():
                    model._base_manager.filter(pk=row.pk).update(**given)
            except IntegrityError:
                held = {name: value for name, value in given.items() if getattr(row, name)}
                model._base_manager.filter(pk=row.pk).update(**held)

    def of_row(self, row: models.Model, case: Enquiry | None) -> Iterator[tuple[str, Any]]:
        its_own = row.pk if isinstance(row, Enquiry) else getattr(row, "enquiry_id", None)
        elsewhere = case is not None and its_own not in (None, case.pk)
        for one in fields(type(row)):
            place = f"{type(row).__name__}.{one.name}"
            held = held_by(self.known, place)
            variant = which(row, one.name)
            if variant is not None and has_words(held):
                name = Name(ANOTHER) if elsewhere else Name(place, variant)
                yield one.name, self.value(name, place, one, held)

    def value(self, name: Name, place: str, one: Any, held: str) -> Any:
        if isinstance(one, models.DateField):
            name = Name(ANOTHER, "days") if name.field == ANOTHER else name
            day = date(1600 + len(self.tokens), 11, 11)
            return date(int(self.tokens.setdefault(name, f"November{day.year}")[-4:]), 11, 11)
        token = self.word(*name)
        if held.startswith(CODED):
            return self.code(held.removeprefix(CODED), token, one)
        if place in SHAPES:
            return SHAPES[place](token)
        return [token] if isinstance(one, models.JSONField) else token[: one.max_length]

    def code(self, of: str, token: str, one: Any) -> Any:
        length = one.max_length or 40
        code = "z" if length == 1 else f"q{token[2:5]}"
        Code.objects.get_or_create(list=of, code=code, defaults={"label": token})
        put_away()
        return [code] if isinstance(one, models.JSONField) else code

    def heard(self, text: str) -> set[Name]:
        """Whose canaries are in a text, be it broken over lines."""
        flat = "".join(text.replace("\u200b", "").split()).casefold()
        return {name for name, token in self.tokens.items() if token.casefold() in flat}


UNBORN: dict[str, Any] = {"date_of_birth": None, "sex": "U"}
