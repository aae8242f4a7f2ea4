"""The forms of the assessment itself, and beside it: their shape; the rules are the actions'."""

from typing import Any

from django import forms
from django.utils.translation import gettext

from intake.pages.forms import Coded, DeskForm, MoveForm, a_day, line, words
from intake.words import _
from referrals.actions.assessments import children_of, lacking_at_start
from referrals.actions.follow_ups import MONTHS, in_months
from referrals.actions.visits import children_met
from referrals.models import Evidence


class Start(MoveForm):
    """Nothing to say when the instruction is complete; what it lacks is named, and waived with a reason."""

    def arrange(self) -> None:
        if lacking := lacking_at_start(self.subject):
            hint = gettext("Not here yet: {lacking}.").format(lacking="; ".join(lacking))
            self.fields["waiver_reason"] = words(
                gettext("Why do you start all the same?"), hint, required=False, rows=3
            )


class Pause(MoveForm):
    reason_code = Coded("pause", _("Why does it stand still?"))
    review_on = a_day(_("When is it looked at again?"))
    text = words(_("Anything to add"), required=False, rows=2)


class SubmitReport(MoveForm):
    """The report, and for each child the day and their views, or why they were not seen."""

    file = forms.FileField(
        label=_("Report"),
        help_text=_("PDF or Word (.docx), up to 20 MB."),
        error_messages={"required": _("Choose the file of the report.")},
    )

    def arrange(self) -> None:
        # Whom a visit has seen is not asked for again.
        met = children_met(self.subject)
        self.children = [child for child in children_of(self.subject) if child.position not in met]
        self.legends = {f"children_seen-{n}": child.name for n, child in enumerate(self.children)}
        for n, _child in enumerate(self.children):
            name = f"children_seen-{n}"
            self.fields[f"{name}-seen_on"] = a_day(gettext("Seen on"), required=False)
            self.fields[f"{name}-views"] = words(
                gettext("Their views, in their words"), required=False, rows=3
            )
            self.fields[f"{name}-not_seen_why"] = words(
                gettext("Or: why they were not seen"), required=False, rows=2
            )

    def facts(self) -> dict[str, Any]:
        members = ("seen_on", "views", "not_seen_why")
        given = self.cleaned_data
        return {
            "file": given["file"],
            "children_seen": [
                {
                    "child": child.position,
                    **{m: given.get(f"children_seen-{n}-{m}") or EMPTY[m] for m in members},
                }
                for n, child in enumerate(self.children)
            ],
        }

    def field_at(self, pointer: str) -> str | None:
        """What is wrong about a child is said at the first field about that child."""
        if pointer.startswith("/children_seen/"):
            return f"children_seen-{pointer.split('/')[2]}-seen_on"
        return "file" if pointer == "/report" else super().field_at(pointer)


EMPTY: dict[str, Any] = {"seen_on": None, "views": "", "not_seen_why": ""}


class RequestAddendum(MoveForm):
    questions = words(_("What is still to be answered?"), _("One question a line."))
    needed_by = a_day(_("By when is it needed?"))

    def clean_questions(self) -> list[str]:
        lines = (row.strip() for row in str(self.cleaned_data["questions"]).splitlines())
        return [row for row in lines if row]


class Close(MoveForm):
    outcome_code = Coded("close", _("What came of it?"))
    follow_up_3_months = a_day(_("First follow-up"), _("We ask the authority then what became of it."))
    follow_up_6_months = a_day(_("Second follow-up"), _("And once more."))

    def arrange(self) -> None:
        names = ("follow_up_3_months", "follow_up_6_months")
        days = {name: in_months(self.subject, n) for name, n in zip(names, MONTHS, strict=True)}
        self.initial = {**days, **self.initial}


class LogEvidence(DeskForm):
    source = line(
        _("Who or what was asked?"), _("The same source again says what became of it."), max_length=160
    )
    state = forms.ChoiceField(
        label=_("What came of it?"), choices=Evidence.State.choices, widget=forms.RadioSelect
    )
    why = words(_("If it is not available: why?"), required=False, rows=2)
    asked_on = a_day(_("Asked on"), _("Left empty: today, or the day known already."), required=False)
    received_on = a_day(_("Received on"), _("Left empty: today, when it has come."), required=False)
    chased_on = a_day(_("Asked again on"), _("When you have just chased them."), required=False)


class ChallengeForm(DeskForm):
    text = words(
        _("What do you want to know?"), _("Until it is answered, no report can be handed in."), rows=3
    )


class AnswerChallenge(DeskForm):
    text = words(_("Your answer"), rows=3)
