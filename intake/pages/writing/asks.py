"""What a page asks of an enquiry: where the answer stands in the body, its words, how it is typed."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext

from intake.pages.forms import DayInput, codes

Body = dict[str, Any]


class Ask(NamedTuple):
    """One answer. `place` is the pointer within the form's object, without the first slash."""

    place: str
    label: str
    hint: str = ""
    typed: str = "line"
    codes: str = ""
    rows: int = 4
    # The kinds of enquiry in which it is asked; none named: all.
    kinds: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.place.replace("/", "-")


class Repeat(NamedTuple):
    """Rows of answers on one page: those that are there, and one more to fill."""

    member: str
    legend: str
    asks: tuple[Ask, ...]
    add: str

    def name(self, row: int, ask: Ask) -> str:
        return f"{self.member.replace('/', '-')}-{row}-{ask.name}"


class More(NamedTuple):
    """What can be said besides, where nothing asks for it: closed under these words until somebody opens it."""

    words: str
    places: frozenset[str]


# --- From an ask to a field, and between what is typed and what the body holds --------------------------------


class Typed(NamedTuple):
    """A way of typing: the field, the body's value as the field shows it, and back; None says no answer."""

    field: Callable[[Ask], forms.Field]
    shown: Callable[[Any], Any] = lambda value: value
    read: Callable[[Any], Any] = lambda value: value or None


def _line(ask: Ask) -> forms.Field:
    return forms.CharField()


def _words(ask: Ask) -> forms.Field:
    return forms.CharField(strip=False, widget=forms.Textarea(attrs={"rows": ask.rows}))


def _read_words(value: str) -> str | None:
    """Line ends as the body keeps them, however the browser sent them."""
    plain = value.replace("\r\n", "\n")
    return plain if plain.strip() else None


def _day(ask: Ask) -> forms.Field:
    return forms.DateField(widget=DayInput(), error_messages={"invalid": gettext("Give a real date.")})


def _choice(options: Callable[[Ask], list[tuple[str, str]]], widget: type[forms.Widget]) -> Any:
    def field(ask: Ask) -> forms.Field:
        kind = forms.MultipleChoiceField if widget is forms.CheckboxSelectMultiple else forms.ChoiceField
        return kind(
            choices=lambda: options(ask),
            widget=widget,
            error_messages={"invalid_choice": gettext("Choose one of the list.")},
        )

    return field


def _offered(ask: Ask) -> list[tuple[str, str]]:
    return codes(ask.codes)


def _menu(ask: Ask) -> list[tuple[str, str]]:
    return [("", gettext("Choose")), *codes(ask.codes)]


YES_NO = {"yes": True, "no": False}
SAID = {True: "yes", False: "no"}
TYPED: Mapping[str, Typed] = {
    "line": Typed(_line),
    "email": Typed(lambda ask: forms.CharField(widget=forms.EmailInput)),
    "number": Typed(
        lambda ask: forms.IntegerField(error_messages={"invalid": gettext("Give a whole number.")}),
        read=lambda value: value,
    ),
    "words": Typed(_words, read=_read_words),
    "lines": Typed(
        _words,
        shown=lambda value: "\n".join(value or ()),
        read=lambda value: [line.strip() for line in value.splitlines() if line.strip()] or None,
    ),
    "day": Typed(_day),
    "code": Typed(_choice(_offered, forms.RadioSelect)),
    "menu": Typed(_choice(_menu, forms.Select)),
    "codes": Typed(_choice(_offered, forms.CheckboxSelectMultiple)),
    "yes_no": Typed(
        _choice(lambda ask: [("yes", gettext("Yes")), ("no", gettext("No"))], forms.RadioSelect),
        shown=lambda value: SAID.get(value, ""),
        read=YES_NO.get,
    ),
    # A box that is ticked or not: not ticked is no answer.
    "tick": Typed(lambda ask: forms.BooleanField(), read=lambda value: True if value else None),
}


def field_of(ask: Ask) -> forms.Field:
    """The form field of an ask; whether an answer is needed is for the rules to say."""
    field = TYPED[ask.typed].field(ask)
    field.label, field.help_text, field.required = ask.label, ask.hint, False
    return field


def shown(ask: Ask, value: Body) -> Any:
    """What the field shows of a body's object."""
    return TYPED[ask.typed].shown(at(value, ask.place))


# --- Places in an object ------------------------------------------------------------------------------------


def at(value: Any, place: str) -> Any:
    """What stands at a place of an object; None where nothing does."""
    for step in place.split("/"):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def put(value: Body, place: str, answer: Any) -> None:
    """Put an answer at its place, or take it away; an object that is empty then goes too."""
    first, _, rest = place.partition("/")
    if rest:
        inner = value.setdefault(first, {})
        put(inner, rest, answer)
        if not inner:
            del value[first]
    elif answer is None:
        value.pop(first, None)
    else:
        value[first] = answer


def merged(value: Body, asks: tuple[Ask, ...], typed: Mapping[str, Any], prefix: str = "") -> Body:
    """An object with the answers of a form in it; what the form did not ask stays as it is."""
    kept = deepcopy(value)
    for ask in asks:
        put(kept, ask.place, TYPED[ask.typed].read(typed.get(prefix + ask.name) or _empty(ask)))
    return kept


def _empty(ask: Ask) -> Any:
    return "" if ask.typed in ("words", "lines", "yes_no") else None


def in_words(ask: Ask, answer: Any, label: Callable[[str, str], str]) -> str:
    """An answer as a person reads it; "" for none."""
    if answer is None or answer in ("", [], {}):
        return ""
    if ask.codes:
        return ", ".join(label(ask.codes, one) for one in (answer if isinstance(answer, list) else [answer]))
    if isinstance(answer, bool):
        return gettext("Yes") if answer else gettext("No")
    if isinstance(answer, date):
        return f"{answer.day} {answer:%B %Y}"
    return "\n".join(answer) if isinstance(answer, list) else str(answer)
