"""The form of an answer: each question in words, what its field should say typed as the field is; all or a part."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from intake import bodies, shapes
from intake.lifecycle import REPORTED, Channel
from intake.models import Message, Organisation, Question, book
from intake.models.message import Audience
from intake.pages.forms import MoveForm, a_day, codes, line, words
from intake.questions import value_at
from intake.shape import Choice as Word
from intake.shape import Day, Number, Prose, Shape, Text, YesNo
from intake.words import _

# Which code list a field takes; a star stands for a place in a list.
CODED = {
    "/legal/framework": "legal_framework",
    "/legal/stage": "stage",
    "/legal/permission": "permission",
    "/children/*/sex": "sex",
    "/children/*/ethnicity": "ethnicity",
    "/children/*/legal_status": "legal_status",
    "/children/*/placement_type": "placement_type",
    "/children/*/send/need": "send_need",
    "/children/*/upn_unknown": "upn_unknown",
    "/information/family_told": "family_told",
    "/information/lawful_basis": "lawful_basis",
    "/documents/*/state": "document_state",
}
UNCHANGED = _("Leave it empty to change nothing.")


class Press(NamedTuple):
    """One of several buttons of a form."""

    name: str
    words: str
    first: bool = False


class Answer(MoveForm):
    """An answer to each open question; what is kept already stands in its box and can be changed until all is sent."""

    buttons = (Press("whole", _("Send all answers"), first=True), Press("partly", _("Save these answers")))
    message: Message | None = None

    def arrange(self) -> None:
        self.questions = self.open_questions()
        self.legends = {
            f"answers-{n}": gettext("Question {number}").format(number=row.number)
            for n, row in enumerate(self.questions)
        }
        self.message = self.find_message()
        body = self.body() if any(row.field for row in self.questions) else {}
        for n, row in enumerate(self.questions):
            self.add_question(n, row, body)
        if self.user.organisation.kind == Organisation.Kind.HUB:
            self.fields["channel"] = channel(Channel.MESSAGE if self.message else None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields:
            if name.endswith("-text"):
                # Each is asked for in the end; only not at once.
                self.fields[name].optional_mark = False  # type: ignore[attr-defined]

    def open_questions(self) -> list[Question]:
        request = self.subject.information_requests.open().prefetch_related("questions__answered_by").first()
        return list(request.questions.all()) if request else []

    def find_message(self) -> Message | None:
        """The authority's message that is said to answer the questions."""
        number = str(self.initial.get("message", ""))
        if not number.isdecimal() or len(number) > 18:
            return None
        rows = Message.objects.visible_to(self.user).filter(enquiry=self.subject, audience=Audience.AUTHORITY)
        return rows.filter(pk=int(number), organisation=self.subject.authority_id).first()

    def body(self) -> bodies.Body:
        return bodies.read(self.subject, bodies.sight_for(self.user, self.subject))

    def add_question(self, n: int, row: Question, body: bodies.Body) -> None:
        box = words(row.text, kept(row), required=False, rows=3)
        box.initial = row.answer or (self.message.text if self.message and len(self.questions) == 1 else "")
        self.fields[f"answers-{n}-text"] = box
        if row.field and (field := value_field(row.field, body)):
            self.fields[f"answers-{n}-value"] = field

    @property
    def partly(self) -> bool:
        return bool(self.data.get("partly"))

    @property
    def said(self) -> str:
        return (
            gettext("Your answers are kept; the questions stay open until all are sent")
            if self.partly
            else ""
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for n, row in enumerate(self.questions):
            name = f"answers-{n}-text"
            if not cleaned.get(name) and (not self.partly or self.value(n) is not None):
                self.add_error(name, gettext("Answer question {number}.").format(number=row.number))
        return cleaned

    def value(self, n: int) -> Any:
        """What the field should say now; None for no change."""
        value = self.cleaned_data.get(f"answers-{n}-value")
        return None if value == "" else value

    def facts(self) -> dict[str, Any]:
        way = {"channel": self.cleaned_data["channel"]} if "channel" in self.fields else {}
        return {"answers": list(self.given()), "partly": self.partly, **way}

    def given(self) -> Iterator[dict[str, Any]]:
        for n, row in enumerate(self.questions):
            text, value = self.cleaned_data[f"answers-{n}-text"], self.value(n)
            if text:
                yield {"number": row.number, "text": text} | ({} if value is None else {"value": value})

    def field_at(self, pointer: str) -> str | None:
        """What the rules say of a field stands at the question about it."""
        for n, row in enumerate(self.questions):
            if (
                row.field
                and f"{pointer}/".startswith(f"{row.field}/")
                and f"answers-{n}-value" in self.fields
            ):
                return f"answers-{n}-value"
        return super().field_at(pointer)


def kept(row: Question) -> str:
    if row.answered_by is None or row.answered_at is None:
        return ""
    when = date_format(timezone.localtime(row.answered_at), "j F Y")
    return gettext("Kept: {answered_by}, {when}. You can change it until all answers are sent.").format(
        answered_by=row.answered_by.name, when=when
    )


def channel(first: Channel | None) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext("Which way did the answer come?"),
        help_text=gettext("The clock goes on from now, whenever it came."),
        choices=[(way.value, way.label.capitalize()) for way in REPORTED],
        widget=forms.RadioSelect,
        initial=first,
        error_messages={"required": gettext("Say which way the answer came.")},
    )


# --- The field a question is about ------------------------------------------------------------------------


def value_field(pointer: str, body: bodies.Body) -> forms.Field | None:
    """A box of the field's own kind, with what stands there; none for what does not fit into one."""
    shape, parts = shape_at(pointer), pointer.split("/")[1:]
    old, code_list = value_at(body, parts), CODED.get(starred(parts))
    name = parts[-1].replace("_", " ").capitalize()
    asks = gettext("{name}: what should the enquiry say now?").format(name=name)
    return box(
        shape,
        code_list,
        asks,
        gettext("It says: {code_list}.").format(code_list=in_words(old, code_list))
        if old not in (None, "")
        else "",
    )


def shape_at(pointer: str) -> Any:
    """The member of the body's shape that a pointer names, or None."""
    found: Any = shapes.AMEND
    for part in pointer.split("/")[1:]:
        if isinstance(found, Shape):
            found = found.writable().get(part)
        elif part.isdecimal() and isinstance(getattr(found, "child", None), Shape):
            found = found.child
        else:
            return None
    return found


def starred(parts: list[str]) -> str:
    return "/" + "/".join("*" if part.isdecimal() else part for part in parts)


def box(shape: Any, code_list: str | None, asks: str, says: str) -> forms.Field | None:
    if isinstance(shape, YesNo):
        return chosen(
            asks, says, [("", gettext("No change")), ("true", gettext("Yes")), ("false", gettext("No"))]
        )
    if code_list or isinstance(shape, Word):
        offered = codes(code_list) if code_list else shape.choices.items()
        return chosen(asks, says, [("", gettext("No change")), *offered], menu=True)
    hint = f"{says} {UNCHANGED}".strip()
    if isinstance(shape, Day):
        return a_day(asks, hint, required=False)
    if isinstance(shape, Number):
        return forms.IntegerField(label=asks, help_text=hint, required=False, min_value=0)
    if isinstance(shape, Prose):
        return words(asks, hint, required=False)
    return line(asks, hint, required=False) if isinstance(shape, Text) else None


def chosen(asks: str, hint: str, choices: list[tuple[str, str]], *, menu: bool = False) -> forms.Field:
    return forms.TypedChoiceField(
        label=asks,
        help_text=hint,
        required=False,
        choices=choices,
        coerce=lambda value: {"true": True, "false": False}.get(value, value),
        empty_value=None,
        widget=forms.Select if menu else forms.RadioSelect,
    )


def in_words(value: Any, code_list: str | None) -> str:
    """As the enquiry's page says it."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, date):
        return date_format(value, "l j F Y")
    return book().codes.label(code_list, str(value)) if code_list else str(value)
