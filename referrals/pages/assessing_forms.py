"""The forms of the assessment itself, and beside it: their shape; the rules are the actions'."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from intake.pages.forms import Coded, DeskForm, MoveForm, a_day, line, words
from referrals.actions.assessments import children_of, lacking_at_start
from referrals.models import Evidence


class Start(MoveForm):
    """Nothing to say when the instruction is complete; what it lacks is named, and waived with a reason."""

    def arrange(self) -> None:
        if lacking := lacking_at_start(self.subject):
            hint = f"Not here yet: {'; '.join(lacking)}."
            self.fields["waiver_reason"] = words(
                "Why do you start all the same?", hint, required=False, rows=3
            )


class Pause(MoveForm):
    reason_code = Coded("pause", "Why does it stand still?")
    review_on = a_day("When is it looked at again?")
    text = words("Anything to add", required=False, rows=2)


class SubmitReport(MoveForm):
    """The report, and for each child the day and their views, or why they were not seen."""

    file = forms.FileField(
        label="Report",
        help_text="PDF or Word (.docx), up to 20 MB.",
        error_messages={"required": "Choose the file of the report."},
    )

    def arrange(self) -> None:
        self.children = children_of(self.subject)
        self.legends = {f"children_seen-{n}": child.name for n, child in enumerate(self.children)}
        for n, _ in enumerate(self.children):
            name = f"children_seen-{n}"
            self.fields[f"{name}-seen_on"] = a_day("Seen on", required=False)
            self.fields[f"{name}-views"] = words("Their views, in their words", required=False, rows=3)
            self.fields[f"{name}-not_seen_why"] = words("Or: why they were not seen", required=False, rows=2)

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


class SendBack(MoveForm):
    """Up to three defects, each of the list and in words."""

    DEFECTS = 3
    legends: dict[str, str] = {f"defects-{n}": f"Defect {n + 1}" for n in range(DEFECTS)}

    def arrange(self) -> None:
        for n in range(self.DEFECTS):
            self.fields[f"defects-{n}-code"] = Coded("review_defect", "What kind?", menu=True, required=not n)
            self.fields[f"defects-{n}-text"] = words("What has to be mended?", required=not n, rows=2)

    def facts(self) -> dict[str, Any]:
        rows = self.parts("defects", "code", "text")
        return {"defects": [{"code": "", "text": "", **row} for row in rows]}


REVIEW = (
    "Every question of the instruction is answered",
    "The evidence is named, and weighed for and against",
    "The child’s own views are there",
    "Needs of disability, language and culture are addressed",
    "Facts, names and dates are checked against the papers",
    "The recommendation follows from the analysis",
)


class Deliver(MoveForm):
    checklist = forms.MultipleChoiceField(
        label="Checked before it leaves us",
        choices=[(words, words) for words in REVIEW],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick what you have checked."},
    )

    def clean_checklist(self) -> list[str]:
        ticked: list[str] = self.cleaned_data["checklist"]
        if len(ticked) < len(REVIEW):
            raise forms.ValidationError("Tick every line, or send the report back.")
        return ticked


class RequestAddendum(MoveForm):
    questions = words("What is still to be answered?", "One question a line.")
    needed_by = a_day("By when is it needed?")

    def clean_questions(self) -> list[str]:
        lines = (row.strip() for row in str(self.cleaned_data["questions"]).splitlines())
        return [row for row in lines if row]


def in_months(count: int) -> date:
    return timezone.localdate() + timedelta(days=round(count * 30.5))


class Close(MoveForm):
    outcome_code = Coded("close", "What came of it?")
    follow_up_3_months = a_day("First follow-up", "About three months from now.")
    follow_up_6_months = a_day("Second follow-up", "About six months from now.")

    def arrange(self) -> None:
        days = {"follow_up_3_months": in_months(3), "follow_up_6_months": in_months(6)}
        self.initial = {**self.initial, **days}


class LogEvidence(DeskForm):
    source = line("Who or what was asked?", "The same source again says what became of it.", max_length=160)
    state = forms.ChoiceField(
        label="What came of it?", choices=Evidence.State.choices, widget=forms.RadioSelect
    )
    why = words("If it is not available: why?", required=False, rows=2)


class ChallengeForm(DeskForm):
    text = words("What do you want to know?", "Until it is answered, no report can be handed in.", rows=3)


class AnswerChallenge(DeskForm):
    text = words("Your answer", rows=3)
