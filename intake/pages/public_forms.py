"""The forms of the public door: few questions, and what keeps robots out without asking people to prove anything."""

import re
import time
from typing import Any

from django import forms
from django.core import signing
from django.core.validators import RegexValidator
from django.utils.translation import gettext

from intake.models import book
from intake.pages.forms import Choices, DeskForm, Group, line, words
from intake.words import _

SALT = "intake.public"
QUICKEST, OLDEST = 3, 24 * 60 * 60
ANSWERS = (("yes", _("Yes")), ("no", _("No")))
WHO = (
    (_("Local authority"), _("I work for a local authority")),
    (_("Legal professional"), _("I am a solicitor or work for a court")),
    (_("Other professional"), _("I work with children or families elsewhere")),
    (_("Family member or carer"), _("I am a parent, relative or carer")),
    (_("Somebody else"), _("Somebody else")),
)
ELSE = _("Something else")
FRONT_DOOR = _("Front door")
TELEPHONE = RegexValidator(
    re.compile(r"[0-9+() .\-]{7,40}\Z"), _("Enter a telephone number, like 01632 960 001.")
)


EMPTY = {
    "danger": _("Say whether a child is in immediate danger."),
    "name": _("Give your name."),
    "who": _("Say who you are."),
    "about": _("Choose what it is about."),
    "message": _("Write what you would like to ask."),
}


def say_when_empty(form: DeskForm) -> None:
    for name, sentence in EMPTY.items():
        if name in form.fields:
            form.fields[name].error_messages["required"] = sentence


class Danger(DeskForm):
    """The first question, before anything is typed."""

    danger = forms.ChoiceField(
        label=_("Is a child in immediate danger?"), choices=ANSWERS, widget=forms.RadioSelect
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        say_when_empty(self)


class Council(DeskForm):
    """Whose front door it is: the name of the council, as we hold no telephone numbers of theirs."""

    council = forms.ChoiceField(label=_("Which council does the child live in?"), required=False)

    def __init__(self, data: Any, councils: Choices) -> None:
        super().__init__(data)
        self.fields["council"].choices = [("", gettext("Choose a council")), *councils]  # type: ignore[attr-defined]
        self.fields["council"].optional_mark = False  # type: ignore[attr-defined]


def topics() -> Choices:
    """The groups of the catalogue, in its order, and a way out."""
    groups = dict.fromkeys(row.group for row in book().types.values() if row.group != FRONT_DOOR)
    return [*((group, group) for group in groups), (ELSE, ELSE)]


class ContactForm(DeskForm):
    """Who writes, how to answer, and what they say."""

    name = line(_("Your name"), max_length=120)
    email = forms.EmailField(
        label=_("E-mail address"), required=False, max_length=254,
        error_messages={"invalid": _("Enter an e-mail address, like name@example.org.")},
    )  # fmt: skip
    phone = line(_("Telephone number"), required=False, max_length=40, validators=[TELEPHONE])
    message = words(_("What would you like to ask?"), _("Do not name a child or family."), rows=8)
    website = line(_("Leave this empty"), required=False)
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"stamp": new_stamp()})
        say_when_empty(self)
        self.fields["message"].max_length = 5000  # type: ignore[attr-defined]
        self.fields["email"].help_text = gettext("Give an e-mail address, a telephone number, or both.")
        self.fields["website"].widget.attrs = {"tabindex": "-1", "autocomplete": "off"}
        for name in ("email", "phone"):
            # One of the two is needed, which the hint says.
            self.fields[name].optional_mark = False  # type: ignore[attr-defined]
        for name, hint in (("name", "name"), ("email", "email"), ("phone", "tel")):
            self.fields[name].widget.attrs["autocomplete"] = hint

    @property
    def groups(self) -> list[Group]:
        """Without the trap, which stands by itself."""
        return [Group("", [field for field in self.visible_fields() if field.name != "website"])]

    def clean_name(self) -> str:
        return on_one_line(self.cleaned_data["name"])

    def clean_message(self) -> str:
        message = str(self.cleaned_data["message"]).replace("\r\n", "\n")
        if len(message) > 5000:
            raise forms.ValidationError(
                gettext("Write at most 5,000 characters; we can talk about the rest.")
            )
        return message

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not given.get("email") and not given.get("phone") and not {"email", "phone"} & set(self.errors):
            self.add_error(
                "email", gettext("Give an e-mail address or a telephone number, so that we can answer.")
            )
        if given.get("website"):
            self.add_error("website", gettext("Leave the last field empty: it is there to stop robots."))
        if fault := stamp_fault(given.get("stamp", "")):
            self.add_error(None, fault)
            typed: Any = self.data
            self.data = typed.copy()
            self.data["stamp"] = new_stamp()  # type: ignore[index]
        return given

    def asked(self) -> dict[str, str]:
        """What the action is called with."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("website", "stamp")}


class EnquiryForm(ContactForm):
    """The same with who asks and what about."""

    who = forms.ChoiceField(label=_("Who are you?"), choices=WHO, widget=forms.RadioSelect)
    organisation = line(_("Your organisation"), required=False, max_length=160)
    about = forms.ChoiceField(label=_("What is it about?"), choices=topics, widget=forms.RadioSelect)
    field_order = ("name", "who", "organisation", "email", "phone", "about", "message", "website", "stamp")

    def clean_organisation(self) -> str:
        return on_one_line(self.cleaned_data["organisation"])


def on_one_line(text: str) -> str:
    """Without line ends and other signs that nobody sees."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def new_stamp() -> str:
    """When the form was shown, signed."""
    return signing.dumps(time.time(), salt=SALT)


def stamp_fault(stamp: str) -> str:
    """A robot sends at once, or a form it has kept; a person is asked to press the button again."""
    try:
        age = time.time() - signing.loads(stamp, salt=SALT)
    except signing.BadSignature:
        return gettext("This page could not be checked. Read through what you wrote, then send it again.")
    if age < QUICKEST:
        return gettext("That was very quick. Read through what you wrote, then send it again.")
    if age > OLDEST:
        return gettext(
            "This page was open for more than a day. Read through what you wrote, then send it again."
        )
    return ""
