"""The forms that decide an enquiry: their shape; the rules are the actions'."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext

from intake.models import Assessment
from intake.pages.facts import whole
from intake.pages.forms import Coded, MoveForm, codes, line, words
from intake.words import _
from referrals import gates
from referrals.forecast import Forecast
from referrals.forecasting import earliest_of
from referrals.matching import Match
from referrals.models import Decision
from referrals.second_look import HARM, NO_FACTOR, VIOLENCE_AT_HOME
from referrals.suggestions import foreseen

CONFLICT = _(
    "Anything that could make us or the assessor partial; “none known” when you asked and there is nothing."
)
NO_ROOM = _("No service of ours has room for it as things stand.")
FATES = [("accept", _("Accept")), ("decline", _("Decline")), ("redirect", _("Send on to somebody else"))]
# The factors on which the second look turns, and "none".
FACTORS = HARM | VIOLENCE_AT_HOME | {NO_FACTOR}


def in_short(best: Sequence[Match]) -> str:
    """Who could take it, the first in line first, each with what speaks for them."""
    if not best:
        return ""
    named = "; ".join(
        f"{row.candidate.name} ({row.sentence or gettext('nothing speaks against')})" for row in best
    )
    return gettext("Could take it: {named}.").format(named=named)


class Accept(MoveForm):
    """One decision for each assessment asked for, with its forecast; the rationale for those accepted."""

    def arrange(self) -> None:
        self.asked = list(self.subject.assessment_rows.select_related("type"))
        self.body = whole(self.subject)
        earliest = earliest_of(self.subject, self.body, timezone.localdate())
        self.forecasts = {row.position: row.forecast for row in earliest}
        found = foreseen(self.subject, self.asked, timezone.localdate())
        self.foreseen = {row.position: in_short(best) for row, best in zip(self.asked, found, strict=True)}
        self.legends = {f"assessment-{row.position}": row.type.name for row in self.asked}
        for row in self.asked:
            self.ask_about(row)
        needed = len(self.asked) == 1
        self.fields["rationale"] = words(
            gettext("Why do we accept it?"), gettext("What the decision rests on."), required=needed
        )
        self.ask_for_conflicts(required=needed)
        self.ask_for_factors()
        self.ask_why_late()
        self.ask_to_waive()
        self.fields["rationale"].error_messages["required"] = gettext("Say why we accept it.")
        self.fields["conflict_statement"].error_messages["required"] = gettext(
            "Write the conflict statement."
        )

    def ask_about(self, row: Assessment) -> None:
        """Its fate, with the forecast in sight; of a single one, the other fates have their own pages."""
        name = f"assessment-{row.position}"
        forecast = self.forecasts.get(row.position)
        said = f"{forecast.sentence}." if forecast else NO_ROOM if row.position in self.forecasts else ""
        said = f"{said} {self.foreseen[row.position]}".strip()
        single = len(self.asked) == 1
        self.fields[f"{name}-decision"] = forms.ChoiceField(
            label=gettext("Decision"),
            help_text=said,
            choices=FATES[:1] if single else FATES,
            initial="accept",
            widget=forms.RadioSelect,
            error_messages={"required": gettext("Decide this assessment.")},
        )
        if single:
            return
        self.fields[f"{name}-reason_code"] = Coded(
            "decline", gettext("If declined: why?"), menu=True, required=False
        )
        self.fields[f"{name}-agency"] = line(gettext("If sent on: who should have it?"), required=False)
        self.fields[f"{name}-text"] = words(
            gettext("If not accepted: what do we tell them?"),
            gettext("They will read these words."),
            required=False,
            rows=2,
        )
        self.fields[f"{name}-elsewhere"] = line(
            gettext("If declined: where else can they go?"), required=False
        )

    def ask_for_conflicts(self, *, required: bool) -> None:
        self.fields["conflict"] = forms.ChoiceField(
            label=gettext("Is there a conflict of interest?"),
            choices=Decision.Conflicted.choices,
            widget=forms.RadioSelect,
            required=required,
            error_messages={"required": gettext("Say whether there is a conflict of interest.")},
        )
        self.fields["conflict_with"] = line(
            gettext("If declared: with whom?"), required=False, max_length=200
        )
        self.fields["conflict_handled"] = words(
            gettext("If declared: what was done about it?"), required=False, rows=2
        )
        self.fields["conflict_statement"] = words(
            gettext("Conflict-of-interest statement"), CONFLICT, required=required, rows=2
        )

    def ask_for_factors(self) -> None:
        """Those that are held against the rating; ticking none says nothing."""
        self.fields["factors"] = forms.MultipleChoiceField(
            label=gettext("Which of these do you see in what was sent?"),
            help_text=gettext(
                "Where they disagree with the risk rating, a second person looks before it is decided."
            ),
            choices=[(code, label) for code, label in codes("assessment_factor") if code in FACTORS],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )

    def ask_why_late(self) -> None:
        """Only where the forecast of one of them is late."""
        late: list[Forecast] = [row for row in self.forecasts.values() if row and row.late]
        if late:
            hint = (
                gettext("The forecast says that one would be late.")
                if len(self.asked) > 1
                else late[0].sentence
            )
            self.fields["late_reason"] = words(
                gettext("Why do we accept it though it would be late?"),
                hint,
                required=len(self.asked) == 1,
                rows=2,
            )
            self.fields["late_reason"].error_messages["required"] = gettext(
                "Say why you accept it all the same."
            )

    def ask_to_waive(self) -> None:
        """Only where something is not there that the types require."""
        if lacking := gates.lacking(self.subject, "acceptance", body=self.body):
            self.fields["waiver_reason"] = words(
                gettext("Why do we accept it without what is not there yet?"),
                gettext("Not there yet: {lacking}.").format(lacking=gates.in_words(lacking)),
                # Where one of several is declined, what it lacks is not missed.
                required=len(self.asked) == 1,
                rows=2,
            )
            said = gettext("Say why you accept it all the same.")
            self.fields["waiver_reason"].error_messages["required"] = said

    def places(self, fate: str) -> list[int]:
        given = self.cleaned_data
        return [
            row.position for row in self.asked if given.get(f"assessment-{row.position}-decision") == fate
        ]

    def rows_of(self, fate: str, *members: str) -> list[dict[str, Any]]:
        """The assessments of one fate, with what was said of each."""
        return [
            {
                "assessment": place,
                **{m: self.cleaned_data.get(f"assessment-{place}-{m}", "") for m in members},
            }
            for place in self.places(fate)
        ]

    def declined(self) -> list[dict[str, Any]]:
        return self.rows_of("decline", "reason_code", "text", "elsewhere")

    def redirected(self) -> list[dict[str, Any]]:
        return self.rows_of("redirect", "agency", "text")

    def facts(self) -> dict[str, Any]:
        said = ("rationale", "conflict", "conflict_with", "conflict_handled", "conflict_statement")
        asked_sometimes = ("late_reason", "waiver_reason")
        return {
            **{name: self.cleaned_data.get(name, "") for name in (*said, *asked_sometimes)},
            "assessments": self.places("accept"),
            "declined": self.declined(),
            "redirected": self.redirected(),
            "factors": self.cleaned_data["factors"] or None,
        }

    def field_at(self, pointer: str) -> str | None:
        """The action counts the declined ones and those sent on; the fields count the assessments asked for."""
        parts = pointer.strip("/").split("/")
        rows = {"declined": self.declined, "redirected": self.redirected}.get(parts[0])
        if rows and len(parts) == 3:
            return f"assessment-{rows()[int(parts[1])]['assessment']}-{parts[2]}"
        return super().field_at(pointer)


class Decline(MoveForm):
    reason_code = Coded("decline", _("Why do we decline it?"))
    text = words(_("What do we tell the authority?"), _("They will read these words."))
    elsewhere = words(
        _("Where else can they go?"),
        _("A service, a team or a list; “nowhere we know of” is an answer."),
        rows=2,
    )


class Redirect(MoveForm):
    agency = line(_("Who should have it?"))
    text = words(_("What do we tell the authority?"), _("They will read these words."))


class MarkDuplicate(MoveForm):
    repeats = line(_("Which enquiry does it repeat?"), _("Its reference, such as ENQ-7K3M-9QXD-4."))
