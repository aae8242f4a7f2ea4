"""The forms of the front door: their shape; the rules are the actions'."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.translation import gettext

from intake import checks, uploads
from intake.models import Enquiry, User, book
from intake.pages.facts import whole
from intake.refusals import Invalid, Refused
from intake.words import Language, _

Choices = list[tuple[str, str]]


class Group(NamedTuple):
    """Fields that belong together, under a legend when they have one."""

    legend: str
    fields: list[forms.BoundField]
    # A class of the stylesheet: "across" puts a choice and the words about it side by side.
    look: str = ""
    # What stands closed under these words until somebody opens it, or something in it was answered or is wrong.
    closed: str = ""
    opened: bool = False


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DeskForm(forms.Form):
    """A form that keeps what was typed, and shows beside its fields what an action said of them."""

    use_required_attribute = False
    legends: dict[str, str] = {}
    looks: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for field in self.fields.values():
            field.optional_mark = not field.required  # type: ignore[attr-defined]
            if "required" in field.error_messages:
                field.error_messages["required"] = gettext("This needs an answer: “{field}”").format(
                    field=field.label
                )

    @property
    def groups(self) -> list[Group]:
        """Visible fields in order, gathered by the part of their name before a dash."""
        found: list[Group] = []
        for field in self.visible_fields():
            part = field.name.rpartition("-")[0]
            legend = self.legends.get(part, "")
            if not found or found[-1].legend != legend:
                found.append(Group(legend, [], self.looks.get(part, "")))
            found[-1].fields.append(field)
        return found

    def refuse(self, refused: Refused) -> None:
        """Put what an action refused beside the fields it is about; the rest goes on top."""
        for fault in refused.faults if isinstance(refused, Invalid) else ():
            self.add_error(self.field_at(fault.pointer), fault.detail)

    def field_at(self, pointer: str) -> str | None:
        """The field a JSON pointer is about: /questions/0/text is questions-0-text."""
        parts = pointer.strip("/").split("/")
        names = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
        return next((name for name in names if name in self.fields), None)


def unjudged(form: forms.BaseForm) -> None:
    """As typed, without a word about it: nothing was sent to be judged."""
    vars(form)["_errors"] = ErrorDict()


class MoveForm(DeskForm):
    """A form of a transition: which version the person had read, and the facts the transition needs."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, subject: Any, user: User, **kwargs: Any) -> None:
        self.subject, self.user = subject, user
        super().__init__(*args, **kwargs)
        self.arrange()
        for field in self.fields.values():
            field.optional_mark = not field.required  # type: ignore[attr-defined]

    @property
    def said(self) -> str:
        """What the line on top says after it was done; nothing for the words of the table."""
        return ""

    def arrange(self) -> None:
        """Add what depends on the subject and the person."""

    def facts(self) -> dict[str, Any]:
        """What the action is called with."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def parts(self, prefix: str, *members: str) -> Iterable[dict[str, Any]]:
        """The rows of numbered fields that say something."""
        places = sorted({int(name.split("-")[1]) for name in self.fields if name.startswith(f"{prefix}-")})
        for place in places:
            row = {member: self.cleaned_data.get(f"{prefix}-{place}-{member}") for member in members}
            if any(row.values()):
                yield {member: value for member, value in row.items() if value}


class Words(forms.CharField):
    """Kept as they were typed, but for the two characters that a browser sends for the end of a line."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        typed = str(super().to_python(value)).replace("\r\n", "\n")
        return typed if typed.strip() else ""


def words(label: str, hint: str = "", *, required: bool = True, rows: int = 4) -> Words:
    """Words over several lines."""
    return Words(label=label, help_text=hint, required=required, widget=forms.Textarea(attrs={"rows": rows}))


def line(label: str, hint: str = "", *, required: bool = True, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, required=required, **kwargs)


def a_day(label: str, hint: str = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        required=required,
        widget=DayInput(),
        error_messages={"invalid": gettext("Give a real date.")},
    )


def language_choice() -> forms.ChoiceField:
    """Of what somebody gets that is about no one enquiry."""
    return forms.ChoiceField(
        label=_("In which language?"),
        help_text=_(
            "Letters and papers that are about no one enquiry. Letters in Welsh have the English beneath."
        ),
        choices=[(Language.ENGLISH.value, _("English")), (Language.WELSH.value, _("Welsh"))],
        widget=forms.RadioSelect(),
        error_messages={"invalid_choice": _("Choose one of the languages.")},
        # Left out, it stays as it is.
        required=False,
    )


def codes(name: str) -> Choices:
    """The codes of a list that can be chosen today."""
    return [(row.code, row.label) for row in book().codes.list(name, timezone.localdate())]


class Coded(forms.ChoiceField):
    """One code of a dated list, as radio buttons, or as a menu when there are many."""

    def __init__(
        self, name: str, label: str, *, menu: bool = False, required: bool = True, hint: str = ""
    ) -> None:
        def offered() -> Choices:
            return ([("", gettext("Choose"))] if menu else []) + codes(name)

        super().__init__(
            choices=offered,
            label=label,
            help_text=hint,
            required=required,
            widget=forms.Select if menu else forms.RadioSelect,
            error_messages={"invalid_choice": gettext("Choose one of the list.")},
        )


# --- The enquiry's transitions that belong to the front door ----------------------------------------------


class Nothing(MoveForm):
    """A transition that needs no facts."""


class Reason(MoveForm):
    reason = words(_("Why?"), _("It stays in the history."), rows=3)


class Withdraw(MoveForm):
    reason_code = Coded("withdraw", _("Why is it withdrawn?"))
    text = words(_("Anything we should know"), required=False, rows=3)


class RequestInformation(MoveForm):
    """Up to five questions; each may name what of the enquiry it is about."""

    QUESTIONS = 5
    legends: dict[str, str] = {f"questions-{n}": f"Question {n + 1}" for n in range(QUESTIONS)}

    def arrange(self) -> None:
        about = [("", gettext("Nothing in particular")), *what_is_missing(self.subject)]
        for n in range(self.QUESTIONS):
            self.fields[f"questions-{n}-text"] = words(
                gettext("What do you need to know?"), required=not n, rows=2
            )
            self.fields[f"questions-{n}-field"] = forms.ChoiceField(
                label=gettext("What is it about?"), choices=about, required=False
            )
        self.fields["questions-0-text"].error_messages["required"] = gettext("Write at least one question.")
        self.fields["reply_by"] = a_day(
            gettext("When do you need the answer by?"),
            gettext("Our decision clock stands still until they answer."),
        )
        self.fields["reply_by"].error_messages["required"] = gettext(
            "Give the day by which you need the answer."
        )

    def facts(self) -> dict[str, Any]:
        return {
            "questions": list(self.parts("questions", "text", "field")),
            "reply_by": self.cleaned_data["reply_by"],
        }


def what_is_missing(enquiry: Enquiry) -> Choices:
    """What is still to come, as a question may name it."""
    rows = checks.missing(
        whole(enquiry), book=book().codes, today=timezone.localdate(), nation=enquiry.authority.nation
    )
    return [(row.pointer, row.label) for row in rows]


# --- Beside the lifecycle ---------------------------------------------------------------------------------


class Attach(DeskForm):
    role = Coded("document_role", _("What is it?"), menu=True)
    file = forms.FileField(
        label=_("File"), help_text=f"{uploads.KINDS}, up to {uploads.LARGEST // 1024 // 1024} MB."
    )

    def facts(self) -> dict[str, Any]:
        return {"role": self.cleaned_data["role"], "file": self.cleaned_data["file"]}


class OpenWithReason(DeskForm):
    reference = line(_("Reference of the enquiry"), _("Such as ENQ-7K3M-9QXD-4."))
    reason = words(
        _("Why do you need to read it?"),
        _("It stays in the history; the authority’s manager can see it."),
        rows=3,
    )

    def facts(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class Disclose(DeskForm):
    reason = words(
        _("Why do you need the address?"),
        _("It stays in the history; the authority’s manager can see it."),
        rows=3,
    )

    def facts(self) -> dict[str, Any]:
        return dict(self.cleaned_data)
