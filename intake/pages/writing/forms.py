"""The forms of the web form, made from the questions: one for each part of an enquiry that is saved by itself."""

import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext

from intake import shapes
from intake.checks import Fault
from intake.models import Risk, book
from intake.pages.forms import DeskForm, Group
from intake.pages.writing import questions
from intake.pages.writing.asks import TYPED, Ask, Body, More, Repeat, at, field_of, merged, put, shown
from intake.refusals import Invalid
from intake.words import _

ROWS_AT_MOST = 30


class BodyForm(DeskForm):
    """Answers at their places of one object of the body, which stands at `pointer`."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    pointer = ""

    def __init__(
        self,
        data: Any = None,
        *,
        value: Body,
        version: int,
        asks: Iterable[Ask] = (),
        repeats: Iterable[Repeat] = (),
        pointer: str = "",
        expected: frozenset[str] = frozenset(),
        more: More | None = None,
        **context: Any,
    ) -> None:
        self.more = more
        self.value, self.asks, self.repeats, self.pointer = value, tuple(asks), tuple(repeats), pointer
        super().__init__(data, initial={"version": version})
        self.legends = {}
        for ask in self.asks:
            self.add(ask.name, ask, value)
        for repeat in self.repeats:
            self.add_rows(repeat, data)
        self.arrange(**context)
        for name, field in self.fields.items():
            field.optional_mark = name != "version" and not self.is_expected(name, expected)  # type: ignore[attr-defined]

    @property
    def groups(self) -> list[Group]:
        """What can be said besides stands last, closed."""
        found = super().groups
        if self.more is None:
            return found
        besides = [self[name] for name in self.fields if self.is_besides(name)]
        names = {field.name for field in besides}
        found = [
            group._replace(fields=[one for one in group.fields if one.name not in names]) for group in found
        ]
        opened = any(field.errors or field.value() not in (None, "", []) for field in besides)
        return [*found, Group("", besides, closed=self.more.words, opened=opened)] if besides else found

    def is_besides(self, name: str) -> bool:
        asked_for = not getattr(self.fields[name], "optional_mark", False)
        return self.more is not None and not asked_for and name.replace("-", "/") in self.more.places

    def arrange(self, **context: Any) -> None:
        """Add what depends on the rest of the enquiry."""

    def is_expected(self, name: str, expected: frozenset[str]) -> bool:
        """Whether the assessments asked for need this answer, at the latest to start."""
        return "*" in expected or name.replace("-", "/") in expected

    def add(self, name: str, ask: Ask, value: Body) -> None:
        self.fields[name] = field_of(ask)
        self.initial[name] = shown(ask, value)

    def add_rows(self, repeat: Repeat, data: Any) -> None:
        """The rows there are, or were typed, and an empty one."""
        given = at(self.value, repeat.member) or []
        typed = count_typed(repeat, data)
        for row in range(min(max(len(given) + 1, typed), ROWS_AT_MOST)):
            for ask in repeat.asks:
                self.add(repeat.name(row, ask), ask, given[row] if row < len(given) else {})
            self.legends[f"{repeat.member.replace('/', '-')}-{row}"] = f"{repeat.legend} {row + 1}"

    def answers(self) -> Body:
        """The object with what was typed in it."""
        kept = merged(self.value, self.asks, self.cleaned_data)
        for repeat in self.repeats:
            put(kept, repeat.member, list(self.rows(repeat)) or None)
        return kept

    def rows(self, repeat: Repeat) -> Iterable[Body]:
        given = at(self.value, repeat.member) or []
        for row in range(ROWS_AT_MOST):
            prefix = f"{repeat.member.replace('/', '-')}-{row}-"
            if prefix + repeat.asks[0].name not in self.fields:
                return
            filled = merged(given[row] if row < len(given) else {}, repeat.asks, self.cleaned_data, prefix)
            if any(at(filled, ask.place) is not None for ask in repeat.asks):
                yield filled

    def field_at(self, pointer: str) -> str | None:
        """The field a pointer into the whole body is about, when it is on this page."""
        if not pointer.startswith(self.pointer):
            return None
        return super().field_at(pointer.removeprefix(self.pointer))


def count_typed(repeat: Repeat, data: Any) -> int:
    """How many rows a sent form had; one more when another was asked for."""
    if data is None:
        return 0
    start = f"{repeat.member.replace('/', '-')}-"
    rows = {name.removeprefix(start).split("-")[0] for name in data if name.startswith(start)}
    typed = [row for row in rows if row.isdecimal()]
    return len(typed) + (1 if data.get("add") == repeat.member else 0)


class AdultForm(BodyForm):
    """An adult, and what they are to each child."""

    def arrange(self, children: list[Body] = [], **context: Any) -> None:  # noqa: B006 - only read
        related = {link["child"]: link for link in self.value.get("relationships") or ()}
        for place, child in enumerate(children):
            for ask in questions.RELATED:
                self.add(f"relationships-{place}-{ask.name}", ask, related.get(place, {}))
            self.legends[f"relationships-{place}"] = f"To {child.get('name') or f'child {place + 1}'}"
        self.children = len(children)

    def answers(self) -> Body:
        kept = super().answers()
        links = []
        for place in range(self.children):
            link = merged({}, questions.RELATED, self.cleaned_data, f"relationships-{place}-")
            if "relationship" in link:
                links.append({"child": place, **link})
        put(kept, "relationships", links or None)
        return kept


class AssessmentForm(BodyForm):
    """One assessment: whom it is about, its questions, and what its type asks besides."""

    def arrange(self, body: Body | None = None, particulars: Iterable[Any] = (), **context: Any) -> None:
        body, self.particulars = body or {}, tuple(particulars)
        for member, label in (
            ("children", gettext("Which children is it about?")),
            ("adults", gettext("Which adults is it about?")),
        ):
            named = [(str(n), one.get("name") or f"{n + 1}") for n, one in enumerate(body.get(member) or ())]
            if named:
                self.fields[member] = forms.TypedMultipleChoiceField(
                    label=label,
                    choices=named,
                    coerce=int,
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                )
                self.initial[member] = [str(n) for n in self.value.get(member) or ()]
        self.add("questions", questions.QUESTIONS, self.value)
        for row in self.particulars:
            ask = particular(row)
            self.add(ask.name, ask, self.value)

    def answers(self) -> Body:
        asks = (questions.QUESTIONS, *(particular(row) for row in self.particulars))
        kept = merged(self.value, asks, self.cleaned_data)
        for member in ("children", "adults"):
            if member in self.fields:
                kept[member] = self.cleaned_data[member]
        return kept


ANSWERED = {"text": "words", "date": "day", "yes_no": "yes_no"}


def particular(row: Any) -> Ask:
    """A requirement that has no place of its own in the body, as a question of its assessment."""
    return Ask(f"particulars/{row.key}", row.label, row.hint, ANSWERED[row.answer], rows=3)


class RisksForm(BodyForm):
    """Three boxes, always: each is answered, also when nothing is known. Further rows of a box stay as they are."""

    def arrange(self, **context: Any) -> None:
        rows = self.value.get("risks") or []
        self.first = {about: n for n, row in reversed(list(enumerate(rows))) for about in [row.get("about")]}
        for about in Risk.About:
            row = rows[self.first[about]] if about in self.first else {}
            for ask in questions.RISK:
                self.add(f"{about}-{ask.name}", ask, row)
            self.legends[about] = about.label

    def answers(self) -> Body:
        rows = deepcopy(self.value.get("risks") or [])
        for about in Risk.About:
            old = rows[self.first[about]] if about in self.first else {"about": str(about)}
            new = merged(old, questions.RISK, self.cleaned_data, f"{about}-")
            if about in self.first:
                rows[self.first[about]] = new
            elif len(new) > 1:
                rows.append(new)
        self.sent = [row for row in rows if len(row) > 1]
        return {"risks": self.sent or None}

    def field_at(self, pointer: str) -> str | None:
        """A fault names the row; the row's box has its fields."""
        parts = pointer.split("/")
        if len(parts) > 3 and parts[1] == "risks" and parts[2].isdecimal() and int(parts[2]) < len(self.sent):
            name = f"{self.sent[int(parts[2])]['about']}-{parts[3]}"
            return name if name in self.fields else None
        return None


def in_shape(changes: Mapping[str, Any]) -> Body:
    """The changed members by the shape that the API asks; refuses with every fault at its pointer."""
    faults: list[Fault] = []
    sent = json.loads(json.dumps({m: v for m, v in changes.items() if v is not None}, cls=DjangoJSONEncoder))
    kept = shapes.AMEND.collect(sent, "", faults, lax=True)
    if faults:
        raise Invalid(faults)
    return kept | {member: None for member, value in changes.items() if value is None}


class Start(DeskForm):
    """The question that comes first."""

    danger = forms.ChoiceField(
        label=_("Is a child in immediate danger now?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether a child is in immediate danger.")},
    )


class Catalogue(forms.CheckboxSelectMultiple):
    """The assessments of a family, most often asked for first; everything else opens below them."""

    template_name = "intake/writing/catalogue.html"
    USUAL = (
        _("Kinship and permanence"),
        _("Parenting"),
        _("Risk"),
        _("Psychology and psychiatry"),
        _("Court report"),
    )

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        groups = {group: options for group, options, _ in context["widget"]["optgroups"]}
        rest = {group: options for group, options in groups.items() if group not in self.USUAL}
        context["usual"] = [(group, groups[group]) for group in self.USUAL if group in groups]
        context["rest"] = list(rest.items())
        context["open"] = any(option["selected"] for options in rest.values() for option in options)
        return context


class What(DeskForm):
    """Which kind, and what is asked for; on behalf: for whom and why."""

    authority = forms.CharField(
        label=_("For which authority?"), help_text=_("Its three digits at the DfE."), required=False
    )
    on_behalf_reason = forms.CharField(label=_("Why do you send it on their behalf?"), required=False)
    kind = forms.ChoiceField(
        label=_("What kind of enquiry is it?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what kind of enquiry this is.")},
    )
    authority_reference = forms.CharField(
        label=_("Your own reference"), help_text=_("So that you can find it."), max_length=60
    )
    types = forms.MultipleChoiceField(label=_("Which assessments?"), widget=Catalogue, required=False)
    token = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, hub: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shelf = book()
        self.fields["kind"].choices = kinds_offered()  # type: ignore[attr-defined]
        # A general enquiry is a kind, and asks for no assessment.
        asked = [(group, rows) for group, rows in types_by_group(shelf) if group != "Front door"]
        self.fields["types"].choices = asked  # type: ignore[attr-defined]
        self.fields["types"].optional_mark = False  # type: ignore[attr-defined]
        if not hub:
            del self.fields["authority"], self.fields["on_behalf_reason"]


def kinds_offered() -> list[tuple[str, str]]:
    from_book = TYPED["code"].field(Ask("kind", "", codes="kind"))
    return list(from_book.choices)  # type: ignore[attr-defined]


def types_by_group(shelf: Any) -> list[Any]:
    """The catalogue, group by group."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in sorted(shelf.types.values(), key=lambda row: (row.group, row.name)):
        groups.setdefault(row.group, []).append((row.code, row.name))
    return list(groups.items())


class Declare(DeskForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    authority_to_instruct = field_of(questions.DECLARATION[0])
    accurate = field_of(questions.DECLARATION[1])
    name = field_of(questions.DECLARATION[2])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.optional_mark = False  # type: ignore[attr-defined]

    def field_at(self, pointer: str) -> str | None:
        return super().field_at(pointer.removeprefix("/declaration")) if "/declaration/" in pointer else None


class Again(DeskForm):
    """Going on from an earlier enquiry."""

    prompted_by = forms.ChoiceField(
        label=_("Why is there a new one?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say why.")},
    )
    kind = forms.ChoiceField(
        label=_("What kind is it now?"),
        widget=forms.RadioSelect,
        choices=[("referral", _("Referral")), ("instruction", _("Instruction"))],
        initial="referral",
    )
    reason = forms.CharField(
        label=_("What has changed?"),
        help_text=_("It is read first when the new one is triaged."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    on_behalf_reason = forms.CharField(label=_("Why do you send it on their behalf?"), required=False)
