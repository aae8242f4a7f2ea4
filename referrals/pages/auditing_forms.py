"""The forms of audits and improvements: their shape; the rules are the actions'."""

from typing import Any

from django import forms
from django.utils.translation import gettext

from intake.models import User
from intake.pages.forms import Coded, DeskForm, a_day, line, words
from intake.words import _
from referrals import audited
from referrals.models import Audit, Improvement, Referral
from referrals.models.audit import AUDITING
from referrals.pages.overseeing import PersonField, may_do


def one_of(label: str, choices: Any, *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        required=required,
        error_messages={"required": _("Choose one.")},
    )


class AuditForm(DeskForm):
    """Three judgements apart, and the child's voice; as far as one has come, until it is finished."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    legends = {
        "impact": _("What did it change for the child?"),
        "voice": _("The child’s voice"),
        "quality": _("How good was the work?"),
        "compliance": _("Were the rules kept?"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows: dict[str, forms.Field] = {
            "impact-grade": one_of(gettext("The impact on the child"), Audit.Grade.choices, required=False),
            "impact-text": words(
                gettext("What is different for the child because of it?"),
                gettext("Safer, heard, with whom they belong, sooner or later than needed; or nothing."),
                required=False,
            ),
            "voice-how": one_of(gettext("How was it heard?"), Audit.Voice.choices, required=False),
            "voice-text": words(
                gettext("What did the child say, or how was their experience understood?"),
                gettext("Of an infant or an unborn child: what was seen, and what it meant for them."),
                required=False,
            ),
            "quality-grade": one_of(gettext("The quality of the work"), Audit.Grade.choices, required=False),
            "quality-text": words(
                gettext("What does this rest on?"),
                gettext(
                    "The analysis, the evidence for and against, the plan; not whether forms were filled in."
                ),
                required=False,
            ),
            "compliance-text": words(
                gettext("What is there to say of the list?"),
                gettext("The list itself is derived from the record: nobody types it."),
                required=False,
                rows=3,
            ),
        }
        for name, field in rows.items():
            self.fields[name] = field
            # Needed in the end, if not now.
            field.optional_mark = name == "compliance-text"  # type: ignore[attr-defined]

    def facts(self) -> dict[str, str]:
        given = {name.replace("-", "_"): value for name, value in self.cleaned_data.items()}
        given.pop("version")
        return given

    def field_at(self, pointer: str) -> str | None:
        return super().field_at(pointer.replace("_", "-"))

    @staticmethod
    def of(audit: Audit) -> dict[str, Any]:
        """What stands in it."""
        names = ("compliance", "quality", "impact", "voice")
        found = {f"{name}-text": getattr(audit, f"{name}_text") for name in names}
        found |= {f"{name}-grade": getattr(audit, f"{name}_grade") for name in ("quality", "impact")}
        return {**found, "voice-how": audit.voice_how, "version": audit.version}


class AskForm(DeskForm):
    """Who audits it, and by when."""

    due_on = a_day(_("By when?"))

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["auditor"] = PersonField(
            audited.independent(referral).select_related("organisation"),
            label=gettext("Who audits it?"),
            help_text=gettext("Only those are offered who may see it and had no part in it."),
            empty_label=gettext("Choose"),
            error_messages={"required": gettext("Choose who audits it.")},
        )
        self.order_fields(["auditor", "due_on"])


class PickForm(AskForm):
    reason = words(_("Why this one?"), _("It stands on the audit."), rows=3)


class SampleForm(DeskForm):
    first = a_day(_("Closed from"))
    last = a_day(_("Until"))
    number = forms.IntegerField(
        label=_("How many?"),
        help_text=_("Each service with work closed in these days has at least one."),
        error_messages={"invalid": _("Give a whole number.")},
    )
    due_on = a_day(_("To be audited by"))
    seed = line(
        _("Seed"),
        _("Leave it empty to have one made. The same seed from the same work draws the same."),
        required=False,
        max_length=40,
    )


class WhyForm(DeskForm):
    reason = words(_("What is to be looked at again?"), rows=4)


class ReplyForm(DeskForm):
    text = words(_("Your reply"), _("It stands below the audit, for the hub and the service."), rows=5)


# --- Improvements ---------------------------------------------------------------------------------------------


class OwnedForm(DeskForm):
    """Whose it is, and by when."""

    due_on = a_day(_("By when?"))

    def __init__(self, *args: Any, user: User, referral: Referral | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = may_do(user, referral)
        if referral is None:
            people = people.filter(role_grants__role__in=AUDITING)
        self.fields["owner"] = PersonField(
            people,
            label=gettext("Who brings it about?"),
            empty_label=gettext("Choose"),
            error_messages={"required": gettext("Choose who brings it about.")},
        )
        self.order_fields(["what", "source", "defect_code", "found", "owner", "due_on"])


class ImproveForm(OwnedForm):
    """Of an audit the rest is known: what was found stands there."""

    what = words(_("What is to change?"), rows=3)


class EnterForm(ImproveForm):
    source = one_of(_("Where does it come from?"), Improvement.Source.choices[1:])
    defect_code = Coded(
        "review_defect",
        _("Of reports sent back: for what?"),
        menu=True,
        required=False,
    )
    found = words(_("Otherwise: what was found?"), required=False, rows=3)


class MoveImprovement(OwnedForm):
    reason = words(_("Why?"), rows=2)


class EvidenceForm(DeskForm):
    evidence = words(
        _("What shows that it is done?"), _("Where somebody else can look: a paper, a number, a day."), rows=4
    )


class EffectForm(DeskForm):
    worked = one_of(_("Did it work?"), Improvement.Worked.choices)
    effect = words(_("What did you look at, and what did you see?"), rows=4)
