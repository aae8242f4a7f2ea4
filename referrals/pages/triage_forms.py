"""The forms that decide an enquiry: their shape; the rules are the actions'."""

from typing import Any

from django import forms

from intake.pages.forms import Coded, MoveForm, line, words
from referrals import gates

CONFLICT = (
    "Anything that could make us or the assessor partial; “none known” when you asked and there is nothing."
)


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
        self.ask_to_waive()
        self.fields["rationale"].error_messages["required"] = "Say why we accept it."
        self.fields["conflict_statement"].error_messages["required"] = "Write the conflict statement."

    def ask_to_waive(self) -> None:
        """Only where something is not there that the types require."""
        if lacking := gates.lacking(self.subject, "acceptance"):
            self.fields["waiver_reason"] = words(
                "Why do we accept it without what is not there yet?",
                f"Not there yet: {gates.in_words(lacking)}.",
                # Where one of several is declined, what it lacks is not missed.
                required=len(self.asked) == 1,
                rows=2,
            )
            said = "Say why you accept it all the same."
            self.fields["waiver_reason"].error_messages["required"] = said

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
            "waiver_reason": self.cleaned_data.get("waiver_reason", ""),
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
