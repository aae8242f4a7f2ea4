"""The forms that keep what services cover and what their assessors bring: their shape; the rules are the actions'."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext

from intake.models import AssessmentType, Organisation, User, book
from intake.pages.forms import Choices, Coded, DeskForm, a_day, line, words
from intake.words import _
from referrals.actions.services import OLDEST
from referrals.models import Assessor


def number(label: str, hint: str = "", *, most: int, least: int = 0) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=hint,
        min_value=least,
        max_value=most,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": gettext("Give a whole number.")},
    )


class Languages(forms.CharField):
    """Names of languages as the list has them, separated by commas; what comes of it are their codes."""

    def __init__(self, label: str, hint: str) -> None:
        super().__init__(label=label, help_text=hint, required=False, max_length=400)

    def known(self) -> dict[str, str]:
        rows = book().codes.list("spoken_language", timezone.localdate())
        return {row.label.casefold(): row.code for row in rows}

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return ", ".join(book().codes.label("spoken_language", code) for code in value)
        return value

    def clean(self, value: Any) -> list[str]:
        given = [name.strip() for name in super().clean(value).split(",") if name.strip()]
        known = self.known()
        if unknown := [name for name in given if name.casefold() not in known]:
            raise forms.ValidationError(
                gettext("We do not have these languages in the list: {unknown}. It has: {known}.").format(
                    unknown=", ".join(unknown), known=", ".join(name.title() for name in sorted(known))
                )
            )
        return sorted({known[name.casefold()] for name in given})


def regions() -> Choices:
    """Empty is everywhere."""
    rows = Organisation.objects.authorities().live(timezone.localdate()).exclude(region="")
    names = rows.order_by("region").values_list("region", flat=True).distinct()
    return [("", gettext("Everywhere in England and Wales")), *((name, name) for name in names)]


class CoverForm(DeskForm):
    type = forms.ModelChoiceField(
        AssessmentType.objects.order_by("group", "name"),
        label=_("Which assessment?"),
        empty_label=_("Choose"),
        error_messages={
            "required": _("Choose an assessment."),
            "invalid_choice": _("Choose one of the list."),
        },
    )
    region = forms.ChoiceField(label=_("Where?"), choices=regions, required=False)
    age_from = number(_("Children from which age?"), _("In years. An unborn child is 0."), most=OLDEST)
    age_to = number(_("Up to which age?"), f"In completed years, {OLDEST} at the most.", most=OLDEST)
    languages = Languages(
        _("Languages the service works in"),
        _("Beside its assessors’ own, separated by commas. English needs no mention."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"age_from": 0, "age_to": OLDEST, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["region"].optional_mark = False  # type: ignore[attr-defined]


def grades() -> Choices:
    rows = book().practice.grades(timezone.localdate()).values()
    return [(row.code, row.label) for row in sorted(rows, key=lambda row: row.level)]


class ProfileForm(DeskForm):
    registration_body = Coded(
        "registration_body", _("On which register are they?"), menu=True, required=False
    )
    registration_number = line(_("Registration number"), required=False, max_length=40)
    registration_until = a_day(_("Registered until"), _("The last day on which it holds."), required=False)
    grade = forms.ChoiceField(
        label=_("Grade"),
        choices=grades,
        help_text=_("Newly qualified: nine tenths of the hours, and co-work on what asks more."),
    )
    hours = number(_("Hours a week for assessments"), _("Past these a reason is asked for."), most=60)
    capacity = number(_("Open referrals at the most"), _("However few their hours."), most=99)
    languages = Languages(_("Languages they work in"), _("Separated by commas, like Polish, Urdu."))
    base_area = line(
        _("Where they work from"),
        _("The letters a postcode there begins with, like OL."),
        required=False,
        max_length=2,
    )
    ends_on = a_day(
        _("Their last day with the service"), _("Leave it empty unless they leave."), required=False
    )

    FIELDS = (
        "registration_body", "registration_number", "registration_until", "grade", "hours", "capacity", "languages",
        "base_area", "ends_on",
    )  # fmt: skip

    def facts(self) -> dict[str, Any]:
        return {**self.cleaned_data, "base_area": self.cleaned_data["base_area"].upper()}


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: User) -> str:
        return obj.name


class NameForm(ProfileForm):
    """Somebody of the service who is not named yet, with all that is asked of an assessor."""

    field_order = ("user",)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {**defaults(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["user"] = PersonField(
            people,
            label=gettext("Who assesses?"),
            widget=forms.RadioSelect,
            empty_label=None,
            error_messages={
                "required": gettext("Choose somebody."),
                "invalid_choice": gettext("Choose one of the list."),
            },
        )
        self.fields["user"].optional_mark = False  # type: ignore[attr-defined]
        self.order_fields(["user"])


def defaults() -> dict[str, Any]:
    fresh = Assessor()
    return {name: getattr(fresh, name) for name in ProfileForm.FIELDS}


class SkillForm(DeskForm):
    code = Coded("skill", _("Which skill?"))
    valid_from = a_day(_("Since"), required=False)
    valid_until = a_day(_("Until"), _("When it has to be renewed."), required=False)


class LeaveForm(DeskForm):
    kind = Coded("leave_kind", _("What is it?"), hint=_("Why somebody is ill is not asked."))
    first = a_day(_("First day away"))
    last = a_day(_("Last day away"))


class ConflictForm(DeskForm):
    kind = Coded("conflict_kind", _("What is it?"))
    authority = PersonField(
        Organisation.objects.authorities().order_by("name"),
        label=_("With which authority?"),
        empty_label=_("None: it is about a family"),
        required=False,
    )
    enquiry_reference = line(
        _("Or with which family?"),
        _("The reference of an enquiry about them, like ENQ-7K3M-9QXD-4."),
        required=False,
        max_length=30,
    )
    reason = words(
        _("What should the triage team know?"),
        _("Only the triage team and you read it. No more than is needed."),
        rows=3,
    )
    valid_until = a_day(
        _("Until when does it hold?"), _("Leave it empty if it does not end."), required=False
    )
