"""The forms of triage, placing and assessing: their shape; the rules are the actions'."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from intake.models import Organisation, User
from intake.pages.forms import Coded, DeskForm, MoveForm, a_day, line, words
from referrals.actions.assessments import children_of, instruction_lacking
from referrals.actions.placements import covering
from referrals.models import Assessor, Evidence, Referral

CONFLICT = (
    "Anything that could make us or the assessor partial; “none known” when you asked and there is nothing."
)

# --- Deciding an enquiry ----------------------------------------------------------------------------------


class Accept(MoveForm):
    """One decision for each assessment asked for; the rationale and the conflict statement for those accepted."""

    def arrange(self) -> None:
        self.asked = list(self.subject.assessment_rows.select_related("type"))
        self.legends = {f"declined-{row.position}": f"{row.type.name}" for row in self.asked}
        if len(self.asked) > 1:
            for row in self.asked:
                self.ask_about(row.position)
        self.fields["rationale"] = words("Why do we accept it?", "What the decision rests on.")
        self.fields["conflict_statement"] = words("Conflict of interest", CONFLICT, rows=2)
        self.fields["rationale"].error_messages["required"] = "Say why we accept it."
        self.fields["conflict_statement"].error_messages["required"] = "Write the conflict statement."

    def ask_about(self, place: int) -> None:
        name = f"declined-{place}"
        self.fields[f"{name}-decision"] = forms.ChoiceField(
            label="Decision",
            choices=[("accept", "Accept"), ("decline", "Decline")],
            initial="accept",
            widget=forms.RadioSelect,
        )
        self.fields[f"{name}-reason_code"] = Coded("decline", "If declined: why?", menu=True, required=False)
        self.fields[f"{name}-text"] = words("If declined: what do we tell them?", required=False, rows=2)
        self.fields[f"{name}-elsewhere"] = line("If declined: where else can they go?", required=False)

    def declined(self) -> list[dict[str, Any]]:
        """The assessments declined, with what was said of each."""
        members = ("reason_code", "text", "elsewhere")
        given = self.cleaned_data
        return [
            {
                "assessment": row.position,
                **{m: given.get(f"declined-{row.position}-{m}", "") for m in members},
            }
            for row in self.asked
            if given.get(f"declined-{row.position}-decision") == "decline"
        ]

    def facts(self) -> dict[str, Any]:
        return {
            "rationale": self.cleaned_data["rationale"],
            "conflict_statement": self.cleaned_data["conflict_statement"],
            "declined": self.declined(),
        }

    def field_at(self, pointer: str) -> str | None:
        """The action counts the declined ones; the fields count the assessments asked for."""
        parts = pointer.strip("/").split("/")
        if parts[0] == "declined" and len(parts) == 3:
            parts[1] = str(self.declined()[int(parts[1])]["assessment"])
        return super().field_at("/".join(parts))


class Decline(MoveForm):
    reason_code = Coded("decline", "Why do we decline it?")
    text = words("What do we tell the authority?", "They will read these words.")
    elsewhere = words(
        "Where else can they go?", "A service, a team or a list; “nowhere we know of” is an answer.", rows=2
    )


class Redirect(MoveForm):
    agency = line("Who should have it?")
    text = words("What do we tell the authority?", "They will read these words.")


class MarkDuplicate(MoveForm):
    repeats = line("Which enquiry does it repeat?", "Its reference, such as ENQ-7K3M-9QXD-4.")


# --- Placing ----------------------------------------------------------------------------------------------


class ServiceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Organisation) -> str:
        return obj.name


class AssessorField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: User) -> str:
        return obj.name


class OfferForm(MoveForm):
    def arrange(self) -> None:
        self.fields["service"] = ServiceField(
            covering(self.subject).order_by("name"),
            label="Which service?",
            help_text="Those that do this assessment in this region.",
            widget=forms.RadioSelect,
            empty_label=None,
            error_messages={"required": "Choose a service.", "invalid_choice": "Choose one of the list."},
        )
        self.fields["reply_by"] = a_day("By when should they reply?")
        self.fields["note"] = words("Anything they should know", required=False, rows=2)
        self.fields["override_reason"] = words(
            "Override of a hard stop", "A manager only, with the reason.", required=False, rows=2
        )


def assessors_of(referral: Referral) -> Any:
    """The people of the service who can lead it."""
    profiles = Assessor.objects.filter(service=referral.service_id, user__is_active=True)
    return User.objects.filter(pk__in=profiles.values("user")).order_by("name")


class NamesAssessor(MoveForm):
    """Somebody of the service leads it."""

    def arrange(self) -> None:
        self.fields["assessor"] = AssessorField(
            assessors_of(self.subject),
            label="Who leads it?",
            widget=forms.RadioSelect,
            empty_label=None,
            error_messages={"required": "Choose an assessor.", "invalid_choice": "Choose one of the list."},
        )
        self.order_fields(["assessor"])


class AcceptOffer(NamesAssessor):
    conflict_statement = words("Conflict of interest", CONFLICT, rows=2)
    override_reason = words("If they are at their limit: why one more?", required=False, rows=2)


class Reallocate(NamesAssessor):
    reason_code = Coded("reallocate", "Why does the assessor change?")
    text = words("Anything to add", required=False, rows=2)
    override_reason = words("If they are at their limit: why one more?", required=False, rows=2)


class DeclineOffer(MoveForm):
    reason_code = Coded("decline_offer", "Why do you decline it?")
    text = words("What should the triage team know?", rows=3)


class ReturnToWaiting(MoveForm):
    reason_code = Coded("reallocate", "Why does it leave the service?")
    text = words("Anything to add", required=False, rows=2)


class Cancel(MoveForm):
    reason_code = Coded("cancel", "Why is it cancelled?")
    text = words("Anything to add", required=False, rows=2)


# --- Assessing --------------------------------------------------------------------------------------------


class Start(MoveForm):
    """Nothing to say when the instruction is complete; what it lacks is named, and waived with a reason."""

    def arrange(self) -> None:
        if lacking := instruction_lacking(self.subject):
            hint = f"Not here yet: {', '.join(lacking)}."
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
    legends: Mapping[str, str] = {f"defects-{n}": f"Defect {n + 1}" for n in range(DEFECTS)}

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


# --- Beside the lifecycle ---------------------------------------------------------------------------------


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
